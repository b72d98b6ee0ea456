"""The clocks of a simulator."""

from collections.abc import Callable
from copy import copy
from datetime import UTC, datetime, timedelta
import time
from typing import Protocol

LATEST = datetime(2200, 1, 1, tzinfo=UTC)
"""No clock goes beyond, so that an instant a month later can always be represented."""

FASTEST = 1e6
"""Simulated seconds per second; what is faster than eleven days a second can as well be a jump."""


class Clock(Protocol):
    """A source of the present instant, which never goes back."""

    def now(self) -> datetime:
        """Return the present instant, aware and in UTC."""
        ...


class ClockError(Exception):
    """A change that a clock does not support."""


class SimulatedClock:
    """A clock that can be frozen, accelerated and moved forward.

    `ticks` returns the seconds of a source of time. Without one the clock is always frozen.
    """

    def __init__(
        self,
        start: datetime,
        *,
        ticks: Callable[[], float] | None = None,
        speed: float = 1.0,
    ) -> None:
        """Create a clock that shows an instant."""
        self._time = start.astimezone(UTC)
        self._ticks = ticks
        self._last_tick = 0.0 if ticks is None else ticks()
        self._frozen = ticks is None
        self._speed = 1.0
        self.speed = speed

    @property
    def frozen(self) -> bool:
        """Whether the clock is frozen."""
        return self._frozen

    @property
    def speed(self) -> float:
        """The simulated seconds per second of the source."""
        return self._speed

    @speed.setter
    def speed(self, speed: float) -> None:
        if not 0 < speed <= FASTEST:
            message = f"the speed must be above 0 and at most {FASTEST:.0f}"
            raise ClockError(message)
        self._catch_up()
        self._speed = speed

    def now(self) -> datetime:
        """Return the present instant."""
        self._catch_up()
        return self._time

    def seconds_until(self, at: datetime) -> float | None:
        """Return the seconds of the source until an instant, None while the clock is frozen."""
        if self._frozen:
            return None
        return max((at - self.now()).total_seconds() / self._speed, 0.0)

    def advance(self, span: timedelta | float) -> None:
        """Move forward by a time span or a number of seconds."""
        seconds = span.total_seconds() if isinstance(span, timedelta) else span
        if not 0 <= seconds <= (LATEST - self.now()).total_seconds():
            message = f"the clock moves forward only, and not beyond {LATEST.year}"
            raise ClockError(message)
        self._time += timedelta(seconds=seconds)

    def set(self, at: datetime) -> None:
        """Move forward to an instant."""
        if not self.now() <= at <= LATEST:
            message = f"the clock moves forward only, and not beyond {LATEST.year}"
            raise ClockError(message)
        self._time = at.astimezone(UTC)

    def freeze(self) -> None:
        """Freeze the clock until `run`."""
        self._catch_up()
        self._frozen = True

    def run(self) -> None:
        """Follow the source of time again, from the present instant."""
        if self._ticks is None:
            message = "this clock has no source of time to follow"
            raise ClockError(message)
        self._catch_up()
        self._frozen = False

    def change(self, apply: Callable[[SimulatedClock], None]) -> None:
        """Apply several changes, or none when one of them is refused."""
        changed = copy(self)
        apply(changed)
        vars(self).update(vars(changed))

    def _catch_up(self) -> None:
        """Add the seconds of the source since the last call; a source that was set back adds none."""
        if self._ticks is None:
            return
        tick = self._ticks()
        elapsed, self._last_tick = tick - self._last_tick, tick
        if self._frozen or elapsed <= 0:
            return
        self._time = min(self._time + timedelta(seconds=min(elapsed * self._speed, 1e10)), LATEST)


def frozen_clock(start: datetime) -> SimulatedClock:
    """Return a clock that changes only when it is moved."""
    return SimulatedClock(start)


def real_clock(*, start: datetime | None = None, speed: float = 1.0) -> SimulatedClock:
    """Return a clock that follows the system clock; for the outermost layer only."""
    return SimulatedClock(start or datetime.now(UTC), ticks=_system_seconds, speed=speed)


def _system_seconds() -> float:
    """Return the seconds of the system clock; `time.time` is looked up at each call, so that a test can replace it."""
    return time.time()
