"""Whether an EV charger may charge, and when a vehicle is full (design §5, `charging_enabled`, `full_at`)."""

from datetime import datetime, timedelta
from typing import Final

from ..api.models import Vehicle
from ..api.models.ev_charger import EvChargerState
from .effective import effective_action, is_over
from .record import DeviceRecord

CHARGE: Final = "charge"
IDLE: Final = "idle"

_LONGEST_CHARGE: Final = timedelta(weeks=1) / timedelta(minutes=1)
"""Minutes; a vehicle that says it takes longer does not know."""


def is_charging_enabled(record: DeviceRecord, now: datetime) -> bool | None:
    """Return what the last command says; after its window the charger holds (api §6.3).

    Without one it is on if the charger charges, and unknown while there is nothing to charge.
    """
    action = effective_action(record.actions, now, commands=(CHARGE, IDLE))
    if action is None:
        state: EvChargerState = record.device.state
        return True if state.is_charging else None if state.is_connected is False else state.is_charging
    return action.command == CHARGE and not is_over(action, now)


def time_to_full(vehicle: Vehicle) -> float | None:
    """Return in how many minutes the charge limit is reached, None unless the vehicle charges and says so.

    Vehicles that do not know say so by numbers beyond reason, such as 65,535 (design §5).
    """
    minutes = vehicle.state.charge_time_remaining
    return minutes if vehicle.state.charging and minutes and 0 < minutes < _LONGEST_CHARGE else None


def full_at(record: DeviceRecord[Vehicle]) -> datetime | None:
    """Return when the charge limit is reached, counted from when the vehicle said how long that takes."""
    minutes, pulled_at = time_to_full(record.device), record.pulled_at
    if minutes is None or pulled_at is None:
        return None
    try:
        return pulled_at + timedelta(minutes=minutes)
    except OverflowError:  # the clock of the service is at its end
        return None
