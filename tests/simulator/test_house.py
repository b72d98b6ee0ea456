"""A house, its thermostat and the weather."""

from datetime import UTC, datetime
from typing import Any

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.amps.simulator.devices.base import HOLD, ActiveCommand, Behaviour
from custom_components.amps.simulator.devices.house import TemperatureBand, drift, outside, temperature_band
from custom_components.amps.simulator.devices.hvac import NEST_E, HvacBehaviour, programme
from custom_components.amps.simulator.home.timeline import Command, Stage, Timeline, WindowEnd
from custom_components.amps.simulator.physics.paths import DAY
from custom_components.amps.simulator.wire import hours

from .strategies import BEGIN

_INSTANTS = st.floats(BEGIN - 20_000, BEGIN + 100_000)
_CELSIUS = st.one_of(st.integers(10, 35).map(float), st.floats(10, 35))
_PAIRS = st.tuples(_CELSIUS, _CELSIUS).map(sorted)
_BANDS = st.one_of(
    st.floats(0, 1, exclude_max=True).map(lambda spread: programme(spread).band),
    st.just(temperature_band()),
    _CELSIUS.map(lambda low: temperature_band(low=low)),
    _CELSIUS.map(lambda high: temperature_band(high=high)),
    _PAIRS.map(lambda pair: temperature_band(*pair)),
)
_ACTIVE_COMMANDS = st.one_of(
    st.builds(lambda target: ActiveCommand("heat", {"target": target}), _CELSIUS),
    st.builds(lambda target: ActiveCommand("cool", {"target": target}), _CELSIUS),
    _PAIRS.map(lambda pair: ActiveCommand("auto", {"heatSetpoint": pair[0], "coolSetpoint": pair[1]})),
    st.sampled_from([ActiveCommand("idle"), ActiveCommand("follow_schedule")]),
)
_STEP = 1 / 64


def _report(behaviour: Behaviour, time: float) -> dict[str, Any]:
    return dict(behaviour.report(time))


def _stepped(daily_model: TemperatureBand, start: float, temperature: float, end: float) -> float:
    """Return the temperature at the end, in steps of a minute, each limited to the band."""
    time = start
    while time < end:
        step = min(_STEP, end - time)
        temperature += step * drift(time + step / 2, temperature + step / 2 * drift(time, temperature))
        time += step
        temperature = min(max(temperature, daily_model.floor.at(time).value), daily_model.ceiling.at(time).value)
    return temperature


@given(_BANDS, _INSTANTS, _CELSIUS, st.floats(0, 100))
@settings(max_examples=100)
def test_house_after_one_leap_equals_house_after_small_steps(
    daily_model: TemperatureBand, start: float, temperature: float, length: float
) -> None:
    start = start // _STEP * _STEP
    temperature = min(max(temperature, daily_model.floor.at(start).value), daily_model.ceiling.at(start).value)
    leapt = daily_model.reached_from(start, temperature).at(start + length).value
    assert leapt == pytest.approx(_stepped(daily_model, start, temperature, start + length), abs=0.04)


def test_heating_ends_when_the_outdoor_air_is_warm_enough() -> None:
    """A morning in June warms from 12 °C at five to 20 °C at three, and passes 14 °C at half past seven."""
    behaviour = NEST_E.default_behaviour(0).with_command(ActiveCommand("heat", {"target": 14.0}), BEGIN - 20 * DAY)
    behaviour = behaviour.with_command(ActiveCommand("auto", {"heatSetpoint": 13.9, "coolSetpoint": 14.0}), BEGIN)
    behaviour = behaviour.with_command(ActiveCommand("heat", {"target": 14.0}), BEGIN + 4)
    assert _report(behaviour, BEGIN + 7.49)["active"] is True
    assert behaviour.path.at(BEGIN + 7.49).value == 14
    assert _report(behaviour, BEGIN + 7.51)["active"] is False
    temperature = 14.0
    for step in range(7500):
        temperature += drift(BEGIN + 7.5 + (step + 0.5) / 1000, temperature) / 1000
    assert behaviour.path.at(BEGIN + 15).value == pytest.approx(temperature, abs=1e-4)


