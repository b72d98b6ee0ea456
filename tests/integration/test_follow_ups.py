"""What a device does after a window: queued at Amps, or sent as the window ends, never over anybody (design §6)."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.util import dt as dt_util
from homeassistant.util.async_ import create_eager_task
import pytest

from custom_components.amps.simulator import Request, Response

from .commanding import Home
from .conftest import HOUR, MINUTE, QUARTER, SECOND, Advance, devices, entity_id, patiently, readings_of
from .interception import CUT_OFF, error
from .test_plant_clock import is_push

BOTH = pytest.mark.parametrize("environment", ["sandbox", "live"])
NIGHT: dict[str, object] = {"start": "02:00", "end": "05:00"}
HEAT: dict[str, object] = {"mode": "heat", "temperature": 23, "start": "14:00", "end": "15:00"}
"""An hour from now, since noon in UTC is one o'clock at home."""


@pytest.fixture
def skip(advance: Advance, pass_time: Advance) -> Advance:
    """Return what lets time pass at once, but for the last two minutes."""

    async def move(span: timedelta) -> None:
        await advance(span - 2 * MINUTE)
        await pass_time(2 * MINUTE)

    return move


async def stop(hass: HomeAssistant, home: Home) -> None:
    """Stop Home Assistant, as far as the account is concerned."""
    assert await hass.config_entries.async_unload(home.account.entry_id)
    await hass.async_block_till_done()


async def start(hass: HomeAssistant, home: Home) -> None:
    """Start it anew."""
    assert await hass.config_entries.async_setup(home.account.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)


def commands(home: Home, device: dr.DeviceEntry) -> list[tuple[str, str]]:
    """Return the commands of a device at Amps with their states, the oldest first."""
    return [(each["command"], each["state"]) for each in reversed(home.actions(device))]


@BOTH
@pytest.mark.parametrize("then", ["auto_balanced", "previous"])
async def test_a_battery_is_back_in_self_consumption_though_home_assistant_stands_still(
    hass: HomeAssistant, home: Home, freezer: FrozenDateTimeFactory, pass_time: Advance, skip: Advance, then: str
) -> None:
    await home.call("charge", home.battery, target_level=90, then=then, **NIGHT)
    assert [body.get("onConflict") for body in home.pushed] == [None, "queue_after"]
    assert home.pushed[1]["action"] == {"command": "auto.balanced"}
    await stop(hass, home)
    freezer.move_to("2026-06-15T03:00:00Z")
    assert home.state(home.battery)["currentMode"] == "charge"
    freezer.move_to("2026-06-15T04:01:00Z")
    assert home.state(home.battery)["currentMode"] == "auto.balanced"
    await start(hass, home)
    await skip(HOUR)
    assert commands(home, home.battery) == [("charge", "completed"), ("auto.balanced", "completed")]
    assert len(home.pushed) == 2
    assert not any(reason for _, _, reason in home.reasons())


async def test_where_the_device_is_to_hold_nothing_is_queued(home: Home, pass_time: Advance, skip: Advance) -> None:
    await home.call("charge", home.battery, then="hold", **NIGHT)
    await home.call("idle", home.battery, on_conflict="cancel_and_replace")
    await pass_time(MINUTE)
    home.forget()
    # Idle stood: previous is to hold.
    answer = await home.call("charge", home.battery, then="previous", **NIGHT)
    assert answer["ok"]
    assert len(home.pushed) == 1


async def test_what_amps_does_not_queue_is_sent_when_the_window_ends(
    hass: HomeAssistant, home: Home, pass_time: Advance, skip: Advance, advance: Advance
) -> None:
    home.between.answer = lambda request: (
        error("CONFLICT", 409) if is_push(request) and b"queue_after" in request.body else None
    )
    context = home.context = Context()
    await home.call("charge", home.battery, target_level=90, then="auto_balanced", **NIGHT)
    await advance(15 * HOUR + 58 * MINUTE)
    await pass_time(MINUTE)
    assert commands(home, home.battery) == [("charge", "acknowledged")]
    await pass_time(2 * MINUTE)
    assert commands(home, home.battery) == [("charge", "completed"), ("auto.balanced", "completed")]
    last = [each for each in home.events.events if each.data["command"] == "auto_balanced"]
    assert {each.context.id for each in last} == {context.id}
    sent = home.actions(home.battery)[0]["createdAt"]
    assert timedelta(0) < datetime.fromisoformat(sent) - datetime.fromisoformat("2026-06-15T04:00:00Z") < MINUTE
    await skip(HOUR)
    assert len(commands(home, home.battery)) == 2


