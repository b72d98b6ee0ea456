"""JSON and time in the format of the API (api §1.1, §2.1)."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache

import orjson

type JSON = Mapping[str, JSON] | Sequence[JSON] | str | int | float | bool | orjson.Fragment | None
type JSONObject = dict[str, JSON]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_HOUR = timedelta(hours=1)


def encode(document: JSON) -> bytes:
    """Return a document as JSON text."""
    return orjson.dumps(document)


def frozen(document: JSON) -> orjson.Fragment:
    """Return a document encoded in advance, for parts that never change and are sent with every reading."""
    return orjson.Fragment(orjson.dumps(document))


# A page of a list has the same instant for each of its devices: hence the caches.


@lru_cache(maxsize=64)
def iso(instant: datetime) -> str:
    """Return an instant as ISO 8601 in UTC with milliseconds and `Z`."""
    return f"{instant.astimezone(UTC).isoformat(timespec='milliseconds')[:-6]}Z"


def optional_iso(instant: datetime | None) -> str | None:
    """Return an instant as `iso` does, and null where there is none."""
    return None if instant is None else iso(instant)


def whole_milliseconds(instant: datetime) -> datetime:
    """Return an instant in the resolution of the API, so that nothing depends on digits that no client sees."""
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)


def milliseconds(instant: datetime) -> int:
    """Return the milliseconds since the epoch."""
    return (instant - EPOCH) // _MILLISECOND


@lru_cache(maxsize=64)
def hours(instant: datetime) -> float:
    """Return the hours since the epoch, the unit of time of the physics."""
    return (instant - EPOCH) / _HOUR


def rounded(value: float, digits: int) -> float:
    """Return a number with the digits that a reading shows, and never a negative zero."""
    return round(value, digits) + 0.0
