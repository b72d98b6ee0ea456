"""Vehicles: readings only (api §4.7)."""

from dataclasses import dataclass
from typing import override

from ..wire import JSON, rounded
from .base import Course, DeviceType, Model
from .baselines import VEHICLE_LEVEL, vehicle_plugged

_RANGE_PER_KWH = 3.7  # api §15.2 #14
_MINUTES = 60


@dataclass(frozen=True, kw_only=True, eq=False)
class VehicleModel(Model):
    """A kind of vehicle: usable kWh, the percent its owner charges to, the amps it takes."""

    capacity: float
    charge_limit: float
    max_current: float

    @override
    def undisturbed(self, variety: float) -> VehicleCourse:
        return VehicleCourse(model=self)


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleCourse(Course):
    """A vehicle on its documented day; it charges whenever it is plugged in and below its limit."""

    model: VehicleModel

    @override
    def report(self, time: float) -> dict[str, JSON]:
        model = self.model
        level, speed = VEHICLE_LEVEL.at(time)
        plugged = vehicle_plugged(time)
        charging = plugged and speed > 0 and level < model.charge_limit
        remaining = (model.charge_limit - level) / speed * _MINUTES if charging else 0
        return {
            "batteryLevel": rounded(level, 2),
            "range": round(level / 100 * model.capacity * _RANGE_PER_KWH),
            "plugged": plugged,
            "charging": charging,
            "fullyCharged": level >= model.charge_limit,
            "batteryCapacity": model.capacity,
            "chargeLimit": model.charge_limit,
            "chargeRate": rounded(speed * model.capacity / 100, 3) if charging else 0,
            "chargeTimeRemaining": round(remaining),
            "maxCurrent": model.max_current,
        }


TESLA = VehicleModel(vendor="Tesla", name="Model 3 Long Range", capacity=75, charge_limit=95, max_current=32)
RIVIAN = VehicleModel(
    vendor="Rivian",
    name="R1T",
    capacity=131,
    charge_limit=95,
    max_current=48,
    unreported=frozenset({"range", "chargeTimeRemaining", "maxCurrent"}),
)
TESLA_Y = VehicleModel(vendor="Tesla", name="Model Y", capacity=77, charge_limit=100, max_current=32)

VEHICLE = DeviceType(
    name="vehicle",
    segment="vehicle",
    home=(TESLA, RIVIAN),
    catalogue=(TESLA, RIVIAN, TESLA_Y),
)
