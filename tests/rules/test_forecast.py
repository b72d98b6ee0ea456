"""How long a level takes, and how much energy: closed form against small steps (design §6, `ready_by`, `expected`)."""

from datetime import timedelta
import math

from hypothesis import assume, given, settings, strategies as st
import pytest

from custom_components.amps.api.models import AnyDevice
from custom_components.amps.rules.capability import CommandRequest, ParameterValue
from custom_components.amps.rules.forecast import Expected, LevelChange, expect, find_level_change

from .devices import NOW, battery, charger, hvac, record_of, vehicle

levels = st.floats(0, 100)
_CHARGING = st.builds(
    lambda level, target, capacity, max_power, share: LevelChange(
        level=level,
        target=max(level, target),
        capacity=capacity,
        power=max_power * share,
        max_power=max_power,
        efficiency=0.95,
    ),
    levels,
    levels,
    st.floats(1, 200),
    st.floats(0.5, 50),
    st.floats(0.01, 1),
)
_DISCHARGING = st.builds(
    lambda level, target, capacity, power: LevelChange(
        level=level, target=min(level, target), capacity=capacity, power=power, efficiency=0.95
    ),
    levels,
    levels,
    st.floats(1, 200),
    st.floats(0.5, 50),
)
changes = st.one_of(_CHARGING, _DISCHARGING)


def stepped(change: LevelChange, hours: float, steps: int) -> tuple[float, float]:
    """Return the level after some hours, and the energy at the device, as many small steps come to."""
    level, energy, step = change.level, 0.0, hours / steps
    for _ in range(steps):
        if change.target > change.level:
            power = change.power
            if change.max_power is not None:
                power = min(power, change.max_power * max(102 - level, 0) / 10)
            stored = min(power * change.efficiency * step, (change.target - level) / 100 * change.capacity)
            energy += max(stored, 0) / change.efficiency
        else:
            stored = -min(change.power / change.efficiency * step, (level - change.target) / 100 * change.capacity)
            energy += max(-stored, 0) * change.efficiency
        level += stored / change.capacity * 100
    return level, energy


@settings(max_examples=60)
@given(changes, st.floats(0.05, 1.2))
def test_the_closed_form_is_what_small_steps_come_to(change: LevelChange, share: float) -> None:
    assume(not change.is_reached and math.isfinite(change.hours))
    hours = change.hours * share
    level, energy = stepped(change, hours, 4000)
    assert change.level_after(hours) == pytest.approx(level, abs=0.05)
    assert change.energy_to(change.level_after(hours)) == pytest.approx(energy, rel=0.01, abs=0.001 * change.capacity)


@given(changes, st.floats(0, 1), st.floats(0, 1))
def test_a_level_never_turns_back(change: LevelChange, first: float, second: float) -> None:
    assume(math.isfinite(change.hours))
    sooner, later = sorted((first, second))
    way = [change.level_after(change.hours * share) for share in (0.0, sooner, later, 1.0, 2.0)]
    assert way == sorted(way, reverse=change.target < change.level)
    assert way[0] == pytest.approx(change.level, abs=0.011)
    assert way[-1] == pytest.approx(change.target, abs=0.011)


@given(changes, st.none() | st.floats(-1, 100))
def test_what_is_expected_is_consistent(change: LevelChange, lasts: float | None) -> None:
    ends_at = None if lasts is None else NOW + timedelta(hours=max(lasts, 0))
    expected = expect(change, NOW, ends_at)
    assert expected.level is not None
    assert min(change.level, change.target) - 0.06 <= expected.level <= max(change.level, change.target) + 0.06
    assert expected.energy is not None
    assert 0 <= expected.energy < math.inf
    if expected.reached_at is not None:
        assert expected.level == pytest.approx(change.target, abs=0.06)
        assert ends_at is None or expected.reached_at <= ends_at + timedelta(seconds=1)


@pytest.mark.parametrize("power", [0.0, 1e-12, 1e-300])
@pytest.mark.parametrize("ends_at", [None, NOW + timedelta(hours=1)])
def test_without_power_nothing_is_ever_reached(power: float, ends_at: object) -> None:
    change = LevelChange(level=20, target=99, capacity=10, power=power, max_power=5)
    assert change.hours == math.inf
    expected = expect(change, NOW, None if ends_at is None else NOW + timedelta(hours=1))
    assert expected.reached_at is None
    if power == 0 or ends_at is not None:
        assert expected == Expected(level=20, reached_at=None, energy=0.0)


