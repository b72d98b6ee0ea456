"""Whether a device's own scheduler keeps it from commands, and the command that replaces that (api §6.7)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from ..api.models import Action, ActionState
from .capability import CommandRequest, OnConflict, ParameterValue
from .merge import is_open
from .record import or_oldest
from .timing import Times

_SCHEDULER_ACTIVE: Final = "SCHEDULER_ACTIVE"
_MIN_WINDOW: Final = timedelta(minutes=3)
"""What has to be left of a window: it begins anew within two minutes, and then has to last a while."""


def find_last_outcome(actions: Mapping[str, Action]) -> Action | None:
    """Return the action that last was completed, or failed because of the device's own scheduler.

    None where it cannot be told: there is no such action, it is not known in full, or one that came after it is open.
    """
    outcomes = [each for each in actions.values() if each.state is ActionState.COMPLETED or is_locked_out(each)]
    last = max(outcomes, key=_ended_at, default=None)
    if last is None or (is_locked_out(last) and last.device_id is None):  # lists leave out parameters (api §4.8)
        return None
    if any(is_open(each) and or_oldest(each.created_at) >= _ended_at(last) for each in actions.values()):
        return None
    return last


def is_locked_out(action: Action) -> bool:
    """Return whether an action failed because of the device's own scheduler."""
    return action.state is ActionState.FAILED and action.error_code == _SCHEDULER_ACTIVE


def replacing_request(action: Action, now: datetime) -> CommandRequest | None:
    """Return the command of an action once more, for what is left of its time; it deletes the device's own schedule.

    None when its window is over.
    """
    if action.command is None or (action.end is not None and action.end < now + _MIN_WINDOW):
        return None
    start = None if action.start is None or action.start <= now else action.start
    return CommandRequest(
        command=action.command,
        parameters={
            name: ParameterValue(value=each.value, unit=each.unit) for name, each in (action.parameters or {}).items()
        },
        on_conflict=OnConflict.CANCEL_AND_REPLACE,
        times=Times(start=start, end=action.end),
    )


def _ended_at(action: Action) -> datetime:
    return or_oldest(action.updated_at or action.created_at)
