"""Whether the state of a device may be shown as its present one (design §4).

It may while the manufacturer is reached and the reading is not too old; the latter ends without any answer saying so.
"""

from collections.abc import Iterable, Mapping
import math
from typing import TYPE_CHECKING, Final

from homeassistant.core import callback

from .alarm import Alarm
from .retrieval import Known, is_newer

if TYPE_CHECKING:
    from .coordinator import AmpsCoordinator

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
        self._alarm = Alarm(coordinator.hass, f"{coordinator.name} ages", self._judge_all_again)

    def __contains__(self, device_id: str) -> bool:
        """Return whether a device is available, as whoever shows it was told."""
        return device_id in self._available

    def age(self, known: Known) -> float:
        """Return how old the state of a device is, in seconds."""
        if known.read_moment is None or known.instant is None:
            return math.inf
        now = self._coordinator.now()
        age = now - known.read_moment
        # A service whose clock stands still says the same again without being any older.
        observed, arrived = self._coordinator.lists.last(type(known.device))
        if observed is not None and known.absence is None and not is_newer(known.capable, observed):
            age = min(age, (observed - known.instant).total_seconds() + now - arrived)
        return max(age, 0.0)

    @callback
    def judge(self, changed: Mapping[str, Known]) -> set[str]:
        """Judge what was heard of devices and return which of them turned: became available, or are no longer."""
        available = {device_id for device_id, known in changed.items() if known.sound and self._is_fresh(known)}
        turned = available ^ (self._available & changed.keys())
        self._available ^= turned
        self._stale -= changed.keys()
        self._stale |= {device_id for device_id in changed.keys() - available if changed[device_id].sound}
        self._watch(changed[device_id] for device_id in turned & available)
        return turned

    @callback
    def review(self) -> None:
        """Tell of readings that are fresh again though they are the same: the clock of a service may stand still."""
        if self._stale:
            self._judge_again(self._stale)

    @callback
    def forget(self, device_id: str) -> None:
        """Forget a device that is gone."""
        self._available.discard(device_id)
        self._stale.discard(device_id)

    @callback
    def shutdown(self) -> None:
        """Watch no more."""
        self._alarm.stop()

    def _is_fresh(self, known: Known) -> bool:
        limit, read = self._coordinator.pace.age_limit, known.read_moment
        return (read is not None and self._coordinator.now() - read <= limit) or self.age(known) <= limit

    def _watch(self, new: Iterable[Known]) -> None:
        """Judge again when the first reading becomes too old; that may be earlier than planned for what is new."""
        coordinator, limit = self._coordinator, self._coordinator.pace.age_limit
        watched = new if self._alarm.moment < math.inf else coordinator.data.devices.values()
        oldest = max((age for known in watched if (age := self.age(known)) <= limit), default=None)
        if oldest is not None:
            self._alarm.set(min(self._alarm.moment, coordinator.now() + limit - oldest + _MARGIN))

    @callback
    def _judge_all_again(self) -> None:
        self._judge_again(self._available)

    def _judge_again(self, device_ids: Iterable[str]) -> None:
        """Tell of devices that became too old, or fresh again, without any news of them."""
        devices = self._coordinator.data.devices
        for device_id in self.judge({device_id: devices[device_id] for device_id in device_ids}):
            self._coordinator.tell_all(device_id)
