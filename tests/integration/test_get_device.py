"""All that is known of a device, and as fresh as the caller wants it."""

import asyncio
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError, Unauthorized
import pytest
from pytest_homeassistant_custom_component.common import MockUser
from pytest_homeassistant_custom_component.test_util.aiohttp import AiohttpClientMocker
import voluptuous as vol

from custom_components.amps.const import DOMAIN

from .accounts import add_account, add_live_account
from .conftest import Advance, PollNow, battery_of, devices
from .live import amps_id, clear_requests, inverter_of, requests
from .mocked_service import URL, listing, mock_service
from .service import Service


async def get(hass: HomeAssistant, *ids: str, **data: object) -> dict[str, Any]:
    """Call the action for devices and return its response for them."""
    response = await hass.services.async_call(
        DOMAIN, "get_device", {"device_id": [*ids], **data}, blocking=True, return_response=True
    )
    assert response is not None
    found = response["devices"]
    assert isinstance(found, dict)
    return found


async def begin(hass: HomeAssistant, call: Coroutine[Any, Any, dict[str, Any]]) -> asyncio.Task[dict[str, Any]]:
    """Begin a call and let it come to where it waits for time to pass."""
    task = asyncio.create_task(call)
    for _ in range(5):
        await asyncio.sleep(0)
    await hass.async_block_till_done(wait_background_tasks=True)
    return task


@pytest.mark.usefixtures("account")
async def test_all_that_is_known_is_returned_without_a_request(
    hass: HomeAssistant, service: Service, pass_time: Advance
) -> None:
    battery = battery_of(hass)
    await pass_time(timedelta(minutes=10))
    clear_requests(service)
    answer = (await get(hass, battery.id))[battery.id]
    assert not requests(service)
    assert (answer["ok"], answer["error"]) == (True, None)
    reading = answer["reading"]
    assert reading["id"] == amps_id(battery)
    assert reading["type"] == "battery"
    assert reading["available"] is True
    assert reading["health"] == "ok"
    assert reading["error_code"] is None
    assert reading["data_source"] in ("cache", "live")
    assert reading["age_seconds"] == pytest.approx(600, abs=5)
    assert reading["last_pulled"].startswith("2026-06-14T12:0")
    assert 0 <= reading["state"]["level"] <= 100
    # No name of the wire gets out.
    assert "auto_export" in reading["commands"]
    charge = reading["commands"]["charge"]
    assert "immediate" in charge["execution"]
    assert charge["parameters"]["target"] == {"unit": "percent", "min": 10, "max": 100}
    assert set(reading["settings"]["discharge_floor"]) == {"value", "unit", "min", "max"}
    assert reading["last_action"] is None

    await hass.services.async_call(DOMAIN, "charge", {"device_id": battery.id, "target_level": 90}, blocking=True)
    action = (await get(hass, battery.id))[battery.id]["reading"]["last_action"]
    assert action["command"] == "charge"
    assert action["parameters"] == {"target": {"value": 90, "unit": "percent"}}


@pytest.mark.usefixtures("account")
async def test_what_is_planned_is_returned_with_the_levels_that_follow_from_it(hass: HomeAssistant) -> None:
    battery = battery_of(hass)
    window = {"device_id": battery.id, "target_level": 95, "start": "23:00", "end": "23:30"}
    await hass.services.async_call(DOMAIN, "charge", window, blocking=True)
    reading = (await get(hass, battery.id))[battery.id]["reading"]
    planned = [each for each in reading["open_actions"] if each["state"] == "scheduled"]
    assert [(each["command"], each["parameters"]["target"]["value"]) for each in planned] == [("charge", 95)]
    assert planned[0]["start"] < planned[0]["end"]
    assert reading["expected_levels"][0]["level"] == reading["state"]["level"]


@pytest.mark.usefixtures("account")
@pytest.mark.parametrize(
    ("age", "max_age", "query"),
    [
        (600, 601, None),
        (600, 300, {"expedite": "true"}),
        (600, 0, {"expedite": "true"}),
        # What is older than a normal read brings needs no expedited one (api §10).
        (905, 900, {}),
        (905, 899, {"expedite": "true"}),
    ],
)
async def test_what_is_too_old_is_read_no_more_hurried_than_need_be(
    hass: HomeAssistant, service: Service, pass_time: Advance, age: int, max_age: int, query: dict[str, str] | None
) -> None:
    inverter = inverter_of(hass)
    await pass_time(timedelta(seconds=age))
    clear_requests(service)
    reading = (await get(hass, inverter.id, max_age=max_age))[inverter.id]["reading"]
    assert [read["query"] for read in requests(service)] == ([] if query is None else [query])
    assert reading["age_seconds"] == pytest.approx(age if query is None else 0, abs=1)


