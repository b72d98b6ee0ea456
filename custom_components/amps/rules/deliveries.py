"""What the deliveries of a webhook prove: which are repeated, and whether actions need to be polled (design §4, §7)."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from ..api.models import Action, ActionState
from ..api.models.base import UtcDatetime

HAS_EVENT: Final = frozenset({ActionState.COMPLETED, ActionState.FAILED})
"""The states that are delivered (api §12.2)."""

_PROOF_SPAN: Final = timedelta(hours=24)
_MAX_WAIT: Final = timedelta(minutes=10)
"""How long after the end of an action its delivery is waited for."""
_SILENT_ENDS: Final = 3
"""After how many ends in a row without a delivery the webhook counts as silent."""
_MAX_KEPT: Final = 200
"""How many messages, outcomes and ends are remembered of each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedAction:
    """An action that ended while deliveries were received."""

    action_id: str
    ended_at: UtcDatetime
    """When that was first known, by the service's clock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryHistory:
    """What is remembered of deliveries, and of the ends of actions that they should tell of; oldest first."""

    messages: tuple[str, ...] = ()
    """The ids of the messages that were delivered."""
    outcomes: tuple[tuple[str, ActionState], ...] = ()
    """The actions that were delivered, each with the state that it came to."""
    ends: tuple[EndedAction, ...] = ()
    last_delivery_at: UtcDatetime | None = None

    def with_message(self, message_id: str, now: datetime) -> DeliveryHistory:
        """Return it after a message was delivered; the very same object if it was delivered before."""
        if message_id in self.messages:
            return self
        return replace(self, messages=(*self.messages, message_id)[-_MAX_KEPT:], last_delivery_at=now)

    def with_outcome(self, action: Action) -> DeliveryHistory:
        """Return it after a state of an action was delivered; the very same object if it was delivered before."""
        outcome = action.id, action.state or ActionState.UNKNOWN_VALUE
        if outcome in self.outcomes:
            return self
        return replace(self, outcomes=(*self.outcomes, outcome)[-_MAX_KEPT:])

    def with_end(self, action_id: str, now: datetime) -> DeliveryHistory:
        """Return it after an action ended; those that prove nothing any more are forgotten."""
        if any(each.action_id == action_id for each in self.ends):
            return self
        ends = (*self.ends, EndedAction(action_id=action_id, ended_at=now))[-_MAX_KEPT:]
        old = sum(each.ended_at <= now - _PROOF_SPAN for each in ends)
        return replace(self, ends=ends[min(old, max(len(ends) - _SILENT_ENDS, 0)) :])

    def is_proven(self, now: datetime) -> bool:
        """Return whether the end of an open action will be delivered: those of the last 24 hours all were.

        Where none ended in that time, the last one counts: a home that charges once a day need not prove it each day.
        """
        ends = self._due_ends(now)
        recent = [each for each in ends if each.ended_at > now - _PROOF_SPAN] or ends[-1:]
        return bool(recent) and self._delivered.issuperset(each.action_id for each in recent)

    def is_silent(self, now: datetime) -> bool:
        """Return whether nothing was delivered since the first of the last three ends, though they were waited for."""
        last = self._due_ends(now)[-_SILENT_ENDS:]
        if len(last) < _SILENT_ENDS or not self._delivered.isdisjoint(each.action_id for each in last):
            return False
        return self.last_delivery_at is None or self.last_delivery_at < last[0].ended_at

    def next_check_at(self, now: datetime) -> datetime | None:
        """Return when an end is waited for no longer, None if none is."""
        return min((due for each in self.ends if (due := each.ended_at + _MAX_WAIT) > now), default=None)

    @property
    def _delivered(self) -> frozenset[str]:
        return frozenset(action_id for action_id, _ in self.outcomes)

    def _due_ends(self, now: datetime) -> list[EndedAction]:
        """Return the ends that should have been delivered by a time, and those that already were."""
        delivered = self._delivered
        return [each for each in self.ends if each.action_id in delivered or each.ended_at + _MAX_WAIT <= now]
