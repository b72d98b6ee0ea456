"""The levels to expect of a battery under its standing command and its windows (design §9, ribbon of the day)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from ..api.models import Action, ActionState, Battery, Quantity
from .capability import CommandRequest, ParameterValue
from .effective import acknowledged_at, effective_action, is_over
from .forecast import find_level_change
from .record import NOTHING, DeviceRecord, is_newer

_HORIZON: Final = timedelta(hours=24)
_STEP: Final = timedelta(minutes=30)
"""The distance of two levels, so that the taper of a battery that is nearly full shows as a curve."""
_HELD: Final = "idle"
"""What a battery does after a window, where Amps leaves it holding (api §6.3)."""


class ExpectedLevel(NamedTuple):
    """A level at a time; percent."""

    at: datetime
    level: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Phase:
    """A command from one time to another."""

    command: str
    parameters: Mapping[str, Quantity]
    begins_at: datetime
    ends_at: datetime


def expected_levels(record: DeviceRecord, now: datetime) -> list[ExpectedLevel]:
    """Return the levels of the next 24 hours, the first one now, as far as they follow from what was commanded.

    They end where nobody knows: an automatic mode does what house and sun ask for. None are returned of other devices.
    """
    battery = record.device
    if not isinstance(battery, Battery) or (level := battery.state.level) is None:
        return []
    levels = [ExpectedLevel(now, level)]
    for phase in _phases(record, battery, now):
        at_begin = battery.model_copy(update={"state": battery.state.model_copy(update={"level": level})})
        parameters = {name: ParameterValue(value=each.value, unit=each.unit) for name, each in phase.parameters.items()}
        request = CommandRequest(command=phase.command, parameters=parameters)
        change = find_level_change(at_begin, record.settings, request, None)
        if change is None:
            break
        for at in _steps(phase):
            level = change.level_after((at - phase.begins_at) / timedelta(hours=1))
            levels.append(ExpectedLevel(at, round(level, 1)))
    return levels


def _phases(record: DeviceRecord, battery: Battery, now: datetime) -> Iterator[_Phase]:
    """Yield what is commanded one after another until the horizon, without gaps."""
    mode, last = battery.state.current_mode, effective_action(record.actions, now)
    command, parameters, ends_at = _HELD if mode is None else mode.value, None, None
    if last is not None and last.command is not None and not is_over(last, now):
        is_unread = is_newer(acknowledged_at(last), record.state_at)
        if is_unread or last.command == command:
            command, parameters, ends_at = last.command, last.parameters, last.end
    begins_at, horizon = now, now + _HORIZON
    for start, action in [*_scheduled(record, now), (horizon, None)]:
        until = min(start, horizon)
        if ends_at is not None and ends_at < until:
            yield from _phase(command, parameters, begins_at, ends_at)
            command, parameters, begins_at = _HELD, None, ends_at
        yield from _phase(command, parameters, begins_at, until)
        if action is not None and action.command is not None:
            command, parameters, begins_at, ends_at = action.command, action.parameters, until, action.end


def _scheduled(record: DeviceRecord, now: datetime) -> list[tuple[datetime, Action]]:
    found = [
        (action.start, action)
        for action in record.actions.values()
        if action.state is ActionState.SCHEDULED and action.start is not None and action.start > now
    ]
    return sorted(found, key=lambda each: each[0])


def _phase(
    command: str, parameters: Mapping[str, Quantity] | None, begins_at: datetime, ends_at: datetime
) -> Iterator[_Phase]:
    if ends_at > begins_at:
        yield _Phase(command=command, parameters=parameters or NOTHING, begins_at=begins_at, ends_at=ends_at)


def _steps(phase: _Phase) -> Iterator[datetime]:
    at = phase.begins_at + _STEP
    while at < phase.ends_at:
        yield at
        at += _STEP
    yield phase.ends_at
