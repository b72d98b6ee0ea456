"""Wall clocks in other time zones."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from custom_components.amps.simulator.errors import ApiError, ErrorCode
from custom_components.amps.simulator.public.timerules import Window, read_window

_NOW = datetime(2026, 6, 14, 8, 15, 30, tzinfo=UTC)


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kathmandu", "UTC"])
def test_times_at_the_ends_of_the_calendar_are_refused_as_any_other(zone: str) -> None:
    for start, code in (
        ("0001-01-01T00:00:00", ErrorCode.START_IN_PAST),
        ("9999-12-31T23:59:59", ErrorCode.START_OUT_OF_RANGE),
    ):
        with pytest.raises(ApiError) as refused:
            read_window(start, None, zone=ZoneInfo(zone), now=_NOW)
        assert refused.value.code is code
    with pytest.raises(ApiError) as refused:
        read_window("1h", "9999-12-31T23:59:59", zone=ZoneInfo(zone), now=_NOW)
    assert refused.value.details == {"reason": "end_out_of_range"}


@pytest.mark.parametrize(
    ("zone", "utc"),
    [
        ("Pacific/Kiritimati", datetime(2026, 6, 20, 8, tzinfo=UTC)),
        ("Pacific/Pago_Pago", datetime(2026, 6, 21, 9, tzinfo=UTC)),
        ("Asia/Kathmandu", datetime(2026, 6, 20, 16, 15, tzinfo=UTC)),
    ],
)
def test_wall_clock_is_the_one_of_the_plant(zone: str, utc: datetime) -> None:
    window = read_window("2026-06-20T22:00:00", "2026-06-20T23:30:00", zone=ZoneInfo(zone), now=_NOW)
    assert window == Window(utc, utc + timedelta(hours=1.5))


def test_gap_of_half_an_hour_moves_a_time_by_half_an_hour() -> None:
    """On Lord Howe Island two o'clock becomes half past two."""
    now = datetime(2026, 9, 20, tzinfo=UTC)
    window = read_window("2026-10-04T02:15:00", None, zone=ZoneInfo("Australia/Lord_Howe"), now=now)
    assert window.start == datetime(2026, 10, 3, 15, 45, tzinfo=UTC)
