"""Whether a device takes a command, by what it declares (design §6, api §5.1)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
import math
from typing import Final

from ..api import CommandPayload
from ..api.models import AnyDevice, Command, Execution, Parameter, Quantity, Setting
from .timing import IMMEDIATELY, Times

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection:
    """Why a device would refuse a command."""

    key: str
    """The key of its message."""
    placeholders: Mapping[str, str]
    supported: tuple[str, ...] = ()
    """What would work instead."""


def find_objections(device: AnyDevice, request: CommandRequest) -> list[Objection]:
    """Return all that stands against a command, nothing if the device takes it."""
    if (command := device.commands.get(request.command)) is None:
        return [_objection("command_not_supported", device.commands, command=request.command)]
    objections: list[Objection] = []
    if Execution.IMMEDIATE not in command.execution:
        objections.append(_objection("execution_not_supported", command.execution, command=request.command))
    if request.on_conflict is not OnConflict.FAIL and request.on_conflict not in device.conflict_strategies:
        supported = (OnConflict.FAIL, *device.conflict_strategies)
        objections.append(_objection("on_conflict_not_supported", supported, strategy=request.on_conflict))
    return [*objections, *_parameter_objections(command, request)]


def build_payload(device: AnyDevice, request: CommandRequest) -> CommandPayload:
    """Return a command, to which there are no objections, as it goes over the wire."""
    command = device.commands[request.command]
    declared = _sendable_parameters(command)
    return CommandPayload(
        command=command.name,
        parameters={
            (parameter := declared[name]).name: Quantity(
                value=given.value * (_factor(given, parameter) or 1.0), unit=str(parameter.unit)
            )
            for name, given in request.parameters.items()
        },
        on_conflict=None if request.on_conflict is OnConflict.FAIL else request.on_conflict,
    )


def runs_at_once(commands: Mapping[str, Command], name: str) -> bool:
    """Return whether a device takes a command immediately."""
    return (command := commands.get(name)) is not None and Execution.IMMEDIATE in command.execution


def runs_in_windows_only(commands: Mapping[str, Command], name: str) -> bool:
    """Return whether a device takes a command in windows, but not immediately."""
    return (command := commands.get(name)) is not None and (
        Execution.WINDOWED in command.execution and Execution.IMMEDIATE not in command.execution
    )


def _parameter_objections(command: Command, request: CommandRequest) -> Iterator[Objection]:
    declared = _sendable_parameters(command)
    for name, given in request.parameters.items():
        if (parameter := declared.get(name)) is None:
            yield _objection("parameter_not_supported", declared, command=request.command, parameter=name)
            continue
        unit = str(parameter.unit)
        if (factor := _factor(given, parameter)) is None:
            yield _objection("unit_not_supported", [unit], parameter=name, unit=str(given.unit))
            continue
        value, (low, high) = given.value * factor, bounds(parameter)
        if not (math.isfinite(value) and low <= value <= high):
            yield _objection(
                "parameter_out_of_range",
                parameter=name,
                value=f"{value:g}",
                min=f"{low:g}",
                max=f"{high:g}",
                unit=unit,
            )


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


def _objection(key: str, supported: Iterable[str] = (), **placeholders: str) -> Objection:
    return Objection(key=key, placeholders=placeholders, supported=tuple(sorted(supported)))
