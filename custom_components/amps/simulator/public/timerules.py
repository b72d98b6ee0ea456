"""`start` and `end` of a push (api §6.3, decisions §15.3 #31 to #36)."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
import re

from ..errors import ApiError, ErrorCode, Reason, invalid_time_window

START_HORIZON = timedelta(days=30)
END_HORIZON = START_HORIZON + timedelta(hours=24)

_WALL_CLOCK = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2}")
_WITH_OFFSET = re.compile(_WALL_CLOCK.pattern + r"(\.[0-9]+)?(Z|[+-][0-9]{2}:?[0-9]{2})", re.IGNORECASE)
_RELATIVE = re.compile(r"([0-9]+(?:\.[0-9]{1,2})?)([mh])")
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1)}
_FAR_PAST = datetime.min.replace(tzinfo=UTC)
_FAR_FUTURE = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Window:
    """When an action runs, in UTC: without a start immediately, without an end until another action."""

    start: datetime | None = None
    end: datetime | None = None


def read_window(start: str | None, end: str | None, *, zone: tzinfo, now: datetime) -> Window:
    """Return the window of a push to a plant in a zone; raise the error of the first rule that it breaks."""
    begins = None if start is None else _start(start, zone, now)
    ends = None if end is None else _end(end, zone)
    if begins is None:
        if ends is not None:
            raise invalid_time_window(Reason.END_WITHOUT_START)
        return Window()
    if begins <= now:
        raise ApiError(ErrorCode.START_IN_PAST)
    if begins > now + START_HORIZON:
        raise ApiError(ErrorCode.START_OUT_OF_RANGE)
    if ends is not None:
        check_end(begins, ends, now)
    return Window(begins, ends)


def check_end(start: datetime, end: datetime, now: datetime) -> None:
    """Raise ApiError for an end that is not after the start or too far ahead."""
    if end <= start:
        raise invalid_time_window(Reason.END_NOT_AFTER_START)
    if end > now + END_HORIZON:
        raise invalid_time_window(Reason.END_OUT_OF_RANGE)


def _start(text: str, zone: tzinfo, now: datetime) -> datetime:
    relative = _RELATIVE.fullmatch(text)
    if relative is None:
        return _instant(text, zone)
    amount = float(relative[1])
    if amount == 0:
        raise invalid_time_window(Reason.INVALID_FORMAT)
    unit = _UNITS[relative[2]]
    if amount > START_HORIZON / unit:
        raise ApiError(ErrorCode.START_OUT_OF_RANGE)
    return now + amount * unit


def _end(text: str, zone: tzinfo) -> datetime:
    if _RELATIVE.fullmatch(text):
        raise invalid_time_window(Reason.RELATIVE_END_NOT_ALLOWED)
    return _instant(text, zone)


def _instant(text: str, zone: tzinfo) -> datetime:
    """Return the instant of a plant's wall clock.

    A time that a clock change skips moves forward by the skipped hour, one that occurs twice is its first occurrence:
    both is how PEP 495 defines an unfolded time.
    """
    if _WITH_OFFSET.fullmatch(text):
        raise invalid_time_window(Reason.OFFSET_NOT_ALLOWED)
    if not _WALL_CLOCK.fullmatch(text):
        raise invalid_time_window(Reason.INVALID_FORMAT)
    try:
        wall_clock = datetime.fromisoformat(text)
    except ValueError:
        raise invalid_time_window(Reason.INVALID_FORMAT) from None
    try:
        return wall_clock.replace(tzinfo=zone).astimezone(UTC)
    except OverflowError:
        return _FAR_PAST if wall_clock.year == 1 else _FAR_FUTURE
