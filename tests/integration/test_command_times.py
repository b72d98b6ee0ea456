"""What goes over the wire for each command and its times, and what is refused before anything does (design §6)."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
import voluptuous as vol

from custom_components.amps.simulator import Request

from .commanding import Home
from .conftest import Advance, patiently

BOTH = pytest.mark.parametrize("environment", ["sandbox", "live"])

MODELS = {
    "battery": "H1-5.0-E",
    "without power": "Giv-Bat 9.5",
    "in windows only": "EP11",
    "charger": "Home Flex",
    "thermostat": "Learning Thermostat",
    "vehicle": "R1T",
    "inverter": "IQ8+",
}
CHARGE = {"command": "charge"}
HEAT = {"mode": "heat", "temperature": 21}
BETWEEN = {"mode": "auto", "heat_setpoint": 20}
_AT_NIGHT = ("2026-06-14T23:30:00", "2026-06-15T05:00:00")


def quantity(value: float, unit: str) -> dict[str, Any]:
    """Return a number as it goes over the wire."""
    return {"value": value, "unit": unit}


COMMANDS: list[tuple[str, str, dict[str, Any], str, dict[str, Any]]] = [
    ("battery", "charge", {}, "charge", {}),
    (
        "battery",
        "charge",
        {"target_level": 90, "power": 2.5, "reserve_level": 20},
        "charge",
        {
            "target": quantity(90, "percent"),
            "power": quantity(2.5, "kw"),
            "reserve": quantity(20, "percent"),
        },
    ),
    ("battery", "discharge", {"target_level": 30}, "discharge", {"target": quantity(30, "percent")}),
    ("battery", "idle", {}, "idle", {}),
    ("battery", "set_mode", {"mode": "auto_balanced"}, "auto.balanced", {}),
    ("battery", "set_mode", {"mode": "auto_export"}, "auto.export", {}),
    ("battery", "send_command", {"command": "auto.reserve"}, "auto.reserve", {}),
    ("charger", "charge", {}, "charge", {}),
    ("charger", "idle", {}, "idle", {}),
    ("thermostat", "set_temperature", {"mode": "heat", "temperature": 21}, "heat", {"target": quantity(21, "celsius")}),
    ("thermostat", "set_temperature", {"mode": "cool", "temperature": 24}, "cool", {"target": quantity(24, "celsius")}),
    (
        "thermostat",
        "set_temperature",
        {"mode": "auto", "heat_setpoint": 19, "cool_setpoint": 25},
        "auto",
        {
            "heatSetpoint": quantity(19, "celsius"),
            "coolSetpoint": quantity(25, "celsius"),
        },
    ),
    ("thermostat", "idle", {}, "idle", {}),
    ("thermostat", "set_mode", {"mode": "follow_schedule"}, "follow_schedule", {}),
]
"""Device, action with its data, and what goes over the wire."""
_SCHEDULED = [each for each in COMMANDS if each[3] != "follow_schedule"]
_WINDOWED = [each for each in COMMANDS if each[3] in {"charge", "discharge", "heat", "cool"}]


async def test_each_declared_command_is_shown_below_in_each_of_its_shapes(home: Home) -> None:
    tried = {"immediate": COMMANDS, "scheduled": _SCHEDULED, "windowed": _WINDOWED}
    for path, device in (("battery", "battery"), ("ev-charger", "charger"), ("hvac", "thermostat")):
        for item in home.ask("GET", f"/{path}")["items"]:
            for command, declared in item["commands"].items():
                for shape in declared["execution"]:
                    assert (device, command) in {(each[0], each[3]) for each in tried[shape]}, shape


@BOTH
@pytest.mark.parametrize(("device", "action", "data", "command", "parameters"), COMMANDS)
async def test_a_command_at_once(
    home: Home,
    pass_time: Advance,
    device: str,
    action: str,
    data: dict[str, Any],
    command: str,
    parameters: dict[str, Any],
) -> None:
    answer = await patiently(home.call(action, getattr(home, device), **data), pass_time)
    assert answer["ok"]
    assert answer["action"]["state"] in {"acknowledged", "completed"}
    assert (answer["action"]["start"], answer["action"]["end"]) == (None, None)
    (body,) = home.pushed
    assert body["action"].pop("parameters", {}) == parameters
    assert body == {"action": {"command": command}}
    assert home.posts == 1


@BOTH
@pytest.mark.parametrize(("device", "action", "data", "command", "parameters"), _SCHEDULED)
async def test_a_command_with_a_start(
    home: Home, device: str, action: str, data: dict[str, Any], command: str, parameters: dict[str, Any]
) -> None:
    answer = await home.call(action, getattr(home, device), start="23:30", **data)
    assert answer["action"]["state"] == "scheduled"
    assert (answer["action"]["start"], answer["action"]["end"]) == ("2026-06-14T22:30:00Z", None)
    (body,) = home.pushed
    assert body["action"].pop("parameters", {}) == parameters
    assert body == {"action": {"command": command, "start": _AT_NIGHT[0]}}
    assert home.posts == 1


@BOTH
@pytest.mark.parametrize(("device", "action", "data", "command", "parameters"), _WINDOWED)
async def test_a_command_with_a_window(
    home: Home, device: str, action: str, data: dict[str, Any], command: str, parameters: dict[str, Any]
) -> None:
    times = {"start": "23:30", "end": "05:00"}
    answer = await home.call(action, getattr(home, device), on_conflict="cancel_and_replace", **times, **data)
    assert (answer["action"]["start"], answer["action"]["end"]) == ("2026-06-14T22:30:00Z", "2026-06-15T04:00:00Z")
    (body,) = home.pushed
    assert body["action"].pop("parameters", {}) == parameters
    action_body = {"command": command, "start": _AT_NIGHT[0], "end": _AT_NIGHT[1]}
    assert body == {"action": action_body, "onConflict": "cancel_and_replace"}
    assert home.posts == 1


@pytest.mark.parametrize(
    "times",
    [
        {"start": "23:30:00", "duration": {"hours": 5, "minutes": 30}},
        {"start": "2026-06-14 23:30:00", "end": "2026-06-15 05:00:00"},
        {"start": "2026-06-14T22:30:00+00:00", "end": "2026-06-15T06:00:00+02:00"},
        # As a script computes them.
        {"start": datetime(2026, 6, 14, 22, 30, tzinfo=UTC), "end": time(5)},
    ],
    ids=str,
)
async def test_times_can_be_written_in_several_ways(home: Home, times: dict[str, Any]) -> None:
    await home.call("charge", home.battery, **times)
    (body,) = home.pushed
    assert (body["action"]["start"], body["action"]["end"]) == _AT_NIGHT


async def test_without_a_start_a_window_begins_at_the_next_full_minute(home: Home, pass_time: Advance) -> None:
    await pass_time(timedelta(seconds=10))
    home.forget()
    answer = await home.call("charge", home.battery, duration={"hours": 1})
    assert (answer["action"]["start"], answer["action"]["end"]) == ("2026-06-14T12:02:00Z", "2026-06-14T13:02:00Z")
    (body,) = home.pushed
    assert (body["action"]["start"], body["action"]["end"]) == ("2026-06-14T13:02:00", "2026-06-14T14:02:00")


REFUSED: list[tuple[str, str, dict[str, Any], str, str]] = [
    ("battery", "charge", {"start": "2026-06-14 12:59:59"}, "start_in_past", "2026-06-14 12:59"),
    ("battery", "charge", {"start": "2026-07-14 13:00:01"}, "start_out_of_range", "30 days"),
    ("battery", "charge", {"start": "23:00", "end": "2026-06-14 22:00:00"}, "end_not_after_start", "22:00"),
    ("battery", "charge", {"start": "23:00", "duration": {"days": 40}}, "end_out_of_range", "31 days"),
    ("battery", "charge", {"end": "2026-06-14 12:00:00"}, "end_not_after_start", "12:00"),
    (
        "battery",
        "charge",
        {"end": "23:00", "duration": {"hours": 1}},
        "times_exclude_each_other",
        "end or duration",
    ),
    ("battery", "charge", {"start": "23:00", "ready_by": "05:00"}, "times_exclude_each_other", "start or ready_by"),
    ("battery", "charge", {"duration": {"hours": 0}}, "duration_not_positive", "longer"),
    ("battery", "charge", {"start": "2027-03-28 01:30:00"}, "time_never_occurs", "2027-03-28 01:30"),
    ("battery", "charge", {"start": "2026-10-25 01:30:00"}, "time_occurs_twice", "2026-10-25 01:30"),
    ("battery", "idle", {"duration": {"hours": 1}}, "execution_not_supported", "immediate, scheduled"),
    ("battery", "set_mode", {"mode": "auto_balanced", "ready_by": "23:00"}, "ready_by_unknown", "start instead"),
    ("battery", "charge", {"then": "auto_balanced"}, "then_needs_end", "end or a duration"),
    ("battery", "charge", {"then": "auto_export", "start": "23:00"}, "then_needs_end", "end or a duration"),
    ("battery", "charge", {"then": "follow_schedule", "duration": 3600}, "command_not_supported", "auto_export"),
    ("battery", "charge", {"power": 5.01}, "parameter_out_of_range", "from 0 to 5 kw"),
    ("battery", "discharge", {"target_level": 9.9}, "parameter_out_of_range", "from 10 to 100 percent"),
    ("battery", "charge", {"reserve_level": 101}, "parameter_out_of_range", "from 0 to 100 percent"),
    ("battery", "set_mode", {"mode": "follow_schedule"}, "command_not_supported", "auto_balanced, auto_export"),
    ("battery", "send_command", {"command": "fly"}, "command_not_supported", "charge, discharge, idle"),
    ("battery", "send_command", {**CHARGE, "parameters": {"speed": 1}}, "parameter_not_supported", "reserve, target"),
    ("battery", "send_command", {"command": "idle", "parameters": {"power": 1}}, "no_parameters", "without power"),
    ("battery", "apply_settings", {"settings": {"discharge_roof": 1}}, "setting_not_supported", "safety_reserve"),
    ("battery", "apply_settings", {"settings": {"scheduler_enabled": 1}}, "setting_read_only", "safety_reserve"),
    ("battery", "apply_settings", {"settings": {"charge_ceiling": 101}}, "setting_out_of_range", "from 0 to 100"),
    (
        "without power",
        "charge",
        {"power": 2},
        "parameter_not_supported",
        "power of the command charge. It knows: target",
    ),
    ("without power", "set_mode", {"mode": "auto_balanced"}, "command_not_supported", "charge, discharge, idle"),
    ("in windows only", "charge", {}, "execution_not_supported", "as: windowed"),
    ("in windows only", "charge", {"start": "23:00"}, "execution_not_supported", "as scheduled"),
    ("charger", "discharge", {}, "command_not_supported", "charge, idle"),
    ("charger", "charge", {"target_level": 90}, "no_parameters", "without target"),
    ("charger", "apply_settings", {"settings": {"max_charge_rate": 51}}, "setting_out_of_range", "kw, not 51"),
    ("charger", "charge", {"on_conflict": "queue_after"}, "on_conflict_not_supported", "cancel_and_replace, fail"),
    ("charger", "charge", {"ready_by": "23:00"}, "ready_by_unknown", "start instead"),
    ("thermostat", "set_temperature", {"mode": "heat"}, "parameter_missing", "target"),
    ("thermostat", "set_temperature", {"mode": "cool", "temperature": 36}, "parameter_out_of_range", "from 10 to 35"),
    ("thermostat", "set_temperature", {**HEAT, "cool_setpoint": 25}, "parameter_not_supported", "knows: target"),
    ("thermostat", "set_temperature", {**BETWEEN, "cool_setpoint": 20}, "setpoints_not_ascending", "below"),
    ("thermostat", "set_temperature", {**BETWEEN, "duration": 3600}, "execution_not_supported", "immediate, scheduled"),
    ("thermostat", "apply_settings", {"settings": {"max_charge_rate": 7}}, "no_settings", "no settings"),
    (
        "thermostat",
        "set_mode",
        {"mode": "follow_schedule", "start": "23:00"},
        "execution_not_supported",
        "immediate",
    ),
    ("vehicle", "charge", {"target_level": 80}, "no_commands", "takes no commands"),
    ("vehicle", "apply_settings", {"settings": {"charge_ceiling": 80}}, "no_settings", "no settings"),
    ("inverter", "idle", {}, "no_commands", "takes no commands"),
    ("inverter", "send_command", {"command": "charge"}, "no_commands", "takes no commands"),
]
"""Device, action with its data, the key of the refusal and a part of its text."""


@BOTH
async def test_what_cannot_be_is_refused_before_anything_is_sent(home: Home) -> None:
    for device, action, data, key, text in REFUSED:
        err = await home.refusal(action, home.device(MODELS[device]), **data)
        assert err.translation_key == key, (action, data)
        assert text in str(err)
    assert home.posts == 0


def declare_unit(home: Home, command: str, parameter: str, unit: str) -> None:
    """Have all devices declare a parameter of a command in a unit, from the next reading on."""

    def rewrite(_request: Request, body: dict[str, Any]) -> None:
        data = body.get("data", {})
        for item in data.get("items", [data]):
            parameters = item.get("commands", {}).get(command, {}).get("parameters", {})
            if parameter in parameters:
                parameters[parameter] = {"unit": unit}

    home.between.rewrite = rewrite


@BOTH
@pytest.mark.parametrize(
    ("device", "command", "parameter", "unit", "action", "data"),
    [
        ("battery", "charge", "target", "kwh", "charge", {"target_level": 90}),
        ("battery", "charge", "power", "amps", "charge", {"power": 2}),
        ("thermostat", "heat", "target", "kwh", "set_temperature", HEAT),
    ],
)
async def test_what_a_device_declares_in_another_unit_is_refused(
    home: Home, device: str, command: str, parameter: str, unit: str, action: str, data: dict[str, Any]
) -> None:
    declare_unit(home, command, parameter, unit)
    await home.hass.config_entries.async_reload(home.account.entry_id)
    err = await home.refusal(action, home.device(MODELS[device]), **data)
    assert err.translation_key == "unit_not_supported"
    assert f"takes {parameter} in {unit}, not in " in str(err)
    assert home.posts == 0


@pytest.mark.parametrize("when", ["25:00", "soon", "0001-01-01 00:00:00", "9999-12-31 23:59:59", 7, ""])
@pytest.mark.parametrize("field", ["start", "ready_by"])
async def test_what_is_no_time_is_refused_by_its_field(home: Home, field: str, when: object) -> None:
    with pytest.raises(vol.Invalid):
        await home.call("charge", home.battery, **{field: when})
    assert home.posts == 0
