"""Commands (api §6): read, checked in the order of api §15.1 #11, and accepted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
import math

from .actions import Action, State, Timing, execution_of
from .devices.base import CANCEL_AND_REPLACE, QUEUE_AFTER, SCHEDULED, CommandSpec, Directive
from .errors import (
    ApiError,
    Code,
    execution_not_supported,
    out_of_range,
    unsupported_mode,
    unsupported_parameters,
    unsupported_unit,
    validation_error,
)
from .home import Twin, latest_end
from .identifiers import action_id
from .live import REACH
from .routing import Call
from .timerules import Window, check_end, read_window
from .validation import Quantity, Shape
from .wire import milliseconds, whole_milliseconds
from .world import World

_STRATEGIES = (CANCEL_AND_REPLACE, QUEUE_AFTER)
_LONGEST_DELAY = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """The body of a push."""

    command: str
    parameters: Mapping[str, Quantity]
    start: str | None
    end: str | None
    on_conflict: str | None
    sandbox: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Experiment:
    """What the `sandbox` member asks for (api §15.3 #48): a failure, a time to settle; either may be left out."""

    failure: str | None = None
    settle: timedelta | None = None


def read_wish(body: object) -> Wish:
    """Return the body of a push; anything that the API does not know is refused."""
    found = Shape()
    members = found.members(body, "", required=("action",), optional=("onConflict", "sandbox"))
    action = found.members(
        members.get("action", {"command": ""}),
        "action",
        required=("command",),
        optional=("parameters", "start", "end"),
    )
    wish = Wish(
        command=found.text(action.get("command", ""), "action.command"),
        parameters=found.quantities(action.get("parameters", {}), "action.parameters"),
        start=found.text(action["start"], "action.start") if "start" in action else None,
        end=found.text(action["end"], "action.end") if "end" in action else None,
        on_conflict=found.choice(members["onConflict"], "onConflict", _STRATEGIES) if "onConflict" in members else None,
        sandbox=found.mapping(members.get("sandbox", {}), "sandbox"),
    )
    found.check()
    return wish


def push(world: World, twin: Twin, wish: Wish, call: Call) -> Action:
    """Check a push against what the device declares and against the actions in its way, and accept it."""
    home, device, now = world.home, twin.device, call.now
    if not device.kind.pushable:
        raise ApiError(Code.DIRECT_ACTION_UNSUPPORTED)
    if call.live and not (device.kind.live_pushable or world.live.all_types_pushable):
        raise ApiError(Code.COMMAND_NOT_SUPPORTED)
    command = device.model.commands.get(wish.command)
    if command is None:
        raise unsupported_mode(device.model.commands)
    _check_execution(command, execution_of(wish.start, wish.end))
    _check_parameters(command, wish.parameters)
    window = read_window(wish.start, wish.end, zone=device.zone, now=now)
    replaced: list[Action] = []
    if in_the_way := home.open_actions(twin, now):
        replaced, window = _resolve(twin, wish, window, in_the_way, now=now)
    for action in replaced:
        home.cancel(action, now)

    experiment = Experiment() if call.live else _experiment(wish.sandbox)
    begins = window.start or now
    action = Action(
        id=action_id(world.seed, home.action_count, milliseconds(now)),
        device_id=device.id,
        device_type=device.kind.name,
        directive=Directive(wish.command, {name: quantity.value for name, quantity in wish.parameters.items()}),
        parameters={
            name: {"value": quantity.value, "unit": quantity.unit} for name, quantity in wish.parameters.items()
        }
        or None,
        created=now,
        start=window.start,
        end=window.end,
        finishes=_finish(window, begins, world.timing, experiment, live=call.live),
        followed=None if experiment.failure is not None else begins + REACH if call.live else begins,
        failure=experiment.failure,
    )
    home.accept(twin, action)
    world.outbox.expect(action)
    return action


def _check_execution(command: CommandSpec, requested: str) -> None:
    if requested not in command.execution:
        raise execution_not_supported(requested, command.execution)


def _check_parameters(command: CommandSpec, parameters: Mapping[str, Quantity]) -> None:
    declared = command.parameters
    if unknown := [name for name in parameters if name not in declared]:
        raise unsupported_parameters(unknown, declared)
    for name, quantity in parameters.items():
        if quantity.unit != declared[name].unit:
            raise unsupported_unit(name, quantity.unit, declared[name].unit)
    for name, quantity in parameters.items():
        spec = declared[name]
        if not spec.low <= quantity.value <= spec.high:
            raise out_of_range(Code.PARAMETER_OUT_OF_RANGE, name, quantity.value, (spec.low, spec.high), spec.unit)
    if missing := [name for name in command.required if name not in parameters]:
        raise validation_error(*((f"action.parameters.{name}", "is required") for name in missing))
    for lower, higher in pairwise(command.ascending):
        if parameters[lower].value >= parameters[higher].value:
            raise validation_error((f"action.parameters.{higher}", f"must be above {lower}"))


def _resolve(
    twin: Twin, wish: Wish, window: Window, in_the_way: list[Action], *, now: datetime
) -> tuple[list[Action], Window]:
    """Return what to cancel and when to run instead, by the table of api §6.7."""
    offered = twin.device.model.conflict_strategies
    ids = [action.id for action in in_the_way]
    in_flight = any(action.status(now).state is State.ACKNOWLEDGED for action in in_the_way)

    if wish.on_conflict is None:
        if in_flight:
            raise ApiError(Code.CONFLICT, {"conflictingActionIds": ids})
        raise ApiError(
            Code.CONFLICT,
            {"reason": "no_strategy_supplied", "conflictingActionIds": ids, "strategies": offered},
        )
    if wish.on_conflict not in offered:
        raise ApiError(Code.UNSUPPORTED_PARAMETER, {"unsupportedParameters": ["onConflict"]})
    if wish.on_conflict == CANCEL_AND_REPLACE:
        if in_flight:
            raise ApiError(Code.CONFLICT, {"conflictingActionIds": ids})
        return in_the_way, window

    start = latest_end(in_the_way)
    if start is None:
        raise ApiError(Code.CONFLICT, {"reason": "open_ended_conflict", "conflictingActionIds": ids})
    if window.end is not None:
        check_end(start, window.end, now)
    elif window.start is None:
        _check_execution(twin.device.model.commands[wish.command], SCHEDULED)
    return [], Window(start, window.end)


def _finish(window: Window, begins: datetime, timing: Timing, experiment: Experiment, *, live: bool) -> datetime:
    """Return when the action comes to its end (api §6.4, §15.3 #26, #27)."""
    usual = timing.live_settle if live else timing.settle
    settled = whole_milliseconds(begins + (usual if experiment.settle is None else experiment.settle))
    if window.end is None:
        return settled
    if timing.windows_settle or experiment.failure is not None:
        return min(settled, window.end)
    return window.end


def _experiment(sandbox: Mapping[str, object]) -> Experiment:
    """Understand what is ours in the `sandbox` member and leave the rest alone."""
    failure = None
    if sandbox.get("outcome") == "failed":
        code = sandbox.get("errorCode")
        failure = code if isinstance(code, str) and code else "UNKNOWN_ERROR"
    delay = sandbox.get("delaySeconds")
    if isinstance(delay, bool) or not isinstance(delay, int | float) or not math.isfinite(delay) or delay < 0:
        return Experiment(failure)
    return Experiment(failure, min(timedelta(seconds=min(delay, 1e9)), _LONGEST_DELAY))
