"""What Home Assistant shows of an account and of how its devices are read."""

from datetime import datetime, timedelta
from itertools import pairwise

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.test_util.aiohttp import AiohttpClientMocker

from custom_components.amps.const import DOMAIN

from .accounts import add_live_account
from .conftest import Advance, PollNow, add_simulated_home, devices, entity_id, state_of
from .flow import start, submit
from .live import amps_id, inverter_of, requests, set_ceiling
from .mocked_service import URL, listing, mock_service
from .service import Service
from .writes import Writes

QUARTER = timedelta(minutes=15)
KEYS = ("requests_last_hour", "next_read", "environment")


def account_sensor(hass: HomeAssistant, entry: ConfigEntry, key: str) -> str:
    """Return the entity of an account by its key."""
    found = er.async_get(hass).async_get_entity_id("sensor", DOMAIN, f"{entry.entry_id}_{key}")
    assert found
    return found


def shown(hass: HomeAssistant, entry: ConfigEntry, key: str) -> str:
    """Return what an entity of an account shows."""
    state = hass.states.get(account_sensor(hass, entry, key))
    assert state
    return state.state


async def enable(hass: HomeAssistant, entry: ConfigEntry, pass_time: Advance) -> None:
    """Enable the sensors of an account as a person does; Home Assistant then reloads it after half a minute."""
    for key in KEYS:
        er.async_get(hass).async_update_entity(account_sensor(hass, entry, key), disabled_by=None)
    await pass_time(timedelta(seconds=31))


@pytest.fixture
async def account(hass: HomeAssistant, service: Service, pass_time: Advance) -> ConfigEntry:
    """Return a live account whose sensors are enabled."""
    account = await add_live_account(hass, service.url)
    await enable(hass, account, pass_time)
    return account


async def test_an_account_is_a_service_with_sensors_that_nobody_has_to_see(
    hass: HomeAssistant, pass_time: Advance
) -> None:
    home = await add_simulated_home(hass)
    (device,) = [
        device
        for device in dr.async_entries_for_config_entry(dr.async_get(hass), home.entry_id)
        if device.entry_type is dr.DeviceEntryType.SERVICE
    ]
    assert device.identifiers == {(DOMAIN, home.entry_id)}
    assert device.name == home.title
    found = er.async_entries_for_device(er.async_get(hass), device.id, include_disabled_entities=True)
    shown_at_once = (f"{home.entry_id}_schedule", None, None)
    assert {(entry.unique_id, entry.disabled_by, entry.entity_category) for entry in found} == {
        shown_at_once,
        *((f"{home.entry_id}_{key}", "integration", "diagnostic") for key in KEYS),
    }
    await enable(hass, home, pass_time)
    assert shown(hass, home, "environment") == "sandbox"


async def test_requests_are_counted_at_polls(
    hass: HomeAssistant, service: Service, account: ConfigEntry, pass_time: Advance
) -> None:
    assert shown(hass, account, "environment") == "live"
    await pass_time(timedelta(minutes=17))
    counted = shown(hass, account, "requests_last_hour")
    inverter = inverter_of(hass)
    await pass_time(timedelta(minutes=2))
    assert await hass.services.async_call(
        DOMAIN, "refresh", {"device_id": inverter.id}, blocking=True, return_response=True
    )
    assert shown(hass, account, "requests_last_hour") == counted
    await pass_time(QUARTER)
    assert shown(hass, account, "requests_last_hour") != counted
    # Half an hour has passed: all requests are counted, but for the dialog's own and for those after the poll.
    last_poll = max(index for index, entry in enumerate(requests(service)) if entry["query"].get("offset") == "0")
    assert int(shown(hass, account, "requests_last_hour")) == last_poll


async def test_the_next_read_is_shown_by_the_clock_on_the_wall(
    hass: HomeAssistant, service: Service, account: ConfigEntry, pass_time: Advance
) -> None:
    await pass_time(timedelta(minutes=2))
    next_read = dt_util.parse_datetime(shown(hass, account, "next_read"))
    assert next_read
    service.control("DELETE", "requests")
    await pass_time(next_read - dt_util.utcnow() - timedelta(seconds=20))
    names = [amps_id(device) for device in devices(hass, having="reachable", domain="binary_sensor")]
    assert not [read for read in requests(service) if read["path"].rsplit("/", 1)[-1] in names]
    await pass_time(timedelta(seconds=40))
    assert [read for read in requests(service) if read["path"].rsplit("/", 1)[-1] in names]
    later = dt_util.parse_datetime(shown(hass, account, "next_read"))
    assert later
    assert later > next_read + timedelta(minutes=10)


