"""Whether an EV charger may charge (design §5, `charging_enabled`)."""

from datetime import datetime
from typing import Final

from ..api.models.ev_charger import EvChargerState
from .pending import effective_action, is_over
from .record import DeviceRecord

CHARGE: Final = "charge"
IDLE: Final = "idle"


def is_charging_enabled(record: DeviceRecord, now: datetime) -> bool | None:
    """Return what the last command says; after its window the charger holds (api §6.3).

    Without one it is on if the charger charges, and unknown while there is nothing to charge.
    """
    action = effective_action(record, now, commands=(CHARGE, IDLE))
    if action is None:
        state: EvChargerState = record.device.state
        return True if state.is_charging else None if state.is_connected is False else state.is_charging
    return action.command == CHARGE and not is_over(action, now)
