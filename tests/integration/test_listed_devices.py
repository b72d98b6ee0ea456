"""Devices that lists bring: how old they are, what they are called, and what is left of those that went meanwhile."""

import asyncio
from contextlib import suppress
from datetime import timedelta
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.test_util.aiohttp import AiohttpClientMocker, AiohttpClientMockResponse
import yarl

from custom_components.amps.api import AmpsError
from custom_components.amps.const import DOMAIN

from .conftest import Advance
from .live import add_live_account, requests, set_ceiling
from .service import Service
from .test_config_flow import URL, listing, mock_service, start, submit

MINUTE = timedelta(minutes=1)


async def add(hass: HomeAssistant) -> ConfigEntry:
    """Add the live account of a service that is made up."""
    result = await submit(hass, await start(hass, "api_key"), api_key="sk_live_canary", advanced={"url": URL})
    await hass.async_block_till_done(wait_background_tasks=True)
    return result["result"]


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
    await add(hass)
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
    names = (await add(hass)).runtime_data.device_names
    assert names["device_1001"] == "FoxESS"
    assert names["device_1450"] == "FoxESS 1450"
    assert len(set(names.values())) == 450


async def test_a_device_that_goes_while_it_is_read_is_gone(
    hass: HomeAssistant, aioclient_mock: AiohttpClientMocker, pass_time: Advance
) -> None:
    answered = asyncio.Event()

    async def answer_late(method: str, url: yarl.URL, data: object) -> AiohttpClientMockResponse:
        await answered.wait()
        single: dict[str, Any] = {**listing("device_2"), "data": listing("device_2")["data"]["items"][0]}
        return AiohttpClientMockResponse(method, url, json=single)

    mock_service(aioclient_mock, listing("device_1", "device_2"))
    coordinator = (await add(hass)).runtime_data
    aioclient_mock.clear_requests()
    mock_service(aioclient_mock, listing("device_1"))
    aioclient_mock.get(f"{URL}/battery/device_2", side_effect=answer_late)
    await coordinator.async_refresh()
    reading = hass.async_create_task(coordinator.reader.async_read("device_2", expedite=True))
    await asyncio.sleep(0)
    (device,) = dr.async_get(hass).async_get_devices(identifiers={(DOMAIN, "device_2")})
    assert coordinator.cleanup.may_remove(device)
    answered.set()
    with suppress(AmpsError):
        await reading
    await pass_time(MINUTE)
    assert coordinator.data.devices.keys() == {"device_1"}


async def test_the_next_read_is_told_while_devices_wait_for_their_turn(
    hass: HomeAssistant, service: Service, pass_time: Advance
) -> None:
    account = await add_live_account(hass, service)
    await set_ceiling(hass, account, 32)
    read = len(requests(service, "/device_"))
    told_in_time = 0
    for _ in range(60):
        told = account.runtime_data.reader.next_moment
        await pass_time(MINUTE)
        if (now_read := len(requests(service, "/device_"))) > read:
            assert told is not None
            assert told <= hass.loop.time()
            told_in_time += 1
        read = now_read
    assert told_in_time >= 5
