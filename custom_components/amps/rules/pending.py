"""Which command a control shows before a reading can show it (design §5, pending).

Readings come from caches, and devices take their time. Until a reading is surely of after a command, a control shows
what was asked for: it would else go back to the old value, and forth again.
"""

from datetime import datetime, timedelta
from typing import Final, NamedTuple

from ..api.models import Action
from .effective import acknowledged_at, effective_action
from .record import CLOCK_TOLERANCE, DeviceRecord, is_newer

CONFIRMED_AFTER: Final = timedelta(seconds=60)
"""After the acknowledgement; a reading of before may show a live device that is still on its way."""
MAX_PENDING: Final = timedelta(minutes=5)
"""After the acknowledgement; a device that does not follow by then probably never will."""


class PendingAction(NamedTuple):
    """An action that no reading shows yet."""

    action: Action
    until: datetime
    """When it ends at the latest, by the service's clock."""


def pending_action(record: DeviceRecord, now: datetime, *, sandbox: bool) -> PendingAction | None:
    """Return the action whose effect no reading shows yet, None if there is none.

    In the sandbox any newer reading shows it, since commands are the device (api §11.1).
    """
    action = effective_action(record.actions, now)
    if action is None or (acknowledged := acknowledged_at(action)) is None or acknowledged > now + CLOCK_TOLERANCE:
        return None
    until = acknowledged + MAX_PENDING
    if action.end is not None:
        until = min(until, action.end)
    if now >= until or is_newer(record.state_at, acknowledged if sandbox else acknowledged + CONFIRMED_AFTER):
        return None
    return PendingAction(action, until)
