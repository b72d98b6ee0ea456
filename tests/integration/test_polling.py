"""How an account is read: live behaviour over HTTP, in moved time."""

import asyncio
from collections import Counter
from datetime import datetime, timedelta
from itertools import pairwise
import logging
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntry, ConfigEntryState
from homeassistant.const import EVENT_STATE_CHANGED, STATE_UNAVAILABLE
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr, entity_registry as er
import pytest

from custom_components.amps.const import DOMAIN

from .conftest import Advance, PollNow, battery_of, devices, entity_id, refresh, retrieval_of, state_of
from .live import set_ceiling
from .service import Service
from .test_config_flow import start, submit

KEY = "sk_live_canary_41c9"
QUARTER = timedelta(minutes=15)

type Transitions = dict[str, list[str]]


@pytest.fixture
async def account(hass: HomeAssistant, service: Service) -> ConfigEntry:
    """Return a live account."""
    result = await submit(hass, await start(hass, "api_key"), api_key=KEY, advanced={"url": service.url})
    await hass.async_block_till_done(wait_background_tasks=True)
    entry: ConfigEntry = result["result"]
    assert entry.state is ConfigEntryState.LOADED
    return entry


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


def amps_id(device: dr.DeviceEntry) -> str:
    """Return the id that Amps knows a device by."""
    ((_, device_id),) = device.identifiers
    return device_id


def requests(service: Service, method: str = "GET") -> list[dict[str, Any]]:
    """Return what was asked of the service, the oldest first."""
    return [entry for entry in service.control("GET", "requests")["items"] if entry["method"] == method]


def reads_of(service: Service, device_id: str) -> list[dict[str, Any]]:
    """Return the single reads of a device."""
    return [entry for entry in requests(service) if entry["path"].endswith(f"/{device_id}")]


def clear_requests(service: Service) -> None:
    """Begin a new log of requests."""
    service.control("DELETE", "requests")


def reauth_flows(hass: HomeAssistant) -> int:
    """Return how many dialogs ask for a new key."""
    return sum(1 for flow in hass.config_entries.flow.async_progress() if flow["context"]["source"] == SOURCE_REAUTH)


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
    reads = reads_of(service, amps_id(battery))
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
    await submit(hass, await start(hass, "api_key"), api_key=KEY, advanced={"url": service.url})
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


async def test_errors_long_past_make_no_later_wait_longer(
    hass: HomeAssistant, service: Service, account: ConfigEntry, pass_time: Advance
) -> None:
    for _ in range(4):
        await pass_time(timedelta(hours=1))
        fault = {"kind": "error", "code": "RATE_LIMIT_EXCEEDED", "match": {"path": "/hvac"}, "count": 1}
        service.control("POST", "faults", fault)
        clear_requests(service)
        while not any(entry["code"] == "RATE_LIMIT_EXCEEDED" for entry in requests(service)):
            await pass_time(timedelta(seconds=20))
        clear_requests(service)
        await pass_time(timedelta(seconds=40))
        assert requests(service)


@pytest.mark.parametrize("tempo", [15, 240])
async def test_a_revoked_key_that_a_single_read_finds_first_asks_soon(
    hass: HomeAssistant, service: Service, account: ConfigEntry, pass_time: Advance, tempo: int
) -> None:
    form = await hass.config_entries.options.async_init(account.entry_id)
    await hass.config_entries.options.async_configure(form["flow_id"], {"tempo": tempo})
    await pass_time(timedelta(minutes=2))
    service.control("POST", "keys", {"key": KEY, "state": "revoked"})
    clear_requests(service)
    with pytest.raises(HomeAssistantError):
        await refresh(hass, battery_of(hass))
    await pass_time(timedelta(seconds=10))
    assert reauth_flows(hass) == 1
    assert len(requests(service)) == 3


async def test_an_unload_ends_the_reads_that_somebody_waits_for(
    hass: HomeAssistant, service: Service, account: ConfigEntry, pass_time: Advance, freezer: FrozenDateTimeFactory
) -> None:
    await pass_time(timedelta(minutes=2))
    clear_requests(service)
    device_id = amps_id(battery_of(hass))
    service.control("POST", "faults", {"kind": "latency", "seconds": 30, "match": {"deviceId": device_id}, "count": 1})
    waiting = asyncio.create_task(refresh(hass, battery_of(hass)))
    while not reads_of(service, device_id):  # noqa: ASYNC110  a log has no event
        await asyncio.sleep(0)
    await hass.config_entries.async_unload(account.entry_id)
    with pytest.raises(HomeAssistantError) as raised:
        await waiting
    assert raised.value.translation_key == "account_not_loaded"
    freezer.tick(timedelta(seconds=31))


async def test_home_assistant_starts_whichever_request_fails(
    hass: HomeAssistant, service: Service, account: ConfigEntry, pass_time: Advance
) -> None:
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


