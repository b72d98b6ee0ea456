"""Whether a device's own scheduler keeps it from commands, and the command that replaces that (api §6.7)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from ..api.models import Action, ActionState, AnyDevice
from .capability import HOLD, CommandRequest, OnConflict, ParameterValue, convert_parameters
from .merge import is_open
from .record import or_oldest
from .timing import Times, Window

_SCHEDULER_ACTIVE: Final = "SCHEDULER_ACTIVE"
_FOREIGN_REASON: Final = "forei"
"""How the reason begins with which Amps refuses a window because of it; the rest is not documented (api §6.7)."""
_MIN_WINDOW: Final = timedelta(minutes=3)
"""What has to be left of a window: it begins anew within two minutes, and then has to last a while."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedOut:
    """A command that a device's own scheduler kept from being carried out."""

    action: Action
    """As it was asked for, under an id that Amps does not know, where Amps refused it and made no action of it."""
    then: CommandRequest | None = None
    """What was to follow its window."""


def is_of_scheduler(reason: object) -> bool:
    """Return whether the reason of a conflict is a device's own scheduler."""
    return isinstance(reason, str) and reason.startswith(_FOREIGN_REASON)


def refused_command(
    device: AnyDevice, request: CommandRequest, window: Window, then: CommandRequest | None, now: datetime
) -> LockedOut:
    """Return a command that Amps refused because of the device's own scheduler, as if its action had failed now."""
    action = Action.model_construct(
        id=f"{device.id} {now.isoformat()}",
        device_id=device.id,
        command=request.command,
        parameters=convert_parameters(device, request),
        start=window.start,
        end=window.end,
        state=ActionState.FAILED,
        error_code=_SCHEDULER_ACTIVE,
        created_at=now,
        updated_at=now,
    )
    return LockedOut(action=action, then=then)


def find_last_outcome(actions: Mapping[str, Action]) -> Action | None:
    """Return the action that last was completed, or failed because of the device's own scheduler.

    None where it is not known: there is no such action, it is not known in full, or one that came after it is open.
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


def replacing_request(locked_out: LockedOut, now: datetime) -> CommandRequest | None:
    """Return a command once more, for what is left of its time; it deletes the device's own schedule.

    None when its window is over.
    """
    action = locked_out.action
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
        then=locked_out.then or HOLD,
    )


def _ended_at(action: Action) -> datetime:
    return or_oldest(action.updated_at or action.created_at)
