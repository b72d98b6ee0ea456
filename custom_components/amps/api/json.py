"""Parsing JSON: with orjson, or leniently where orjson refuses the whole answer for a part of it."""

import json
import math
from typing import Final

import orjson

type JsonValue = str | int | float | bool | list[JsonValue] | dict[str, JsonValue] | None
type JsonObject = dict[str, JsonValue]

_MAX_SIZE: Final = 2 * 2**20
"""Bytes of an answer that is parsed a second time, which is slow: a page of 50 devices has a twentieth of that."""
_MAX_DEPTH: Final = 100
"""Levels of nesting that are kept of an answer that orjson refuses; the API has seven."""
_INTEGERS: Final = range(-(2**63), 2**64)
"""The numbers that orjson parses as integers; a larger one is a float."""
_MAX_DIGITS: Final = 20
"""The digits of such an integer, with its sign; Python itself parses no more than some thousand."""


def parse_json(body: bytes) -> JsonValue:
    """Return the JSON of a body; raise ValueError if it is not JSON.

    One invalid value must not make the others unreadable (design §5): numbers that are not finite (NaN, 1e999) become
    null, as does what is nested too deeply; invalid characters are replaced.
    """
    try:
        value: JsonValue = orjson.loads(body)
    except orjson.JSONDecodeError:
        if len(body) > _MAX_SIZE:
            raise
        value = _parse_leniently(body)
    return value


def _parse_leniently(body: bytes) -> JsonValue:
    try:
        value: JsonValue = json.loads(body.decode("utf-8-sig", "replace"), parse_int=_integer, strict=False)
    except RecursionError as err:
        msg = "nested too deeply"
        raise ValueError(msg) from err
    return _cleaned(value, _MAX_DEPTH)


def _integer(digits: str) -> float:
    if len(digits) <= _MAX_DIGITS and (number := int(digits)) in _INTEGERS:
        return number
    return float(digits)


def _cleaned(value: JsonValue, levels: int) -> JsonValue:
    """Return a value with at most so many levels, and with nothing in it that is not JSON."""
    match value:
        case dict() if levels:
            return {_encodable(name): _cleaned(entry, levels - 1) for name, entry in value.items()}
        case list() if levels:
            return [_cleaned(entry, levels - 1) for entry in value]
        case dict() | list():
            return None
        case str():
            return _encodable(value)
        case float():
            return value if math.isfinite(value) else None
    return value


def _encodable(text: str) -> str:
    """Return a text in which half of a surrogate pair, which is no character, is replaced by `?`."""
    return text.encode(errors="replace").decode()