async def test_a_read_that_a_list_puts_off_is_shown_as_such(
    hass: HomeAssistant, service: Service, account: ConfigEntry, pass_time: Advance, poll_now: PollNow
) -> None:
    await pass_time(timedelta(minutes=10))
    next_read = dt_util.parse_datetime(shown(hass, account, "next_read"))
    assert next_read
    for device in devices(hass, having="reachable", domain="binary_sensor"):
        service.control("POST", f"devices/{amps_id(device)}", {"pulled": True})
    await poll_now(account)
    later = dt_util.parse_datetime(shown(hass, account, "next_read"))
    assert later
    assert later - next_read > timedelta(minutes=9)
    assert later - dt_util.utcnow() == pytest.approx(QUARTER + timedelta(seconds=15), abs=timedelta(seconds=2))


async def test_the_next_read_is_shown_while_devices_wait_for_their_turn(
    hass: HomeAssistant, service: Service, account: ConfigEntry, pass_time: Advance
) -> None:
    await set_ceiling(hass, account, 32)
    read = len(requests(service, "/device_"))
    shown_in_time = 0
    for _ in range(60):
        next_read = dt_util.parse_datetime(shown(hass, account, "next_read"))
        await pass_time(timedelta(minutes=1))
        if (now_read := len(requests(service, "/device_"))) > read:
            assert next_read is not None
            # An instant that moves by less than half a minute is not shown anew.
            assert next_read <= dt_util.utcnow() + timedelta(seconds=30)
            shown_in_time += 1
        read = now_read
    assert shown_in_time >= 5


async def test_a_plan_that_stays_is_not_written_again(
    hass: HomeAssistant,
    account: ConfigEntry,
    pass_time: Advance,
    poll_now: PollNow,
    writes: Writes,
) -> None:
    await pass_time(timedelta(minutes=2))
    writes.changed.clear()
    await poll_now(account)
    await poll_now(account)
    ours = {account_sensor(hass, account, key) for key in ("next_read", "environment")}
    assert not ours & (writes.changed | writes.unchanged)


async def test_an_account_shows_itself_while_the_service_is_away(
    hass: HomeAssistant, service: Service, account: ConfigEntry, pass_time: Advance
) -> None:
    service.control("POST", "faults", {"kind": "error", "code": "SERVICE_UNAVAILABLE", "match": {}})
    await pass_time(timedelta(hours=1))
    inverter = inverter_of(hass)
    assert state_of(hass, inverter, "power") == STATE_UNAVAILABLE
    assert STATE_UNAVAILABLE not in {shown(hass, account, key) for key in KEYS}
    assert shown(hass, account, "environment") == "live"
    for key, domain in (("refresh", "button"), ("expedited_updates", "switch"), ("data_source", "sensor")):
        assert state_of(hass, inverter, key, domain) != STATE_UNAVAILABLE


async def test_in_the_sandbox_reads_are_for_settings_alone(hass: HomeAssistant, pass_time: Advance) -> None:
    home = await add_simulated_home(hass)
    await enable(hass, home, pass_time)
    planned = shown(hass, home, "next_read")
    assert planned != STATE_UNKNOWN
    assert datetime.fromisoformat(planned) - dt_util.utcnow() > timedelta(minutes=50)


LIVE_ONLY = {
    "sensor": ("data_source", "last_pulled"),
    "button": ("refresh",),
    "switch": ("expedited_updates",),
}
"""What only devices of live accounts have, by platform."""


def live_only(hass: HomeAssistant, entry: ConfigEntry) -> set[str]:
    """Return the keys of the entities of an account that only devices of live accounts have."""
    keys = {key for keys in LIVE_ONLY.values() for key in keys}
    found = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    return {entity.translation_key for entity in found if entity.translation_key in keys}


async def test_a_fallback_in_the_sandbox_adds_no_entities(hass: HomeAssistant, pass_time: Advance) -> None:
    home = await add_simulated_home(hass)
    await pass_time(timedelta(seconds=1))  # settings come by single reads
    before = er.async_entries_for_config_entry(er.async_get(hass), home.entry_id)
    await hass.services.async_call(DOMAIN, "simulator_inject_fault", {"fault": "fallback"}, blocking=True)
    assert state_of(hass, inverter_of(hass), "power") == STATE_UNAVAILABLE
    await pass_time(timedelta(minutes=2))
    assert er.async_entries_for_config_entry(er.async_get(hass), home.entry_id) == before
    assert not live_only(hass, home)


async def test_entities_that_the_sandbox_does_not_have_leave(
    hass: HomeAssistant, service: Service, pass_time: Advance
) -> None:
    home = await add_simulated_home(hass)
    inverter = inverter_of(hass)
    account = await add_live_account(hass, service.url)
    keys = {key for keys in LIVE_ONLY.values() for key in keys}
    assert live_only(hass, account) == keys
    await hass.config_entries.async_unload(home.entry_id)
    registry = er.async_get(hass)
    for domain, wrong in LIVE_ONLY.items():
        for key in wrong:
            unique_id = f"{amps_id(inverter)}_{key}"
            registry.async_get_or_create(domain, DOMAIN, unique_id, config_entry=home, translation_key=key)
    assert live_only(hass, home) == keys
    await hass.config_entries.async_setup(home.entry_id)
    await pass_time(timedelta(minutes=62))
    assert not live_only(hass, home)
    assert live_only(hass, account) == keys


