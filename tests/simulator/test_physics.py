"""Paths in closed form."""

from collections.abc import Callable
import math

from hypothesis import assume, given, strategies as st
import pytest

from custom_components.amps.simulator.devices.baselines import battery_level, vehicle_level
from custom_components.amps.simulator.physics.paths import (
    DAY,
    Curve,
    Hold,
    Motion,
    Sequence,
    approach,
    ramp,
)

_KNOTS = st.lists(
    st.tuples(st.integers(0, 95).map(lambda quarter: quarter / 4), st.floats(0, 100)),
    min_size=1,
    max_size=8,
    unique_by=lambda knot: knot[0],
)
_CURVES = _KNOTS.map(Curve.through)
_TIMES = st.floats(0, 1e6)
_SPEEDS = st.floats(0.01, 100)


def test_hold_stays() -> None:
    assert Hold(42).at(0) == Hold(42).at(1e9) == Motion(42, 0)


@pytest.mark.parametrize(
    ("time", "motion"), [(10, Motion(50, 5)), (12, Motion(60, 5)), (14, Motion(70, 0)), (9999, Motion(70, 0))]
)
def test_ramp_rises_to_its_stop(time: float, motion: Motion) -> None:
    assert ramp(10, 50, 70, 5).at(time) == motion


@pytest.mark.parametrize(
    ("time", "motion"), [(10, Motion(50, -5)), (12, Motion(40, -5)), (14, Motion(30, 0)), (9999, Motion(30, 0))]
)
def test_ramp_falls_to_its_stop(time: float, motion: Motion) -> None:
    assert ramp(10, 50, 30, 5).at(time) == motion


@pytest.mark.parametrize(("stop", "speed"), [(70, 0), (50, 5), (50 + 1e-12, 5)])
def test_ramp_without_distance_or_speed_holds(stop: float, speed: float) -> None:
    assert ramp(10, 50, stop, speed) == Hold(50)


@pytest.mark.parametrize(("time", "motion"), [(9, Motion(5, 0)), (10, Motion(7, 0)), (99, Motion(7, 0))])
def test_sequence_changes_to_its_second_path_at_its_instant(time: float, motion: Motion) -> None:
    assert Sequence(Hold(5), 10, Hold(7)).at(time) == motion


@pytest.mark.parametrize(
    ("hour", "level", "rate"),
    [
        (0, 30 + 40 / 3, 40 / 9),
        (6, 70, -22 / 3),
        (7.5, 59, -22 / 3),
        (9, 48, 43 / 6),
        (12, 69.5, 43 / 6),
        (15, 91, -61 / 6),
        (18, 60.5, -61 / 6),
        (21, 30, 40 / 9),
        (23.999999, 30 + 40 / 3, 40 / 9),
    ],
)
@pytest.mark.parametrize("day", [0, 1, 20_000])
def test_battery_day_is_the_documented_one(hour: float, level: float, rate: float, day: int) -> None:
    motion = battery_level(0).at(day * DAY + hour)
    assert motion.value == pytest.approx(level, abs=1e-5)
    assert motion.rate == pytest.approx(rate)


@pytest.mark.parametrize(("hour", "level"), [(6, 81), (9, 95), (13, 82.75), (17, 70.5), (21, 50), (25.5, 65.5)])
def test_vehicle_day_is_the_documented_one(hour: float, level: float) -> None:
    assert vehicle_level(0).at(hour).value == pytest.approx(level)


_BATTERY_BANDS = [(6, 9, 46, 70), (9, 15, 46, 92), (15, 21, 30, 92), (21, 30, 30, 70)]
_VEHICLE_BANDS = [(6, 9, 80, 95), (9, 17, 70.5, 95), (17, 21, 50, 70.5), (21, 30, 50, 82)]
_EARLY_OR_LATE = 0.25


@pytest.mark.parametrize(("day", "bands"), [(battery_level, _BATTERY_BANDS), (vehicle_level, _VEHICLE_BANDS)])
@given(spread=st.floats(0, 1, exclude_max=True))
def test_day_of_every_device_keeps_to_the_documented_bands(
    day: Callable[[float], Curve], bands: list[tuple[float, float, float, float]], spread: float
) -> None:
    usual, documented = day(spread), day(0)
    for begin, end, low, high in bands:
        for step in range(21):
            hour = begin + _EARLY_OR_LATE + (end - begin - 2 * _EARLY_OR_LATE) * step / 20
            level, rate = usual.at(hour)
            assert low - 1e-9 <= level <= high + 1e-9
            assert rate * documented.at((begin + end) / 2).rate > 0
    assert max(usual.rates) <= max(documented.rates) + 1e-9
    assert min(usual.rates) >= min(documented.rates) - 1e-9
    assert usual == day(spread)


