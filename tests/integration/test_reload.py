"""What is known of failures and of actions outlives reloads and restarts: no state changes that no reading caused."""

from copy import deepcopy
from datetime import timedelta
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import STATE_OFF, STATE_ON, STATE_UNAVAILABLE
from homeassistant.core import Context, Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, issue_registry as ir
from homeassistant.helpers.event import async_track_state_change_event
import pytest

from custom_components.amps.const import DOMAIN

from .actions import ActionEvents, push
from .conftest import MINUTE, QUARTER, SECOND, Advance, battery_of, entity_id, state_of
from .live import amps_id, inverter_of, storage_key
from .service import Service

NO_HISTORY = {"kind": "error", "code": "SERVICE_UNAVAILABLE", "match": {"path": "/actions"}}


def changes(hass: HomeAssistant, device: dr.DeviceEntry, key: str, domain: str = "sensor") -> list[str]:
    """Return what an entity comes to show from now on."""
    shown: list[str] = []

    @callback
    def note(event: Event[EventStateChangedData]) -> None:
        state = event.data["new_state"]
        assert state
        shown.append(state.state)

    found = entity_id(hass, device, key, domain)
    assert found
    async_track_state_change_event(hass, found, note)
    return shown


async def crash(hass: HomeAssistant, hass_storage: dict[str, Any], account: ConfigEntry) -> None:
    """Start the account anew with what is on disk, as after a power cut."""
    on_disk = deepcopy(hass_storage[storage_key(account)])
    await hass.config_entries.async_unload(account.entry_id)
    hass_storage[storage_key(account)] = on_disk
    await hass.config_entries.async_setup(account.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)


async def override(hass: HomeAssistant, service: Service, battery: dr.DeviceEntry, pass_time: Advance) -> None:
    """Charge a battery, and let somebody else discharge it long enough to show."""
    await hass.services.async_call(DOMAIN, "charge", {"device_id": battery.id}, blocking=True)
    await pass_time(3 * QUARTER)
    assert state_of(hass, battery, "overridden", "binary_sensor") == STATE_OFF
    service.control("POST", f"devices/{amps_id(battery)}/override", {"command": "discharge"})
    await pass_time(3 * QUARTER)
    assert state_of(hass, battery, "overridden", "binary_sensor") == STATE_ON


async def test_an_override_outlives_a_reload(
    hass: HomeAssistant, service: Service, account: ConfigEntry, battery: dr.DeviceEntry, pass_time: Advance
) -> None:
    await override(hass, service, battery, pass_time)
    service.control("POST", "faults", NO_HISTORY)
    shown = changes(hass, battery, "overridden", "binary_sensor")
    await hass.config_entries.async_reload(account.entry_id)
    await pass_time(timedelta(hours=1))
    assert shown == [STATE_UNAVAILABLE, STATE_ON]
    # One reading that agrees still ends it.
    service.control("POST", f"devices/{amps_id(battery)}/override", {"command": "charge"})
    await pass_time(2 * QUARTER)
    assert shown == [STATE_UNAVAILABLE, STATE_ON, STATE_OFF]


async def test_an_override_outlives_a_power_cut(
    hass: HomeAssistant,
    hass_storage: dict[str, Any],
    service: Service,
    account: ConfigEntry,
    battery: dr.DeviceEntry,
    pass_time: Advance,
) -> None:
    await override(hass, service, battery, pass_time)
    shown = changes(hass, battery, "overridden", "binary_sensor")
    await crash(hass, hass_storage, account)
    assert shown == [STATE_UNAVAILABLE, STATE_ON]


async def test_what_was_not_overridden_is_not_unknown_after_a_reload(
    hass: HomeAssistant, service: Service, account: ConfigEntry, battery: dr.DeviceEntry, pass_time: Advance
) -> None:
    await hass.services.async_call(DOMAIN, "charge", {"device_id": battery.id}, blocking=True)
    await pass_time(QUARTER)
    service.control("POST", "faults", NO_HISTORY)
    shown = changes(hass, battery, "overridden", "binary_sensor")
    await hass.config_entries.async_reload(account.entry_id)
    await pass_time(QUARTER)
    assert shown == [STATE_UNAVAILABLE, STATE_OFF]


TROUBLE = [
    {"kind": "fallback"},
    {"kind": "offline", "code": "DEVICE_OFFLINE"},
]


@pytest.mark.parametrize("fault", TROUBLE, ids=str)
@pytest.mark.parametrize("is_crash", [False, True], ids=["reload", "power cut"])
async def test_a_failed_device_does_not_come_back_from_an_old_list_item(
    hass: HomeAssistant,
    hass_storage: dict[str, Any],
    service: Service,
    account: ConfigEntry,
    pass_time: Advance,
    fault: dict[str, Any],
    is_crash: bool,
) -> None:
    inverter = inverter_of(hass)
    service.control("POST", "faults", {**fault, "match": {"deviceId": amps_id(inverter)}})
    await pass_time(QUARTER + MINUTE)
    assert state_of(hass, inverter, "power") == STATE_UNAVAILABLE
    source = state_of(hass, inverter, "data_source")
    power = changes(hass, inverter, "power")
    reachable = changes(hass, inverter, "reachable", "binary_sensor")
    sources = changes(hass, inverter, "data_source")
    if is_crash:
        await crash(hass, hass_storage, account)
    else:
        await hass.config_entries.async_reload(account.entry_id)
    await pass_time(QUARTER)
    assert set(power) <= {STATE_UNAVAILABLE}
    assert reachable == [STATE_UNAVAILABLE, STATE_OFF]
    assert sources == [STATE_UNAVAILABLE, source]
    service.control("DELETE", "faults")
    await pass_time(2 * QUARTER)
    assert state_of(hass, inverter, "power") != STATE_UNAVAILABLE
    assert reachable == [STATE_UNAVAILABLE, STATE_OFF, STATE_ON]
    # What is over is not kept.
    await hass.config_entries.async_reload(account.entry_id)
    assert state_of(hass, inverter, "power") != STATE_UNAVAILABLE


