"""Home Assistant ends in the middle of a command: what becomes of it is known afterwards, and it is made once at most.

The second Home Assistant has nothing of the first one but what that stored.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import Context
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr
from homeassistant.util.async_ import create_eager_task
import pytest

from custom_components.amps.simulator import Request, Response

from .commanding import Home
from .conftest import MINUTE, SECOND, Advance, let_pass, turn
from .controls import shown
from .restart import end, started_anew

type Disk = dict[str, Any]
type LetPass = Callable[[Home, timedelta], Awaitable[None]]

BOTH = pytest.mark.parametrize("environment", ["sandbox", "live"])
EITHER_WAY = pytest.mark.parametrize("in_order", [True, False], ids=["stopped", "power cut"])


@pytest.fixture
def pass_in(freezer: FrozenDateTimeFactory) -> LetPass:
    """Return what lets time pass in one of several Home Assistants."""

    async def move(home: Home, span: timedelta) -> None:
        await let_pass(home.hass, freezer, span)

    return move


@pytest.fixture(autouse=True)
def _calm(home: Home) -> None:
    """Keep the event loop from checking everything that it does: it does much in an hour."""
    home.hass.loop.set_debug(False)


def never_answer(home: Home, path: str, *, processed: bool = True) -> None:
    """Let the answer to one request never come, nor, unless it is processed, the request arrive."""
    fault = {"kind": "timeout", "match": {"method": "POST", "path": path}, "count": 1, "processed": processed}
    home.service.control("POST", "faults", fault)


def begin(home: Home, action: str, device: dr.DeviceEntry, **data: object) -> asyncio.Task[Any]:
    """Call an action that does not come to an end."""
    return create_eager_task(home.call(action, device, **data))


async def end_during(home: Home, disk: Disk, *calls: asyncio.Task[Any], in_order: bool = True) -> None:
    """End a Home Assistant while actions are under way, none of which has succeeded."""
    await turn()
    assert not any(call.done() for call in calls)
    await end(home, disk, in_order=in_order)
    for result in await asyncio.gather(*calls, return_exceptions=True):
        assert isinstance(result, (HomeAssistantError, asyncio.CancelledError)), result


def stages(home: Home, device: dr.DeviceEntry) -> tuple[str, str]:
    """Return the mode of a battery and what became of its last action, as they are shown."""
    mode, action = (shown(home.hass, device, *key).state for key in (("select", "mode"), ("sensor", "last_action")))
    return mode, action


def made(home: Home, device: dr.DeviceEntry) -> list[tuple[str, str]]:
    """Return the actions of a device at Amps, the oldest first."""
    return [(each["command"], each["state"]) for each in reversed(home.actions(device))]


@BOTH
@EITHER_WAY
async def test_a_command_whose_answer_was_not_seen(
    home: Home, hass_storage: Disk, pass_in: LetPass, in_order: bool
) -> None:
    await pass_in(home, 2 * MINUTE)
    never_answer(home, "/battery/*")
    sent, waiting = begin(home, "charge", home.battery, power=2), begin(home, "idle", home.battery)
    await end_during(home, hass_storage, sent, waiting, in_order=in_order)
    async with started_anew(home) as again:
        await pass_in(again, 2 * MINUTE)
        assert stages(again, again.battery) == ("charge", "completed")
        await pass_in(again, 10 * MINUTE)
        assert made(again, again.battery) == [("charge", "completed")]
        assert len(again.pushed) == 1


@BOTH
@EITHER_WAY
async def test_an_action_whose_end_was_not_seen(
    home: Home, hass_storage: Disk, pass_in: LetPass, in_order: bool
) -> None:
    home.service.control("POST", "timing", {"settleSeconds": 60, "liveSettleSeconds": 60})
    home.context = Context()
    await home.call("charge", home.battery, power=2)
    await pass_in(home, 20 * SECOND)
    assert home.events.stages() == ["acknowledged"]
    await end(home, hass_storage, in_order=in_order)
    async with started_anew(home) as again:
        await pass_in(again, 3 * MINUTE)
        assert stages(again, again.battery) == ("charge", "completed")
        reported = [(event.data["state"], event.context.id) for event in again.events.events]
        assert reported == [("completed", home.context.id)]
        assert len(again.pushed) == 1


@BOTH
@pytest.mark.parametrize("ended", ["completed", "failed", "cancelled"])
async def test_an_action_that_ended_meanwhile(
    home: Home, hass_storage: Disk, freezer: FrozenDateTimeFactory, pass_in: LetPass, ended: str
) -> None:
    """It was followed before, and so what became of it is told; what somebody else did meanwhile is not."""
    if ended == "failed":
        home.service.control("POST", "faults", {"kind": "failed_action", "errorCode": "DEVICE_OFFLINE", "count": 1})
    home.context = Context()
    await home.call("charge", home.battery, power=2, start="13:03")
    await pass_in(home, MINUTE)
    await end(home, hass_storage, in_order=True)
    if ended == "cancelled":
        home.cancel(home.actions(home.battery)[0]["id"])
        freezer.tick(MINUTE)
        home.push(home.thermostat, "idle")
    freezer.tick(20 * MINUTE)
    async with started_anew(home) as again:
        await pass_in(again, MINUTE)
        assert stages(again, again.battery)[1] == ended
        reported = [(event.data["command"], event.data["state"]) for event in again.events.events]
        assert reported == [("charge", ended)]
        assert again.events.events[0].context.id == home.context.id
        event = shown(again.hass, again.battery, "event", "action")
        assert event.attributes["event_type"] == ended
        assert event.attributes["reason"] == ("DEVICE_OFFLINE" if ended == "failed" else None)


@BOTH
async def test_a_command_that_waited_for_an_action_in_flight(home: Home, hass_storage: Disk, pass_in: LetPass) -> None:
    home.service.control("POST", "timing", {"settleSeconds": 60, "liveSettleSeconds": 40})
    await pass_in(home, MINUTE)
    home.push(home.battery, "idle")
    call = begin(home, "charge", home.battery)
    await turn()
    await end_during(home, hass_storage, call)
    async with started_anew(home) as again:
        await pass_in(again, 10 * MINUTE)
        assert made(again, again.battery) == [("idle", "completed")]
        assert stages(again, again.battery) == ("idle", "completed")


@BOTH
async def test_a_window_whose_successor_was_sent_and_not_answered(
    home: Home, hass_storage: Disk, pass_in: LetPass
) -> None:
    device = home.battery
    await pass_in(home, MINUTE)
    between, answer = home.between, home.between.answer

    def lose_second(request: Request) -> Response | None:
        if b"queue_after" in request.body:
            between.answer = answer
            never_answer(home, "/battery/*")
        return None

    between.answer = lose_second
    call = begin(home, "charge", device, start="13:10", end="13:20", then="auto_balanced")
    await end_during(home, hass_storage, call)
    assert made(home, device) == [("charge", "scheduled"), ("auto.balanced", "scheduled")]
    async with started_anew(home) as again:
        await pass_in(again, 25 * MINUTE)
        assert made(again, again.battery) == [("charge", "completed"), ("auto.balanced", "completed")]
        assert stages(again, again.battery) == ("auto_balanced", "completed")
        assert len(again.pushed) == 2


@dataclass(frozen=True, kw_only=True)
class Window:
    """A window, and what is to follow it."""

    path: str
    """Of the type of the device."""
    device: Callable[[Home], dr.DeviceEntry]
    action: str
    fields: dict[str, object]
    made: list[tuple[str, str]]
    """What becomes of it."""

    def call(self, home: Home) -> Coroutine[Any, Any, dict[str, Any]]:
        """Call the action for a quarter of an hour from ten past."""
        return home.call(self.action, self.device(home), start="13:10", end="13:25", **self.fields)


WINDOWS = pytest.mark.parametrize(
    "window",
    [
        Window(
            path="/battery/*",
            device=lambda home: home.battery,
            action="charge",
            fields={"power": 2, "then": "auto_balanced"},
            made=[("charge", "completed"), ("auto.balanced", "completed")],
        ),
        Window(
            path="/hvac/*",
            device=lambda home: home.thermostat,
            action="set_temperature",
            fields={"mode": "heat", "temperature": 23, "then": "follow_schedule"},
            made=[("heat", "completed"), ("follow_schedule", "completed")],
        ),
    ],
    ids=["queued at Amps", "sent by Home Assistant"],
)


@BOTH
@WINDOWS
async def test_what_follows_a_window_outlives_a_power_cut(
    home: Home, hass_storage: Disk, pass_in: LetPass, window: Window
) -> None:
    """Its caller relies on it as soon as it is answered."""
    await pass_in(home, MINUTE)
    home.context = Context()
    assert (await window.call(home))["ok"]
    await pass_in(home, 2 * SECOND)
    await end(home, hass_storage, in_order=False)
    async with started_anew(home) as again:
        await pass_in(again, 30 * MINUTE)
        assert made(again, window.device(again)) == window.made
        assert len(again.pushed) == 2
        assert [each.data["reason"] for each in again.events.events if each.data["reason"]] == []
        assert {each.context.id for each in again.events.events} == {home.context.id}


@BOTH
async def test_a_window_that_is_cancelled_after_a_power_cut_takes_what_follows_with_it(
    home: Home, hass_storage: Disk, pass_in: LetPass
) -> None:
    await pass_in(home, MINUTE)
    answer = await home.call("charge", home.battery, start="13:10", end="13:25", then="auto_balanced")
    await end(home, hass_storage, in_order=False)
    home.cancel(answer["action"]["id"])
    async with started_anew(home) as again:
        await pass_in(again, 30 * MINUTE)
        assert made(again, again.battery) == [("charge", "cancelled"), ("auto.balanced", "cancelled")]


@BOTH
@EITHER_WAY
@WINDOWS
async def test_what_follows_a_window_whose_answer_was_not_seen(
    home: Home, hass_storage: Disk, pass_in: LetPass, window: Window, in_order: bool
) -> None:
    await pass_in(home, MINUTE)
    never_answer(home, window.path)
    await end_during(home, hass_storage, create_eager_task(window.call(home)), in_order=in_order)
    assert made(home, window.device(home)) == [(window.made[0][0], "scheduled")]
    async with started_anew(home) as again:
        await pass_in(again, 30 * MINUTE)
        assert made(again, window.device(again)) == window.made
        assert len(again.pushed) == 2


@BOTH
async def test_nothing_follows_a_window_that_never_arrived(home: Home, hass_storage: Disk, pass_in: LetPass) -> None:
    await pass_in(home, MINUTE)
    never_answer(home, "/battery/*", processed=False)
    call = begin(home, "charge", home.battery, start="13:10", end="13:25", then="auto_balanced")
    await end_during(home, hass_storage, call, in_order=False)
    async with started_anew(home) as again:
        await pass_in(again, 30 * MINUTE)
        assert made(again, again.battery) == []
        assert again.events.events == []
        assert len(again.pushed) == 1


@BOTH
@WINDOWS
async def test_what_follows_a_window_that_is_being_sent_outlives_a_reload(
    home: Home, pass_in: LetPass, pass_unfinished: Advance, window: Window
) -> None:
    await pass_in(home, MINUTE)
    never_answer(home, window.path)
    call = create_eager_task(window.call(home))
    await turn()
    assert len(home.pushed) == 1
    assert await home.hass.config_entries.async_reload(home.account.entry_id)
    await pass_unfinished(MINUTE)
    assert call.result()["ok"]
    await pass_in(home, 30 * MINUTE)
    assert made(home, window.device(home)) == window.made
    assert len(home.pushed) == 2


@BOTH
async def test_a_cancel_whose_answer_was_not_seen(home: Home, hass_storage: Disk, pass_in: LetPass) -> None:
    await home.call("charge", home.battery, start="14:00", end="15:00")
    await pass_in(home, MINUTE)
    never_answer(home, "/actions/*/cancel")
    await end_during(home, hass_storage, begin(home, "cancel_action", home.battery))
    async with started_anew(home) as again:
        await pass_in(again, MINUTE)
        assert stages(again, again.battery) == ("auto_balanced", "cancelled")
        assert again.posts == 2
        assert again.events.stages() == ["cancelled"]


@BOTH
async def test_an_account_that_is_reloaded_looks_for_the_action(
    home: Home, pass_in: LetPass, pass_unfinished: Advance
) -> None:
    await pass_in(home, 2 * MINUTE)
    never_answer(home, "/battery/*")
    sent, waiting = begin(home, "charge", home.battery, power=2), begin(home, "idle", home.battery)
    await turn()
    assert await home.hass.config_entries.async_reload(home.account.entry_id)
    assert len(home.pushed) == 1
    await pass_unfinished(2 * MINUTE)
    assert sent.result()["action"]["command"] == "charge"
    assert waiting.result()["action"]["command"] == "idle"
    await pass_in(home, 2 * MINUTE)
    assert made(home, home.battery) == [("charge", "completed"), ("idle", "completed")]
    assert stages(home, home.battery) == ("idle", "completed")
    assert [body["action"]["command"] for body in home.pushed].count("charge") == 1


@BOTH
async def test_a_command_that_waits_for_an_action_in_flight_outlives_a_reload(
    home: Home, pass_in: LetPass, pass_unfinished: Advance
) -> None:
    home.service.control("POST", "timing", {"settleSeconds": 40, "liveSettleSeconds": 40})
    await pass_in(home, MINUTE)
    home.push(home.battery, "idle")
    call = begin(home, "charge", home.battery, power=2)
    await turn()
    assert len(home.pushed) == 1
    assert await home.hass.config_entries.async_reload(home.account.entry_id)
    await pass_unfinished(MINUTE)
    assert (await call)["ok"]
    await pass_in(home, 2 * MINUTE)
    assert made(home, home.battery) == [("idle", "completed"), ("charge", "completed")]
    assert stages(home, home.battery) == ("charge", "completed")
    assert len(home.pushed) == 2
