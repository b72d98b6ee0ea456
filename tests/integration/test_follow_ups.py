"""What a device does after a window: queued at Amps, or sent as the window ends, never over anybody (design §6)."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import Context, HomeAssistant
from homeassistant.util import dt as dt_util
from homeassistant.util.async_ import create_eager_task
import pytest

from custom_components.amps.simulator import Request

from .commanding import HEAT_WINDOW, Home
from .conftest import HOUR, MINUTE, QUARTER, SECOND, Advance, Skip, devices, let_pass, patiently, readings_of
from .controls import shown
from .interception import error
from .restart import end, started_anew, stopped_until
from .test_plant_clock import is_push

BOTH = pytest.mark.parametrize("environment", ["sandbox", "live"])
NIGHT: dict[str, object] = {"start": "02:00", "end": "05:00"}


@BOTH
@pytest.mark.parametrize("then", ["auto_balanced", "previous"])
async def test_a_battery_is_back_in_self_consumption_though_home_assistant_stands_still(
    home: Home, hass_storage: dict[str, Any], freezer: FrozenDateTimeFactory, skip: Skip, then: str
) -> None:
    await home.call("charge", home.battery, target_level=90, then=then, **NIGHT)
    assert [body.get("onConflict") for body in home.pushed] == [None, "queue_after"]
    assert home.pushed[1]["action"] == {"command": "auto.balanced"}
    await end(home, hass_storage, in_order=True)
    freezer.move_to("2026-06-15T03:00:00Z")
    assert home.state(home.battery)["currentMode"] == "charge"
    freezer.move_to("2026-06-15T04:01:00Z")
    assert home.state(home.battery)["currentMode"] == "auto.balanced"
    async with started_anew(home) as again:
        await skip(HOUR, again)
        assert shown(again.hass, again.battery, "select", "mode").state == "auto_balanced"
        assert again.commands(again.battery) == [("charge", "completed"), ("auto.balanced", "completed")]
        assert len(again.pushed) == 2
        assert not any(reason for _, _, reason in again.reasons())


@BOTH
async def test_where_the_device_is_to_hold_nothing_is_queued(home: Home, pass_time: Advance, skip: Skip) -> None:
    await home.call("charge", home.battery, then="hold", **NIGHT)
    await home.call("idle", home.battery, on_conflict="cancel_and_replace")
    await pass_time(MINUTE)
    home.forget()
    # Idle stood: previous is to hold.
    answer = await home.call("charge", home.battery, then="previous", **NIGHT)
    assert answer["ok"]
    assert len(home.pushed) == 1


def refuse_to_queue(home: Home) -> None:
    """Let Amps refuse to queue commands, though the device declares that it does."""
    home.between.answer = lambda request: (
        error("CONFLICT", 409) if is_push(request) and b"queue_after" in request.body else None
    )


@BOTH
async def test_what_amps_does_not_queue_is_sent_when_the_window_ends(
    home: Home, pass_time: Advance, skip: Skip, advance: Advance
) -> None:
    refuse_to_queue(home)
    context = home.context = Context()
    await home.call("charge", home.battery, target_level=90, then="auto_balanced", **NIGHT)
    await advance(15 * HOUR + 58 * MINUTE)
    await pass_time(MINUTE)
    assert home.commands(home.battery) == [("charge", "acknowledged")]
    await pass_time(2 * MINUTE)
    assert home.commands(home.battery) == [("charge", "completed"), ("auto.balanced", "completed")]
    last = [each for each in home.events.events if each.data["command"] == "auto_balanced"]
    assert {each.context.id for each in last} == {context.id}
    assert timedelta(0) < sent_after_the_night(home) < MINUTE
    await skip(HOUR)
    assert len(home.commands(home.battery)) == 2


def sent_after_the_night(home: Home) -> timedelta:
    """Return how long after the window of the night the newest command of the battery was sent."""
    sent = home.actions(home.battery)[0]["createdAt"]
    return datetime.fromisoformat(sent) - datetime.fromisoformat("2026-06-15T04:00:00Z")


@BOTH
@pytest.mark.parametrize("in_order", [True, False], ids=["stopped", "power cut"])
@pytest.mark.parametrize(
    ("back_at", "late"),
    [("2026-06-15T03:58:00Z", timedelta(0)), ("2026-06-15T04:20:00Z", 20 * MINUTE)],
    ids=["in time", "late by 20 minutes"],
)
async def test_what_amps_does_not_queue_is_sent_by_another_home_assistant(
    home: Home,
    hass_storage: dict[str, Any],
    freezer: FrozenDateTimeFactory,
    skip: Skip,
    in_order: bool,
    back_at: str,
    late: timedelta,
) -> None:
    refuse_to_queue(home)
    context = home.context = Context()
    await home.call("charge", home.battery, target_level=90, then="auto_balanced", **NIGHT)
    await skip(HOUR)
    async with stopped_until(back_at, home, hass_storage, freezer, in_order=in_order) as again:
        await let_pass(again.hass, freezer, 5 * MINUTE)
        assert late <= sent_after_the_night(again) < late + MINUTE
        await skip(HOUR, again)
        assert again.commands(again.battery) == [("charge", "completed"), ("auto.balanced", "completed")]
        assert again.state(again.battery)["currentMode"] == "auto.balanced"
        sent = [each for each in again.events.events if each.data["command"] == "auto_balanced"]
        assert {each.context.id for each in sent} == {context.id}


@BOTH
@pytest.mark.parametrize("reason", ["then_late", "then_overtaken"])
async def test_what_came_too_late_is_told(
    home: Home, hass_storage: dict[str, Any], freezer: FrozenDateTimeFactory, skip: Skip, reason: str
) -> None:
    device = home.thermostat
    context = home.context = Context()
    await home.call("set_temperature", device, then="follow_schedule", **HEAT_WINDOW)
    window_id = home.actions(device)[0]["id"]
    await end(home, hass_storage, in_order=True)
    if reason == "then_overtaken":
        freezer.move_to("2026-06-14T14:01:00Z")
        home.push(device, "cool", parameters={"target": {"value": 24, "unit": "celsius"}})
        freezer.move_to("2026-06-14T14:10:00Z")
    else:
        freezer.move_to("2026-06-14T14:31:00Z")
    home.forget()
    async with started_anew(home) as again:
        await skip(HOUR, again)
        assert again.posts == 0
        (event,) = [each for each in again.events.events if each.data["reason"]]
        entity = shown(again.hass, device, "event", "action")
        assert event.context.id == context.id
        assert event.data == event.data | {
            "state": "cancelled",
            "command": "follow_schedule",
            "reason": reason,
            "action_id": window_id,
            "device_id": device.id,
            "entity_id": entity.entity_id,
        }
        assert type(event.data["reason"]) is str  # as it is for every automation that compares or stores it
        if reason == "then_late":  # else theirs came to its end later
            assert (entity.attributes["event_type"], entity.attributes["reason"]) == ("cancelled", reason)
            assert entity.attributes["command"] == "follow_schedule"


@BOTH
async def test_somebody_who_comes_during_the_window_is_not_commanded_over(
    home: Home, pass_time: Advance, skip: Skip
) -> None:
    """Where windows are completed as they open, the next command may come any time (api §15.3 #27)."""
    home.service.control("POST", "timing", {"windowsSettle": True})
    device = home.thermostat
    await home.call("set_temperature", device, then="follow_schedule", **HEAT_WINDOW)
    await skip(HOUR + 30 * MINUTE)
    home.push(device, "idle")
    await skip(HOUR)
    assert [command for command, _ in home.commands(device)] == ["heat", "idle"]
    assert [reason for _, _, reason in home.reasons() if reason] == ["then_overtaken"]


@BOTH
@pytest.mark.parametrize("by", ["somebody", "replacement", "failure"])
@pytest.mark.parametrize("queued", [True, False])
async def test_a_window_that_comes_to_nothing_takes_what_was_to_follow_with_it(
    hass: HomeAssistant, home: Home, pass_time: Advance, skip: Skip, by: str, queued: bool
) -> None:
    device = home.battery if queued else home.thermostat
    if by == "failure":
        home.service.control("POST", "faults", {"kind": "failed_action", "errorCode": "DEVICE_OFFLINE", "count": 1})
    if queued:
        await home.call("charge", device, start="14:00", end="15:00", then="auto_balanced")
    else:
        await home.call("set_temperature", device, then="follow_schedule", **HEAT_WINDOW)
    window_id = home.actions(device)[-1]["id"]
    if by == "somebody":
        home.cancel(window_id)
    elif by == "replacement":
        await home.call("idle", device, start="14:30", on_conflict="cancel_and_replace")
    await skip(HOUR + 5 * MINUTE)  # what is scheduled is not asked after before its start
    await skip(2 * HOUR)
    states = {each["command"]: each["state"] for each in home.actions(device)}
    assert states.pop("charge" if queued else "heat") == ("failed" if by == "failure" else "cancelled")
    assert states.pop("auto.balanced", "cancelled") == "cancelled"
    assert "follow_schedule" not in states
    assert states == ({"idle": "completed"} if by == "replacement" else {})


@BOTH
async def test_what_follows_waits_for_the_service(home: Home, pass_time: Advance, skip: Skip) -> None:
    device = home.thermostat
    await home.call("set_temperature", device, then="follow_schedule", **HEAT_WINDOW)
    await skip(HOUR + 50 * MINUTE)
    home.between.answer = lambda _: error("SERVICE_UNAVAILABLE", 503)
    await skip(QUARTER)
    asked = home.between.count("/actions")
    assert asked < 60
    home.between.answer = lambda _: None
    await skip(20 * MINUTE)
    assert home.commands(device) == [("heat", "completed"), ("follow_schedule", "completed")]


@BOTH
async def test_a_cancel_that_fails_is_tried_again_without_haste(
    home: Home, skip: Skip, pass_unfinished: Advance
) -> None:
    home.hass.loop.set_debug(False)
    await home.call("charge", home.battery, start="14:00", end="15:00", then="auto_balanced")
    await skip(HOUR - MINUTE)
    home.forget()
    home.cancel(home.actions(home.battery)[-1]["id"])
    home.between.answer = lambda request: (
        error("SERVICE_UNAVAILABLE", 503) if request.path.endswith("/cancel") else None
    )
    await pass_unfinished(4 * MINUTE)
    assert 1 < home.between.count("/cancel") <= 4
    home.between.answer = lambda _: None
    await pass_unfinished(2 * MINUTE)
    assert {state for _, state in home.commands(home.battery)} == {"cancelled"}


@BOTH
async def test_an_account_that_is_reloaded_while_a_window_is_accepted_keeps_what_follows(
    hass: HomeAssistant, home: Home, skip: Skip
) -> None:
    reloads: list[asyncio.Task[bool]] = []

    def reload(request: Request, _: dict[str, Any]) -> None:
        if is_push(request, "hvac") and not reloads:
            reloads.append(hass.async_create_task(hass.config_entries.async_reload(home.account.entry_id)))

    home.between.rewrite = reload
    device = home.thermostat
    answer = await home.call("set_temperature", device, then="follow_schedule", **HEAT_WINDOW)
    assert answer["ok"]
    assert await reloads[0]
    await skip(2 * HOUR + 3 * MINUTE)
    assert home.commands(device) == [("heat", "completed"), ("follow_schedule", "completed")]


async def test_a_simulated_home_inside_home_assistant_goes_on_after_a_restart(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, simulated_home: ConfigEntry, pass_time: Advance
) -> None:
    (device, *_) = devices(hass, having="active", domain="binary_sensor", without="level")
    data = {"device_id": device.id, "mode": "heat", "temperature": 23, "duration": 3600, "then": "follow_schedule"}
    await hass.services.async_call("amps", "set_temperature", data, blocking=True)
    assert await hass.config_entries.async_unload(simulated_home.entry_id)
    freezer.tick(HOUR + 10 * MINUTE)
    assert await hass.config_entries.async_setup(simulated_home.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    await pass_time(MINUTE)
    (reading,) = await readings_of(hass, device)
    assert reading["state"]["hold_type"] == "follow_schedule"


@BOTH
async def test_a_command_in_flight_as_the_window_ends_is_not_commanded_over(
    home: Home, pass_time: Advance, skip: Skip
) -> None:
    device = home.thermostat
    await home.call("set_temperature", device, then="follow_schedule", **HEAT_WINDOW)
    (window,) = home.actions(device)
    await skip(datetime.fromisoformat(window["end"]) - dt_util.utcnow() + 2 * SECOND)
    # The answer to the command is lost, and so is the one to the first look for its action.
    for method, path in (("POST", "/hvac/*"), ("GET", "/actions")):
        match = {"method": method, "path": path}
        home.service.control("POST", "faults", {"kind": "disconnect", "match": match, "count": 1})
    waiting = create_eager_task(home.call("idle", device))
    assert (await patiently(waiting, pass_time))["ok"] is True
    assert home.service.control("GET", "faults")["items"] == []
    await skip(HOUR)
    assert [command for command, _ in home.commands(device)] == ["heat", "idle"]
    assert [reason for _, _, reason in home.reasons() if reason] == ["then_overtaken"]