@pytest.mark.parametrize(("environment", "expected"), [("live", 4), ("sandbox", 0)])
@pytest.mark.parametrize("source", ["live", "projection", "telepathy", None])
async def test_what_there_is_goes_by_the_environment_and_no_item(
    hass: HomeAssistant,
    aioclient_mock: AiohttpClientMocker,
    environment: str,
    expected: int,
    source: str | None,
) -> None:
    batteries = listing("device_1", environment=environment)
    batteries["data"]["items"][0]["metadata"] = {"source": source}
    mock_service(aioclient_mock, batteries)
    result = await submit(hass, await start(hass, "api_key"), api_key="sk_live_canary", advanced={"url": URL})
    await hass.async_block_till_done(wait_background_tasks=True)
    assert len(live_only(hass, result["result"])) == expected


async def test_the_diagnostics_of_a_device_follow_its_tier(
    hass: HomeAssistant, service: Service, pass_time: Advance, freezer: FrozenDateTimeFactory
) -> None:
    await add_live_account(hass, service.url)
    inverter = inverter_of(hass)
    await pass_time(timedelta(minutes=20))
    assert state_of(hass, inverter, "data_source") == "live"
    assert state_of(hass, inverter, "reachable", "binary_sensor") == "on"
    pulled = state_of(hass, inverter, "last_pulled")
    fault = service.control("POST", "faults", {"kind": "fallback", "match": {"deviceId": amps_id(inverter)}})
    await pass_time(QUARTER)
    assert state_of(hass, inverter, "data_source") == "fallback"
    assert state_of(hass, inverter, "reachable", "binary_sensor") == "off"
    assert state_of(hass, inverter, "power") == STATE_UNAVAILABLE
    assert state_of(hass, inverter, "last_pulled") == pulled
    service.control("DELETE", f"faults/{fault['id']}")
    await pass_time(QUARTER)
    assert state_of(hass, inverter, "reachable", "binary_sensor") == "on"
    assert state_of(hass, inverter, "last_pulled") > pulled


async def test_nobody_can_say_whether_a_device_is_reachable_once_its_reading_is_too_old(
    hass: HomeAssistant, service: Service, pass_time: Advance
) -> None:
    account = await add_live_account(hass, service.url)
    inverter, away = devices(hass, having="producing", domain="binary_sensor")
    service.control("POST", "faults", {"kind": "fallback", "match": {"deviceId": amps_id(away)}})
    await pass_time(2 * QUARTER)

    def shown() -> list[str]:
        return [state_of(hass, device, "reachable", "binary_sensor") for device in (inverter, away)]

    assert shown() == ["on", "off"]
    silence = service.control("POST", "faults", {"kind": "error", "code": "SERVICE_UNAVAILABLE", "match": {}})
    await pass_time(QUARTER)
    assert shown() == ["on", "off"]
    await pass_time(timedelta(hours=4))
    # Nothing that was received since says that the manufacturer is reached again.
    assert shown() == [STATE_UNKNOWN, "off"]
    assert state_of(hass, inverter, "power") == STATE_UNAVAILABLE
    service.control("DELETE", f"faults/{silence['id']}")
    await pass_time(2 * QUARTER)
    assert shown() == ["on", "off"]

    # So is it with the first list after a start.
    await hass.config_entries.async_unload(account.entry_id)
    await pass_time(timedelta(hours=4))
    fault = {"kind": "error", "code": "SERVICE_UNAVAILABLE", "match": {"path": "/solar-inverter/*"}}
    service.control("POST", "faults", fault)
    await hass.config_entries.async_setup(account.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert shown()[0] == STATE_UNKNOWN


async def test_the_last_pull_is_written_every_five_minutes_at_most(
    hass: HomeAssistant,
    service: Service,
    pass_time: Advance,
    poll_now: PollNow,
    writes: Writes,
) -> None:
    await add_live_account(hass, service.url)
    inverter = inverter_of(hass)
    await pass_time(timedelta(minutes=2))
    shown_before = state_of(hass, inverter, "last_pulled")
    switch = entity_id(hass, inverter, "expedited_updates", "switch")
    await hass.services.async_call("switch", "turn_on", {"entity_id": switch}, blocking=True)
    seen = {shown_before}
    for _ in range(12):
        await pass_time(timedelta(minutes=1))
        seen.add(state_of(hass, inverter, "last_pulled"))
    instants = sorted(map(datetime.fromisoformat, seen))
    assert len(instants) >= 3
    assert all(later - earlier > timedelta(minutes=5) for earlier, later in pairwise(instants))