@BOTH
@pytest.mark.parametrize("running", ["running", "reloaded", "restarted", "late by 20 minutes"])
async def test_a_thermostat_is_back_at_what_stood(
    hass: HomeAssistant,
    home: Home,
    freezer: FrozenDateTimeFactory,
    pass_time: Advance,
    skip: Advance,
    running: str,
) -> None:
    device = home.thermostat
    await patiently(home.call("set_temperature", device, mode="heat", temperature=19.5, wait="finished"), pass_time)
    await skip(20 * MINUTE)
    await home.call("set_temperature", device, then="previous", **HEAT)
    assert len(home.pushed) == 2
    if running == "reloaded":
        await stop(hass, home)
        await start(hass, home)
    elif running != "running":
        await stop(hass, home)
        freezer.move_to("2026-06-14T13:30:00Z" if running == "restarted" else "2026-06-14T14:20:00Z")
        await start(hass, home)
    await skip(datetime.fromisoformat("2026-06-14T14:22:00Z") - dt_util.utcnow())
    assert commands(home, device) == [("heat", "completed")] * 3
    (last, *_) = home.actions(device)
    assert last["parameters"] == {"target": {"value": 19.5, "unit": "celsius"}}
    assert home.state(device)["heatSetpoint"] == 19.5
    await skip(QUARTER)
    assert len(commands(home, device)) == 3


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ({"command": "idle"}, ("idle", {})),
        ({"command": "follow_schedule"}, ("follow_schedule", {})),
        (
            {"command": "auto", "heatSetpoint": 18, "coolSetpoint": 26},
            ("auto", {"heatSetpoint": 18, "coolSetpoint": 26}),
        ),
    ],
)
async def test_previous_of_a_thermostat(
    home: Home, pass_time: Advance, skip: Advance, before: dict[str, Any], expected: tuple[str, dict[str, float]]
) -> None:
    device = home.thermostat
    setpoints = {name: {"value": value, "unit": "celsius"} for name, value in before.items() if name != "command"}
    home.push(device, before["command"], None, parameters=setpoints)
    await pass_time(MINUTE)
    await home.call("set_temperature", device, then="previous", **HEAT)
    await skip(2 * HOUR + MINUTE)
    (last, *_) = home.actions(device)
    found = {name: each["value"] for name, each in (last["parameters"] or {}).items()}
    assert (last["command"], found) == expected
    assert len(home.actions(device)) == 3


@pytest.mark.parametrize("before", ["idle", "charge", None])
async def test_previous_of_a_charger(home: Home, pass_time: Advance, skip: Advance, before: str | None) -> None:
    device = home.charger
    if before is not None:
        home.push(device, before)
        await pass_time(MINUTE)
    await home.call("charge", device, start="14:00", end="15:00", then="previous")
    await skip(2 * HOUR + MINUTE)
    assert home.actions(device)[0]["command"] == (before or "idle")
    assert len(home.actions(device)) == (3 if before else 2)


@pytest.mark.parametrize("reason", ["then_late", "then_overtaken"])
async def test_what_came_too_late_is_told(
    hass: HomeAssistant, home: Home, freezer: FrozenDateTimeFactory, pass_time: Advance, skip: Advance, reason: str
) -> None:
    device = home.thermostat
    context = home.context = Context()
    await home.call("set_temperature", device, then="follow_schedule", **HEAT)
    window_id = home.actions(device)[0]["id"]
    await stop(hass, home)
    if reason == "then_overtaken":
        freezer.move_to("2026-06-14T14:01:00Z")
        home.push(device, "cool", parameters={"target": {"value": 24, "unit": "celsius"}})
        freezer.move_to("2026-06-14T14:10:00Z")
    else:
        freezer.move_to("2026-06-14T14:31:00Z")
    await start(hass, home)
    home.forget()
    await skip(HOUR)
    assert home.posts == 0
    (told,) = [each for each in home.events.events if each.data["reason"]]
    assert told.data["state"] == "cancelled"
    assert told.data["command"] == "follow_schedule"
    assert told.data["reason"] == reason
    assert told.data["action_id"] == window_id
    assert told.data["device_id"] == device.id
    assert told.context.id == context.id
    entity = entity_id(hass, device, "action", "event")
    assert entity
    assert told.data["entity_id"] == entity
    shown = hass.states.get(entity)
    assert shown
    if reason == "then_late":  # else theirs came to its end later
        assert (shown.attributes["event_type"], shown.attributes["reason"]) == ("cancelled", reason)
        assert shown.attributes["command"] == "follow_schedule"


