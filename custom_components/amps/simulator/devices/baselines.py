"""What batteries and vehicles do uncommanded, by the hour of UTC (api §11.2, made continuous by §15.2 #57)."""

from ..physics.paths import Curve

BATTERY_LEVEL = Curve.through([(6, 70), (9, 48), (15, 91), (21, 30)])
"""Percent: the morning's load, the sun, the evening's peak, a slow night."""

VEHICLE_LEVEL = Curve.through([(6, 81), (9, 95), (17, 70.5), (21, 50)])
"""Percent: driven until the evening, charged at night, topped up in the morning; plugged in where it rises."""
