"""Devices that come and go, and what they can do likewise."""

from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er, issue_registry as ir
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.test_util.aiohttp import AiohttpClientMocker
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.amps.const import DOMAIN

from .accounts import add_account, add_live_account
from .conftest import Advance, PollNow, devices, refresh, retrieval_of, state_of
from .flow import start, submit
from .live import amps_id, clear_requests, inverter_of, requests
from .mocked_service import URL, listing, mock_service
from .service import Service

QUARTER = timedelta(minutes=15)


def issues(hass: HomeAssistant) -> dict[str, dict[str, str] | None]:
    """Return our repairs, by the key of their text, with what fills in their titles."""
    found = [issue for (domain, _), issue in ir.async_get(hass).issues.items() if domain == DOMAIN and issue.active]
    assert not [issue for issue in found if issue.is_fixable]
    return {
        str(issue.translation_key): issue.translation_placeholders
        and {name: text for name, text in issue.translation_placeholders.items() if not name.endswith("_markdown")}
        for issue in found
    }


def is_registered(hass: HomeAssistant, device: dr.DeviceEntry) -> bool:
    """Return whether Home Assistant has a device, and then its entities too."""
    found = dr.async_get(hass).async_get(device.id) is not None
    entities = er.async_entries_for_device(er.async_get(hass), device.id, include_disabled_entities=True)
    assert bool(entities) is found
    return found


async def test_a_device_that_is_gone_leaves_and_may_come_back(
    hass: HomeAssistant, service: Service, account: ConfigEntry, pass_time: Advance
) -> None:
    inverter = inverter_of(hass)
    device_id = amps_id(inverter)
    other = devices(hass, having="producing", domain="binary_sensor")[1]
    service.control("POST", f"devices/{device_id}", {"present": False})
    await pass_time(2 * QUARTER)
    assert is_registered(hass, inverter)
    assert state_of(hass, inverter, "power") == STATE_UNAVAILABLE
    assert state_of(hass, inverter, "reachable", "binary_sensor") == "off"
    await pass_time(2 * QUARTER)
    assert not is_registered(hass, inverter)
    assert (await retrieval_of(hass, account))["devices"] == 10
    assert state_of(hass, other, "power") != STATE_UNAVAILABLE
    clear_requests(service)
    await pass_time(4 * QUARTER)
    assert not requests(service, device_id)
    assert (await retrieval_of(hass, account))["last_update_success"]

    service.control("POST", f"devices/{device_id}", {"present": True})
    await pass_time(2 * QUARTER)
    (back,) = [device for device in devices(hass, having="producing", domain="binary_sensor") if device.id != other.id]
    assert amps_id(back) == device_id
    assert float(state_of(hass, back, "power")) >= 0
    assert issues(hass) == {}


async def test_a_device_that_a_list_skips_stays(
    hass: HomeAssistant, service: Service, account: ConfigEntry, pass_time: Advance
) -> None:
    inverter = inverter_of(hass)
    for _ in range(4):
        service.control("POST", f"devices/{amps_id(inverter)}", {"present": False})
        await pass_time(2 * QUARTER)
        service.control("POST", f"devices/{amps_id(inverter)}", {"present": True})
        await pass_time(2 * QUARTER)
    assert is_registered(hass, inverter)
    assert state_of(hass, inverter, "power") != STATE_UNAVAILABLE


async def test_a_device_that_went_while_the_account_was_unloaded_leaves_too(
    hass: HomeAssistant, service: Service, account: ConfigEntry, pass_time: Advance
) -> None:
    inverter = inverter_of(hass)
    await hass.config_entries.async_unload(account.entry_id)
    service.control("POST", f"devices/{amps_id(inverter)}", {"present": False})
    await hass.config_entries.async_setup(account.entry_id)
    await pass_time(timedelta(minutes=19))
    assert is_registered(hass, inverter)
    assert not requests(service, f"solar_inverter/{amps_id(inverter)}?")
    await pass_time(2 * QUARTER)
    assert not is_registered(hass, inverter)
    assert issues(hass) == {}


async def test_a_disabled_device_that_went_is_not_asked_for_until_it_is_enabled(
    hass: HomeAssistant, service: Service, account: ConfigEntry, pass_time: Advance
) -> None:
    inverter, registry = inverter_of(hass), dr.async_get(hass)
    registry.async_update_device(inverter.id, disabled_by=dr.DeviceEntryDisabler.USER)
    service.control("POST", f"devices/{amps_id(inverter)}", {"present": False})
    await hass.config_entries.async_reload(account.entry_id)
    clear_requests(service)
    await pass_time(timedelta(hours=2))
    assert not requests(service, amps_id(inverter))
    assert is_registered(hass, inverter)
    registry.async_update_device(inverter.id, disabled_by=None)
    await pass_time(4 * QUARTER)
    assert not is_registered(hass, inverter)


