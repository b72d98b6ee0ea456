"""Scheduled single reads: what was put off is not read, and what was not read stays scheduled."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from itertools import chain, repeat
import logging
from unittest.mock import DEFAULT, Mock

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import STATE_OFF, STATE_ON, STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest

from custom_components.amps.api import AmpsClient, Reading
from custom_components.amps.api.models import AnyDevice
from custom_components.amps.const import DOMAIN
from custom_components.amps.rules.schedule import read_order
from custom_components.amps.simulator import Response

from .accounts import add_live_account
from .conftest import HOUR, MINUTE, SECOND, Advance, PollNow, battery_of, devices, state_of
from .interception import Interception, error, intercept, is_read
from .live import amps_id, clear_requests, inverter_of, requests, set_ceiling
from .service import Service

DUE = timedelta(minutes=15, seconds=15)
"""How old a reading is when its device is read."""


def everything(hass: HomeAssistant) -> list[str]:
    """Return the ids of all devices."""
    return [amps_id(device) for device in devices(hass, having="reachable", domain="binary_sensor")]


def have_read(hass: HomeAssistant, service: Service) -> None:
    """Let somebody else with the same devices have them all read just now."""
    for device_id in everything(hass):
        service.control("POST", f"devices/{device_id}", {"pulled": True})


def reads(service: Service) -> list[str]:
    """Return the ids of the devices that were read by themselves, in that order."""
    paths = [entry["path"].strip("/").split("/") for entry in requests(service) if entry["method"] == "GET"]
    return [path[1] for path in paths if len(path) > 1 and path[0] != "actions"]


async def read_lists_due_after(span: timedelta, account: ConfigEntry, pass_time: Advance, poll_now: PollNow) -> None:
    """Read the lists out of turn, and let time pass until five seconds before devices are due, and lists later."""
    await pass_time(span)
    await poll_now(account)
    await pass_time(DUE - span - 5 * SECOND)


async def test_a_list_puts_off_what_waits_for_its_turn_under_a_ceiling(
    hass: HomeAssistant, service: Service, account: ConfigEntry, pass_time: Advance, poll_now: PollNow
) -> None:
    await set_ceiling(hass, account, 32)
    # At one read in five minutes there is always a device that has been due for long.
    await pass_time(timedelta(minutes=62))
    have_read(hass, service)
    await poll_now(account)
    clear_requests(service)
    await pass_time(DUE - 5 * SECOND)
    assert not reads(service)
    await pass_time(10 * SECOND)
    assert len(reads(service)) == 1


async def test_a_list_puts_off_what_waits_until_others_are_read(
    hass: HomeAssistant,
    service: Service,
    account: ConfigEntry,
    pass_time: Advance,
    poll_now: PollNow,
    pass_unfinished: Advance,
) -> None:
    await pass_time(DUE - 5 * SECOND)
    clear_requests(service)
    service.control("POST", "faults", {"kind": "latency", "seconds": 20, "match": {"path": "/*/device_*"}})
    await pass_unfinished(10 * SECOND)
    assert len(begun := reads(service)) == 3
    assert len(everything(hass)) > 3
    have_read(hass, service)
    await poll_now(account)
    service.control("DELETE", "faults")
    await pass_unfinished(30 * SECOND)
    await pass_time(10 * MINUTE)
    assert reads(service) == begun
    await pass_time(6 * MINUTE)
    assert sorted(reads(service)) == sorted(begun + everything(hass))


async def test_before_devices_are_read_only_the_lists_that_are_nearly_due_are(
    hass: HomeAssistant, service: Service, pass_time: Advance, poll_now: PollNow
) -> None:
    for document in service.control("GET", "devices")["items"]:
        if document["deviceType"] == "hvac":
            service.control("POST", f"devices/{document['id']}", {"present": False})
    account = await add_live_account(hass, service.url)
    # Out of turn, so that the lists are due a little later than the devices.
    await pass_time(20 * SECOND)
    await poll_now(account)
    await pass_time(10 * MINUTE)
    have_read(hass, service)
    clear_requests(service)
    await pass_time(DUE - 10 * MINUTE - 22 * SECOND)
    assert not requests(service)
    await pass_time(4 * SECOND)
    # The list of a type without devices is due in an hour, and the others show that no device needs to be read.
    asked = Counter(entry["path"] for entry in requests(service))
    assert asked == {"/battery": 1, "/ev-charger": 1, "/solar-inverter": 1, "/vehicle": 1}


async def test_lists_that_come_due_while_devices_are_read_go_before_the_next_reads(
    hass: HomeAssistant,
    service: Service,
    account: ConfigEntry,
    pass_time: Advance,
    poll_now: PollNow,
    pass_unfinished: Advance,
) -> None:
    await read_lists_due_after(40 * SECOND, account, pass_time, poll_now)
    clear_requests(service)
    service.control("POST", "faults", {"kind": "latency", "seconds": 20, "match": {"path": "/*/device_*"}})
    await pass_unfinished(10 * SECOND)
    begun = reads(service)
    have_read(hass, service)
    # The first reads end after 20 s, and the lists are due 5 s after that: soon enough to save the others.
    await pass_unfinished(25 * SECOND)
    assert len(requests(service)) == len(begun) + 5
    assert len(begun) == 3
    await pass_time(10 * MINUTE)
    assert reads(service) == begun


async def test_after_a_pause_lists_go_before_the_next_reads(
    hass: HomeAssistant,
    service: Service,
    account: ConfigEntry,
    pass_time: Advance,
    poll_now: PollNow,
    pass_unfinished: Advance,
) -> None:
    battery = battery_of(hass)
    await read_lists_due_after(33 * SECOND, account, pass_time, poll_now)
    clear_requests(service)
    limit = {"kind": "error", "code": "RATE_LIMIT_EXCEEDED", "retryAfter": 15, "match": {"method": "POST"}, "count": 1}
    service.control("POST", "faults", limit)
    slow = {"kind": "latency", "seconds": 25, "match": {"method": "GET", "path": "/*/device_*"}}
    service.control("POST", "faults", slow)
    for path in ("/ev-charger", "/hvac", "/solar-inverter", "/vehicle"):
        service.control("POST", "faults", {"kind": "latency", "seconds": 15, "match": {"path": path}})
    await pass_unfinished(8 * SECOND)
    begun = reads(service)
    have_read(hass, service)
    with pytest.raises(HomeAssistantError):
        await hass.services.async_call(DOMAIN, "idle", {"device_id": battery.id}, blocking=True)
    # The first reads end after 25 s, when the lists are being read that were due in the pause.
    await pass_unfinished(40 * SECOND)
    assert len(begun) == 3
    assert reads(service) == begun


async def test_what_lists_bring_puts_off_the_reads_they_save_and_no_others(
    hass: HomeAssistant, service: Service, account: ConfigEntry, pass_time: Advance, poll_now: PollNow
) -> None:
    await pass_time(10 * MINUTE)
    have_read(hass, service)
    await poll_now(account)
    clear_requests(service)
    await pass_time(DUE - 5 * SECOND)
    assert not reads(service)
    await pass_time(10 * SECOND)
    assert sorted(reads(service)) == everything(hass)


@pytest.mark.usefixtures("account")
async def test_an_error_that_nobody_expects_costs_no_more_than_one_that_is(
    hass: HomeAssistant,
    service: Service,
    pass_time: Advance,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    inverter, read_device = inverter_of(hass), AmpsClient.read_device
    tried: list[float] = []

    async def read(
        client: AmpsClient, device_class: type[AnyDevice], device_id: str, *, expedite: bool = False
    ) -> Reading[AnyDevice]:
        # Reads without end would have an end here, and fail below.
        if device_id != amps_id(inverter) or len(tried) == 20:
            return await read_device(client, device_class, device_id, expedite=expedite)
        tried.append(hass.loop.time())
        message = "nobody thought of this"
        raise RuntimeError(message)

    monkeypatch.setattr(AmpsClient, "read_device", read)
    await pass_time(DUE - 5 * SECOND)
    begun = hass.loop.time()
    clear_requests(service)
    caplog.clear()
    await pass_time(9 * MINUTE)
    # Once more after 1, 2 and 4 minutes.
    assert [time - begun for time in tried] == pytest.approx([5, 65, 185, 425], abs=2)
    errors = [record for record in caplog.records if record.levelno >= logging.INFO and DOMAIN in record.name]
    assert len(errors) == len(tried)
    for record in errors:
        assert str(inverter.name) in record.getMessage()
        assert record.exc_info is not None
        assert record.exc_info[0] is RuntimeError
    others = sorted(set(everything(hass)) - {amps_id(inverter)})
    assert sorted(reads(service)) == others

    monkeypatch.setattr(AmpsClient, "read_device", read_device)
    clear_requests(service)
    await pass_time(7 * MINUTE)
    assert reads(service).count(amps_id(inverter)) == 1


# Devices that cannot be read, and what they cost the others.


def reachable(hass: HomeAssistant) -> dict[str, str]:
    """Return whether each device is reachable, unknown where its reading is too old to say, by its id."""
    known = devices(hass, having="reachable", domain="binary_sensor")
    return {amps_id(device): state_of(hass, device, "reachable", "binary_sensor") for device in known}


def batteries_of(service: Service) -> set[str]:
    """Return the ids of the batteries, three of the eleven devices."""
    return {each["id"] for each in service.control("GET", "devices")["items"] if each["deviceType"] == "battery"}


@pytest.mark.parametrize("failing", [3, 10])
@pytest.mark.parametrize("failure", [error("SERVICE_UNAVAILABLE", 503), error("TIMEOUT", 504)], ids=["503", "504"])
async def test_those_that_work_stay_available_however_many_fail(
    hass: HomeAssistant,
    service: Service,
    pass_time: Advance,
    freezer: FrozenDateTimeFactory,
    failure: Response,
    failing: int,
) -> None:
    known = [each["id"] for each in service.control("GET", "devices")["items"]]
    for device_id in known:
        service.control("POST", f"devices/{device_id}", {"pulled": True})
        freezer.tick(20 * SECOND)
    await add_live_account(hass, service.url)
    await pass_time(MINUTE)
    broken = set(known[:failing])
    intercept(service).answer = lambda request: failure if request.path.rpartition("/")[2] in broken else None
    await pass_time(30 * MINUTE)
    assert {reachable(hass)[each] for each in known[failing:]} == {STATE_ON}
    await pass_time(30 * MINUTE)
    assert reachable(hass) == {each: STATE_UNKNOWN if each in broken else STATE_ON for each in known}


async def test_the_effect_of_a_command_is_read_in_time_though_other_devices_fail(
    hass: HomeAssistant, between: Interception, pass_time: Advance
) -> None:
    battery = battery_of(hass)
    path = f"/battery/{amps_id(battery)}"
    failure = error("INTERNAL_ERROR", 500)
    between.answer = lambda request: failure if is_read(request) and request.path != path else None
    await pass_time(HOUR)
    await hass.services.async_call(DOMAIN, "charge", {"device_id": battery.id, "power": 1}, blocking=True)
    between.requests.clear()
    await pass_time(70 * SECOND)
    assert between.count(path) == 1


@pytest.mark.usefixtures("account")
async def test_a_manufacturer_that_takes_long_to_fail_keeps_no_other_device_waiting(
    hass: HomeAssistant, service: Service, pass_time: Advance, pass_unfinished: Advance
) -> None:
    await pass_time(MINUTE)
    batteries = batteries_of(service)
    others = set(everything(hass)) - batteries
    for pulled in (batteries, others):
        for device_id in pulled:
            service.control("POST", f"devices/{device_id}", {"pulled": True})
        await pass_time(70 * SECOND)
    between, failure = intercept(service), error("TIMEOUT", 504)
    between.answer = lambda request: failure if request.path.startswith("/battery/") else None
    await pass_time(DUE - 80 * SECOND)
    # The batteries have failed, and are tried again after a minute, just before the others are due.
    failure = replace(failure, delay=25)
    between.requests.clear()
    await pass_unfinished(24 * SECOND)
    read = {request.path.rpartition("/")[2] for request in between.requests if is_read(request)}
    assert read >= others
    assert len(read & batteries) == 2


async def test_devices_that_bring_nothing_newer_do_not_use_up_a_ceiling(
    hass: HomeAssistant, service: Service, account: ConfigEntry, pass_time: Advance
) -> None:
    batteries = batteries_of(service)
    for device_id in batteries:
        service.control("POST", "faults", {"kind": "fallback", "match": {"deviceId": device_id}})
    await set_ceiling(hass, account, 32)
    await pass_time(3 * HOUR)
    assert reachable(hass) == {each: STATE_OFF if each in batteries else STATE_ON for each in everything(hass)}


async def test_one_failure_is_made_up_for_under_a_ceiling(
    hass: HomeAssistant, service: Service, account: ConfigEntry, pass_time: Advance
) -> None:
    await set_ceiling(hass, account, 32)
    await pass_time(HOUR)
    fault = {"kind": "error", "code": "INTERNAL_ERROR", "match": {"deviceId": everything(hass)[0]}, "count": 1}
    service.control("POST", "faults", fault)
    for _ in range(6):
        await pass_time(HOUR / 2)
        assert set(reachable(hass).values()) == {STATE_ON}


async def test_reads_go_on_after_an_error_that_nobody_expected(
    hass: HomeAssistant,
    service: Service,
    account: ConfigEntry,
    pass_time: Advance,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await pass_time(5 * MINUTE)
    clear_requests(service)
    order = Mock(wraps=read_order, side_effect=chain([RuntimeError("a mistake")], repeat(DEFAULT)))
    monkeypatch.setattr("custom_components.amps.account.read_scheduler.read_order", order)
    await pass_time(20 * MINUTE)
    assert order.called
    assert set(reads(service)) == set(everything(hass))
    assert [str(each.exc_info[1]) for each in caplog.records if each.exc_info] == ["a mistake"]
