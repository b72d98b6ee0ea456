"""Vehicles: readings only (api §4.7). The commands of a charger act on its vehicle."""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import override

from ..physics.daily import Clamp, DailyModel, daily_path
from ..physics.paths import Curve, Path
from ..wire import JSON, rounded
from .base import Behaviour, DeviceType, Model
from .baselines import vehicle_level

_RANGE_PER_KWH = 3.7  # api §15.2 #14
_MINUTES = 60
_MIN_LEVEL = 10.0
"""Percent at which it is not driven any further."""
_FULL = 100.0
_NEGLIGIBLE = 1e-9


class VehicleUse(DailyModel):
    """The daily model of a vehicle: driven as on its usual day, charged towards a goal at a speed while plugged in."""

    def __init__(self, usual: Curve, goal: Curve, speed: float) -> None:
        """Create the model of two daily curves in percent, and a speed in percent per hour."""
        self._usual, self._goal, self._speed = usual, goal, speed
        super().__init__(tuple(sorted({0.0, *usual.hours, *goal.hours})))

    @override
    def interval_map(self, season: int, begin: float, end: float) -> Clamp:
        used = self._usual.at((begin + end) / 2).rate
        if used < 0:
            return Clamp(1.0, used * (end - begin), _MIN_LEVEL, _FULL)
        return Clamp(1.0, self._speed * (end - begin), 0.0, self._goal.at(end).value)

    @override
    def rate(self, time: float, value: float) -> float:
        used = self._usual.at(time).rate
        if used < 0:
            return used if value > _MIN_LEVEL + _NEGLIGIBLE else 0.0
        goal, rise = self._goal.at(time)
        return self._speed if value < goal - _NEGLIGIBLE else min(self._speed, rise)


_vehicle_use = lru_cache(maxsize=1024)(VehicleUse)


@dataclass(frozen=True, kw_only=True, eq=False)
class VehicleModel(Model):
    """A model of vehicle: usable capacity in kWh, charge limit in percent, maximum power in kW and current in A.

    The charge limit is not below the maximum of the usual day.
    """

    capacity: float
    charge_limit: float
    max_power: float
    max_current: float

    @override
    def default_behaviour(self, spread: float) -> VehicleBehaviour:
        return self.with_usual_day(vehicle_level(spread))

    def with_usual_day(self, usual: Curve) -> VehicleBehaviour:
        """Return the behaviour of a vehicle without commands: its usual day, levels in percent."""
        return VehicleBehaviour(model=self, usual=usual, path=usual)


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleBehaviour(Behaviour):
    """A vehicle that is away as on its usual day; its charger determines the power while it is plugged in."""

    model: VehicleModel
    usual: Curve
    path: Path

    def charged(self, power: float, time: float, *, to_limit: bool) -> VehicleBehaviour:
        """Return the behaviour with a charger of up to `power` kW, to the charge limit or to the usual level."""
        goal = Curve.through([(0, self.model.charge_limit)]) if to_limit else self.usual
        speed = min(power, self.model.max_power) / self.model.capacity * 100
        return replace(self, path=daily_path(time, self.path.at(time).value, _vehicle_use(self.usual, goal, speed)))

    def plugged(self, time: float) -> bool:
        """Return whether it is plugged in."""
        return self.usual.at(time).rate > 0

    def power(self, time: float) -> float:
        """Return the charging power, kW."""
        return max(self.path.at(time).rate, 0.0) * self.model.capacity / 100

    @override
    def report(self, time: float) -> dict[str, JSON]:
        model = self.model
        level, speed = self.path.at(time)
        power = rounded(max(speed, 0.0) * model.capacity / 100, 3)
        shown = rounded(level, 2)
        return {
            "batteryLevel": shown,
            "range": round(level / 100 * model.capacity * _RANGE_PER_KWH),
            "plugged": power > 0 or self.plugged(time),
            "charging": power > 0,
            "fullyCharged": shown >= model.charge_limit,
            "batteryCapacity": model.capacity,
            "chargeLimit": model.charge_limit,
            "chargeRate": power,
            "chargeTimeRemaining": round((model.charge_limit - level) / speed * _MINUTES) if power > 0 else 0,
            "maxCurrent": model.max_current,
        }


TESLA = VehicleModel(
    vendor="Tesla", name="Model 3 Long Range", capacity=75, charge_limit=95, max_power=11, max_current=32
)
RIVIAN = VehicleModel(
    vendor="Rivian",
    name="R1T",
    capacity=131,
    charge_limit=95,
    max_power=11.5,
    max_current=48,
    unreported=frozenset({"range", "chargeTimeRemaining", "maxCurrent"}),
)
TESLA_Y = VehicleModel(vendor="Tesla", name="Model Y", capacity=77, charge_limit=100, max_power=11, max_current=32)

VEHICLE = DeviceType(
    name="vehicle",
    segment="vehicle",
    showcase=(TESLA, RIVIAN),
    catalogue=(TESLA, RIVIAN, TESLA_Y),
)
