"""Waits that a service asks for, and pauses that it did not time (design §4, errors of the service)."""

from datetime import datetime, timedelta
import re

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest

from custom_components.amps.const import DOMAIN
from custom_components.amps.simulator import Response

from .conftest import Advance, battery_of
from .interception import Interception, error, is_list, page
from .live import amps_id, clear_requests, reauth_flows, requests
from .service import Service


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


async def test_a_set_up_waits_for_as_long_as_the_service_asks(
    hass: HomeAssistant, between: Interception, account: ConfigEntry, pass_time: Advance
) -> None:
    between.answer = lambda _: error("SERVICE_UNAVAILABLE", 503, **{"Retry-After": "1200"})
    await hass.config_entries.async_reload(account.entry_id)
    await pass_time(timedelta(minutes=19))
    assert between.count() <= 5
    between.answer = lambda _: None
    await pass_time(timedelta(minutes=3))
    assert account.state is ConfigEntryState.LOADED


async def test_a_pause_that_the_service_did_not_time_holds_back_nothing_that_somebody_asks_for(
    hass: HomeAssistant, between: Interception, pass_time: Advance
) -> None:
    battery = battery_of(hass)
    between.answer = lambda request: error("RATE_LIMIT_EXCEEDED", 429) if is_list(request) else None
    await pass_time(timedelta(minutes=16))
    between.requests.clear()
    await hass.services.async_call(DOMAIN, "idle", {"device_id": battery.id}, blocking=True)
    await hass.services.async_call(DOMAIN, "refresh", {"device_id": battery.id}, blocking=True)
    assert between.count(f"/battery/{amps_id(battery)}") == 2


async def test_a_pause_that_the_service_timed_refuses_with_the_time(
    hass: HomeAssistant, between: Interception, pass_time: Advance
) -> None:
    battery = battery_of(hass)
    between.answer = lambda request: (
        error("RATE_LIMIT_EXCEEDED", 429, **{"Retry-After": "600"}) if is_list(request) else None
    )
    await pass_time(timedelta(minutes=15))
    between.requests.clear()
    with pytest.raises(HomeAssistantError) as raised:
        await hass.services.async_call(DOMAIN, "idle", {"device_id": battery.id}, blocking=True)
    assert raised.value.translation_key == "command_rate_limited"
    assert re.search(r"again in 5\d\d s", str(raised.value))
    assert between.requests == []


WAIT = {"Retry-After": "3600"}
WAITS = {
    "503": error("SERVICE_UNAVAILABLE", 503, **WAIT),
    "302": page(302, b"", Location="https://login.test", **WAIT),
    "200": page(200, b"<html>Maintenance</html>", **WAIT),
    "json": page(200, b"[]", **WAIT),
}


@pytest.mark.parametrize("answer", WAITS.values(), ids=WAITS)
async def test_a_device_that_asks_for_a_wait_gets_it_from_people_too(
    hass: HomeAssistant, between: Interception, pass_time: Advance, answer: Response
) -> None:
    battery = battery_of(hass)
    path = f"/battery/{amps_id(battery)}"
    between.answer = lambda request: answer if request.path == path else None
    await pass_time(timedelta(minutes=16))
    with pytest.raises(HomeAssistantError) as raised:
        await hass.services.async_call(DOMAIN, "refresh", {"device_id": battery.id}, blocking=True)
    assert re.search(r"another 3\d\d\d s", str(raised.value))
    await pass_time(timedelta(minutes=58))
    assert between.count(path) == 1
    await pass_time(timedelta(minutes=2))
    assert between.count(path) == 2


@pytest.mark.parametrize("answer", WAITS.values(), ids=WAITS)
async def test_a_list_that_asks_for_a_wait_gets_it_while_the_others_go_on(
    between: Interception, pass_time: Advance, answer: Response
) -> None:
    between.answer = lambda request: answer if request.path == "/battery" else None
    await pass_time(timedelta(minutes=65))
    paths = [request.path for request in between.requests]
    assert (paths.count("/battery"), paths.count("/hvac")) == (1, 4)


async def test_a_list_that_asks_for_a_wait_does_not_hold_up_the_others_after_an_outage(
    hass: HomeAssistant, between: Interception, pass_time: Advance
) -> None:
    patient, outage = error("SERVICE_UNAVAILABLE", 503, **{"Retry-After": "7200"}), [False]
    between.answer = lambda request: (
        patient if request.path == "/battery" else page(502) if outage[0] and is_list(request) else None
    )
    await pass_time(timedelta(minutes=20))
    outage[0] = True
    await pass_time(timedelta(minutes=20))
    outage[0] = False
    between.requests.clear()
    await pass_time(timedelta(minutes=16))
    paths = [request.path for request in between.requests]
    assert "/hvac" in paths
    assert "/battery" not in paths


@pytest.mark.parametrize("path", ["/battery", "/hvac"])
async def test_a_list_that_asks_for_a_wait_does_not_hold_up_a_set_up_after_an_outage(
    hass: HomeAssistant, between: Interception, account: ConfigEntry, pass_time: Advance, path: str
) -> None:
    patient, outage = error("SERVICE_UNAVAILABLE", 503, **{"Retry-After": "7200"}), [True]
    between.answer = lambda request: (
        patient if request.path == path else page(502) if outage[0] and is_list(request) else None
    )
    await hass.config_entries.async_reload(account.entry_id)
    await pass_time(timedelta(minutes=2))
    outage[0] = False
    await pass_time(timedelta(minutes=6))
    assert account.state is ConfigEntryState.LOADED
    assert between.count(path) == 1
