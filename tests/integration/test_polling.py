"""How an account is read: live behaviour over HTTP, in moved time."""

import asyncio
from collections import Counter
from datetime import datetime, timedelta
from itertools import pairwise
import logging
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.const import EVENT_STATE_CHANGED, STATE_UNAVAILABLE
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
import pytest

from custom_components.amps.const import DOMAIN
from custom_components.amps.simulator import Request

from .accounts import LIVE_KEY
from .conftest import QUARTER, Advance, PollNow, battery_of, devices, entity_id, refresh, retrieval_of, state_of
from .flow import start, submit
from .interception import Interception
from .live import amps_id, clear_requests, inverter_of, requests, set_ceiling
from .service import Service

type Transitions = dict[str, list[str]]


@pytest.fixture
def transitions(hass: HomeAssistant) -> Transitions:
    """Return the states that each entity takes from now on, without repetition."""
    seen: Transitions = {}

    @callback
    def note(event: Event[EventStateChangedData]) -> None:
        if (state := event.data["new_state"]) is not None:
            seen.setdefault(state.entity_id, []).append(state.state)

    hass.bus.async_listen(EVENT_STATE_CHANGED, note)
    return seen


async def test_an_outage_of_a_manufacturer_is_one_gap(
    hass: HomeAssistant, service: Service, account: ConfigEntry, pass_time: Advance, transitions: Transitions
) -> None:
    battery, inverter = battery_of(hass), devices(hass, having="producing", domain="binary_sensor")[0]
    await pass_time(timedelta(minutes=20))
    fault = service.control("POST", "faults", {"kind": "fallback", "match": {"deviceId": amps_id(battery)}})
    await pass_time(QUARTER + timedelta(seconds=20))
    assert state_of(hass, battery, "level") == STATE_UNAVAILABLE
    assert state_of(hass, battery, "data_source") == "fallback"
    assert state_of(hass, battery, "reachable", "binary_sensor") == "off"
    await pass_time(timedelta(hours=2) - QUARTER)
    service.control("DELETE", f"faults/{fault['id']}")
    await pass_time(QUARTER + timedelta(minutes=1))
    assert float(state_of(hass, battery, "level")) > 0
    assert state_of(hass, battery, "reachable", "binary_sensor") == "on"

    level = entity_id(hass, battery, "level")
    assert level is not None
    gaps = [state for state in transitions[level] if state == STATE_UNAVAILABLE]
    assert len(gaps) == 1
    assert transitions[level].index(STATE_UNAVAILABLE) < len(transitions[level]) - 1
    gone = {
        found.entity_id
        for found in hass.states.async_all()
        if STATE_UNAVAILABLE in transitions.get(found.entity_id, [])
    }
    assert len(gone) > 3
    registry = er.async_get(hass)
    assert {found.device_id for entity in gone if (found := registry.async_get(entity))} == {battery.id}
    for gap in gone:
        assert transitions[gap].count(STATE_UNAVAILABLE) == 1, gap
    energy = entity_id(hass, inverter, "energy")
    assert energy is not None
    assert len(transitions[energy]) >= 9


async def test_each_list_and_each_read_comes_in_its_own_time(
    hass: HomeAssistant, service: Service, account: ConfigEntry, pass_time: Advance
) -> None:
    battery = battery_of(hass)
    await pass_time(timedelta(seconds=1))
    clear_requests(service)
    await pass_time(timedelta(hours=2))
    paths = Counter(entry["path"] for entry in requests(service))
    assert {paths[path] for path in ("/battery", "/ev-charger", "/hvac", "/solar-inverter", "/vehicle")} == {8}
    reads = requests(service, amps_id(battery))
    # Each asks the manufacturer: nothing is read that Amps could only answer as before.
    assert [entry["pulled"] for entry in reads] == [True] * len(reads)
    apart = [
        (datetime.fromisoformat(after["at"]) - datetime.fromisoformat(before["at"])).total_seconds()
        for before, after in pairwise(reads)
    ]
    assert len(reads) == 7
    assert all(900 < span < 930 for span in apart), apart


