"""How warm a house is: the weather, what the house makes of it, and what its heating and cooling make of that.

A house loses warmth in proportion to how much warmer it is than the air outside, which depends on month and hour, in
degrees Celsius and hours of UTC. Heating and cooling add what it takes to keep within a band, and no more.
"""

from datetime import date
from functools import lru_cache
import math
from typing import override

from ..physics.daily import Clamp, DailyModel, daily_path
from ..physics.paths import DAY, Curve, Motion, Path, Ramp, Sequence
from ..wire import EPOCH

_MONTHS = (5.0, 5.0, 7.0, 10.0, 13.0, 16.0, 18.0, 18.0, 15.0, 12.0, 8.0, 5.0)
"""The mean of each month outside, °C."""
_SWING = Curve.through([(5, -4), (15, 4)])
"""What the hour adds: coldest before sunrise, warmest in the afternoon."""
_INERTIA = 30.0
"""Hours until a house left alone has lost all but an e-th of its difference to the air outside."""
_MEMORY = 45
"""Days after which that is less than a number can say."""

_WARMING, _COOLING = 2.0, 1.5
"""How fast a house is brought to where it should be, °C per hour, whatever the weather."""
_NEVER_BELOW, _NEVER_ABOVE = -100.0, 100.0
_NEGLIGIBLE = 1e-9
_EPOCH_DAY = EPOCH.toordinal()
_DECEMBER = 12


class TemperatureBand(DailyModel):
    """A house kept from becoming colder than a floor and warmer than a ceiling, both °C over the day.

    Neither leaves the house to the weather. The floor rises no faster than the house is warmed.
    """

    def __init__(self, floor: Curve, ceiling: Curve) -> None:
        """Take the bounds."""
        self.floor, self.ceiling = floor, ceiling
        hours = sorted({0.0, *_SWING.hours, *floor.hours, *ceiling.hours})
        super().__init__(tuple(hours), seasons=len(_MONTHS), memory=_MEMORY)

    @override
    def season(self, day: int) -> tuple[int, float]:
        today = date.fromordinal(_EPOCH_DAY + day)
        year, month = divmod(today.month, _DECEMBER)
        return today.month - 1, date(today.year + year, month + 1, 1).toordinal() - _EPOCH_DAY

    @override
    def interval_map(self, season: int, begin: float, end: float) -> Clamp:
        middle = (begin + end) / 2
        swing, change = _SWING.at(middle)
        outside = Motion(_MONTHS[season] + swing, change)

        def left_alone(since: float, temperature: float) -> float:
            """Return how warm the house is in the end if nothing is done from an instant on."""
            lag = outside.value - outside.rate * (_INERTIA + middle)
            first, last = lag + outside.rate * since, lag + outside.rate * end
            return last + (temperature - first) * math.exp((since - end) / _INERTIA)

        # What kept to a bound and then was let go ends at the same side of it: the bound counts that is felt last.
        floor, ceiling = self.floor.at(middle), self.ceiling.at(middle)
        low = max(left_alone(since, _on(floor, since - middle)) for since in (_let_go(floor, outside, begin, end), end))
        high = min(
            left_alone(since, _on(ceiling, since - middle)) for since in (_let_go(ceiling, outside, begin, end), end)
        )
        bottom, top = _on(floor, end - middle), _on(ceiling, end - middle)
        start = left_alone(begin, 0.0)
        return Clamp(math.exp((begin - end) / _INERTIA), start, min(low, top), max(high, bottom))

    @override
    def rate(self, time: float, value: float) -> float:
        rate = drift(time, value)
        floor, rise = self.floor.at(time)
        if value <= floor + _NEGLIGIBLE:
            rate = max(rate, rise)
        ceiling, rise = self.ceiling.at(time)
        return min(rate, rise) if value >= ceiling - _NEGLIGIBLE else rate

    def reached_from(self, time: float, temperature: float) -> Path:
        """Return the way of a house into the band, evenly from outside of it, and within it from then on."""
        if temperature < self.floor.at(time).value:
            return self._joined(self.floor, time, temperature, _WARMING)
        if temperature > self.ceiling.at(time).value:
            return self._joined(self.ceiling, time, temperature, -_COOLING)
        return daily_path(time, temperature, self)

    def _joined(self, bound: Curve, time: float, temperature: float, rate: float) -> Path:
        joins = bound.met_by(time, temperature, abs(rate))
        within = daily_path(joins, bound.at(joins).value, self)
        return Sequence(Ramp(time, temperature, rate, math.copysign(math.inf, rate)), joins, within)


def _on(bound: Motion, after: float) -> float:
    return bound.value + bound.rate * after


def _let_go(bound: Motion, outside: Motion, begin: float, end: float) -> float:
    """Return when keeping to a bound needs neither heating nor cooling, within a span in whose middle both are known.

    Before it was one of them, then it is the other: from there on the house goes its own way.
    """
    need = bound.rate + (bound.value - outside.value) / _INERTIA
    change = (bound.rate - outside.rate) / _INERTIA
    return end if change == 0 else min(max((begin + end) / 2 - need / change, begin), end)


def outside(time: float) -> float:
    """Return how warm the air outside is, °C."""
    month = date.fromordinal(_EPOCH_DAY + int(time // DAY)).month
    return _MONTHS[month - 1] + _SWING.at(time).value


def drift(time: float, temperature: float) -> float:
    """Return how fast the temperature of a house changes that is left alone, °C per hour."""
    return (outside(time) - temperature) / _INERTIA


@lru_cache(maxsize=256)
def temperature_band(low: float = _NEVER_BELOW, high: float = _NEVER_ABOVE) -> TemperatureBand:
    """Return the band of a thermostat whose setpoints are the same all day."""
    return TemperatureBand(Curve.through([(0, low)]), Curve.through([(0, high)]))
