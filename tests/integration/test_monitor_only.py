"""Monitor-only mode: whatever is tried, nothing but reads is sent (design §6)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import device_registry as dr, entity_registry as er
import pytest

from custom_components.amps import button
from custom_components.amps.api.models import Quantity
from custom_components.amps.const import DOMAIN
from custom_components.amps.control.cancel import async_cancel_action, async_cancel_scheduled
from custom_components.amps.control.targets import Target
from custom_components.amps.rules.request_limits import AmpsMonitorOnlyError

from .accounts import add_account as add_sandbox_account
from .actions import asked, push
from .conftest import Advance, battery_of, entity_id
from .live import add_live_account, amps_id
from .service import Service
from .test_calendar import calendar_of

WINDOW = {"start": "2026-06-14T20:00:00", "end": "2026-06-14T21:00:00"}
ACTIONS: Mapping[str, dict[str, Any]] = {
    "charge": {},
    "discharge": {},
    "idle": {},
    "set_mode": {"mode": "auto_balanced"},
    "send_command": {"command": "charge"},
}


@pytest.fixture(params=["sandbox", "live"])
async def account(request: pytest.FixtureRequest, hass: HomeAssistant, service: Service) -> ConfigEntry:
    """Return an account that may be controlled."""
    if request.param == "sandbox":
        return await add_sandbox_account(hass, service.url)
    return await add_live_account(hass, service)


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
    hass: HomeAssistant, service: Service, account: ConfigEntry, action: str
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
    await hass.services.async_call(DOMAIN, action, {"device_id": battery.id, **ACTIONS[action]}, blocking=True)
    assert len(asked(service)["push"]) == 1


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
        await state.client.write_settings(device, {"charge_ceiling": Quantity(value=90, unit="percent")})
    assert service.control("GET", "requests")["items"] == []
    assert (state.limits.verified, state.limits.requests_last_hour) == (True, counted)


async def test_controls_leave_the_registry_and_come_back_as_they_were(
    hass: HomeAssistant, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(button, "REFRESH", replace(button.REFRESH, needs_control=True))
    account = await add_live_account(hass, service)
    battery, registry = battery_of(hass), er.async_get(hass)
    control = entity_id(hass, battery, "refresh", "button")
    assert control
    registry.async_update_entity(control, new_entity_id="button.mine", name="Mine")
    others = {entry.entity_id for entry in registry.entities.values() if entry.domain != "button"}

    await monitor_only(hass, account, on=True)
    assert not [entry for entry in registry.entities.values() if entry.domain == "button"]
    assert {entry.entity_id for entry in registry.entities.values()} == others
    assert hass.states.get("button.mine") is None

    await monitor_only(hass, account, on=False)
    entry = registry.async_get("button.mine")
    assert entry
    assert (entry.name, entity_id(hass, battery, "refresh", "button")) == ("Mine", "button.mine")
    assert hass.states.get("button.mine")


async def test_what_only_reads_stays(hass: HomeAssistant, service: Service, pass_time: Advance) -> None:
    account = await add_live_account(hass, service)
    battery = battery_of(hass)
    await monitor_only(hass, account, on=True)
    await pass_time(timedelta(minutes=2))
    service.control("DELETE", "requests")
    for domain, key, action in (("button", "refresh", "press"), ("switch", "expedited_updates", "turn_on")):
        data = {"entity_id": entity_id(hass, battery, key, domain)}
        await hass.services.async_call(domain, action, data, blocking=True)
    assert [entry["path"] for entry in asked(service)["device"]] == [f"/battery/{amps_id(battery)}"]
