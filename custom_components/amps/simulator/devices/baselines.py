"""What batteries and vehicles do uncommanded, by the hour of UTC (api §11.2, made continuous by §15.2 #57).

Devices of one type differ (design §8). Each value of a day moves by up to what stands beside it, towards the middle of
the day: nothing leaves its documented band, and nothing becomes faster, so that a charger that can deliver the
documented day can deliver every other one.
"""

from ..physics.paths import Curve

type _Day = tuple[tuple[float, float, float], ...]
"""Of each turn of a day the hour, the level in percent, and by how many percent it may differ."""

_BATTERY: _Day = ((6, 70, -8), (9, 48, 6), (15, 91, -9), (21, 30, 10))
"""The morning's load, the sun, the evening's peak, a slow night."""

_VEHICLE: _Day = ((6, 81, 1), (9, 95, -6), (17, 70.5, 0), (21, 50, 8))
"""Driven until the evening, charged at night, topped up in the morning; plugged in where it rises."""

_LATEST = 0.25
"""Hours by which a day may be early or late: short beside the bands, whose middle stays what is documented."""

_FACTORS = (17, 31, 53, 79)
"""Primes that make of one number several which have nothing to do with one another."""


def battery_level(spread: float) -> Curve:
    """Return the usual day of a battery, percent; a spread of 0 (of 0 to 1) is the documented day itself."""
    return _level(_BATTERY, spread)


def vehicle_level(spread: float) -> Curve:
    """Return the usual day of a vehicle, percent; a spread of 0 (of 0 to 1) is the documented day itself."""
    return _level(_VEHICLE, spread)


def _earlier(spread: float) -> float:
    """Return by how many hours a device does everything earlier than documented; negative is later."""
    return ((spread * 101 + 0.5) % 1 - 0.5) * 2 * _LATEST


def _level(day: _Day, spread: float) -> Curve:
    turns = zip(day, _FACTORS, strict=True)
    return Curve.through((hour, level + most * (spread * factor % 1)) for (hour, level, most), factor in turns).earlier(
        _earlier(spread)
    )
