"""The calendar of an account: what is scheduled, as a person sees it, and that deleting an event cancels it."""

from datetime import datetime, timedelta
from typing import Any

from homeassistant.components.calendar import DOMAIN as CALENDAR
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import device_registry as dr, entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockUser
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator, WebSocketGenerator

from custom_components.amps.const import DOMAIN
from custom_components.amps.simulator import DEFAULT_ZONE

from .accounts import KEY, LIVE_KEY, add_account, add_live_account
from .actions import ActionEvents, ask, asked, counts
from .conftest import NOON, Advance, battery_of
from .live import amps_id
from .service import Service
from .writes import Writes

HOUR, QUARTER = timedelta(hours=1), timedelta(minutes=15)


@pytest.fixture(params=["sandbox", "live"])
def environment(request: pytest.FixtureRequest) -> str:
    """Return the behaviour of the service."""
    environment: str = request.param
    return environment


@pytest.fixture
def key(environment: str) -> str:
    """Return the key of the account."""
    return KEY if environment == "sandbox" else LIVE_KEY


@pytest.fixture
async def account(hass: HomeAssistant, service: Service, environment: str, pass_time: Advance) -> ConfigEntry:
    """Return an account in a house in Berlin, with nothing left to do at the moment."""
    await hass.config.async_set_time_zone("Europe/Berlin")
    if environment == "sandbox":
        entry = await add_account(hass, service.url)
    else:
        entry = await add_live_account(hass, service.url)
    await pass_time(timedelta(minutes=2))
    service.control("DELETE", "requests")
    return entry


@pytest.fixture
def battery(hass: HomeAssistant, account: ConfigEntry) -> dr.DeviceEntry:
    """Return the battery that can do everything, as its owner calls it."""
    found = dr.async_get(hass).async_update_device(battery_of(hass).id, name_by_user="Home battery")
    assert isinstance(found, dr.DeviceEntry)
    return found


def schedule(
    service: Service, key: str, device: dr.DeviceEntry, start: datetime, end: datetime | None = None, **more: object
) -> str:
    """Schedule a command as somebody else does, who reads the plant's clock, and return the id of the action."""
    times = {"start": start} | ({"end": end} if end else {})
    action = {
        "command": "charge",
        "parameters": {"target": {"value": 90, "unit": "percent"}},
        **{name: f"{time.astimezone(DEFAULT_ZONE):%Y-%m-%dT%H:%M:%S}" for name, time in times.items()},
        **more,
    }
    action_id: str = ask(service, "POST", f"/battery/{amps_id(device)}", {"action": action}, key=key)["id"]
    service.control("DELETE", "requests")
    return action_id


def calendar_of(hass: HomeAssistant, account: ConfigEntry) -> State:
    """Return the state of the calendar of an account."""
    found = er.async_get(hass).async_get_entity_id(CALENDAR, DOMAIN, f"{account.entry_id}_schedule")
    assert found
    state = hass.states.get(found)
    assert state
    return state


def token_of(hass: HomeAssistant, user: MockUser) -> str:
    """Return an access token that is good at the time that tests have moved to."""
    (session,) = user.refresh_tokens.values()
    return hass.auth.async_create_access_token(session)


async def events_of(
    hass: HomeAssistant, account: ConfigEntry, start: datetime = NOON, span: timedelta = 24 * HOUR
) -> list[dict[str, Any]]:
    """Return what an automation gets of the calendar."""
    entity_id = calendar_of(hass, account).entity_id
    data = {"entity_id": entity_id, "start_date_time": start, "end_date_time": start + span}
    response = await hass.services.async_call(CALENDAR, "get_events", data, blocking=True, return_response=True)
    assert response
    found: Any = response[entity_id]
    events: list[dict[str, Any]] = found["events"]
    return events


async def test_a_window_is_shown_in_the_words_and_by_the_clock_of_the_house(
    hass: HomeAssistant,
    service: Service,
    account: ConfigEntry,
    key: str,
    battery: dr.DeviceEntry,
    advance: Advance,
    pass_time: Advance,
    writes: Writes,
) -> None:
    assert calendar_of(hass, account).state == "off"
    schedule(service, key, battery, NOON + 2 * HOUR, NOON + 13 * HOUR)
    await pass_time(QUARTER)

    asked_for = counts(service)
    described = "From 2026-06-14 16:00 to 2026-06-15 03:00\nScheduled"
    assert await events_of(hass, account) == [
        {
            "start": "2026-06-14T16:00:00+02:00",
            "end": "2026-06-15T03:00:00+02:00",
            "summary": "Home battery: charge to 90 %",
            "description": described,
        }
    ]
    assert await events_of(hass, account, NOON + 13 * HOUR) == []
    assert await events_of(hass, account, NOON, 2 * HOUR) == []
    assert counts(service) == asked_for

    state = calendar_of(hass, account)
    assert state.state == "off"
    assert state.attributes["message"] == "Home battery: charge to 90 %"
    assert state.attributes["start_time"] == "2026-06-14 16:00:00"
    writes.changed.clear()
    await pass_time(QUARTER)
    assert state.entity_id not in writes.changed | writes.unchanged

    await advance(2 * HOUR)
    await pass_time(timedelta(minutes=4))
    assert calendar_of(hass, account).state == "on"
    (running,) = await events_of(hass, account)
    assert running["description"].splitlines()[1] in {"Sent to the device", "Accepted by the device"}
    await advance(11 * HOUR)
    await pass_time(timedelta(minutes=4))
    assert calendar_of(hass, account).state == "off"
    assert "message" not in calendar_of(hass, account).attributes
    (ended,) = await events_of(hass, account)
    assert ended["description"].endswith("\nAccepted by the device")


