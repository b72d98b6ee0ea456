"""The battery's physics under whatever may happen to it."""

from datetime import UTC, datetime
from itertools import pairwise

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.amps.simulator.devices.base import HOLD, IDLE, Directive
from custom_components.amps.simulator.devices.battery import (
    AUTO_BALANCED,
    AUTO_EXPORT,
    AUTO_RESERVE,
    CHARGE,
    DISCHARGE,
    BatteryCourse,
)
from custom_components.amps.simulator.devices.battery_days import balanced_day, export_day
from custom_components.amps.simulator.physics import DAY, Curve, Motion, Path, Pursuit, Ramp
from custom_components.amps.simulator.timeline import Command, Release, Timeline, Tuning
from custom_components.amps.simulator.wire import hours

from .strategies import BATTERY, BEGIN, DIRECTIVES, EVENTS, SETTINGS, Event, timeline_of

_TOLERANCE = 1e-6 / BATTERY.capacity * 100
"""A millionth of a kWh, in percent."""


def _course(timeline: Timeline, time: float) -> BatteryCourse:
    course = timeline.at(time).course
    assert isinstance(course, BatteryCourse)
    return course


def _motion(timeline: Timeline, time: float) -> Motion:
    return _course(timeline, time).path.at(time)


def _kinks(path: Path, begin: float, end: float) -> list[float]:
    """Return where the rate of a path may change."""
    match path:
        case Ramp():
            return [path.start + (path.stop - path.value) / path.rate]
        case Pursuit():
            return [path.joins, *_kinks(path.curve, begin, end)]
        case Curve():
            midnights = range(int(begin // DAY), int(end // DAY) + 1)
            return [midnight * DAY + hour for midnight in midnights for hour in path.hours]
        case _:
            return []


def _charged(timeline: Timeline, begin: float, end: float) -> float:
    """Return the integral of the rate over a span in which nothing intervenes."""
    kinks = _kinks(_course(timeline, begin).path, begin, end)
    bounds = sorted({begin, end, *(kink for kink in kinks if begin < kink < end)})
    return sum((b - a) * _motion(timeline, (a + b) / 2).rate for a, b in pairwise(bounds))


def test_beginning_of_the_tests_is_a_midnight() -> None:
    assert hours(datetime(2026, 6, 15, tzinfo=UTC)) == BEGIN


@given(EVENTS, st.lists(st.floats(0, 500), max_size=10))
@settings(max_examples=200, deadline=None)
def test_energy_is_conserved(events: list[Event], looks: list[float]) -> None:
    """What went in by the power is what the level shows, to a millionth of a kWh, through every change."""
    timeline, instants = timeline_of(events)
    bounds = sorted({*instants, *(BEGIN + look for look in looks), instants[-1] + 100})
    for begin, end in pairwise(bounds):
        gained = _motion(timeline, end).value - _motion(timeline, begin).value
        assert gained == pytest.approx(_charged(timeline, begin, end), abs=_TOLERANCE)


@given(EVENTS, st.lists(st.floats(0, 100), min_size=5, max_size=5))
@settings(max_examples=200, deadline=None)
def test_level_and_power_keep_within_their_limits(events: list[Event], offsets: list[float]) -> None:
    timeline, instants = timeline_of(events)
    for instant in instants:
        for offset in (0.0, *offsets):
            course, (level, rate) = _course(timeline, instant + offset), _motion(timeline, instant + offset)
            limits = course.limits
            assert -1e-9 <= level <= 100 + 1e-9
            assert -limits.down - 1e-6 <= rate <= limits.up + 1e-6
            if rate < 0:
                assert level > limits.floor - 1e-6
            if rate > 0:
                assert level < max(limits.ceiling, limits.floor) + 1e-6


@given(EVENTS, st.lists(st.floats(0, 100), min_size=3, max_size=3))
@settings(max_examples=200, deadline=None)
def test_commands_stop_where_they_were_told_to(events: list[Event], offsets: list[float]) -> None:
    timeline, instants = timeline_of(events)
    for instant in instants:
        for offset in (0.0, *offsets):
            course, (level, rate) = _course(timeline, instant + offset), _motion(timeline, instant + offset)
            command, values = course.directive.command, course.directive.values
            power = rate * BATTERY.capacity / 100
            if course.resting:
                continue
            if command == CHARGE:
                assert 0 <= power <= values.get("power", BATTERY.max_power) + 1e-9
                assert rate == 0 or level <= min(values.get("target", 100), course.limits.ceiling)
            if command == DISCHARGE:
                assert 0 >= power >= -values.get("power", BATTERY.max_power) - 1e-9
                floor = max(values.get("target", 0), values.get("reserve", 0), course.limits.floor)
                assert rate == 0 or level >= floor
            if command == AUTO_RESERVE:
                assert 0 <= rate <= 10
            if command == IDLE:
                assert rate == 0


@given(EVENTS, DIRECTIVES, st.floats(0.01, 100), st.floats(0, 1000))
@settings(deadline=None)
def test_window_ends_in_a_hold(events: list[Event], directive: Directive, length: float, later: float) -> None:
    timeline, instants = timeline_of(events)
    opens = instants[-1] + 50
    timeline.add(Command(at=opens, action="window", directive=directive))
    timeline.add(Release(at=opens + length, action="window"))
    just_before = _motion(timeline, opens + length - 1e-9).value
    held = _motion(timeline, opens + length)
    assert held.value == pytest.approx(just_before, abs=1e-6)
    assert held.rate == 0
    assert _course(timeline, opens + length).directive == HOLD
    assert _motion(timeline, opens + length + later) == held


@given(EVENTS, st.lists(st.floats(0, 200), max_size=20))
@settings(deadline=None)
def test_looking_in_between_changes_nothing(events: list[Event], looks: list[float]) -> None:
    watched, instants = timeline_of(events)
    unwatched, _ = timeline_of(events)
    for look in sorted(looks):
        watched.at(BEGIN + look)
    for instant in instants:
        assert watched.at(instant) == unwatched.at(instant)
        assert _motion(watched, instant + 5) == _motion(unwatched, instant + 5)


@given(EVENTS, st.lists(st.floats(0, 200), min_size=1, max_size=20))
@settings(deadline=None)
def test_past_reads_as_it_did_then(events: list[Event], looks: list[float]) -> None:
    timeline, instants = timeline_of(events)
    seen = [(BEGIN + look, _motion(timeline, BEGIN + look)) for look in sorted(looks)]
    timeline.at(instants[-1] + 10_000)
    assert [_motion(timeline, time) for time, _ in seen] == [motion for _, motion in seen]


@given(SETTINGS)
@settings(max_examples=200, deadline=None)
def test_days_of_the_automatic_modes_keep_within_their_limits(values: dict[str, float]) -> None:
    limits = BATTERY.limits({**BATTERY.default_settings, **values})
    for curve in (balanced_day(limits), export_day(limits)):
        assert min(curve.values) >= limits.floor - 1e-6
        assert max(curve.values) <= max(limits.ceiling, limits.floor) + 1e-6
        assert max(curve.rates) <= limits.up + 1e-6
        assert -min(curve.rates) <= limits.down + 1e-6


def test_exporting_day_sells_from_sixteen_to_nineteen_and_is_the_usual_one_otherwise() -> None:
    limits = BATTERY.limits(BATTERY.default_settings)
    usual, exporting = balanced_day(limits), export_day(limits)
    for quarter in range(96):
        hour = quarter / 4
        if 16 < hour < 19.5:
            assert exporting.at(hour).value < usual.at(hour).value
        if 18 <= hour <= 19:
            assert exporting.at(hour).value == pytest.approx(limits.floor)
        if hour >= 20 or hour <= 16:
            assert exporting.at(hour).value == pytest.approx(usual.at(hour).value)


@pytest.mark.parametrize("values", [{"max_charge_rate": 1}, {"max_charge_rate": 0}, {"max_discharge_rate": 0}])
def test_battery_too_weak_to_recover_in_a_day_does_not_sell(values: dict[str, float]) -> None:
    limits = BATTERY.limits({**BATTERY.default_settings, **values})
    assert export_day(limits) == balanced_day(limits)


def test_battery_that_may_not_export_draws_for_its_home_alone() -> None:
    limits = BATTERY.limits({**BATTERY.default_settings, "export_limit": 0, "charge_ceiling": 78})
    for quarter in range(96):
        assert export_day(limits).at(quarter / 4) == pytest.approx(balanced_day(limits).at(quarter / 4))


def test_setting_that_binds_nothing_leaves_the_battery_on_its_day() -> None:
    undisturbed, _ = timeline_of([])
    tuned, _ = timeline_of([])
    tuned.add(Tuning(at=BEGIN + 5, values={"discharge_floor": 20, "charge_ceiling": 95}))
    for hour in range(100):
        assert _motion(tuned, BEGIN + hour) == _motion(undisturbed, BEGIN + hour)


@pytest.mark.parametrize("command", [CHARGE, DISCHARGE, IDLE, AUTO_RESERVE, AUTO_EXPORT])
def test_balanced_mode_returns_to_the_usual_day_after_any_command(command: str) -> None:
    usual = balanced_day(BATTERY.limits(BATTERY.default_settings))
    for start in range(24):
        time = BEGIN + start
        told = BATTERY.undisturbed(0).told(Directive(command), time).told(Directive(AUTO_BALANCED), time + 3)
        assert all(told.path.at(time + 6 + hour) == usual.at(time + 6 + hour) for hour in range(30))
