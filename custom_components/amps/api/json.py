"""Parsing JSON: with orjson, or leniently where orjson refuses the whole answer for a part of it.

A body that repeats the one before is not parsed again.
"""

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
_META: Final = b',"meta":'
"""What stands before the last part of an answer, the only one that differs when nothing is new (api §2.1)."""


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


class BodyParser:
    """Parses the bodies of one request; of one that repeats the last but for its `meta`, nothing else is parsed.

    In JSON the separator stands between two members of an object, never in a text, in which a quote is escaped. If the
    rest of the body is that member and the end of its object, this is the outermost one, since there the body ends. So
    all that goes before are its other members, and two bodies in which these are the same differ in `meta` alone.
    """

    def __init__(self) -> None:
        """Begin without a body."""
        self._rest: bytes | None = None
        self._parsed: JsonObject = {}

    def parse(self, body: bytes) -> JsonValue:
        """Return what `parse_json` does; the values of bodies that repeat each other are the same objects."""
        rest, separator, end = body.rpartition(_META)
        try:
            meta: JsonObject = orjson.loads(b'{"meta":' + end)
            if not separator or meta.keys() != {"meta"}:
                return parse_json(body)
            if rest != self._rest:
                self._parsed, self._rest = orjson.loads(body), rest
        except orjson.JSONDecodeError:
            return parse_json(body)
        return self._parsed | meta


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
