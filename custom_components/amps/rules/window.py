"""The windows of actions: which are ahead, open or ended (api §6.3)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from ..api.models import Action, ActionState
from .effective import EFFECTIVE, took_effect_at
from .record import or_oldest


class WindowPhase(Enum):
    """How far a window has come."""

    AHEAD = "ahead"
    """Not opened, as far as is known: Amps has to dispatch the command first."""
    OPEN = "open"
    ENDED = "ended"


def window_phase(action: Action, actions: Mapping[str, Action], now: datetime) -> WindowPhase | None:
    """Return how far the window of an action has come, by the actions of its device.

    None for an action without a window, and for a window that comes to nothing: cancelled, failed, or replaced by a
    later command before its end. The state alone says neither that a window is open nor that it has ended, since an
    action may be completed as early as its window opens (api §6.4).
    """
    if action.start is None or action.end is None or action.state in {ActionState.CANCELLED, ActionState.FAILED}:
        return None
    if action.state not in EFFECTIVE or now < action.start:
        return WindowPhase.AHEAD
    if any(_replaces(other, action, action.start, action.end) for other in actions.values()):
        return None
    return WindowPhase.OPEN if now < action.end else WindowPhase.ENDED


@dataclass(slots=True)
class FollowedWindows:
    """The windows of a device that have not ended, and what has become of those that were followed before."""

    phases: dict[str, WindowPhase] = field(default_factory=dict)
    """By action id."""
    started: list[Action] = field(default_factory=list)
    ended: list[Action] = field(default_factory=list)
    """The oldest first, as those that have started."""


def follow_windows(
    known: Mapping[str, WindowPhase], actions: Mapping[str, Action], now: datetime, since: datetime
) -> FollowedWindows:
    """Return the windows of a device, by the phases in which they were followed before.

    One that was not followed has started now only if it did since the follower was set up, and never ends.
    """
    followed = FollowedWindows()
    for action in reversed(tuple(actions.values())):
        before, phase = known.get(action.id), window_phase(action, actions, now)
        if phase is WindowPhase.ENDED:
            if before is not None:
                followed.ended.append(action)
        elif phase is not None:
            followed.phases[action.id] = phase
            is_new = before is WindowPhase.AHEAD or (before is None and or_oldest(action.start) >= since)
            if phase is WindowPhase.OPEN and is_new:
                followed.started.append(action)
    return followed


def _replaces(other: Action, action: Action, start: datetime, end: datetime) -> bool:
    """Return whether a later action took effect within a window; before it, the window replaces that one."""
    began_at = took_effect_at(other)
    return (
        other.state in EFFECTIVE
        and or_oldest(other.created_at) > or_oldest(action.created_at)
        and began_at is not None
        and start <= began_at < end
    )
