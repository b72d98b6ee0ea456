"""Thermostats (api §4.5)."""

from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import override

from ..physics import DAY, Curve, Hold, Path, pursuit, ramp
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

HEAT = "heat"
COOL = "cool"
AUTO = "auto"
FOLLOW_SCHEDULE = "follow_schedule"
_OFF = "off"
_PERMANENT = "permanent"

TARGET = "target"
HEAT_SETPOINT = "heatSetpoint"
COOL_SETPOINT = "coolSetpoint"

# How fast a house changes, °C per hour: heated, cooled, and left alone.
_HEATING = 2.0
_COOLING = 1.5
_DRIFT = 0.5

# The thermostat's own programme, by the hour of UTC: the setpoints, and the temperature that a house with the speeds
# above takes under them.
_PROGRAMME_HOURS = (0, 6, 9, 16, 22)
_PROGRAMME_HEAT = (17.5, 21, 19, 21, 17.5)
_PROGRAMME_COOL = 25.0
PROGRAMME_TEMPERATURE = Curve.through(
    [(6, 17.5), (7.75, 21), (9, 21), (13, 19), (16, 19), (17, 21), (22, 21), (29, 17.5)]
)


@dataclass(frozen=True, kw_only=True, eq=False)
class HvacModel(Model):
    """A kind of thermostat."""

    @override
    def undisturbed(self, variety: float) -> HvacCourse:
        return HvacCourse(model=self, path=PROGRAMME_TEMPERATURE)


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
    def report(self, time: float) -> dict[str, JSON]:
        temperature, rate = self.path.at(time)
        heat, cool = self.setpoints(time)
        heating = self.mode in (HEAT, AUTO) and rate > 0
        cooling = self.mode in (COOL, AUTO) and rate < 0 and temperature > cool
        return {
            "temperature": rounded(temperature, 2),
            "active": heating or cooling,
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

    def towards(self, goal: float, time: float, *, up: float, down: float) -> Path:
        """Return the way from the temperature reached to a goal."""
        temperature = self.path.at(time).value
        return ramp(time, temperature, goal, up if goal > temperature else down)


# What each command does (api §15.3 #40); a house that only has to lose or gain what it was not asked for drifts.


def _heat(course: HvacCourse, values: Mapping[str, float], time: float) -> HvacCourse:
    target = values[TARGET]
    path = course.towards(target, time, up=_HEATING, down=_DRIFT)
    return replace(course, mode=HEAT, fixed_heat=target, path=path)


def _cool(course: HvacCourse, values: Mapping[str, float], time: float) -> HvacCourse:
    target = values[TARGET]
    path = course.towards(target, time, up=_DRIFT, down=_COOLING)
    return replace(course, mode=COOL, fixed_cool=target, path=path)


def _auto(course: HvacCourse, values: Mapping[str, float], time: float) -> HvacCourse:
    low, high = values[HEAT_SETPOINT], values[COOL_SETPOINT]
    goal = min(max(course.path.at(time).value, low), high)
    path = course.towards(goal, time, up=_HEATING, down=_COOLING)
    return replace(course, mode=AUTO, fixed_heat=low, fixed_cool=high, path=path)


def _idle(course: HvacCourse, _values: Mapping[str, float], time: float) -> HvacCourse:
    """Switch off; the temperature reached is kept, also at the end of a window (api §6.3, §15.3 #41)."""
    return replace(course, mode=_OFF, path=Hold(course.path.at(time).value))


def _follow_schedule(course: HvacCourse, _values: Mapping[str, float], time: float) -> HvacCourse:
    path = pursuit(time, course.path.at(time).value, PROGRAMME_TEMPERATURE, _HEATING, _COOLING)
    return replace(course, mode=AUTO, hold=FOLLOW_SCHEDULE, path=path)


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
