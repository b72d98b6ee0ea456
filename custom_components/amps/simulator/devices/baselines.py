"""The levels of batteries and vehicles without commands, by hour of UTC (api §11.2, continuous by §15.2 #57).

Devices of one type differ (design §8). Each value of the documented day is changed by up to the difference beside it,
towards the middle of the band: no value leaves its documented band and no piece becomes steeper, so that a charger that
can deliver the documented day can deliver every other one.
"""

from ..physics.paths import Curve

type _Day = tuple[tuple[float, float, float], ...]
"""Of each knot of a day the hour, the level in percent, and the maximum difference in percent."""

_BATTERY: _Day = ((6, 70, -8), (9, 48, 6), (15, 91, -9), (21, 30, 10))
"""Morning load, solar charging, evening peak, slow charging at night."""

_VEHICLE: _Day = ((6, 81, 1), (9, 95, -6), (17, 70.5, 0), (21, 50, 8))
"""Driven until the evening, charged at night and in the morning; plugged in while it rises."""

_MAX_SHIFT = 0.25
"""Hours by which a day may be early or late: little beside the length of the bands, so that their middle stays."""

_FACTORS = (17, 31, 53, 79)
"""Primes that derive several unrelated numbers from one spread."""


def battery_level(spread: float) -> Curve:
    """Return the daily curve of the level of a battery, percent; a spread of 0 (of 0 to 1) is the documented day."""
    return _level(_BATTERY, spread)


def vehicle_level(spread: float) -> Curve:
    """Return the daily curve of the level of a vehicle, percent; a spread of 0 (of 0 to 1) is the documented day."""
    return _level(_VEHICLE, spread)


def _shift(spread: float) -> float:
    """Return the hours by which a device is earlier than documented; negative is later."""
    return ((spread * 101 + 0.5) % 1 - 0.5) * 2 * _MAX_SHIFT


def _level(day: _Day, spread: float) -> Curve:
    knots = zip(day, _FACTORS, strict=True)
    return Curve.through((hour, level + most * (spread * factor % 1)) for (hour, level, most), factor in knots).earlier(
        _shift(spread)
    )