async def test_when_all_are_missing_nothing_is_removed(
    hass: HomeAssistant, service: Service, account: ConfigEntry, pass_time: Advance
) -> None:
    everything = devices(hass, having="reachable", domain="binary_sensor")
    for device in everything:
        service.control("POST", f"devices/{amps_id(device)}", {"present": False})
    await pass_time(timedelta(hours=3))
    assert issues(hass) == {"all_devices_missing": {"account": account.title}}
    assert all(is_registered(hass, device) for device in everything)
    # Nor is anything after a restart.
    await hass.config_entries.async_reload(account.entry_id)
    await pass_time(timedelta(hours=4))
    assert issues(hass) == {"all_devices_missing": {"account": account.title}}
    assert all(is_registered(hass, device) for device in everything)

    service.control("POST", f"devices/{amps_id(everything[0])}", {"present": True})
    await pass_time(timedelta(hours=1, minutes=1))
    assert issues(hass) == {}
    assert state_of(hass, everything[0], "reachable", "binary_sensor") == "on"


@pytest.mark.usefixtures("account")
@pytest.mark.parametrize(
    "fault",
    [{"kind": "offline", "code": "INVALID_CREDENTIALS"}, {"kind": "error", "code": "INVALID_API_KEY"}],
    ids=str,
)
async def test_a_manufacturer_that_refuses_one_device_raises_one_repair(
    hass: HomeAssistant, service: Service, pass_time: Advance, fault: dict[str, Any]
) -> None:
    inverter, other = devices(hass, having="producing", domain="binary_sensor")
    service.control("POST", "faults", {**fault, "match": {"deviceId": amps_id(inverter)}})
    await pass_time(2 * QUARTER)
    shown = {"device": inverter.name, "vendor": inverter.manufacturer, "code": fault["code"]}
    assert issues(hass) == {"relink_device": shown}
    await pass_time(QUARTER)
    assert state_of(hass, inverter, "power") == STATE_UNAVAILABLE
    assert state_of(hass, other, "power") != STATE_UNAVAILABLE
    assert not hass.config_entries.flow.async_progress()
    await pass_time(timedelta(hours=2))
    assert len(issues(hass)) == 1
    service.control("DELETE", "faults")
    await pass_time(2 * QUARTER)
    assert issues(hass) == {}
    assert state_of(hass, inverter, "power") != STATE_UNAVAILABLE


async def test_a_repair_goes_with_its_account(
    hass: HomeAssistant, service: Service, account: ConfigEntry, pass_time: Advance
) -> None:
    inverter = inverter_of(hass)
    fault = {"kind": "offline", "code": "INVALID_CREDENTIALS", "match": {"deviceId": amps_id(inverter)}}
    service.control("POST", "faults", fault)
    await pass_time(2 * QUARTER)
    assert len(issues(hass)) == 1
    await hass.config_entries.async_remove(account.entry_id)
    assert issues(hass) == {}


async def test_a_person_may_delete_what_is_in_no_list(
    hass: HomeAssistant,
    service: Service,
    account: ConfigEntry,
    pass_time: Advance,
    hass_ws_client: WebSocketGenerator,
) -> None:
    assert await async_setup_component(hass, "config", {})
    inverter, other = devices(hass, having="producing", domain="binary_sensor")
    (itself,) = [
        device
        for device in dr.async_entries_for_config_entry(dr.async_get(hass), account.entry_id)
        if device.entry_type is dr.DeviceEntryType.SERVICE
    ]
    service.control("POST", f"devices/{amps_id(inverter)}", {"present": False})
    await pass_time(QUARTER)
    client = await hass_ws_client(hass)

    async def delete(device: dr.DeviceEntry) -> bool:
        remove = {"config_entry_id": account.entry_id, "device_id": device.id}
        await client.send_json_auto_id({"type": "config/device_registry/remove_config_entry", **remove})
        answer = await client.receive_json()
        await hass.async_block_till_done(wait_background_tasks=True)
        return bool(answer["success"])

    assert not await delete(other)
    assert not await delete(itself)
    assert await delete(inverter)
    assert not is_registered(hass, inverter)
    await pass_time(timedelta(hours=1))
    assert not is_registered(hass, inverter)
    service.control("POST", f"devices/{amps_id(inverter)}", {"present": True})
    await pass_time(2 * QUARTER)
    assert len(devices(hass, having="producing", domain="binary_sensor")) == 2


