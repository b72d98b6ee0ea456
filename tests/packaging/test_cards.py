"""The module of the cards: what is committed is what the sources give, it is small, and its unit tests pass."""

import gzip
from pathlib import Path
import subprocess
from typing import Final

from .files import INTEGRATION, ROOT

FRONTEND: Final = ROOT / "frontend"
MAX_SIZE: Final = 40_000
"""Bytes, gzipped, of all that a browser loads."""


def run(*command: str) -> None:
    """Run a script of the package; its output is the message of a failure."""
    result = subprocess.run(  # noqa: S603  our own scripts
        ("npm", "run", "--silent", "--prefix", FRONTEND, *command),  # noqa: S607  wherever npm is
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr


def contents(folder: Path) -> dict[str, bytes]:
    """Return the built files by their names."""
    return {file.name: file.read_bytes() for file in folder.glob("amps-cards*.js")}


def test_what_is_committed_is_what_the_sources_give(tmp_path: Path) -> None:
    run("build", "--", str(tmp_path))
    built, committed = contents(tmp_path), contents(INTEGRATION / "frontend")
    assert built.keys() == committed.keys()
    assert built == committed


def test_the_module_and_any_one_language_are_small() -> None:
    sizes = {name: len(gzip.compress(content, 9)) for name, content in contents(INTEGRATION / "frontend").items()}
    languages = {name for name in sizes if name.split(".")[1] in {"de", "es", "fr", "nl"}}
    shared = sum(size for name, size in sizes.items() if name not in languages)
    assert len(languages) == 4
    assert shared + max(sizes[name] for name in languages) <= MAX_SIZE


def test_the_unit_tests_pass() -> None:
    run("test")
