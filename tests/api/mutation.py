"""Answers with something wrong in them: every value that may come, at every position of a whole answer."""

from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import dataclass
import json
import math
from typing import Any, Final, NamedTuple

type Path = tuple[str | int, ...]
"""Where in an answer: keys and indexes."""

_RAW: Final[Mapping[str, bytes]] = {
    "raw:too large": b"1e999",
    "raw:negative and too large": b"-1e999",
    "raw:too many digits": b"1" * 5000,
    "raw:nested too deeply": b'{"a":[' * 1500 + b"]}" * 1500,
    "raw:no UTF-8": b'"Fox\xff"',
    "raw:control character": b'"Fox\x01"',
}
"""What `json` does not write, by the text that stands for it."""

VALUES: Final[tuple[Any, ...]] = (
    *(None, True, False, 0, 1, -1, 7, 1.5, -0.4, 1e308, 2**53, 2**64, 10**30),
    *(math.nan, math.inf, -math.inf),
    *("", " ", ".", "..", "x", "58", "NaN", "true", "x" * 1000, "\ud83d", "\udc00x", "\x00", "unknown_value"),
    *("9999-12-31T23:59:59.999Z", "0001-01-01T00:00:00+14:00", "2026-06-14T12:00:00", "2026-06-14", "1718352000"),
    *([], [None], [[1]], ["x", 5], {}, {"id": None}, {"id": 5}, {"value": {}}, {"float": 1}),
    *_RAW,
)

INSERTED: Final[tuple[Any, ...]] = (None, 5, "x", [], {}, {"id": None}, math.nan)
"""What is added to lists and objects."""

_NEW_KEYS: Final = ("", "x", "ID", "\ud83d")


class Mutation(NamedTuple):
    """One thing that is wrong."""

    path: Path
    how: str
    value: Any = None


@dataclass(frozen=True, slots=True)
class Mutated:
    """An answer with something wrong in it."""

    mutations: tuple[Mutation, ...]
    answer: Any

    @property
    def body(self) -> bytes:
        """The answer as it comes."""
        return encode(self.answer)


def encode(answer: object) -> bytes:
    """Return an answer as it comes, whether or not it is JSON."""
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
    """Yield all that can be wrong at a position."""
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
    """Return what is at a position."""
    for key in path:
        answer = answer[key]
    return answer


def mutate(answer: Any, *mutations: Mutation) -> Mutated:  # noqa: ANN401  JSON
    """Return an answer with things wrong in it; one whose position is gone by then is none."""
    for mutation in mutations:
        answer = _mutate(answer, mutation)
    return Mutated(mutations, answer)


def _mutate(answer: Any, mutation: Mutation) -> Any:  # noqa: ANN401  JSON
    """Return an answer that is another one on the way to the position, and the same beside it."""
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
