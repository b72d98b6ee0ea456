"""HVAC (api §4.5)."""

from typing import ClassVar

from .base import Device, LenientEnum, Number, State


class HvacMode(LenientEnum):
    """The mode of a thermostat."""

    HEAT = "heat"
    COOL = "cool"
    AUTO = "auto"
    OFF = "off"
    UNKNOWN_VALUE = "unknown_value"


class HoldType(LenientEnum):
    """Whether a thermostat follows its own schedule."""

    PERMANENT = "permanent"
    FOLLOW_SCHEDULE = "follow_schedule"
    UNKNOWN_VALUE = "unknown_value"


class HvacState(State):
    """The state of a thermostat; temperatures in °C."""

    temperature: Number | None = None
    active: bool | None = None
    heat_setpoint: Number | None = None
    cool_setpoint: Number | None = None
    mode: HvacMode | None = None
    hold_type: HoldType | None = None


class Hvac(Device[HvacState]):
    """Heating, ventilation and air conditioning behind one thermostat."""

    device_type: ClassVar = "hvac"
    path: ClassVar = "hvac"
    label: ClassVar = "HVAC"
