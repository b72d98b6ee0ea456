"""One action at a time per device: every cell of the table of api §6.7, with §15.1 #12, §15.3 #29 and #30."""

from datetime import timedelta

import pytest

from .harness import START, Api, Document, celsius, iso, wall_clock


def _wall(**span: float) -> str:
    return wall_clock(START + timedelta(**span))


def _at(**span: float) -> str:
    return iso(START + timedelta(**span))


async def _scheduled(api: Api, device: Document) -> str:
    action_id: str = (await api.push(device, "idle", start="1h")).data["id"]
    return action_id


async def _scheduled_window(api: Api, device: Document) -> str:
    answer = await api.push(device, "charge", start=_wall(hours=1), end=_wall(hours=2))
    action_id: str = answer.data["id"]
    return action_id


async def _in_flight(api: Api, device: Document) -> str:
    action_id: str = (await api.push(device, "idle")).data["id"]
    return action_id


async def _open_window(api: Api, device: Document) -> str:
    """Return a window that opened just now and is open for an hour."""
    answer = await api.push(device, "charge", start="1m", end=_wall(hours=1, minutes=1))
    await api.advance(minutes=1)
    action_id: str = answer.data["id"]
    return action_id


def _without_strategy(*conflicting: str) -> tuple[int, str, Document]:
    """Return the failure of a push to a battery that names no strategy (api §6.7)."""
    strategies = ["cancel_and_replace", "queue_after"]
    details = {
        "reason": "no_strategy_supplied",
        "conflictingActionIds": list(conflicting),
        "strategies": strategies,
    }
    return 409, "CONFLICT", details


async def _states(api: Api, *action_ids: str) -> list[str]:
    return [(await api.action(action_id))["state"] for action_id in action_ids]


@pytest.mark.parametrize("existing", [_scheduled, _scheduled_window])
async def test_scheduled_action_conflicts_and_strategies_are_offered(api: Api, existing: object) -> None:
    assert callable(existing)
    battery, charger = await api.device("battery"), await api.device("ev-charger")
    for device, strategies in (
        (battery, ["cancel_and_replace", "queue_after"]),
        (charger, ["cancel_and_replace"]),
    ):
        old = await existing(api, device)
        answer = await api.push(device, "charge")
        details = {"reason": "no_strategy_supplied", "conflictingActionIds": [old], "strategies": strategies}
        assert answer.failure == (409, "CONFLICT", details)
        assert isinstance(answer.error["details"], dict)
        assert list(answer.error["details"]) == list(details)
        assert (await api.read(device))["lastAction"]["id"] == old


@pytest.mark.parametrize("existing", [_in_flight, _open_window])
async def test_action_in_flight_conflicts_and_cannot_be_replaced(api: Api, existing: object) -> None:
    """Only its state shows that it is in flight: without a strategy the answer is the same as for a scheduled one."""
    assert callable(existing)
    battery = await api.device("battery")
    old = await existing(api, battery)
    assert (await api.push(battery, "discharge")).failure == _without_strategy(old)
    answer = await api.push(battery, "discharge", onConflict="cancel_and_replace")
    assert answer.failure == (409, "CONFLICT", {"conflictingActionIds": [old]})
    assert await _states(api, old) == ["acknowledged"]
    assert (await api.get("/actions")).data["pagination"]["total"] == 1


async def test_window_that_does_not_overlap_conflicts_all_the_same(api: Api) -> None:
    battery = await api.device("battery")
    await _scheduled_window(api, battery)
    answer = await api.push(battery, "charge", start=_wall(hours=20), end=_wall(hours=21))
    assert answer.error["code"] == "CONFLICT"


async def test_action_of_one_device_does_not_conflict_with_another(api: Api) -> None:
    first, second = (await api.devices("battery"))[:2]
    await _in_flight(api, first)
    assert (await api.push(second, "idle")).status == 202


@pytest.mark.parametrize("existing", [_scheduled, _scheduled_window])
@pytest.mark.parametrize("times", [{}, {"start": "30m"}, {"start": "3h", "end": _wall(hours=4)}])
async def test_scheduled_action_is_cancelled_and_replaced(api: Api, existing: object, times: Document) -> None:
    assert callable(existing)
    battery = await api.device("battery")
    old = await existing(api, battery)
    await api.advance(minutes=5)
    answer = await api.push(battery, "discharge", **times, onConflict="cancel_and_replace")
    assert answer.status == 202
    assert await _states(api, old, answer.data["id"]) == ["cancelled", "scheduled" if times else "acknowledged"]
    cancelled = await api.action(old)
    assert (cancelled["completedAt"], cancelled["acknowledgedAt"]) == (_at(minutes=5), None)
    await api.advance(hours=1)
    assert (await api.state(battery))["currentMode"] == ("auto.balanced" if times.get("start") == "3h" else "discharge")


