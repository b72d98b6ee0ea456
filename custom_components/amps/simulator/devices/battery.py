"""Batteries (api §4.3)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import cast, override

from ..fields import saved_as
from ..physics.paths import Acceptance, Curve, Hold, Path, approach, ramp
from ..wire import JSON, rounded
from .base import (
    ANY_EXECUTION,
    CANCEL_AND_REPLACE,
    IDLE,
    OPEN_ENDED,
    QUEUE_AFTER,
    WINDOWED,
    ActiveCommand,
    Behaviour,
    CommandSpec,
    DeviceType,
    InitialState,
    Model,
    ParameterSpec,
    SettingSpec,
    active_command_error,
    level_error,
)
from .baselines import battery_level
from .battery_days import Limits, balanced_day, export_day

CHARGE = "charge"
DISCHARGE = "discharge"
AUTO_BALANCED = "auto.balanced"
AUTO_RESERVE = "auto.reserve"
AUTO_EXPORT = "auto.export"

DISCHARGE_FLOOR = "discharge_floor"
CHARGE_CEILING = "charge_ceiling"
SAFETY_RESERVE = "safety_reserve"
EXPORT_LIMIT = "export_limit"
MAX_CHARGE_RATE = "max_charge_rate"
MAX_DISCHARGE_RATE = "max_discharge_rate"
SCHEDULER_ENABLED = "scheduler_enabled"

_FULL = 100.0
_NEARLY_FULL = 92.0
"""Percent from which on a battery takes less and less; the documented day stays below it (api §15.2 #57)."""
_OVERFULL = 102.0
"""Percent at which it would take nothing any more, so that it becomes full within a finite time."""

_AT_REST, _EMPTIED = "idle", "standby"
_SHOWN = 0.005
"""Percent: levels closer than that read the same."""
_RESERVE_SPEED = 10.0  # percent per hour: how slowly `auto.reserve` fills the battery (api §15.3 #44)


@dataclass(frozen=True, slots=True, kw_only=True)
class BatteryInitialState(InitialState):
    """The level in percent and the command; `resting` until the first command."""

    level: float
    active_command: ActiveCommand = field(metadata=saved_as("directive"))
    resting: bool = False


@dataclass(frozen=True, kw_only=True, eq=False)
class BatteryModel(Model):
    """A kind of battery.

    Capacity in kWh, power at the terminals in kW, the volts that turn a limit in amps into kW, the floor in percent
    without settings, and the shares of the energy that are left on the way in and on the way out.
    """

    capacity: float
    max_power: float
    volts: float = 51.2
    floor: float = 10
    charge_efficiency: float = 0.95
    discharge_efficiency: float = 0.95

    @property
    def resting_mode(self) -> str:
        """Return the mode of a battery that was never commanded (api §15.3 #45)."""
        return AUTO_BALANCED if AUTO_BALANCED in self.commands else IDLE

    def limits(self, settings: Mapping[str, float]) -> Limits:
        """Return what binds the battery under its settings (api §15.3 #39)."""
        charge = min(self.max_power, self._kilowatts(settings.get(MAX_CHARGE_RATE)))
        discharge = min(self.max_power, self._kilowatts(settings.get(MAX_DISCHARGE_RATE)))
        export = min(discharge, settings.get(EXPORT_LIMIT, self.max_power * 1000) / 1000)
        return Limits(
            floor=max(settings.get(DISCHARGE_FLOOR, self.floor), settings.get(SAFETY_RESERVE, 0)),
            ceiling=settings.get(CHARGE_CEILING, _FULL),
            up=self.rise(charge),
            down=self.fall(discharge),
            export=self.fall(export),
        )

    def rise(self, power: float) -> float:
        """Return how fast a power that goes in lifts the level: kW into percent per hour."""
        return power * self.charge_efficiency / self.capacity * 100

    def fall(self, power: float) -> float:
        """Return how fast a power that comes out lowers the level: kW into percent per hour."""
        return power / self.discharge_efficiency / self.capacity * 100

    def power(self, speed: float) -> float:
        """Return the power at the terminals at which the level moves: percent per hour into signed kW."""
        inside = speed * self.capacity / 100
        return inside / self.charge_efficiency if speed > 0 else inside * self.discharge_efficiency

    @cached_property
    def acceptance(self) -> Acceptance:
        """Return how fast the battery takes what it is given."""
        return Acceptance(limit=_OVERFULL, hours=(_OVERFULL - _NEARLY_FULL) / self.rise(self.max_power))

    @override
    def default_behaviour(self, spread: float) -> BatteryBehaviour:
        limits, usual = self.limits(self.default_settings), battery_level(spread)
        return BatteryBehaviour(
            model=self,
            usual=usual,
            active_command=ActiveCommand(self.resting_mode),
            limits=limits,
            path=balanced_day(usual, limits),
            resting=True,
        )

    @override
    def initial_state(self) -> type[BatteryInitialState]:
        return BatteryInitialState

    @override
    def state_error(self, initial: InitialState) -> str | None:
        state = cast("BatteryInitialState", initial)
        return level_error(state.level) or active_command_error(self.commands, state.active_command)

    def _kilowatts(self, amps: float | None) -> float:
        return self.max_power if amps is None else amps * self.volts / 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class BatteryBehaviour(Behaviour):
    """A battery under one command and one set of limits; `resting` until the first command.

    `usual` is the day that it follows where it decides by itself, percent. `level` is the one that it began with, None
    while nothing was ever done to it.
    """

    model: BatteryModel
    usual: Curve
    active_command: ActiveCommand
    limits: Limits
    path: Path
    resting: bool = False
    level: float | None = None

    @override
    def with_command(self, active_command: ActiveCommand, time: float) -> BatteryBehaviour:
        initial = BatteryInitialState(level=self.path.at(time).value, active_command=active_command)
        return self._from_state(initial, self.limits, time)

    @override
    def with_settings(self, settings: Mapping[str, float], time: float) -> BatteryBehaviour:
        initial = BatteryInitialState(
            level=self.path.at(time).value, active_command=self.active_command, resting=self.resting
        )
        return self._from_state(initial, self.model.limits(settings), time)

    @override
    def restored(self, initial: InitialState, settings: Mapping[str, float], time: float) -> BatteryBehaviour:
        return self._from_state(cast("BatteryInitialState", initial), self.model.limits(settings), time)

    def _from_state(self, initial: BatteryInitialState, limits: Limits, time: float) -> BatteryBehaviour:
        """Return the behaviour that begins with a state at an instant."""
        behaviour = BatteryBehaviour(
            model=self.model,
            usual=self.usual,
            active_command=initial.active_command,
            limits=limits,
            path=Hold(initial.level),
            resting=initial.resting,
            level=initial.level,
        )
        steer = _PATHS[AUTO_BALANCED if initial.resting else initial.active_command.command]
        return replace(behaviour, path=steer(behaviour, initial.active_command.values, time))

    @property
    @override
    def initial(self) -> BatteryInitialState | None:
        if self.level is None:
            return None
        return BatteryInitialState(level=self.level, active_command=self.active_command, resting=self.resting)

    @override
    def report(self, time: float) -> dict[str, JSON]:
        level, speed = self.path.at(time)
        power = rounded(self.model.power(speed), 3)
        return {
            "status": "charging" if power > 0 else "discharging" if power < 0 else self._rest(level),
            "capacity": self.model.capacity,
            "level": rounded(level, 2),
            "chargeRate": power,
            "dischargeLimit": self.limits.floor,
            "currentMode": self.active_command.command,
        }

    def _rest(self, level: float) -> str:
        """Return how a battery without power rests: on standby where its floor alone keeps it from giving more.

        One commanded to idle, to charge, or to stop just there has done that (api §4.3, §11.1).
        """
        target = self.active_command.values.get("target", 0.0)
        emptied = self.active_command.command in _GIVING and target < self.limits.floor
        return _EMPTIED if emptied and level <= self.limits.floor + _SHOWN else _AT_REST


def _charge(behaviour: BatteryBehaviour, values: Mapping[str, float], time: float) -> Path:
    """Charge to the target or the ceiling; above both it rests under its command (api §4.3)."""
    level, limits = behaviour.path.at(time).value, behaviour.limits
    stop = min(values.get("target", _FULL), limits.ceiling)
    speed = behaviour.model.rise(values.get("power", behaviour.model.max_power))
    return behaviour.model.acceptance.rise(time, level, stop, min(limits.up, speed))


def _discharge(behaviour: BatteryBehaviour, values: Mapping[str, float], time: float) -> Path:
    """Discharge to the highest of target, reserve and floor."""
    level, limits = behaviour.path.at(time).value, behaviour.limits
    stop = max(values.get("target", 0.0), values.get("reserve", 0.0), limits.floor)
    speed = behaviour.model.fall(values.get("power", behaviour.model.max_power))
    return ramp(time, level, min(stop, level), min(limits.down, speed))


def _idle(behaviour: BatteryBehaviour, _values: Mapping[str, float], time: float) -> Path:
    return Hold(behaviour.path.at(time).value)


def _auto_reserve(behaviour: BatteryBehaviour, _values: Mapping[str, float], time: float) -> Path:
    level, limits = behaviour.path.at(time).value, behaviour.limits
    return behaviour.model.acceptance.rise(time, level, limits.ceiling, min(limits.up, _RESERVE_SPEED))


def _auto_balanced(behaviour: BatteryBehaviour, _values: Mapping[str, float], time: float) -> Path:
    return _follow(behaviour, balanced_day(behaviour.usual, behaviour.limits), time)


def _auto_export(behaviour: BatteryBehaviour, _values: Mapping[str, float], time: float) -> Path:
    return _follow(behaviour, export_day(behaviour.usual, behaviour.limits), time)


def _follow(behaviour: BatteryBehaviour, day: Curve, time: float) -> Path:
    """Return to a day and follow it; one that reaches where the battery tapers is a floor, the same at all hours."""
    level, limits = behaviour.path.at(time).value, behaviour.limits
    goal = day.values[0]
    if goal > max(level, _NEARLY_FULL):
        return behaviour.model.acceptance.rise(time, level, goal, limits.up)
    return approach(time, level, day, limits.up, limits.down)


_GIVING = frozenset({DISCHARGE, AUTO_BALANCED, AUTO_EXPORT})
"""The modes that take out what they can."""

_PATHS: Mapping[str, Callable[[BatteryBehaviour, Mapping[str, float], float], Path]] = {
    CHARGE: _charge,
    DISCHARGE: _discharge,
    IDLE: _idle,
    AUTO_BALANCED: _auto_balanced,
    AUTO_RESERVE: _auto_reserve,
    AUTO_EXPORT: _auto_export,
}


def _percent(low: float = 0, high: float = 100) -> ParameterSpec:
    return ParameterSpec("percent", low, high)


def _movement(power: float | None, execution: tuple[str, ...], *, reserve: bool = True) -> CommandSpec:
    """Return the declaration of `charge` or `discharge`; not every manufacturer takes a power."""
    parameters = {"target": _percent(10)}
    if power is not None:
        parameters["power"] = ParameterSpec("kw", 0, power)
    if reserve:
        parameters["reserve"] = _percent()
    return CommandSpec(execution=execution, parameters=parameters)


_STANDING = CommandSpec(execution=OPEN_ENDED)
_FLOOR_AND_CEILING = {
    DISCHARGE_FLOOR: SettingSpec(default=10, unit="percent", low=0, high=100),
    CHARGE_CEILING: SettingSpec(default=100, unit="percent", low=0, high=100),
}
_BOTH_STRATEGIES = (CANCEL_AND_REPLACE, QUEUE_AFTER)

FOXESS_H1 = BatteryModel(
    vendor="FoxESS",
    name="H1-5.0-E",
    capacity=10.4,
    max_power=5,
    conflict_strategies=_BOTH_STRATEGIES,
    commands={
        CHARGE: _movement(5, ANY_EXECUTION),
        DISCHARGE: _movement(5, ANY_EXECUTION),
        IDLE: _STANDING,
        AUTO_BALANCED: _STANDING,
        AUTO_RESERVE: _STANDING,
        AUTO_EXPORT: _STANDING,
    },
    settings={
        **_FLOOR_AND_CEILING,
        SAFETY_RESERVE: SettingSpec(default=5, unit="percent", low=0, high=100),
        EXPORT_LIMIT: SettingSpec(default=5000, unit="watts", low=0, high=10000),
        MAX_CHARGE_RATE: SettingSpec(default=100, unit="amps", low=0, high=1000),
        MAX_DISCHARGE_RATE: SettingSpec(default=100, unit="amps", low=0, high=1000),
        SCHEDULER_ENABLED: SettingSpec(default=False),
    },
)

FOXESS_WINDOWED = BatteryModel(
    vendor="foxess",
    name="EP11",
    capacity=10.36,
    max_power=6,
    conflict_strategies=_BOTH_STRATEGIES,
    commands={
        CHARGE: _movement(6, (WINDOWED,)),
        DISCHARGE: _movement(6, (WINDOWED,)),
        IDLE: _STANDING,
        AUTO_BALANCED: _STANDING,
        AUTO_RESERVE: _STANDING,
    },
    settings=_FLOOR_AND_CEILING,
)

GIVENERGY = BatteryModel(
    vendor="GivEnergy",
    name="Giv-Bat 9.5",
    capacity=9.5,
    max_power=3.6,
    conflict_strategies=_BOTH_STRATEGIES,
    commands={
        CHARGE: _movement(None, ANY_EXECUTION, reserve=False),
        DISCHARGE: _movement(None, ANY_EXECUTION, reserve=False),
        IDLE: _STANDING,
    },
    settings={
        DISCHARGE_FLOOR: SettingSpec(default=10, unit="percent", low=0, high=100, bounds_shown=False),
        EXPORT_LIMIT: SettingSpec(default=3600, unit="watts", low=0, high=20000, bounds_shown=False),
    },
)

POWERWALL = BatteryModel(
    vendor="Tesla",
    name="Powerwall 2",
    capacity=13.5,
    max_power=5,
    conflict_strategies=_BOTH_STRATEGIES,
    commands={
        CHARGE: _movement(5, ANY_EXECUTION),
        DISCHARGE: _movement(5, ANY_EXECUTION),
        IDLE: _STANDING,
        AUTO_BALANCED: _STANDING,
        AUTO_RESERVE: _STANDING,
    },
    settings={
        **_FLOOR_AND_CEILING,
        SAFETY_RESERVE: SettingSpec(default=5, unit="percent", low=0, high=100),
    },
)

SOLAREDGE = BatteryModel(
    vendor="SolarEdge",
    name="Home Battery 10",
    capacity=9.7,
    max_power=5,
    volts=400,
    conflict_strategies=(CANCEL_AND_REPLACE,),
    commands={
        CHARGE: _movement(5, ANY_EXECUTION),
        DISCHARGE: _movement(5, ANY_EXECUTION),
        IDLE: _STANDING,
        AUTO_BALANCED: _STANDING,
        AUTO_EXPORT: _STANDING,
    },
    settings={
        **_FLOOR_AND_CEILING,
        MAX_CHARGE_RATE: SettingSpec(default=25, unit="amps", low=0, high=1000),
        MAX_DISCHARGE_RATE: SettingSpec(default=25, unit="amps", low=0, high=1000),
    },
)

BATTERY = DeviceType(
    name="battery",
    segment="battery",
    showcase=(FOXESS_H1, FOXESS_WINDOWED, GIVENERGY),
    catalogue=(FOXESS_H1, GIVENERGY, POWERWALL, FOXESS_WINDOWED, SOLAREDGE),
    pushable=True,
    live_pushable=True,
    configurable=True,
)
