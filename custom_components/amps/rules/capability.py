"""Whether a device takes a command, by what it declares (design §6, api §5.1)."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from enum import StrEnum
import math
from typing import Final

from ..api import CommandPayload
from ..api.models import AnyDevice, Command, Execution, Hvac, Parameter, Quantity, Setting
from .objection import Objection
from .timing import IMMEDIATELY, Times, Window, local_text

_FACTORS: Final[Mapping[tuple[str, str], float]] = {("kw", "watts"): 1000.0}
"""What a number in one unit is multiplied by to be in another; Amps itself converts nothing (api §5.1)."""

_BOUNDS: Final[Mapping[str, tuple[float, float]]] = {
    "percent": (0, 100),
    "kw": (0, 50),
    "amps": (0, 1000),
    "watts": (0, 20_000),
    "celsius": (10, 35),
}
"""The bounds of a parameter that declares none (api §15.2 #23)."""


_AT_ONCE: Final = Window()

HOLD: Final = "hold"
"""What Amps leaves a device doing after a window: nothing more (api §6.3)."""


class OnConflict(StrEnum):
    """What to do about an action that is in the way (api §6.7)."""

    FAIL = "fail"
    CANCEL_AND_REPLACE = "cancel_and_replace"
    QUEUE_AFTER = "queue_after"


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterValue:
    """A number that a caller gave; without a unit it is in the one that the device declares."""

    value: float
    unit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandRequest:
    """What a caller wants of a device; all names are slugs."""

    command: str
    parameters: Mapping[str, ParameterValue] = field(default_factory=dict)
    on_conflict: OnConflict = OnConflict.FAIL
    times: Times = IMMEDIATELY
    then: str | CommandRequest = HOLD
    """What the device does after the window: hold, `previous`, a mode (design §6), or any command."""


def find_objections(device: AnyDevice, request: CommandRequest, window: Window = _AT_ONCE) -> list[Objection]:
    """Return all that stands against a command, nothing if the device takes it."""
    if (command := device.commands.get(request.command)) is None:
        return [Objection.of("command_not_supported", device.commands, command=request.command)]
    objections: list[Objection] = []
    if (shape := window.execution) not in command.execution:
        objections.append(
            Objection.of("execution_not_supported", command.execution, command=request.command, execution=shape)
        )
    if request.on_conflict is not OnConflict.FAIL and request.on_conflict not in device.conflict_strategies:
        supported = (OnConflict.FAIL, *device.conflict_strategies)
        objections.append(Objection.of("on_conflict_not_supported", supported, strategy=request.on_conflict))
    if isinstance(device, Hvac):
        objections += _setpoint_objections(command, request)
    return [*objections, *_parameter_objections(command, request)]


def build_payload(
    device: AnyDevice, request: CommandRequest, window: Window = _AT_ONCE, zone: tzinfo = UTC
) -> CommandPayload:
    """Return a command, to which there are no objections, as it goes over the wire to a plant in a zone."""
    command = device.commands[request.command]
    return CommandPayload(
        command=command.name,
        parameters={
            command.parameters[name].name: quantity for name, quantity in convert_parameters(device, request).items()
        },
        start=local_text(window.start, zone),
        end=local_text(window.end, zone),
        on_conflict=None if request.on_conflict is OnConflict.FAIL else request.on_conflict,
    )


def declares(commands: Mapping[str, Command], name: str, parameters: Collection[str] = ()) -> bool:
    """Return whether a device declares a command and, where parameters are given, any of them."""
    command = commands.get(name)
    return command is not None and (not parameters or not command.parameters.keys().isdisjoint(parameters))


def runs_at_once(commands: Mapping[str, Command], name: str) -> bool:
    """Return whether a device takes a command immediately."""
    return (command := commands.get(name)) is not None and Execution.IMMEDIATE in command.execution


def runs_in_windows_only(commands: Mapping[str, Command], name: str) -> bool:
    """Return whether a device takes a command in windows, but not immediately."""
    return (command := commands.get(name)) is not None and (
        Execution.WINDOWED in command.execution and Execution.IMMEDIATE not in command.execution
    )


def convert_parameters(device: AnyDevice, request: CommandRequest) -> dict[str, Quantity]:
    """Return the numbers of a request in the units that the device declares, those left out that it cannot take."""
    command = device.commands.get(request.command)
    declared = _sendable_parameters(command) if command else {}
    return {
        name: Quantity(value=given.value * factor, unit=str(declared[name].unit))
        for name, given in request.parameters.items()
        if name in declared
        and (factor := _factor(given, declared[name])) is not None
        and math.isfinite(given.value * factor)
    }


def find_value(command: Command, request: CommandRequest, name: str, default: float) -> float:
    """Return a number of a request in the declared unit, as far as the device declares it and takes it."""
    given, parameter = request.parameters.get(name), _sendable_parameters(command).get(name)
    if given is None or parameter is None or (factor := _factor(given, parameter)) is None:
        return default
    low, high = bounds(parameter)
    return min(max(given.value * factor, low), high) if math.isfinite(given.value) else default


def _parameter_objections(command: Command, request: CommandRequest) -> Iterator[Objection]:
    declared = _sendable_parameters(command)
    for name, given in request.parameters.items():
        if (parameter := declared.get(name)) is None:
            yield Objection.of("parameter_not_supported", declared, command=request.command, parameter=name)
            continue
        unit = str(parameter.unit)
        if (factor := _factor(given, parameter)) is None:
            yield Objection.of("unit_not_supported", [unit], parameter=name, unit=str(given.unit))
            continue
        value, (low, high) = given.value * factor, bounds(parameter)
        if not (math.isfinite(value) and low <= value <= high):
            yield Objection.of(
                "parameter_out_of_range",
                parameter=name,
                value=f"{value:g}",
                min=f"{low:g}",
                max=f"{high:g}",
                unit=unit,
            )


def _setpoint_objections(command: Command, request: CommandRequest) -> Iterator[Objection]:
    """Yield what stands against the setpoints of a thermostat, which needs all that it declares (api §15.3 #37)."""
    for name in command.parameters:
        if name not in request.parameters:
            yield Objection.of("parameter_missing", command.parameters, command=request.command, parameter=name)
    setpoints = [request.parameters.get(name) for name in ("heat_setpoint", "cool_setpoint")]
    low, high = (None if each is None else each.value for each in setpoints)
    if low is not None and high is not None and not low < high:
        yield Objection.of("setpoints_not_ascending", low=f"{low:g}", high=f"{high:g}")


def _sendable_parameters(command: Command) -> dict[str, Parameter]:
    """Return the parameters that can be sent: every number goes with a unit (api §5.1)."""
    return {name: parameter for name, parameter in command.parameters.items() if parameter.unit is not None}


def _factor(given: ParameterValue, parameter: Parameter) -> float | None:
    """Return what a number is multiplied by to be in the declared unit, None if it cannot be."""
    if given.unit is None or given.unit == parameter.unit:
        return 1.0
    return _FACTORS.get((given.unit, str(parameter.unit)))


def bounds(parameter: Parameter | Setting) -> tuple[float, float]:
    """Return the bounds of a parameter in its unit, those usual for the unit where it declares none."""
    low, high = _BOUNDS.get(str(parameter.unit), (-math.inf, math.inf))
    return low if parameter.min is None else parameter.min, high if parameter.max is None else parameter.max
