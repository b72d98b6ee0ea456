"""Readings (api §4, §5, §11)."""

from datetime import UTC, datetime

import pytest

from .harness import Api, Document

_COMMANDED = ["id", "vendor", "sync", "metadata", "state", "conflictStrategies", "commands"]
_SUMMARIES = ["lastAction", "currentSchedule"]

_STATES = {
    "battery": ["status", "capacity", "level", "chargeRate", "dischargeLimit", "currentMode"],
    "ev-charger": ["status", "isConnected", "isCharging", "currentPower", "maxCurrent", "powerRateLimit"],
    "hvac": ["temperature", "active", "heatSetpoint", "coolSetpoint", "holdType", "mode"],
    "solar-inverter": ["status", "currentPower", "producing", "energyTotal"],
    "vehicle": [
        "batteryLevel",
        "range",
        "plugged",
        "charging",
        "fullyCharged",
        "batteryCapacity",
        "chargeLimit",
        "chargeRate",
        "chargeTimeRemaining",
        "maxCurrent",
    ],
}
_COUNTS = {"battery": 3, "ev-charger": 2, "hvac": 2, "solar-inverter": 2, "vehicle": 2}

_PERCENT = {"unit": "percent", "min": 0, "max": 100}
_TARGET = {"unit": "percent", "min": 10, "max": 100}
_ANY = ["immediate", "scheduled", "windowed"]
_STANDING = {"parameters": {}, "execution": ["immediate", "scheduled"]}
_CELSIUS = {"unit": "celsius", "min": 10, "max": 35}


@pytest.mark.parametrize("segment", _STATES)
async def test_home_has_the_devices_decided_on(api: Api, segment: str) -> None:
    assert len(await api.devices(segment)) == _COUNTS[segment]


@pytest.mark.parametrize("segment", _STATES)
async def test_state_has_the_documented_fields_in_the_order_of_the_samples(api: Api, segment: str) -> None:
    for device in await api.devices(segment):
        assert list(device["state"]) == _STATES[segment]
        assert list(await api.state(device)) == _STATES[segment]


@pytest.mark.parametrize("segment", ["battery", "ev-charger"])
async def test_single_read_has_settings_and_a_list_has_not(api: Api, segment: str) -> None:
    for device in await api.devices(segment):
        assert list(device) == [*_COMMANDED, *_SUMMARIES, "segment"]
        assert list(await api.read(device)) == [*_COMMANDED, "settings", *_SUMMARIES]


async def test_thermostat_has_no_settings(api: Api) -> None:
    for device in await api.devices("hvac"):
        assert list(await api.read(device)) == [*_COMMANDED, *_SUMMARIES]


@pytest.mark.parametrize("segment", ["solar-inverter", "vehicle"])
async def test_read_only_types_declare_nothing(api: Api, segment: str) -> None:
    for device in await api.devices(segment):
        assert list(await api.read(device)) == ["id", "vendor", "sync", "metadata", "state"]


@pytest.mark.parametrize("segment", _STATES)
async def test_sandbox_reading_is_a_projection_of_this_instant(api: Api, segment: str) -> None:
    await api.advance(hours=5, milliseconds=123)
    for device in await api.devices(segment):
        for reading in (device, await api.read(device)):
            assert reading["sync"] == {"available": True, "lastPulledAt": "2026-06-14T13:15:30.123Z"}
            assert list(reading["metadata"]) == ["model", "source"]
            assert reading["metadata"]["source"] == "projection"
            assert reading["metadata"]["model"]
            assert reading["vendor"]


@pytest.mark.parametrize("segment", _STATES)
async def test_list_is_as_current_as_a_single_read(api: Api, segment: str) -> None:
    for _ in range(3):
        await api.advance(hours=3)
        for device in await api.devices(segment):
            reading = await api.read(device)
            assert {name: reading[name] for name in reading if name != "settings"} == {
                name: device[name] for name in device if name != "segment"
            }


@pytest.mark.parametrize("segment", ["battery", "ev-charger", "hvac"])
async def test_new_device_has_no_action(api: Api, segment: str) -> None:
    for device in await api.devices(segment):
        assert device["lastAction"] is None
        assert device["currentSchedule"] is None


async def test_ids_are_opaque_and_unique_over_types(api: Api) -> None:
    ids = [device["id"] for segment in _STATES for device in await api.devices(segment)]
    assert len(set(ids)) == len(ids) == 11
    assert all(identifier.startswith("device_") for identifier in ids)
    assert len({identifier[-4:] for identifier in ids}) == len(ids)


