"""The temperature of a house: outdoor air, heat loss, heating and cooling.

A house loses heat in proportion to its temperature difference to the outdoor air, whose temperature depends on month
and hour of UTC. Heating and cooling add what is necessary to stay within a band, and no more. Temperatures are in °C.
"""

from datetime import date
from functools import lru_cache
import math
from typing import override

from ..physics.daily import Clamp, DailyModel, daily_path
from ..physics.paths import DAY, Curve, Motion, Path, Ramp, Sequence
from ..wire import EPOCH

_MONTHS = (5.0, 5.0, 7.0, 10.0, 13.0, 16.0, 18.0, 18.0, 15.0, 12.0, 8.0, 5.0)
"""The mean outdoor temperature of each month, °C."""
_SWING = Curve.through([(5, -4), (15, 4)])
"""The difference by hour, °C: coldest before sunrise, warmest in the afternoon."""
_INERTIA = 30.0
"""The time constant of a house, hours: without heating its difference to the outdoor air falls to 1/e of it."""
_MEMORY = 45
"""Days after which an earlier temperature has no influence within the precision of a number."""

_WARMING, _COOLING = 2.0, 1.5
"""How fast heating and cooling change the temperature, °C per hour, in any weather."""
_NEVER_BELOW, _NEVER_ABOVE = -100.0, 100.0
_NEGLIGIBLE = 1e-9
_EPOCH_DAY = EPOCH.toordinal()
_DECEMBER = 12


class TemperatureBand(DailyModel):
    """The daily model of a house that is kept between a floor and a ceiling, two daily curves in °C.

    Between them there is neither heating nor cooling. The floor must not rise faster than heating warms the house.
    """

    def __init__(self, floor: Curve, ceiling: Curve) -> None:
        """Create the model of two bounds."""
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

        def uncontrolled(since: float, temperature: float) -> float:
            """Return the temperature at the end without heating and cooling from a time on."""
            lag = outside.value - outside.rate * (_INERTIA + middle)
            first, last = lag + outside.rate * since, lag + outside.rate * end
            return last + (temperature - first) * math.exp((since - end) / _INERTIA)

        # A house that is kept at a bound and then released stays on its side: the bound that applies last determines
        # the end.
        floor, ceiling = self.floor.at(middle), self.ceiling.at(middle)
        low = max(
            uncontrolled(since, _extrapolated(floor, since - middle))
            for since in (_released_at(floor, outside, begin, end), end)
        )
        high = min(
            uncontrolled(since, _extrapolated(ceiling, since - middle))
            for since in (_released_at(ceiling, outside, begin, end), end)
        )
        bottom, top = _extrapolated(floor, end - middle), _extrapolated(ceiling, end - middle)
        start = uncontrolled(begin, 0.0)
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
        """Return the path of a house from a temperature: evenly to the band, where it is outside, then within it."""
        if temperature < self.floor.at(time).value:
            return self._path_to(self.floor, time, temperature, _WARMING)
        if temperature > self.ceiling.at(time).value:
            return self._path_to(self.ceiling, time, temperature, -_COOLING)
        return daily_path(time, temperature, self)

    def _path_to(self, bound: Curve, time: float, temperature: float, rate: float) -> Path:
        reached_at = bound.reached_at(time, temperature, abs(rate))
        within = daily_path(reached_at, bound.at(reached_at).value, self)
        return Sequence(Ramp(time, temperature, rate, math.copysign(math.inf, rate)), reached_at, within)


def _extrapolated(bound: Motion, after: float) -> float:
    return bound.value + bound.rate * after


def _released_at(bound: Motion, outside: Motion, begin: float, end: float) -> float:
    """Return when keeping the house at a bound needs neither heating nor cooling, within a span.

    The motions are those in the middle of the span. Before that time one of the two is needed, after it the other: from
    then on the bound no longer keeps the house.
    """
    need = bound.rate + (bound.value - outside.value) / _INERTIA
    change = (bound.rate - outside.rate) / _INERTIA
    return end if change == 0 else min(max((begin + end) / 2 - need / change, begin), end)


def outside(time: float) -> float:
    """Return the outdoor temperature, °C."""
    month = date.fromordinal(_EPOCH_DAY + int(time // DAY)).month
    return _MONTHS[month - 1] + _SWING.at(time).value


def drift(time: float, temperature: float) -> float:
    """Return the rate of the temperature of a house without heating and cooling, °C per hour."""
    return (outside(time) - temperature) / _INERTIA


@lru_cache(maxsize=256)
def temperature_band(low: float = _NEVER_BELOW, high: float = _NEVER_ABOVE) -> TemperatureBand:
    """Return the band of a thermostat with constant setpoints."""
    return TemperatureBand(Curve.through([(0, low)]), Curve.through([(0, high)]))
