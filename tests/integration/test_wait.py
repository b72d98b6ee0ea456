"""Following an action as far as its caller wants, also across a reload (design §6, `wait`)."""

from datetime import datetime, timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util.async_ import create_eager_task
import pytest

from .commanding import Home
from .conftest import MINUTE, SECOND, Advance, patiently, state_of, turn

BOTH = pytest.mark.parametrize("environment", ["sandbox", "live"])


@BOTH
@pytest.mark.parametrize(
    ("wait", "data", "state"),
    [
        ("accepted", {}, "acknowledged"),
        ("started", {}, "acknowledged"),
        ("finished", {}, "completed"),
        ("started", {"duration": 120}, "acknowledged"),
        ("finished", {"duration": 120}, "completed"),
        ("accepted", {"duration": 120}, "scheduled"),
    ],
)
async def test_a_caller_goes_on_when_the_action_has_come_so_far(
    home: Home, pass_time: Advance, wait: str, data: dict[str, Any], state: str
) -> None:
    answer = await patiently(home.call("charge", home.battery, wait=wait, **data), pass_time)
    assert answer["action"]["state"] == state
    assert home.posts == 1


async def test_a_window_that_is_completed_as_it_opens_is_finished_at_its_end(home: Home, pass_time: Advance) -> None:
    home.service.control("POST", "timing", {"windowsSettle": True})
    call = home.call("charge", home.battery, wait="finished", start="13:02", end="13:04")
    answer = await patiently(call, pass_time)
    assert answer["action"]["state"] == "completed"
    assert home.state(home.battery)["status"] == "idle"


@BOTH
async def test_a_failure_after_the_start_is_raised_to_who_waits_for_the_end(home: Home, pass_time: Advance) -> None:
    failure = {"kind": "failed_action", "errorCode": "SCHEDULER_ACTIVE", "count": 1}
    home.service.control("POST", "faults", failure)
    answer = await patiently(home.call("charge", home.battery, wait="started"), pass_time)
    assert answer["action"]["state"] == "acknowledged"
    await pass_time(20 * SECOND)
    home.service.control("POST", "faults", failure)
    err = await patiently(home.refusal("charge", home.battery, wait="finished"), pass_time)
    assert err.translation_key == "action_failed"
    assert "SCHEDULER_ACTIVE" in str(err)
    assert home.actions(home.battery)[0]["id"] in str(err)


async def test_a_cancelled_action_is_raised(home: Home, pass_time: Advance) -> None:
    task = create_eager_task(home.refusal("charge", home.battery, start="13:03", wait="started"))
    await pass_time(20 * SECOND)
    home.cancel(home.actions(home.battery)[0]["id"])
    err = await patiently(task, pass_time)
    assert err.translation_key == "action_cancelled"


async def test_a_caller_does_not_wait_for_ever(home: Home, pass_time: Advance) -> None:
    err = await patiently(
        home.refusal("charge", home.battery, start="23:00", wait="started", wait_timeout=60), pass_time
    )
    assert err.translation_key == "outcome_not_known_yet"
    assert "is scheduled" in str(err)
    assert home.actions(home.battery)[0]["id"] in str(err)
    assert home.actions(home.battery)[0]["state"] == "scheduled"


@BOTH
async def test_a_reload_does_not_keep_a_caller_from_the_end(
    hass: HomeAssistant, home: Home, pass_time: Advance
) -> None:
    task = create_eager_task(home.call("charge", home.battery, wait="finished", duration=90))
    await pass_time(20 * SECOND)
    assert await hass.config_entries.async_reload(home.account.entry_id)
    answer = await patiently(task, pass_time)
    assert answer["action"]["state"] == "completed"
    assert home.posts == 1


@BOTH
@pytest.mark.parametrize(
    ("wait", "data"), [("finished", {}), ("started", {"duration": 120}), ("finished", {"duration": 120})]
)
async def test_a_caller_is_answered_though_nothing_is_polled(
    hass: HomeAssistant, home: Home, pass_time: Advance, wait: str, data: dict[str, Any]
) -> None:
    """With polling switched off nothing is read but on demand, and a wait is one (design §4)."""
    hass.config_entries.async_update_entry(home.account, pref_disable_polling=True)
    assert await hass.config_entries.async_reload(home.account.entry_id)
    answer = await patiently(home.call("charge", home.battery, wait=wait, **data), pass_time)
    assert answer["action"]["state"] == ("acknowledged" if wait == "started" else "completed")
    assert home.posts == 1
    home.forget()
    await pass_time(10 * MINUTE)
    assert home.between.requests == []


async def test_a_caller_whose_time_is_over_is_told_what_has_become_of_it_by_then(
    home: Home, pass_time: Advance
) -> None:
    """Open actions are read ever more rarely, and so the last poll may be of a minute ago."""
    home.service.control("POST", "timing", {"settleSeconds": 50})
    answer = await patiently(home.call("charge", home.battery, wait="finished", wait_timeout=60), pass_time)
    assert answer["action"]["state"] == "completed"


async def test_what_becomes_of_an_action_is_not_awaited_for_one_that_was_not_sent(home: Home) -> None:
    with pytest.raises(HomeAssistantError):
        await home.call("charge", home.battery, power=99, wait="finished")
    assert home.posts == 0


