"""Parsing raw JSON into a model, without the values that are invalid."""

from collections import defaultdict
from collections.abc import Collection, Container, Mapping, Set as AbstractSet
from enum import Enum, auto
from typing import Final

from pydantic import ValidationError

from ..errors import AmpsUnexpectedAnswerError
from ..json import JsonObject, JsonValue
from ..names import slug
from .base import AmpsModel

type _Path = tuple[int | str, ...]
"""The location of an invalid value, as pydantic reports it."""

_NULLABLE: Final = ("state",)
"""Where an invalid value becomes null instead of missing: a field of the state means that there is an entity."""


class _Marker(Enum):
    """The absence of a value, as distinct from null."""

    NOTHING = auto()


def read_model[ModelT: AmpsModel](model: type[ModelT], raw: JsonObject) -> ModelT:
    """Return raw JSON as a model; raise AmpsUnexpectedAnswerError if it cannot be one, such as a device without an id.

    An invalid value does not make the others unreadable (design §5): it is removed, then what requires it, until the
    rest is valid.
    """
    rest: JsonValue | _Marker = raw
    invalid: list[_Path] = []
    while rest is not _Marker.NOTHING:
        try:
            return model.model_validate(rest)
        except ValidationError as err:
            invalid = [
                error["loc"] for error in err.errors(include_url=False, include_context=False, include_input=False)
            ]
        rest = _drop_invalid(rest, invalid, _NULLABLE)
    fields = ", ".join(sorted({str(path[0]) for path in invalid if path}))
    msg = f"a {model.__name__} cannot be read: {fields}"
    # Without the cause, whose text contains the values.
    raise AmpsUnexpectedAnswerError(msg)


def _drop_invalid(value: JsonValue, invalid: Collection[_Path], nullable: Container[int | str]) -> JsonValue | _Marker:
    """Return a copy of a value without what is invalid; NOTHING if that is the value itself.

    That is if a path does not exist in it: it leads to a required value that is missing, or to a member of a union.
    """
    if not isinstance(value, dict | list):
        return _Marker.NOTHING
    keys = _keys(value, {path[0] for path in invalid if path})
    below: defaultdict[int | str, list[_Path]] = defaultdict(list)
    for path in invalid:
        if not path or path[0] not in keys:
            return _Marker.NOTHING
        below[keys[path[0]]].append(path[1:])
    rest: dict[int | str, JsonValue] = {}
    for key, entry in value.items() if isinstance(value, dict) else enumerate(value):
        kept: JsonValue | _Marker = entry
        if key in below:
            kept = _drop_invalid(entry, below[key], entry if key in nullable and isinstance(entry, dict) else ())
        if kept is not _Marker.NOTHING:
            rest[key] = kept
        elif key in nullable and entry is not None:
            rest[key] = None
    return {str(key): entry for key, entry in rest.items()} if isinstance(value, dict) else list(rest.values())


def _keys(value: JsonObject | list[JsonValue], names: AbstractSet[int | str]) -> Mapping[int | str, int | str]:
    """Return the keys of a value by their names in paths, which are slugs where a model has entries by slug."""
    if isinstance(value, list):
        return dict(enumerate(range(len(value))))
    keys: dict[int | str, int | str] = {name: name for name in value}
    return keys if names <= keys.keys() else {**{slug(name): name for name in value}, **keys}
