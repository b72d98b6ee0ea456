"""When a command runs: what callers write, clock changes, and what Amps echoes (design §6, times)."""

from datetime import UTC, datetime, time, timedelta
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

from hypothesis import assume, example, given, strategies as st
import pytest

from custom_components.amps.api.models import Execution
from custom_components.amps.rules.objection import Objection
from custom_components.amps.rules.timing import (
    Present,
    Times,
    Window,
    closest_zone,
    echoed_offsets,
    find_ambiguous_times,
    is_echoed,
    is_skipped,
    local_text,
    occurs_twice,
    resolve_window,
)

BERLIN, KOLKATA, LONDON = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Kolkata"), ZoneInfo("Europe/London")
ZONES: Final = tuple(
    ZoneInfo(name)
    for name in (
        "UTC",
        "Europe/Berlin",
        "Europe/London",
        "America/New_York",
        "America/St_Johns",
        "Asia/Kolkata",
        "Asia/Kathmandu",
        "Australia/Adelaide",
        "Australia/Lord_Howe",
        "Pacific/Kiritimati",
    )
)
SHAPES: Final = frozenset({Execution.IMMEDIATE, Execution.SCHEDULED, Execution.WINDOWED})
WINDOWED: Final = frozenset({Execution.WINDOWED})
SECOND, MINUTE, HOUR, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

SPRING, AUTUMN = datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC)
"""When the clocks of Europe change."""
NOON: Final = datetime(2026, 6, 14, 12, tzinfo=UTC)

