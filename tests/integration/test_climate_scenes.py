"""Thermostats in scenes and scripts, which set one thing after the other (design §5)."""

from typing import Any

from homeassistant.core import Context, HomeAssistant
from homeassistant.setup import async_setup_component
import pytest

from .actions import ActionEvents
from .commanding import Home
from .conftest import MINUTE, Advance, patiently
from .thermostats import climate, setpoints, use_thermostat

COOL: dict[str, Any] = {"hvac_mode": "cool", "temperature": 24}
HEAT: dict[str, Any] = {"hvac_mode": "heat", "temperature": 20}
RANGE: dict[str, Any] = {"hvac_mode": "heat_cool", "target_temp_low": 19, "target_temp_high": 25}
OFF: dict[str, Any] = {}


async def put(home: Home, wanted: dict[str, Any], pass_time: Advance) -> None:
    """Have a person set a mode and its temperatures, and let it take effect."""
    service = "set_temperature" if wanted else "turn_off"
    await patiently(use_thermostat(home.hass, home.thermostat, service, **wanted), pass_time)
    await pass_time(3 * MINUTE)


@pytest.mark.parametrize("environment", ["sandbox", "live"])
@pytest.mark.parametrize(
    ("captured", "meanwhile", "expected"),
    [
        ([COOL, OFF], [HEAT], {"idle"}),
        ([RANGE, OFF], [HEAT], {"idle"}),
        ([HEAT, OFF], [RANGE], {"idle"}),
        ([COOL, OFF], [], {"idle"}),
        ([HEAT], [OFF], {"heat"}),
        ([RANGE], [HEAT, OFF], {"auto"}),
        ([RANGE], [COOL], {"auto"}),
    ],
    ids=["off", "off_range", "off_heat", "off_still", "heat", "range", "range_from_on"],
)
async def test_a_scene_restores_what_it_captured(
    hass: HomeAssistant,
    home: Home,
    pass_time: Advance,
    pass_unfinished: Advance,
    captured: list[dict[str, Any]],
    meanwhile: list[dict[str, Any]],
    expected: set[str],
) -> None:
    assert await async_setup_component(hass, "scene", {})
    for wanted in captured:
        await put(home, wanted, pass_time)
    before = setpoints(hass, home.thermostat)
    snapshot = {"scene_id": "before", "snapshot_entities": [climate(hass, home.thermostat).entity_id]}
    await hass.services.async_call("scene", "create", snapshot, blocking=True)
    for wanted in meanwhile:
        await put(home, wanted, pass_time)
    assert (setpoints(hass, home.thermostat) != before) is bool(meanwhile)
    home.forget()
    events = ActionEvents.listen(hass)
    restored = hass.services.async_call("scene", "turn_on", {"entity_id": "scene.before"}, blocking=True)
    await patiently(restored, pass_unfinished)
    await pass_time(3 * MINUTE)
    mode, *temperatures = setpoints(hass, home.thermostat)
    assert mode == before[0]
    assert mode == "off" or temperatures == list(before[1:])
    assert climate(hass, home.thermostat).attributes["preset_mode"] == "none"
    assert {body["action"]["command"] for body in home.pushed} == expected
    made = {event.data["action_id"] for event in events.events}
    assert len(made) == (1 if mode == "off" else 2), "the mode, then its temperatures; nothing twice"


async def test_a_script_that_waits_after_it_turned_it_off_can_turn_it_on_by_a_temperature(
    hass: HomeAssistant, home: Home, pass_time: Advance
) -> None:
    await put(home, HEAT, pass_time)
    context = Context()
    await patiently(use_thermostat(hass, home.thermostat, "turn_off", context), pass_time)
    await use_thermostat(hass, home.thermostat, "set_temperature", context, temperature=21)
    assert climate(hass, home.thermostat).state == "off"
    await pass_time(MINUTE)
    await patiently(use_thermostat(hass, home.thermostat, "set_temperature", context, temperature=21), pass_time)
    assert setpoints(hass, home.thermostat) == ("heat", 21, None, None)
