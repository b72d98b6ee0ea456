"""The thermostat: what it is to do, what it does, and what can be asked of it (design §5)."""

from datetime import timedelta
from typing import Any

from homeassistant.components.climate import ClimateEntityFeature as Feature
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import device_registry as dr
import pytest

from .actions import ActionEvents
from .conftest import Advance, entity_id
from .controls import bodies
from .interception import Interception
from .live import amps_id
from .thermostats import HALF_MINUTE, climate, rewrite, setpoints, thermostat, use_thermostat

__all__ = ["thermostat"]


def action(command: str, **parameters: float) -> dict[str, Any]:
    """Return the body of a command."""
    given = {name: {"value": value, "unit": "celsius"} for name, value in parameters.items()}
    return {"action": {"command": command} | ({"parameters": given} if given else {})}


async def test_it_is_the_main_entity_of_its_device(hass: HomeAssistant, thermostat: dr.DeviceEntry) -> None:
    state = climate(hass, thermostat)
    assert state.attributes["friendly_name"] == thermostat.name
    assert state.attributes["hvac_modes"] == ["heat", "cool", "heat_cool", "off"]
    assert state.attributes["preset_modes"] == ["none", "schedule"]
    assert (state.state, state.attributes["preset_mode"]) == ("heat_cool", "schedule")
    assert (state.attributes["min_temp"], state.attributes["max_temp"]) == (10, 35)
    assert state.attributes["target_temp_step"] == 0.5
    assert state.attributes["supported_features"] == (
        Feature.TARGET_TEMPERATURE
        | Feature.TARGET_TEMPERATURE_RANGE
        | Feature.PRESET_MODE
        | Feature.TURN_ON
        | Feature.TURN_OFF
    )
    assert state.attributes["current_temperature"] is not None


async def test_a_temperature_is_one_command_shown_at_once(
    hass: HomeAssistant, thermostat: dr.DeviceEntry, sent: Interception
) -> None:
    events, context = ActionEvents.listen(hass), Context()
    await use_thermostat(hass, thermostat, "set_temperature", context, temperature=21.5, hvac_mode="heat")
    assert bodies(sent) == [(f"/hvac/{amps_id(thermostat)}", action("heat", target=21.5))]
    assert setpoints(hass, thermostat) == ("heat", 21.5, None, None)
    assert climate(hass, thermostat).attributes["preset_mode"] == "none"
    assert climate(hass, thermostat).context.id == context.id
    assert {event.context.id for event in events.events} == {context.id}


async def test_each_mode_has_its_own_setpoint(
    hass: HomeAssistant, thermostat: dr.DeviceEntry, sent: Interception, advance: Advance
) -> None:
    await use_thermostat(
        hass, thermostat, "set_temperature", hvac_mode="heat_cool", target_temp_low=19, target_temp_high=25
    )
    assert setpoints(hass, thermostat) == ("heat_cool", None, 19, 25)
    await advance(HALF_MINUTE)
    await use_thermostat(hass, thermostat, "set_hvac_mode", hvac_mode="cool")
    assert setpoints(hass, thermostat) == ("cool", 25, None, None)
    await advance(HALF_MINUTE)
    await use_thermostat(hass, thermostat, "set_hvac_mode", hvac_mode="heat")
    assert setpoints(hass, thermostat) == ("heat", 19, None, None)
    await advance(HALF_MINUTE)
    await use_thermostat(hass, thermostat, "set_temperature", temperature=20)
    await advance(HALF_MINUTE)
    await use_thermostat(hass, thermostat, "set_hvac_mode", hvac_mode="heat_cool")
    assert setpoints(hass, thermostat) == ("heat_cool", None, 20, 25)
    assert [body for _, body in bodies(sent)] == [
        action("auto", heatSetpoint=19, coolSetpoint=25),
        action("cool", target=25),
        action("heat", target=19),
        action("heat", target=20),
        action("auto", heatSetpoint=20, coolSetpoint=25),
    ]


async def test_it_returns_to_the_mode_before_it_was_off(
    hass: HomeAssistant, sandbox_account: ConfigEntry, thermostat: dr.DeviceEntry, sent: Interception, advance: Advance
) -> None:
    await use_thermostat(hass, thermostat, "set_temperature", temperature=24, hvac_mode="cool")
    await advance(HALF_MINUTE)
    await use_thermostat(hass, thermostat, "turn_off")
    assert setpoints(hass, thermostat) == ("off", 24, None, None)
    assert climate(hass, thermostat).attributes["hvac_action"] == "off"
    await advance(HALF_MINUTE)
    await hass.config_entries.async_reload(sandbox_account.entry_id)
    assert setpoints(hass, thermostat) == ("off", 24, None, None)
    await use_thermostat(hass, thermostat, "turn_on")
    assert setpoints(hass, thermostat) == ("cool", 24, None, None)
    assert [body for _, body in bodies(sent)] == [action("cool", target=24), action("idle"), action("cool", target=24)]