zones = st.sampled_from(ZONES)
instants = st.one_of(
    st.datetimes(datetime(2025, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001  what hypothesis wants
    st.builds(
        lambda change, minutes: change + minutes * MINUTE, st.sampled_from([SPRING, AUTUMN]), st.integers(-300, 300)
    ),
)
times_of_day = st.times().map(lambda found: found.replace(microsecond=0))


def keys(objections: list[Objection]) -> list[str]:
    """Return the keys of objections."""
    return [each.key for each in objections]


def present(now: datetime = NOON, zone: ZoneInfo = BERLIN, asked_at: datetime | None = None) -> Present:
    """Return a time at which a command is checked."""
    return Present(now=now, zone=zone, plant_zone=zone, asked_at=asked_at or now)


def resolve(
    times: Times, now: datetime = NOON, zone: ZoneInfo = BERLIN, needed: timedelta | None = None
) -> tuple[Window, list[str]]:
    """Return the window of times, and the keys of what stands against it."""
    window, objections = resolve_window(times, present(now, zone), SHAPES, needed)
    return window, keys(objections)


@given(times_of_day, instants, zones)
def test_a_time_of_day_is_the_next_one_that_a_clock_on_the_wall_shows(
    given_: time, now: datetime, zone: ZoneInfo
) -> None:
    window, objections = resolve(Times(start=given_), now, zone)
    start = window.start
    assert start is not None
    if "time_never_occurs" not in objections:
        assert start.astimezone(zone).time() == given_
    if not objections:
        assert now < start
        # No other minute until then shows it.
        passed = [now + count * MINUTE for count in range(1, round((start - now) / MINUTE))]
        assert not any(each.astimezone(zone).time().replace(second=0, microsecond=0) == given_ for each in passed)


@given(times_of_day, times_of_day, instants, zones)
def test_the_end_is_the_first_after_the_start(start: time, end: time, now: datetime, zone: ZoneInfo) -> None:
    window, objections = resolve(Times(start=start, end=end), now, zone)
    assume(not objections)
    assert window.start is not None
    assert window.end is not None
    assert timedelta(0) < window.end - window.start <= 25 * HOUR
    assert window.execution is Execution.WINDOWED


@pytest.mark.parametrize(
    ("given_", "now", "objection"),
    [
        ("02:30", SPRING - 3 * HOUR, "time_never_occurs"),
        ("02:30", SPRING - 15 * MINUTE, "time_never_occurs"),
        ("02:30", SPRING + 15 * MINUTE, None),
        ("02:30", SPRING - 26 * HOUR, None),
        ("02:30", AUTUMN - 3 * HOUR, "time_occurs_twice"),
        # Between the two: it comes once more.
        ("02:30", AUTUMN - 15 * MINUTE, "time_occurs_twice"),
        ("02:30", AUTUMN + 45 * MINUTE, None),
        ("03:00", SPRING - HOUR, None),
        ("03:00", AUTUMN - HOUR, None),
        ("01:59", AUTUMN - 2 * HOUR, None),
    ],
)
def test_a_time_of_day_in_the_night_of_a_clock_change(given_: str, now: datetime, objection: str | None) -> None:
    window, objections = resolve(Times(start=time.fromisoformat(given_)), now)
    assert objections == ([objection] if objection else [])
    if objection is None:
        assert window.start is not None
        assert now < window.start <= now + 25 * HOUR


@given(st.datetimes(datetime(2025, 1, 1), datetime(2028, 1, 1)), zones)  # noqa: DTZ001  local times
@example(datetime(2026, 3, 29, 2, 30), BERLIN)  # noqa: DTZ001  a wall clock has no zone
@example(datetime(2026, 10, 25, 2, 30), BERLIN)  # noqa: DTZ001  a wall clock has no zone
def test_a_local_time_is_never_once_or_twice(local: datetime, zone: ZoneInfo) -> None:
    shown = {
        instant
        for fold in (0, 1)
        if (instant := local.replace(tzinfo=zone, fold=fold).astimezone(UTC)).astimezone(zone).replace(tzinfo=None)
        == local
    }
    assert (is_skipped(local, zone), occurs_twice(local, zone)) == (not shown, len(shown) == 2)


@given(instants, st.integers(0, 35 * 24 * 3600), st.integers(1, 3 * 24 * 3600), zones)
@example(NOON, 30 * 24 * 3600, 24 * 3600, BERLIN)
@example(NOON, 30 * 24 * 3600 + 1, 24 * 3600, BERLIN)
@example(NOON, 30 * 24 * 3600, 24 * 3600 + 1, BERLIN)
def test_horizons_are_those_of_amps(now: datetime, ahead: int, lasts: int, zone: ZoneInfo) -> None:
    now = now.replace(microsecond=0)
    start = now + ahead * SECOND
    times = Times(start=start, end=start + lasts * SECOND)
    expected = {
        "start_in_past": ahead == 0,
        "start_out_of_range": ahead > 30 * 24 * 3600,
        "end_out_of_range": ahead + lasts > 31 * 24 * 3600,
    }
    window, objections = resolve(times, now, zone)
    assert objections == [key for key, stands in expected.items() if stands]
    assert (window.start, window.end) == (times.start, times.end)
    assert resolve(Times(start=times.start, duration=lasts * SECOND), now, zone) == (window, objections)


@given(instants, st.integers(1, 100_000), zones)
def test_a_window_without_a_start_begins_at_the_next_full_minute(now: datetime, lasts: int, zone: ZoneInfo) -> None:
    window, objections = resolve(Times(duration=lasts * SECOND), now, zone)
    assert not objections
    assert window.start is not None
    assert MINUTE <= window.start - now < 2 * MINUTE
    assert (window.start.second, window.start.microsecond) == (0, 0)
    assert window.end == window.start + lasts * SECOND


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        (Times(end=time(5), duration=HOUR), ["times_exclude_each_other"]),
        (Times(start=time(23), ready_by=time(5)), ["times_exclude_each_other", "ready_by_unknown"]),
        (Times(duration=HOUR, ready_by=time(5)), ["times_exclude_each_other", "ready_by_unknown"]),
        (Times(duration=timedelta(0)), ["duration_not_positive", "end_not_after_start"]),
        (Times(duration=timedelta.max), ["end_out_of_range"]),
        (Times(start=NOON - SECOND), ["start_in_past"]),
        (Times(start=NOON + HOUR, end=NOON + HOUR), ["end_not_after_start"]),
        (Times(start=NOON - HOUR, end=NOON - 2 * HOUR), ["start_in_past", "end_not_after_start"]),
        (Times(), []),
    ],
)
def test_what_stands_against_times(times: Times, expected: list[str]) -> None:
    assert resolve(times)[1] == expected


