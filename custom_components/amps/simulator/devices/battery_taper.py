"""Where a battery tapers: close to full it accepts less and less power (api §15.2 #57)."""

from dataclasses import dataclass
import math
from typing import override

from ..physics.paths import NEGLIGIBLE, Hold, Motion, Path, Ramp, Sequence

TAPER_START = 92.0
"""Percent from which a battery accepts less than its full power; the documented day stays below it."""
_ACCEPTANCE_END = 102.0
"""Percent at which a battery would accept no power. It is above 100, so that a battery is full in a finite time."""


@dataclass(frozen=True, slots=True)
class Taper(Path):
    """A level that rises to a stop more and more slowly: in proportion to what is missing to a limit above the stop.

    `hours` is how long it would take to the limit at the speed of the start.
    """

    start: float
    value: float
    limit: float
    hours: float
    stop: float

    @override
    def at(self, time: float) -> Motion:
        missing = (self.limit - self.value) * math.exp((self.start - time) / self.hours)
        if missing <= self.limit - self.stop:
            return Motion(self.stop, 0.0)
        return Motion(self.limit - missing, missing / self.hours)


@dataclass(frozen=True, slots=True)
class ChargeAcceptance:
    """The highest speed at which a level can rise: what is missing to the limit, divided by the hours."""

    limit: float
    hours: float

    def rise(self, start: float, value: float, stop: float, speed: float) -> Path:
        """Return the path from a value to a stop below the limit, at a speed where that is accepted, else slower."""
        if speed <= NEGLIGIBLE or stop - value <= NEGLIGIBLE:
            return Hold(value)
        knee = self.limit - speed * self.hours
        if stop <= knee:
            return Ramp(start, value, speed, stop)
        if value >= knee:
            return Taper(start, value, self.limit, self.hours, stop)
        at_knee = start + (knee - value) / speed
        return Sequence(Ramp(start, value, speed, knee), at_knee, Taper(at_knee, knee, self.limit, self.hours, stop))


def charge_acceptance(max_speed: float) -> ChargeAcceptance:
    """Return the acceptance of a battery whose level rises at a speed, percent per hour, at full power."""
    return ChargeAcceptance(limit=_ACCEPTANCE_END, hours=(_ACCEPTANCE_END - TAPER_START) / max_speed)
