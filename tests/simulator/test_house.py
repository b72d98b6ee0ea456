"""A house, its thermostat and the weather."""

from datetime import UTC, datetime
from typing import Any

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.amps.simulator.devices.base import HOLD, Course, Directive
from custom_components.amps.simulator.devices.house import Band, band, drift, outside
from custom_components.amps.simulator.devices.hvac import NEST_E, HvacCourse, programme
from custom_components.amps.simulator.home.timeline import Command, Release, Stage, Timeline
from custom_components.amps.simulator.physics.paths import DAY
from custom_components.amps.simulator.wire import hours

from .strategies import BEGIN

_INSTANTS = st.floats(BEGIN - 20_000, BEGIN + 100_000)
_CELSIUS = st.one_of(st.integers(10, 35).map(float), st.floats(10, 35))
_PAIRS = st.tuples(_CELSIUS, _CELSIUS).map(sorted)
_BANDS = st.one_of(
    st.floats(0, 1, exclude_max=True).map(lambda spread: programme(spread).kept),
    st.just(band()),
    _CELSIUS.map(lambda low: band(low=low)),
    _CELSIUS.map(lambda high: band(high=high)),
    _PAIRS.map(lambda pair: band(*pair)),
)
_DIRECTIVES = st.one_of(
    st.builds(lambda target: Directive("heat", {"target": target}), _CELSIUS),
    st.builds(lambda target: Directive("cool", {"target": target}), _CELSIUS),
    _PAIRS.map(lambda pair: Directive("auto", {"heatSetpoint": pair[0], "coolSetpoint": pair[1]})),
    st.sampled_from([Directive("idle"), Directive("follow_schedule")]),
)
_STEP = 1 / 64


def _report(course: Course, time: float) -> dict[str, Any]:
    return dict(course.report(time))


def _stepped(law: Band, start: float, temperature: float, end: float) -> float:
    """Go the way of a house in steps of a minute, kept within its band at each."""
    time = start
    while time < end:
        step = min(_STEP, end - time)
        temperature += step * drift(time + step / 2, temperature + step / 2 * drift(time, temperature))
        time += step
        temperature = min(max(temperature, law.floor.at(time).value), law.ceiling.at(time).value)
    return temperature


@given(_BANDS, _INSTANTS, _CELSIUS, st.floats(0, 100))
@settings(max_examples=100, deadline=None)
def test_house_does_in_one_leap_what_it_does_in_small_steps(
    law: Band, start: float, temperature: float, length: float
) -> None:
    start = start // _STEP * _STEP
    temperature = min(max(temperature, law.floor.at(start).value), law.ceiling.at(start).value)
    leapt = law.reached_from(start, temperature).at(start + length).value
    assert leapt == pytest.approx(_stepped(law, start, temperature, start + length), abs=0.04)


def test_heating_ends_when_it_is_as_warm_outside_and_the_house_then_goes_its_own_way() -> None:
    """A morning in June warms from 12 °C at five to 20 °C at three, and passes 14 °C at half past seven."""
    course = NEST_E.undisturbed(0).told(Directive("heat", {"target": 14.0}), BEGIN - 20 * DAY)
    course = course.told(Directive("auto", {"heatSetpoint": 13.9, "coolSetpoint": 14.0}), BEGIN)
    course = course.told(Directive("heat", {"target": 14.0}), BEGIN + 4)
    assert _report(course, BEGIN + 7.49)["active"] is True
    assert course.path.at(BEGIN + 7.49).value == 14
    assert _report(course, BEGIN + 7.51)["active"] is False
    temperature = 14.0
    for step in range(7500):
        temperature += drift(BEGIN + 7.5 + (step + 0.5) / 1000, temperature) / 1000
    assert course.path.at(BEGIN + 15).value == pytest.approx(temperature, abs=1e-4)


@given(_INSTANTS, st.lists(st.tuples(st.floats(0, 400), _DIRECTIVES), max_size=5), st.floats(0, 1000))
@settings(max_examples=200, deadline=None)
def test_house_is_warmed_and_cooled_as_far_as_its_mode_allows_and_otherwise_goes_with_the_weather(
    begin: float, told: list[tuple[float, Directive]], later: float
) -> None:
    course: HvacCourse = NEST_E.undisturbed(0)
    time = begin
    for gap, directive in told:
        time += gap
        before = course.path.at(time).value
        course = course.told(directive, time)
        assert course.path.at(time).value == pytest.approx(before)
    time += later
    temperature, rate = course.path.at(time)
    state = _report(course, time)
    given_warmth = rate - drift(time, temperature)
    assert 1 - 1e-9 <= temperature <= 35 + 1e-9
    assert state["active"] is (abs(given_warmth) > 1e-6)
    assert abs(given_warmth) < 4
    heat, cool = state["heatSetpoint"], state["coolSetpoint"]
    match state["mode"]:
        case "off":
            assert given_warmth == pytest.approx(0, abs=1e-9)
        case "heat":
            assert given_warmth > -1e-9
            assert given_warmth < 1e-6 or temperature <= heat + 1e-6
        case "cool":
            assert given_warmth < 1e-9
            assert given_warmth > -1e-6 or temperature >= cool - 1e-6
        case "auto":
            assert given_warmth < 1e-6 or temperature <= heat + 1e-6
            assert given_warmth > -1e-6 or temperature >= cool - 1e-6
    later_on = course.path.at(time + 1e-3)
    slow, fast = sorted((rate, later_on.rate))
    assert slow * 1e-3 - 1e-5 <= later_on.value - temperature <= fast * 1e-3 + 1e-5


