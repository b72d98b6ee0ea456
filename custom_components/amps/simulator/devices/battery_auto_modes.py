"""The automatic modes of a battery: daily curves within its limits (api §15.3 #44)."""

from dataclasses import dataclass
from functools import lru_cache

from ..physics.paths import DAY, Curve

_EXPORT_START, _EXPORT_END = 16.0, 19.0
"""Hours of UTC in which `auto.export` exports (api §15.3 #44)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The limits of a battery: levels in percent, speeds in percent per hour, not negative."""

    floor: float
    ceiling: float
    up: float
    down: float
    export: float


@lru_cache(maxsize=1024)
def balanced_day(usual: Curve, limits: Limits) -> Curve:
    """Return a daily curve within limits; with less power the level changes less."""
    return usual.no_steeper(limits.up, limits.down).within(limits.floor, limits.ceiling)


@lru_cache(maxsize=1024)
def export_day(usual: Curve, limits: Limits) -> Curve:
    """Return a daily curve, except that the battery exports in the evening, down to its floor.

    The export is added to the load of the home, as far as the power limit allows. Afterwards the level returns to the
    daily curve at full power; a battery too weak to return within the day does not export.
    """
    usual = balanced_day(usual, limits)
    load = max(0.0, -min(usual.rates))
    export = max(0.0, min(limits.export, limits.down - load))
    inside = (hour for hour in usual.hours if _EXPORT_START < hour < _EXPORT_END)
    exporting = Curve.through(
        (hour, usual.at(hour).value - export * (hour - _EXPORT_START)) for hour in (_EXPORT_START, *inside, _EXPORT_END)
    ).within(limits.floor, max(usual.values))

    next_start = _EXPORT_START + DAY
    returned = usual.reached_at(_EXPORT_END, exporting.at(_EXPORT_END).value, limits.up)
    if export <= 0 or returned >= next_start:
        return usual
    later = ((hour if hour > _EXPORT_START else hour + DAY, value) for hour, value in usual.knots())
    return Curve.through(
        [
            *((hour, value) for hour, value in exporting.knots() if _EXPORT_START <= hour <= _EXPORT_END),
            (returned, usual.at(returned).value),
            *((hour, value) for hour, value in later if returned < hour < next_start),
        ]
    )