@pytest.mark.parametrize(
    ("data", "body"),
    [
        ({"temperature": 22}, action("cool", target=22)),
        ({"temperature": 22, "hvac_mode": "heat"}, action("heat", target=22)),
        ({"temperature": 22, "hvac_mode": "off"}, action("idle")),
    ],
)
async def test_a_temperature_set_while_off_turns_it_on(
    hass: HomeAssistant,
    thermostat: dr.DeviceEntry,
    sent: Interception,
    advance: Advance,
    data: dict[str, Any],
    body: dict[str, Any],
) -> None:
    await use_thermostat(hass, thermostat, "set_temperature", temperature=24, hvac_mode="cool")
    await advance(HALF_MINUTE)
    await use_thermostat(hass, thermostat, "turn_off")
    await advance(HALF_MINUTE)
    sent.requests.clear()
    await use_thermostat(hass, thermostat, "set_temperature", **data)
    assert [body for _, body in bodies(sent)] == [body]


async def test_the_schedule_is_a_preset_and_none_holds_what_is(
    hass: HomeAssistant, thermostat: dr.DeviceEntry, sent: Interception, advance: Advance
) -> None:
    before = setpoints(hass, thermostat)
    await use_thermostat(hass, thermostat, "set_preset_mode", preset_mode="none")
    assert setpoints(hass, thermostat) == before
    assert climate(hass, thermostat).attributes["preset_mode"] == "none"
    await advance(HALF_MINUTE)
    await use_thermostat(hass, thermostat, "set_preset_mode", preset_mode="none")  # which it is already
    await advance(HALF_MINUTE)
    await use_thermostat(hass, thermostat, "set_preset_mode", preset_mode="schedule")
    assert climate(hass, thermostat).attributes["preset_mode"] == "schedule"
    _, _, low, high = before
    assert [body for _, body in bodies(sent)] == [
        action("auto", heatSetpoint=low, coolSetpoint=high),
        action("follow_schedule"),
    ]


@pytest.mark.parametrize(
    ("data", "key"),
    [
        ({"hvac_mode": "heat_cool", "temperature": 21}, "range_needed"),
        ({"hvac_mode": "heat", "target_temp_low": 20, "target_temp_high": 22}, "temperature_needed"),
        ({"hvac_mode": "heat", "temperature": 36}, "temp_out_of_range"),
        ({"hvac_mode": "heat_cool", "target_temp_low": 23, "target_temp_high": 22}, "low_temp_higher_than_high_temp"),
    ],
)
async def test_what_makes_no_sense_is_refused(
    hass: HomeAssistant, thermostat: dr.DeviceEntry, sent: Interception, data: dict[str, Any], key: str
) -> None:
    with pytest.raises(ServiceValidationError) as raised:
        await use_thermostat(hass, thermostat, "set_temperature", **data)
    assert raised.value.translation_key == key
    assert bodies(sent) == []


async def test_both_temperatures_must_differ(hass: HomeAssistant, thermostat: dr.DeviceEntry) -> None:
    before = setpoints(hass, thermostat)
    data: dict[str, Any] = {"hvac_mode": "heat_cool", "target_temp_low": 22, "target_temp_high": 22}
    with pytest.raises(HomeAssistantError):
        await use_thermostat(hass, thermostat, "set_temperature", **data)
    assert setpoints(hass, thermostat) == before


@pytest.mark.parametrize("hvac_mode", ["dry", "fan_only", "auto"])
async def test_modes_that_it_does_not_have_are_refused(
    hass: HomeAssistant, thermostat: dr.DeviceEntry, sent: Interception, hvac_mode: str
) -> None:
    calls: dict[str, dict[str, Any]] = {"set_hvac_mode": {}, "set_temperature": {"temperature": 21}}
    for service, data in calls.items():
        with pytest.raises(ServiceValidationError):
            await use_thermostat(hass, thermostat, service, hvac_mode=hvac_mode, **data)
    assert bodies(sent) == []


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ({"mode": "heat", "active": True}, "heating"),
        ({"mode": "cool", "active": True}, "cooling"),
        ({"mode": "heat", "active": False}, "idle"),
        ({"mode": "off", "active": False}, "off"),
        ({"mode": "auto", "active": True, "temperature": 18, "heatSetpoint": 20, "coolSetpoint": 24}, "heating"),
        ({"mode": "auto", "active": True, "temperature": 26, "heatSetpoint": 20, "coolSetpoint": 24}, "cooling"),
        ({"mode": "auto", "active": True, "temperature": None}, None),
        ({"mode": "heat", "active": None}, None),
    ],
)
async def test_what_it_does_is_told_from_its_reading(
    hass: HomeAssistant,
    thermostat: dr.DeviceEntry,
    sent: Interception,
    advance: Advance,
    state: dict[str, Any],
    expected: str | None,
) -> None:
    rewrite(sent, thermostat, **state)
    await advance(HALF_MINUTE)
    assert climate(hass, thermostat).attributes.get("hvac_action") == expected