@pytest.mark.usefixtures("account")
async def test_what_amps_would_only_repeat_is_waited_out(
    hass: HomeAssistant, service: Service, pass_time: Advance
) -> None:
    inverter = inverter_of(hass)
    await pass_time(timedelta(minutes=5))
    await get(hass, inverter.id, max_age=60)
    await pass_time(timedelta(seconds=20))
    clear_requests(service)
    call = await begin(hass, get(hass, inverter.id, max_age=10))
    await pass_time(timedelta(seconds=42))
    assert not call.done()
    assert not requests(service, amps_id(inverter))
    await pass_time(timedelta(seconds=2))
    assert (await call)[inverter.id]["reading"]["age_seconds"] == pytest.approx(0, abs=2)
    (read,) = requests(service, amps_id(inverter))
    assert read["query"] == {"expedite": "true"}


@pytest.mark.usefixtures("account")
async def test_a_pull_for_somebody_else_is_shown_and_waited_out(
    hass: HomeAssistant, service: Service, pass_time: Advance
) -> None:
    inverter = inverter_of(hass)
    await pass_time(timedelta(minutes=5))
    service.control("POST", f"devices/{amps_id(inverter)}", {"pulled": True})
    await pass_time(timedelta(seconds=30))
    clear_requests(service)
    call = await begin(hass, get(hass, inverter.id, max_age=10))
    await pass_time(timedelta(seconds=35))
    assert (await call)[inverter.id]["ok"] is True
    assert len(requests(service, amps_id(inverter))) == 2


async def test_a_reading_that_comes_while_one_waits_needs_no_other(
    hass: HomeAssistant, service: Service, account: ConfigEntry, pass_time: Advance, poll_now: PollNow
) -> None:
    inverter = inverter_of(hass)
    await pass_time(timedelta(minutes=5))
    await get(hass, inverter.id, max_age=60)
    await pass_time(timedelta(seconds=20))
    clear_requests(service)
    call = await begin(hass, get(hass, inverter.id, max_age=10))
    await pass_time(timedelta(seconds=20))
    # Somebody else had it read, which a list shows.
    service.control("POST", f"devices/{amps_id(inverter)}", {"pulled": True})
    await poll_now(account)
    await pass_time(timedelta(seconds=25))
    assert (await call)[inverter.id]["reading"]["age_seconds"] == pytest.approx(23, abs=1)
    assert not requests(service, amps_id(inverter))


async def test_a_reading_that_brings_nothing_newer_is_not_passed_off_as_fresh(
    hass: HomeAssistant, aioclient_mock: AiohttpClientMocker, freezer: FrozenDateTimeFactory
) -> None:
    mock_service(aioclient_mock, listing("device_1"))
    await add_live_account(hass, URL)
    (device,) = devices(hass, having="level")
    freezer.tick(timedelta(minutes=5))
    with pytest.raises(HomeAssistantError) as raised:
        await get(hass, device.id, max_age=120)
    assert raised.value.translation_key == "not_fresh_enough"
    assert "300 seconds" in str(raised.value)
    assert "120 seconds" in str(raised.value)


@pytest.mark.parametrize(
    ("sync", "code", "text"),
    [
        ({"available": True}, "not_fresh_enough", "nothing within 120 seconds"),
        ({"available": False}, "device_unreachable", "cannot be reached"),
    ],
)
async def test_a_reading_of_which_nobody_knows_the_age_is_not_said_to_have_one(
    hass: HomeAssistant, aioclient_mock: AiohttpClientMocker, sync: dict[str, Any], code: str, text: str
) -> None:
    answer = listing("device_1")
    answer["data"]["items"][0] |= {"sync": {"lastPulledAt": None, **sync}, "commands": {}}
    mock_service(aioclient_mock, answer)
    await add_live_account(hass, URL)
    (device,) = devices(hass, having="level")
    with pytest.raises(HomeAssistantError) as raised:
        await get(hass, device.id, max_age=120)
    assert (raised.value.translation_placeholders or {})["code"] == code
    assert text in str(raised.value)
    assert "last is not known" in str(raised.value)
    assert "–" not in str(raised.value)


