"""When windows start and end, and which action stands (api §6.3, §6.4)."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from hypothesis import given, strategies as st
import pytest

from custom_components.amps.api.models import Action
from custom_components.amps.rules.effective import standing_action
from custom_components.amps.rules.merge import merge_action
from custom_components.amps.rules.window import WindowPhase, follow_windows, window_phase

from .devices import NOW

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
AHEAD, OPEN, ENDED = WindowPhase


def action(name: str, state: str, *, start: float | None = None, end: float | None = None, **more: object) -> Action:
    """Return an action that was created now; its times are hours from now."""
    times = {"start": start, "end": end}
    return Action.model_validate(
        {
            "id": name,
            "deviceId": "device_1",
            "command": "charge",
            "state": state,
            "createdAt": NOW.isoformat(),
            **{key: at(hours).isoformat() for key, hours in times.items() if hours is not None},
            **more,
        }
    )


def at(hours: float) -> datetime:
    """Return an instant, in hours from now."""
    return NOW + hours * HOUR


def known(actions: Iterable[Action]) -> Mapping[str, Action]:
    """Return actions as a record has them."""
    found: Mapping[str, Action] = {}
    for each in actions:
        found = merge_action(found, each)
    return found


@pytest.mark.parametrize(
    ("state", "hours", "expected"),
    [
        ("scheduled", 0.5, AHEAD),
        # Its time has come, but nobody knows yet whether Amps got through to the device.
        ("scheduled", 1, AHEAD),
        ("scheduled", 2.5, AHEAD),
        ("acknowledged", 0.5, AHEAD),
        ("completed", 0.5, AHEAD),
        ("acknowledged", 1, OPEN),
        ("completed", 1, OPEN),
        ("acknowledged", 2, ENDED),
        ("completed", 2, ENDED),
        ("failed", 1.5, None),
        ("failed", 2, None),
        ("cancelled", 1.5, None),
    ],
)
def test_a_window_goes_by_its_times_once_its_command_was_sent(
    state: str, hours: float, expected: WindowPhase | None
) -> None:
    window = action("act_1", state, start=1, end=2)
    assert window_phase(window, known([window]), at(hours)) is expected


@pytest.mark.parametrize(("start", "end"), [(1, None), (None, None)])
def test_what_has_no_end_is_no_window(start: float | None, end: float | None) -> None:
    window = action("act_1", "acknowledged", start=start, end=end)
    assert window_phase(window, known([window]), at(3)) is None


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (action("act_2", "completed", createdAt=at(1.2).isoformat()), None),
        (action("act_2", "completed", createdAt=at(0.1).isoformat(), acknowledgedAt=at(1.9).isoformat()), None),
        # What follows the window, failed, or came before it, does not replace it.
        (action("act_2", "completed", start=2, createdAt=at(0.1).isoformat()), ENDED),
        (action("act_2", "completed", createdAt=at(2.1).isoformat()), ENDED),
        (action("act_2", "failed", createdAt=at(1.2).isoformat()), ENDED),
        (action("act_2", "completed", createdAt=at(-1).isoformat()), ENDED),
        # One that was planned later for an earlier time was over, or replaced by the window.
        (action("act_2", "completed", start=0.2, end=0.8, createdAt=at(0.1).isoformat()), ENDED),
    ],
)
def test_a_later_command_replaces_a_window(other: Action, expected: WindowPhase | None) -> None:
    window = action("act_1", "completed", start=1, end=2)
    assert window_phase(window, known([window, other]), at(2)) is expected


END_OF_WINDOW = 8
"""The quarters of an hour; those that follow bring what is known too late."""
STAGES = st.lists(
    st.tuples(st.integers(0, 12), st.sampled_from(["scheduled", "acknowledged", "completed", "failed", "cancelled"])),
    min_size=1,
    max_size=8,
)


@given(answers=STAGES, restart=st.integers(0, 12))
def test_a_window_starts_at_most_once_and_ends_at_most_once_and_in_this_order(
    answers: list[tuple[int, str]], restart: int
) -> None:
    """Whatever is known when, and whenever what is followed goes through a restart."""
    phases: Mapping[str, WindowPhase] = {}
    actions: Mapping[str, Action] = {}
    since, said = at(-1), []
    for quarters in range(13):
        now = at(quarters / 4)
        for _, state in (each for each in answers if each[0] == quarters):
            actions = merge_action(actions, action("act_1", state, start=1, end=2))
        if quarters == restart:
            phases, since = dict.fromkeys(phases, OPEN), now
        followed = follow_windows(phases, actions, now, since)
        phases = followed.phases
        said += ["started"] * len(followed.started) + ["ended"] * len(followed.ended)
    assert said in ([], ["started"], ["ended"], ["started", "ended"])
    came_to_nothing = [each for each, state in answers if state in {"failed", "cancelled"}]
    if actions["act_1"].state in {"failed", "cancelled"} and min(came_to_nothing) < END_OF_WINDOW:
        assert "ended" not in said


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        (0.5, "act_old"),
        (1, "act_window"),
        (1.9, "act_window"),
        (2, None),
        (2.9, None),
        (3, "act_last"),
        (9, "act_last"),
    ],
)
def test_the_last_that_has_begun_stands_until_its_end(hours: float, expected: str | None) -> None:
    actions = known(
        [
            action("act_old", "completed", createdAt=at(-1).isoformat()),
            action("act_window", "completed", start=1, end=2),
            action("act_last", "acknowledged", start=3, createdAt=at(0.1).isoformat()),
            action("act_failed", "failed", createdAt=at(0.2).isoformat()),
            action("act_planned", "scheduled", start=0.1, createdAt=at(0.3).isoformat()),
        ]
    )
    standing = standing_action(actions, at(hours))
    assert (standing and standing.id) == expected


@pytest.mark.parametrize(("hours", "expected"), [(1.5, "act_evening"), (3, None), (7.5, "act_night")])
def test_what_begins_last_stands_whenever_it_was_planned(hours: float, expected: str | None) -> None:
    night = action("act_night", "completed", start=7, end=8)
    evening = action("act_evening", "completed", start=1, end=2, createdAt=at(0.1).isoformat())
    standing = standing_action(known([night, evening]), at(hours))
    assert (standing and standing.id) == expected
