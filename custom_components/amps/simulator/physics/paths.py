"""The paths of quantities over time, in closed form.

A path has the value at any instant directly, whether a minute or a year ahead. Time is in hours since the epoch (UTC),
values are in any unit, rates in that unit per hour. At a kink the rate is the one after it.
"""

from abc import ABC, abstractmethod
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
import math
from typing import NamedTuple, override

DAY = 24.0

_SHORTEST = 1e-6
"""Hours, some milliseconds: over a shorter piece the rate would come from rounding errors of its ends."""

NEGLIGIBLE = 1e-9
"""Differences and speeds below it count as zero: no reading shows them, and dividing by them is not meaningful."""


class Motion(NamedTuple):
    """The value of a quantity and its rate."""

    value: float
    rate: float


class Path(ABC):
    """The path of a quantity from an instant on."""

    __slots__ = ()

    @abstractmethod
    def at(self, time: float) -> Motion:
        """Return value and rate at an instant."""


@dataclass(frozen=True, slots=True)
class Hold(Path):
    """A constant value."""

    value: float

    @override
    def at(self, time: float) -> Motion:
        return Motion(self.value, 0.0)


@dataclass(frozen=True, slots=True)
class Ramp(Path):
    """A value that changes at a constant rate up to a stop, and stays there."""

    start: float
    value: float
    rate: float
    stop: float

    @override
    def at(self, time: float) -> Motion:
        value = self.value + self.rate * (time - self.start)
        if (value - self.stop) * self.rate >= 0:
            return Motion(self.stop, 0.0)
        return Motion(value, self.rate)


def ramp(start: float, value: float, stop: float, speed: float) -> Path:
    """Return the path from a value to a stop at a speed, which is not negative; at speed 0 the value stays."""
    if speed <= NEGLIGIBLE or abs(stop - value) <= NEGLIGIBLE:
        return Hold(value)
    return Ramp(start, value, math.copysign(speed, stop - value), stop)


@dataclass(frozen=True, slots=True)
class Curve(Path):
    """A continuous curve of straight pieces over a day, the same every day.

    `hours` (of UTC, ascending) and `values` are its knots. The last piece leads over midnight to the first knot of the
    next day.
    """

    hours: tuple[float, ...]
    values: tuple[float, ...]
    rates: tuple[float, ...]

    @classmethod
    def through(cls, knots: Iterable[tuple[float, float]]) -> Curve:
        """Return the curve through knots, each an hour and a value; hours beyond a day are taken modulo a day.

        Of coinciding knots one is kept, since the piece between them would not have a meaningful rate.
        """
        ordered: list[tuple[float, float]] = []
        for hour, value in sorted((hour % DAY, value) for hour, value in knots):
            if not ordered or hour - ordered[-1][0] > _SHORTEST:
                ordered.append((hour, value))
        first_hour, first_value = ordered[0]
        if len(ordered) > 1 and first_hour + DAY - ordered[-1][0] <= _SHORTEST:
            ordered.pop()
        closed = (*ordered, (first_hour + DAY, first_value))
        return cls(
            hours=tuple(hour for hour, _ in ordered),
            values=tuple(value for _, value in ordered),
            rates=tuple((after[1] - before[1]) / (after[0] - before[0]) for before, after in pairwise(closed)),
        )

    def earlier(self, hours: float) -> Curve:
        """Return the curve shifted to so many hours earlier."""
        return Curve.through((hour - hours, value) for hour, value in self.knots())

    def knots(self) -> Iterable[tuple[float, float]]:
        """Yield the knots: hour and value."""
        return zip(self.hours, self.values, strict=True)

    @override
    def at(self, time: float) -> Motion:
        hour = time % DAY
        if hour < self.hours[0]:
            hour += DAY
        piece = bisect_right(self.hours, hour) - 1
        rate = self.rates[piece]
        return Motion(self.values[piece] + rate * (hour - self.hours[piece]), rate)

    def pieces(self, start: float) -> Iterable[tuple[float, Motion]]:
        """Yield the pieces of the day that begins at an instant: duration, and motion at the start of the piece."""
        hour = start % DAY
        knots = sorted((knot - hour) % DAY for knot in self.hours)
        bounds = [0.0, *(knot for knot in knots if knot > 0), DAY]
        for begin, end in pairwise(bounds):
            middle = self.at(start + (begin + end) / 2)
            yield end - begin, Motion(middle.value - middle.rate * (end - begin) / 2, middle.rate)

    def within(self, low: float, high: float) -> Curve:
        """Return the curve limited to a floor and a ceiling; where the floor is above the ceiling it has precedence."""
        high = max(low, high)
        knots = [(hour, min(max(value, low), high)) for hour, value in self.knots()]
        ends = (*self.hours[1:], self.hours[0] + DAY)
        for hour, value, rate, end in zip(self.hours, self.values, self.rates, ends, strict=True):
            for limit in (low, high):
                crossing = hour + (limit - value) / rate if rate else math.inf
                if hour < crossing < end:
                    knots.append((crossing, limit))
        return Curve.through(knots)

    def no_steeper(self, up: float, down: float) -> Curve:
        """Return the curve, scaled towards its middle until no piece rises or falls faster than these speeds."""
        steepest_rise, steepest_fall = max(self.rates), -min(self.rates)
        factor = min(
            1.0,
            up / steepest_rise if steepest_rise > 0 else 1.0,
            down / steepest_fall if steepest_fall > 0 else 1.0,
        )
        if factor == 1.0:
            return self
        middle = (min(self.values) + max(self.values)) / 2
        return Curve.through((hour, middle + factor * (value - middle)) for hour, value in self.knots())

    def reached_at(self, start: float, value: float, speed: float) -> float:
        """Return when a value that changes towards the curve at a speed reaches it; infinity is never.

        The curve must not be steeper than the speed. Then the gap never grows, and shrinks by the same amount every
        day: whole days are skipped by division, and only the last day is searched.
        """
        gap = self.at(start).value - value
        if abs(gap) <= NEGLIGIBLE:
            return start
        if speed <= NEGLIGIBLE:
            return math.inf
        direction = math.copysign(1.0, gap)
        gap = abs(gap)
        days = math.floor(gap / (speed * DAY))
        gap -= days * speed * DAY
        time = start + days * DAY
        for length, motion in self.pieces(start):
            closing = speed - direction * motion.rate
            if gap <= closing * length:
                return time + (gap / closing if closing > 0 else 0.0)
            gap -= max(closing, 0.0) * length
            time += length
        return time


@dataclass(frozen=True, slots=True)
class Sequence(Path):
    """One path up to an instant, and another from there."""

    first: Path
    until: float
    then: Path

    @override
    def at(self, time: float) -> Motion:
        return self.first.at(time) if time < self.until else self.then.at(time)


def approach(start: float, value: float, curve: Curve, up: float, down: float) -> Path:
    """Return the path from a value to a curve, with one speed up and another down, and along it once it is reached."""
    above = value > curve.at(start).value
    speed = down if above else up
    joins = curve.reached_at(start, value, speed)
    if joins == start:
        return curve
    if joins == math.inf:
        return Hold(value)
    return Sequence(Ramp(start, value, -speed if above else speed, -math.inf if above else math.inf), joins, curve)
