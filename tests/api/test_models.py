"""Readings as the generations of the API have them."""

from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

import pytest

from custom_components.amps.api import ParsedList, Reading, slug
from custom_components.amps.api.json import JsonObject, JsonValue
from custom_components.amps.api.models import (
    ActionState,
    ActionSummary,
    Battery,
    BatteryMode,
    BatteryStatus,
    EvCharger,
    Execution,
    Hvac,
    HvacMode,
    SolarInverter,
    Source,
    Vehicle,
)
from custom_components.amps.api.models.lenient import read_model


def battery(**changes: object) -> dict[str, Any]:
    """Return the full battery reading of api §5.2."""
    return {
        "id": "device_7f3k2m",
        "vendor": "foxess",
        "sync": {"available": True, "lastPulledAt": "2026-06-14T08:15:30.000Z"},
        "metadata": {"model": "H1-5.0-E", "source": "projection"},
        "state": {
            "status": "charging",
            "capacity": 10.4,
            "level": 58,
            "chargeRate": 3.1,
            "dischargeLimit": 10,
            "currentMode": "charge",
        },
        "conflictStrategies": ["cancel_and_replace", "queue_after"],
        "commands": {
            "charge": {
                "parameters": {"target": {"unit": "percent", "min": 10, "max": 100}},
                "execution": ["immediate", "scheduled", "windowed"],
            },
            "auto.balanced": {"parameters": {}, "execution": ["immediate", "scheduled"]},
        },
        "settings": {
            "discharge_floor": {"value": 10, "unit": "percent", "min": 0, "max": 100},
            "scheduler_enabled": {"value": False},
        },
        "lastAction": {
            "id": "act_9p2v7c",
            "command": "auto.balanced",
            "state": "acknowledged",
            "createdAt": "2026-06-14T08:14:00.000Z",
            "updatedAt": "2026-06-14T08:14:01.000Z",
            "errorCode": None,
            "errorMessage": None,
            "links": {"self": "/actions/act_9p2v7c"},
        },
        "currentSchedule": None,
    } | changes


def test_a_full_reading_is_read_without_loss() -> None:
    device = read_model(Battery, battery())
    assert device.state.status is BatteryStatus.CHARGING
    assert (device.state.level, device.state.capacity, device.state.charge_rate) == (58, 10.4, 3.1)
    assert device.state.current_mode is BatteryMode.CHARGE
    assert device.sync.last_pulled_at == datetime(2026, 6, 14, 8, 15, 30, tzinfo=UTC)
    assert device.metadata.source is Source.PROJECTION
    assert device.commands["auto_balanced"].name == "auto.balanced"
    assert device.commands["charge"].execution == {Execution.IMMEDIATE, Execution.SCHEDULED, Execution.WINDOWED}
    assert (device.commands["charge"].parameters["target"].min, device.commands["charge"].parameters["target"].max) == (
        10,
        100,
    )
    assert device.settings is not None
    assert device.settings["discharge_floor"].value == 10
    assert device.settings["scheduler_enabled"].value is False
    assert device.last_action is not None
    assert (device.last_action.command, device.last_action.state) == ("auto_balanced", ActionState.ACKNOWLEDGED)
    assert device.authoritative


@pytest.mark.parametrize(
    ("device_class", "state", "expected"),
    [
        (
            EvCharger,
            {"status": "charging", "isConnected": True, "isCharging": True, "currentPower": 7, "maxCurrent": 32},
            {"status": "charging", "is_connected": True, "is_charging": True, "current_power": 7, "max_current": 32},
        ),
        (
            Hvac,
            {"temperature": 19.6, "active": True, "heatSetpoint": 21, "holdType": "permanent", "mode": "heat"},
            {"temperature": 19.6, "active": True, "heat_setpoint": 21, "hold_type": "permanent", "mode": HvacMode.HEAT},
        ),
        (
            SolarInverter,
            {"status": "producing", "currentPower": 2.9, "producing": True, "energyTotal": 8412.7},
            {"status": "producing", "current_power": 2.9, "producing": True, "energy_total": 8412.7},
        ),
        (
            Vehicle,
            {"batteryLevel": 71, "range": 203, "plugged": True, "fullyCharged": False, "chargeTimeRemaining": 90},
            {"battery_level": 71, "range": 203, "plugged": True, "fully_charged": False, "charge_time_remaining": 90},
        ),
    ],
)
def test_each_type_has_its_state(device_class: type[Battery], state: JsonObject, expected: dict[str, object]) -> None:
    device = read_model(device_class, {"id": "device_1", "state": state})
    assert device.state.model_dump(include=set(expected)) == expected
    assert device.state.model_fields_set == set(expected)