async def test_what_has_no_end_lasts_a_minute(
    hass: HomeAssistant,
    service: Service,
    account: ConfigEntry,
    key: str,
    battery: dr.DeviceEntry,
    pass_time: Advance,
) -> None:
    schedule(service, key, battery, NOON + HOUR, command="auto.balanced", parameters={})
    await pass_time(QUARTER)
    (event,) = await events_of(hass, account)
    assert event == {
        "start": "2026-06-14T15:00:00+02:00",
        "end": "2026-06-14T15:01:00+02:00",
        "summary": "Home battery: self-consumption",
        "description": "From 2026-06-14 15:00 until the next command\nScheduled",
    }


async def test_deleting_an_event_cancels_the_action_and_it_disappears(
    hass: HomeAssistant,
    service: Service,
    account: ConfigEntry,
    key: str,
    battery: dr.DeviceEntry,
    pass_time: Advance,
    hass_ws_client: WebSocketGenerator,
) -> None:
    recorded = ActionEvents.listen(hass)
    action_id = schedule(service, key, battery, NOON + HOUR, NOON + 2 * HOUR)
    await pass_time(QUARTER)
    client = await hass_ws_client(hass)
    service.control("DELETE", "requests")
    entity_id = calendar_of(hass, account).entity_id
    start, end = NOON.isoformat(), (NOON + 24 * HOUR).isoformat()
    await client.send_json_auto_id(
        {"type": "calendar/event/subscribe", "entity_id": entity_id, "start": start, "end": end}
    )
    assert (await client.receive_json())["success"]
    (seen,) = (await client.receive_json())["event"]["events"]
    assert (seen["uid"], seen["all_day"]) == (action_id, False)

    await client.send_json_auto_id({"type": "calendar/event/delete", "entity_id": entity_id, "uid": action_id})
    pushed = [await client.receive_json(), await client.receive_json()]
    assert [each["success"] for each in pushed if each["type"] == "result"] == [True]
    assert [each["event"]["events"] for each in pushed if each["type"] == "event"] == [[]]

    assert [each["path"] for each in asked(service)["push"]] == [f"/actions/{action_id}/cancel"]
    assert await events_of(hass, account) == []
    assert recorded.stages(action_id) == ["scheduled", "cancelled"]
    assert ask(service, "GET", f"/actions/{action_id}", key=key)["state"] == "cancelled"


@pytest.mark.parametrize("uid", ["of the window", "act_of_nobody"])
async def test_what_is_not_scheduled_cannot_be_deleted(
    hass: HomeAssistant,
    service: Service,
    account: ConfigEntry,
    key: str,
    battery: dr.DeviceEntry,
    advance: Advance,
    pass_time: Advance,
    hass_ws_client: WebSocketGenerator,
    hass_access_token: str,
    hass_admin_user: MockUser,
    uid: str,
) -> None:
    action_id = schedule(service, key, battery, NOON + HOUR, NOON + 2 * HOUR)
    await pass_time(QUARTER)
    await advance(HOUR)
    client = await hass_ws_client(hass, token_of(hass, hass_admin_user))
    service.control("DELETE", "requests")
    command = {"type": "calendar/event/delete", "entity_id": calendar_of(hass, account).entity_id}
    await client.send_json_auto_id({**command, "uid": action_id if uid == "of the window" else uid})
    answer = await client.receive_json()
    assert answer["error"]["code"] == "failed"
    assert "cannot be cancelled" in answer["error"]["message"]
    assert not asked(service)["push"]
    assert len(await events_of(hass, account)) == 1


async def test_a_failed_action_is_shown_with_its_reason_and_is_not_what_comes_next(
    hass: HomeAssistant,
    service: Service,
    account: ConfigEntry,
    key: str,
    battery: dr.DeviceEntry,
    advance: Advance,
    pass_time: Advance,
) -> None:
    service.control("POST", "faults", {"kind": "failed_action", "errorCode": "SCHEDULER_ACTIVE", "count": 1})
    schedule(service, key, battery, NOON + HOUR, NOON + 9 * HOUR)
    await pass_time(QUARTER)
    await advance(HOUR)
    await pass_time(timedelta(minutes=4))
    (event,) = await events_of(hass, account)
    assert event["description"].endswith("\nFailed: the battery is locked by its own schedule")
    assert calendar_of(hass, account).state == "off"


async def test_only_disabled_devices_are_left_out(
    hass: HomeAssistant,
    service: Service,
    account: ConfigEntry,
    key: str,
    battery: dr.DeviceEntry,
    pass_time: Advance,
) -> None:
    schedule(service, key, battery, NOON + 9 * HOUR, NOON + 10 * HOUR)
    await pass_time(QUARTER)
    assert "message" in calendar_of(hass, account).attributes
    dr.async_get(hass).async_update_device(battery.id, disabled_by=dr.DeviceEntryDisabler.USER)
    await hass.async_block_till_done()
    assert await events_of(hass, account) == []
    assert "message" not in calendar_of(hass, account).attributes


async def test_events_are_there_after_a_reload(
    hass: HomeAssistant,
    service: Service,
    account: ConfigEntry,
    key: str,
    battery: dr.DeviceEntry,
    pass_time: Advance,
    hass_client: ClientSessionGenerator,
) -> None:
    schedule(service, key, battery, NOON + HOUR, NOON + 2 * HOUR)
    assert await hass.config_entries.async_reload(account.entry_id)
    await pass_time(timedelta(minutes=1))
    client = await hass_client()
    span = {"start": NOON.isoformat(), "end": (NOON + 24 * HOUR).isoformat()}
    answer = await client.get(f"/api/calendars/{calendar_of(hass, account).entity_id}", params=span)
    assert [event["summary"] for event in await answer.json()] == ["Home battery: charge to 90 %"]
