"""What a device does after a window (design §6, *then*)."""

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given, strategies as st
import pytest

from custom_components.amps.api.models import Action, AnyDevice
from custom_components.amps.rules.capability import CommandRequest, ParameterValue
from custom_components.amps.rules.follow_up import FollowUp, NextStep, can_queue, next_step, resolve_follow_up
from custom_components.amps.rules.merge import merge_action

from .devices import NOW, battery, charger, hvac, record_of

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
END = NOW + 3 * HOUR


def action(name: str, command: str, state: str, created_at: datetime, **more: object) -> Action:
    """Return an action of Amps."""
    return Action.model_validate(
        {"id": name, "command": command, "state": state, "createdAt": created_at.isoformat(), **more}
    )


def follow_up(queued_id: str | None = None) -> FollowUp:
    """Return self-consumption that is to follow a window."""
    return FollowUp(
        window_id="act_window",
        window_created_at=NOW,
        ends_at=END,
        command="auto_balanced",
        parameters={},
        queued_id=queued_id,
    )


WINDOW = action("act_window", "charge", "acknowledged", NOW, end=END.isoformat())


@pytest.mark.parametrize(
    ("device", "commanded", "expected"),
    [
        (battery(currentMode="auto.balanced"), [], "auto_balanced"),
        (battery(currentMode="idle"), [], None),
        (battery(currentMode="charge"), [], "auto_balanced"),
        (battery(currentMode="discharge"), [], "auto_balanced"),
        (battery(currentMode=None), [], "auto_balanced"),
        (battery(currentMode="something.new"), [], "auto_balanced"),
        # What it does not declare cannot be asked for.
        (battery(currentMode="auto.export"), [], None),
        (hvac(mode="heat", heatSetpoint=20.5), [], ("heat", {"target": 20.5})),
        (hvac(mode="cool"), [], ("cool", {"target": 25})),
        (hvac(mode="auto"), [], ("auto", {"heat_setpoint": 21, "cool_setpoint": 25})),
        (hvac(mode="off"), [], "idle"),
        (hvac(holdType="follow_schedule"), [], "follow_schedule"),
        (hvac(mode="heat", heatSetpoint=None), [], None),
        (hvac(mode=None), [], None),
        (charger(isCharging=True), [], "charge"),
        (charger(isCharging=False), [], "idle"),
        (charger(isCharging=False, isConnected=False), [], "idle"),
        (charger(isCharging=None), [], None),
        # What was commanded counts, whatever the vehicle takes just now.
        (charger(isCharging=False), ["charge"], "charge"),
        (charger(isCharging=True), ["idle", "charge"], "charge"),
    ],
)
def test_previous_is_what_stood_at_the_call(device: AnyDevice, commanded: list[str], expected: object) -> None:
    record = record_of(device)
    for number, command in enumerate(commanded):
        done = action(f"act_{number}", command, "completed", NOW + number * MINUTE)
        record = replace(record, actions=merge_action(record.actions, done))
    found = resolve_follow_up(record, "previous", NOW + HOUR, sandbox=False)
    if found is None or isinstance(expected, str) or expected is None:
        assert (found and found.command) == expected
    else:
        assert (found.command, {name: each.value for name, each in found.parameters.items()}) == expected


def test_after_its_window_a_charger_does_not_charge() -> None:
    window = action("act_0", "charge", "completed", NOW, start=NOW.isoformat(), end=(NOW + HOUR).isoformat())
    record = replace(record_of(charger(isCharging=False)), actions=merge_action({}, window))
    during = resolve_follow_up(record, "previous", NOW + MINUTE, sandbox=False)
    after = resolve_follow_up(record, "previous", NOW + 2 * HOUR, sandbox=False)
    assert (during and during.command, after and after.command) == ("charge", "idle")


def test_what_no_reading_shows_yet_is_what_stood() -> None:
    done = action("act_0", "idle", "completed", NOW, updatedAt=NOW.isoformat())
    record = replace(record_of(battery(currentMode="auto.balanced")), actions=merge_action({}, done))
    assert resolve_follow_up(record, "previous", NOW + MINUTE, sandbox=False) is None
    thermostat = replace(record_of(hvac(mode="heat", active=False)), actions=merge_action({}, done))
    found = resolve_follow_up(thermostat, "previous", NOW + HOUR, sandbox=False)
    assert found == CommandRequest(command="idle")


def test_a_mode_is_itself_and_hold_is_nothing() -> None:
    record = record_of(battery())
    assert resolve_follow_up(record, "hold", NOW, sandbox=False) is None
    assert resolve_follow_up(record, "auto_export", NOW, sandbox=False) == CommandRequest(command="auto_export")