@given(_INSTANTS)
def test_weather_is_that_of_a_temperate_climate(time: float) -> None:
    assert 1 <= outside(time) <= 22
    assert outside(time) == pytest.approx(outside(time + 1e-6), abs=4)


@pytest.mark.parametrize(("month", "warmest"), [(1, 9), (7, 22)])
def test_weather_has_seasons_and_hours(month: int, warmest: float) -> None:
    midnight = hours(datetime(2026, month, 10, tzinfo=UTC))
    temperatures = [outside(midnight + hour) for hour in range(24)]
    assert max(temperatures) == temperatures[15] == warmest
    assert min(temperatures) == temperatures[5] == warmest - 8


@pytest.mark.parametrize(("month", "low", "high"), [(1, 4, 6), (7, 17, 19)])
def test_house_left_alone_ends_at_the_weather_damped_and_delayed(month: int, low: float, high: float) -> None:
    """The swing of the air outside, 8 °C, is less than one inside, and comes hours later."""
    time = hours(datetime(2026, month, 28, tzinfo=UTC))
    course = NEST_E.undisturbed(0).told(Directive("idle"), time - 60 * DAY)
    temperatures = [course.path.at(time + hour).value for hour in range(24)]
    assert low < min(temperatures) < max(temperatures) < high
    assert 0.3 < max(temperatures) - min(temperatures) < 1.2
    assert temperatures.index(max(temperatures)) > 17


@pytest.mark.parametrize("month", range(1, 13))
def test_programme_keeps_its_setpoint_and_lets_the_house_fall_to_a_lower_one(month: int) -> None:
    course, midnight = NEST_E.undisturbed(0), hours(datetime(2026, month, 10, tzinfo=UTC))
    for minute in range(24 * 60):
        time = midnight + minute / 60
        state = _report(course, time)
        assert (state["mode"], state["holdType"]) == ("auto", "follow_schedule")
        if state["active"]:
            assert state["temperature"] <= state["heatSetpoint"] + 0.005
        assert state["temperature"] >= 17.5
    for hour in (8, 8.9, 17.1, 21.9):
        assert _report(course, midnight + hour)["temperature"] >= 21


def test_winter_heats_more_than_summer() -> None:
    course = NEST_E.undisturbed(0)
    winter, summer = (
        sum(_report(course, hours(datetime(2026, month, 10, tzinfo=UTC)) + step / 4)["active"] for step in range(96))
        for month in (1, 7)
    )
    assert winter - 12 > summer > 0


def test_window_holds_the_temperature_that_it_left() -> None:
    timeline = Timeline(
        lambda: Stage(since=float("-inf"), course=NEST_E.undisturbed(0), settings=NEST_E.default_settings)
    )
    timeline.add(Command(at=BEGIN, action="window", directive=Directive("heat", {"target": 26.0})))
    timeline.add(Release(at=BEGIN + 2, action="window"))
    left = _report(timeline.at(BEGIN + 2).course, BEGIN + 2)
    assert (left["mode"], left["active"], left["holdType"], left["heatSetpoint"]) == ("off", False, "permanent", 26)
    assert _report(timeline.at(BEGIN + 9000).course, BEGIN + 9000) == left
    told = timeline.at(BEGIN + 2).course.told(HOLD, BEGIN + 3)
    assert _report(told, BEGIN + 30)["temperature"] < left["temperature"] - 1


def test_past_of_a_house_reads_as_it_did() -> None:
    course = NEST_E.undisturbed(0).told(Directive("heat", {"target": 18.0}), BEGIN)
    seen = [course.path.at(BEGIN + step * 7.3) for step in range(200)]
    course.path.at(BEGIN + 1e6)
    assert [course.path.at(BEGIN + step * 7.3) for step in range(200)] == seen


def test_what_a_house_was_two_months_ago_makes_no_difference() -> None:
    warm, cold = (band().reached_from(BEGIN, temperature) for temperature in (35.0, 10.0))
    assert warm.at(BEGIN + 44 * DAY).value == pytest.approx(cold.at(BEGIN + 44 * DAY).value, abs=1e-12)
    assert warm.at(BEGIN + 90 * DAY) == pytest.approx(cold.at(BEGIN + 90 * DAY), abs=1e-12)
