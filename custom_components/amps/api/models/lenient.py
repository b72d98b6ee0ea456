"""From raw JSON to a model."""

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
"""Where pydantic finds a value invalid."""

_NULLABLE: Final = ("state",)
"""Where an invalid value reads as null instead of missing: a field of the state that is reported is an entity."""


class _Marker(Enum):
    """What stands for no value at all."""

    NOTHING = auto()


def read_model[ModelT: AmpsModel](model: type[ModelT], raw: JsonObject) -> ModelT:
    """Return raw JSON as a model.

    An invalid value costs itself alone (design §5): it is taken away, then what cannot do without it, until the rest is
    valid. Where that leaves nothing, as of an answer without an id, AmpsUnexpectedAnswerError is raised.
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
    # Without its cause, which would print the values.
    raise AmpsUnexpectedAnswerError(msg)


def _drop_invalid(value: JsonValue, invalid: Collection[_Path], nullable: Container[int | str]) -> JsonValue | _Marker:
    """Return a copy of a value without what is invalid, nothing when that is the value itself.

    It is where a path leads nowhere: to what is missing, or past the value where it may be of several types.
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
    """Return the keys of a value by how paths name them: by slug where models key a map by slug."""
    if isinstance(value, list):
        return dict(enumerate(range(len(value))))
    keys: dict[int | str, int | str] = {name: name for name in value}
    return keys if names <= keys.keys() else {**{slug(name): name for name in value}, **keys}
