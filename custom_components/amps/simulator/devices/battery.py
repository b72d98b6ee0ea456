"""Batteries (api §4.3): the models with their declarations."""

from .base import (
    ANY_EXECUTION,
    CANCEL_AND_REPLACE,
    IDLE,
    OPEN_ENDED,
    QUEUE_AFTER,
    WINDOWED,
    CommandSpec,
    DeviceType,
    ParameterSpec,
    SettingSpec,
)
from .battery_behaviour import (
    AUTO_BALANCED,
    AUTO_EXPORT,
    AUTO_RESERVE,
    CHARGE,
    CHARGE_CEILING,
    DISCHARGE,
    DISCHARGE_FLOOR,
    EXPORT_LIMIT,
    MAX_CHARGE_RATE,
    MAX_DISCHARGE_RATE,
    SAFETY_RESERVE,
    BatteryModel,
)

SCHEDULER_ENABLED = "scheduler_enabled"


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