@given(instants, st.integers(0, 20 * 24 * 3600), st.integers(0, 5 * 24 * 3600))
def test_ready_by_is_met_wherever_it_can_be(now: datetime, ahead: int, needed: int) -> None:
    ready_by = now + ahead * SECOND
    window, objections = resolve(Times(ready_by=ready_by), now, needed=needed * SECOND)
    assert not objections
    assert window.ready_at is not None
    assert window.end is None
    if window.start is None:
        assert ready_by - needed * SECOND < now + MINUTE + SECOND
        assert window.ready_at == now + needed * SECOND
    else:
        assert window.start > now
        assert ready_by - SECOND < window.ready_at <= ready_by


@given(instants, st.integers(0, 20 * 24 * 3600), st.integers(1, 24 * 3600))
def test_a_device_that_takes_windows_only_gets_one_for_ready_by(now: datetime, ahead: int, needed: int) -> None:
    ready_by = now + ahead * SECOND
    window, objections = resolve_window(Times(ready_by=ready_by), present(now), WINDOWED, needed * SECOND)
    assert not objections
    assert window.start is not None
    assert window.end is not None
    assert window.ready_at is not None
    assert now < window.start
    assert window.end - window.start >= needed * SECOND - SECOND
    assert window.end >= ready_by - SECOND
    assert window.execution is Execution.WINDOWED


def test_what_cannot_be_scheduled_gets_a_window_for_ready_by() -> None:
    shapes = frozenset({Execution.IMMEDIATE, Execution.WINDOWED})
    window, objections = resolve_window(Times(ready_by=NOON + 3 * HOUR), present(), shapes, HOUR)
    assert not objections
    assert (window.start, window.end) == (NOON + 2 * HOUR, NOON + 3 * HOUR)


def test_a_time_of_day_is_that_of_when_it_was_asked_for() -> None:
    asked_at = datetime(2026, 6, 14, 21, 29, 50, tzinfo=UTC)
    waited = present(asked_at + 30 * SECOND, asked_at=asked_at)
    window, objections = resolve_window(Times(start=time(23, 30), end=time(5, 30)), waited, SHAPES)
    assert window.start == datetime(2026, 6, 14, 21, 30, tzinfo=UTC)
    assert keys(objections) == ["start_in_past"]


# What Amps makes of local times.


@cache
def plant_clock(text: str, zone: ZoneInfo) -> datetime:
    """Return what Amps understands of a local time: of one that occurs twice the first (api §15.3 #33)."""
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


def echo(window: Window, sent: ZoneInfo, plant: ZoneInfo) -> tuple[datetime | None, datetime | None]:
    """Return what Amps echoes of a window that is sent for one zone to a plant in another one."""
    texts = (local_text(window.start, sent), local_text(window.end, sent))
    start, end = (text and plant_clock(text, plant) for text in texts)
    return start or None, end or None


windows = st.builds(
    lambda start, lasts: Window(
        start=start.replace(microsecond=0), end=None if lasts is None else start.replace(microsecond=0) + lasts * MINUTE
    ),
    instants,
    st.none() | st.integers(1, 2000),
)


@given(windows, zones)
def test_times_that_the_plant_shows_once_are_understood(window: Window, plant: ZoneInfo) -> None:
    is_ambiguous = bool(find_ambiguous_times(window, plant))
    second = [each for each in (window.start, window.end) if each and each.astimezone(plant).fold]
    assert not second or is_ambiguous
    if not is_ambiguous:
        assert is_echoed(window, *echo(window, plant, plant))


