"""What buttons send unless somebody sets something else (design §5, local defaults)."""

from collections.abc import Mapping
import math
from typing import Final, NamedTuple

from ..api.models import AnyDevice, Command, Parameter
from .capability import bounds


class DefaultParameter(NamedTuple):
    """The parameter of a command that a default is for."""

    command: str
    parameter: str


DEFAULTS: Final[Mapping[str, DefaultParameter]] = {
    "charge_target": DefaultParameter("charge", "target"),
    "discharge_target": DefaultParameter("discharge", "target"),
    "charge_power_limit": DefaultParameter("charge", "power"),
    "discharge_power_limit": DefaultParameter("discharge", "power"),
}
"""By key."""


def find_parameter(commands: Mapping[str, Command], key: str) -> Parameter | None:
    """Return the parameter that a default is for, None if the device does not declare it with unit and bounds."""
    command, name = DEFAULTS[key]
    parameter = commands[command].parameters.get(name) if command in commands else None
    if parameter is None or parameter.unit is None or not all(map(math.isfinite, bounds(parameter))):
        return None
    return parameter


def first_value(device: AnyDevice, key: str, parameter: Parameter) -> float:
    """Return a default that nobody has set: as far as the device goes."""
    low, high = bounds(parameter)
    if key != "discharge_target":
        return high
    return clamp(max(low, getattr(device.state, "discharge_limit", None) or low), parameter)


def clamp(value: float, parameter: Parameter) -> float:
    """Return a value, or the bound of the parameter that it is beyond."""
    low, high = bounds(parameter)
    return min(max(value, low), high)
