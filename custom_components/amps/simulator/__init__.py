"""A simulation of the Amps service, as its API shows it.

`create_simulator` returns a simulated home; `Simulator.handle` turns a request into a response, without I/O and without
waiting. Readings depend on the seed, the commands and settings, and the clock. `server` serves it over HTTP:
`python -m custom_components.amps.simulator`.
"""

from collections.abc import Iterable, Iterator
from datetime import tzinfo

from .clock import LATEST, Clock, ClockError, SimulatedClock, frozen_clock, real_clock
from .devices import Device
from .home.actions import Timing
from .home.profiles import DEFAULT_ZONE, PROFILES, SIZED, devices_of
from .messages import Outcome, Request, Response
from .service import Simulator, StateError
from .webhooks.outbox import Delivery
from .webhooks.webhook import Webhook


def create_simulator(  # noqa: PLR0913  one argument for each thing that may be chosen
    profile: str = "home",
    *,
    seed: str | int,
    clock: Clock,
    device_count: int | None = None,
    zone: tzinfo = DEFAULT_ZONE,
    timing: Timing | None = None,
    webhooks: Iterable[Webhook] = (),
) -> Simulator:
    """Return a simulator of a profile.

    `seed` determines all ids. `device_count` is how many devices `large_home` and `fleet` have. `zone` is the time zone
    of the plants, in which `start` and `end` of a push are read. `timing` determines when actions finish, `webhooks`
    receive their events. Raises ValueError for an unknown profile, and for a number of devices where it is fixed.
    """
    if profile not in PROFILES:
        message = f"there is no profile {profile!r}; choose one of {', '.join(PROFILES)}"
        raise ValueError(message)
    if device_count is not None and profile not in SIZED:
        message = f"only {' and '.join(SIZED)} can have a number of devices, {profile} has its own"
        raise ValueError(message)
    text = str(seed)

    def home() -> Iterator[Device]:
        return devices_of(profile, text, count=device_count, zone=zone)

    return Simulator(home, clock=clock, seed=text, timing=timing, webhooks=webhooks)


__all__ = [
    "DEFAULT_ZONE",
    "LATEST",
    "PROFILES",
    "Clock",
    "ClockError",
    "Delivery",
    "Outcome",
    "Request",
    "Response",
    "SimulatedClock",
    "Simulator",
    "StateError",
    "Timing",
    "Webhook",
    "create_simulator",
    "frozen_clock",
    "real_clock",
]
