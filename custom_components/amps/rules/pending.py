"""Which command a control shows before a reading can show it (design §5, pending).

Readings come from caches, and devices take their time. Until a reading is surely of after a command, a control shows
what was asked for: it would else go back to the old value, and forth again.
"""

from collections.abc import Container
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from ..api.models import Action
from .override import EFFECTIVE
from .record import CLOCK_TOLERANCE, DeviceRecord, is_newer, or_oldest

CONFIRMED_AFTER: Final = timedelta(seconds=60)
"""After the acknowledgement; a reading of before may show a live device that is still on its way."""
MAX_PENDING: Final = timedelta(minutes=5)
"""After the acknowledgement; a device that does not follow by then probably never will."""


class PendingAction(NamedTuple):
    """An action that no reading shows yet."""

    action: Action
    until: datetime
    """When it ends at the latest, by the service's clock."""


def acknowledged_at(action: Action) -> datetime | None:
    """Return when an action took effect, as far as that is known."""
    return action.acknowledged_at or action.updated_at or action.created_at


def effective_action(record: DeviceRecord, now: datetime, commands: Container[str] | None = None) -> Action | None:
    """Return the action that took effect last, of all or of some commands; None if there is none.

    One that was scheduled takes effect when it starts, whenever it was created.
    """
    actions = (
        action
        for action in record.actions.values()
        if action.state in EFFECTIVE
        and not is_newer(action.start, now)
        and (commands is None or action.command in commands)
    )
    return max(actions, key=lambda action: or_oldest(acknowledged_at(action)), default=None)


def is_over(action: Action, now: datetime) -> bool:
    """Return whether the window of an action has ended, so that the device holds (api §6.3)."""
    return action.end is not None and action.end <= now


def pending_action(record: DeviceRecord, now: datetime, *, sandbox: bool) -> PendingAction | None:
    """Return the action whose effect no reading shows yet, None if there is none.

    In the sandbox any newer reading shows it, since commands are the device (api §11.1).
    """
    action = effective_action(record, now)
    if action is None or (acknowledged := acknowledged_at(action)) is None or acknowledged > now + CLOCK_TOLERANCE:
        return None
    until = acknowledged + MAX_PENDING
    if action.end is not None:
        until = min(until, action.end)
    if now >= until or is_newer(record.state_at, acknowledged if sandbox else acknowledged + CONFIRMED_AFTER):
        return None
    return PendingAction(action, until)
