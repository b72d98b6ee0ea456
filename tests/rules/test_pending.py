"""Which command a control shows, and for how long (design §5, pending)."""

from datetime import timedelta

from hypothesis import assume, given, strategies as st
import pytest

from custom_components.amps.api.models import Action
from custom_components.amps.rules import DeviceRecord
from custom_components.amps.rules.effective import effective_action, is_over
from custom_components.amps.rules.merge import apply_action, merge
from custom_components.amps.rules.pending import pending_action

from .strategies import action, at, received

STATES = ["scheduled", "acknowledged", "completed", "failed", "cancelled", None, "deferred"]
SECONDS = st.integers(0, 2000)
COMMANDS = st.builds(
    lambda place, state, created, acknowledged, start, length: {
        "name": f"act_{place}",
        "state": state,
        "created": created,
        "acknowledged": None if acknowledged is None else created + acknowledged,
        "start": start,
        "end": None if start is None or length is None else start + length,
    },
    st.integers(0, 5),
    st.sampled_from(STATES),
    SECONDS,
    st.none() | st.integers(0, 60),
    st.none() | SECONDS,
    st.none() | st.integers(1, 900),
)


def command(
    name: str,
    state: str | None,
    created: float,
    *,
    acknowledged: float | None = None,
    start: float | None = None,
    end: float | None = None,
) -> Action:
    """Return an action with its times, in seconds."""
    times = {"acknowledgedAt": acknowledged, "start": start, "end": end}
    given_times = {key: at(value).isoformat() for key, value in times.items() if value is not None}
    return action(name, state, created, acknowledged, command="idle", **given_times)


def record(state_at: float, *actions: Action) -> DeviceRecord:
    """Return the record of a device that was read at a time, with these actions."""
    known = merge(None, received(state_at + 1, state_at))
    for each in actions:
        known = apply_action(known, each)
    return known


def pending(known: DeviceRecord, now: float, *, sandbox: bool = False) -> str | None:
    """Return the id of the action that is pending at a time."""
    found = pending_action(known, at(now), sandbox=sandbox)
    return found and found.action.id


@pytest.mark.parametrize("sandbox", [False, True])
@pytest.mark.parametrize("state", ["acknowledged", "completed"])
def test_a_command_is_shown_from_its_acknowledgement(state: str, *, sandbox: bool) -> None:
    known = record(50, command("act_1", state, 100, acknowledged=101))
    assert pending(known, 101, sandbox=sandbox) == "act_1"
    assert pending(known, 400, sandbox=sandbox) == "act_1"
    assert pending(known, 401, sandbox=sandbox) is None


@pytest.mark.parametrize("state", ["scheduled", "failed", "cancelled", None, "deferred"])
def test_what_did_not_take_effect_is_not_shown(state: str | None) -> None:
    assert pending(record(50, command("act_1", state, 100, acknowledged=101)), 110) is None


@pytest.mark.parametrize(("state_at", "live", "sandbox"), [(101, True, True), (102, True, False), (161, True, False)])
def test_a_reading_of_before_does_not_end_it(state_at: float, *, live: bool, sandbox: bool) -> None:
    known = record(state_at, command("act_1", "acknowledged", 100, acknowledged=101))
    assert (pending(known, 170) is not None) is live
    assert (pending(known, 170, sandbox=True) is not None) is sandbox


def test_a_reading_of_after_a_minute_ends_it() -> None:
    assert pending(record(162, command("act_1", "completed", 100, acknowledged=101)), 170) is None


def test_a_start_in_the_future_leaves_the_command_before_it() -> None:
    known = record(
        50,
        command("act_1", "completed", 100, acknowledged=101),
        command("act_2", "acknowledged", 110, acknowledged=111, start=500),
    )
    assert pending(known, 120) == "act_1"


def test_a_command_counts_from_when_it_started_whenever_it_was_created() -> None:
    known = record(
        50,
        command("act_1", "acknowledged", 10, acknowledged=300, start=300),
        command("act_2", "completed", 100, acknowledged=101),
    )
    assert pending(known, 310) == "act_1"
    assert effective_action(known.actions, at(310)) is known.actions["act_1"]


def test_it_ends_with_its_window() -> None:
    action_of_window = command("act_1", "acknowledged", 100, acknowledged=101, start=100, end=200)
    known = record(50, action_of_window)
    assert pending(known, 199) == "act_1"
    assert pending(known, 200) is None
    assert (is_over(action_of_window, at(199)), is_over(action_of_window, at(200))) == (False, True)


def test_a_failure_shows_the_command_before_it_while_that_lasts() -> None:
    known = record(
        50, command("act_1", "completed", 100, acknowledged=101), command("act_2", "failed", 200, acknowledged=201)
    )
    assert pending(known, 210) == "act_1"
    assert pending(known, 401) is None


def test_an_acknowledgement_of_another_clock_is_none() -> None:
    assert pending(record(50, command("act_1", "acknowledged", 10_000, acknowledged=10_001)), 100) is None


@given(st.lists(COMMANDS, max_size=5), SECONDS, st.integers(0, 299), st.integers(0, 100), st.booleans())
def test_a_pending_action_is_effective_and_ends_within_five_minutes(
    commands: list[dict[str, object]], acknowledged_at: int, passed: int, age: int, sandbox: bool
) -> None:
    now, state_at = acknowledged_at + passed, max(acknowledged_at - age, 0)
    last: dict[str, object] = {"name": "act_last", "state": "completed", "created": acknowledged_at}
    commands = [*commands, last]
    known = record(state_at, *(command(**each) for each in commands))  # type: ignore[arg-type]  # drawn as a whole
    found = pending_action(known, at(now), sandbox=sandbox)
    assume(found is not None)
    assert found is not None
    acknowledged = found.action.acknowledged_at or found.action.updated_at or found.action.created_at
    assert acknowledged is not None
    assert found.action.state in {"acknowledged", "completed"}
    assert at(now) < found.until <= acknowledged + timedelta(minutes=5)
    assert found.action.start is None or found.action.start <= at(now)
    assert found.action.end is None or found.until <= found.action.end
    assert known.state_at is not None
    assert known.state_at <= acknowledged + timedelta(seconds=0 if sandbox else 60)


@given(COMMANDS, SECONDS, SECONDS, st.integers(0, 600))
def test_it_ends_once(each: dict[str, object], state_at: int, now: int, later: int) -> None:
    """With the same command a control never goes back to what it showed of it before."""
    known = record(state_at, command(**each))  # type: ignore[arg-type]  # drawn as a whole
    if pending(known, now) is not None:
        return
    action_of_record = next(iter(known.actions.values()))
    started = action_of_record.start is None or action_of_record.start <= at(now)
    acknowledged = action_of_record.acknowledged_at or action_of_record.updated_at or action_of_record.created_at
    assert acknowledged is not None
    if started and acknowledged <= at(now):
        assert pending(known, now + later) is None
        newer = merge(known, received(now + later + 1, now + later))
        assert pending(newer, now + later) is None
