"""The file in which a program keeps the state of its simulator."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
import sys

import orjson

from ..service import Simulator, StateError


class StateFileError(Exception):
    """A file that cannot be read or written."""


@contextmanager
def kept_in(path: Path | None, simulator: Simulator) -> Iterator[None]:
    """Let a simulator go on from a file, if there is one, and save it there now and in the end.

    Raises StateFileError when the file cannot be read or written, which shows before anything is done.
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
    # First beside it: whatever ends the program meanwhile leaves one of the two whole.
    beside = path.with_name(f"{path.name}.new")
    try:
        beside.write_bytes(orjson.dumps(simulator.save()))
        beside.replace(path)
    except OSError as error:
        message = f"{path} cannot be written ({error.strerror})"
        raise StateFileError(message) from error


def _load(path: Path, simulator: Simulator) -> None:
    """Go on from a file; one that cannot be used is put aside, since it will be written anew."""
    try:
        simulator.restore(orjson.loads(path.read_bytes()))
    except OSError as error:
        message = f"{path} cannot be read ({error.strerror})"
        raise StateFileError(message) from error
    except (orjson.JSONDecodeError, StateError) as error:
        aside = path.replace(path.with_name(f"{path.name}.broken"))
        print(f"{path} cannot be used, it is now {aside}, and the home begins anew: {error}", file=sys.stderr)  # noqa: T201
