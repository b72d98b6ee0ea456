"""Commands that a device's own scheduler keeps from being accepted, and what was to follow those that it made fail."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import orjson
import pytest

from custom_components.amps.simulator import Request, Response

from .commanding import Home
from .conftest import HOUR, MINUTE, Advance
from .interception import error
from .repairs import Repairs
from .scheduler import activate_scheduler
from .test_plant_clock import is_push

ACTIVE = "scheduler_active"
WINDOW: dict[str, object] = {"power": 2, "start": "13:05", "end": "14:05", "then": "auto_balanced"}
PLAN = r"charge at 2 kW\, from 2026\-06\-14 13\:05 to 14\:05\, then self\-consumption"

BOTH = pytest.mark.parametrize("environment", ["sandbox", "live"])
QUEUED = pytest.mark.parametrize("queued", [True, False], ids=["queued at Amps", "sent when it is due"])


@pytest.fixture
def skip(advance: Advance, pass_time: Advance) -> Advance:
    """Return what lets time pass at once, but for the last two minutes."""

    async def move(span: timedelta) -> None:
        await advance(span - 2 * MINUTE)
        await pass_time(2 * MINUTE)

    return move


def refusing(home: Home, *, queued: bool, details: dict[str, Any] | None = None) -> None:
    """Have the service refuse what is to be queued, unless it may be, and whatever replaces nothing for a reason."""

    def answer(request: Request) -> Response | None:
        if not is_push(request) or b"cancel_and_replace" in request.body:
            return None
        if b"queue_after" in request.body:
            return None if queued else error("CONFLICT", 409)
        if details is None:
            return None
        refused = error("CONFLICT", 409)
        body = orjson.loads(refused.body)
        body["error"]["details"] = details
        return Response(status=refused.status, headers=refused.headers, body=orjson.dumps(body))

    home.between.answer = answer


def made(home: Home) -> list[tuple[str, str]]:
    """Return the actions of the battery at Amps, the oldest first."""
    return [(each["command"], each["state"]) for each in reversed(home.actions(home.battery))]


@BOTH
@QUEUED
async def test_a_window_that_failed_is_sent_again_with_what_follows_it(
    home: Home, repairs: Repairs, pass_time: Advance, skip: Advance, queued: bool
) -> None:
    refusing(home, queued=queued)
    activate_scheduler(home.service, home.battery)
    await home.call("charge", home.battery, **WINDOW)
    await skip(10 * MINUTE)
    revoked = [("auto.balanced", "cancelled")] if queued else []
    assert made(home) == [("charge", "failed"), *revoked]
    form = await repairs.fix(ACTIVE)
    plan = form["description_placeholders"]["plan_markdown"]
    assert plan == r"charge at 2 kW\, from now to 2026\-06\-14 14\:05\, then self\-consumption"
    assert (await repairs.submit(form))["type"] == "create_entry"
    await skip(57 * MINUTE)
    assert made(home) == [("charge", "failed"), *revoked, ("charge", "completed"), ("auto.balanced", "completed")]
    assert home.actions(home.battery)[0]["start" if queued else "createdAt"].startswith("2026-06-14T13:05:")
    assert await repairs.all() == {}
    await skip(HOUR)
    assert len(home.actions(home.battery)) == 3 + len(revoked)
    assert not [reason for _, _, reason in home.reasons() if reason not in {None, "SCHEDULER_ACTIVE"}]


@QUEUED
async def test_a_window_that_failed_and_is_not_sent_again_is_followed_by_nothing(
    home: Home, skip: Advance, queued: bool
) -> None:
    refusing(home, queued=queued)
    activate_scheduler(home.service, home.battery)
    await home.call("charge", home.battery, **WINDOW)
    await skip(10 * MINUTE)
    await skip(2 * HOUR)
    assert made(home) == [("charge", "failed"), *([("auto.balanced", "cancelled")] if queued else [])]
    assert [reason for _, state, reason in home.reasons() if state == "failed"] == ["SCHEDULER_ACTIVE"]


@BOTH
async def test_a_window_that_was_refused_is_sent_once_the_schedule_may_be_deleted(
    home: Home, repairs: Repairs, skip: Advance
) -> None:
    refusing(home, queued=True, details={"reason": "foreign_schedule"})
    err = await home.refusal("charge", home.battery, **WINDOW)
    assert err.translation_key == "other_in_the_way"
    assert made(home) == []
    form = await repairs.fix(ACTIVE)
    assert form["description_placeholders"]["plan_markdown"] == PLAN
    assert (await repairs.submit(form))["type"] == "create_entry"
    assert home.pushed[1]["onConflict"] == "cancel_and_replace"
    assert home.pushed[1]["action"] == home.pushed[0]["action"]
    await skip(2 * HOUR)
    assert made(home) == [("charge", "completed"), ("auto.balanced", "completed")]
    assert await repairs.all() == {}


async def test_a_command_that_is_carried_out_ends_the_repair(home: Home, repairs: Repairs, pass_time: Advance) -> None:
    refusing(home, queued=True, details={"reason": "foreign_schedule"})
    await home.refusal("charge", home.battery, power=2)
    assert list(await repairs.shown()) == [ACTIVE]
    home.between.answer = lambda _: None
    form = await repairs.fix(ACTIVE)
    await home.call("idle", home.battery)
    await pass_time(MINUTE)
    assert await repairs.all() == {}
    assert (await repairs.submit(form))["reason"] == "scheduler_not_in_the_way"
    assert made(home) == [("idle", "completed")]


@pytest.mark.parametrize("details", [{}, {"reason": "maintenance"}, {"reason": ["foreign_schedule"]}], ids=str)
async def test_what_may_be_something_else_is_no_repair(home: Home, repairs: Repairs, details: dict[str, Any]) -> None:
    refusing(home, queued=True, details=details)
    err = await home.refusal("charge", home.battery, power=2)
    assert err.translation_key == "other_in_the_way"
    assert await repairs.all() == {}


async def test_what_deletes_the_schedule_and_is_refused_all_the_same_is_an_error_in_the_dialog(
    home: Home, repairs: Repairs
) -> None:
    refusing(home, queued=True, details={"reason": "foreign_schedule"})
    await home.refusal("charge", home.battery, power=2)
    answer = home.between.answer
    home.between.answer = lambda request: answer(replace(request, body=b""))
    form = await repairs.submit(await repairs.fix(ACTIVE))
    assert form["errors"] == {"base": "command_not_sent"}
    assert "manufacturer's app" in form["description_placeholders"]["error"]
