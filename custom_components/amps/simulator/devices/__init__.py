"""The device types of the API, one module each."""

from .base import Device, DeviceType, Model
from .battery import BATTERY
from .ev_charger import EV_CHARGER
from .hvac import HVAC
from .solar_inverter import SOLAR_INVERTER
from .vehicle import VEHICLE

DEVICE_TYPES: tuple[DeviceType, ...] = (BATTERY, EV_CHARGER, HVAC, SOLAR_INVERTER, VEHICLE)

__all__ = ["DEVICE_TYPES", "Device", "DeviceType", "Model"]