async def test_a_type_without_devices_is_asked_for_hourly(
    hass: HomeAssistant, service: Service, pass_time: Advance
) -> None:
    for document in service.control("GET", "devices")["items"]:
        if document["deviceType"] == "hvac":
            service.control("POST", f"devices/{document['id']}", {"present": False})
    await submit(hass, await start(hass, "api_key"), api_key=LIVE_KEY, advanced={"url": service.url})
    await hass.async_block_till_done(wait_background_tasks=True)
    clear_requests(service)
    await pass_time(timedelta(hours=2, minutes=1))
    paths = Counter(entry["path"] for entry in requests(service))
    assert (paths["/hvac"], paths["/battery"]) == (2, 8)


@pytest.mark.parametrize("away", [timedelta(minutes=10), timedelta(days=1)])
async def test_a_service_that_is_away_comes_back_by_itself(
    hass: HomeAssistant,
    service: Service,
    account: ConfigEntry,
    pass_time: Advance,
    transitions: Transitions,
    away: timedelta,
) -> None:
    await pass_time(timedelta(minutes=1))  # settings come with the first single reads
    battery = battery_of(hass)
    before = set(hass.states.async_entity_ids())
    service.control("POST", "faults", {"kind": "error", "code": "SERVICE_UNAVAILABLE", "match": {}})
    await pass_time(away)
    service.control("DELETE", "faults")
    await pass_time(timedelta(minutes=18))
    assert set(hass.states.async_entity_ids()) == before
    assert float(state_of(hass, battery, "level")) > 0
    level = entity_id(hass, battery, "level")
    assert level is not None
    assert transitions[level].count(STATE_UNAVAILABLE) == (1 if away > timedelta(hours=1) else 0)


async def test_a_list_that_fails_is_tried_again_before_its_time(
    hass: HomeAssistant, service: Service, account: ConfigEntry, pass_time: Advance
) -> None:
    service.control("POST", "faults", {"kind": "error", "code": "INTERNAL_ERROR", "match": {"path": "/hvac"}})
    clear_requests(service)
    await pass_time(QUARTER + timedelta(minutes=4))
    paths = Counter(entry["path"] for entry in requests(service))
    # After 15 minutes, and then 30, 60 and 120 seconds later at the earliest.
    assert (paths["/hvac"], paths["/battery"]) == (4, 1) or (paths["/hvac"], paths["/battery"]) == (3, 1)


