"""What becomes of commands, from their acknowledgement to their effect, in live behaviour over HTTP (design §4, §5)."""

from datetime import timedelta
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.setup import async_setup_component
import pytest

from custom_components.amps.const import DOMAIN

from .actions import ActionEvents, asked, charge, counts
from .conftest import MINUTE, QUARTER, SECOND, Advance, battery_of, devices, entity_id, readings_of, state_of
from .live import amps_id
from .service import Service


def shown(hass: HomeAssistant, battery: dr.DeviceEntry) -> dict[str, Any]:
    """Return the attributes of the event entity."""
    found = entity_id(hass, battery, "action", "event")
    assert found is not None
    state = hass.states.get(found)
    assert state is not None
    return {name: state.attributes[name] for name in ("event_type", "action_id", "command", "parameters", "reason")}


async def test_a_command_is_followed_to_its_end_and_its_effect_read(
    hass: HomeAssistant,
    service: Service,
    battery: dr.DeviceEntry,
    recorded: ActionEvents,
    pass_time: Advance,
    account: ConfigEntry,
) -> None:
    context = Context()
    (action_id,) = await charge(hass, battery, context=context)
    parameters = {"power": {"value": 2, "unit": "kw"}}
    event = {"action_id": action_id, "command": "charge", "parameters": parameters, "reason": None}
    assert state_of(hass, battery, "last_action") == "acknowledged"
    assert shown(hass, battery) == {"event_type": "acknowledged", **event}
    await pass_time(20 * SECOND)
    assert state_of(hass, battery, "last_action") == "completed"
    assert shown(hass, battery) == {"event_type": "completed", **event}
    await pass_time(10 * MINUTE)
    assert float(state_of(hass, battery, "power")) == pytest.approx(2, abs=0.1)

    # The budget: one push, at most four reads of the action, one of its effect, and no lists.
    assert counts(service) == {"push": 1, "action": 3, "device": 1}
    (effect,) = asked(service)["device"]
    assert (effect["query"], effect["pulled"]) == ({"expedite": "true"}, True)

    ids = {"device_id": battery.id, "entity_id": entity_id(hass, battery, "action", "event")}
    assert [each.data for each in recorded.events] == [
        {**ids, **event, "state": "acknowledged"},
        {**ids, **event, "state": "completed"},
    ]
    assert [each.context.id for each in recorded.events] == [context.id] * 2
    for key, domain in (("action", "event"), ("last_action", "sensor")):
        state = hass.states.get(entity_id(hass, battery, key, domain) or "")
        assert state is not None
        assert state.context.id == context.id, key


async def test_what_an_automation_does_is_traced_to_it(
    hass: HomeAssistant, battery: dr.DeviceEntry, recorded: ActionEvents, pass_time: Advance
) -> None:
    runs = ActionEvents.listen(hass)
    hass.bus.async_listen("automation_triggered", runs.events.append)
    action = {"action": "amps.charge", "data": {"device_id": battery.id}}
    automation = {"alias": "Cheap", "triggers": {"trigger": "event", "event_type": "cheap"}, "actions": [action]}
    assert await async_setup_component(hass, "automation", {"automation": automation})
    cheap = Context()
    hass.bus.async_fire("cheap", context=cheap)
    await hass.async_block_till_done()
    await pass_time(20 * SECOND)
    assert recorded.stages() == ["acknowledged", "completed"]
    (run,) = [event for event in runs.events if event.event_type == "automation_triggered"]
    assert {event.context.id for event in recorded.events} == {run.context.id}
    assert {event.context.parent_id for event in recorded.events} == {cheap.id}


