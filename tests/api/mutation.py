"""Mutated answers: every value that may be received, at every position of a whole answer."""

from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import dataclass
import json
import math
from typing import Any, Final, NamedTuple

type Path = tuple[str | int, ...]
"""A position in an answer: keys and indexes."""

_RAW: Final[Mapping[str, bytes]] = {
    "raw:too large": b"1e999",
    "raw:negative and too large": b"-1e999",
    "raw:too many digits": b"1" * 5000,
    "raw:nested too deeply": b'{"a":[' * 1500 + b"]}" * 1500,
    "raw:no UTF-8": b'"Fox\xff"',
    "raw:control character": b'"Fox\x01"',
}
"""Values that `json` cannot serialize, by the text that is replaced by them."""

VALUES: Final[tuple[Any, ...]] = (
    *(None, True, False, 0, 1, -1, 7, 1.5, -0.4, 1e308, 2**53, 2**64, 10**30),
    *(math.nan, math.inf, -math.inf),
    *("", " ", ".", "..", "x", "58", "NaN", "true", "x" * 1000, "\ud83d", "\udc00x", "\x00", "unknown_value"),
    *("9999-12-31T23:59:59.999Z", "0001-01-01T00:00:00+14:00", "2026-06-14T12:00:00", "2026-06-14", "1718352000"),
    *([], [None], [[1]], ["x", 5], {}, {"id": None}, {"id": 5}, {"value": {}}, {"float": 1}),
    *_RAW,
)

INSERTED: Final[tuple[Any, ...]] = (None, 5, "x", [], {}, {"id": None}, math.nan)
"""Values that are added to lists and objects."""

_NEW_KEYS: Final = ("", "x", "ID", "\ud83d")


class Mutation(NamedTuple):
    """One change of an answer."""

    path: Path
    how: str
    value: Any = None


@dataclass(frozen=True, slots=True)
class Mutated:
    """An answer with one or more changes."""

    mutations: tuple[Mutation, ...]
    answer: Any

    @property
    def body(self) -> bytes:
        """The answer as it is received."""
        return encode(self.answer)


def encode(answer: object) -> bytes:
    """Return the bytes of an answer, whether or not they are JSON."""
    body = json.dumps(answer, separators=(",", ":")).encode()
    if b'"raw:' in body:
        for text, raw in _RAW.items():
            body = body.replace(f'"{text}"'.encode(), raw)
    return body


def positions(value: object, path: Path = ()) -> Iterator[Path]:
    """Yield every position below a value."""
    match value:
        case dict():
            for key, entry in value.items():
                yield (*path, key)
                yield from positions(entry, (*path, key))
        case list():
            for index, entry in enumerate(value):
                yield (*path, index)
                yield from positions(entry, (*path, index))


def mutations_at(answer: object, path: Path) -> Iterator[Mutation]:
    """Yield all changes at a position."""
    yield Mutation(path, "remove")
    if isinstance(path[-1], int):
        yield Mutation(path, "repeat")
    yield from (Mutation(path, "replace", value) for value in VALUES)
    match at(answer, path):
        case dict():
            yield from (Mutation((*path, key), "insert", value) for key in _NEW_KEYS for value in INSERTED)
        case list():
            yield from (Mutation((*path, 0), "insert", value) for value in INSERTED)


def at(answer: Any, path: Path) -> Any:  # noqa: ANN401  JSON
    """Return the value at a position."""
    for key in path:
        answer = answer[key]
    return answer


def mutate(answer: Any, *mutations: Mutation) -> Mutated:  # noqa: ANN401  JSON
    """Return an answer with changes; one whose position does not exist any more is skipped."""
    for mutation in mutations:
        answer = _mutate(answer, mutation)
    return Mutated(mutations, answer)


def _mutate(answer: Any, mutation: Mutation) -> Any:  # noqa: ANN401  JSON
    """Return an answer that is copied along the path to the position, and shared beside it."""
    *parents, key = mutation.path
    mutated: Any = copy(answer)
    container = mutated
    for parent in parents:
        if not _has(container, parent):
            return answer
        container[parent] = copy(container[parent])
        container = container[parent]
    match mutation.how:
        case "insert" if isinstance(container, list):
            container.insert(0, mutation.value)
        case "insert" if isinstance(container, dict):
            container[key] = mutation.value
        case _ if not _has(container, key):
            return answer
        case "remove":
            del container[key]
        case "repeat" if isinstance(container, list):
            container.insert(0, at(container, (key,)))
        case "replace":
            container[key] = mutation.value
    return mutated


def _has(container: object, key: str | int) -> bool:
    if isinstance(container, list):
        return isinstance(key, int) and key < len(container)
    return isinstance(container, dict) and key in container
