"""Lists of many pages: taken in part by part, and complete only as a whole."""

import asyncio
from collections.abc import Collection, Mapping
from datetime import timedelta
from itertools import batched
import logging

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.test_util.aiohttp import AiohttpClientMocker

from custom_components.amps.const import DOMAIN
from custom_components.amps.rules import DeviceRecord

from .test_config_flow import URL, error, listing, mock_service, start, submit

IDS = [f"device_{place:03}" for place in range(250)]
FIRST_PART = set(IDS[:200])
QUARTER = timedelta(minutes=15)

type Devices = Mapping[str, DeviceRecord]


class Fleet:
    """A service of many batteries that tell no more than their level, and the lists of them that it has next."""

    def __init__(self, aioclient_mock: AiohttpClientMocker, freezer: FrozenDateTimeFactory) -> None:
        """Begin with all batteries, read just now."""
        self._mock = aioclient_mock
        self._freezer = freezer
        self.list_next()

    def list_next(
        self, *, without: Collection[str] = (), broken: Collection[str] = (), failing: Collection[int] = ()
    ) -> None:
        """Have a quarter of an hour pass and list all batteries read then: some left out, broken, or a whole page."""
        self._freezer.tick(QUARTER)
        self._mock.clear_requests()
        answer = listing(*(id_ for id_ in IDS if id_ not in without))
        items = answer["data"]["items"]
        for item in items:
            if item["id"] in broken:
                item["id"] = None
        for place, page in enumerate(batched(items, 50, strict=False)):
            offset = 50 * place
            params = {"limit": "50", "offset": str(offset)}
            if place in failing:
                self._mock.get(f"{URL}/battery", params=params, status=503, json=error("SERVICE_UNAVAILABLE"))
                continue
            pagination = {**answer["data"]["pagination"], "offset": offset, "hasMore": offset + 50 < len(items)}
            data = {"items": list(page), "pagination": pagination}
            self._mock.get(f"{URL}/battery", params=params, json={**answer, "data": data})
        mock_service(self._mock, answer)


@pytest.fixture
def fleet(aioclient_mock: AiohttpClientMocker, freezer: FrozenDateTimeFactory) -> Fleet:
    """Return a service of many batteries."""
    return Fleet(aioclient_mock, freezer)


async def add_fleet(hass: HomeAssistant) -> ConfigEntry:
    """Add the live account of the fleet."""
    result = await submit(hass, await start(hass, "api_key"), api_key="sk_live_canary", advanced={"url": URL})
    await hass.async_block_till_done(wait_background_tasks=True)
    return result["result"]


async def refresh(hass: HomeAssistant, account: ConfigEntry) -> list[Devices]:
    """Read the lists, and return what was known of the devices in each turn of the event loop meanwhile."""
    seen: list[Devices] = []

    async def watch() -> None:
        while True:
            seen.append(account.runtime_data.data.devices)
            await asyncio.sleep(0)

    watching = asyncio.create_task(watch())
    await account.runtime_data.async_refresh()
    watching.cancel()
    await hass.async_block_till_done()
    return [*seen, account.runtime_data.data.devices]


def news(before: Devices, after: Devices) -> set[str]:
    """Return the devices of which something else is known."""
    return {device_id for device_id, known in after.items() if before.get(device_id) is not known}


def absences(account: ConfigEntry) -> dict[str, int]:
    """Return how often the devices that are missing were counted."""
    devices: Devices = account.runtime_data.data.devices
    return {device_id: known.missing.times for device_id, known in devices.items() if known.absence is not None}


async def test_between_two_parts_others_have_their_turn_and_see_the_first(hass: HomeAssistant, fleet: Fleet) -> None:
    account = await add_fleet(hass)
    before = account.runtime_data.data.devices
    assert before.keys() == set(IDS)
    fleet.list_next()
    steps = [news(before, devices) for devices in await refresh(hass, account)]
    assert FIRST_PART in steps
    assert steps[-1] == set(IDS)
    assert {len(step) for step in steps} == {0, 200, 250}


async def test_what_cannot_be_read_on_a_later_page_costs_no_other_device(
    hass: HomeAssistant, fleet: Fleet, caplog: pytest.LogCaptureFixture
) -> None:
    broken = {IDS[55], IDS[240]}
    fleet.list_next(broken=broken)
    account = await add_fleet(hass)
    assert account.runtime_data.data.devices.keys() == set(IDS) - broken
    told = [record for record in caplog.records if record.levelno >= logging.WARNING and DOMAIN in record.name]
    assert [record.getMessage() for record in told] == ["Amps: 2 items of a list could not be read and are left out"]
    # They come once they can be read.
    fleet.list_next()
    await refresh(hass, account)
    assert account.runtime_data.data.devices.keys() == set(IDS)
    assert not absences(account)


async def test_what_is_missing_from_a_long_list_is_counted_once_for_each_complete_one(
    hass: HomeAssistant, fleet: Fleet
) -> None:
    account = await add_fleet(hass)
    gone = {IDS[3], IDS[220]}
    for times in (1, 2):
        fleet.list_next(without=gone)
        seen = await refresh(hass, account)
        # Nobody was missing because the part with it had not come yet.
        assert all(known.missing is None for devices in seen for id_, known in devices.items() if id_ not in gone)
        assert absences(account) == dict.fromkeys(gone, times)
    # A list that breaks off tells nothing of what it did not come to.
    fleet.list_next(without=gone, failing={4})
    await refresh(hass, account)
    assert absences(account) == dict.fromkeys(gone, 2)
    fleet.list_next()
    await refresh(hass, account)
    assert not absences(account)
