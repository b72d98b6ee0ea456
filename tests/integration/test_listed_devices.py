"""Devices that lists bring: how old they are, what they are called, and what is left of those that went meanwhile."""

import asyncio
from datetime import timedelta
from typing import Any

from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.test_util.aiohttp import AiohttpClientMocker, AiohttpClientMockResponse
from pytest_homeassistant_custom_component.typing import WebSocketGenerator
import yarl

from custom_components.amps.const import DOMAIN

from .accounts import add_live_account
from .conftest import Advance, PollNow, device_ids, refresh, retrieval_of
from .mocked_service import URL, listing, mock_service

MINUTE = timedelta(minutes=1)


def state(hass: HomeAssistant, key: str) -> str:
    """Return the state of a sensor, by its key."""
    entity_id = er.async_get(hass).async_get_entity_id("sensor", DOMAIN, key)
    assert entity_id is not None
    shown = hass.states.get(entity_id)
    assert shown is not None
    return shown.state


async def test_an_old_reading_ends_in_time_whatever_came_before_it(
    hass: HomeAssistant, aioclient_mock: AiohttpClientMocker, pass_time: Advance
) -> None:
    chargers = listing("device_old")
    pulled = (dt_util.utcnow() - 33 * MINUTE).isoformat(timespec="milliseconds")
    state_now = {"status": "available", "currentPower": 0}
    chargers["data"]["items"] = [{"id": "device_old", "sync": {"lastPulledAt": pulled}, "state": state_now}]
    aioclient_mock.get(f"{URL}/ev-charger", json=chargers)
    aioclient_mock.get(f"{URL}/ev-charger/device_old", status=503)
    mock_service(aioclient_mock, listing("device_new"))
    await add_live_account(hass, URL)
    assert state(hass, "device_old_power") == "0.0"
    await pass_time(MINUTE)
    assert state(hass, "device_old_power") == "0.0"
    await pass_time(2 * MINUTE)
    assert state(hass, "device_old_power") == STATE_UNAVAILABLE
    assert state(hass, "device_new_level") != STATE_UNAVAILABLE


async def test_of_equal_devices_the_first_by_id_has_the_shortest_name_wherever_it_is_listed(
    hass: HomeAssistant, aioclient_mock: AiohttpClientMocker
) -> None:
    mock_service(aioclient_mock, listing(*(f"device_{number:04}" for number in range(1450, 1000, -1))))
    account = await add_live_account(hass, URL)
    registered = dr.async_entries_for_config_entry(dr.async_get(hass), account.entry_id)
    names = {id_: device.name for device in registered if not device.entry_type for _, id_ in device.identifiers}
    assert names["device_1001"] == "FoxESS"
    assert names["device_1450"] == "FoxESS 1450"
    assert len(set(names.values())) == 450


async def test_a_device_that_goes_while_it_is_read_is_gone(
    hass: HomeAssistant,
    hass_ws_client: WebSocketGenerator,
    aioclient_mock: AiohttpClientMocker,
    pass_time: Advance,
    poll_now: PollNow,
) -> None:
    begun, answered = asyncio.Event(), asyncio.Event()

    async def answer_late(method: str, url: yarl.URL, data: object) -> AiohttpClientMockResponse:
        begun.set()
        await answered.wait()
        single: dict[str, Any] = {**listing("device_2"), "data": listing("device_2")["data"]["items"][0]}
        return AiohttpClientMockResponse(method, url, json=single)

    mock_service(aioclient_mock, listing("device_1", "device_2"))
    account = await add_live_account(hass, URL)
    (device,) = dr.async_get(hass).async_get_devices(identifiers={(DOMAIN, "device_2")})
    await pass_time(2 * MINUTE)
    aioclient_mock.clear_requests()
    mock_service(aioclient_mock, listing("device_1"))
    aioclient_mock.get(f"{URL}/battery/device_2", side_effect=answer_late)
    await poll_now(account)
    assert await async_setup_component(hass, "config", {})
    client = await hass_ws_client(hass)
    reading = asyncio.create_task(refresh(hass, device))
    await begun.wait()
    remove = {"config_entry_id": account.entry_id, "device_id": device.id}
    await client.send_json_auto_id({"type": "config/device_registry/remove_config_entry", **remove})
    assert (await client.receive_json())["success"]
    answered.set()
    with pytest.raises(HomeAssistantError):
        await reading
    await pass_time(MINUTE)
    assert device_ids(hass, account) == {"device_1"}
    assert (await retrieval_of(hass, account))["devices"] == 1
