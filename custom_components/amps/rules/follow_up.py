"""What a device does after a window, where Amps leaves it holding (design §6, *then*; api §6.3)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from ..api.models import (
    Action,
    ActionState,
    AnyDevice,
    Battery,
    BatteryMode,
    EvCharger,
    Execution,
    Hvac,
)
from .capability import HOLD, CommandRequest, OnConflict, ParameterValue, find_objections
from .charging import CHARGE, IDLE, is_charging_enabled
from .native_scheduler import is_locked_out
from .pending import pending_action
from .record import DeviceRecord
from .thermostat import FOLLOW_SCHEDULE, mode_request, requested_state

_MAX_LATE: Final = timedelta(minutes=30)
"""How long after a window its owner still expects what was to follow (design §6)."""
PREVIOUS: Final = "previous"
"""What stood when the window was asked for."""
MODES: Final = ("auto_balanced", "auto_reserve", "auto_export", "follow_schedule")
"""The standing modes that an action can set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SentWindow:
    """A window that is being sent, or whose answer was lost: its action is found by what was sent."""

    command: str
    parameters: Mapping[str, float]
    """In the units that the device declares."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """A command that is to follow a window."""

    window_id: str
    """The action of the window; until that is known an id of its own."""
    window_created_at: datetime
    """Until the action is known, the earliest time at which it may have been created."""
    ends_at: datetime
    """When the window ends."""
    command: str
    parameters: Mapping[str, ParameterValue]
    queued_id: str | None = None
    """The action that Amps carries out itself; None where it has to be sent when the window ends."""
    sent_window: SentWindow | None = None
    """What was sent, until the action of the window is known."""

    @property
    def request(self) -> CommandRequest:
        """The command."""
        return CommandRequest(command=self.command, parameters=self.parameters)


class NextStep(StrEnum):
    """The next step with a command that is to follow a window."""

    LOOK = "look"
    """The action of the window has to be looked for."""
    WAIT = "wait"
    SEND = "send"
    DONE = "done"
    """Amps carries it out, or has done so."""
    REVOKED = "revoked"
    """The window came to nothing, and takes with it what was to follow."""
    LATE = "then_late"
    OVERTAKEN = "then_overtaken"


def resolve_follow_up(
    record: DeviceRecord, then: str | CommandRequest, now: datetime, *, sandbox: bool
) -> CommandRequest | None:
    """Return the command that follows a window, None for a device that is to hold.

    What stands is what was commanded last where no reading can show that yet.
    """
    if isinstance(then, CommandRequest):
        return then
    if then == HOLD:
        return None
    if then != PREVIOUS:
        return CommandRequest(command=then)
    previous = _PREVIOUS.get(type(record.device))
    pending = pending_action(record, now, sandbox=sandbox)
    request = previous(record, pending and pending.action, now) if previous else None
    # What stood may be nothing that can be asked for, such as a mode without a command.
    return None if request is None or find_objections(record.device, request) else request


def can_queue(device: AnyDevice, request: CommandRequest) -> bool:
    """Return whether Amps itself can carry a command out after the window (api §6.7, §15.3 #30)."""
    command = device.commands.get(request.command)
    return (
        OnConflict.QUEUE_AFTER in device.conflict_strategies
        and command is not None
        and command.execution >= {Execution.IMMEDIATE, Execution.SCHEDULED}
    )


def find_window(follow_up: FollowUp, actions: Iterable[Action]) -> FollowUp | None:
    """Return what is to follow a window of which only is known what was sent, by its action; None if it has none."""
    for action in actions:
        if follow_up.sent_window is None or action.created_at is None or action.end != follow_up.ends_at:
            continue
        parameters = {name: each.value for name, each in (action.parameters or {}).items()}
        if (
            action.command == follow_up.sent_window.command
            and parameters == follow_up.sent_window.parameters
            and action.created_at >= follow_up.window_created_at
        ):
            return replace(follow_up, window_id=action.id, window_created_at=action.created_at, sent_window=None)
    return None


def next_step(follow_up: FollowUp, actions: Mapping[str, Action], now: datetime) -> NextStep:
    """Return what to do about a command that is to follow a window, by the actions of its device."""
    if follow_up.sent_window is not None:
        return NextStep.LOOK
    window = actions.get(follow_up.window_id)
    if window is not None and window.state in {ActionState.CANCELLED, ActionState.FAILED}:
        # One that the device's own scheduler prevented may be sent again as long as it lasts, with what follows it.
        is_kept = is_locked_out(window) and follow_up.queued_id is None and now < follow_up.ends_at
        return NextStep.WAIT if is_kept else NextStep.REVOKED
    if now < follow_up.ends_at:
        return NextStep.WAIT
    others = [each for each in actions.values() if each.id != follow_up.window_id]
    if follow_up.queued_id is not None or any(_carries_out(each, follow_up) for each in others):
        return NextStep.DONE  # an answer to it may have been lost
    if any(_is_after(each, follow_up.window_created_at) for each in others):
        return NextStep.OVERTAKEN
    return NextStep.LATE if now > follow_up.ends_at + _MAX_LATE else NextStep.SEND


def _carries_out(action: Action, follow_up: FollowUp) -> bool:
    """Return whether an action is what was to follow, at the end of the window or from then on."""
    return (
        action.command == follow_up.command
        and {name: each.value for name, each in (action.parameters or {}).items()}
        == {name: each.value for name, each in follow_up.parameters.items()}
        and action.state is not ActionState.CANCELLED
        and (action.start == follow_up.ends_at or _is_after(action, follow_up.ends_at))
    )


def _is_after(action: Action, time: datetime) -> bool:
    return action.created_at is not None and action.created_at > time


def _battery(record: DeviceRecord[Battery], pending: Action | None, _now: datetime) -> CommandRequest | None:
    mode = record.device.state.current_mode if pending is None else pending.command
    if mode == BatteryMode.IDLE:
        return None
    return CommandRequest(command=mode if mode in MODES else "auto_balanced")


def _hvac(record: DeviceRecord[Hvac], pending: Action | None, now: datetime) -> CommandRequest | None:
    requested = requested_state(record, pending, now)
    if requested.schedule:
        return CommandRequest(command=FOLLOW_SCHEDULE)
    if requested.mode is None:
        return None
    return mode_request(requested.mode, requested.heat, requested.cool)


def _ev_charger(record: DeviceRecord[EvCharger], _pending: Action | None, now: datetime) -> CommandRequest | None:
    enabled = is_charging_enabled(record, now)
    if enabled is None:
        enabled = record.device.state.is_charging
    return None if enabled is None else CommandRequest(command=CHARGE if enabled else IDLE)


_PREVIOUS: Final[Mapping[type[AnyDevice], Callable[[Any, Action | None, datetime], CommandRequest | None]]] = {
    Battery: _battery,
    EvCharger: _ev_charger,
    Hvac: _hvac,
}
