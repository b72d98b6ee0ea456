"""What may be told of a reading to somebody who helps: an allow-list, so that nothing personal slips through.

Numbers, booleans, instants and words are told; a text that is none of these may name a person or a place and is not.
"""

import re
from typing import Final

from .envelope import parse_instant
from .json import JsonObject, JsonValue
from .reading import Reading

REDACTED: Final = "**REDACTED**"

_WORD: Final = re.compile(r"[A-Za-z][A-Za-z_. -]{0,39}")
"""Enum values and names are made of letters; keys, ids and coordinates have digits."""


def report(reading: Reading) -> JsonObject:
    """Return what a reading said: our names, and the raw words of what we did not understand."""
    device = reading.device
    shown: JsonObject = device.model_dump(
        mode="json", exclude={"id": True, "last_action": {"id"}, "vendor": True, "metadata": {"model"}}
    )
    return {
        "type": device.device_type,
        # Device names are made of these two, so whoever sees the device sees them anyway.
        "vendor": device.vendor,
        "model": device.metadata.model,
        "observed": reading.observed.isoformat() if reading.observed else None,
        **_told_of(shown),
        "raw_state": _told(reading.raw.get("state")),
    }


def _told(value: JsonValue) -> JsonValue:
    match value:
        case dict():
            return _told_of(value)
        case list():
            return [_told(item) for item in value]
        case str() if not _WORD.fullmatch(value) and parse_instant(value) is None:
            return REDACTED
        case _:
            return value


def _told_of(value: JsonObject) -> JsonObject:
    return {name: _told(item) for name, item in value.items() if _WORD.fullmatch(name)}
