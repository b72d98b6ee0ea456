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
_HELD = "held"
"""In the place of a command: what the end of a window leaves."""
_OFF = "off"
_PAUSED = (IDLE, _HELD)
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
    """A house under one command and its setpoints; under its own programme until the first command.

    `mode` is the one that it is in, or was in before it was paused; `keeps_mode` says that it still reports it then.
    """

    model: HvacModel
    path: Path
    command: str = FOLLOW_SCHEDULE
    mode: str = AUTO
    fixed_heat: float = 0
    fixed_cool: float = 0
    keeps_mode: bool = False

    @override
    def told(self, directive: Directive, time: float) -> HvacCourse:
        heat, cool = self.setpoints(time)
        heat_name, cool_name = _SETPOINTS.get(directive.command, (None, None))
        course = replace(
            self,
            command=directive.command,
            mode=_MODES.get(directive.command, self.mode),
            fixed_heat=directive.values[heat_name] if heat_name else heat,
            fixed_cool=directive.values[cool_name] if cool_name else cool,
        )
        within = _BANDS[course.command](course.fixed_heat, course.fixed_cool)
        return replace(course, path=within.reached_from(time, self.path.at(time).value))

    @override
    def held(self, time: float) -> HvacCourse:
        """Pause and stay at the temperature reached (api §6.3, §15.3 #41).

        No house does that by itself; but it is what the API promises of the end of a window. One that was told to idle
        is promised nothing and goes with the weather.
        """
        heat, cool = self.setpoints(time)
        path = Hold(self.path.at(time).value)
        return replace(self, command=_HELD, fixed_heat=heat, fixed_cool=cool, path=path)

    @override
    def keeping_mode(self) -> HvacCourse:
        return replace(self, keeps_mode=True)

    @override
    def report(self, time: float) -> dict[str, JSON]:
        temperature, rate = self.path.at(time)
        heat, cool = self.setpoints(time)
        paused = self.command in _PAUSED
        return {
            "temperature": rounded(temperature, 2),
            "active": not paused and abs(rate - drift(time, temperature)) > _NEGLIGIBLE,
            "heatSetpoint": heat,
            "coolSetpoint": cool,
            "holdType": FOLLOW_SCHEDULE if self.command == FOLLOW_SCHEDULE else _PERMANENT,
            "mode": _OFF if paused and not self.keeps_mode else self.mode,
        }

    def setpoints(self, time: float) -> tuple[float, float]:
        """Return the setpoints for heating and cooling that hold at an instant."""
        if self.command == FOLLOW_SCHEDULE:
            return _PROGRAMME_HEAT[bisect_right(_PROGRAMME_HOURS, time % DAY) - 1], _PROGRAMME_COOL
        return self.fixed_heat, self.fixed_cool


# What each command does (api §15.3 #40).
_MODES = {HEAT: HEAT, COOL: COOL, AUTO: AUTO, FOLLOW_SCHEDULE: AUTO}
"""The mode that a command leads to; the others pause, and leave it."""
_SETPOINTS = {HEAT: (TARGET, None), COOL: (None, TARGET), AUTO: (HEAT_SETPOINT, COOL_SETPOINT)}
"""The parameters that become the setpoints for heating and cooling; the others stay."""
_BANDS: Mapping[str, Callable[[float, float], Band]] = {
    HEAT: lambda heat, _cool: band(low=heat),
    COOL: lambda _heat, cool: band(high=cool),
    AUTO: band,
    IDLE: lambda _heat, _cool: band(),
    FOLLOW_SCHEDULE: lambda _heat, _cool: PROGRAMME,
}
"""What the house is kept in, by its setpoints; under `idle` it goes with the weather."""

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