@pytest.mark.usefixtures("account")
@pytest.mark.parametrize(
    ("fault", "key"),
    [
        ({"kind": "fallback"}, "device_unreachable"),
        ({"kind": "offline"}, "device_unreachable"),
        ({"kind": "error", "code": "SERVICE_UNAVAILABLE"}, "device_not_read"),
    ],
    ids=str,
)
async def test_what_cannot_be_had_is_an_error(
    hass: HomeAssistant, service: Service, pass_time: Advance, fault: dict[str, Any], key: str
) -> None:
    inverter = inverter_of(hass)
    await pass_time(timedelta(minutes=5))
    service.control("POST", "faults", {**fault, "match": {"deviceId": amps_id(inverter)}})
    with pytest.raises(HomeAssistantError) as raised:
        await get(hass, inverter.id, max_age=60)
    assert raised.value.translation_key == key
    assert str(inverter.name) in str(raised.value)
    # What is known is still returned to whoever does not mind its age.
    assert (await get(hass, inverter.id))[inverter.id]["ok"] is True


@pytest.mark.usefixtures("account")
async def test_a_fallback_is_not_fresh_however_young(hass: HomeAssistant, service: Service, pass_time: Advance) -> None:
    inverter = inverter_of(hass)
    await pass_time(timedelta(minutes=5))
    service.control("POST", "faults", {"kind": "fallback", "match": {"deviceId": amps_id(inverter)}})
    with pytest.raises(HomeAssistantError):
        await get(hass, inverter.id, max_age=60)
    reading = (await get(hass, inverter.id))[inverter.id]["reading"]
    assert (reading["available"], reading["health"], reading["data_source"]) == (False, "fallback", "fallback")
    with pytest.raises(HomeAssistantError) as raised:
        await get(hass, inverter.id, max_age=3600)
    assert raised.value.translation_key == "device_unreachable"
    assert "300 seconds" in str(raised.value)


async def test_an_account_that_is_unloaded_meanwhile_ends_the_wait(
    hass: HomeAssistant, account: ConfigEntry, pass_time: Advance
) -> None:
    inverter = inverter_of(hass)
    await pass_time(timedelta(minutes=5))
    await get(hass, inverter.id, max_age=60)
    await pass_time(timedelta(seconds=10))
    call = await begin(hass, get(hass, inverter.id, max_age=0))
    await hass.config_entries.async_unload(account.entry_id)
    await pass_time(timedelta(seconds=60))
    with pytest.raises(HomeAssistantError) as raised:
        await call
    assert raised.value.translation_key == "account_not_loaded"


async def test_in_the_sandbox_a_list_is_fresh_enough(hass: HomeAssistant, service: Service, advance: Advance) -> None:
    await add_account(hass, service.url)
    inverter = inverter_of(hass)
    clear_requests(service)
    assert (await get(hass, inverter.id, max_age=5))[inverter.id]["reading"]["data_source"] == "projection"
    assert not requests(service)
    await advance(timedelta(seconds=10))
    clear_requests(service)
    reading = (await get(hass, inverter.id, max_age=5))[inverter.id]["reading"]
    assert reading["age_seconds"] == pytest.approx(0, abs=1)
    assert len(requests(service)) == 5


@pytest.mark.usefixtures("account")
async def test_bad_calls_are_refused(hass: HomeAssistant) -> None:
    inverter = inverter_of(hass)
    with pytest.raises(vol.Invalid):
        await get(hass, inverter.id, max_age=-0.1)
    with pytest.raises(ServiceValidationError) as raised:
        await get(hass, "nobody")
    assert raised.value.translation_key == "device_not_found"
    found = await get(hass, inverter.id, "nobody")
    assert (found[inverter.id]["ok"], found["nobody"]["ok"]) == (True, False)
    with pytest.raises(ServiceValidationError):
        await hass.services.async_call(DOMAIN, "get_device", {"device_id": inverter.id}, blocking=True)
    user = MockUser().add_to_hass(hass)
    user.mock_policy({"entities": {}})
    with pytest.raises(Unauthorized):
        await hass.services.async_call(
            DOMAIN,
            "get_device",
            {"device_id": inverter.id},
            blocking=True,
            return_response=True,
            context=Context(user_id=user.id),
        )
