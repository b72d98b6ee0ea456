"""Solar inverters (api §4.6)."""

from typing import ClassVar

from .base import Device, LenientEnum, Number, State


class SolarInverterStatus(LenientEnum):
    """What a solar inverter is doing; the API documents no complete list (api §15.2 #16)."""

    PRODUCING = "producing"
    IDLE = "idle"
    UNKNOWN_VALUE = "unknown_value"


class SolarInverterState(State):
    """The state of a solar inverter."""

    status: SolarInverterStatus | None = None
    current_power: Number | None = None
    """kW."""
    producing: bool | None = None
    energy_total: Number | None = None
    """kWh since the inverter was installed."""


class SolarInverter(Device[SolarInverterState]):
    """A solar inverter."""

    device_type: ClassVar = "solar_inverter"
    path: ClassVar = "solar-inverter"
    label: ClassVar = "Solar inverter"
