"""The file in which a program keeps the state of its simulator."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain, count
from pathlib import Path
import sys

import orjson

from ..service import AnotherHomeError, Simulator, StateError


class StateFileError(Exception):
    """A file that cannot be read or written, or that is another home's."""


@contextmanager
def kept_in(path: Path | None, simulator: Simulator) -> Iterator[None]:
    """Let a simulator go on from a file, if there is one, and save it there now and in the end.

    Raises StateFileError when the file cannot be read or written or holds the state of another home, which shows before
    anything is done.
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
    """Go on from a file; one that is broken is put aside, since it will be written anew."""
    try:
        simulator.restore(orjson.loads(path.read_bytes()))
    except OSError as error:
        message = f"{path} cannot be read ({error.strerror})"
        raise StateFileError(message) from error
    except AnotherHomeError as error:
        message = (
            f"{path} holds the state of another home; "
            "give the --profile, --devices and --seed that it was made with, or another file"
        )
        raise StateFileError(message) from error
    except (orjson.JSONDecodeError, StateError) as error:
        aside = path.replace(_unused(path))
        print(f"{path} cannot be used, it is now {aside}, and the home begins anew: {error}", file=sys.stderr)  # noqa: T201


def _unused(path: Path) -> Path:
    """Return a name beside a file that nothing has, so that no file put aside takes the place of another."""
    names = (f"{path.name}.broken{number}" for number in chain([""], count(2)))
    return next(aside for aside in map(path.with_name, names) if not aside.exists())
