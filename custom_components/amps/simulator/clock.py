"""The clocks that a simulator can go by."""

from collections.abc import Callable
from copy import copy
from datetime import UTC, datetime, timedelta
import time
from typing import Protocol

LATEST = datetime(2200, 1, 1, tzinfo=UTC)
"""No clock moves beyond, so that instants a month ahead of it can always be written."""

FASTEST = 1e6
"""Seconds per second: eleven days in one are as good as a jump."""


class Clock(Protocol):
    """Whatever tells the time; it never goes back."""

    def now(self) -> datetime:
        """Return the instant, aware and in UTC."""
        ...


class ClockError(Exception):
    """A clock was asked for something it does not do."""


class SimulatedClock:
    """A clock that can be frozen, sped up and moved forward.

    `ticks` are the seconds of a source of time. Without one the clock stands wherever it is put.
    """

    def __init__(
        self,
        start: datetime,
        *,
        ticks: Callable[[], float] | None = None,
        speed: float = 1.0,
    ) -> None:
        """Start at an instant."""
        self._instant = start.astimezone(UTC)
        self._ticks = ticks
        self._last_tick = 0.0 if ticks is None else ticks()
        self._frozen = ticks is None
        self._speed = 1.0
        self.speed = speed

    @property
    def frozen(self) -> bool:
        """Whether the clock stands still."""
        return self._frozen

    @property
    def speed(self) -> float:
        """How many seconds pass per second of the source."""
        return self._speed

    @speed.setter
    def speed(self, speed: float) -> None:
        if not 0 < speed <= FASTEST:
            message = f"the speed must be above 0 and at most {FASTEST:.0f}"
            raise ClockError(message)
        self._catch_up()
        self._speed = speed

    def now(self) -> datetime:
        """Return the instant."""
        self._catch_up()
        return self._instant

    def seconds_until(self, instant: datetime) -> float | None:
        """Return how many seconds of the source it takes to come to an instant, None while the clock stands."""
        if self._frozen:
            return None
        return max((instant - self.now()).total_seconds() / self._speed, 0.0)

    def advance(self, span: timedelta | float) -> None:
        """Move forward by a span, or by that many seconds."""
        seconds = span.total_seconds() if isinstance(span, timedelta) else span
        if not 0 <= seconds <= (LATEST - self.now()).total_seconds():
            message = f"the clock moves forward only, and not beyond {LATEST.year}"
            raise ClockError(message)
        self._instant += timedelta(seconds=seconds)

    def set(self, instant: datetime) -> None:
        """Move forward to an instant."""
        if not self.now() <= instant <= LATEST:
            message = f"the clock moves forward only, and not beyond {LATEST.year}"
            raise ClockError(message)
        self._instant = instant.astimezone(UTC)

    def freeze(self) -> None:
        """Stand still until `run`."""
        self._catch_up()
        self._frozen = True

    def run(self) -> None:
        """Follow the source of time again, from where the clock stands."""
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
        """Add what the source has ticked since; a source that was set back adds nothing."""
        if self._ticks is None:
            return
        tick = self._ticks()
        elapsed, self._last_tick = tick - self._last_tick, tick
        if self._frozen or elapsed <= 0:
            return
        self._instant = min(self._instant + timedelta(seconds=min(elapsed * self._speed, 1e10)), LATEST)


def frozen_clock(start: datetime) -> SimulatedClock:
    """Return a clock that moves only when it is moved."""
    return SimulatedClock(start)


def real_clock(*, start: datetime | None = None, speed: float = 1.0) -> SimulatedClock:
    """Return a clock that follows the system's; for the outermost layer only."""
    return SimulatedClock(start or datetime.now(UTC), ticks=_system_seconds, speed=speed)


def _system_seconds() -> float:
    """Look `time.time` up at each call, so that a test can replace it."""
    return time.time()