@pytest.mark.usefixtures("account")
async def test_reads_at_once_are_one_request(hass: HomeAssistant, service: Service, pass_time: Advance) -> None:
    battery = battery_of(hass)
    await pass_time(timedelta(minutes=2))
    clear_requests(service)
    await asyncio.gather(*(refresh(hass, battery) for _ in range(10)))
    assert len(reads_of(service, amps_id(battery))) == 1


async def test_a_burst_never_asks_for_a_key(
    hass: HomeAssistant, service: Service, account: ConfigEntry, pass_time: Advance
) -> None:
    battery = battery_of(hass)
    await pass_time(timedelta(seconds=1))
    service.control("POST", "faults", {"kind": "error", "code": "UNAUTHORIZED", "match": {}})
    clear_requests(service)
    # Refused at the next poll, then probed by one list after one minute and by another after five more.
    await pass_time(QUARTER + timedelta(minutes=6, seconds=30))
    assert [entry["path"] for entry in requests(service)[5:]] == ["/battery", "/ev-charger"]
    service.control("DELETE", "faults")
    await pass_time(timedelta(minutes=16))
    assert reauth_flows(hass) == 0
    assert account.state is ConfigEntryState.LOADED
    assert float(state_of(hass, battery, "level")) > 0


@pytest.mark.parametrize(("state", "code"), [("revoked", "INVALID_API_KEY"), ("expired", "EXPIRED_TOKEN")])
async def test_a_revoked_key_asks_once(
    hass: HomeAssistant,
    service: Service,
    account: ConfigEntry,
    pass_time: Advance,
    caplog: pytest.LogCaptureFixture,
    state: str,
    code: str,
) -> None:
    await pass_time(timedelta(seconds=1))
    caplog.clear()
    service.control("POST", "keys", {"key": KEY, "state": state})
    clear_requests(service)
    await pass_time(timedelta(hours=3))
    assert reauth_flows(hass) == 1
    # The five lists, and the one that confirms it; then nothing more.
    asked = requests(service)
    assert {entry["code"] for entry in asked} == {code}
    assert [entry["path"] for entry in asked[5:]] == ["/battery"]
    assert (datetime.fromisoformat(asked[5]["at"]) - datetime.fromisoformat(asked[0]["at"])).total_seconds() < 8
    assert KEY not in caplog.text
    troubles = [record for record in caplog.records if record.levelno >= logging.WARNING and DOMAIN in record.name]
    assert len(troubles) <= 2


async def test_a_revoked_key_at_the_start_asks_once(
    hass: HomeAssistant, service: Service, account: ConfigEntry, pass_time: Advance
) -> None:
    service.control("POST", "keys", {"key": KEY, "state": "revoked"})
    await hass.config_entries.async_reload(account.entry_id)
    first = account.state, reauth_flows(hass)
    await pass_time(timedelta(minutes=30))
    assert first == (ConfigEntryState.SETUP_RETRY, 0)
    assert (account.state, reauth_flows(hass)) == (ConfigEntryState.SETUP_ERROR, 1)


async def test_a_manufacturers_refusal_concerns_one_device(
    hass: HomeAssistant, service: Service, account: ConfigEntry, pass_time: Advance
) -> None:
    battery = battery_of(hass)
    fault = {"kind": "error", "code": "INVALID_API_KEY", "match": {"path": f"/battery/{amps_id(battery)}"}}
    service.control("POST", "faults", fault)
    await pass_time(QUARTER + timedelta(seconds=30))
    assert state_of(hass, battery, "level") != STATE_UNAVAILABLE
    await pass_time(timedelta(minutes=20))
    assert state_of(hass, battery, "level") == STATE_UNAVAILABLE
    others = [device for device in devices(hass, having="level", without="range") if device.id != battery.id]
    assert all(state_of(hass, device, "level") != STATE_UNAVAILABLE for device in others)
    assert reauth_flows(hass) == 0
    service.control("DELETE", "faults")
    await pass_time(timedelta(minutes=16))
    assert float(state_of(hass, battery, "level")) > 0


@pytest.mark.parametrize(("status", "seconds"), [(429, 77), (401, 1234)])
async def test_a_time_to_wait_is_kept_to_the_second(
    hass: HomeAssistant, service: Service, account: ConfigEntry, pass_time: Advance, status: int, seconds: int
) -> None:
    await pass_time(timedelta(minutes=10))
    fault = {"kind": "error", "code": "RATE_LIMIT_EXCEEDED", "status": status, "retryAfter": seconds, "match": {}}
    service.control("POST", "faults", fault)
    clear_requests(service)
    while not (asked := requests(service)):
        await pass_time(timedelta(seconds=1))
    service.control("DELETE", "faults")
    rate_limited = datetime.fromisoformat(asked[0]["at"])
    clear_requests(service)
    await pass_time(timedelta(seconds=seconds + 5))
    again = datetime.fromisoformat(requests(service)[0]["at"])
    assert seconds <= (again - rate_limited).total_seconds() <= seconds + 2
    assert reauth_flows(hass) == 0


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
