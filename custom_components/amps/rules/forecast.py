"""What a command will do to a level: how long it takes, and how much energy (design §6, `ready_by` and `expected`)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
import math
from typing import Final

from ..api.models import AnyDevice, Battery, EvCharger, Setting, Vehicle
from .capability import CommandRequest, bounds, find_value

_EFFICIENCY: Final = 0.95
"""The share of the energy that a home battery keeps on the way in, and gives on the way out."""
_TAPER_START: Final = 92.0
_TAPER_LIMIT: Final = 102.0
"""Percent: from the first on a battery takes less and less power, in proportion to what is missing to the second."""
_NEGLIGIBLE: Final = 0.01
"""Percent."""
_MAX_HOURS: Final = 10_000.0
"""What takes longer counts as never reached: no time that a person means lies as far ahead."""
_KILOWATTS: Final[Mapping[str, float]] = {"kw": 1.0, "watts": 0.001}
"""What a power in each unit is multiplied by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What to expect of a command; None where the readings do not allow it."""

    level: float | None = None
    """Percent at the end."""
    reached_at: datetime | None = None
    """When the wanted level is reached; None if it is not."""
    energy: float | None = None
    """kWh, as a meter at the device would count it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelChange:
    """A level that a command moves to a target; levels in percent, capacity in kWh, power in kW."""

    level: float
    target: float
    capacity: float
    power: float
    max_power: float | None = None
    """The power below the taper; None where there is no taper."""
    efficiency: float = 1.0
    """The energy stored or taken from store, as a share of the larger of that and the energy at the device."""

    @property
    def is_reached(self) -> bool:
        """Whether there is nothing to do."""
        return self._missing <= _NEGLIGIBLE

    @property
    def hours(self) -> float:
        """How long it takes to the target; infinite without power worth mentioning."""
        if self.is_reached:
            return 0.0
        if self._missing >= self._speed * _MAX_HOURS:
            return math.inf
        if not self._is_tapering:
            return self._missing / self._speed
        knee = min(max(self._knee, self.level), self.target)
        tapering = math.log((_TAPER_LIMIT - knee) / (_TAPER_LIMIT - self.target)) * self._taper_hours
        return (knee - self.level) / self._speed + tapering

    def level_after(self, hours: float) -> float:
        """Return the level after some hours."""
        if self.is_reached or self._speed <= 0:
            return self.level
        if hours >= self.hours:
            return self.target
        if not self._is_tapering:
            return self.level + math.copysign(self._speed * hours, self.target - self.level)
        to_knee = max(self._knee - self.level, 0.0) / self._speed
        if hours <= to_knee:
            return self.level + self._speed * hours
        begin = max(self._knee, self.level)
        return _TAPER_LIMIT - (_TAPER_LIMIT - begin) * math.exp(-(hours - to_knee) / self._taper_hours)

    def energy_to(self, level: float) -> float:
        """Return the energy at the device up to a level, kWh."""
        stored = abs(level - self.level) / 100 * self.capacity
        return stored / self.efficiency if self.target > self.level else stored * self.efficiency

    @property
    def _missing(self) -> float:
        return abs(self.target - self.level)

    @property
    def _speed(self) -> float:
        """Percent per hour."""
        factor = self.efficiency if self.target > self.level else 1 / self.efficiency
        return self.power * factor / self.capacity * 100

    @property
    def _is_tapering(self) -> bool:
        return self.max_power is not None and self.target > max(self.level, self._knee)

    @property
    def _taper_hours(self) -> float:
        """How long the way to the limit would take at full power."""
        full_speed = (self.max_power or self.power) * self.efficiency / self.capacity * 100
        return (_TAPER_LIMIT - _TAPER_START) / full_speed

    @property
    def _knee(self) -> float:
        """The level from which the taper is what limits the power."""
        return _TAPER_LIMIT - self._speed * self._taper_hours


def find_level_change(
    device: AnyDevice,
    settings: Mapping[str, Setting] | None,
    request: CommandRequest,
    vehicle: Vehicle | None,
) -> LevelChange | None:
    """Return how a command moves the level of a battery, or of the vehicle on a charger; None if that is unknown."""
    numbers = {
        name: float(setting.value)
        for name, setting in (settings or {}).items()
        if setting.unit in {"percent", "kw"} and isinstance(setting.value, int | float)
    }
    if isinstance(device, Battery):
        return _battery(device, numbers, request)
    if isinstance(device, EvCharger) and request.command == "charge":
        return _vehicle(device, numbers, vehicle)
    return None


def expect(change: LevelChange | None, begins_at: datetime, ends_at: datetime | None) -> Expected:
    """Return what to expect of a level change between two times, the second one None for until it is done."""
    if change is None:
        return Expected()
    if change.is_reached:
        return Expected(level=round(change.level, 1), reached_at=begins_at, energy=0.0)
    hours, lasts = change.hours, math.inf if ends_at is None else (ends_at - begins_at).total_seconds() / 3600
    level = change.level_after(min(hours, lasts))
    return Expected(
        level=round(level, 1),
        reached_at=begins_at + timedelta(hours=hours) if hours <= lasts and math.isfinite(hours) else None,
        energy=round(change.energy_to(level), 2),
    )


def _battery(battery: Battery, numbers: Mapping[str, float], request: CommandRequest) -> LevelChange | None:
    state, command = battery.state, battery.commands.get(request.command)
    level, capacity = state.level, state.capacity
    if level is None or not capacity or capacity <= 0 or command is None:
        return None
    if request.command == "idle":
        return LevelChange(level=level, target=level, capacity=capacity, power=0)
    declared = command.parameters.get("power")
    if request.command not in {"charge", "discharge"} or declared is None:
        return None
    if (factor := _KILOWATTS.get(declared.unit or "")) is None:
        return None
    limit = bounds(declared)[1]
    power, full = find_value(command, request, "power", limit) * factor, limit * factor
    if request.command == "charge":
        target = min(find_value(command, request, "target", 100.0), numbers.get("charge_ceiling", 100.0))
        return LevelChange(
            level=level,
            target=max(target, level),
            capacity=capacity,
            power=power,
            max_power=full,
            efficiency=_EFFICIENCY,
        )
    floors = (
        find_value(command, request, "target", 0.0),
        find_value(command, request, "reserve", 0.0),
        numbers.get("discharge_floor", 0.0),
        numbers.get("safety_reserve", 0.0),
        state.discharge_limit or 0.0,
    )
    return LevelChange(
        level=level, target=min(max(floors), level), capacity=capacity, power=power, efficiency=_EFFICIENCY
    )


def _vehicle(charger: EvCharger, numbers: Mapping[str, float], vehicle: Vehicle | None) -> LevelChange | None:
    """Return how a charger charges the vehicle on it, to the limit that is set there."""
    limits = [each for each in (charger.state.power_rate_limit, numbers.get("max_charge_rate")) if each]
    if vehicle is None or not limits:
        return None
    level, capacity, limit = (
        vehicle.state.battery_level,
        vehicle.state.battery_capacity,
        vehicle.state.charge_limit,
    )
    if level is None or not capacity or capacity <= 0 or limit is None:
        return None
    return LevelChange(level=level, target=max(limit, level), capacity=capacity, power=min(limits))