async def test_replacement_that_is_refused_cancels_nothing(api: Api) -> None:
    battery = await api.device("battery")
    old = await _scheduled(api, battery)
    for body in (
        {"command": "dance"},
        {"command": "charge", "parameters": {"target": celsius(20)}},
        {"command": "charge", "start": "2020-01-01T00:00:00"},
    ):
        assert (await api.push(battery, **body, onConflict="cancel_and_replace")).status == 422
    assert await _states(api, old) == ["scheduled"]


@pytest.mark.parametrize(
    ("segment", "strategy"),
    [("battery", "cancel_and_replace"), ("battery", "queue_after"), ("ev-charger", "cancel_and_replace")],
)
async def test_strategy_without_a_conflict_changes_nothing(api: Api, segment: str, strategy: str) -> None:
    device = await api.device(segment)
    answer = await api.push(device, "charge", onConflict=strategy)
    assert (answer.status, answer.data["state"], answer.data["start"]) == (202, "acknowledged", None)


async def _nothing(api: Api, device: Document) -> None:
    """Leave a device without an action."""


@pytest.mark.parametrize("segment", ["ev-charger", "hvac"])
@pytest.mark.parametrize("existing", [_nothing, _scheduled, _in_flight])
async def test_undeclared_strategy_is_refused_with_and_without_a_conflict(
    api: Api, segment: str, existing: object
) -> None:
    assert callable(existing)
    device = await api.device(segment)
    await existing(api, device)
    before = (await api.read(device))["lastAction"]
    answer = await api.push(device, "idle", onConflict="queue_after")
    details = {"onConflict": "queue_after", "conflictStrategies": ["cancel_and_replace"]}
    assert answer.failure == (422, "STRATEGY_NOT_SUPPORTED", details)
    assert (await api.read(device))["lastAction"] == before


@pytest.mark.parametrize("strategy", ["replace", "fail", ""])
async def test_unknown_strategy(api: Api, strategy: str) -> None:
    battery = await api.device("battery")
    answer = await api.push(battery, "idle", onConflict=strategy)
    details = {"onConflict": strategy, "conflictStrategies": battery["conflictStrategies"]}
    assert answer.failure == (422, "STRATEGY_NOT_SUPPORTED", details)
    assert (await api.read(battery))["lastAction"] is None


@pytest.mark.parametrize("existing", [_scheduled, _in_flight])
async def test_nothing_can_be_queued_after_what_has_no_end(api: Api, existing: object) -> None:
    assert callable(existing)
    battery = await api.device("battery")
    old = await existing(api, battery)
    answer = await api.push(battery, "charge", onConflict="queue_after")
    details = {"reason": "open_ended_conflict", "conflictingActionIds": [old]}
    assert answer.failure == (409, "CONFLICT", details)


@pytest.mark.parametrize(
    ("existing", "end"), [(_scheduled_window, {"hours": 2}), (_open_window, {"hours": 1, "minutes": 1})]
)
@pytest.mark.parametrize("times", [{}, {"start": "30m"}, {"start": "20h"}])
async def test_action_is_queued_after_the_end_of_another(
    api: Api, existing: object, end: dict[str, float], times: Document
) -> None:
    assert callable(existing)
    battery = await api.device("battery")
    old = await existing(api, battery)
    before = (await api.action(old))["state"]
    answer = await api.push(battery, "discharge", **times, onConflict="queue_after")
    assert (answer.status, answer.data["state"], answer.data["start"]) == (202, "scheduled", _at(**end))
    assert "end" not in answer.data
    assert await _states(api, old) == [before]
    await api.set_clock(set=(START + timedelta(**end) - timedelta(milliseconds=1)).isoformat())
    assert await _states(api, old, answer.data["id"]) == ["acknowledged", "scheduled"]
    assert (await api.state(battery))["currentMode"] == "charge"
    await api.advance(milliseconds=1)
    assert await _states(api, old, answer.data["id"]) == ["completed", "acknowledged"]
    assert (await api.state(battery))["currentMode"] == "discharge"
    await api.advance(seconds=3)
    assert await _states(api, answer.data["id"]) == ["completed"]


async def test_queued_window_keeps_its_end_when_that_is_later(api: Api) -> None:
    battery = await api.device("battery")
    await _scheduled_window(api, battery)
    answer = await api.push(battery, "discharge", start=_wall(hours=1), end=_wall(hours=3), onConflict="queue_after")
    assert (answer.data["start"], answer.data["end"]) == (_at(hours=2), _at(hours=3))
    await api.advance(hours=3)
    assert (await api.state(battery))["currentMode"] == "idle"


