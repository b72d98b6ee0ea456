"""Batteries (api §4.3)."""

from typing import ClassVar

from .base import Device, LenientEnum, Number, State


class BatteryStatus(LenientEnum):
    """What a battery is doing."""

    CHARGING = "charging"
    DISCHARGING = "discharging"
    IDLE = "idle"
    STANDBY = "standby"
    UNKNOWN_VALUE = "unknown_value"


class BatteryMode(LenientEnum):
    """The last command of a battery, which may have reached its target long ago."""

    CHARGE = "charge"
    DISCHARGE = "discharge"
    IDLE = "idle"
    AUTO_BALANCED = "auto_balanced"
    AUTO_RESERVE = "auto_reserve"
    AUTO_EXPORT = "auto_export"
    UNKNOWN_VALUE = "unknown_value"


class BatteryState(State):
    """The state of a battery."""

    status: BatteryStatus | None = None
    level: Number | None = None
    """Percent."""
    capacity: Number | None = None
    """kWh."""
    charge_rate: Number | None = None
    """kW, positive while charging."""
    discharge_limit: Number | None = None
    """Percent."""
    current_mode: BatteryMode | None = None


class Battery(Device[BatteryState]):
    """A battery."""

    device_type: ClassVar = "battery"
    path: ClassVar = "battery"
    label: ClassVar = "Battery"
    has_settings: ClassVar = True
