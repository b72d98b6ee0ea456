"""Inverters, vehicles, chargers and thermostats over time."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
import math
from typing import Any

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.amps.simulator.devices import ev_charger, solar_inverter, vehicle
from custom_components.amps.simulator.devices.base import ActiveCommand, Behaviour
from custom_components.amps.simulator.physics.paths import DAY
from custom_components.amps.simulator.wire import hours

from .strategies import BEGIN

_INSTANTS = st.datetimes(datetime(2025, 1, 1), datetime(2040, 1, 1)).map(  # noqa: DTZ001  a strategy wants them naive
    lambda naive: hours(naive.replace(tzinfo=UTC))
)


def _report(behaviour: Behaviour, time: float) -> dict[str, Any]:
    return dict(behaviour.report(time))


# Solar inverters

_INVERTER = solar_inverter.SOLAREDGE
_SPREAD = 0.25


def _inverter() -> solar_inverter.SolarInverterBehaviour:
    return _INVERTER.default_behaviour(_SPREAD)


def _simpson(behaviour: solar_inverter.SolarInverterBehaviour, begin: float, end: float) -> float:
    """Return the exact integral over a span in which the power is one parabola; the end belongs to the next span."""
    last = math.nextafter(end, begin)
    powers = behaviour.power(begin), behaviour.power((begin + end) / 2), behaviour.power(last)
    return (end - begin) / 6 * (powers[0] + 4 * powers[1] + powers[2])


@given(_INSTANTS, st.floats(0, 2000))
def test_energy_of_an_inverter_is_the_integral_of_its_power(begin: float, length: float) -> None:
    behaviour = _inverter()
    bounds = [begin, *(float(hour) for hour in range(math.ceil(begin), math.ceil(begin + length))), begin + length]
    integral = sum(_simpson(behaviour, a, b) for a, b in pairwise(bounds) if b > a)
    gained = behaviour.energy(begin + length) - behaviour.energy(begin)
    assert gained == pytest.approx(integral, abs=1e-6)
    assert _report(behaviour, begin + length)["energyTotal"] >= _report(behaviour, begin)["energyTotal"]


@pytest.mark.parametrize("year", [2026, 2027, 2028, 2100])
def test_energy_of_a_year_is_the_sum_of_its_days(year: int) -> None:
    behaviour, begin = _inverter(), datetime(year, 1, 1, tzinfo=UTC)
    days = (datetime(year + 1, 1, 1, tzinfo=UTC) - begin).days
    total = sum(
        _simpson(behaviour, hours(begin) + day * DAY + hour, hours(begin) + day * DAY + hour + 1)
        for day in range(days)
        for hour in range(24)
    )
    gained = behaviour.energy(hours(begin + timedelta(days=days))) - behaviour.energy(hours(begin))
    assert gained == pytest.approx(total, abs=1e-6)


def test_energy_is_the_same_on_both_sides_of_every_midnight() -> None:
    behaviour = _inverter()
    for day in range(10_000):
        midnight = BEGIN + day * DAY
        assert behaviour.energy(math.nextafter(midnight, 0)) == behaviour.energy(midnight)


def test_energy_starts_at_zero_on_the_day_of_commissioning() -> None:
    behaviour = _inverter()
    first = hours(datetime.combine(solar_inverter.commissioned(_SPREAD), datetime.min.time(), tzinfo=UTC))
    assert behaviour.energy(first) == pytest.approx(0)
    assert behaviour.energy(first + 24) > 0


def test_inverter_produces_at_the_documented_hours() -> None:
    behaviour = _inverter()
    power = [behaviour.power(BEGIN + quarter / 4) for quarter in range(97)]
    assert all(value == 0 for value in power[: 6 * 4 + 1] + power[18 * 4 :])
    assert all(a < b for a, b in zip(power[6 * 4 : 12 * 4], power[6 * 4 + 1 :], strict=False))
    assert all(a > b for a, b in zip(power[12 * 4 : 18 * 4], power[12 * 4 + 1 :], strict=False))
    assert max(power) == power[12 * 4] == behaviour.peak_power
    assert min(power[9 * 4 : 15 * 4 + 1]) >= 0.75 * behaviour.peak_power - 1e-9


def test_power_has_no_jumps() -> None:
    behaviour = _inverter()
    steepest = _INVERTER.peak_power * 0.75 / 3
    for minute in range(24 * 60):
        time = BEGIN + minute / 60
        assert abs(behaviour.power(time + 1 / 60) - behaviour.power(time)) <= steepest / 60 + 1e-9


def test_winter_yields_less_than_summer() -> None:
    behaviour = _inverter()
    noons = [behaviour.power(hours(datetime(2026, month, 15, 12, tzinfo=UTC))) for month in range(1, 13)]
    assert noons[5] == max(noons)
    assert noons[11] == min(noons) > 0
    assert noons[11] < noons[2] < noons[5]


def test_sun_changes_from_day_to_day_by_little_and_not_by_the_month() -> None:
    behaviour = _inverter()
    noons = [behaviour.power(hours(datetime(2027, 1, 1, 12, tzinfo=UTC)) + day * DAY) for day in range(3 * 365)]
    changes = [abs(after - before) / _INVERTER.peak_power for before, after in pairwise(noons)]
    assert 0 < max(changes) < 0.014, "two steps at the end of a February without a 29th"


def test_inverters_of_one_model_were_commissioned_on_days_of_their_own() -> None:
    assert len({solar_inverter.commissioned(tenth / 10) for tenth in range(10)}) == 10


# Vehicles


@given(_INSTANTS, st.sampled_from(vehicle.VEHICLE.catalogue))
@settings(max_examples=200)
def test_reading_of_a_vehicle_is_consistent(time: float, model: object) -> None:
    assert isinstance(model, vehicle.VehicleModel)
    behaviour = model.default_behaviour(0)
    state = _report(behaviour, time)
    level, limit = state["batteryLevel"], state["chargeLimit"]
    assert 0 <= level <= 100
    assert state["range"] == pytest.approx(level / 100 * state["batteryCapacity"] * 3.7, abs=1)
    assert state["fullyCharged"] is (level >= limit)
    if state["charging"]:
        assert state["plugged"]
        assert state["chargeRate"] > 0
        minutes = (limit - level) / 100 * state["batteryCapacity"] / state["chargeRate"] * 60
        assert state["chargeTimeRemaining"] == pytest.approx(minutes, abs=1)
    else:
        assert state["chargeRate"] == state["chargeTimeRemaining"] == 0


def test_vehicle_gains_what_its_charge_rate_says() -> None:
    behaviour = vehicle.TESLA.default_behaviour(0)
    begin, end = BEGIN + 22, BEGIN + 29
    state = _report(behaviour, begin)
    gained = (_report(behaviour, end)["batteryLevel"] - state["batteryLevel"]) / 100 * state["batteryCapacity"]
    assert gained == pytest.approx(state["chargeRate"] * (end - begin), abs=0.02)


def test_vehicle_is_full_when_it_reaches_its_limit() -> None:
    state = _report(vehicle.TESLA.default_behaviour(0), BEGIN + 9)
    assert state["batteryLevel"] == state["chargeLimit"] == 95
    assert (state["fullyCharged"], state["charging"]) == (True, False)


# EV chargers

_CHARGER_COMMANDS = st.sampled_from([None, ActiveCommand("charge"), ActiveCommand("idle")])


@given(
    _INSTANTS,
    _CHARGER_COMMANDS,
    st.one_of(st.none(), st.floats(0, 50)),
    st.sampled_from(ev_charger.EV_CHARGER.catalogue),
)
@settings(max_examples=200)
def test_reading_of_a_charger_is_consistent_and_within_its_limits(
    time: float, active_command: ActiveCommand | None, rate: float | None, model: object
) -> None:
    assert isinstance(model, ev_charger.EvChargerModel)
    behaviour: Behaviour = model.default_behaviour(0)
    if rate is not None:
        behaviour = behaviour.with_settings({"max_charge_rate": rate}, time)
    if active_command is not None:
        behaviour = behaviour.with_command(active_command, time)
    state = _report(behaviour, time)
    power = state["currentPower"]
    assert 0 <= power <= min(model.power_limit, 11 if rate is None else rate) + 0.0005
    assert state["isCharging"] is (power > 0)
    assert state["isConnected"] or not state["isCharging"]
    expected = {(True, True): "charging", (True, False): "connected", (False, False): "available"}
    assert state["status"] == expected[state["isConnected"], state["isCharging"]]
    if active_command == ActiveCommand("idle"):
        assert power == 0
