"""What a command comes to: when it runs, what stands against it, what to expect of it (design §6)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
import math
from typing import Final

from ..api.models import Execution, Vehicle
from .capability import HOLD, CommandRequest, find_objections
from .follow_up import resolve_follow_up
from .forecast import Expected, LevelChange, expect, find_level_change
from .objection import Objection
from .record import DeviceRecord
from .timing import Present, Window, find_ambiguous_times, resolve_window

_ABOUT_TIMES: Final = frozenset(
    {"execution_not_supported", "no_execution", "end_not_after_start", "start_in_past", "then_needs_end"}
)
"""The objections to when a command would run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A command as it would be sent now."""

    request: CommandRequest
    window: Window
    follow_up: CommandRequest | None
    """The command that follows the window."""
    objections: tuple[Objection, ...]
    """All that stands against it."""
    change: LevelChange | None
    """What it does to a level, as far as that is known."""
    present: Present

    @property
    def is_reached(self) -> bool:
        """Whether there is nothing to send: the level that is wanted by a time is there already."""
        return self.request.times.ready_by is not None and self.change is not None and self.change.is_reached

    @property
    def expected(self) -> Expected:
        """What to expect of it."""
        return expect(self.change, self.window.start or self.present.now, self.window.end)


def plan_command(
    record: DeviceRecord,
    request: CommandRequest,
    present: Present,
    vehicle: Vehicle | None = None,
    *,
    sandbox: bool = False,
) -> Plan:
    """Return what a command comes to for a device; `vehicle` is on the charger."""
    device = record.device
    change = find_level_change(device, record.settings, request, vehicle)
    moves = change is not None and change.power > 0 and math.isfinite(change.hours)
    needed = timedelta(hours=change.hours) if change is not None and moves else None
    command = device.commands.get(request.command)
    window, objections = resolve_window(
        request.times, present, command.execution if command else frozenset(Execution), needed
    )
    objections += [each for each in find_ambiguous_times(window, present.plant_zone) if each not in objections]
    objections += find_objections(device, request, window)
    follow_up = resolve_follow_up(record, request.then, present.now, sandbox=sandbox)
    if request.then != HOLD and window.end is None:
        objections.append(Objection.of("then_needs_end"))
    if follow_up is not None:
        objections += find_objections(device, follow_up)
    plan = Plan(
        request=request,
        window=window,
        follow_up=follow_up,
        objections=tuple(objections),
        change=change,
        present=present,
    )
    # Where nothing is to be sent, it does not matter when and how that could be.
    return replace(plan, window=Window(), objections=_without_times(objections)) if plan.is_reached else plan


def _without_times(objections: Iterable[Objection]) -> tuple[Objection, ...]:
    return tuple(each for each in objections if each.key not in _ABOUT_TIMES)
