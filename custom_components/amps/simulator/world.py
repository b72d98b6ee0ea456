"""The whole state of a simulator: the home, and the account around it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from .auth import KeyRing
from .clock import Clock
from .devices import Device
from .faults.registry import Faults
from .home.actions import Timing
from .home.home import Home, SimulatedDevice
from .live import TierCache
from .requestlog import RequestLog
from .webhooks.outbox import Outbox, OutboxState
from .webhooks.webhook import Webhook
from .wire import EPOCH, whole_milliseconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Choices between behaviours that the documentation leaves open.

    With `idle_keeps_mode` a paused thermostat reports its former mode, else `off` (api §4.5).
    """

    idle_keeps_mode: bool = False


class World:
    """The state of one simulator. Readings follow from `home` and the instant alone."""

    def __init__(
        self,
        *,
        seed: str,
        clock: Clock,
        timing: Timing,
        devices: Callable[[], Iterable[Device]],
        webhooks: Iterable[Webhook] = (),
    ) -> None:
        """Create it without a history."""
        self.seed = seed
        self.clock = clock
        self._initial_timing = timing
        self._initial_webhooks = tuple(webhooks)
        self._devices = devices
        self.resets = 0
        self._start()

    def reset(self) -> None:
        """Return to the initial state; the clock stays, since it never goes back."""
        self.resets += 1
        self._start()

    def fold(self, simulated: SimulatedDevice, now: datetime) -> None:
        """Fold what was done to a device into its state, except what its readings may still show (design §8)."""
        self.home.fold(simulated, now, self._shown(simulated))

    def _shown(self, simulated: SimulatedDevice) -> Iterator[datetime]:
        """Yield the instants of the past that a reading of a device, or of the vehicle on it, may show.

        These are the last pulls in live, and the instants at which faults were made.
        """
        yield from (self.live.linked_at, self.faults.begun_at)
        yield from (fault.made_at for fault in self.faults.faults.values())
        for each in (simulated, simulated.vehicle):
            pulled_at = None if each is None else self.live.record(each.device.id).pulled_at
            if pulled_at is not None:
                yield pulled_at

    def _start(self) -> None:
        now = max(EPOCH, whole_milliseconds(self.clock.now().astimezone(UTC)))
        self.home = self.new_home()
        self.timing = self._initial_timing
        self.options = Options()
        self.keys = KeyRing()
        self.faults = Faults(begun_at=now)
        self.log = RequestLog()
        self.live = TierCache(linked_at=now)
        self.outbox = Outbox(self.seed, OutboxState(webhooks=self._initial_webhooks))

    def new_home(self) -> Home:
        """Return the home in its initial state."""
        return Home(self._devices())
