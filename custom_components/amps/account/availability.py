"""Whether the state of a device may be shown as its present one (design §4).

It may while the manufacturer is reached and the reading is not too old; the latter ends without any answer saying so.
"""

from collections.abc import Iterable, Mapping
import math
from typing import Final

from homeassistant.core import callback

from ..rules import DeviceRecord, is_newer
from .state import AccountState
from .timer import Timer

_MARGIN: Final = 1.0
"""Seconds after which a reading that was about to be too old surely is."""


class Availability:
    """Evaluates readings when they come, and again when they become too old."""

    def __init__(self, state: AccountState) -> None:
        """Start with no device available."""
        self._state = state
        self._stale: set[str] = set()
        """The devices that would be available if their readings were newer."""
        self._timer = Timer(state.hass, f"{state.name} ages", self._evaluate_available)
        state.removal_listeners.add(self._remove)

    def __contains__(self, device_id: str) -> bool:
        """Return whether a device is available."""
        return device_id in self._state.available

    def age(self, record: DeviceRecord) -> float:
        """Return the age of a device's state in seconds, infinity if it has none."""
        return max(self._state.now() - self.state_monotonic(record), 0.0)

    def state_monotonic(self, record: DeviceRecord) -> float:
        """Return when a device had the state shown, with regard to the lists since then; -infinity if never."""
        if record.state_monotonic is None:
            return -math.inf
        state, known = self._state, record.state_monotonic
        times = state.list_times.get(type(record.device))
        if (
            times is None
            or times.served_at is None
            or record.state_at is None
            or record.missing is not None
            or is_newer(record.capabilities_at, times.served_at)
        ):
            return known
        if state.policy.sandbox:
            # A list is as good as asking the devices, even one that says the same again (api §11.1).
            return known if is_newer(record.state_at, times.served_at) else max(known, times.received_monotonic)
        if state.clock.contradicts(times.served_at, times.received_monotonic):
            return known
        # The monotonic clock stops while the host sleeps, the service's does not.
        return min(known, times.received_monotonic - (times.served_at - record.state_at).total_seconds())

    @callback
    def on_change(self, _before: Mapping[str, DeviceRecord], changed: Mapping[str, DeviceRecord]) -> None:
        """Evaluate records that changed."""
        self._evaluate(changed)

    @callback
    def on_list(self, *, everything: bool) -> None:
        """Evaluate what a list did not change: readings that are fresh again, or all there are."""
        if everything:
            self._evaluate_and_notify(self._state.available | self._stale)
        elif self._stale:
            self._evaluate_and_notify(self._stale)

    @callback
    def shutdown(self) -> None:
        """Stop the timer."""
        self._timer.stop()

    def _evaluate(self, records: Mapping[str, DeviceRecord]) -> set[str]:
        """Evaluate devices and return those whose availability changed."""
        available = {
            device_id for device_id, record in records.items() if record.authoritative and self._is_fresh(record)
        }
        turned = available ^ (self._state.available & records.keys())
        self._state.available ^= turned
        self._stale -= records.keys()
        self._stale |= {device_id for device_id in records.keys() - available if records[device_id].authoritative}
        self._set_timer(records[device_id] for device_id in turned & available)
        return turned

    @callback
    def _remove(self, device_id: str) -> None:
        self._state.available.discard(device_id)
        self._stale.discard(device_id)

    def _is_fresh(self, record: DeviceRecord) -> bool:
        return self.age(record) <= self._state.policy.age_limit

    def _set_timer(self, new: Iterable[DeviceRecord]) -> None:
        """Evaluate again when the first reading becomes too old; new ones may do so earlier than planned."""
        limit = self._state.policy.age_limit
        records = new if self._timer.is_set else self._state.devices.values()
        oldest = max((age for record in records if (age := self.age(record)) <= limit), default=None)
        if oldest is not None:
            self._timer.set(min(self._timer.due, self._state.now() + limit - oldest + _MARGIN))

    @callback
    def _evaluate_available(self) -> None:
        self._evaluate_and_notify(self._state.available)

    def _evaluate_and_notify(self, device_ids: Iterable[str]) -> None:
        """Evaluate devices of which nothing new came, and notify of those that became too old or fresh again."""
        devices = self._state.devices
        turned = self._evaluate({device_id: devices[device_id] for device_id in device_ids})
        if turned:
            self._state.notify_devices(turned)