@pytest.mark.parametrize("end", [{"hours": 1.5}, {"hours": 2}])
async def test_queued_window_that_would_end_before_it_starts(api: Api, end: dict[str, float]) -> None:
    battery = await api.device("battery")
    await _scheduled_window(api, battery)
    answer = await api.push(battery, "discharge", start="30m", end=_wall(**end), onConflict="queue_after")
    assert answer.failure == (422, "INVALID_TIME_WINDOW", {"reason": "end_not_after_start"})


async def test_queue_grows_at_its_end(api: Api) -> None:
    battery = await api.device("battery")
    first = await _open_window(api, battery)
    second = (await api.push(battery, "charge", start="2h", end=_wall(hours=3), onConflict="queue_after")).data["id"]
    assert (await api.push(battery, "idle")).failure == _without_strategy(second, first)
    third = (await api.push(battery, "discharge", onConflict="queue_after")).data
    assert third["start"] == _at(hours=3)
    answer = await api.push(battery, "idle", onConflict="queue_after")
    assert answer.error["details"] == {
        "reason": "open_ended_conflict",
        "conflictingActionIds": [third["id"], second, first],
    }
    await api.set_clock(set=third["start"])
    assert await _states(api, first, second, third["id"]) == ["completed", "completed", "acknowledged"]


async def test_whole_queue_is_replaced_while_none_of_it_is_in_flight(api: Api) -> None:
    battery = await api.device("battery")
    first = await _scheduled_window(api, battery)
    second = (await api.push(battery, "discharge", onConflict="queue_after")).data["id"]
    answer = await api.push(battery, "idle", onConflict="cancel_and_replace")
    assert await _states(api, first, second, answer.data["id"]) == ["cancelled", "cancelled", "acknowledged"]


@pytest.mark.parametrize(
    ("state", "members", "seconds"),
    [
        ("completed", {}, 3),
        ("failed", {"sandbox": {"outcome": "failed"}}, 3),
        ("completed", {"start": "1h"}, 3603),
    ],
)
async def test_ended_action_does_not_conflict(api: Api, state: str, members: Document, seconds: float) -> None:
    battery = await api.device("battery")
    old = (await api.push(battery, "charge", **members)).data["id"]
    assert (await api.push(battery, "idle")).status == 409
    await api.advance(seconds=seconds)
    assert await _states(api, old) == [state]
    assert (await api.push(battery, "idle")).status == 202


async def test_cancelled_action_does_not_conflict(api: Api) -> None:
    battery = await api.device("battery")
    old = await _scheduled(api, battery)
    await api.post(f"/actions/{old}/cancel")
    assert (await api.push(battery, "idle")).status == 202


async def test_cancelled_action_does_not_hide_the_one_it_was_queued_after(api: Api) -> None:
    battery = await api.device("battery")
    window = await _open_window(api, battery)
    queued = (await api.push(battery, "discharge", onConflict="queue_after")).data["id"]
    await api.post(f"/actions/{queued}/cancel")
    assert (await api.push(battery, "idle")).failure == _without_strategy(window)


async def test_slow_acknowledgement_conflicts_until_it_arrives(api: Api) -> None:
    await api.post("/_simulator/timing", {"settleSeconds": 180})
    battery = await api.device("battery")
    await _in_flight(api, battery)
    await api.advance(seconds=179)
    assert (await api.push(battery, "charge")).status == 409
    await api.advance(seconds=1)
    assert (await api.push(battery, "charge")).status == 202


async def test_action_is_queued_after_the_slow_acknowledgement_of_a_window(api: Api) -> None:
    battery = await api.device("battery")
    await api.add_fault("slow_acknowledgement", battery, seconds=600, count=1)
    window = await _open_window(api, battery)
    await api.advance(hours=1, minutes=5)
    assert (await api.state(battery))["currentMode"] == "idle"
    level = (await api.state(battery))["level"]
    queued = (await api.push(battery, "discharge", onConflict="queue_after")).data
    assert queued["start"] == _at(hours=1, minutes=11)
    assert await _states(api, window, queued["id"]) == ["acknowledged", "scheduled"]
    assert (await api.state(battery))["level"] == level
    assert (await api.push(battery, "idle")).failure == _without_strategy(queued["id"], window)
    await api.set_clock(set=queued["start"])
    assert await _states(api, window, queued["id"]) == ["completed", "acknowledged"]
    assert (await api.state(battery))["currentMode"] == "discharge"
    assert (await api.state(battery))["level"] == level
