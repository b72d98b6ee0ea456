"""EV chargers (api §4.4)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import override

from ..wire import JSON, rounded
from .base import (
    ANY_EXECUTION,
    CANCEL_AND_REPLACE,
    IDLE,
    OPEN_ENDED,
    CommandSpec,
    Course,
    DeviceType,
    Directive,
    Model,
    SettingSpec,
)
from .baselines import VEHICLE_LEVEL, vehicle_plugged

CHARGE = "charge"
MAX_CHARGE_RATE = "max_charge_rate"


@dataclass(frozen=True, kw_only=True, eq=False)
class EvChargerModel(Model):
    """A kind of charger and the vehicle that uses it.

    `max_current` in A and `power_limit` in kW are what the charger can do. The vehicle has `vehicle_capacity` in kWh
    and lives the documented day of vehicles (api §15.2 #43), `shift` hours earlier for people who work at night.
    """

    max_current: float
    power_limit: float
    vehicle_capacity: float
    shift: float = 0

    @override
    def undisturbed(self, variety: float) -> EvChargerCourse:
        return EvChargerCourse(model=self, max_power=self.max_power(self.default_settings))

    def max_power(self, settings: Mapping[str, float]) -> float:
        """Return the most that it delivers under its settings (api §15.3 #39), kW."""
        return min(self.power_limit, settings.get(MAX_CHARGE_RATE, self.power_limit))


@dataclass(frozen=True, slots=True, kw_only=True)
class EvChargerCourse(Course):
    """A charger under one command, or under none and then delivering what its vehicle takes."""

    model: EvChargerModel
    max_power: float
    command: str | None = None

    @override
    def told(self, directive: Directive, time: float) -> EvChargerCourse:
        return replace(self, command=directive.command)

    @override
    def tuned(self, settings: Mapping[str, float], time: float) -> EvChargerCourse:
        return replace(self, max_power=self.model.max_power(settings))

    @override
    def report(self, time: float) -> dict[str, JSON]:
        connected = vehicle_plugged(time + self.model.shift)
        power = rounded(self._power(time), 3) if connected else 0
        return {
            "status": "charging" if power > 0 else "connected" if connected else "available",
            "isConnected": connected,
            "isCharging": power > 0,
            "currentPower": power,
            "maxCurrent": self.model.max_current,
            "powerRateLimit": self.model.power_limit,
        }

    def _power(self, time: float) -> float:
        if self.command == CHARGE:
            return self.max_power
        if self.command == IDLE:
            return 0
        speed = VEHICLE_LEVEL.at(time + self.model.shift).rate
        return min(self.max_power, max(speed, 0) * self.model.vehicle_capacity / 100)


_COMMANDS = {CHARGE: CommandSpec(execution=ANY_EXECUTION), IDLE: CommandSpec(execution=OPEN_ENDED)}


def _settings(rate: float) -> dict[str, SettingSpec]:
    return {MAX_CHARGE_RATE: SettingSpec(default=rate, unit="kw", low=0, high=50)}


CHARGEPOINT = EvChargerModel(
    vendor="ChargePoint",
    name="Home Flex",
    max_current=32,
    power_limit=7.4,
    vehicle_capacity=75,
    commands=_COMMANDS,
    settings=_settings(11),
    conflict_strategies=(CANCEL_AND_REPLACE,),
)
TESLA = EvChargerModel(
    vendor="Tesla",
    name="Wall Connector",
    max_current=48,
    power_limit=22,
    vehicle_capacity=131,
    shift=12,
    commands=_COMMANDS,
    settings=_settings(11),
    conflict_strategies=(CANCEL_AND_REPLACE,),
)

EV_CHARGER = DeviceType(
    name="ev_charger",
    segment="ev-charger",
    home=(CHARGEPOINT, TESLA),
    catalogue=(CHARGEPOINT, TESLA),
    pushable=True,
    configurable=True,
)
