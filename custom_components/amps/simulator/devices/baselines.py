"""What batteries and vehicles do uncommanded, by the hour of UTC (api §11.2, made continuous by §15.2 #57)."""

from ..physics import DAY, Curve

BATTERY_LEVEL = Curve.through([(6, 70), (9, 48), (15, 91), (21, 30)])
"""Percent: the morning's load, the sun, the evening's peak, a slow night."""

VEHICLE_LEVEL = Curve.through([(6, 81), (9, 95), (17, 70.5), (21, 50)])
"""Percent: topped up in the morning, driven until the evening, charged at night."""

_PLUGGED_IN = 21
_UNPLUGGED = 9


def vehicle_plugged(time: float) -> bool:
    """Tell whether the vehicle of the documented day is plugged in."""
    hour = time % DAY
    return hour >= _PLUGGED_IN or hour < _UNPLUGGED