async def test_a_link_that_is_refused_is_remembered(
    hass: HomeAssistant, service: Service, account: ConfigEntry, pass_time: Advance
) -> None:
    inverter = inverter_of(hass)
    fault = {"kind": "offline", "code": "INVALID_CREDENTIALS", "match": {"deviceId": amps_id(inverter)}}
    service.control("POST", "faults", fault)
    await pass_time(QUARTER + 5 * MINUTE)
    issue = (DOMAIN, f"relink_device_{amps_id(inverter)}")
    assert issue in ir.async_get(hass).issues
    await hass.config_entries.async_reload(account.entry_id)
    assert issue in ir.async_get(hass).issues
    service.control("DELETE", "faults")
    await pass_time(2 * QUARTER)
    await hass.config_entries.async_reload(account.entry_id)
    assert issue not in ir.async_get(hass).issues


async def test_a_failure_is_kept_while_the_list_of_the_device_cannot_be_read(
    hass: HomeAssistant, service: Service, account: ConfigEntry, pass_time: Advance
) -> None:
    inverter = inverter_of(hass)
    fault = {"kind": "offline", "code": "DEVICE_OFFLINE", "match": {"deviceId": amps_id(inverter)}}
    service.control("POST", "faults", fault)
    await pass_time(QUARTER + MINUTE)
    no_list = {"kind": "error", "code": "SERVICE_UNAVAILABLE", "match": {"path": "/solar-inverter"}}
    lists = service.control("POST", "faults", no_list)
    await hass.config_entries.async_reload(account.entry_id)
    # Something else is saved meanwhile.
    await hass.services.async_call(DOMAIN, "charge", {"device_id": battery_of(hass).id}, blocking=True)
    await hass.config_entries.async_reload(account.entry_id)
    service.control("DELETE", f"faults/{lists['id']}")
    power = changes(hass, inverter, "power")
    await pass_time(5 * MINUTE)
    assert set(power) <= {STATE_UNAVAILABLE}
    assert state_of(hass, inverter, "reachable", "binary_sensor") == STATE_OFF


async def test_who_asked_for_an_open_action_is_known_after_a_reload(
    hass: HomeAssistant, account: ConfigEntry, battery: dr.DeviceEntry, pass_time: Advance
) -> None:
    recorded = ActionEvents.listen(hass)
    context = Context()
    await hass.services.async_call(DOMAIN, "charge", {"device_id": battery.id}, blocking=True, context=context)
    assert await hass.config_entries.async_reload(account.entry_id)
    await pass_time(QUARTER)
    assert recorded.stages() == ["acknowledged", "completed"]
    assert {event.context.id for event in recorded.events} == {context.id}
    for key, domain in (("action", "event"), ("last_action", "sensor")):
        state = hass.states.get(entity_id(hass, battery, key, domain) or "")
        assert state
        assert state.context.id == context.id, key


async def test_a_reload_changes_no_state(
    hass: HomeAssistant, service: Service, account: ConfigEntry, battery: dr.DeviceEntry, pass_time: Advance
) -> None:
    """Not even where the history of actions cannot be read, which holds what lists leave out."""
    service.control("POST", "faults", {"kind": "failed_action", "errorCode": "DEVICE_OFFLINE", "count": 1})
    await hass.services.async_call(DOMAIN, "charge", {"device_id": battery.id}, blocking=True)
    inverter = inverter_of(hass)
    service.control("POST", "faults", {"kind": "fallback", "match": {"deviceId": amps_id(inverter)}})
    await pass_time(QUARTER)
    push(service, amps_id(battery), "idle", start="9h")
    await pass_time(QUARTER)
    service.control("POST", "faults", NO_HISTORY)

    def shown() -> dict[str, tuple[str, dict[str, Any]]]:
        # A list shows what it has from an earlier read, which changes where the reading comes from.
        return {
            state.entity_id: ("cache" if state.state == "live" else state.state, dict(state.attributes))
            for state in hass.states.async_all()
        }

    before = shown()
    assert STATE_UNAVAILABLE in {state for state, _ in before.values()}
    assert await hass.config_entries.async_reload(account.entry_id)
    # Lists have no settings: these come with the first single reads.
    changed = {entity_id for entity_id, state in shown().items() if state != before[entity_id]}
    assert {entity_id.partition(".")[0] for entity_id in changed} == {"number"}
    await pass_time(SECOND)
    assert shown() == before
    await pass_time(5 * SECOND)
    assert shown() == before
