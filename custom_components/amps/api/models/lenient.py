"""From raw JSON to a model."""

from collections.abc import Iterable

from pydantic import ValidationError

from ..errors import AmpsUnexpectedAnswerError
from ..json import JsonObject, JsonValue
from ..names import slug
from .base import AmpsModel


def read_model[ModelT: AmpsModel](model: type[ModelT], raw: JsonObject) -> ModelT:
    """Return raw JSON as a model.

    One broken value must not take a whole device away: it reads as null and the rest stays (api §0.2). Only what
    cannot do without the broken value, such as an answer without an id, raises AmpsUnexpectedAnswerError.
    """
    try:
        return model.model_validate(raw)
    except ValidationError as err:
        broken = [problem["loc"] for problem in err.errors(include_input=False, include_url=False)]
    try:
        return model.model_validate(_mended(raw, broken))
    except ValidationError as err:
        fields = ", ".join(sorted({str(problem["loc"][0]) for problem in err.errors() if problem["loc"]}))
        msg = f"a {model.__name__} cannot be read: {fields}"
        # Without its cause, which would print the values.
        raise AmpsUnexpectedAnswerError(msg) from None


def _mended(raw: JsonObject, broken: Iterable[tuple[int | str, ...]]) -> JsonObject:
    mended = raw
    for path in broken:
        mended = _without(mended, path, keep="state" in path[:1])
    return mended


def _without(raw: JsonObject, path: tuple[int | str, ...], *, keep: bool) -> JsonObject:
    """Return a copy without the value at a path, or with null for it where the field itself is kept.

    The parts of a path are slugs where a map was keyed by slug, and go on past the value where it may be of several
    types; so the value is the deepest one that the path leads to.
    """
    key = next((key for key in raw if path and path[0] in (key, slug(key))), None)
    if key is None:
        return raw
    child: JsonValue = raw[key]
    if isinstance(child, dict) and any(len(path) > 1 and path[1] in (name, slug(name)) for name in child):
        return raw | {key: _without(child, path[1:], keep=keep)}
    if keep:
        return raw | {key: None}
    return {name: value for name, value in raw.items() if name != key}
