"""The file in which the program saves the state of its simulator."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain, count
from pathlib import Path
import sys

import orjson

from ..service import AnotherHomeError, Simulator, StateError


class StateFileError(Exception):
    """A file that cannot be read or written, or that has the state of another home."""


@contextmanager
def saved_in(path: Path | None, simulator: Simulator) -> Iterator[None]:
    """Restore a simulator from a file, if there is one, and save it there now and at the end of the context.

    Raises StateFileError when the file cannot be read or written, or has the state of another home; it is checked
    before anything else is done.
    """
    if path is None:
        yield
        return
    if path.exists():
        _load(path, simulator)
    _save(path, simulator)
    yield
    _save(path, simulator)


def _save(path: Path, simulator: Simulator) -> None:
    # To another file first: if the program is killed meanwhile, one of the two is complete.
    temporary = path.with_name(f"{path.name}.new")
    try:
        temporary.write_bytes(orjson.dumps(simulator.save()))
        temporary.replace(path)
    except OSError as error:
        message = f"{path} cannot be written ({error.strerror})"
        raise StateFileError(message) from error


def _load(path: Path, simulator: Simulator) -> None:
    """Restore from a file; a broken one is renamed, since a new one will be written."""
    try:
        simulator.restore(orjson.loads(path.read_bytes()))
    except OSError as error:
        message = f"{path} cannot be read ({error.strerror})"
        raise StateFileError(message) from error
    except AnotherHomeError as error:
        message = (
            f"{path} has the state of another home; "
            "give the --profile, --devices and --seed that it was made with, or another file"
        )
        raise StateFileError(message) from error
    except (orjson.JSONDecodeError, StateError) as error:
        renamed = path.replace(_unused(path))
        print(f"{path} cannot be used, it is now {renamed}, and a new home starts: {error}", file=sys.stderr)


def _unused(path: Path) -> Path:
    """Return an unused name in the folder of a file, so that no renamed file replaces another."""
    names = (f"{path.name}.broken{number}" for number in chain([""], count(2)))
    return next(unused for unused in map(path.with_name, names) if not unused.exists())