async def test_first_battery_declares_everything(api: Api) -> None:
    battery = await api.read(await api.device("battery"))
    movement = {
        "parameters": {"target": _TARGET, "power": {"unit": "kw", "min": 0, "max": 5}, "reserve": _PERCENT},
        "execution": _ANY,
    }
    assert battery["vendor"] == "FoxESS"
    assert battery["conflictStrategies"] == ["cancel_and_replace", "queue_after"]
    assert battery["commands"] == {
        "charge": movement,
        "discharge": movement,
        "idle": _STANDING,
        "auto.balanced": _STANDING,
        "auto.reserve": _STANDING,
        "auto.export": _STANDING,
    }
    assert battery["settings"] == {
        "discharge_floor": {"value": 10, **_PERCENT},
        "charge_ceiling": {"value": 100, **_PERCENT},
        "safety_reserve": {"value": 5, **_PERCENT},
        "export_limit": {"value": 5000, "unit": "watts", "min": 0, "max": 10000},
        "max_charge_rate": {"value": 100, "unit": "amps", "min": 0, "max": 1000},
        "max_discharge_rate": {"value": 100, "unit": "amps", "min": 0, "max": 1000},
        "scheduler_enabled": {"value": False},
    }


async def test_second_battery_charges_and_discharges_in_windows_only(api: Api) -> None:
    commands = (await api.device("battery", 1))["commands"]
    assert {name: command["execution"] for name, command in commands.items()} == {
        "charge": ["windowed"],
        "discharge": ["windowed"],
        "idle": ["immediate", "scheduled"],
        "auto.balanced": ["immediate", "scheduled"],
        "auto.reserve": ["immediate", "scheduled"],
    }


async def test_third_battery_takes_no_power_has_no_automatic_mode_and_shows_no_bounds(api: Api) -> None:
    battery = await api.read(await api.device("battery", 2))
    assert list(battery["commands"]) == ["charge", "discharge", "idle"]
    assert battery["commands"]["charge"]["parameters"] == {"target": _TARGET}
    assert battery["settings"]["discharge_floor"] == {"value": 10, "unit": "percent"}
    assert battery["state"]["currentMode"] == "idle"


async def test_chargers_declare_two_commands_and_one_setting(api: Api) -> None:
    for charger in await api.devices("ev-charger"):
        assert charger["conflictStrategies"] == ["cancel_and_replace"]
        assert charger["commands"] == {"charge": {"parameters": {}, "execution": _ANY}, "idle": _STANDING}
        assert (await api.read(charger))["settings"] == {
            "max_charge_rate": {"value": 11, "unit": "kw", "min": 0, "max": 50}
        }


async def test_thermostats_declare_five_commands(api: Api) -> None:
    for thermostat in await api.devices("hvac"):
        assert thermostat["conflictStrategies"] == ["cancel_and_replace"]
        assert thermostat["commands"] == {
            "heat": {"parameters": {"target": _CELSIUS}, "execution": _ANY},
            "cool": {"parameters": {"target": _CELSIUS}, "execution": _ANY},
            "auto": {
                "parameters": {"heatSetpoint": _CELSIUS, "coolSetpoint": _CELSIUS},
                "execution": ["immediate", "scheduled"],
            },
            "idle": _STANDING,
            "follow_schedule": {"parameters": {}, "execution": ["immediate"]},
        }


async def test_one_device_leaves_several_fields_null(api: Api) -> None:
    states: list[Document] = [device["state"] for segment in _STATES for device in await api.devices(segment)]
    assert sorted(list(state.values()).count(None) for state in states) == [*([0] * 10), 3]


@pytest.mark.parametrize(
    ("hour", "low", "high", "status"),
    [
        (6.5, 46, 70, "discharging"),
        (8.5, 46, 70, "discharging"),
        (9.5, 46, 92, "charging"),
        (14.5, 50, 92, "charging"),
        (15.5, 30, 90, "discharging"),
        (20.5, 30, 90, "discharging"),
        (21.5, 30, 70, "charging"),
        (29.5, 30, 70, "charging"),
        (30.5, 46, 70, "discharging"),
    ],
)
async def test_uncommanded_battery_follows_the_day(api: Api, hour: float, low: float, high: float, status: str) -> None:
    await api.set_clock(set=datetime(2026, 6, 15, tzinfo=UTC).isoformat())
    await api.advance(hours=hour)
    batteries = [battery["state"] for battery in await api.devices("battery")]
    for state in batteries:
        assert low <= state["level"] <= high
        assert state["status"] == status
        assert (state["chargeRate"] > 0) is (status == "charging")
    assert len({state["level"] for state in batteries}) == len(batteries), "devices differ"


