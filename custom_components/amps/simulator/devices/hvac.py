"""Thermostats (api §4.5)."""

from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import cast, override

from ..fields import Number
from ..physics.daily import daily_path
from ..physics.paths import DAY, Curve, Hold, Path
from ..wire import JSON, rounded
from .base import (
    ANY_EXECUTION,
    CANCEL_AND_REPLACE,
    IDLE,
    IMMEDIATE,
    OPEN_ENDED,
    ActiveCommand,
    Behaviour,
    CommandSpec,
    DeviceType,
    InitialState,
    Model,
    ParameterSpec,
)
from .house import TemperatureBand, drift, temperature_band

HEAT = "heat"
COOL = "cool"
AUTO = "auto"
FOLLOW_SCHEDULE = "follow_schedule"
_AFTER_WINDOW = "held"
"""In the place of a command, after the end of a window; saved states have it as `held`."""
_OFF = "off"
_PAUSED = (IDLE, _AFTER_WINDOW)
_PERMANENT = "permanent"

TARGET = "target"
HEAT_SETPOINT = "heatSetpoint"
COOL_SETPOINT = "coolSetpoint"

# The programme by hour of UTC: the setpoints that a thermostat shows, and the floor of the temperature. The floor
# rises evenly to a higher setpoint, and falls at once to a lower one.
_PROGRAMME_HOURS = (0, 6, 9, 16, 22)
_PROGRAMME_HEAT = (17.5, 21, 19, 21, 17.5)
_PROGRAMME_COOL = 25.0
_AT_ONCE = 0.01
_PROGRAMME_FLOOR = (
    *((6, 17.5), (7.75, 21), (9, 21), (9 + _AT_ONCE, 19)),
    *((16, 19), (17, 21), (22, 21), (22 + _AT_ONCE, 17.5)),
)
_WARMER = (0.0, 0.5, 1.0, -0.5, -1.0)
"""By how many °C programmes differ (design §8); they are few, since computing the band of each takes time."""
_EARLIER = (0.0, 0.25, 0.5, -0.25, -0.5)
"""By how many hours they differ."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """The programme of a thermostat: by how many °C it is warmer and how many hours earlier, and its band."""

    warmer: float
    earlier: float
    band: TemperatureBand

    def setpoints(self, time: float) -> tuple[float, float]:
        """Return the setpoints for heating and cooling at an instant."""
        part = bisect_right(_PROGRAMME_HOURS, (time + self.earlier) % DAY) - 1
        return _PROGRAMME_HEAT[part] + self.warmer, _PROGRAMME_COOL


def programme(spread: float) -> Programme:
    """Return the programme of a thermostat; a spread of 0 (of 0 to 1) is the one above, unchanged."""
    earlier, warmer = divmod(int(spread * len(_EARLIER) * len(_WARMER)), len(_WARMER))
    return _programme(_WARMER[warmer], _EARLIER[earlier])


@lru_cache
def _programme(warmer: float, earlier: float) -> Programme:
    floor = Curve.through((hour, heat + warmer) for hour, heat in _PROGRAMME_FLOOR).earlier(earlier)
    return Programme(warmer=warmer, earlier=earlier, band=TemperatureBand(floor, Curve.through([(0, _PROGRAMME_COOL)])))


_EARLY = 0.0
"""Hours since the epoch, long before any reading, when a house that was never commanded started its programme."""
_COLDEST, _HOTTEST = -100, 100
"""°C, beyond which no house is."""
_NEGLIGIBLE = 1e-6
"""°C per hour: less than that counts as no heating and no cooling."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HvacInitialState(InitialState):
    """Temperature and setpoints in °C, the command, and the mode, which a pause does not change."""

    temperature: float
    command: str
    mode: str
    heat: Number
    cool: Number


@dataclass(frozen=True, kw_only=True, eq=False)
class HvacModel(Model):
    """A model of thermostat."""

    @override
    def default_behaviour(self, spread: float) -> HvacBehaviour:
        own = programme(spread)
        return HvacBehaviour(programme=own, path=daily_path(_EARLY, own.setpoints(_EARLY)[0], own.band))

    @override
    def initial_state(self) -> type[HvacInitialState]:
        return HvacInitialState

    @override
    def state_error(self, initial: InitialState) -> str | None:
        state = cast("HvacInitialState", initial)
        if not _COLDEST <= state.temperature <= _HOTTEST:
            return f"the temperature must be from {_COLDEST} to {_HOTTEST}"
        if state.command not in {*self.commands, _AFTER_WINDOW} or state.mode not in _MODES.values():
            return "must have a command and a mode of the device"
        if not all(_CELSIUS.low <= setpoint <= _CELSIUS.high for setpoint in (state.heat, state.cool)):
            return f"the setpoints must be from {_CELSIUS.low} to {_CELSIUS.high}"
        return "heat must be below cool" if state.command == AUTO and state.heat >= state.cool else None


