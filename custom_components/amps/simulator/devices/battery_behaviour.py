"""The behaviour of a battery: its level under each command, within the limits of its settings (api §4.3)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import cast, override

from ..fields import saved_as
from ..physics.paths import Curve, Hold, Path, approach, ramp
from ..wire import JSON, rounded
from .base import (
    IDLE,
    ActiveCommand,
    Behaviour,
    InitialState,
    Model,
    active_command_error,
    level_error,
)
from .baselines import battery_level
from .battery_auto_modes import Limits, balanced_day, export_day
from .battery_taper import TAPER_START, ChargeAcceptance, charge_acceptance

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

_FULL = 100.0
_IDLE_STATUS, _STANDBY_STATUS = "idle", "standby"
_RESOLUTION = 0.005
"""Percent: levels closer than that read the same."""
_RESERVE_SPEED = 10.0
"""Percent per hour, at which `auto.reserve` fills the battery (api §15.3 #44)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatteryInitialState(InitialState):
    """The level in percent and the command; `uncommanded` is whether there has been no command yet."""

    level: float
    active_command: ActiveCommand = field(metadata=saved_as("directive"))
    uncommanded: bool = field(default=False, metadata=saved_as("resting"))


@dataclass(frozen=True, kw_only=True, eq=False)
class BatteryModel(Model):
    """A model of battery.

    Capacity in kWh, power at the terminals in kW, the volts that convert a limit in amps to kW, the floor in percent
    where no setting says another, and the efficiencies of charging and discharging (0 to 1).
    """

    capacity: float
    max_power: float
    volts: float = 51.2
    floor: float = 10
    charge_efficiency: float = 0.95
    discharge_efficiency: float = 0.95

    @property
    def default_mode(self) -> str:
        """Return the mode of a battery before its first command (api §15.3 #45)."""
        return AUTO_BALANCED if AUTO_BALANCED in self.commands else IDLE

    def limits(self, settings: Mapping[str, float]) -> Limits:
        """Return the limits of the battery under its settings (api §15.3 #39)."""
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
        """Return how fast a charging power raises the level: kW to percent per hour."""
        return power * self.charge_efficiency / self.capacity * 100

    def fall(self, power: float) -> float:
        """Return how fast a discharging power lowers the level: kW to percent per hour."""
        return power / self.discharge_efficiency / self.capacity * 100

    def power(self, speed: float) -> float:
        """Return the power at the terminals for a speed of the level: percent per hour to signed kW."""
        inside = speed * self.capacity / 100
        return inside / self.charge_efficiency if speed > 0 else inside * self.discharge_efficiency

    @cached_property
    def acceptance(self) -> ChargeAcceptance:
        """Return how fast the level can rise at most, which depends on the level."""
        return charge_acceptance(self.rise(self.max_power))

    @override
    def default_behaviour(self, spread: float) -> BatteryBehaviour:
        limits, usual = self.limits(self.default_settings), battery_level(spread)
        return BatteryBehaviour(
            model=self,
            usual=usual,
            active_command=ActiveCommand(self.default_mode),
            limits=limits,
            path=balanced_day(usual, limits),
            uncommanded=True,
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
    """A battery under one command and one set of limits; `uncommanded` before the first command.

    `usual` is the daily curve of its level in automatic modes, percent. `level` is the initial level of the behaviour,
    None for a device that was never commanded nor set.
    """

    model: BatteryModel
    usual: Curve
    active_command: ActiveCommand
    limits: Limits
    path: Path
    uncommanded: bool = False
    level: float | None = None

    @override
    def with_command(self, active_command: ActiveCommand, time: float) -> BatteryBehaviour:
        initial = BatteryInitialState(level=self.path.at(time).value, active_command=active_command)
        return self._from_state(initial, self.limits, time)

    @override
    def with_settings(self, settings: Mapping[str, float], time: float) -> BatteryBehaviour:
        initial = BatteryInitialState(
            level=self.path.at(time).value, active_command=self.active_command, uncommanded=self.uncommanded
        )
        return self._from_state(initial, self.model.limits(settings), time)

    @override
    def restored(self, initial: InitialState, settings: Mapping[str, float], time: float) -> BatteryBehaviour:
        return self._from_state(cast("BatteryInitialState", initial), self.model.limits(settings), time)

    def _from_state(self, initial: BatteryInitialState, limits: Limits, time: float) -> BatteryBehaviour:
        """Return the behaviour that starts with a state at a time."""
        behaviour = BatteryBehaviour(
            model=self.model,
            usual=self.usual,
            active_command=initial.active_command,
            limits=limits,
            path=Hold(initial.level),
            uncommanded=initial.uncommanded,
            level=initial.level,
        )
        path = _PATHS[AUTO_BALANCED if initial.uncommanded else initial.active_command.command]
        return replace(behaviour, path=path(behaviour, initial.active_command.values, time))

    @property
    @override
    def initial(self) -> BatteryInitialState | None:
        if self.level is None:
            return None
        return BatteryInitialState(level=self.level, active_command=self.active_command, uncommanded=self.uncommanded)

    @override
    def report(self, time: float) -> dict[str, JSON]:
        level, speed = self.path.at(time)
        power = rounded(self.model.power(speed), 3)
        return {
            "status": "charging" if power > 0 else "discharging" if power < 0 else self._status_without_power(level),
            "capacity": self.model.capacity,
            "level": rounded(level, 2),
            "chargeRate": power,
            "dischargeLimit": self.limits.floor,
            "currentMode": self.active_command.command,
        }

    def _status_without_power(self, level: float) -> str:
        """Return the status without power: standby where only the floor keeps the battery from discharging further.

        A battery commanded to idle, to charge, or to stop at just that level has done so (api §4.3, §11.1).
        """
        target = self.active_command.values.get("target", 0.0)
        stopped_by_floor = self.active_command.command in _DISCHARGING and target < self.limits.floor
        at_floor = level <= self.limits.floor + _RESOLUTION
        return _STANDBY_STATUS if stopped_by_floor and at_floor else _IDLE_STATUS


def _charge(behaviour: BatteryBehaviour, values: Mapping[str, float], time: float) -> Path:
    """Charge to the target or the ceiling; above both the level stays (api §4.3)."""
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
    """Return to a daily curve and follow it; one that reaches into the taper is a floor, the same at all hours."""
    level, limits = behaviour.path.at(time).value, behaviour.limits
    goal = day.values[0]
    if goal > max(level, TAPER_START):
        return behaviour.model.acceptance.rise(time, level, goal, limits.up)
    return approach(time, level, day, limits.up, limits.down)


_DISCHARGING = frozenset({DISCHARGE, AUTO_BALANCED, AUTO_EXPORT})
"""The modes that discharge as far as the limits allow."""

_PATHS: Mapping[str, Callable[[BatteryBehaviour, Mapping[str, float], float], Path]] = {
    CHARGE: _charge,
    DISCHARGE: _discharge,
    IDLE: _idle,
    AUTO_BALANCED: _auto_balanced,
    AUTO_RESERVE: _auto_reserve,
    AUTO_EXPORT: _auto_export,
}
