"""JSON as orjson gives it, and what can be saved of an answer that orjson refuses as a whole."""

import json
import math
from typing import Final

import orjson

type JsonValue = str | int | float | bool | list[JsonValue] | dict[str, JsonValue] | None
type JsonObject = dict[str, JsonValue]

_MAX_SIZE: Final = 2 * 2**20
"""Bytes of an answer that is read a second time, which is slow: a page of 50 devices has a twentieth of that."""
_MAX_DEPTH: Final = 100
"""Levels that are kept of an answer that orjson refuses; the API nests seven deep."""
_INTEGERS: Final = range(-(2**63), 2**64)
"""What orjson reads as an integer; a larger one is a float."""
_MAX_DIGITS: Final = 20
"""Of such an integer, with its sign; Python itself takes no more than some thousand."""


def parse_json(body: bytes) -> JsonValue:
    """Return what a body says; raise ValueError if it is no JSON.

    One value that cannot be read must not cost the others (design §5): numbers that are none (NaN, Infinity) or too
    large (1e999) read as null, as does what is nested too deeply; characters that are none are replaced.
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
    return _readable(value, _MAX_DEPTH)


def _integer(digits: str) -> float:
    if len(digits) <= _MAX_DIGITS and (number := int(digits)) in _INTEGERS:
        return number
    return float(digits)


def _readable(value: JsonValue, levels: int) -> JsonValue:
    """Return a value with at most so many levels, and with nothing in it that JSON cannot say."""
    match value:
        case dict() if levels:
            return {_encodable(name): _readable(entry, levels - 1) for name, entry in value.items()}
        case list() if levels:
            return [_readable(entry, levels - 1) for entry in value]
        case dict() | list():
            return None
        case str():
            return _encodable(value)
        case float():
            return value if math.isfinite(value) else None
    return value


def _encodable(text: str) -> str:
    """Return a text in which half of a surrogate pair, which is no character, reads `?`."""
    return text.encode(errors="replace").decode()
