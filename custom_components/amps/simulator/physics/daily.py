"""Quantities that carry over from day to day, in closed form: the temperature of a house, the level of a vehicle.

How an interval changes such a quantity is a map of one simple kind, and so is how many days change it. Time is in hours
since the epoch (UTC), as in `paths`.
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
    """How an interval changes a value: it is scaled, shifted, and limited to bounds.

    The scale is positive. Two such maps in sequence are another such map.
    """

    scale: float
    shift: float
    low: float
    high: float

    def __call__(self, value: float) -> float:
        """Return the value at the end of the interval."""
        return min(max(self.scale * value + self.shift, self.low), self.high)

    def then(self, after: Clamp) -> Clamp:
        """Return the map of this interval and the next together."""
        shift = after.scale * self.shift + after.shift
        return Clamp(self.scale * after.scale, shift, after(self.low), after(self.high))

    def repeated(self, times: int) -> Clamp:
        """Return the map of so many equal intervals together, at least one.

        A bound of the result is a bound of the first interval, changed by all the others: away from that bound as if
        there were no bounds, or not at all.
        """
        scale = self.scale ** (times - 1)
        shift = self.shift * (times - 1 if self.scale == 1 else (1 - scale) / (1 - self.scale))
        low = min(max(scale * self.low + shift, self.low), self.high)
        high = min(max(scale * self.high + shift, self.low), self.high)
        return Clamp(scale * self.scale, self.scale * shift + self.shift, low, high)


_UNCHANGED = Clamp(1.0, 0.0, -math.inf, math.inf)


class DailyModel(ABC):
    """How a quantity changes, by hour of the day and season; all days of a season are equal.

    `hours` are the starts of the pieces of a day, the first at midnight. `memory` is the number of days after which an
    earlier value has no influence.
    """

    def __init__(self, hours: tuple[float, ...], *, seasons: int = 1, memory: float = math.inf) -> None:
        """Compute the maps of a day of each season, from midnight up to each hour."""
        self.hours = hours
        self.memory = memory
        spans = list(pairwise((*hours, DAY)))
        self._from_midnight = [
            list(accumulate((self.interval_map(season, *span) for span in spans), Clamp.then, initial=_UNCHANGED))
            for season in range(seasons)
        ]

    @abstractmethod
    def interval_map(self, season: int, begin: float, end: float) -> Clamp:
        """Return the map of an interval within one piece of a day, from one hour to another."""

    @abstractmethod
    def rate(self, time: float, value: float) -> float:
        """Return the rate of a quantity with a value at an instant."""

    def season(self, day: int) -> tuple[int, float]:
        """Return the season of a day since the epoch, and the first day of the next season; infinity is never."""
        return 0, math.inf

    def since_midnight(self, time: float, value: float) -> float:
        """Return the value at an instant of a quantity with a value at midnight before."""
        day, hour = divmod(time, DAY)
        season, _ = self.season(int(day))
        piece = bisect_right(self.hours, hour) - 1
        return self.interval_map(season, self.hours[piece], hour)(self._from_midnight[season][piece](value))

    def within_day(self, begin: float, end: float, value: float) -> float:
        """Return the value after a span within one day, which may end at the next midnight."""
        day, hour = divmod(begin, DAY)
        season, _ = self.season(int(day))
        last = hour + end - begin
        between = self.hours[bisect_right(self.hours, hour) : bisect_right(self.hours, last)]
        for span in pairwise((hour, *between, last)):
            value = self.interval_map(season, *span)(value)
        return value

    def days(self, first: int, end: int, value: float) -> float:
        """Return the value after whole days, season by season."""
        while first < end:
            season, until = self.season(first)
            until = min(until, end)
            value = self._from_midnight[season][-1].repeated(int(until) - first)(value)
            first = int(until)
        return value


@dataclass(frozen=True, slots=True)
class DailyPath(Path):
    """A quantity under a daily model; from the first midnight on it is computed from its value there."""

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


# A poll reads every device again on the same day, and a page of a list many that are equal: hence the caches.


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