@pytest.mark.parametrize("mode", [None, "emergency"])
async def test_a_mode_that_nobody_knows_is_unknown(
    hass: HomeAssistant, thermostat: dr.DeviceEntry, sent: Interception, advance: Advance, mode: str | None
) -> None:
    rewrite(sent, thermostat, mode=mode, holdType=None)
    await advance(HALF_MINUTE)
    assert climate(hass, thermostat).state == "unknown"
    assert climate(hass, thermostat).attributes["preset_mode"] is None


async def test_without_commands_it_only_shows(
    hass: HomeAssistant, thermostat: dr.DeviceEntry, sent: Interception, advance: Advance
) -> None:
    rewrite(sent, thermostat, commands={}, mode="heat", heatSetpoint=21)
    await advance(HALF_MINUTE)
    state = climate(hass, thermostat)
    assert (state.state, state.attributes["hvac_modes"], state.attributes["supported_features"]) == ("heat", [], 0)
    with pytest.raises(ServiceValidationError):
        await use_thermostat(hass, thermostat, "set_hvac_mode", hvac_mode="cool")
    with pytest.raises(HomeAssistantError):
        await use_thermostat(hass, thermostat, "set_temperature", temperature=21)
    assert bodies(sent) == []


async def test_modes_and_bounds_are_those_of_its_commands(
    hass: HomeAssistant, thermostat: dr.DeviceEntry, sent: Interception, advance: Advance
) -> None:
    immediate = {"execution": ["immediate"]}
    heat = {"parameters": {"target": {"unit": "celsius", "min": 12, "max": 28}}, **immediate}
    cool = {"parameters": {"target": {"unit": "celsius", "min": 18}}, "execution": ["scheduled"]}
    rewrite(sent, thermostat, commands={"heat": heat, "cool": cool}, mode="heat")
    await advance(HALF_MINUTE)
    state = climate(hass, thermostat)
    assert state.attributes["hvac_modes"] == ["heat"]
    assert (state.attributes["min_temp"], state.attributes["max_temp"]) == (12, 28)
    assert state.attributes["supported_features"] == Feature.TARGET_TEMPERATURE | Feature.TURN_ON
    with pytest.raises(ServiceValidationError):
        await use_thermostat(hass, thermostat, "set_temperature", temperature=29)
    assert bodies(sent) == []


async def test_a_paused_thermostat_is_off_whatever_mode_it_reports(
    hass: HomeAssistant, thermostat: dr.DeviceEntry, sent: Interception, advance: Advance
) -> None:
    """What it reports is not documented; only that it is active contradicts the command (api §4.5)."""
    await use_thermostat(hass, thermostat, "set_temperature", temperature=23, hvac_mode="heat")
    await advance(HALF_MINUTE)
    await use_thermostat(hass, thermostat, "turn_off")
    rewrite(sent, thermostat, mode="heat")
    await advance(HALF_MINUTE)
    assert climate(hass, thermostat).state == "off"
    assert climate(hass, thermostat).attributes["hvac_action"] == "off"
    rewrite(sent, thermostat, mode="heat", active=True)
    await advance(HALF_MINUTE)
    assert climate(hass, thermostat).state == "heat"
    assert climate(hass, thermostat).attributes["hvac_action"] == "heating"


async def test_it_leaves_with_what_it_shows(
    hass: HomeAssistant, thermostat: dr.DeviceEntry, sent: Interception, advance: Advance
) -> None:
    def without_anything(_request: object, body: dict[str, Any]) -> None:
        for item in body["data"].get("items", [body["data"]]):
            if item["id"] == amps_id(thermostat):
                item["state"], item["commands"] = {}, {}

    sent.rewrite = without_anything
    await advance(HALF_MINUTE)
    assert climate(hass, thermostat).state == "unavailable"
    await advance(timedelta(hours=1))
    await advance(HALF_MINUTE)
    assert entity_id(hass, thermostat, "thermostat", "climate") is None
