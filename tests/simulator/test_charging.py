"""A charger and its vehicle, which share one state."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.amps.simulator.devices.base import ActiveCommand, Behaviour
from custom_components.amps.simulator.devices.baselines import vehicle_level
from custom_components.amps.simulator.devices.ev_charger import CHARGEPOINT, EV_CHARGER, TESLA, EvChargerBehaviour
from custom_components.amps.simulator.devices.vehicle import RIVIAN, TESLA as MODEL_3, TESLA_Y, VehicleModel
from custom_components.amps.simulator.home.timeline import Change, Command, SettingsChange, Stage, Timeline
from custom_components.amps.simulator.physics.paths import DAY

from .strategies import BEGIN, GAPS

_CHARGERS = st.builds(
    lambda charger, vehicle: replace(charger, vehicle=vehicle),
    st.sampled_from([CHARGEPOINT, TESLA]),
    st.sampled_from([MODEL_3, RIVIAN, TESLA_Y]),
)
_EVENTS = st.lists(
    st.tuples(
        GAPS,
        st.one_of(
            st.sampled_from(["charge", "idle"]).map(ActiveCommand),
            st.fixed_dictionaries({"max_charge_rate": st.floats(0, 50)}),
        ),
    ),
    max_size=6,
)
type _Event = tuple[float, ActiveCommand | Mapping[str, float]]


def _timeline(charger: Any, events: list[_Event]) -> tuple[Timeline, list[float]]:  # noqa: ANN401  a model, replaced
    """Return the timeline of a charger and the instants of its changes."""
    timeline = Timeline(
        lambda: Stage(since=float("-inf"), behaviour=charger.default_behaviour(0.5), settings=charger.default_settings)
    )
    time, instants = BEGIN, [BEGIN]
    for gap, happens in events:
        time += gap
        change: Change = (
            Command(at=time, active_command=happens)
            if isinstance(happens, ActiveCommand)
            else SettingsChange(at=time, values=happens)
        )
        timeline.add(change)
        instants.append(time)
    return timeline, instants


def _behaviour(timeline: Timeline, time: float) -> EvChargerBehaviour:
    behaviour = timeline.at(time).behaviour
    assert isinstance(behaviour, EvChargerBehaviour)
    return behaviour


def _report(behaviour: Behaviour, time: float) -> dict[str, Any]:
    return dict(behaviour.report(time))


def _commanded(charger: Any, command: str, time: float) -> EvChargerBehaviour:  # noqa: ANN401  a model, replaced
    behaviour = charger.default_behaviour(0).with_command(ActiveCommand(command), time)
    assert isinstance(behaviour, EvChargerBehaviour)
    return behaviour


@given(_CHARGERS, _EVENTS, st.lists(st.floats(0, 100), min_size=1, max_size=5))
@settings(max_examples=200)
def test_charger_and_vehicle_report_the_same_at_every_instant(
    charger: Any,  # noqa: ANN401  a model, replaced
    events: list[_Event],
    delays: list[float],
) -> None:
    timeline, instants = _timeline(charger, events)
    for time in (*instants, *(instants[-1] + delay for delay in delays)):
        behaviour = _behaviour(timeline, time)
        delivered, taken = _report(behaviour, time), _report(behaviour.vehicle_behaviour(), time)
        assert delivered["isConnected"] is taken["plugged"]
        assert delivered["isCharging"] is taken["charging"]
        assert delivered["currentPower"] == taken["chargeRate"]
        cap = min(charger.power_limit, timeline.at(time).settings["max_charge_rate"], charger.vehicle.max_power)
        assert 0 <= delivered["currentPower"] <= cap + 0.0005
        assert 10 - 1e-6 <= taken["batteryLevel"] <= taken["chargeLimit"]
        if behaviour.command == "idle":
            assert delivered["currentPower"] == 0


@given(_CHARGERS, _EVENTS, st.lists(st.floats(0, 500), max_size=5))
@settings(max_examples=100)
def test_what_the_charger_delivers_is_what_the_vehicle_gains(
    charger: Any,  # noqa: ANN401  a model, replaced
    events: list[_Event],
    delays: list[float],
) -> None:
    """Level and power agree at every instant: the change of the level shortly after is the rate times the span."""
    timeline, instants = _timeline(charger, events)
    for time in (*instants, *(instants[-1] + delay for delay in delays)):
        path = _behaviour(timeline, time).vehicle.path
        (level, speed), (reached, speed_then) = path.at(time), path.at(time + 1e-3)
        slow, fast = sorted((speed, speed_then))
        assert slow * 1e-3 - 1e-6 <= reached - level <= fast * 1e-3 + 1e-6
        power = _behaviour(timeline, time).vehicle.power(time)
        assert power == pytest.approx(max(speed, 0) * charger.vehicle.capacity / 100)


@given(_CHARGERS, _EVENTS, st.lists(st.floats(0, 200), max_size=10))
def test_reading_changes_nothing_and_the_past_stays(
    charger: Any,  # noqa: ANN401  a model, replaced
    events: list[_Event],
    delays: list[float],
) -> None:
    watched, instants = _timeline(charger, events)
    unwatched, _ = _timeline(charger, events)
    seen = [
        (time, _report(_behaviour(watched, time).vehicle, time)) for time in sorted(BEGIN + delay for delay in delays)
    ]
    for time in (*instants, instants[-1] + 5000):
        expected = _report(_behaviour(unwatched, time).vehicle, time)
        assert _report(_behaviour(watched, time).vehicle, time) == expected
    assert [_report(_behaviour(watched, time).vehicle, time) for time, _ in seen] == [state for _, state in seen]


@pytest.mark.parametrize("charger", EV_CHARGER.catalogue)
def test_uncommanded_charger_follows_the_documented_day(charger: Any) -> None:  # noqa: ANN401  a model
    behaviour = charger.default_behaviour(0)
    for quarter in range(96):
        time = BEGIN + quarter / 4
        level, speed = vehicle_level(0).at(time + charger.shift)
        assert _report(behaviour.vehicle, time)["batteryLevel"] == pytest.approx(level, abs=0.0051)
        assert _report(behaviour, time)["currentPower"] == pytest.approx(
            max(speed, 0) * charger.vehicle.capacity / 100, abs=0.0005
        )


def test_setting_without_effect_changes_nothing() -> None:
    default_behaviour = CHARGEPOINT.default_behaviour(0)
    adjusted = default_behaviour.with_settings({"max_charge_rate": 7}, BEGIN + 1)
    for hour in range(1, 400):
        assert _report(adjusted.vehicle, BEGIN + hour) == _report(default_behaviour.vehicle, BEGIN + hour)


def test_charge_fills_the_vehicle_to_its_limit_and_stops() -> None:
    """Half full at 21 UTC, 45 % of 75 kWh to go: at 7.4 kW that takes until 01:33 and 39 s."""
    behaviour = _commanded(CHARGEPOINT, "charge", BEGIN + 21)
    full = BEGIN + 21 + 0.45 * 75 / 7.4
    assert _report(behaviour, full - 1e-4)["currentPower"] == 7.4
    assert _report(behaviour.vehicle, BEGIN + 21)["chargeTimeRemaining"] == 274
    done, vehicle = _report(behaviour, full + 1e-4), _report(behaviour.vehicle, full + 1e-4)
    assert (done["status"], done["isConnected"], done["currentPower"]) == ("connected", True, 0)
    assert (vehicle["batteryLevel"], vehicle["fullyCharged"], vehicle["chargeTimeRemaining"]) == (95, True, 0)


@pytest.mark.parametrize("day", [1, 2, 365, 3650])
def test_standing_charge_is_the_same_every_day(day: int) -> None:
    behaviour = _commanded(CHARGEPOINT, "charge", BEGIN + 12)
    for hour in (9, 14, 21, 22, 30):
        expected = _report(behaviour.vehicle, BEGIN + DAY + hour)
        assert _report(behaviour.vehicle, BEGIN + day * DAY + hour) == expected
    assert _report(behaviour.vehicle, BEGIN + day * DAY + 9)["batteryLevel"] == 95
    assert _report(behaviour.vehicle, BEGIN + day * DAY + 21)["batteryLevel"] == 50


def test_suspended_vehicle_is_driven_until_it_is_nearly_empty_and_then_left() -> None:
    behaviour = _commanded(CHARGEPOINT, "idle", BEGIN + 21)
    levels = [_report(behaviour.vehicle, BEGIN + 21 + day * DAY)["batteryLevel"] for day in range(5)]
    assert levels == [50, 10, 10, 10, 10]
    assert _report(behaviour.vehicle, BEGIN + 18 + DAY)["chargeRate"] == 0


def test_suspended_vehicle_keeps_a_level_above_its_usual_day() -> None:
    behaviour = _commanded(CHARGEPOINT, "charge", BEGIN).with_command(ActiveCommand("idle"), BEGIN + 1)
    kept = behaviour.vehicle.path.at(BEGIN + 1).value
    assert kept > vehicle_level(0).at(BEGIN + 2).value
    assert behaviour.vehicle.path.at(BEGIN + 2) == (kept, 0)


def test_weak_charger_lets_the_vehicle_run_down_and_a_strong_one_catches_up() -> None:
    """At 2 kW the twelve hours at home give 32 % of 75 kWh, and the day takes 45 %."""
    weak = CHARGEPOINT.default_behaviour(0).with_settings({"max_charge_rate": 2}, BEGIN + 21)
    assert _report(weak.vehicle, BEGIN + 33)["batteryLevel"] == pytest.approx(50 + 32)
    assert _report(weak.vehicle, BEGIN + 21 + DAY)["batteryLevel"] == pytest.approx(37)
    assert _report(weak.vehicle, BEGIN + 21 + 100 * DAY)["batteryLevel"] == 10
    later = BEGIN + 21 + 100 * DAY
    strong = weak.with_settings({"max_charge_rate": 11}, later)
    assert _report(strong, later)["currentPower"] == 7.4
    assert _report(strong.vehicle, later + 12)["batteryLevel"] == 95


def test_vehicle_charges_with_its_maximum_power_at_most() -> None:
    strong = replace(TESLA, vehicle=MODEL_3, shift=0).default_behaviour(0)
    charged = strong.with_settings({"max_charge_rate": 22}, BEGIN).with_command(ActiveCommand("charge"), BEGIN + 21)
    assert _report(charged, BEGIN + 21)["currentPower"] == MODEL_3.max_power == 11


@pytest.mark.parametrize("vehicle", [MODEL_3, RIVIAN, TESLA_Y])
def test_charge_limit_is_not_below_the_usual_day(vehicle: VehicleModel) -> None:
    assert vehicle.charge_limit >= max(vehicle_level(0).values)
