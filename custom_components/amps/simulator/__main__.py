"""The simulator as a program: `python -m custom_components.amps.simulator`."""

import sys

from .server.program import main

if __name__ == "__main__":
    sys.exit(main())