@pytest.mark.parametrize(
    ("hour", "low", "high", "plugged"),
    [
        (6.5, 80, 95, True),
        (8.5, 80, 95, True),
        (9.5, 71, 95, False),
        (13, 71, 95, False),
        (17.5, 50, 70, False),
        (20.5, 50, 70, False),
        (21.5, 50, 82, True),
    ],
)
async def test_vehicle_follows_the_day(api: Api, hour: float, low: float, high: float, *, plugged: bool) -> None:
    """The second vehicle is away at night, so that of two chargers one is always plugged in (api §15.2 #50)."""
    for index, earlier in ((0, 0), (1, 12)):
        await api.set_clock(set=datetime(2026, 6, 15 + 2 * index, tzinfo=UTC).isoformat())
        await api.advance(hours=(hour - earlier) % 24)
        state = await api.state(await api.device("vehicle", index))
        assert low <= state["batteryLevel"] <= high
        assert state["plugged"] is plugged
        assert state["charging"] is plugged


@pytest.mark.parametrize("hour", range(24))
async def test_one_charger_is_plugged_in_and_the_other_is_not(api: Api, hour: int) -> None:
    await api.set_clock(set=datetime(2026, 6, 15, hour, 30, tzinfo=UTC).isoformat())
    chargers = [charger["state"] for charger in await api.devices("ev-charger")]
    assert sorted(charger["isConnected"] for charger in chargers) == [False, True]
    for charger in chargers:
        assert charger["isCharging"] is charger["isConnected"]
        assert (charger["currentPower"] > 0) is charger["isCharging"]
        assert charger["status"] == ("charging" if charger["isCharging"] else "available")


@pytest.mark.parametrize(("hour", "producing"), [(0, False), (6.5, True), (12, True), (17.5, True), (18, False)])
async def test_inverter_produces_by_day(api: Api, hour: float, *, producing: bool) -> None:
    await api.set_clock(set=datetime(2026, 6, 15, tzinfo=UTC).isoformat())
    await api.advance(hours=hour)
    for inverter in await api.devices("solar-inverter"):
        state = inverter["state"]
        assert state["producing"] is producing
        assert (state["currentPower"] > 0) is producing
        assert state["status"] == ("producing" if producing else "idle")
        assert state["energyTotal"] > 0


async def test_inverter_produces_less_in_winter(api: Api) -> None:
    await api.set_clock(set="2026-06-21T12:00:00Z")
    summer = [inverter["state"]["currentPower"] for inverter in await api.devices("solar-inverter")]
    await api.set_clock(set="2026-12-21T12:00:00Z")
    winter = [inverter["state"]["currentPower"] for inverter in await api.devices("solar-inverter")]
    assert all(0 < low < high / 2 for low, high in zip(winter, summer, strict=True))


async def test_energy_total_grows_by_what_the_power_yields(api: Api) -> None:
    inverter = await api.device("solar-inverter")
    before = await api.state(inverter)
    for _ in range(48):
        await api.advance(minutes=30)
        after = await api.state(inverter)
        powers = sorted((before["currentPower"], after["currentPower"]))
        gained = after["energyTotal"] - before["energyTotal"]
        assert powers[0] / 2 * 0.98 - 0.11 <= gained <= powers[1] / 2 * 1.02 + 0.11
        before = after


async def test_vehicle_reading_adds_up(api: Api) -> None:
    vehicle = await api.device("vehicle")
    seen = set()
    for _ in range(96):
        await api.advance(minutes=15)
        state = await api.state(vehicle)
        energy = state["batteryLevel"] / 100 * state["batteryCapacity"]
        assert state["range"] == pytest.approx(3.7 * energy, rel=0.01)
        assert state["fullyCharged"] is (state["batteryLevel"] >= state["chargeLimit"])
        assert (state["chargeRate"] > 0) is (state["chargeTimeRemaining"] > 0) is state["charging"]
        assert state["plugged"] or not state["charging"]
        seen.add(state["charging"])
    assert seen == {True, False}


async def test_thermostat_follows_its_own_programme_at_first(api: Api) -> None:
    for thermostat in await api.devices("hvac"):
        state = thermostat["state"]
        assert (state["mode"], state["holdType"]) == ("auto", "follow_schedule")
        assert state["heatSetpoint"] < state["coolSetpoint"]