async def test_one_failing_list_is_no_failure_of_the_account(
    hass: HomeAssistant, service: Service, account: ConfigEntry, pass_time: Advance, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.clear()
    service.control("POST", "faults", {"kind": "error", "code": "INSUFFICIENT_PERMISSIONS", "match": {"path": "/hvac"}})
    await pass_time(timedelta(hours=2))
    assert (await retrieval_of(hass, account))["last_update_success"]
    ours = [record for record in caplog.records if record.levelno >= logging.INFO and DOMAIN in record.name]
    assert ["the list of type HVAC cannot be read" in record.getMessage() for record in ours] == [True]


async def test_an_unload_ends_the_reads_that_somebody_waits_for(
    hass: HomeAssistant, service: Service, account: ConfigEntry, pass_time: Advance, freezer: FrozenDateTimeFactory
) -> None:
    await pass_time(timedelta(minutes=2))
    clear_requests(service)
    device_id = amps_id(battery_of(hass))
    service.control("POST", "faults", {"kind": "latency", "seconds": 30, "match": {"deviceId": device_id}, "count": 1})
    waiting = asyncio.create_task(refresh(hass, battery_of(hass)))
    while not requests(service, device_id):  # noqa: ASYNC110  a log has no event
        await asyncio.sleep(0)
    await hass.config_entries.async_unload(account.entry_id)
    with pytest.raises(HomeAssistantError) as raised:
        await waiting
    assert raised.value.translation_key == "account_not_loaded"
    freezer.tick(timedelta(seconds=31))


async def test_home_assistant_starts_whichever_request_fails(
    hass: HomeAssistant, service: Service, account: ConfigEntry, pass_time: Advance
) -> None:
    await pass_time(timedelta(minutes=1))  # settings come with the first single reads
    entities = set(hass.states.async_entity_ids())
    clear_requests(service)
    await hass.config_entries.async_reload(account.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    asked = [(entry["method"], entry["path"]) for entry in requests(service)]
    assert len(asked) >= 5
    for method, path in asked:
        service.control(
            "POST",
            "faults",
            {"kind": "error", "code": "SERVICE_UNAVAILABLE", "match": {"method": method, "path": path}, "count": 1},
        )
        await hass.config_entries.async_reload(account.entry_id)
        await pass_time(timedelta(minutes=2))
        assert account.state is ConfigEntryState.LOADED, path
        assert set(hass.states.async_entity_ids()) == entities, path
        shown = [state.entity_id for state in hass.states.async_all() if state.state == STATE_UNAVAILABLE]
        assert shown == [], path


async def test_a_list_older_than_what_is_known_changes_nothing(
    hass: HomeAssistant,
    service: Service,
    account: ConfigEntry,
    pass_time: Advance,
    poll_now: PollNow,
    freezer: FrozenDateTimeFactory,
) -> None:
    battery = battery_of(hass)
    await pass_time(timedelta(minutes=5))
    service.control("POST", "faults", {"kind": "latency", "seconds": 30, "match": {"path": "/battery"}, "count": 1})
    listing = asyncio.create_task(poll_now(account))
    while not any(entry["path"] == "/battery" and entry["faults"] for entry in requests(service)):  # noqa: ASYNC110  a log has no event
        await asyncio.sleep(0)
    await refresh(hass, battery)
    level = state_of(hass, battery, "level")
    freezer.tick(timedelta(seconds=31))
    await listing
    assert state_of(hass, battery, "level") == level


async def test_the_last_pull_is_written_once_it_has_moved_by_five_minutes(
    hass: HomeAssistant, between: Interception, pass_time: Advance
) -> None:
    inverter, pulls = inverter_of(hass), ["12:15:00", "12:14:59", "12:10:00"]

    def pull(_request: Request, body: dict[str, Any]) -> None:
        for device in body["data"].get("items", [body["data"]]):
            device["sync"]["lastPulledAt"] = f"2026-06-14T{pulls[-1]}.000Z"

    between.rewrite = pull
    shown = []
    while pulls:
        await pass_time(QUARTER)
        shown.append(state_of(hass, inverter, "last_pulled")[11:19])
        pulls.pop()
    assert shown == ["12:10:00", "12:10:00", "12:15:00"]


@pytest.mark.usefixtures("account")
async def test_reads_at_once_are_one_request(hass: HomeAssistant, service: Service, pass_time: Advance) -> None:
    battery = battery_of(hass)
    await pass_time(timedelta(minutes=2))
    clear_requests(service)
    await asyncio.gather(*(refresh(hass, battery) for _ in range(10)))
    assert len(requests(service, amps_id(battery))) == 1


async def test_a_ceiling_spreads_single_reads(
    hass: HomeAssistant, service: Service, account: ConfigEntry, pass_time: Advance
) -> None:
    await set_ceiling(hass, account, 32)
    await pass_time(timedelta(minutes=30))
    clear_requests(service)
    await pass_time(timedelta(hours=1))
    asked = requests(service)
    assert 28 <= len(asked) <= 33
    reads = [entry for entry in asked if entry["path"].count("/") == 2]
    # The oldest goes first, so that each device has its turn: eleven devices at twelve reads an hour.
    assert len({entry["path"] for entry in reads}) == 11
    apart = [datetime.fromisoformat(entry["at"]) for entry in reads]
    assert all((after - before).total_seconds() > 290 for before, after in pairwise(apart))