def test_what_cannot_be_known_is_not_guessed() -> None:
    assert expect(None, NOW, None) == Expected()
    request = CommandRequest(command="charge")
    unknown: list[tuple[AnyDevice, CommandRequest]] = [
        (battery(level=None), request),
        (battery(capacity=None), request),
        (battery(capacity=0), request),
        (battery(), CommandRequest(command="auto_balanced")),
        (battery(), CommandRequest(command="auto_export")),
        (hvac(), CommandRequest(command="heat")),
        (charger(), CommandRequest(command="idle")),
        (charger(powerRateLimit=None), request),
    ]
    for device, wanted in unknown:
        assert find_level_change(device, {}, wanted, vehicle()) is None, device
    for nothing in (None, vehicle(batteryLevel=None), vehicle(batteryCapacity=None), vehicle(chargeLimit=None)):
        assert find_level_change(charger(), {}, request, nothing) is None


def percent(value: float) -> ParameterValue:
    """Return a number of percent."""
    return ParameterValue(value=value, unit="percent")


@pytest.mark.parametrize(
    ("wanted", "declared", "target", "power"),
    [
        (CommandRequest(command="charge"), {}, 100, 5),
        (CommandRequest(command="charge", parameters={"target": percent(80)}), {}, 80, 5),
        (CommandRequest(command="charge", parameters={"target": percent(95)}), {"charge_ceiling": 90}, 90, 5),
        (CommandRequest(command="charge", parameters={"target": percent(30)}), {}, 50, 5),
        (CommandRequest(command="charge", parameters={"power": ParameterValue(value=2, unit="kw")}), {}, 100, 2),
        (CommandRequest(command="charge", parameters={"power": ParameterValue(value=99, unit="kw")}), {}, 100, 5),
        (CommandRequest(command="discharge"), {}, 10, 5),
        (CommandRequest(command="discharge"), {"discharge_floor": 25}, 25, 5),
        (CommandRequest(command="discharge"), {"safety_reserve": 35}, 35, 5),
        (CommandRequest(command="discharge", parameters={"reserve": percent(40)}), {"safety_reserve": 35}, 40, 5),
        (CommandRequest(command="discharge", parameters={"target": percent(20)}), {}, 20, 5),
        (CommandRequest(command="discharge", parameters={"target": percent(70)}), {}, 50, 5),
        (CommandRequest(command="idle"), {}, 50, 0),
    ],
)
def test_a_battery_moves_as_far_as_its_command_and_settings_let_it(
    wanted: CommandRequest, declared: dict[str, float], target: float, power: float
) -> None:
    record = record_of(battery(), **{name: (value, "percent") for name, value in declared.items()})
    change = find_level_change(record.device, record.settings, wanted, None)
    assert change is not None
    assert (change.level, change.target, change.power, change.capacity) == (50, target, power, 10)


def test_a_power_in_watts_is_one() -> None:
    device = battery()
    raw = device.commands["charge"].parameters["power"]
    watts = raw.model_copy(update={"unit": "watts", "max": 5000.0})
    commands = {
        **device.commands,
        "charge": device.commands["charge"].model_copy(
            update={"parameters": {**device.commands["charge"].parameters, "power": watts}}
        ),
    }
    found = find_level_change(
        device.model_copy(update={"commands": commands}),
        {},
        CommandRequest(command="charge", parameters={"power": ParameterValue(value=2, unit="kw")}),
        None,
    )
    assert found is not None
    assert (found.power, found.max_power) == (2, 5)
    amps = raw.model_copy(update={"unit": "amps"})
    commands["charge"] = commands["charge"].model_copy(
        update={"parameters": {**commands["charge"].parameters, "power": amps}}
    )
    unknown = device.model_copy(update={"commands": commands})
    assert find_level_change(unknown, {}, CommandRequest(command="charge"), None) is None


def test_a_charger_charges_the_vehicle_on_it_at_the_lower_of_its_limits() -> None:
    request = CommandRequest(command="charge")
    change = find_level_change(charger(), {}, request, vehicle())
    assert change == LevelChange(level=40, target=80, capacity=75, power=7.4)
    limited = record_of(charger(), max_charge_rate=(3.7, "kw"))
    change = find_level_change(limited.device, limited.settings, request, vehicle(batteryLevel=90))
    assert change == LevelChange(level=90, target=90, capacity=75, power=3.7)
    assert change.is_reached
