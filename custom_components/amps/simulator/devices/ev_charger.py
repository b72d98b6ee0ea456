"""EV chargers (api §4.4)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import cast, override

from ..physics.paths import Hold
from ..wire import JSON, rounded
from .base import (
    ANY_EXECUTION,
    CANCEL_AND_REPLACE,
    IDLE,
    OPEN_ENDED,
    ActiveCommand,
    Behaviour,
    CommandSpec,
    DeviceType,
    InitialState,
    Model,
    SettingSpec,
    active_command_error,
    level_error,
)
from .baselines import vehicle_level
from .vehicle import RIVIAN, TESLA as MODEL_3, VehicleBehaviour, VehicleModel

CHARGE = "charge"
MAX_CHARGE_RATE = "max_charge_rate"


@dataclass(frozen=True, slots=True, kw_only=True)
class EvChargerInitialState(InitialState):
    """The level of the vehicle in percent, and the command, None before the first one."""

    level: float
    command: str | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class EvChargerModel(Model):
    """A model of charger and the vehicle that uses it.

    `max_current` in A and `power_limit` in kW are the limits of the charger. The vehicle has the usual day of vehicles
    (api §15.2 #43), `shift` hours earlier.
    """

    max_current: float
    power_limit: float
    vehicle: VehicleModel
    shift: float = 0

    @override
    def default_behaviour(self, spread: float) -> EvChargerBehaviour:
        vehicle = self.vehicle.with_usual_day(vehicle_level(spread).earlier(self.shift))
        return EvChargerBehaviour(model=self, max_power=self.max_power(self.default_settings), vehicle=vehicle)

    @override
    def initial_state(self) -> type[EvChargerInitialState]:
        return EvChargerInitialState

    @override
    def state_error(self, initial: InitialState) -> str | None:
        state = cast("EvChargerInitialState", initial)
        command = None if state.command is None else active_command_error(self.commands, ActiveCommand(state.command))
        return level_error(state.level) or command

    def max_power(self, settings: Mapping[str, float]) -> float:
        """Return the maximum power under settings (api §15.3 #39), kW."""
        return min(self.power_limit, settings.get(MAX_CHARGE_RATE, self.power_limit))


@dataclass(frozen=True, slots=True, kw_only=True)
class EvChargerBehaviour(Behaviour):
    """A charger and its vehicle under one command, or before the first one on the usual day of the vehicle.

    The charger delivers what the vehicle takes. Without a command that is what its usual day needs, as far as the power
    allows; with `charge` it is full power up to the charge limit of the vehicle, on every day from then on. `level` is
    the initial level of the vehicle, None for a charger that was never commanded nor set.
    """

    model: EvChargerModel
    max_power: float
    vehicle: VehicleBehaviour
    command: str | None = None
    level: float | None = None

    @override
    def with_command(self, active_command: ActiveCommand, time: float) -> EvChargerBehaviour:
        return self._continued(time, active_command.command, self.max_power)

    @override
    def with_settings(self, settings: Mapping[str, float], time: float) -> EvChargerBehaviour:
        return self._continued(time, self.command, self.model.max_power(settings))

    @override
    def restored(self, initial: InitialState, settings: Mapping[str, float], time: float) -> EvChargerBehaviour:
        return self._from_state(cast("EvChargerInitialState", initial), self.model.max_power(settings), time)

    @property
    @override
    def initial(self) -> EvChargerInitialState | None:
        return None if self.level is None else EvChargerInitialState(level=self.level, command=self.command)

    @override
    def vehicle_behaviour(self) -> VehicleBehaviour:
        return self.vehicle

    @override
    def report(self, time: float) -> dict[str, JSON]:
        power = rounded(self.vehicle.power(time), 3)
        connected = power > 0 or self.vehicle.plugged(time)
        return {
            "status": "charging" if power > 0 else "connected" if connected else "available",
            "isConnected": connected,
            "isCharging": power > 0,
            "currentPower": power,
            "maxCurrent": self.model.max_current,
            "powerRateLimit": self.model.power_limit,
        }

    def _continued(self, time: float, command: str | None, max_power: float) -> EvChargerBehaviour:
        """Return the behaviour under a command and a limit, from the level reached."""
        initial = EvChargerInitialState(level=self.vehicle.path.at(time).value, command=command)
        return self._from_state(initial, max_power, time)

    def _from_state(self, initial: EvChargerInitialState, max_power: float, time: float) -> EvChargerBehaviour:
        """Return the behaviour that starts with a state at a time, with the vehicle charged by it from then on."""
        power = 0 if initial.command == IDLE else max_power
        vehicle = replace(self.vehicle, path=Hold(initial.level))
        return replace(
            self,
            max_power=max_power,
            vehicle=vehicle.charged(power, time, to_limit=initial.command is not None),
            command=initial.command,
            level=initial.level,
        )


_COMMANDS = {CHARGE: CommandSpec(execution=ANY_EXECUTION), IDLE: CommandSpec(execution=OPEN_ENDED)}


def _settings(rate: float) -> dict[str, SettingSpec]:
    return {MAX_CHARGE_RATE: SettingSpec(default=rate, unit="kw", low=0, high=50)}


CHARGEPOINT = EvChargerModel(
    vendor="ChargePoint",
    name="Home Flex",
    max_current=32,
    power_limit=7.4,
    vehicle=MODEL_3,
    commands=_COMMANDS,
    settings=_settings(11),
    conflict_strategies=(CANCEL_AND_REPLACE,),
)
TESLA = EvChargerModel(
    vendor="Tesla",
    name="Wall Connector",
    max_current=48,
    power_limit=22,
    vehicle=RIVIAN,
    shift=12,
    commands=_COMMANDS,
    settings=_settings(11),
    conflict_strategies=(CANCEL_AND_REPLACE,),
)

EV_CHARGER = DeviceType(
    name="ev_charger",
    segment="ev-charger",
    showcase=(CHARGEPOINT, TESLA),
    catalogue=(CHARGEPOINT, TESLA),
    pushable=True,
    configurable=True,
)
