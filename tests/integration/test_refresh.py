"""Reading devices when somebody asks: never a request that could only bring the same again."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from homeassistant.auth.models import User
from homeassistant.components.button import DOMAIN as BUTTON, SERVICE_PRESS
from homeassistant.components.switch import DOMAIN as SWITCH
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import ATTR_ENTITY_ID, SERVICE_TURN_OFF, SERVICE_TURN_ON, STATE_ON
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError, Unauthorized
from homeassistant.helpers import device_registry as dr, entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockUser
import voluptuous as vol

from custom_components.amps.const import DOMAIN

from .accounts import add_account, add_live_account
from .conftest import Advance, devices, entity_id, readings_of, refresh as read_device, state_of
from .live import amps_id, clear_requests, inverter_of, requests
from .service import Service

MINUTES_2 = timedelta(minutes=2)


async def refresh(hass: HomeAssistant, *ids: str, **data: object) -> dict[str, Any]:
    """Call the action for devices and return what became of them."""
    response = await hass.services.async_call(
        DOMAIN, "refresh", {"device_id": [*ids], **data}, blocking=True, return_response=True
    )
    assert response is not None
    found = response["devices"]
    assert isinstance(found, dict)
    return found


@pytest.mark.usefixtures("account")
async def test_ten_simultaneous_refreshes_make_one_request(
    hass: HomeAssistant, service: Service, pass_time: Advance
) -> None:
    inverter = inverter_of(hass)
    await pass_time(MINUTES_2)
    clear_requests(service)
    answers = await asyncio.gather(*(refresh(hass, inverter.id) for _ in range(10)))
    assert answers == [{inverter.id: {"ok": True, "age_seconds": 0, "error": None}}] * 10
    (read,) = requests(service)
    assert read["path"].endswith(amps_id(inverter))
    assert read["query"] == {"expedite": "true"}


@pytest.mark.usefixtures("account")
async def test_a_refresh_within_a_minute_of_the_last_pull_makes_no_request(
    hass: HomeAssistant, service: Service, pass_time: Advance
) -> None:
    inverter = inverter_of(hass)
    await pass_time(MINUTES_2)
    await refresh(hass, inverter.id)
    await pass_time(timedelta(seconds=59))
    clear_requests(service)
    # Amps would answer the same, however fresh a reading is asked for (api §10).
    assert (await refresh(hass, inverter.id, max_age=5))[inverter.id]["age_seconds"] == pytest.approx(59, abs=0.2)
    await hass.services.async_call(
        BUTTON, SERVICE_PRESS, {ATTR_ENTITY_ID: entity_id(hass, inverter, "refresh", BUTTON)}, blocking=True
    )
    assert not requests(service)
    await pass_time(timedelta(seconds=2))
    await hass.services.async_call(
        BUTTON, SERVICE_PRESS, {ATTR_ENTITY_ID: entity_id(hass, inverter, "refresh", BUTTON)}, blocking=True
    )
    assert len(requests(service)) == 1


@pytest.mark.usefixtures("account")
async def test_what_is_fresh_enough_for_the_caller_is_left_as_it_is(
    hass: HomeAssistant, service: Service, pass_time: Advance
) -> None:
    inverter = inverter_of(hass)
    await pass_time(timedelta(minutes=10))
    clear_requests(service)
    assert (await refresh(hass, inverter.id, max_age=601))[inverter.id]["ok"] is True
    assert not requests(service)
    await refresh(hass, inverter.id, max_age=599)
    assert len(requests(service)) == 1


async def press_refresh(hass: HomeAssistant, device: dr.DeviceEntry) -> None:
    """Press the button that reads a device."""
    data = {ATTR_ENTITY_ID: entity_id(hass, device, "refresh", BUTTON)}
    await hass.services.async_call(BUTTON, SERVICE_PRESS, data, blocking=True)


async def get_fresh(hass: HomeAssistant, device: dr.DeviceEntry) -> None:
    """Ask for a reading that is at most a minute old."""
    data = {"device_id": device.id, "max_age": 60}
    await hass.services.async_call(DOMAIN, "get_device", data, blocking=True, return_response=True)


@pytest.mark.usefixtures("account")
@pytest.mark.parametrize("ask", [read_device, press_refresh, get_fresh], ids=["refresh", "button", "get"])
async def test_when_a_device_was_pulled_is_exact_after_somebody_asked(
    hass: HomeAssistant, pass_time: Advance, ask: Callable[[HomeAssistant, dr.DeviceEntry], Awaitable[None]]
) -> None:
    inverter = inverter_of(hass)
    await pass_time(timedelta(minutes=17))
    before = datetime.fromisoformat(state_of(hass, inverter, "last_pulled"))
    await pass_time(timedelta(minutes=2))
    await ask(hass, inverter)
    (reading,) = await readings_of(hass, inverter)
    exact = datetime.fromisoformat(reading["last_pulled"]).replace(microsecond=0)
    assert timedelta(minutes=1) < exact - before < timedelta(minutes=5)
    assert datetime.fromisoformat(state_of(hass, inverter, "last_pulled")) == exact


@pytest.mark.usefixtures("account")
async def test_all_devices_are_read_a_few_at_once(hass: HomeAssistant, service: Service, pass_time: Advance) -> None:
    await pass_time(MINUTES_2)
    clear_requests(service)
    response = await hass.services.async_call(
        DOMAIN, "refresh", {ATTR_ENTITY_ID: "all"}, blocking=True, return_response=True
    )
    assert response is not None
    everything = devices(hass, having="reachable", domain="binary_sensor")
    assert response["devices"] == {device.id: {"ok": True, "age_seconds": 0, "error": None} for device in everything}
    assert sorted(read["path"].split("/")[-1] for read in requests(service)) == sorted(map(amps_id, everything))


async def test_in_the_sandbox_the_lists_are_read_once_for_all(hass: HomeAssistant, service: Service) -> None:
    await add_account(hass, service.url)
    clear_requests(service)
    both = [device.id for device in devices(hass, having="producing", domain="binary_sensor")]
    answers = await asyncio.gather(*(refresh(hass, *both) for _ in range(5)))
    assert all(answer[id_]["ok"] for answer in answers for id_ in both)
    assert len(requests(service)) == 5
    # There is nothing to expedite in a simulated world, and no tier to show.
    assert not devices(hass, having="refresh", domain=BUTTON)
    assert not devices(hass, having="expedited_updates", domain=SWITCH)
    clear_requests(service)
    await refresh(hass, *both, max_age=10)
    assert not requests(service)


async def test_a_list_that_fails_in_the_sandbox_fails_for_its_devices(hass: HomeAssistant, service: Service) -> None:
    await add_account(hass, service.url)
    inverter = inverter_of(hass)
    vehicle = devices(hass, having="range")[0]
    fault = {"kind": "error", "code": "SERVICE_UNAVAILABLE", "match": {"path": "/solar_inverter"}}
    path = next(entry["path"] for entry in requests(service) if "solar" in entry["path"])
    service.control("POST", "faults", {**fault, "match": {"path": path}})
    found = await refresh(hass, inverter.id, vehicle.id)
    assert found[vehicle.id]["ok"] is True
    assert found[inverter.id]["error"]["code"] == "SERVICE_UNAVAILABLE"


@pytest.mark.usefixtures("account")
async def test_one_device_that_fails_costs_no_other(hass: HomeAssistant, service: Service, pass_time: Advance) -> None:
    away, broken, fine = devices(hass, having="reachable", domain="binary_sensor")[:3]
    await pass_time(MINUTES_2)
    service.control("POST", "faults", {"kind": "fallback", "match": {"deviceId": amps_id(away)}})
    service.control(
        "POST", "faults", {"kind": "error", "code": "INTERNAL_ERROR", "match": {"deviceId": amps_id(broken)}}
    )
    found = await refresh(hass, away.id, broken.id, fine.id)
    assert {id_: each["ok"] for id_, each in found.items()} == {away.id: False, broken.id: False, fine.id: True}
    assert found[away.id]["error"]["code"] == "device_unreachable"
    assert found[broken.id]["error"]["code"] == "INTERNAL_ERROR"
    assert str(broken.name) in found[broken.id]["error"]["message"]
    with pytest.raises(HomeAssistantError) as raised:
        await hass.services.async_call(
            DOMAIN, "refresh", {"device_id": [away.id, broken.id]}, blocking=True, return_response=True
        )
    assert raised.value.translation_key == "several_failed"


@pytest.mark.usefixtures("account")
@pytest.mark.parametrize(
    ("fault", "key"),
    [
        ({"kind": "offline"}, "device_unreachable"),
        ({"kind": "offline", "code": "INVALID_CREDENTIALS"}, "relink_device"),
        ({"kind": "error", "code": "INVALID_API_KEY"}, "relink_device"),
        ({"kind": "error", "code": "UNAUTHORIZED"}, "device_not_read"),
        ({"kind": "error", "code": "RATE_LIMIT_EXCEEDED", "retryAfter": 30}, "device_not_read"),
        ({"kind": "disconnect"}, "device_not_read"),
        ({"kind": "invalid_json"}, "device_not_read"),
    ],
    ids=str,
)
async def test_the_button_says_why_a_device_was_not_read(
    hass: HomeAssistant, service: Service, pass_time: Advance, fault: dict[str, Any], key: str
) -> None:
    inverter = inverter_of(hass)
    await pass_time(MINUTES_2)
    service.control("POST", "faults", {**fault, "match": {"deviceId": amps_id(inverter)}})
    with pytest.raises(HomeAssistantError) as raised:
        await hass.services.async_call(
            BUTTON, SERVICE_PRESS, {ATTR_ENTITY_ID: entity_id(hass, inverter, "refresh", BUTTON)}, blocking=True
        )
    assert raised.value.translation_key == key
    assert str(inverter.name) in str(raised.value)


@pytest.mark.usefixtures("account")
async def test_bad_calls_are_refused(hass: HomeAssistant) -> None:
    inverter = inverter_of(hass)
    for max_age in (-1, "soon", 86_401):
        with pytest.raises(vol.Invalid):
            await refresh(hass, inverter.id, max_age=max_age)
    with pytest.raises(ServiceValidationError) as raised:
        await refresh(hass, "nobody")
    assert raised.value.translation_key == "device_not_found"
    with pytest.raises(ServiceValidationError) as raised:
        await hass.services.async_call(DOMAIN, "refresh", {"area_id": "nowhere"}, blocking=True)
    assert raised.value.translation_key == "nothing_to_read"


async def test_an_account_that_is_not_loaded_is_an_error(hass: HomeAssistant, account: ConfigEntry) -> None:
    inverter = inverter_of(hass)
    await hass.config_entries.async_unload(account.entry_id)
    with pytest.raises(ServiceValidationError) as raised:
        await refresh(hass, inverter.id)
    assert raised.value.translation_key == "account_not_loaded"


@pytest.mark.usefixtures("account")
@pytest.mark.parametrize(("rights", "may"), [({"read": True}, True), ({"control": True}, False), ({}, False)])
async def test_who_may_see_a_device_may_refresh_it(
    hass: HomeAssistant, hass_owner_user: User, rights: dict[str, bool], *, may: bool
) -> None:
    inverter = inverter_of(hass)
    ours = er.async_entries_for_device(er.async_get(hass), inverter.id, include_disabled_entities=True)
    user = MockUser().add_to_hass(hass)
    user.mock_policy({"entities": {"entity_ids": {each.entity_id: rights for each in ours}}})
    call = hass.services.async_call(
        DOMAIN, "refresh", {"device_id": inverter.id}, blocking=True, context=Context(user_id=user.id)
    )
    if may:
        await call
        return
    with pytest.raises(Unauthorized):
        await call


@pytest.mark.usefixtures("account")
async def test_expedited_updates_read_a_device_once_a_minute(
    hass: HomeAssistant, service: Service, pass_time: Advance
) -> None:
    inverter = inverter_of(hass)
    switch = entity_id(hass, inverter, "expedited_updates", SWITCH)
    assert state_of(hass, inverter, "expedited_updates", SWITCH) == "off"
    await pass_time(MINUTES_2)
    clear_requests(service)
    await hass.services.async_call(SWITCH, SERVICE_TURN_ON, {ATTR_ENTITY_ID: switch}, blocking=True)
    await pass_time(timedelta(minutes=10))
    reads = requests(service, amps_id(inverter))
    assert len(reads) == 10
    assert all(read["query"] == {"expedite": "true"} for read in reads)
    await hass.services.async_call(SWITCH, SERVICE_TURN_OFF, {ATTR_ENTITY_ID: switch}, blocking=True)
    clear_requests(service)
    await pass_time(timedelta(minutes=10))
    assert not requests(service, amps_id(inverter))


async def test_expedited_updates_outlive_a_restart(hass: HomeAssistant, service: Service, pass_time: Advance) -> None:
    account = await add_live_account(hass, service.url)
    inverter = inverter_of(hass)
    switch = entity_id(hass, inverter, "expedited_updates", SWITCH)
    assert switch
    await hass.services.async_call(SWITCH, SERVICE_TURN_ON, {ATTR_ENTITY_ID: switch}, blocking=True)
    await hass.config_entries.async_reload(account.entry_id)
    assert state_of(hass, inverter, "expedited_updates", SWITCH) == STATE_ON
    await pass_time(timedelta(minutes=1))
    clear_requests(service)
    await pass_time(timedelta(minutes=5))
    assert len(requests(service, amps_id(inverter))) in (4, 5)
    # What nobody sees any more costs no requests either.
    er.async_get(hass).async_update_entity(switch, disabled_by=er.RegistryEntryDisabler.USER)
    await hass.async_block_till_done(wait_background_tasks=True)
    clear_requests(service)
    await pass_time(timedelta(minutes=5))
    assert not requests(service, amps_id(inverter))