def test_a_null_field_is_reported_and_a_missing_one_is_not() -> None:
    device = read_model(Battery, battery(state={"status": None, "level": 58}))
    assert device.state.status is None
    assert "status" in device.capabilities.fields
    assert "current_mode" not in device.capabilities.fields


def test_an_unknown_enum_value_becomes_unknown_value() -> None:
    device = read_model(
        Battery,
        battery(
            state={"status": "meditating", "currentMode": "auto.lunar"},
            metadata={"source": "crystal_ball"},
            lastAction={"id": "act_1", "state": "deferred"},
        ),
    )
    assert device.state.status is BatteryStatus.UNKNOWN_VALUE
    assert device.state.current_mode is BatteryMode.UNKNOWN_VALUE
    assert device.metadata.source is Source.UNKNOWN_VALUE
    assert device.last_action is not None
    assert device.last_action.state is ActionState.UNKNOWN_VALUE


def test_older_generations_are_read_without_loss() -> None:
    raw = battery(
        state={"status": "idle", "level": 50},
        lastAction={"actionId": "act_1", "command": "charge", "state": "completed"},
        features={"pull": [], "push": []},
    )
    del raw["settings"], raw["conflictStrategies"], raw["currentSchedule"], raw["sync"]
    device = read_model(Battery, raw)
    assert device.state.status is BatteryStatus.IDLE
    assert "current_mode" not in device.capabilities.fields
    assert device.settings is None
    assert device.last_action is not None
    assert (device.last_action.id, device.last_action.error_code) == ("act_1", None)
    assert device.authoritative


@pytest.mark.parametrize(
    "field", ["sync", "metadata", "state", "commands", "conflictStrategies", "settings", "lastAction"]
)
def test_null_is_tolerated_everywhere(field: str) -> None:
    device = read_model(Battery, battery(**{field: None}))
    assert device.id == "device_7f3k2m"
    assert device.authoritative


@pytest.mark.parametrize(
    ("sync", "source", "authoritative"),
    [
        (True, "cache", True),
        (True, "live", True),
        (False, "live", False),
        (True, "fallback", False),
        (None, None, True),
    ],
)
def test_a_fallback_to_an_earlier_reading_is_not_authoritative(
    sync: bool | None, source: str | None, authoritative: bool
) -> None:
    device = read_model(Battery, battery(sync={"available": sync}, metadata={"source": source}))
    assert device.authoritative is authoritative


def test_an_invalid_value_makes_no_other_unreadable() -> None:
    raw = battery()
    raw["state"] |= {"level": {"value": 58}, "status": 7}
    raw["commands"]["auto.balanced"]["execution"] = "immediate"
    raw["commands"]["idle"] = None
    raw["settings"]["discharge_floor"]["min"] = "low"
    raw["lastAction"]["createdAt"] = "this morning"
    device = read_model(Battery, raw)
    assert device.state.level is None
    assert "level" in device.capabilities.fields
    assert device.state.status is BatteryStatus.UNKNOWN_VALUE
    assert device.state.charge_rate == 3.1
    assert device.commands.keys() == {"charge", "auto_balanced"}
    assert device.commands["auto_balanced"].execution == frozenset()
    assert device.settings is not None
    assert (device.settings["discharge_floor"].value, device.settings["discharge_floor"].min) == (10, None)
    assert device.last_action is not None
    assert (device.last_action.id, device.last_action.created_at) == ("act_9p2v7c", None)


def test_an_object_without_a_required_value_is_left_out() -> None:
    raw = battery(id=7, lastAction={"id": None, "command": "charge", "createdAt": []}, sync=5, metadata=[])
    raw["commands"]["charge"] = {"parameters": {"target": {"unit": ["percent"], "min": {}}, "power": 5}}
    raw["settings"]["scheduler_enabled"] = {"value": {"value": {"value": 1}}}
    device = read_model(Battery, raw)
    assert (device.id, device.vendor, device.last_action) == ("7", "foxess", None)
    assert (device.sync.available, device.metadata.source) == (True, None)
    assert device.commands["charge"].parameters.keys() == {"target"}
    assert (device.commands["charge"].parameters["target"].unit, device.state.level) == (None, 58)
    assert device.settings is not None
    assert (device.settings["scheduler_enabled"].value, device.settings["discharge_floor"].value) == (None, 10)
    either = read_model(Battery, battery(lastAction={"id": None, "actionId": 8})).last_action
    assert either is not None
    assert either.id == "8"


@pytest.mark.parametrize("value", [True, 1e10, -1e308, "much", "1e400", [], {}])
def test_a_number_beyond_any_quantity_of_a_home_is_unknown(value: object) -> None:
    device = read_model(Battery, battery(state={"level": value, "capacity": "10.4"}))
    assert (device.state.level, device.state.capacity) == (None, 10.4)
    assert device.capabilities.fields == {"level", "capacity"}