async def test_a_failure_is_reported_with_its_reason(
    hass: HomeAssistant, service: Service, battery: dr.DeviceEntry, recorded: ActionEvents, pass_time: Advance
) -> None:
    service.control("POST", "faults", {"kind": "failed_action", "errorCode": "SCHEDULER_ACTIVE", "count": 1})
    await charge(hass, battery)
    await pass_time(5 * MINUTE)
    assert recorded.stages() == ["acknowledged", "failed"]
    assert [event.data["reason"] for event in recorded.events] == [None, "SCHEDULER_ACTIVE"]
    state = hass.states.get(entity_id(hass, battery, "last_action") or "")
    assert state is not None
    assert (state.state, state.attributes["command"], state.attributes["reason"]) == (
        "failed",
        "charge",
        "SCHEDULER_ACTIVE",
    )
    # A device that was not moved has no effect to read.
    assert counts(service) == {"push": 1, "action": 4}


async def test_two_devices_are_followed_each_for_itself(
    hass: HomeAssistant, service: Service, battery: dr.DeviceEntry, recorded: ActionEvents, pass_time: Advance
) -> None:
    others = [device for device in devices(hass, having="level", without="range") if device.id != battery.id]
    other = next(
        device
        for device, reading in zip(others, await readings_of(hass, *others), strict=True)
        if "immediate" in reading["commands"].get("idle", {}).get("execution", ())
    )
    data = {"device_id": [battery.id, other.id]}
    service.control("POST", "faults", {"kind": "failed_action", "match": {"deviceId": amps_id(other)}, "count": 1})
    answer = await hass.services.async_call(DOMAIN, "idle", data, blocking=True, return_response=True)
    assert isinstance(answer, dict)
    await pass_time(5 * MINUTE)
    stages = {
        device.id: [event.data["state"] for event in recorded.events if event.data["device_id"] == device.id]
        for device in (battery, other)
    }
    assert stages == {battery.id: ["acknowledged", "completed"], other.id: ["acknowledged", "failed"]}
    assert counts(service) == {"push": 2, "action": 7, "device": 1}


async def test_a_restart_loses_nothing_and_repeats_nothing(
    hass: HomeAssistant,
    service: Service,
    account: ConfigEntry,
    battery: dr.DeviceEntry,
    recorded: ActionEvents,
    pass_time: Advance,
) -> None:
    (action_id,) = await charge(hass, battery)
    await pass_time(4 * SECOND)
    assert await hass.config_entries.async_reload(account.entry_id)
    service.control("DELETE", "requests")
    await pass_time(10 * SECOND)
    assert recorded.stages() == ["acknowledged", "completed"]
    assert counts(service)["history"] == 1
    assert shown(hass, battery)["action_id"] == action_id

    await pass_time(QUARTER)
    assert await hass.config_entries.async_reload(account.entry_id)
    await pass_time(QUARTER)
    assert recorded.stages() == ["acknowledged", "completed"]
    assert shown(hass, battery)["event_type"] == "completed"
    assert state_of(hass, battery, "last_action") == "completed"
    # What the action was is known again, and so whether somebody overrode it.
    assert state_of(hass, battery, "overridden", "binary_sensor") == "off"
    service.control("POST", f"devices/{amps_id(battery)}/override", {"command": "discharge"})
    await pass_time(3 * QUARTER)
    assert state_of(hass, battery, "overridden", "binary_sensor") == "on"


async def test_nothing_is_requested_or_reported_after_an_unload(
    hass: HomeAssistant,
    service: Service,
    account: ConfigEntry,
    battery: dr.DeviceEntry,
    recorded: ActionEvents,
    pass_time: Advance,
) -> None:
    await charge(hass, battery)
    assert await hass.config_entries.async_unload(account.entry_id)
    service.control("DELETE", "requests")
    await pass_time(timedelta(hours=1))
    assert counts(service) == {}
    assert recorded.stages() == ["acknowledged"]


async def test_the_sandbox_is_followed_likewise(
    hass: HomeAssistant, simulated_home: ConfigEntry, recorded: ActionEvents, pass_time: Advance
) -> None:
    battery = battery_of(hass)
    await charge(hass, battery)
    assert float(state_of(hass, battery, "power")) == 2
    await pass_time(2 * MINUTE)
    assert recorded.stages() == ["acknowledged", "completed"]
    assert shown(hass, battery)["event_type"] == "completed"
