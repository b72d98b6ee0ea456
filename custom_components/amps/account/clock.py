"""The time at the service (design §4, time): the host's wall clock takes no part."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
import math
from typing import Final

from ..rules.record import CLOCK_TOLERANCE

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_ANSWERS: Final = 3
_POLLS: Final = 2
"""How many answers over how many polls have to agree on another time before it counts (design §4)."""


class ServiceClock:
    """The service's time, learned from its answers and carried on by a clock that only runs forward."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        """Begin without any answer."""
        self._monotonic = monotonic
        self._served: tuple[datetime, float] | None = None
        """A time of the service, and the same in seconds of the monotonic clock."""
        self._poll = 0
        self._deviating: list[int] = []
        """The polls of the latest answers, where all of these deviate from the known time in the same direction."""
        self._is_behind = False
        """Whether these are earlier than the known time."""
        self._confirmed = -math.inf
        """When an answer last agreed with the known time."""
        self.may_be_ahead = False
        """Whether answers may have brought times that lie ahead, since that was last checked."""

    def monotonic_of(self, time: datetime) -> float:
        """Return a time of the service in seconds of the monotonic clock; before its first answer, the present."""
        if self._served is None:
            return self._monotonic()
        served_at, arrived = self._served
        return arrived + (time - served_at).total_seconds()

    def time_at(self, monotonic: float) -> datetime:
        """Return the service's time at a value of the monotonic clock; before its first answer, that of the epoch."""
        if self._served is None:
            return EPOCH
        served_at, arrived = self._served
        return served_at + timedelta(seconds=monotonic - arrived)

    def contradicts(self, served_at: datetime, arrived: float) -> bool:
        """Return whether the time of an answer was wrong, as answers since then show."""
        return self._confirmed >= arrived and abs(served_at - self.time_at(arrived)) > CLOCK_TOLERANCE

    def start_poll(self) -> None:
        """Note that the answers from now on are those of another poll."""
        self._poll += 1

    def reset(self) -> None:
        """Forget the time, since it is known to have been moved."""
        self._served = None
        self._deviating.clear()

    def sync(self, served_at: datetime) -> timedelta | None:
        """Learn the time from an answer that has just come; return by how much it moved if it is found to be another.

        A single answer proves nothing: three in a row, over two polls, have to agree on an earlier or a later time.
        """
        now = self._monotonic()
        shift = timedelta(0) if self._served is None else served_at - self.time_at(now)
        if abs(shift) <= CLOCK_TOLERANCE:
            self._served, self._confirmed = (served_at, now), now
            self._deviating.clear()
            return None
        is_behind = shift < timedelta(0)
        self.may_be_ahead |= not is_behind
        if is_behind is not self._is_behind:
            self._is_behind = is_behind
            self._deviating.clear()
        self._deviating.append(self._poll)
        if len(self._deviating) < _ANSWERS or len(set(self._deviating)) < _POLLS:
            return None
        self._served = served_at, now
        self._deviating.clear()
        self.may_be_ahead |= is_behind  # what was right before lies ahead now
        return shift
