"""Solar inverters: readings only (api §4.6)."""

from calendar import isleap
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import accumulate
from typing import override

from ..physics.paths import DAY, Curve
from ..wire import EPOCH, JSON, rounded
from .base import Behaviour, DeviceType, Model

# The documented day (api §11.2), as a share of the peak power by hour of UTC: it rises to a shoulder, curves to the
# peak at noon and back, and falls. A piece is the hours of start and end, and a, b, c of a + b·x + c·x² after x hours.
_SHOULDER = 0.75
_RAMP_HOURS, _ARCH_HOURS = 3, 6
_ARCH = 4 * (1 - _SHOULDER) / _ARCH_HOURS
_PIECES = (
    (6, 9, (0.0, _SHOULDER / _RAMP_HOURS, 0.0)),
    (9, 15, (_SHOULDER, _ARCH, -_ARCH / _ARCH_HOURS)),
    (15, 18, (_SHOULDER, -_SHOULDER / _RAMP_HOURS, 0.0)),
)

# The energy total must never fall, not even by a rounding error at midnight. Whole days therefore add up exactly: the
# hours at peak power of a full day need few bits, and the strength of the sun is a whole number of ten-thousandths.
_FULL_DAY = _SHOULDER * (_RAMP_HOURS + _ARCH_HOURS) + (1 - _SHOULDER) * 4
_STRENGTH = 10_000
_LEAP_YEAR = 2024
_FEBRUARY_29 = 59
_EPOCH_DAY = EPOCH.toordinal()


def _day_of_leap_year(month: int, day: int) -> int:
    """Return the number of a day in a leap year, from 0."""
    return date(_LEAP_YEAR, month, day).toordinal() - date(_LEAP_YEAR, 1, 1).toordinal()


# The strength of the sun on the fifteenth of each month, percent of that in June, and of all days between: a year is
# scaled to the day of a curve.
_SEASON = (25, 40, 60, 80, 95, 100, 100, 90, 70, 50, 30, 20)
_YEAR = Curve.through((_day_of_leap_year(month, 15) * DAY / 366, percent) for month, percent in enumerate(_SEASON, 1))
_SUN_OF_DAY = tuple(round(_YEAR.at(day * DAY / 366).value * _STRENGTH / 100) for day in range(366))
_SUN_BEFORE_DAY = tuple(accumulate(_SUN_OF_DAY, initial=0))
_SUN_OF_FEBRUARY_29 = _SUN_OF_DAY[_FEBRUARY_29]
_SUN_OF_YEAR = _SUN_BEFORE_DAY[-1] - _SUN_OF_FEBRUARY_29

_SHADE = 0.08
"""The maximum share of the peak power that is lost by a less favourable roof (design §8)."""

_FIRST_COMMISSIONING = date(2019, 1, 1)
_COMMISSIONING_DAYS = 6 * 365


# A page of a list has many inverters at one instant with the same sun: hence the small caches.


@lru_cache(maxsize=64)
def share(hour: float) -> float:
    """Return the power at an hour of the day, as a share of the peak of a day in June."""
    for begin, end, (constant, linear, square) in _PIECES:
        if begin <= hour < end:
            elapsed = hour - begin
            return constant + elapsed * (linear + elapsed * square)
    return 0.0


@lru_cache(maxsize=64)
def yielded(hour: float) -> float:
    """Return the integral of `share` from midnight to an hour: hours at peak power."""
    total = 0.0
    for begin, end, (constant, linear, square) in _PIECES:
        elapsed = min(max(hour - begin, 0.0), end - begin)
        total += elapsed * (constant + elapsed * (linear / 2 + elapsed * square / 3))
    return total


@lru_cache(maxsize=64)
def sun_before(day: date) -> int:
    """Return the sum of the strengths of all days before a date, in ten-thousandths, without a loop over them."""
    years = day.year - 1
    leap_days = years // 4 - years // 100 + years // 400
    number = _day_of_leap_year(day.month, day.day)
    skipped = number > _FEBRUARY_29 and not isleap(day.year)
    return years * _SUN_OF_YEAR + (leap_days - skipped) * _SUN_OF_FEBRUARY_29 + _SUN_BEFORE_DAY[number]


@lru_cache(maxsize=64)
def _sun(time: float) -> tuple[float, float]:
    """Return the power at an instant as a share of the peak in June, and its integral since year 1 in hours."""
    day, hour = divmod(time, DAY)
    today = date.fromordinal(_EPOCH_DAY + int(day))
    strength = _SUN_OF_DAY[_day_of_leap_year(today.month, today.day)]
    return strength * share(hour) / _STRENGTH, (sun_before(today) * _FULL_DAY + strength * yielded(hour)) / _STRENGTH


def commissioned(spread: float) -> date:
    """Return the day when an inverter was commissioned, by its spread (0 to 1)."""
    return _FIRST_COMMISSIONING + timedelta(days=int(spread * _COMMISSIONING_DAYS))


@dataclass(frozen=True, kw_only=True, eq=False)
class SolarInverterModel(Model):
    """A model of inverter with its panels; the peak power is that at noon in June, kW."""

    peak_power: float

    @override
    def default_behaviour(self, spread: float) -> SolarInverterBehaviour:
        return SolarInverterBehaviour(
            peak_power=self.peak_power * (1 - _SHADE * spread),
            before=sun_before(commissioned(spread)) * _FULL_DAY / _STRENGTH,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SolarInverterBehaviour(Behaviour):
    """An inverter whose energy total starts at 0 on the day when it was commissioned.

    `peak_power` is that of its panels at noon in June, kW; `before` the integral of the sun before that day, hours.
    """

    peak_power: float
    before: float

    def power(self, time: float) -> float:
        """Return the power at an instant, kW."""
        return self.peak_power * _sun(time)[0]

    def energy(self, time: float) -> float:
        """Return the integral of the power since commissioning, kWh."""
        return self.peak_power * (_sun(time)[1] - self.before)

    @override
    def report(self, time: float) -> dict[str, JSON]:
        power = rounded(self.power(time), 3)
        return {
            "status": "producing" if power > 0 else "idle",
            "currentPower": power,
            "producing": power > 0,
            "energyTotal": rounded(self.energy(time), 3),
        }


ENPHASE = SolarInverterModel(vendor="Enphase", name="IQ8+", peak_power=4.2)
SOLAREDGE = SolarInverterModel(vendor="SolarEdge", name="SE5000H", peak_power=5)
FOXESS = SolarInverterModel(vendor="FoxESS", name="S3000-G2", peak_power=3)

SOLAR_INVERTER = DeviceType(
    name="solar_inverter",
    segment="solar-inverter",
    showcase=(ENPHASE, SOLAREDGE),
    catalogue=(ENPHASE, SOLAREDGE, FOXESS),
)
