"""Models of the API's answers; one module for each device type."""

from typing import Any, Final

from .action import Action
from .base import (
    ActionState,
    ActionSummary,
    AnyDevice,
    Capabilities,
    Command,
    Device,
    Execution,
    LenientEnum,
    Parameter,
    Quantity,
    Setting,
    Source,
)
from .battery import Battery, BatteryMode, BatteryStatus
from .ev_charger import EvCharger, EvChargerStatus
from .hvac import HoldType, Hvac, HvacMode
from .solar_inverter import SolarInverter, SolarInverterStatus
from .vehicle import Vehicle

DEVICE_CLASSES: Final[tuple[type[Device[Any]], ...]] = (Battery, EvCharger, Hvac, SolarInverter, Vehicle)
"""One class for each device type of the API (api §2.5)."""

__all__ = [
    "DEVICE_CLASSES",
    "Action",
    "ActionState",
    "ActionSummary",
    "AnyDevice",
    "Battery",
    "BatteryMode",
    "BatteryStatus",
    "Capabilities",
    "Command",
    "Device",
    "EvCharger",
    "EvChargerStatus",
    "Execution",
    "HoldType",
    "Hvac",
    "HvacMode",
    "LenientEnum",
    "Parameter",
    "Quantity",
    "Setting",
    "SolarInverter",
    "SolarInverterStatus",
    "Source",
    "Vehicle",
]