def test_amps_queues_what_can_be_scheduled_where_it_offers_that() -> None:
    balanced = CommandRequest(command="auto_balanced")
    assert can_queue(battery(strategies=("queue_after",)), balanced)
    assert not can_queue(battery(strategies=("cancel_and_replace",)), balanced)
    assert not can_queue(battery(strategies=("queue_after",)), CommandRequest(command="fly"))
    assert not can_queue(hvac(), CommandRequest(command="follow_schedule"))


@pytest.mark.parametrize(
    ("now", "others", "step"),
    [
        (END - MINUTE, [], NextStep.WAIT),
        (END, [], NextStep.SEND),
        (END + 30 * MINUTE, [], NextStep.SEND),
        (END + 31 * MINUTE, [], NextStep.LATE),
        (END, [action("act_1", "idle", "completed", NOW - MINUTE)], NextStep.SEND),
        (END - MINUTE, [action("act_1", "idle", "completed", NOW + HOUR)], NextStep.WAIT),
        (END, [action("act_1", "idle", "completed", NOW + HOUR)], NextStep.OVERTAKEN),
        (END, [action("act_1", "idle", "scheduled", NOW + HOUR)], NextStep.OVERTAKEN),
        (END + HOUR, [action("act_1", "idle", "completed", NOW + HOUR)], NextStep.OVERTAKEN),
        (END + MINUTE, [action("act_1", "auto.balanced", "acknowledged", END + MINUTE)], NextStep.DONE),
        (END + MINUTE, [action("act_1", "auto.balanced", "cancelled", END + MINUTE)], NextStep.OVERTAKEN),
        (END, [action("act_1", "auto.balanced", "scheduled", NOW + MINUTE, start=END.isoformat())], NextStep.DONE),
        (END, [action("act_1", "auto.balanced", "completed", NOW + HOUR)], NextStep.OVERTAKEN),
        (END, [action("act_window", "charge", "cancelled", NOW)], NextStep.REVOKED),
        (END, [action("act_window", "charge", "failed", NOW)], NextStep.REVOKED),
        (NOW, [action("act_window", "charge", "failed", NOW)], NextStep.REVOKED),
        (END, [action("act_window", "charge", "completed", NOW)], NextStep.SEND),
    ],
)
def test_the_next_step(now: datetime, others: list[Action], step: NextStep) -> None:
    actions = {WINDOW.id: WINDOW} | {each.id: each for each in others}
    assert next_step(follow_up(), actions, now) is step


def test_another_setpoint_of_the_same_mode_is_somebody_elses() -> None:
    wanted = replace(follow_up(), command="heat", parameters={"target": ParameterValue(value=19, unit="celsius")})
    theirs = action("act_1", "heat", "completed", END, parameters={"target": {"value": 22, "unit": "celsius"}})
    ours = action("act_1", "heat", "completed", END + MINUTE, parameters={"target": {"value": 19, "unit": "celsius"}})
    assert next_step(wanted, {theirs.id: theirs}, END + MINUTE) is NextStep.OVERTAKEN
    assert next_step(wanted, {ours.id: ours}, END + MINUTE) is NextStep.DONE


_states = st.sampled_from(["scheduled", "acknowledged", "completed", "failed", "cancelled"])
_others = st.lists(
    st.builds(
        lambda name, command, state, minutes: action(f"act_{name}", command, state, NOW + minutes * MINUTE),
        st.integers(0, 9),
        st.sampled_from(["charge", "idle", "auto.balanced"]),
        _states,
        st.integers(-100, 400),
    )
)


@given(_others, _states, st.integers(-10, 400), st.booleans())
def test_nothing_is_sent_over_anybodys_action(others: list[Action], state: str, minutes: int, queued: bool) -> None:
    now = NOW + minutes * MINUTE
    window = action("act_window", "charge", state, NOW)
    actions = {each.id: each for each in [*others, window]}
    step = next_step(follow_up(queued_id="act_queued" if queued else None), actions, now)
    came_to_nothing = state in {"failed", "cancelled"}
    assert (step is NextStep.REVOKED) is came_to_nothing
    if step is NextStep.SEND:
        assert END <= now <= END + 30 * MINUTE
        assert not queued
        assert not any(each.created_at and each.created_at > NOW for each in actions.values() if each is not window)
    if queued and not came_to_nothing:
        assert step is (NextStep.WAIT if now < END else NextStep.DONE)