@pytest.mark.parametrize(
    "value", [0, 1718352000, "1718352000", True, "soon", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00", {}]
)
def test_an_invalid_datetime_is_unknown(value: object) -> None:
    device = read_model(Battery, battery(sync={"lastPulledAt": value, "available": False}))
    assert (device.sync.last_pulled_at, device.sync.available) == (None, False)


def test_a_text_that_is_only_shown_is_stored_as_it_is_shown() -> None:
    device = read_model(Battery, battery(vendor="Fox\nESS" + "x" * 200, metadata={"model": " \n"}))
    assert device.vendor is not None
    assert (device.vendor[:8], len(device.vendor), device.metadata.model) == ("Fox ESSx", 100, None)


def test_invalid_names_are_left_out_and_of_many_the_first_are_kept() -> None:
    raw = battery(conflictStrategies=[5, "queue_after", None, "x" * 101, *["fail"] * 1000])
    raw["settings"] = {f"setting_{number}": {"value": number} for number in range(10_000)}
    device = read_model(Battery, raw)
    assert device.conflict_strategies[0] == "queue_after"
    assert len(device.conflict_strategies) <= 100
    assert device.settings is not None
    assert len(device.settings) == 100
    assert device.settings["setting_99"].value == 99


def test_an_item_is_parsed_again_only_if_it_changed() -> None:
    first, readings = _read(battery(), battery(id="device_2"))
    assert list(readings) == ["device_7f3k2m", "device_2"]
    same, readings = _read(battery(), battery(id="device_2"), before=first)
    assert same.items[0] is first.items[0]
    assert not readings
    again, readings = _read(battery(), battery(id="device_2", vendor="Other"), before=first)
    assert list(readings) == ["device_2"]
    assert readings["device_2"].device.vendor == "Other"
    assert again.items[0] is first.items[0]
    assert again.devices["device_7f3k2m"] is first.devices["device_7f3k2m"]


def test_an_invalid_item_makes_no_other_unreadable() -> None:
    parsed, readings = _read({"vendor": "nameless"}, "no object at all", battery())
    assert list(parsed.devices) == list(readings) == ["device_7f3k2m"]
    assert parsed.unreadable == 2


def _read(*items: JsonValue, before: ParsedList | None = None) -> tuple[ParsedList, dict[str, Reading]]:
    parsed = ParsedList()
    return parsed, parsed.add(Battery, items, served_at=None, before=before or ParsedList())


def test_equal_commands_are_the_same_object() -> None:
    one, other = (read_model(Battery, battery(id=id_, vendor=id_)) for id_ in ("device_1", "device_2"))
    assert one.commands is other.commands
    assert one.commands["charge"].parameters["target"].max == 100
    other_commands = {"charge": {"execution": ["scheduled"]}}
    assert read_model(Battery, battery(commands=other_commands)).commands["charge"].execution == {Execution.SCHEDULED}
    assert read_model(Battery, battery()).commands is one.commands


def test_the_raw_forms_of_invalid_commands_are_not_shared() -> None:
    items = [battery(id=f"device_{each}", commands={"idle": {"execution": each}}) for each in (7, 8)]
    parsed, readings = _read(*deepcopy(items))
    assert parsed.items == items
    assert not _read(*deepcopy(items), before=parsed)[1]
    one, other = (reading.device.commands for reading in readings.values())
    assert one == other


def test_commands_that_orjson_cannot_serialize_are_read() -> None:
    deep: JsonValue = {}
    for _ in range(500):
        deep = {"deeper": deep}
    device = read_model(Battery, battery(commands={"idle": {"execution": ["immediate"], "parameters": {}, "x": deep}}))
    assert device.commands["idle"].execution == {Execution.IMMEDIATE}


@pytest.mark.parametrize(
    ("wire", "expected"),
    [
        ("auto.balanced", "auto_balanced"),
        ("heatSetpoint", "heat_setpoint"),
        ("follow_schedule", "follow_schedule"),
        ("x" * 101, ""),
        ("☀", ""),
    ],
)
def test_wire_names_become_slugs(wire: str, expected: str) -> None:
    assert slug(wire) == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [("DEVICE_OFFLINE", "DEVICE_OFFLINE"), ("E42", "E42"), ("Jane Doe", None), ("", None), (7, None), (None, None)],
)
def test_a_text_that_is_no_code_is_left_out(text: object, code: str | None) -> None:
    assert ActionSummary.model_validate({"id": "act_1", "errorCode": text}).error_code == code
