"""Everything that a simulator knows: the home, and what is said about it from outside."""

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
    """What the documentation leaves open, where the simulator does either.

    With `idle_keeps_mode` a paused thermostat reports the mode that it was in, else `off` (api §4.5).
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
        """Begin without a history."""
        self.seed = seed
        self.clock = clock
        self._initial_timing = timing
        self._initial_webhooks = tuple(webhooks)
        self._devices = devices
        self.resets = 0
        self._begin()

    def reset(self) -> None:
        """Forget everything that happened; the time stays what it is, since it never goes back."""
        self.resets += 1
        self._begin()

    def fold(self, simulated: SimulatedDevice, now: datetime) -> None:
        """Fold what was done to a device into where that led, save what its readings may still show (design §8)."""
        self.home.fold(simulated, now, self._shown(simulated))

    def _shown(self, simulated: SimulatedDevice) -> Iterator[datetime]:
        """Yield the instants of the past that a reading of a device, or of the vehicle that is charged by it, may show.

        It is what was stored last in live, or stood when a fault began.
        """
        yield from (self.live.linked, self.faults.begun)
        yield from (fault.made for fault in self.faults.faults.values())
        for each in (simulated, simulated.vehicle):
            pulled = None if each is None else self.live.record(each.device.id).pulled
            if pulled is not None:
                yield pulled

    def _begin(self) -> None:
        now = max(EPOCH, whole_milliseconds(self.clock.now().astimezone(UTC)))
        self.home = self.new_home()
        self.timing = self._initial_timing
        self.options = Options()
        self.keys = KeyRing()
        self.faults = Faults(begun=now)
        self.log = RequestLog()
        self.live = TierCache(linked=now)
        self.outbox = Outbox(self.seed, OutboxState(webhooks=self._initial_webhooks))

    def new_home(self) -> Home:
        """Return the home as it is before anything happens to it."""
        return Home(self._devices())