def sandbox(freezer: FrozenDateTimeFactory, **state: object) -> dict[str, Any]:
    """Return a list of a battery of the sandbox that has this state and a command besides, as of now."""
    freezer.tick(timedelta(seconds=1))
    found = listing("device_1")
    found["meta"]["environment"] = "sandbox"
    found["data"]["items"][0] |= {"metadata": {"source": "projection"}, "commands": {}}
    found["data"]["items"][0]["state"] |= state
    return found


async def test_what_a_device_lost_leaves_after_two_readings_an_hour_apart(
    hass: HomeAssistant, aioclient_mock: AiohttpClientMocker, freezer: FrozenDateTimeFactory, poll_now: PollNow
) -> None:
    registry = er.async_get(hass)
    mock_service(aioclient_mock, sandbox(freezer, status="idle", chargeRate=1))
    form = await submit(hass, await start(hass, "api_key"), api_key="sk_test_canary", advanced={"url": URL})
    await submit(hass, form, sandbox_host="hosted")
    await hass.async_block_till_done(wait_background_tasks=True)
    (entry,) = hass.config_entries.async_entries(DOMAIN)

    async def apply_reading(**state: object) -> None:
        aioclient_mock.clear_requests()
        mock_service(aioclient_mock, sandbox(freezer, **state))
        await poll_now(entry)
        await hass.async_block_till_done(wait_background_tasks=True)

    assert hass.states.is_state("sensor.foxess_status", "idle")
    # A null is no loss.
    for _ in range(3):
        await apply_reading(status=None, chargeRate=1)
        freezer.tick(timedelta(hours=1))
    assert registry.async_get("sensor.foxess_status")
    await apply_reading(chargeRate=1)
    assert hass.states.is_state("sensor.foxess_status", STATE_UNAVAILABLE)
    freezer.tick(timedelta(minutes=59))
    await apply_reading(chargeRate=1)
    assert registry.async_get("sensor.foxess_status")
    # It was back in between, so that the hour begins anew.
    await apply_reading(chargeRate=1, status="charging")
    assert hass.states.is_state("sensor.foxess_status", "charging")
    freezer.tick(timedelta(minutes=59))
    await apply_reading(chargeRate=1)
    await apply_reading(chargeRate=1)
    assert registry.async_get("sensor.foxess_status")
    # Nor does it take the account to be loaded all the while.
    await hass.config_entries.async_reload(entry.entry_id)
    await apply_reading(chargeRate=1)
    freezer.tick(timedelta(minutes=61))
    await apply_reading(chargeRate=1)
    assert registry.async_get("sensor.foxess_status") is None
    assert hass.states.get("sensor.foxess_status") is None
    assert registry.async_get("sensor.foxess_power")
    await apply_reading(chargeRate=1, status="charging")
    assert hass.states.is_state("sensor.foxess_status", "charging")


async def test_a_live_list_alone_takes_nothing_away(
    hass: HomeAssistant, aioclient_mock: AiohttpClientMocker, freezer: FrozenDateTimeFactory, poll_now: PollNow
) -> None:
    def live(**state: object) -> dict[str, Any]:
        found = sandbox(freezer, **state)
        found["meta"]["environment"] = "live"
        found["data"]["items"][0]["metadata"] = {"source": "live"}
        return found

    registry = er.async_get(hass)
    mock_service(aioclient_mock, live(status="idle"))
    await add_live_account(hass, URL)
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    (device,) = dr.async_get(hass).async_get_devices(identifiers={(DOMAIN, "device_1")})
    freezer.tick(timedelta(minutes=2))
    aioclient_mock.clear_requests()
    mock_service(aioclient_mock, live(status="idle"))
    await refresh(hass, device)
    for _ in range(3):
        aioclient_mock.clear_requests()
        mock_service(aioclient_mock, live())
        await poll_now(entry)
        freezer.tick(timedelta(hours=1))
    assert hass.states.is_state("sensor.foxess_status", STATE_UNAVAILABLE)
    assert registry.async_get("sensor.foxess_status")
    for _ in range(2):
        assert registry.async_get("sensor.foxess_status")
        aioclient_mock.clear_requests()
        mock_service(aioclient_mock, live())
        await refresh(hass, device)
        await hass.async_block_till_done()
        freezer.tick(timedelta(hours=1))
    assert registry.async_get("sensor.foxess_status") is None


async def test_sandbox_devices_go_by_the_same_rule(hass: HomeAssistant, service: Service, pass_time: Advance) -> None:
    await add_account(hass, service.url)
    inverter = inverter_of(hass)
    service.control("POST", f"devices/{amps_id(inverter)}", {"present": False})
    await pass_time(timedelta(minutes=19))
    assert is_registered(hass, inverter)
    await pass_time(timedelta(minutes=3))
    assert not is_registered(hass, inverter)
