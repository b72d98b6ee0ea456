"""Which action says what a device should do: the last that took effect (design §5, api §6.3, §6.4)."""

from collections.abc import Container, Mapping
from datetime import datetime
from typing import Final

from ..api.models import Action, ActionState
from .record import is_newer, or_oldest

EFFECTIVE: Final = (ActionState.ACKNOWLEDGED, ActionState.COMPLETED)
"""The states of an action that says what the device should do: one scheduled, cancelled or failed changed nothing."""


def acknowledged_at(action: Action) -> datetime | None:
    """Return when an action was acknowledged, as far as that is known."""
    return action.acknowledged_at or action.updated_at or action.created_at


def took_effect_at(action: Action) -> datetime | None:
    """Return when an action took effect: one that was scheduled when it started, whenever it was created."""
    return action.start or acknowledged_at(action)


def effective_action(
    actions: Mapping[str, Action], now: datetime | None, commands: Container[str] | None = None
) -> Action | None:
    """Return the action that took effect last, of all or of some commands; None if there is none."""
    begun = (
        action
        for action in actions.values()
        if action.state in EFFECTIVE
        and not is_newer(action.start, now)
        and (commands is None or action.command in commands)
    )
    return max(begun, key=_order, default=None)


def standing_action(actions: Mapping[str, Action], now: datetime) -> Action | None:
    """Return the action that says what the device should do now: none after the end of its window, when Amps holds."""
    action = effective_action(actions, now)
    return None if action is None or is_over(action, now) else action


def is_over(action: Action, now: datetime) -> bool:
    """Return whether the window of an action has ended, so that the device holds (api §6.3)."""
    return action.end is not None and action.end <= now


def _order(action: Action) -> tuple[datetime, datetime]:
    return or_oldest(took_effect_at(action)), or_oldest(action.created_at)
