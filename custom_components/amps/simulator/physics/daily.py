"""What a day leaves to the next, in closed form: the warmth of a house, the charge of a vehicle.

What an interval makes of such a quantity is a map of one simple kind, and so is what many days make of it. Time
is in hours since the epoch (UTC), as in `physics`.
"""

from abc import ABC, abstractmethod
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise
import math
from typing import NamedTuple, override

from .paths import DAY, Motion, Path


class Clamp(NamedTuple):
    """What an interval makes of a value: scaled and shifted, and then kept within bounds.

    The scale is positive. One such map after another is a third.
    """

    scale: float
    shift: float
    low: float
    high: float

    def __call__(self, value: float) -> float:
        """Return the value at the end."""
        return min(max(self.scale * value + self.shift, self.low), self.high)

    def then(self, after: Clamp) -> Clamp:
        """Return what this interval and the one after it make together."""
        shift = after.scale * self.shift + after.shift
        return Clamp(self.scale * after.scale, shift, after(self.low), after(self.high))

    def repeated(self, times: int) -> Clamp:
        """Return what so many such stretches make, one at least.

        A bound moves on by what all the stretches after the first make of it: away from its side as if there were no
        bounds, or not at all.
        """
        scale = self.scale ** (times - 1)
        shift = self.shift * (times - 1 if self.scale == 1 else (1 - scale) / (1 - self.scale))
        low = min(max(scale * self.low + shift, self.low), self.high)
        high = min(max(scale * self.high + shift, self.low), self.high)
        return Clamp(scale * self.scale, self.scale * shift + self.shift, low, high)


_UNCHANGED = Clamp(1.0, 0.0, -math.inf, math.inf)


class DailyModel(ABC):
    """What happens to a quantity at which hour of the day, in which season; all days of a season are alike.

    `hours` is where the pieces of a day begin, the first at midnight. `memory` is after how many days nothing is left
    of what was before.
    """

    def __init__(self, hours: tuple[float, ...], *, seasons: int = 1, memory: float = math.inf) -> None:
        """Reckon what every day makes of a quantity up to each of its hours."""
        self.hours = hours
        self.memory = memory
        spans = list(pairwise((*hours, DAY)))
        self._passed = [
            list(accumulate((self.interval_map(season, *span) for span in spans), Clamp.then, initial=_UNCHANGED))
            for season in range(seasons)
        ]

    @abstractmethod
    def interval_map(self, season: int, begin: float, end: float) -> Clamp:
        """Return what an interval within one piece of a day does, from an hour to another."""

    @abstractmethod
    def rate(self, time: float, value: float) -> float:
        """Return how fast a quantity moves that stands at a value."""

    def season(self, day: int) -> tuple[int, float]:
        """Return the season of a day, counted since the epoch, and the first day of the next; infinity is never."""
        return 0, math.inf

    def since_midnight(self, time: float, value: float) -> float:
        """Return where a quantity stands that stood at a value when the day began."""
        day, hour = divmod(time, DAY)
        season, _ = self.season(int(day))
        piece = bisect_right(self.hours, hour) - 1
        return self.interval_map(season, self.hours[piece], hour)(self._passed[season][piece](value))

    def within_day(self, begin: float, end: float, value: float) -> float:
        """Return what a span within one day makes of a value; it may end at the next midnight."""
        day, hour = divmod(begin, DAY)
        season, _ = self.season(int(day))
        last = hour + end - begin
        between = self.hours[bisect_right(self.hours, hour) : bisect_right(self.hours, last)]
        for span in pairwise((hour, *between, last)):
            value = self.interval_map(season, *span)(value)
        return value

    def days(self, first: int, end: int, value: float) -> float:
        """Return what whole days make of a value, season by season."""
        while first < end:
            season, until = self.season(first)
            until = min(until, end)
            value = self._passed[season][-1].repeated(int(until) - first)(value)
            first = int(until)
        return value


@dataclass(frozen=True, slots=True)
class DailyPath(Path):
    """A quantity under a daily model; from the first midnight on it is known by its value there."""

    start: float
    value: float
    first_day: int
    first_value: float
    daily_model: DailyModel

    @override
    def at(self, time: float) -> Motion:
        day = int(time // DAY)
        if day >= self.first_day:
            return _since_midnight(
                self.daily_model, time, _at_midnight(self.daily_model, self.first_day, self.first_value, day)
            )
        value = self.daily_model.within_day(self.start, time, self.value)
        return Motion(value, self.daily_model.rate(time, value))


# A poll asks for every device again on the same day, and a page of a list for many that are alike: hence the memories.


@lru_cache(maxsize=16384)
def _at_midnight(daily_model: DailyModel, first_day: int, first_value: float, day: int) -> float:
    return daily_model.days(max(first_day, int(max(day - daily_model.memory, 0))), day, first_value)


@lru_cache(maxsize=64)
def _since_midnight(daily_model: DailyModel, time: float, value: float) -> Motion:
    reached = daily_model.since_midnight(time, value)
    return Motion(reached, daily_model.rate(time, reached))


def daily_path(start: float, value: float, daily_model: DailyModel) -> DailyPath:
    """Return the path of a quantity under a daily model from an instant on."""
    first_day = int(start // DAY) + 1
    return DailyPath(start, value, first_day, daily_model.within_day(start, first_day * DAY, value), daily_model)
