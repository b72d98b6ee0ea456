"""Dataclasses as plain data that JSON can hold, and back again, by the types of their fields.

Numbers stay what they are, whole or not, so that an answer made of them has the same bytes. What equals its default is
left out, and what is left out is its default, so that a field added later does no harm to what was saved before.
"""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from functools import cache, partial
from types import NoneType, UnionType
from typing import Any, TypeAliasType, cast, get_args, get_origin, get_type_hints

from ..validation import Shape, below
from ..wire import EPOCH, JSON, JSONObject

_LARGEST = 2**53
_LONGEST = 1e9
"""Seconds, some thirty years."""
_LATEST = datetime(2300, 1, 1, tzinfo=UTC)
"""A century beyond any clock, which is more than what lies ahead of one."""


def plain(value: object) -> JSON:
    """Return a value as plain data."""
    return _writer(cast("Hashable", value.__class__))(value)


def read[T](shape: Shape, kind: type[T], value: object, path: str) -> T:
    """Return what plain data stands for; `shape` is told what is wrong with it, and then the result is of no use."""
    return cast("T", _read(shape, kind, value, path))


@cache
def _writer(kind: type[Any]) -> Callable[[Any], JSON]:
    """Return what makes plain data of a type; it is found once, since a long history has many of few types."""
    if is_dataclass(kind):
        return partial(_members, tuple((field.name, _default(field)) for field in _kept(kind)))
    return next((write for base, write in _WRITTEN.items() if issubclass(kind, base)), lambda value: value)


def _members(defaults: tuple[tuple[str, object], ...], value: object) -> JSONObject:
    kept = ((name, getattr(value, name), default) for name, default in defaults)
    return {name: plain(member) for name, member, default in kept if member != default}


@cache
def _kept(kind: type[Any]) -> tuple[Field[object], ...]:
    """Return the fields that make a value what it is: those that it is made from."""
    return tuple(field for field in fields(kind) if field.init)


def _default(field: Field[object]) -> object:
    return field.default_factory() if field.default_factory is not MISSING else field.default


@cache
def _hints(kind: type[object]) -> Mapping[str, object]:
    return get_type_hints(kind)


def _read(shape: Shape, kind: Any, value: object, path: str) -> object:  # noqa: ANN401  whichever type
    if isinstance(kind, TypeAliasType):
        return value  # JSON itself
    if get_origin(kind) is UnionType:
        (one,) = (arm for arm in get_args(kind) if arm is not NoneType)
        return None if value is None else _read(shape, one, value, path)
    if (several := _SEVERAL.get(get_origin(kind))) is not None:
        return several(shape, get_args(kind), value, path)
    if (single := _SINGLE.get(kind)) is not None:
        return single(shape, value, path)
    if issubclass(kind, Enum):
        word = shape.choice(value, path, kind.__members__)
        return kind.__members__.get(word)
    return _read_dataclass(shape, kind, value, path)


def _read_dataclass(shape: Shape, kind: type, value: object, path: str) -> object:
    hints, known = _hints(kind), {field.name: _default(field) for field in _kept(kind)}
    required = [name for name, default in known.items() if default is MISSING]
    members = shape.members(value, path, required=required, optional=known)
    found = {name: _read(shape, hints[name], members[name], below(path, name)) for name in known if name in members}
    return kind(**found) if found.keys() >= set(required) else None


def _read_instant(shape: Shape, value: object, path: str) -> datetime:
    instant = shape.instant(value, path)
    if not EPOCH <= instant <= _LATEST:
        shape.object_to(path, f"must be from {EPOCH.year} to {_LATEST.year}")
    return instant


def _read_mapping(shape: Shape, arms: tuple[Any, ...], value: object, path: str) -> object:
    members = shape.mapping(value, path)
    return {name: _read(shape, arms[1], member, below(path, name)) for name, member in members.items()}


def _read_items(shape: Shape, arms: tuple[Any, ...], value: object, path: str) -> list[object]:
    return [_read(shape, arms[0], item, below(path, str(place))) for place, item in enumerate(shape.items(value, path))]


def _read_tuple(shape: Shape, arms: tuple[Any, ...], value: object, path: str) -> tuple[object, ...]:
    return tuple(_read_items(shape, arms, value, path))


_SEVERAL: Mapping[object, Callable[[Shape, tuple[Any, ...], object, str], object]] = {
    Mapping: _read_mapping,
    dict: _read_mapping,
    list: _read_items,
    tuple: _read_tuple,
}

_SINGLE: Mapping[object, Callable[[Shape, object, str], object]] = {
    str: Shape.text,
    bool: Shape.flag,
    float: lambda shape, value, path: shape.between(value, path, -_LONGEST, _LONGEST),
    int: lambda shape, value, path: shape.whole(value, path, 0, _LARGEST),
    datetime: _read_instant,
    timedelta: lambda shape, value, path: timedelta(seconds=shape.between(value, path, 0, _LONGEST)),
    bytes: lambda shape, value, path: shape.text(value, path).encode(),
}

_WRITTEN: Mapping[type, Callable[[Any], JSON]] = {
    Enum: lambda value: value.name,
    datetime: datetime.isoformat,
    timedelta: timedelta.total_seconds,
    bytes: bytes.decode,
    Mapping: lambda value: {str(name): plain(member) for name, member in value.items()},
    list: lambda value: [plain(item) for item in value],
    tuple: lambda value: [plain(item) for item in value],
}