@given(windows, zones, zones)
def test_what_another_zone_echoes_shows_its_offsets(window: Window, assumed: ZoneInfo, plant: ZoneInfo) -> None:
    start, end = echo(window, assumed, plant)
    differences = [abs(meant - got) for meant, got in ((window.start, start), (window.end, end)) if meant and got]
    offsets = echoed_offsets(window, assumed, start, end)
    texts = [local_text(each, assumed) for each in (window.start, window.end)]
    assume(not any(text and is_skipped(datetime.fromisoformat(text), plant) for text in texts))
    if max(differences) > 14 * HOUR:
        assert offsets is None
    else:
        assert offsets is not None
        assert all(at.astimezone(plant).utcoffset() == offset for at, offset in offsets.items())


@given(windows, st.integers(-20 * 3600, 20 * 3600))
@example(Window(start=NOON), 3600)
@example(Window(start=NOON), 3601)
@example(Window(start=NOON), 14 * 3600 + 900)
def test_only_whole_quarters_up_to_14_hours_are_another_zone(window: Window, off: int) -> None:
    assert window.start is not None
    end = window.end and window.end + off * SECOND
    offsets = echoed_offsets(window, BERLIN, window.start + off * SECOND, end)
    assert (offsets is not None) is (off % 900 == 0 and abs(off) <= 14 * 3600)


def test_an_echo_without_a_time_that_was_sent_is_no_zone() -> None:
    window = Window(start=NOON, end=NOON + HOUR)
    assert echoed_offsets(window, BERLIN, NOON - HOUR, None) is None
    assert echoed_offsets(window, BERLIN, None, None) is None
    assert not is_echoed(window, NOON, None)


@given(windows, zones, zones)
def test_the_closest_zone_is_one_that_sends_the_same_times_rightly(
    window: Window, assumed: ZoneInfo, plant: ZoneInfo
) -> None:
    start, end = echo(window, assumed, plant)
    assume(not is_echoed(window, start, end))
    if (offsets := echoed_offsets(window, assumed, start, end)) is None:
        return
    found = closest_zone(ZONES, offsets, assumed)
    if found is not None:
        assert all(at.astimezone(found).utcoffset() == offset for at, offset in offsets.items())
    texts = [local_text(each, assumed) for each in (window.start, window.end)]
    if not any(text and is_skipped(datetime.fromisoformat(text), plant) for text in texts):
        assert found is not None


@pytest.mark.parametrize("month", range(1, 13))
@pytest.mark.parametrize(
    ("home", "plant", "expected"),
    [
        ("Europe/Berlin", "Europe/London", {"Europe/London", "Europe/Lisbon"}),
        ("Europe/London", "Europe/Berlin", {"Europe/Berlin", "Africa/Ceuta"}),
        ("America/New_York", "America/Chicago", {"America/Chicago"}),
        ("Europe/Berlin", "Asia/Kolkata", {"Asia/Kolkata", "Asia/Colombo"}),
    ],
)
def test_the_zone_that_changes_its_clocks_with_home_is_preferred(
    month: int, home: str, plant: str, expected: set[str]
) -> None:
    candidates = [ZoneInfo(name) for name in sorted(expected)] + [
        ZoneInfo(name) for name in ("Africa/Lagos", "Atlantic/Reykjavik", "America/Bogota", "America/Regina", "UTC")
    ]
    at = datetime(2026, month, 14, 12, tzinfo=UTC)
    offset = at.astimezone(ZoneInfo(plant)).utcoffset()
    assert offset is not None
    found = closest_zone(candidates, {at: offset}, ZoneInfo(home))
    assert str(found) in expected


def test_no_zone_has_an_offset_that_there_is_not() -> None:
    assert closest_zone(ZONES, {NOON: timedelta(hours=-11, minutes=15)}, BERLIN) is None


def test_what_is_sent_is_the_clock_on_the_wall_without_a_zone() -> None:
    assert local_text(NOON, KOLKATA) == "2026-06-14T17:30:00"
    assert local_text(NOON + timedelta(microseconds=7), LONDON) == "2026-06-14T13:00:00"
    assert local_text(None, LONDON) is None
