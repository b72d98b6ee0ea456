"""Vehicles (api §4.7)."""

from typing import ClassVar

from .base import Device, Number, State


class VehicleState(State):
    """The state of a vehicle."""

    battery_level: Number | None = None
    """Percent."""
    range: Number | None = None
    """The API names no unit (api §15.2 #14)."""
    plugged: bool | None = None
    charging: bool | None = None
    fully_charged: bool | None = None
    battery_capacity: Number | None = None
    """Usable kWh."""
    charge_limit: Number | None = None
    """Percent."""
    charge_rate: Number | None = None
    """kW."""
    charge_time_remaining: Number | None = None
    """Minutes to reach the charge limit."""
    max_current: Number | None = None
    """A."""


class Vehicle(Device[VehicleState]):
    """A vehicle."""

    device_type: ClassVar = "vehicle"
    path: ClassVar = "vehicle"
    label: ClassVar = "Vehicle"
