"""Whether the state of a device may be shown as its present one (design §4).

It may while the manufacturer is reached and the reading is not too old; the latter ends without any answer saying so.
"""

from collections.abc import Iterable, Mapping
import math
from typing import TYPE_CHECKING, Final

from homeassistant.core import callback

from ..rules import DeviceRecord, is_newer
from .timer import Timer

if TYPE_CHECKING:
    from ..coordinator import AmpsCoordinator

_MARGIN: Final = 1.0
"""Seconds after which what was about to be too old surely is."""


class Availability:
    """Judges the readings of an account when they come, and watches them grow old."""

    def __init__(self, coordinator: AmpsCoordinator) -> None:
        """Begin with nothing available."""
        self._coordinator = coordinator
        self._available: set[str] = set()
        self._stale: set[str] = set()
        """The devices that would be available if their readings were newer."""
        self._timer = Timer(coordinator.hass, f"{coordinator.name} ages", self._judge_all_again)

    def __contains__(self, device_id: str) -> bool:
        """Return whether a device is available, as whoever shows it was told."""
        return device_id in self._available

    def age(self, record: DeviceRecord) -> float:
        """Return how old the state of a device is, in seconds."""
        return max(self._coordinator.now() - self.state_monotonic(record), 0.0)

    def state_monotonic(self, record: DeviceRecord) -> float:
        """Return the moment that the state of a device is of, as far as the lists since then show it, too."""
        if record.state_monotonic is None:
            return -math.inf
        coordinator, read = self._coordinator, record.state_monotonic
        served_at, arrived = coordinator.lists.last(type(record.device))
        if (
            served_at is None
            or record.state_at is None
            or record.missing is not None
            or is_newer(record.capabilities_at, served_at)
        ):
            return read
        if coordinator.policy.sandbox:
            # A list is as good as asking the devices, even one that says the same again (api §11.1).
            return read if is_newer(record.state_at, served_at) else max(read, arrived)
        if coordinator.clock.contradicts(served_at, arrived):
            return read
        # The monotonic clock stands still while the host sleeps, the service's does not.
        return min(read, arrived - (served_at - record.state_at).total_seconds())

    @callback
    def judge(self, changed: Mapping[str, DeviceRecord]) -> set[str]:
        """Judge what was heard of devices and return which of them turned: became available, or are no longer."""
        available = {
            device_id for device_id, record in changed.items() if record.authoritative and self._is_fresh(record)
        }
        turned = available ^ (self._available & changed.keys())
        self._available ^= turned
        self._stale -= changed.keys()
        self._stale |= {device_id for device_id in changed.keys() - available if changed[device_id].authoritative}
        self._watch(changed[device_id] for device_id in turned & available)
        return turned

    @callback
    def review(self, *, everything: bool) -> None:
        """Judge anew what a list did not change: readings that are fresh again, or everything that is known."""
        if everything:
            self._judge_again(self._available | self._stale)
        elif self._stale:
            self._judge_again(self._stale)

    @callback
    def forget(self, device_id: str) -> None:
        """Forget a device that is gone."""
        self._available.discard(device_id)
        self._stale.discard(device_id)

    @callback
    def shutdown(self) -> None:
        """Watch no more."""
        self._timer.stop()

    def _is_fresh(self, record: DeviceRecord) -> bool:
        return self.age(record) <= self._coordinator.policy.age_limit

    def _watch(self, new: Iterable[DeviceRecord]) -> None:
        """Judge again when the first reading becomes too old; that may be earlier than planned for what is new."""
        coordinator, limit = self._coordinator, self._coordinator.policy.age_limit
        watched = new if self._timer.moment < math.inf else coordinator.data.devices.values()
        oldest = max((age for record in watched if (age := self.age(record)) <= limit), default=None)
        if oldest is not None:
            self._timer.set(min(self._timer.moment, coordinator.now() + limit - oldest + _MARGIN))

    @callback
    def _judge_all_again(self) -> None:
        self._judge_again(self._available)

    def _judge_again(self, device_ids: Iterable[str]) -> None:
        """Tell of devices that became too old, or fresh again, without any news of them."""
        devices = self._coordinator.data.devices
        for device_id in self.judge({device_id: devices[device_id] for device_id in device_ids}):
            self._coordinator.tell_all(device_id)
