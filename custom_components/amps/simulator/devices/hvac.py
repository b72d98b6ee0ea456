"""Thermostats (api §4.5)."""

from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import override

from ..physics.paths import DAY, Curve, Hold, Path
from ..physics.rounds import carried
from ..wire import JSON, rounded
from .base import (
    ANY_EXECUTION,
    CANCEL_AND_REPLACE,
    IDLE,
    IMMEDIATE,
    OPEN_ENDED,
    CommandSpec,
    Course,
    DeviceType,
    Directive,
    Model,
    ParameterSpec,
)
from .house import Band, band, drift

HEAT = "heat"
COOL = "cool"
AUTO = "auto"
FOLLOW_SCHEDULE = "follow_schedule"
_OFF = "off"
_PERMANENT = "permanent"

TARGET = "target"
HEAT_SETPOINT = "heatSetpoint"
COOL_SETPOINT = "coolSetpoint"

# The thermostat's own programme, by the hour of UTC: the setpoints as it shows them, and the floor that it keeps. It
# brings the house to a higher setpoint evenly and lets it fall to a lower one.
_PROGRAMME_HOURS = (0, 6, 9, 16, 22)
_PROGRAMME_HEAT = (17.5, 21, 19, 21, 17.5)
_PROGRAMME_COOL = 25.0
_AT_ONCE = 0.01
PROGRAMME = Band(
    Curve.through(
        [(6, 17.5), (7.75, 21), (9, 21), (9 + _AT_ONCE, 19), (16, 19), (17, 21), (22, 21), (22 + _AT_ONCE, 17.5)]
    ),
    Curve.through([(0, _PROGRAMME_COOL)]),
)
_EARLY = 0.0
"""Hours since the epoch, long before any reading: a house that was never commanded has always kept its programme."""
_NEGLIGIBLE = 1e-6
"""°C per hour: less than that is no heating and no cooling."""


@dataclass(frozen=True, kw_only=True, eq=False)
class HvacModel(Model):
    """A kind of thermostat."""

    @override
    def undisturbed(self, variety: float) -> HvacCourse:
        return HvacCourse(model=self, path=carried(_EARLY, _PROGRAMME_HEAT[0], PROGRAMME))


@dataclass(frozen=True, slots=True, kw_only=True)
class HvacCourse(Course):
    """A house under one mode and its setpoints; under its own programme until the first command."""

    model: HvacModel
    path: Path
    mode: str = AUTO
    hold: str = FOLLOW_SCHEDULE
    fixed_heat: float = 0
    fixed_cool: float = 0

    @override
    def told(self, directive: Directive, time: float) -> HvacCourse:
        heat, cool = self.setpoints(time)
        held = replace(self, hold=_PERMANENT, fixed_heat=heat, fixed_cool=cool)
        return _COURSES[directive.command](held, directive.values, time)

    @override
    def held(self, time: float) -> HvacCourse:
        """Switch off and stay at the temperature reached (api §6.3, §15.3 #41).

        No house does that by itself; but it is what the API promises of the end of a window. One that was told to idle
        is promised nothing and goes with the weather.
        """
        heat, cool = self.setpoints(time)
        path = Hold(self.path.at(time).value)
        return replace(self, mode=_OFF, hold=_PERMANENT, fixed_heat=heat, fixed_cool=cool, path=path)

    @override
    def report(self, time: float) -> dict[str, JSON]:
        temperature, rate = self.path.at(time)
        heat, cool = self.setpoints(time)
        return {
            "temperature": rounded(temperature, 2),
            "active": self.mode != _OFF and abs(rate - drift(time, temperature)) > _NEGLIGIBLE,
            "heatSetpoint": heat,
            "coolSetpoint": cool,
            "holdType": self.hold,
            "mode": self.mode,
        }

    def setpoints(self, time: float) -> tuple[float, float]:
        """Return the setpoints for heating and cooling that hold at an instant."""
        if self.hold == FOLLOW_SCHEDULE:
            return _PROGRAMME_HEAT[bisect_right(_PROGRAMME_HOURS, time % DAY) - 1], _PROGRAMME_COOL
        return self.fixed_heat, self.fixed_cool

    def kept(self, within: Band, time: float) -> Path:
        """Return the way from the temperature reached into a band."""
        return within.reached_from(time, self.path.at(time).value)


# What each command does (api §15.3 #40).


def _heat(course: HvacCourse, values: Mapping[str, float], time: float) -> HvacCourse:
    target = values[TARGET]
    return replace(course, mode=HEAT, fixed_heat=target, path=course.kept(band(low=target), time))


def _cool(course: HvacCourse, values: Mapping[str, float], time: float) -> HvacCourse:
    target = values[TARGET]
    return replace(course, mode=COOL, fixed_cool=target, path=course.kept(band(high=target), time))


def _auto(course: HvacCourse, values: Mapping[str, float], time: float) -> HvacCourse:
    low, high = values[HEAT_SETPOINT], values[COOL_SETPOINT]
    return replace(course, mode=AUTO, fixed_heat=low, fixed_cool=high, path=course.kept(band(low, high), time))


def _idle(course: HvacCourse, _values: Mapping[str, float], time: float) -> HvacCourse:
    return replace(course, mode=_OFF, path=course.kept(band(), time))


def _follow_schedule(course: HvacCourse, _values: Mapping[str, float], time: float) -> HvacCourse:
    return replace(course, mode=AUTO, hold=FOLLOW_SCHEDULE, path=course.kept(PROGRAMME, time))


_COURSES: Mapping[str, Callable[[HvacCourse, Mapping[str, float], float], HvacCourse]] = {
    HEAT: _heat,
    COOL: _cool,
    AUTO: _auto,
    IDLE: _idle,
    FOLLOW_SCHEDULE: _follow_schedule,
}

_CELSIUS = ParameterSpec("celsius", 10, 35)
_COMMANDS = {
    HEAT: CommandSpec(execution=ANY_EXECUTION, parameters={TARGET: _CELSIUS}, required=(TARGET,)),
    COOL: CommandSpec(execution=ANY_EXECUTION, parameters={TARGET: _CELSIUS}, required=(TARGET,)),
    AUTO: CommandSpec(
        execution=OPEN_ENDED,
        parameters={HEAT_SETPOINT: _CELSIUS, COOL_SETPOINT: _CELSIUS},
        required=(HEAT_SETPOINT, COOL_SETPOINT),
        ascending=(HEAT_SETPOINT, COOL_SETPOINT),
    ),
    IDLE: CommandSpec(execution=OPEN_ENDED),
    FOLLOW_SCHEDULE: CommandSpec(execution=(IMMEDIATE,)),
}

NEST_LEARNING = HvacModel(
    vendor="Nest", name="Learning Thermostat", commands=_COMMANDS, conflict_strategies=(CANCEL_AND_REPLACE,)
)
NEST_E = HvacModel(vendor="Nest", name="Thermostat E", commands=_COMMANDS, conflict_strategies=(CANCEL_AND_REPLACE,))

HVAC = DeviceType(
    name="hvac",
    segment="hvac",
    home=(NEST_LEARNING, NEST_E),
    catalogue=(NEST_LEARNING, NEST_E),
    pushable=True,
)
