"""The fields of the actions that send commands, and the requests that they make (design §6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Final

from homeassistant.const import UnitOfTemperature
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.typing import VolDictType
from homeassistant.util.unit_conversion import TemperatureConverter
import voluptuous as vol

from ..api import slug
from ..control.waiting import Wait
from ..rules.capability import HOLD, CommandRequest, OnConflict, ParameterValue
from ..rules.follow_up import MODES, PREVIOUS
from ..rules.timing import Times

ATTR_COMMAND: Final = "command"
ATTR_DRY_RUN: Final = "dry_run"
ATTR_DURATION: Final = "duration"
ATTR_END: Final = "end"
ATTR_MODE: Final = "mode"
ATTR_ON_CONFLICT: Final = "on_conflict"
ATTR_PARAMETERS: Final = "parameters"
ATTR_READY_BY: Final = "ready_by"
ATTR_START: Final = "start"
ATTR_THEN: Final = "then"
ATTR_WAIT: Final = "wait"
ATTR_WAIT_TIMEOUT: Final = "wait_timeout"

_WAIT_TIMEOUT: Final = {"minutes": 5}
"""As the dialog gives a duration."""
_MAX_WAIT_TIMEOUT: Final = timedelta(days=1)

_LEVELS: Final[Mapping[str, tuple[str, str]]] = {
    "target_level": ("target", "percent"),
    "power": ("power", "kw"),
    "reserve_level": ("reserve", "percent"),
}
"""The fields of charge and discharge: the parameter each is, and the unit it is in (api §4.3)."""
_SETPOINTS: Final[Mapping[str, str]] = {
    "temperature": "target",
    "heat_setpoint": "heat_setpoint",
    "cool_setpoint": "cool_setpoint",
}
"""The fields of set_temperature: the parameter each is (api §4.5)."""

_YEARS: Final = range(2000, 2200)


def _time(value: object) -> time | datetime:
    """Return a time of day, or a datetime; without a zone it is local to Home Assistant.

    A dialog that offers both gives a dict with what was chosen.
    """
    if isinstance(value, dict):
        value = value.get(str(value.get("active_choice")))
    found: time | datetime = vol.Any(cv.datetime, cv.time)(value)
    if isinstance(found, datetime) and found.year not in _YEARS:
        msg = f"expected a year from {_YEARS[0]} to {_YEARS[-1]}"
        raise vol.Invalid(msg)
    return found


TIME_FIELDS: Final[VolDictType] = {
    vol.Optional(ATTR_START): _time,
    vol.Optional(ATTR_END): _time,
    vol.Optional(ATTR_DURATION): cv.time_period,
    vol.Optional(ATTR_READY_BY): _time,
}
COMMON_FIELDS: Final[VolDictType] = {
    vol.Optional(ATTR_ON_CONFLICT, default=OnConflict.FAIL): vol.Coerce(OnConflict),
    vol.Optional(ATTR_WAIT, default=Wait.ACCEPTED): vol.Coerce(Wait),
    vol.Optional(ATTR_WAIT_TIMEOUT, default=_WAIT_TIMEOUT): vol.All(
        cv.positive_time_period, vol.Range(max=_MAX_WAIT_TIMEOUT)
    ),
    vol.Optional(ATTR_DRY_RUN, default=False): cv.boolean,
}
THEN_FIELD: Final[VolDictType] = {vol.Optional(ATTR_THEN, default=HOLD): vol.In([HOLD, PREVIOUS, *MODES])}
LEVEL_FIELDS: Final[VolDictType] = {vol.Optional(key): vol.Coerce(float) for key in _LEVELS}
MODE_FIELD: Final[VolDictType] = {vol.Required(ATTR_MODE): vol.In(MODES)}
TEMPERATURE_FIELDS: Final[VolDictType] = {
    vol.Required(ATTR_MODE): vol.In(["heat", "cool", "auto"]),
    **{vol.Optional(key): vol.Coerce(float) for key in _SETPOINTS},
}
ANY_COMMAND_FIELDS: Final[VolDictType] = {
    vol.Required(ATTR_COMMAND): vol.All(cv.string, slug),
    vol.Optional(ATTR_PARAMETERS, default=dict): {vol.All(cv.string, slug): vol.Coerce(float)},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """The fields of a call, and the unit that its temperatures are in: that of the caller's Home Assistant."""

    data: Mapping[str, Any]
    temperature_unit: str


def build_request(call: Call, command: str, parameters: Mapping[str, ParameterValue]) -> CommandRequest:
    """Return the request of a call, with whatever it says of times, conflicts, and what comes after."""
    data = call.data
    return CommandRequest(
        command=command,
        parameters=parameters,
        on_conflict=data[ATTR_ON_CONFLICT],
        times=Times(
            start=data.get(ATTR_START),
            end=data.get(ATTR_END),
            duration=data.get(ATTR_DURATION),
            ready_by=data.get(ATTR_READY_BY),
        ),
        then=data.get(ATTR_THEN, HOLD),
    )


def levels(call: Call) -> dict[str, ParameterValue]:
    """Return the parameters of charge and discharge."""
    return {
        name: ParameterValue(value=call.data[key], unit=unit)
        for key, (name, unit) in _LEVELS.items()
        if key in call.data
    }


def setpoints(call: Call) -> dict[str, ParameterValue]:
    """Return the setpoints of a thermostat, which Amps wants in °C."""
    return {
        name: ParameterValue(
            value=TemperatureConverter.convert(call.data[key], call.temperature_unit, UnitOfTemperature.CELSIUS),
            unit="celsius",
        )
        for key, name in _SETPOINTS.items()
        if key in call.data
    }


def declared(call: Call) -> dict[str, ParameterValue]:
    """Return parameters in the units that the device declares."""
    return {name: ParameterValue(value=value) for name, value in call.data[ATTR_PARAMETERS].items()}
