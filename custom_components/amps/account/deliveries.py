"""What was delivered to the webhook of an account, and what was not (design §4, §7)."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
import math

from homeassistant.core import callback

from ..api.models import Action
from ..rules import DeviceRecord
from ..rules.deliveries import HAS_EVENT, DeliveryHistory
from .listeners import Listeners
from .state import AccountState
from .store import AccountStore
from .timer import Timer


class Deliveries:
    """Remembers deliveries over reloads and restarts, and watches whether the ends of actions are delivered."""

    def __init__(self, state: AccountState, store: AccountStore) -> None:
        """Expect no deliveries, until it is started."""
        self._state = state
        self._store = store
        self._started_at: datetime | None = None
        """Since when deliveries are received, by the service's clock."""
        self.is_proven = False
        """Whether the end of an action is sure to be delivered."""
        self.is_silent = False
        """Whether nothing comes though it should."""
        self.results = Counter[str]()
        """How many deliveries were accepted, repeated or refused since the start, by result."""
        self.listeners = Listeners[[]]()
        """Called when the webhook is found to be proven or silent, and when that ends."""
        self._timer = Timer(state.hass, f"{state.name} deliveries", self._evaluate)
        state.set_back_listeners.add(self._on_clock_set_back)

    @property
    def is_expected(self) -> bool:
        """Whether there is a webhook."""
        return self._started_at is not None

    @property
    def last_delivery_at(self) -> datetime | None:
        """When a message was last delivered, by the service's clock."""
        return self._store.deliveries.last_delivery_at

    @callback
    def start(self) -> None:
        """Watch from now on, since there is a webhook."""
        self._started_at = self._state.service_time()
        self._state.entry.async_on_unload(self._state.account_listeners.add(self._evaluate))
        self._evaluate()

    @callback
    def _on_clock_set_back(self) -> None:
        """Go on at a time that is earlier than the start seemed to be."""
        if self._started_at is not None:
            self._started_at = min(self._started_at, self._state.service_time())

    @callback
    def forget(self) -> None:
        """Forget what was delivered to a webhook that there is no more."""
        if self._store.deliveries != DeliveryHistory():
            self._store.set_deliveries(DeliveryHistory())

    @callback
    def shutdown(self) -> None:
        """Watch no longer."""
        self._timer.stop()

    @callback
    def add_message(self, message_id: str) -> bool:
        """Remember a message; return whether it is new."""
        return self._set(self._store.deliveries.with_message(message_id, self._state.service_time()))

    @callback
    def add_outcome(self, action: Action) -> bool:
        """Remember a state of an action that was delivered; return whether it is new."""
        return self._set(self._store.deliveries.with_outcome(action))

    @callback
    def on_change(self, before: Mapping[str, DeviceRecord], changed: Mapping[str, DeviceRecord]) -> None:
        """Remember the actions that ended since the start, whichever answer said so."""
        if (started_at := self._started_at) is None:
            return
        history, now = self._store.deliveries, self._state.service_time()
        for device_id, after in changed.items():
            known = before[device_id].actions if device_id in before else {}
            if known is after.actions:
                continue
            for action in after.actions.values():
                was = known.get(action.id)
                if action.state not in HAS_EVENT or (was is not None and was.state in HAS_EVENT):
                    continue
                if action.updated_at is not None and action.updated_at >= started_at:
                    history = history.with_end(action.id, now)
        self._set(history)

    def _set(self, history: DeliveryHistory) -> bool:
        """Store what is to be remembered; return whether that is new."""
        if history is self._store.deliveries:
            return False
        self._store.set_deliveries(history)
        self._evaluate()
        return True

    @callback
    def _evaluate(self) -> None:
        if not self.is_expected:
            return
        history, now = self._store.deliveries, self._state.service_time()
        check_at = history.next_check_at(now)
        self._timer.set(math.inf if check_at is None else self._state.clock.monotonic_of(check_at))
        before = self.is_proven, self.is_silent
        self.is_proven, self.is_silent = history.is_proven(now), history.is_silent(now)
        if (self.is_proven, self.is_silent) != before:
            self.listeners.notify()
