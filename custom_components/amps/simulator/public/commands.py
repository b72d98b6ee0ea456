"""Commands (api §6): checked in the order of api §15.1 #11, and accepted."""

from collections.abc import Collection, Mapping
from datetime import datetime
from itertools import pairwise

from ..devices.base import CANCEL_AND_REPLACE, SCHEDULED, ActiveCommand, CommandSpec
from ..errors import (
    ApiError,
    ErrorCode,
    execution_not_supported,
    out_of_range,
    strategy_not_supported,
    unsupported_mode,
    unsupported_parameters,
    unsupported_unit,
    validation_error,
)
from ..home.actions import Action, State, execution_of
from ..home.home import SimulatedDevice, latest_end
from ..identifiers import action_id
from ..routing import Call
from ..validation import Quantity
from ..wire import milliseconds
from ..world import World
from .command_body import CommandBody
from .planned_outcome import plan_outcome
from .timerules import Window, check_end, read_window


def push(world: World, simulated: SimulatedDevice, body: CommandBody, call: Call) -> Action:
    """Check a push against what the device declares and against conflicting actions, and accept it."""
    home, device, now, pushed = world.home, simulated.device, call.now, body.action
    if not device.kind.pushable:
        raise ApiError(ErrorCode.DIRECT_ACTION_UNSUPPORTED)
    if call.live and not (device.kind.live_pushable or world.live.all_types_pushable):
        raise ApiError(ErrorCode.COMMAND_NOT_SUPPORTED)
    command = device.model.commands.get(pushed.command)
    if command is None:
        raise unsupported_mode(device.model.commands)
    _check_execution(command, execution_of(pushed.start, pushed.end))
    _check_strategy(body.on_conflict, device.model.conflict_strategies)
    check_parameters(command, pushed.parameters)
    window = read_window(pushed.start, pushed.end, zone=device.zone, now=now)
    replaced: list[Action] = []
    if conflicting := home.open_actions(simulated, now):
        replaced, window = _resolve(simulated, body, window, conflicting, now=now)
    for action in replaced:
        home.cancel(action, now)

    dispatched_at = window.start or now
    outcome = plan_outcome(world, simulated, body, call, dispatched_at)
    action = Action(
        id=action_id(world.seed, world.resets, home.action_count, milliseconds(now)),
        device_id=device.id,
        device_type=device.kind.name,
        active_command=ActiveCommand(
            pushed.command, {name: quantity.value for name, quantity in pushed.parameters.items()}
        ),
        parameters={name: quantity.model_dump() for name, quantity in pushed.parameters.items()} or None,
        created_at=now,
        start=window.start,
        end=window.end,
        finishes_at=outcome.finishes_at(window, dispatched_at, world.timing, live=call.live),
        follows_at=outcome.follows_at(window, dispatched_at, live=call.live),
        failure=outcome.failure,
        accepted_at=dispatched_at + world.timing.live_acceptance if call.live else None,
    )
    home.accept(action)
    world.outbox.expect(action)
    world.fold(simulated, now)
    return action


def _check_execution(command: CommandSpec, requested: str) -> None:
    if requested not in command.execution:
        raise execution_not_supported(requested, command.execution)


def _check_strategy(requested: str | None, supported: Collection[str]) -> None:
    """Refuse a strategy that the device does not declare, whether or not there is a conflict (api §6.1)."""
    if requested is not None and requested not in supported:
        raise strategy_not_supported(requested, supported)


def check_parameters(command: CommandSpec, parameters: Mapping[str, Quantity]) -> None:
    """Raise the error of the first rule that parameters break (api §5.1, §15.3 #37)."""
    declared = command.parameters
    if unknown := [name for name in parameters if name not in declared]:
        raise unsupported_parameters(unknown, declared)
    for name, quantity in parameters.items():
        if quantity.unit != declared[name].unit:
            raise unsupported_unit(name, quantity.unit, declared[name].unit)
    for name, quantity in parameters.items():
        spec = declared[name]
        if not spec.low <= quantity.value <= spec.high:
            raise out_of_range(ErrorCode.PARAMETER_OUT_OF_RANGE, name, quantity.value, (spec.low, spec.high), spec.unit)
    if missing := [name for name in command.required if name not in parameters]:
        raise validation_error(*((f"action.parameters.{name}", "is required") for name in missing))
    for lower, higher in pairwise(command.ascending):
        if parameters[lower].value >= parameters[higher].value:
            raise validation_error((f"action.parameters.{higher}", f"must be above {lower}"))


def _resolve(
    simulated: SimulatedDevice, body: CommandBody, window: Window, conflicting: list[Action], *, now: datetime
) -> tuple[list[Action], Window]:
    """Return the actions to cancel and the resulting window, by the table of api §6.7."""
    ids = [action.id for action in conflicting]
    if body.on_conflict is None:
        strategies = simulated.device.model.conflict_strategies
        raise ApiError(
            ErrorCode.CONFLICT,
            {"reason": "no_strategy_supplied", "conflictingActionIds": ids, "strategies": strategies},
        )
    if body.on_conflict == CANCEL_AND_REPLACE:
        if any(action.status(now).state is State.ACKNOWLEDGED for action in conflicting):
            raise ApiError(ErrorCode.CONFLICT, {"conflictingActionIds": ids})
        return conflicting, window

    start = latest_end(conflicting)
    if start is None:
        raise ApiError(ErrorCode.CONFLICT, {"reason": "open_ended_conflict", "conflictingActionIds": ids})
    if window.end is not None:
        check_end(start, window.end, now)
    elif window.start is None:
        _check_execution(simulated.device.model.commands[body.action.command], SCHEDULED)
    return [], Window(start, window.end)
