"""Datetimes in UTC: those of one time zone compare fastest."""

from datetime import MAXYEAR, MINYEAR, UTC, datetime


def to_utc(time: datetime) -> datetime:
    """Return a datetime in UTC, as which one without an offset is taken; raise OverflowError beyond the calendar."""
    return time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)


def parse_utc(value: object) -> datetime:
    """Return an ISO 8601 text, or a datetime, as a datetime in UTC (api §6.3); raise ValueError for anything else.

    The first and the last year of the calendar are refused: adding a duration to their datetimes may overflow.
    """
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    if not isinstance(value, datetime):
        msg = "not a datetime"
        raise ValueError(msg)  # noqa: TRY004  pydantic reports no other error as an invalid value
    try:
        time = to_utc(value)
    except OverflowError:
        time = value
    if not MINYEAR < time.year < MAXYEAR:
        msg = "in the first or the last year of the calendar"
        raise ValueError(msg)
    return time
