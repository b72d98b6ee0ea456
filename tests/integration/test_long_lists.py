"""Lists of many pages: taken in part by part, and complete only as a whole."""

import asyncio
from collections.abc import Collection
from datetime import timedelta
from itertools import batched
import logging

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import STATE_OFF, STATE_ON
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.test_util.aiohttp import AiohttpClientMocker

from custom_components.amps.const import DOMAIN

from .accounts import add_live_account
from .conftest import Advance, PollNow, device_ids
from .mocked_service import URL, error, listing, mock_service

IDS = [f"device_{place:03}" for place in range(250)]
FIRST_PART = set(IDS[:200])
QUARTER = timedelta(minutes=15)


class Fleet:
    """A service of many batteries that report no more than their level, and the lists of them that it has next."""

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
        for id_ in without:
            self._mock.get(f"{URL}/battery/{id_}", status=404, json=error("DEVICE_NOT_FOUND"))
        mock_service(self._mock, answer)


@pytest.fixture
def fleet(aioclient_mock: AiohttpClientMocker, freezer: FrozenDateTimeFactory) -> Fleet:
    """Return a service of many batteries."""
    return Fleet(aioclient_mock, freezer)


async def poll(hass: HomeAssistant, poll_now: PollNow, account: ConfigEntry, key: str) -> list[dict[str, str]]:
    """Read the lists, and return what an entity of each device showed in each turn of the event loop meanwhile."""
    seen: list[dict[str, str]] = []

    async def watch() -> None:
        while True:
            seen.append(shown(hass, key))
            await asyncio.sleep(0)

    watching = asyncio.create_task(watch())
    await poll_now(account)
    watching.cancel()
    await hass.async_block_till_done()
    return [*seen, shown(hass, key)]


def shown(hass: HomeAssistant, key: str) -> dict[str, str]:
    """Return what an entity of each device shows, by device id."""
    ids = {entry.unique_id.removesuffix(f"_{key}"): entry.entity_id for entry in entities(hass, key)}
    return {device_id: state.state for device_id, id_ in ids.items() if (state := hass.states.get(id_))}


def entities(hass: HomeAssistant, key: str) -> list[er.RegistryEntry]:
    """Return an entity of each device, by its key."""
    return [entry for entry in er.async_get(hass).entities.values() if entry.translation_key == key]


def missing(hass: HomeAssistant) -> set[str]:
    """Return the devices that are registered and that the lists do not show."""
    return {device_id for device_id, state in shown(hass, "reachable").items() if state == STATE_OFF}


async def test_between_two_parts_others_have_their_turn_and_see_the_first(
    hass: HomeAssistant, fleet: Fleet, poll_now: PollNow
) -> None:
    account = await add_live_account(hass, URL)
    before = shown(hass, "last_pulled")
    assert before.keys() == set(IDS)
    fleet.list_next()
    steps = [
        {device_id for device_id, state in states.items() if state != before[device_id]}
        for states in await poll(hass, poll_now, account, "last_pulled")
    ]
    assert FIRST_PART in steps
    assert steps[-1] == set(IDS)
    assert {len(step) for step in steps} == {0, 200, 250}


async def test_what_cannot_be_read_on_a_later_page_costs_no_other_device(
    hass: HomeAssistant, fleet: Fleet, caplog: pytest.LogCaptureFixture, poll_now: PollNow
) -> None:
    broken = {IDS[55], IDS[240]}
    fleet.list_next(broken=broken)
    account = await add_live_account(hass, URL)
    assert device_ids(hass, account) == set(IDS) - broken
    logged = [record for record in caplog.records if record.levelno >= logging.WARNING and DOMAIN in record.name]
    assert [record.getMessage() for record in logged] == ["Amps: 2 items of a list could not be read and are left out"]
    # They come once they can be read.
    fleet.list_next()
    await poll(hass, poll_now, account, "reachable")
    assert shown(hass, "reachable").keys() == set(IDS)
    assert not missing(hass)


async def test_what_is_missing_from_a_long_list_is_counted_once_for_each_complete_one(
    hass: HomeAssistant, fleet: Fleet, pass_time: Advance, poll_now: PollNow
) -> None:
    account = await add_live_account(hass, URL)
    gone = {IDS[3], IDS[220]}
    for _ in range(2):
        fleet.list_next(without=gone)
        # Nobody is missing because the part with it has not come yet.
        for states in await poll(hass, poll_now, account, "reachable"):
            assert {device_id for device_id, state in states.items() if state != STATE_ON} <= gone
        assert missing(hass) == gone
    # A list that breaks off says nothing about what it did not come to.
    fleet.list_next(without=gone, failing={4})
    await poll(hass, poll_now, account, "reachable")
    await pass_time(timedelta(seconds=5))
    assert device_ids(hass, account) == set(IDS)
    # The third complete one does: the devices are asked for by themselves, and Amps does not know them.
    fleet.list_next(without=gone)
    await poll(hass, poll_now, account, "reachable")
    await pass_time(timedelta(seconds=5))
    assert device_ids(hass, account) == set(IDS) - gone