@dataclass(frozen=True, slots=True, kw_only=True)
class HvacBehaviour(Behaviour):
    """A house under one command with its setpoints; under its `programme` before the first command.

    `mode` is the present mode or the one before a pause; with `keeps_mode` it is reported in a pause as well.
    `temperature` is the initial temperature, None for a thermostat that was never commanded.
    """

    programme: Programme
    path: Path
    command: str = FOLLOW_SCHEDULE
    mode: str = AUTO
    heat: float = 0
    cool: float = 0
    temperature: float | None = None
    keeps_mode: bool = False

    @override
    def with_command(self, active_command: ActiveCommand, time: float) -> HvacBehaviour:
        heat, cool = self.setpoints(time)
        heat_name, cool_name = _SETPOINTS.get(active_command.command, (None, None))
        initial = HvacInitialState(
            temperature=self.path.at(time).value,
            command=active_command.command,
            mode=_MODES.get(active_command.command, self.mode),
            heat=active_command.values[heat_name] if heat_name else heat,
            cool=active_command.values[cool_name] if cool_name else cool,
        )
        return self._from_state(initial, time)

    @override
    def after_window(self, time: float) -> HvacBehaviour:
        """Return the behaviour after a window: paused at the temperature reached (api §6.3, §15.3 #41).

        No house stays at a temperature by itself, but that is what the API documents of the end of a window. After a
        command to idle the temperature follows the weather.
        """
        heat, cool = self.setpoints(time)
        temperature = self.path.at(time).value
        initial = HvacInitialState(temperature=temperature, command=_AFTER_WINDOW, mode=self.mode, heat=heat, cool=cool)
        return self._from_state(initial, time)

    @override
    def restored(self, initial: InitialState, settings: Mapping[str, float], time: float) -> HvacBehaviour:
        return self._from_state(cast("HvacInitialState", initial), time)

    @property
    @override
    def initial(self) -> HvacInitialState | None:
        if self.temperature is None:
            return None
        return HvacInitialState(
            temperature=self.temperature, command=self.command, mode=self.mode, heat=self.heat, cool=self.cool
        )

    @override
    def keeping_mode(self) -> HvacBehaviour:
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
        """Return the setpoints for heating and cooling in force at an instant."""
        if self.command == FOLLOW_SCHEDULE:
            return self.programme.setpoints(time)
        return self.heat, self.cool

    def _from_state(self, initial: HvacInitialState, time: float) -> HvacBehaviour:
        """Return the behaviour that starts with a state at a time."""
        return HvacBehaviour(
            programme=self.programme,
            path=self._path(initial, time),
            command=initial.command,
            mode=initial.mode,
            heat=initial.heat,
            cool=initial.cool,
            temperature=initial.temperature,
        )

    def _path(self, initial: HvacInitialState, time: float) -> Path:
        if initial.command == _AFTER_WINDOW:
            return Hold(initial.temperature)
        band = (
            self.programme.band if (make := _BANDS.get(initial.command)) is None else make(initial.heat, initial.cool)
        )
        return band.reached_from(time, initial.temperature)


# The effect of each command (api §15.3 #40).
_MODES = {HEAT: HEAT, COOL: COOL, AUTO: AUTO, FOLLOW_SCHEDULE: AUTO}
"""The mode that a command sets; the others pause and do not change it."""
_SETPOINTS = {HEAT: (TARGET, None), COOL: (None, TARGET), AUTO: (HEAT_SETPOINT, COOL_SETPOINT)}
"""The parameters that set the setpoints for heating and cooling; the others do not change."""
_BANDS: Mapping[str, Callable[[float, float], TemperatureBand]] = {
    HEAT: lambda heat, _cool: temperature_band(low=heat),
    COOL: lambda _heat, cool: temperature_band(high=cool),
    AUTO: temperature_band,
    IDLE: lambda _heat, _cool: temperature_band(),
}
"""The band of the house, by its setpoints; under `idle` it has no bounds, under a command without an entry it is that
of the programme."""

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
    showcase=(NEST_LEARNING, NEST_E),
    catalogue=(NEST_LEARNING, NEST_E),
    pushable=True,
)