@given(_INSTANTS, st.lists(st.tuples(st.floats(0, 400), _ACTIVE_COMMANDS), max_size=5), st.floats(0, 1000))
@settings(max_examples=200)
def test_house_is_warmed_and_cooled_as_far_as_its_mode_allows_and_otherwise_follows_the_weather(
    begin: float, commanded: list[tuple[float, ActiveCommand]], later: float
) -> None:
    behaviour: HvacBehaviour = NEST_E.default_behaviour(0)
    time = begin
    for gap, active_command in commanded:
        time += gap
        before = behaviour.path.at(time).value
        behaviour = behaviour.with_command(active_command, time)
        assert behaviour.path.at(time).value == pytest.approx(before)
    time += later
    temperature, rate = behaviour.path.at(time)
    state = _report(behaviour, time)
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
    later_on = behaviour.path.at(time + 1e-3)
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
def test_uncontrolled_house_follows_the_weather_damped_and_delayed(month: int, low: float, high: float) -> None:
    """A swing of the outdoor air of 8 °C is less than one degree inside, and hours later."""
    time = hours(datetime(2026, month, 28, tzinfo=UTC))
    behaviour = NEST_E.default_behaviour(0).with_command(ActiveCommand("idle"), time - 60 * DAY)
    temperatures = [behaviour.path.at(time + hour).value for hour in range(24)]
    assert low < min(temperatures) < max(temperatures) < high
    assert 0.3 < max(temperatures) - min(temperatures) < 1.2
    assert temperatures.index(max(temperatures)) > 17


@pytest.mark.parametrize("month", range(1, 13))
def test_programme_keeps_its_setpoint_and_lets_the_house_fall_to_a_lower_one(month: int) -> None:
    behaviour, midnight = NEST_E.default_behaviour(0), hours(datetime(2026, month, 10, tzinfo=UTC))
    for minute in range(24 * 60):
        time = midnight + minute / 60
        state = _report(behaviour, time)
        assert (state["mode"], state["holdType"]) == ("auto", "follow_schedule")
        if state["active"]:
            assert state["temperature"] <= state["heatSetpoint"] + 0.005
        assert state["temperature"] >= 17.5
    for hour in (8, 8.9, 17.1, 21.9):
        assert _report(behaviour, midnight + hour)["temperature"] >= 21


def test_winter_heats_more_than_summer() -> None:
    behaviour = NEST_E.default_behaviour(0)
    winter, summer = (
        sum(_report(behaviour, hours(datetime(2026, month, 10, tzinfo=UTC)) + step / 4)["active"] for step in range(96))
        for month in (1, 7)
    )
    assert winter - 12 > summer > 0


def test_temperature_stays_after_the_end_of_a_window() -> None:
    timeline = Timeline(
        lambda: Stage(since=float("-inf"), behaviour=NEST_E.default_behaviour(0), settings=NEST_E.default_settings)
    )
    timeline.add(Command(at=BEGIN, action="window", active_command=ActiveCommand("heat", {"target": 26.0})))
    timeline.add(WindowEnd(at=BEGIN + 2, action="window"))
    left = _report(timeline.at(BEGIN + 2).behaviour, BEGIN + 2)
    assert (left["mode"], left["active"], left["holdType"], left["heatSetpoint"]) == ("off", False, "permanent", 26)
    assert _report(timeline.at(BEGIN + 9000).behaviour, BEGIN + 9000) == left
    commanded = timeline.at(BEGIN + 2).behaviour.with_command(HOLD, BEGIN + 3)
    assert _report(commanded, BEGIN + 30)["temperature"] < left["temperature"] - 1


def test_past_of_a_house_reads_as_before() -> None:
    behaviour = NEST_E.default_behaviour(0).with_command(ActiveCommand("heat", {"target": 18.0}), BEGIN)
    seen = [behaviour.path.at(BEGIN + step * 7.3) for step in range(200)]
    behaviour.path.at(BEGIN + 1e6)
    assert [behaviour.path.at(BEGIN + step * 7.3) for step in range(200)] == seen


def test_temperature_two_months_ago_makes_no_difference() -> None:
    warm, cold = (temperature_band().reached_from(BEGIN, temperature) for temperature in (35.0, 10.0))
    assert warm.at(BEGIN + 44 * DAY).value == pytest.approx(cold.at(BEGIN + 44 * DAY).value, abs=1e-12)
    assert warm.at(BEGIN + 90 * DAY) == pytest.approx(cold.at(BEGIN + 90 * DAY), abs=1e-12)
