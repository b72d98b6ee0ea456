"""Solar inverters: readings only (api §4.6)."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import accumulate
from typing import override

from ..physics import DAY
from ..wire import EPOCH, JSON, rounded
from .base import Course, DeviceType, Model

# The documented day (api §11.2), as a share of the peak power at an hour of UTC: it rises to a shoulder, arches to the
# peak at noon and back, and falls. Each stretch begins at its hour and is a + b·x + c·x² after x hours.
_SHOULDER = 0.75
_RAMP_HOURS, _ARCH_HOURS = 3, 6
_ARCH = 4 * (1 - _SHOULDER) / _ARCH_HOURS
_STRETCHES = (
    (6, 9, (0.0, _SHOULDER / _RAMP_HOURS, 0.0)),
    (9, 15, (_SHOULDER, _ARCH, -_ARCH / _ARCH_HOURS)),
    (15, 18, (_SHOULDER, -_SHOULDER / _RAMP_HOURS, 0.0)),
)

# A total that a meter shows must never fall, not even by a rounding error at midnight. Whole days therefore add up
# exactly: a day is worth hours at peak power that few bits can say, and the seasons are whole hundredths.
_FULL_DAY = _SHOULDER * (_RAMP_HOURS + _ARCH_HOURS) + (1 - _SHOULDER) * 4
_SEASON = (25, 40, 60, 80, 95, 100, 100, 90, 70, 50, 30, 20)
_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_SUN_BEFORE_MONTH = (0, *accumulate(days * percent for days, percent in zip(_DAYS, _SEASON, strict=True)))
_FEBRUARY = 2
_EPOCH_DAY = EPOCH.toordinal()

_FIRST_COMMISSIONING = date(2019, 1, 1)
_COMMISSIONING_DAYS = 6 * 365


# A page of a list asks for many inverters at one instant, whose sun is the same: hence the small memories.


@lru_cache(maxsize=64)
def share(hour: float) -> float:
    """Return the power at an hour of the day, as a share of the peak of a day in June."""
    for begin, end, (constant, linear, square) in _STRETCHES:
        if begin <= hour < end:
            elapsed = hour - begin
            return constant + elapsed * (linear + elapsed * square)
    return 0.0


@lru_cache(maxsize=64)
def yielded(hour: float) -> float:
    """Return the integral of `share` from midnight to an hour: hours at peak power."""
    total = 0.0
    for begin, end, (constant, linear, square) in _STRETCHES:
        elapsed = min(max(hour - begin, 0.0), end - begin)
        total += elapsed * (constant + elapsed * (linear / 2 + elapsed * square / 3))
    return total


@lru_cache(maxsize=64)
def sun_before(day: date) -> int:
    """Return how many hundredths of a day in June all the days before a date are worth; divided, not counted."""
    years = day.year - 1
    leap_days = years // 4 - years // 100 + years // 400
    leap_day_passed = day.month > _FEBRUARY and day.year % 4 == 0 and (day.year % 100 != 0 or day.year % 400 == 0)
    return (
        years * _SUN_BEFORE_MONTH[-1]
        + (leap_days + leap_day_passed) * _SEASON[_FEBRUARY - 1]
        + _SUN_BEFORE_MONTH[day.month - 1]
        + (day.day - 1) * _SEASON[day.month - 1]
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class SolarInverterModel(Model):
    """A kind of inverter with its panels: kW at noon in June."""

    peak_power: float

    @override
    def undisturbed(self, variety: float) -> SolarInverterCourse:
        commissioned = _FIRST_COMMISSIONING + timedelta(days=int(variety * _COMMISSIONING_DAYS))
        return SolarInverterCourse(model=self, commissioned=commissioned, sun_before=sun_before(commissioned))


@dataclass(frozen=True, slots=True, kw_only=True)
class SolarInverterCourse(Course):
    """An inverter that counts since the day it was commissioned."""

    model: SolarInverterModel
    commissioned: date
    sun_before: int

    def power(self, time: float) -> float:
        """Return the power at an instant, kW."""
        return self.model.peak_power * _SEASON[_date(time).month - 1] / 100 * share(time % DAY)

    def energy(self, time: float) -> float:
        """Return the integral of the power since commissioning, kWh."""
        today = _date(time)
        sun = sun_before(today) - self.sun_before
        return self.model.peak_power * (sun * _FULL_DAY + _SEASON[today.month - 1] * yielded(time % DAY)) / 100

    @override
    def report(self, time: float) -> dict[str, JSON]:
        power = rounded(self.power(time), 3)
        return {
            "status": "producing" if power > 0 else "idle",
            "currentPower": power,
            "producing": power > 0,
            "energyTotal": rounded(self.energy(time), 3),
        }


def _date(time: float) -> date:
    return date.fromordinal(_EPOCH_DAY + int(time // DAY))


ENPHASE = SolarInverterModel(vendor="Enphase", name="IQ8+", peak_power=4.2)
SOLAREDGE = SolarInverterModel(vendor="SolarEdge", name="SE5000H", peak_power=5)
FOXESS = SolarInverterModel(vendor="FoxESS", name="S3000-G2", peak_power=3)

SOLAR_INVERTER = DeviceType(
    name="solar_inverter",
    segment="solar-inverter",
    home=(ENPHASE, SOLAREDGE),
    catalogue=(ENPHASE, SOLAREDGE, FOXESS),
)