async def test_somebody_who_comes_during_the_window_is_not_commanded_over(
    home: Home, pass_time: Advance, skip: Advance
) -> None:
    """Where windows are completed as they open, the next command may come any time (api §15.3 #27)."""
    home.service.control("POST", "timing", {"windowsSettle": True})
    device = home.thermostat
    await home.call("set_temperature", device, then="follow_schedule", **HEAT)
    await skip(HOUR + 30 * MINUTE)
    home.push(device, "idle")
    await skip(HOUR)
    assert [command for command, _ in commands(home, device)] == ["heat", "idle"]
    assert [reason for _, _, reason in home.reasons() if reason] == ["then_overtaken"]


@pytest.mark.parametrize("by", ["somebody", "replacement", "failure"])
@pytest.mark.parametrize("queued", [True, False])
async def test_a_window_that_comes_to_nothing_takes_what_was_to_follow_with_it(
    hass: HomeAssistant, home: Home, pass_time: Advance, skip: Advance, by: str, queued: bool
) -> None:
    device = home.battery if queued else home.thermostat
    if by == "failure":
        home.service.control("POST", "faults", {"kind": "failed_action", "errorCode": "DEVICE_OFFLINE", "count": 1})
    if queued:
        await home.call("charge", device, start="14:00", end="15:00", then="auto_balanced")
    else:
        await home.call("set_temperature", device, then="follow_schedule", **HEAT)
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


async def test_what_follows_waits_for_the_service(home: Home, pass_time: Advance, skip: Advance) -> None:
    device = home.thermostat
    await home.call("set_temperature", device, then="follow_schedule", **HEAT)
    await skip(HOUR + 50 * MINUTE)
    home.between.answer = lambda _: error("SERVICE_UNAVAILABLE", 503)
    await skip(QUARTER)
    asked = home.between.count("/actions")
    assert asked < 60
    home.between.answer = lambda _: None
    await skip(20 * MINUTE)
    assert commands(home, device) == [("heat", "completed"), ("follow_schedule", "completed")]


async def test_a_cancel_that_fails_is_tried_again_without_haste(
    home: Home, skip: Advance, pass_unfinished: Advance
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
    assert {state for _, state in commands(home, home.battery)} == {"cancelled"}


async def test_an_account_that_is_reloaded_while_a_window_is_accepted_keeps_what_follows(
    hass: HomeAssistant, home: Home, skip: Advance
) -> None:
    reloads: list[asyncio.Task[bool]] = []

    def reload(request: Request, _: dict[str, Any]) -> None:
        if is_push(request, "hvac") and not reloads:
            reloads.append(hass.async_create_task(hass.config_entries.async_reload(home.account.entry_id)))

    home.between.rewrite = reload
    device = home.thermostat
    answer = await home.call("set_temperature", device, then="follow_schedule", **HEAT)
    assert answer["ok"]
    assert await reloads[0]
    await skip(2 * HOUR + 3 * MINUTE)
    assert commands(home, device) == [("heat", "completed"), ("follow_schedule", "completed")]


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


async def test_a_command_in_flight_as_the_window_ends_is_not_commanded_over(
    home: Home, pass_time: Advance, skip: Advance
) -> None:
    device = home.thermostat
    await home.call("set_temperature", device, then="follow_schedule", **HEAT)
    (window,) = home.actions(device)
    await skip(datetime.fromisoformat(window["end"]) - dt_util.utcnow() + 2 * SECOND)
    lost: list[str] = []

    def lose(request: Request) -> Response | None:
        """Lose the answer to the command and to the first look for its action."""
        if len(lost) == 2 or not (is_push(request, "hvac") or request.path == "/actions"):
            return None
        lost.append(request.method)
        if request.method == "POST":
            home.between.answer = lambda _: None
            home.push(device, "idle")
            home.between.answer = lose
        return CUT_OFF

    home.between.answer = lose
    waiting = create_eager_task(home.call("idle", device))
    assert (await patiently(waiting, pass_time))["ok"] is True
    assert lost == ["POST", "GET"]
    await skip(HOUR)
    assert [command for command, _ in commands(home, device)] == ["heat", "idle"]
    assert [reason for _, _, reason in home.reasons() if reason] == ["then_overtaken"]
