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

from ..validation import Validator, below
from ..wire import EPOCH, JSON, JSONObject

_LARGEST = 2**53
_LONGEST = 1e9
"""Seconds, some thirty years."""
_LATEST = datetime(2300, 1, 1, tzinfo=UTC)
"""A century beyond any clock, which is more than what lies ahead of one."""


def plain(value: object) -> JSON:
    """Return a value as plain data."""
    return _writer(cast("Hashable", value.__class__))(value)


def read[T](validator: Validator, kind: type[T], value: object, path: str) -> T:
    """Return what plain data stands for; when `validator` finds it wrong the result is of no use."""
    return cast("T", _read(validator, kind, value, path))


@cache
def _writer(kind: type[Any]) -> Callable[[Any], JSON]:
    """Return what makes plain data of a type; it is found once, since a long history has many of few types."""
    if is_dataclass(kind):
        return partial(_members, tuple((_key(field), field.name, _default(field)) for field in _kept(kind)))
    return next((write for base, write in _WRITTEN.items() if issubclass(kind, base)), lambda value: value)


def _members(defaults: tuple[tuple[str, str, object], ...], value: object) -> JSONObject:
    kept = ((key, getattr(value, name), default) for key, name, default in defaults)
    return {key: plain(member) for key, member, default in kept if member != default}


def _key(field: Field[object]) -> str:
    """Return the name that a field has in a saved state."""
    key: str = field.metadata.get("saved_as", field.name)
    return key


@cache
def _kept(kind: type[Any]) -> tuple[Field[object], ...]:
    """Return the fields that make a value what it is: those that it is made from."""
    return tuple(field for field in fields(kind) if field.init)


def _default(field: Field[object]) -> object:
    return field.default_factory() if field.default_factory is not MISSING else field.default


@cache
def _hints(kind: type[object]) -> Mapping[str, object]:
    return get_type_hints(kind)


def _read(validator: Validator, kind: Any, value: object, path: str) -> object:  # noqa: ANN401  whichever type
    if isinstance(kind, TypeAliasType):
        return value  # JSON itself
    if get_origin(kind) is UnionType:
        (one,) = (arm for arm in get_args(kind) if arm is not NoneType)
        return None if value is None else _read(validator, one, value, path)
    if (several := _SEVERAL.get(get_origin(kind))) is not None:
        return several(validator, get_args(kind), value, path)
    if (single := _SINGLE.get(kind)) is not None:
        return single(validator, value, path)
    if issubclass(kind, Enum):
        word = validator.choice(value, path, kind.__members__)
        return kind.__members__.get(word)
    return _read_dataclass(validator, kind, value, path)


def _read_dataclass(validator: Validator, kind: type, value: object, path: str) -> object:
    hints, known = _hints(kind), {_key(field): field for field in _kept(kind)}
    required = [key for key, field in known.items() if _default(field) is MISSING]
    members = validator.members(value, path, required=required, optional=known)
    found = {
        field.name: _read(validator, hints[field.name], members[key], below(path, key))
        for key, field in known.items()
        if key in members
    }
    return kind(**found) if all(known[key].name in found for key in required) else None


def _read_instant(validator: Validator, value: object, path: str) -> datetime:
    instant = validator.instant(value, path)
    if not EPOCH <= instant <= _LATEST:
        validator.add_error(path, f"must be from {EPOCH.year} to {_LATEST.year}")
    return instant


def _read_mapping(validator: Validator, arms: tuple[Any, ...], value: object, path: str) -> object:
    members = validator.mapping(value, path)
    return {name: _read(validator, arms[1], member, below(path, name)) for name, member in members.items()}


def _read_items(validator: Validator, arms: tuple[Any, ...], value: object, path: str) -> list[object]:
    return [
        _read(validator, arms[0], item, below(path, str(place)))
        for place, item in enumerate(validator.items(value, path))
    ]


def _read_tuple(validator: Validator, arms: tuple[Any, ...], value: object, path: str) -> tuple[object, ...]:
    return tuple(_read_items(validator, arms, value, path))


_SEVERAL: Mapping[object, Callable[[Validator, tuple[Any, ...], object, str], object]] = {
    Mapping: _read_mapping,
    dict: _read_mapping,
    list: _read_items,
    tuple: _read_tuple,
}

_SINGLE: Mapping[object, Callable[[Validator, object, str], object]] = {
    str: Validator.text,
    bool: Validator.flag,
    float: lambda validator, value, path: validator.between(value, path, -_LONGEST, _LONGEST),
    int: lambda validator, value, path: validator.whole(value, path, 0, _LARGEST),
    datetime: _read_instant,
    timedelta: lambda validator, value, path: timedelta(seconds=validator.between(value, path, 0, _LONGEST)),
    bytes: lambda validator, value, path: validator.text(value, path).encode(),
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
