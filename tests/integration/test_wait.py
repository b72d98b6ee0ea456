"""Following an action as far as its caller wants, also across a reload (design §6, `wait`)."""

from datetime import datetime, timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util.async_ import create_eager_task
import pytest

from .commanding import Home
from .conftest import MINUTE, SECOND, Advance, patiently, turn

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


@BOTH
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


@BOTH
async def test_a_cancelled_action_is_raised(home: Home, pass_time: Advance) -> None:
    task = create_eager_task(home.refusal("charge", home.battery, start="13:03", wait="started"))
    await pass_time(20 * SECOND)
    home.cancel(home.actions(home.battery)[0]["id"])
    err = await patiently(task, pass_time)
    assert err.translation_key == "action_cancelled"


@BOTH
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


@BOTH
async def test_a_window_that_is_open_for_long_is_not_waited_for(home: Home, pass_time: Advance) -> None:
    theirs = home.push(home.battery, "charge", start="2026-06-14T13:01:00", end="2026-06-14T15:00:00")
    await pass_time(2 * MINUTE)
    err = await home.refusal("idle", home.battery, on_conflict="cancel_and_replace")
    assert err.translation_key == "device_busy"
    assert "2026-06-14 15:00+01:00" in str(err)
    assert theirs in str(err)


async def schedule(home: Home, *spans: tuple[str, str]) -> list[str]:
    """Schedule charging of the battery for some spans of the day, one after the other, and return the ids."""
    return [
        (await home.call("charge", home.battery, start=start, end=end, on_conflict="queue_after"))["action"]["id"]
        for start, end in spans
    ]


@BOTH
@pytest.mark.parametrize("is_known", [True, False])
async def test_nothing_is_cancelled_for_a_command_that_cannot_be_sent(
    home: Home, pass_time: Advance, freezer: FrozenDateTimeFactory, *, is_known: bool
) -> None:
    """What is scheduled stays while something that has begun is in the way, whether that is known already or not."""
    begun, *later = await schedule(home, ("13:03", "15:00"), ("15:00", "15:30"), ("16:00", "16:30"), ("17:00", "17:30"))
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


@pytest.mark.parametrize("environment", ["live"])
async def test_what_has_ended_unseen_keeps_nothing_from_making_room(
    home: Home, pass_time: Advance, freezer: FrozenDateTimeFactory
) -> None:
    """A window that the manufacturer refuses leaves those that were queued behind it."""
    home.service.control("POST", "faults", {"kind": "failed_action", "count": 1})
    await schedule(home, ("13:02", "15:00"), ("15:00", "15:30"), ("16:00", "16:30"))
    await pass_time(2 * MINUTE + 20 * SECOND)
    assert home.reasons()[-1][:2] == ("charge", "acknowledged")
    freezer.tick(15 * SECOND)
    home.forget()
    assert (await home.call("charge", home.battery, on_conflict="cancel_and_replace"))["ok"]
    assert home.posts == 2  # the push, and the cancelling of the one that Amps might leave
    states = [each["state"] for each in home.actions(home.battery)]
    assert states == ["acknowledged", "cancelled", "cancelled", "failed"]


@BOTH
@pytest.mark.parametrize("ours", [True, False], ids=["ours", "somebody else's"])
async def test_all_that_is_scheduled_makes_room(home: Home, pass_time: Advance, ours: bool) -> None:
    evening = "2026-06-14T20:00:00"
    for command, strategy, times in (
        ("charge", "fail", {"start": evening, "end": "2026-06-14T21:00:00"}),
        ("discharge", "queue_after", {"start": evening, "end": "2026-06-14T22:00:00"}),
        ("idle", "queue_after", {}),
    ):
        if ours:
            await home.call(command, home.battery, on_conflict=strategy, **times)
        else:
            home.push(home.battery, command, None if strategy == "fail" else strategy, **times)
    await pass_time(MINUTE)
    home.forget()
    answer = await home.call("charge", home.battery, on_conflict="cancel_and_replace", start="23:00")
    replacement, *replaced = home.actions(home.battery)
    assert replacement["state"] == "scheduled"
    assert replacement["id"] == answer["action"]["id"]
    assert [each["state"] for each in replaced] == ["cancelled"] * 3
    assert len(home.pushed) == 1
    if ours:
        # Amps cancels one of them; the others are known, and are cancelled by their ids (design §6).
        cancels = {f"/actions/{each['id']}/cancel" for each in replaced}
        assert len({each.path for each in home.between.requests} & cancels) == 2


@BOTH
async def test_nothing_is_queued_behind_what_is_scheduled_without_an_end(home: Home) -> None:
    theirs = home.push(home.battery, "charge", start="2026-06-14T20:00:00")
    err = await home.refusal("discharge", home.battery, start="23:00", end="23:30", on_conflict="queue_after")
    assert err.translation_key == "action_in_the_way"
    assert theirs in str(err)
    assert len(home.pushed) == 1
    assert [each["id"] for each in home.actions(home.battery)] == [theirs]


@BOTH
async def test_what_cannot_be_queued_behind_an_immediate_command_follows_it_all_the_same(
    home: Home, pass_time: Advance
) -> None:
    """It has no end, but will not take long."""
    theirs = home.push(home.battery, "idle")
    answer = await patiently(home.call("charge", home.battery, on_conflict="queue_after"), pass_time)
    assert answer["ok"]
    ours, before = home.actions(home.battery)
    assert (ours["id"], before["id"]) == (answer["action"]["id"], theirs)
    assert before["completedAt"] <= ours["createdAt"]
    assert len(home.pushed) == 2


@BOTH
@pytest.mark.parametrize("times", [{}, {"end": "14:00"}], ids=["open-ended", "window"])
async def test_a_command_is_queued_behind_an_open_window(home: Home, pass_time: Advance, times: dict[str, str]) -> None:
    home.push(home.battery, "charge", start="2026-06-14T13:01:00", end="2026-06-14T13:10:00")
    await pass_time(2 * MINUTE)
    answer = await home.call("discharge", home.battery, on_conflict="queue_after", **times)
    assert (answer["action"]["state"], answer["action"]["start"]) == ("scheduled", "2026-06-14T12:10:00Z")
    assert answer["action"]["end"] == ("2026-06-14T13:00:00Z" if times else None)
    assert len(home.pushed) == 1
    await pass_time(7 * MINUTE)
    assert home.state(home.battery)["status"] == "charging"
    await pass_time(2 * MINUTE)
    assert home.state(home.battery)["status"] == "discharging"
    assert [each["state"] for each in home.actions(home.battery)] == [
        "acknowledged" if times else "completed",
        "completed",
    ]


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