@pytest.mark.parametrize("hour", [0, 6, 12, 20])
@pytest.mark.parametrize("day", [battery_level, vehicle_level])
def test_levels_of_devices_differ(day: Callable[[float], Curve], hour: float) -> None:
    levels = [day(tenth / 10 + 0.03).at(hour).value for tenth in range(10)]
    assert len({round(level, 2) for level in levels}) == 10
    assert max(levels) - min(levels) > 1


def test_earlier_curve_is_the_same_curve_shifted() -> None:
    early = vehicle_level(0).earlier(12)
    for quarter in range(96):
        assert early.at(quarter / 4) == pytest.approx(vehicle_level(0).at(quarter / 4 + 12))


@given(_CURVES, _TIMES, st.floats(0, 1e-3))
def test_curve_is_continuous(curve: Curve, time: float, step: float) -> None:
    steepest = max(abs(rate) for rate in curve.rates)
    assert abs(curve.at(time + step).value - curve.at(time).value) <= steepest * step * (1 + 1e-6) + 1e-6


@given(_CURVES, st.floats(0, 24), st.integers(1, 20_000))
def test_curve_is_the_same_every_day(curve: Curve, hour: float, days: int) -> None:
    today, later = curve.at(hour), curve.at(hour + days * DAY)
    steepest = max(abs(rate) for rate in curve.rates)
    assert later.value == pytest.approx(today.value, abs=1e-9 + steepest * 1e-9)


@given(_KNOTS)
def test_curve_goes_through_its_knots(knots: list[tuple[float, float]]) -> None:
    curve = Curve.through(knots)
    for hour, value in knots:
        assert curve.at(hour).value == pytest.approx(value)
        assert curve.at(hour + DAY).value == pytest.approx(value)


def test_knots_that_fall_together_are_one() -> None:
    curve = Curve.through([(0, 10), (1e-12, 90), (12, 50), (DAY - 1e-12, 33)])
    assert list(curve.hours) == [0, 12]
    assert max(map(abs, curve.rates)) < 4


@given(_CURVES, st.floats(0, 100), st.floats(0, 100), _TIMES)
def test_curve_within_bounds_is_cut_off_at_them(curve: Curve, low: float, high: float, time: float) -> None:
    bounded = curve.within(low, high).at(time).value
    expected = min(max(curve.at(time).value, low), max(low, high))
    assert bounded == pytest.approx(expected, abs=1e-4)


@given(_CURVES, st.floats(0, 20), st.floats(0, 20))
def test_flattened_curve_keeps_to_the_speeds_and_to_its_middle(curve: Curve, up: float, down: float) -> None:
    flat = curve.no_steeper(up, down)
    assert max(flat.rates) <= up + 1e-6 or max(flat.rates) <= 1e-6
    assert -min(flat.rates) <= down + 1e-6 or -min(flat.rates) <= 1e-6
    assert min(flat.values) >= min(curve.values) - 1e-9
    assert max(flat.values) <= max(curve.values) + 1e-9


def test_curve_that_is_slow_enough_is_unchanged() -> None:
    assert (day := battery_level(0)).no_steeper(43 / 6, 61 / 6) is day


@given(_CURVES, _TIMES, st.floats(0, 100), _SPEEDS, _SPEEDS)
def test_approach_reaches_the_curve_and_follows_it(
    curve: Curve, start: float, value: float, up: float, down: float
) -> None:
    """Before the value reaches the curve it stays on its side, afterwards it is equal to it."""
    curve = curve.no_steeper(up, down)
    path = approach(start, value, curve, up, down)
    gap = curve.at(start).value - value
    assume(abs(gap) > 1e-6)
    joins = curve.reached_at(start, value, up if gap > 0 else down)
    assume(joins < start + 1e5)
    assert path.at(start).value == pytest.approx(value)
    assert path.at(joins).value == curve.at(joins).value
    assert path.at(math.nextafter(joins, 0)).value == pytest.approx(curve.at(joins).value, abs=1e-4)
    for part in range(1, 10):
        time = start + (joins - start) * part / 10
        assert (curve.at(time).value - path.at(time).value) * math.copysign(1, gap) >= -1e-4
        later = joins + part * 7.3
        assert path.at(later) == curve.at(later)


@given(_CURVES, _TIMES, st.floats(0, 100))
def test_approach_without_speed_never_arrives(curve: Curve, start: float, value: float) -> None:
    curve = curve.no_steeper(0, 0)
    assume(abs(curve.values[0] - value) > 1e-6)
    path = approach(start, value, curve, 0, 0)
    assert path.at(start + 1e6).value == value


def test_days_of_a_slow_approach_are_skipped_by_division() -> None:
    """At a thousandth of a percent per hour it takes years, which are computed without a loop over the days."""
    flat = Curve.through([(0, 80), (12, 80)])
    assert flat.reached_at(100, 20, 0.001) == pytest.approx(100 + 60_000)
    assert flat.reached_at(100, 80, 0.001) == 100
    assert flat.reached_at(100, 20, 0) == math.inf
