"""Refusals of a key, for good or of some lists only, and when a new one is asked for (design §4, errors)."""

from datetime import datetime, timedelta
from itertools import cycle
import logging

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
import pytest

from custom_components.amps.const import DOMAIN

from .accounts import LIVE_KEY
from .conftest import HOUR, QUARTER, Advance, battery_of, devices, refresh, state_of
from .interception import LISTS, Interception, error, intercept, is_list, is_read
from .live import amps_id, clear_requests, reauth_flows, requests
from .service import Service


@pytest.mark.parametrize("interval", [15, 240])
async def test_a_revoked_key_that_a_single_read_finds_first_asks_soon(
    hass: HomeAssistant, service: Service, account: ConfigEntry, pass_time: Advance, interval: int
) -> None:
    form = await hass.config_entries.options.async_init(account.entry_id)
    await hass.config_entries.options.async_configure(form["flow_id"], {"tempo": interval})
    await pass_time(timedelta(minutes=2))
    service.control("POST", "keys", {"key": LIVE_KEY, "state": "revoked"})
    clear_requests(service)
    with pytest.raises(HomeAssistantError):
        await refresh(hass, battery_of(hass))
    await pass_time(timedelta(seconds=10))
    assert reauth_flows(hass) == 1
    assert len(requests(service)) == 3


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


async def test_an_outage_in_which_the_key_is_refused_now_and_then_never_asks_for_a_key(
    hass: HomeAssistant, service: Service, account: ConfigEntry, pass_time: Advance
) -> None:
    await pass_time(timedelta(seconds=1))
    between = intercept(service)
    failures = cycle([error("UNAUTHORIZED", 401), error("INTERNAL_ERROR", 500), error("RATE_LIMIT_EXCEEDED", 429)])
    between.answer = lambda _: next(failures)
    await pass_time(timedelta(hours=6))
    assert len(between.requests) > 20
    assert reauth_flows(hass) == 0
    between.answer = lambda _: None
    await pass_time(timedelta(minutes=16))
    assert float(state_of(hass, battery_of(hass), "level")) > 0


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
    service.control("POST", "keys", {"key": LIVE_KEY, "state": state})
    clear_requests(service)
    await pass_time(timedelta(hours=3))
    assert reauth_flows(hass) == 1
    # The five lists, and the one that confirms it; then nothing more.
    asked = requests(service)
    assert {entry["code"] for entry in asked} == {code}
    assert [entry["path"] for entry in asked[5:]] == ["/battery"]
    assert (datetime.fromisoformat(asked[5]["at"]) - datetime.fromisoformat(asked[0]["at"])).total_seconds() < 8
    assert LIVE_KEY not in caplog.text
    troubles = [record for record in caplog.records if record.levelno >= logging.WARNING and DOMAIN in record.name]
    assert len(troubles) <= 2


async def test_a_revoked_key_at_the_start_asks_once(
    hass: HomeAssistant, service: Service, account: ConfigEntry, pass_time: Advance
) -> None:
    service.control("POST", "keys", {"key": LIVE_KEY, "state": "revoked"})
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


async def test_a_type_that_the_key_may_not_read_concerns_that_type_alone(
    hass: HomeAssistant, between: Interception, pass_time: Advance, caplog: pytest.LogCaptureFixture
) -> None:
    battery, inverter = battery_of(hass), devices(hass, having="producing", domain="binary_sensor")[0]
    between.answer = lambda request: (
        error("INSUFFICIENT_PERMISSIONS", 403) if request.path.startswith("/battery") else None
    )
    caplog.clear()
    await pass_time(timedelta(hours=3))
    assert between.count("/battery") - between.count("/battery/") <= 4
    assert state_of(hass, battery, "level") == STATE_UNAVAILABLE
    assert state_of(hass, inverter, "power") != STATE_UNAVAILABLE
    assert caplog.text.count("the list of type Battery cannot be read") == 1
    assert reauth_flows(hass) == 0


async def test_an_account_whose_key_may_read_one_type_is_set_up(
    hass: HomeAssistant, between: Interception, account: ConfigEntry
) -> None:
    between.answer = lambda request: (
        None if request.path.startswith("/vehicle") else error("INSUFFICIENT_PERMISSIONS", 403)
    )
    await hass.config_entries.async_reload(account.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert account.state is ConfigEntryState.LOADED
    vehicle = devices(hass, having="range")[0]
    assert float(state_of(hass, vehicle, "level")) > 0


async def test_a_key_that_may_read_nothing_for_a_while_reads_all_types_again_soon(
    hass: HomeAssistant, between: Interception, pass_time: Advance
) -> None:
    between.answer = lambda request: error("INSUFFICIENT_PERMISSIONS", 403) if is_list(request) else None
    await pass_time(HOUR)
    between.answer = lambda _: None
    between.requests.clear()
    await pass_time(timedelta(minutes=17))
    assert {request.path for request in between.requests if is_list(request)} == set(LISTS)


async def test_a_list_that_alone_is_refused_casts_no_doubt_on_the_key(
    hass: HomeAssistant, between: Interception, pass_time: Advance
) -> None:
    between.answer = lambda request: error("INVALID_API_KEY", 401) if request.path == "/battery" else None
    await pass_time(timedelta(hours=3))
    assert reauth_flows(hass) == 0
    assert float(state_of(hass, battery_of(hass), "level")) > 0
    between.answer = lambda _: error("INVALID_API_KEY", 401)
    await pass_time(timedelta(minutes=20))
    assert reauth_flows(hass) == 1


async def test_lists_are_asked_once_whose_key_is_refused_by_many_devices(
    hass: HomeAssistant, between: Interception, account: ConfigEntry, pass_time: Advance
) -> None:
    between.answer = lambda request: error("UNAUTHORIZED", 401) if is_read(request) else None
    await hass.config_entries.async_reload(account.entry_id)
    await pass_time(timedelta(minutes=1))
    between.requests.clear()
    await pass_time(timedelta(hours=4))
    lists = sum(is_list(request) for request in between.requests)
    assert lists <= 5 * 16 + 2
    assert reauth_flows(hass) == 0
    issues = [issue for issue in ir.async_get(hass).issues if issue[1].startswith("relink_device")]
    assert len(issues) == 11
