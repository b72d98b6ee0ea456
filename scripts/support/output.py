"""What the commands in scripts/ say to the person who runs them."""

import sys


def say(text: str) -> None:
    """Say it at once, between the lines of Home Assistant's log."""
    sys.stdout.write(f"develop: {text}\n")
    sys.stdout.flush()
