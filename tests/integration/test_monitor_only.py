"""Monitor-only mode: whatever is tried, nothing but reads is sent (design §6)."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceNotSupported, ServiceValidationError
from homeassistant.helpers import device_registry as dr, entity_registry as er
import pytest

from custom_components.amps.api.models import Quantity
from custom_components.amps.const import DOMAIN
from custom_components.amps.control.cancel import async_cancel_action, async_cancel_scheduled
from custom_components.amps.control.targets import Target
from custom_components.amps.rules.request_limits import AmpsMonitorOnlyError

from .accounts import add_account as add_sandbox_account, add_live_account
from .actions import asked, push
from .conftest import Advance, battery_of, devices, entity_id, patiently
from .live import amps_id
from .service import Service
from .test_calendar import calendar_of

WINDOW = {"start": "2026-06-14T20:00:00", "end": "2026-06-14T21:00:00"}
ACTIONS: Mapping[str, dict[str, Any]] = {
    "charge": {},
    "discharge": {},
    "idle": {},
    "set_mode": {"mode": "auto_balanced"},
    "send_command": {"command": "charge"},
    "apply_settings": {"settings": {"charge_ceiling": 90}},
}
OTHER_ACTIONS: Mapping[str, dict[str, Any]] = {
    "set_temperature": {"mode": "heat", "temperature": 21},
    "cancel_action": {},
}
"""Those that have nothing to do for a battery as it is."""


@pytest.fixture(params=["sandbox", "live"])
async def account(request: pytest.FixtureRequest, hass: HomeAssistant, service: Service) -> ConfigEntry:
    """Return an account that may be controlled."""
    if request.param == "sandbox":
        return await add_sandbox_account(hass, service.url)
    return await add_live_account(hass, service.url)


async def monitor_only(hass: HomeAssistant, account: ConfigEntry, *, on: bool) -> None:
    """Switch the mode as a person does in the options, which reloads the account."""
    form = await hass.config_entries.options.async_init(account.entry_id)
    await hass.config_entries.options.async_configure(form["flow_id"], {"monitor_only": on})
    await hass.async_block_till_done(wait_background_tasks=True)


def target_of(account: ConfigEntry, device: dr.DeviceEntry) -> Target:
    """Return a device as a target."""
    coordinator = account.runtime_data.coordinator
    return Target(coordinator=coordinator, device_id=amps_id(device), name="Home battery", named=True)


@pytest.mark.parametrize("action", ACTIONS)
async def test_no_action_sends_anything(
    hass: HomeAssistant, service: Service, account: ConfigEntry, action: str, pass_time: Advance
) -> None:
    battery = battery_of(hass)
    await monitor_only(hass, account, on=True)
    service.control("DELETE", "requests")
    with pytest.raises(HomeAssistantError) as raised:
        await hass.services.async_call(DOMAIN, action, {"device_id": battery.id, **ACTIONS[action]}, blocking=True)
    assert raised.value.translation_key == "monitor_only"
    assert account.title in str(raised.value)
    assert not asked(service)["push"]

    await monitor_only(hass, account, on=False)
    service.control("DELETE", "requests")
    data = {"device_id": battery.id, **ACTIONS[action]}
    await patiently(hass.services.async_call(DOMAIN, action, data, blocking=True), pass_time)
    assert len(asked(service)["push"]) == 1


@pytest.mark.parametrize("action", OTHER_ACTIONS)
async def test_no_other_action_sends_anything(
    hass: HomeAssistant, service: Service, account: ConfigEntry, action: str
) -> None:
    data = {"device_id": battery_of(hass).id, **OTHER_ACTIONS[action]}
    await monitor_only(hass, account, on=True)
    with pytest.raises(ServiceValidationError) as raised:
        await hass.services.async_call(DOMAIN, action, data, blocking=True)
    assert raised.value.translation_key == "monitor_only"
    assert not asked(service)["push"]


async def test_nothing_is_cancelled(
    hass: HomeAssistant, service: Service, account: ConfigEntry, pass_time: Advance
) -> None:
    battery = battery_of(hass)
    action_id = push(service, amps_id(battery), "charge", **WINDOW)
    await monitor_only(hass, account, on=True)
    await pass_time(timedelta(minutes=15))
    service.control("DELETE", "requests")
    target = target_of(account, battery)
    for attempt in (async_cancel_scheduled(target), async_cancel_action(target, action_id)):
        with pytest.raises(ServiceValidationError) as raised:
            await attempt
        assert raised.value.translation_placeholders == {"device": "Home battery", "account": account.title}
        assert raised.value.translation_key == "monitor_only"
    assert not asked(service)["push"]
    calendar = calendar_of(hass, account)
    assert "supported_features" not in calendar.attributes
    assert "message" in calendar.attributes


async def test_what_passes_all_checks_is_stopped_at_the_gate_and_is_no_failure(
    hass: HomeAssistant, service: Service, account: ConfigEntry
) -> None:
    state = account.runtime_data.coordinator.state
    device = state.devices[amps_id(battery_of(hass))].device
    await monitor_only(hass, account, on=True)
    service.control("DELETE", "requests")
    state = account.runtime_data.coordinator.state
    counted = state.limits.requests_last_hour
    with pytest.raises(AmpsMonitorOnlyError):
        await state.client_for("test").write_settings(device, {"charge_ceiling": Quantity(value=90, unit="percent")})
    assert service.control("GET", "requests")["items"] == []
    assert (state.limits.verified, state.limits.requests_last_hour) == (True, counted)


async def test_controls_leave_the_registry_and_come_back_as_they_were(hass: HomeAssistant, service: Service) -> None:
    account = await add_live_account(hass, service.url)
    battery, registry = battery_of(hass), er.async_get(hass)
    control = entity_id(hass, battery, "charge", "button")
    assert control
    registry.async_update_entity(control, new_entity_id="button.mine", name="Mine")
    before = set(registry.entities)

    await monitor_only(hass, account, on=True)
    gone = {each.split(".")[0] for each in before - set(registry.entities)}
    left = [each for each in registry.entities.values() if each.domain in {"button", "number", "select", "switch"}]
    assert gone == {"button", "number", "select", "switch"}
    assert {each.translation_key for each in left} == {"refresh", "expedited_updates"}
    assert hass.states.get("button.mine") is None

    await monitor_only(hass, account, on=False)
    assert set(registry.entities) == before
    entry = registry.async_get("button.mine")
    assert entry
    assert (entry.name, entity_id(hass, battery, "charge", "button")) == ("Mine", "button.mine")
    assert hass.states.get("button.mine")


async def test_a_thermostat_is_shown_and_cannot_be_turned(hass: HomeAssistant, service: Service) -> None:
    account = await add_live_account(hass, service.url)
    thermostat = devices(hass, having="thermostat", domain="climate")[0]
    shown = str(entity_id(hass, thermostat, "thermostat", "climate"))
    before = hass.states.get(shown)
    await monitor_only(hass, account, on=True)
    after = hass.states.get(shown)
    assert before
    assert after
    assert before.attributes["supported_features"] > 0
    assert after.attributes["supported_features"] == 0
    assert after.state == before.state
    assert after.attributes["current_temperature"] == before.attributes["current_temperature"]
    with pytest.raises(ServiceNotSupported):
        await hass.services.async_call("climate", "turn_off", {"entity_id": shown}, blocking=True)


async def test_what_only_reads_stays(hass: HomeAssistant, service: Service, pass_time: Advance) -> None:
    account = await add_live_account(hass, service.url)
    battery = battery_of(hass)
    await monitor_only(hass, account, on=True)
    await pass_time(timedelta(minutes=2))
    service.control("DELETE", "requests")
    for domain, key, action in (("button", "refresh", "press"), ("switch", "expedited_updates", "turn_on")):
        data = {"entity_id": entity_id(hass, battery, key, domain)}
        await hass.services.async_call(domain, action, data, blocking=True)
    assert [entry["path"] for entry in asked(service)["device"]] == [f"/battery/{amps_id(battery)}"]
