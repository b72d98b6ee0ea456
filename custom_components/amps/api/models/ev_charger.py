"""EV chargers (api §4.4)."""

from typing import ClassVar

from .base import Device, LenientEnum, Number, State


class EvChargerStatus(LenientEnum):
    """What an EV charger is doing; the API documents no complete list (api §15.2 #15)."""

    AVAILABLE = "available"
    CONNECTED = "connected"
    CHARGING = "charging"
    UNKNOWN_VALUE = "unknown_value"


class EvChargerState(State):
    """The state of an EV charger."""

    status: EvChargerStatus | None = None
    is_connected: bool | None = None
    is_charging: bool | None = None
    current_power: Number | None = None
    """kW."""
    max_current: Number | None = None
    """A."""
    power_rate_limit: Number | None = None
    """kW."""


class EvCharger(Device[EvChargerState]):
    """An EV charger."""

    device_type: ClassVar = "ev_charger"
    path: ClassVar = "ev-charger"
    label: ClassVar = "EV charger"
    has_settings: ClassVar = True
