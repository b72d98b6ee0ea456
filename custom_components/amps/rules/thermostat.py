"""What a thermostat is to do, and what it does (design §5, thermostat)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final, NamedTuple

from ..api.models import Action, AnyDevice, HoldType, HvacMode
from .capability import CommandRequest, ParameterValue
from .effective import effective_action
from .record import DeviceRecord

COMMANDS: Final[Mapping[HvacMode, str]] = {
    HvacMode.HEAT: "heat",
    HvacMode.COOL: "cool",
    HvacMode.AUTO: "auto",
    HvacMode.OFF: "idle",
}
"""The command for each mode; there is none called off (api §4.5)."""
FOLLOW_SCHEDULE: Final = "follow_schedule"
CELSIUS: Final = "celsius"
"""The unit of all setpoints (api §4.5)."""

HEAT_PARAMETERS: Final[Mapping[HvacMode, str]] = {HvacMode.HEAT: "target", HvacMode.AUTO: "heat_setpoint"}
COOL_PARAMETERS: Final[Mapping[HvacMode, str]] = {HvacMode.COOL: "target", HvacMode.AUTO: "cool_setpoint"}
"""The parameters that set each setpoint, by the mode that needs it (api §4.5)."""

_MODES: Final[Mapping[str, HvacMode]] = {command: mode for mode, command in COMMANDS.items()}


class RequestedState(NamedTuple):
    """What a thermostat is to do; None for what is unknown."""

    mode: HvacMode | None
    heat: float | None
    """°C below which it heats."""
    cool: float | None
    """°C above which it cools."""
    schedule: bool | None
    """Whether it follows its own schedule."""


def mode_request(mode: HvacMode, heat: float | None, cool: float | None) -> CommandRequest:
    """Return the command that sets a mode, with the setpoints in °C that it needs."""
    setpoints = {HEAT_PARAMETERS.get(mode): heat, COOL_PARAMETERS.get(mode): cool}
    parameters = {
        name: ParameterValue(value=value, unit=CELSIUS)
        for name, value in setpoints.items()
        if name is not None and value is not None
    }
    return CommandRequest(command=COMMANDS[mode], parameters=parameters)


def requested_state(record: DeviceRecord, pending: Action | None, now: datetime) -> RequestedState:
    """Return what a thermostat is to do: by the command that is pending, else by its reading."""
    state = record.device.state
    schedule = None if state.hold_type is None else state.hold_type is HoldType.FOLLOW_SCHEDULE
    reported = None if state.mode is HvacMode.UNKNOWN_VALUE else state.mode
    read = RequestedState(reported, state.heat_setpoint, state.cool_setpoint, schedule)
    if pending is not None and pending.command == FOLLOW_SCHEDULE:
        return read._replace(schedule=True)
    if pending is not None and (mode := _MODES.get(pending.command or "")) is not None:
        return RequestedState(
            mode,
            _setpoint(pending, HEAT_PARAMETERS.get(mode), state.heat_setpoint),
            _setpoint(pending, COOL_PARAMETERS.get(mode), state.cool_setpoint),
            schedule=False,
        )
    # What mode an idle thermostat reports is not documented; only `active` contradicts the command (api §4.5).
    last = effective_action(record.actions, now)
    if last is not None and last.command == COMMANDS[HvacMode.OFF] and not state.active and not schedule:
        return read._replace(mode=HvacMode.OFF)
    return read


def is_heating(device: AnyDevice, mode: HvacMode | None) -> bool | None:
    """Return whether an active thermostat heats rather than cools, None if that is unknown."""
    state = device.state
    for each in (mode, state.mode):
        if each in {HvacMode.HEAT, HvacMode.COOL}:
            return each is HvacMode.HEAT
    if state.temperature is None or state.heat_setpoint is None or state.cool_setpoint is None:
        return None
    return bool(state.temperature < (state.heat_setpoint + state.cool_setpoint) / 2)


def _setpoint(action: Action, parameter: str | None, read: float | None) -> float | None:
    """Return a setpoint under a pending action: unknown while only lists have shown it, without its parameters."""
    if parameter is None:
        return read
    if action.device_id is None:
        return None
    quantity = (action.parameters or {}).get(parameter)
    return quantity.value if quantity is not None and quantity.unit == "celsius" else read