@pytest.mark.parametrize("settle", [3, 180])
async def test_an_action_in_flight_is_waited_for(home: Home, pass_time: Advance, settle: int) -> None:
    home.service.control("POST", "timing", {"settleSeconds": settle})
    home.push(home.battery, "idle")
    answer = await patiently(home.call("charge", home.battery), pass_time)
    assert answer["ok"]
    first, second = reversed(home.actions(home.battery))
    assert first["completedAt"] <= second["createdAt"]


@pytest.mark.parametrize(("environment", "longest"), [("sandbox", 200), ("live", 60)])
async def test_an_action_in_flight_is_not_waited_for_longer(
    home: Home, pass_time: Advance, pass_unfinished: Advance, longest: int
) -> None:
    home.service.control("POST", "timing", {"settleSeconds": 1000, "liveSettleSeconds": 1000})
    home.hass.loop.set_debug(False)
    theirs = home.push(home.battery, "idle")
    call = create_eager_task(home.refusal("charge", home.battery))
    await turn()
    await pass_unfinished((longest - 1) * SECOND)
    assert not call.done()
    await pass_unfinished(SECOND)
    err = await call
    assert err.translation_key == "device_busy"
    assert theirs in str(err)
    await pass_time(MINUTE)
    assert len(home.actions(home.battery)) == 1


async def test_a_window_that_is_open_for_long_is_not_waited_for(home: Home, pass_time: Advance) -> None:
    theirs = home.push(home.battery, "charge", start="2026-06-14T13:01:00", end="2026-06-14T15:00:00")
    await pass_time(2 * MINUTE)
    err = await home.refusal("idle", home.battery, on_conflict="cancel_and_replace")
    assert err.translation_key == "device_busy"
    assert "2026-06-14 15:00+01:00" in str(err)
    assert theirs in str(err)


@pytest.mark.parametrize("is_known", [True, False])
async def test_nothing_is_cancelled_for_a_command_that_cannot_be_sent(
    home: Home, pass_time: Advance, freezer: FrozenDateTimeFactory, *, is_known: bool
) -> None:
    """What is scheduled by others stays as long as something that has begun is in the way, known or not."""
    begun = home.push(home.battery, "charge", start="2026-06-14T13:03:00", end="2026-06-14T15:00:00")
    later = [
        home.push(home.battery, "idle", "queue_after", start=f"2026-06-14T{hour}:00:00", end=f"2026-06-14T{hour}:30:00")
        for hour in (15, 16, 17)
    ]
    await pass_time(2 * MINUTE)
    if is_known:
        await pass_time(2 * MINUTE)
    else:
        freezer.tick(2 * MINUTE)
    home.forget()
    err = await home.refusal("idle", home.battery, on_conflict="cancel_and_replace")
    assert err.translation_key == "device_busy"
    assert [each for each in (begun, *later) if each in str(err)] == [begun]
    assert [each["state"] for each in home.actions(home.battery)] == ["scheduled"] * 3 + ["acknowledged"]
    assert home.posts == 1


async def test_what_has_ended_unseen_keeps_nothing_from_making_room(
    home: Home, pass_time: Advance, freezer: FrozenDateTimeFactory
) -> None:
    home.push(home.battery, "charge", start="2026-06-14T13:01:00", end="2026-06-14T13:04:00")
    for hour in (15, 16):
        home.push(home.battery, "idle", "queue_after", start=f"2026-06-14T{hour}:00:00", end=f"2026-06-14T{hour}:30:00")
    await pass_time(3 * MINUTE)
    assert state_of(home.hass, home.battery, "last_action") == "scheduled"
    freezer.tick(70 * SECOND)
    home.forget()
    assert (await home.call("charge", home.battery, on_conflict="cancel_and_replace"))["ok"]
    states = [each["state"] for each in home.actions(home.battery)]
    assert states == ["acknowledged", "cancelled", "cancelled", "completed"]
    assert len(home.pushed) == 1


async def test_all_that_is_scheduled_makes_room(home: Home, pass_time: Advance) -> None:
    home.push(home.battery, "charge", start="2026-06-14T20:00:00", end="2026-06-14T21:00:00")
    home.push(home.battery, "discharge", "queue_after", start="2026-06-14T20:00:00", end="2026-06-14T22:00:00")
    home.push(home.battery, "idle", "queue_after")
    await pass_time(MINUTE)
    home.forget()
    answer = await home.call("charge", home.battery, on_conflict="cancel_and_replace", start="23:00")
    assert [each["state"] for each in home.actions(home.battery)] == ["scheduled", *["cancelled"] * 3]
    assert home.actions(home.battery)[0]["id"] == answer["action"]["id"]
    assert len(home.pushed) == 1


@pytest.mark.parametrize("environment", ["sandbox"])
async def test_a_window_is_planned_anew_after_a_wait(home: Home, pass_time: Advance) -> None:
    """A window without a start begins at the next minute, which would be over by then."""
    home.service.control("POST", "timing", {"settleSeconds": 180})
    await home.call("idle", home.battery)
    answer = await patiently(home.call("charge", home.battery, duration={"hours": 1}), pass_time)
    start, end = (datetime.fromisoformat(answer["action"][name]) for name in ("start", "end"))
    assert start - datetime.fromisoformat(answer["action"]["created_at"]) > timedelta(seconds=45)
    assert end - start == timedelta(hours=1)
    # The first attempt was refused, the second one is of its own time.
    assert len({body["action"]["start"] for body in home.pushed if "start" in body["action"]}) == 2
