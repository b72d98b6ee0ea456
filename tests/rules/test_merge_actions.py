"""What is known of actions, whichever answer said it (design §4, merge)."""

import pytest

from custom_components.amps.api.json import JsonObject
from custom_components.amps.api.models import ActionState, ActionSummary
from custom_components.amps.rules.merge import (
    apply_action,
    is_open,
    merge,
    merge_action,
)

from .strategies import action, at, received


@pytest.mark.parametrize("terminal", ["completed", "failed", "cancelled"])
def test_of_an_action_the_furthest_stage_is_kept(terminal: str) -> None:
    stages = [
        action("a", "scheduled", 1, None),
        action("a", "acknowledged", 1, 2),
        action("a", "something_new", 1, 3),
        action("a", terminal, 1, 4),
    ]
    for place, stage in enumerate(stages):
        record = merge_action({}, stage)
        for other in stages[: place + 1]:
            assert merge_action(record, other) is record
        for other in stages[place + 1 :]:
            assert merge_action(record, other)["a"].state == other.state


def test_of_one_stage_the_latest_is_kept_with_all_that_was_told() -> None:
    full = action("a", "failed", 1, 5, errorCode="DEVICE_OFFLINE", parameters={"power": {"value": 2, "unit": "kw"}})
    brief = ActionSummary.model_validate({"id": "a", "state": "acknowledged", "command": "charge"})
    for actions in (merge_action(merge_action({}, full), brief), merge_action(merge_action({}, brief), full)):
        record = actions["a"]
        assert (record.state, record.command, record.error_code) == (ActionState.FAILED, "charge", "DEVICE_OFFLINE")
        assert record.parameters is not None
        assert record.updated_at == at(5)


def test_the_newest_action_is_the_one_created_last_and_null_replaces_nothing() -> None:
    record = merge(
        None, received(100, 90, lastAction={"id": "b", "state": "scheduled", "createdAt": at(50).isoformat()})
    )
    record = apply_action(record, action("a", "completed", 40, 60))
    assert list(record.actions) == ["b", "a"]
    record = merge(record, received(110, 105, lastAction=None))
    assert record.action is not None
    assert record.action.id == "b"


def test_a_webhook_may_come_before_its_202() -> None:
    record = apply_action(
        merge(None, received(100, 90)), action("a", "completed", None, 60, completedAt=at(60).isoformat())
    )
    record = apply_action(
        record, action("a", "acknowledged", 50, None, parameters={"power": {"value": 2, "unit": "kw"}})
    )
    assert record.action is not None
    assert (record.action.state, record.action.created_at) == (ActionState.COMPLETED, at(50))
    assert record.action.parameters is not None


@pytest.mark.parametrize("first", ["answer", "webhook"])
def test_what_was_asked_for_is_what_answers_say_whatever_an_older_webhook_calls_it(first: str) -> None:
    power: JsonObject = {"power": {"value": 2, "unit": "kw"}}
    answers = {
        "answer": action("a", "acknowledged", 50, 50, command="charge", parameters=power),
        "webhook": action("a", "completed", None, 60, command="set_mode", parameters={"mode": "charge"}),
    }
    record = merge(None, received(100, 90))
    for each in sorted(answers, key=lambda name: name != first):
        record = apply_action(record, answers[each])
    assert record.action is not None
    assert (record.action.state, record.action.command) == (ActionState.COMPLETED, "charge")
    assert record.action.parameters is not None
    assert record.action.parameters["power"].value == 2


def test_of_the_actions_that_ended_only_the_latest_are_kept_and_all_open_ones() -> None:
    actions = merge_action({}, action("open", "scheduled", 0, None))
    for number in range(1, 40):
        actions = merge_action(actions, action(f"{number}", "completed", number, number))
    assert list(actions) == [*[f"{number}" for number in range(39, 19, -1)], "open"]


@pytest.mark.parametrize(
    ("state", "open_"),
    [
        (None, True),
        ("scheduled", True),
        ("acknowledged", True),
        ("new", True),
        ("completed", False),
        ("failed", False),
        ("cancelled", False),
    ],
)
def test_an_action_is_open_until_it_ended(state: str | None, open_: bool) -> None:
    assert is_open(action("a", state, 1, 1)) is open_


# Verdict.
