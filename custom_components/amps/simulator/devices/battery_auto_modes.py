"""What a battery does in its automatic modes: days that repeat, within the limits that bind it."""

from dataclasses import dataclass
from functools import lru_cache

from ..physics.paths import DAY, Curve

_SALE_BEGINS, _SALE_ENDS = 16.0, 19.0
"""UTC, when `auto.export` sells (api §15.3 #44)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What binds a battery at the moment: levels in percent, speeds in percent per hour, never negative."""

    floor: float
    ceiling: float
    up: float
    down: float
    export: float


@lru_cache(maxsize=1024)
def balanced_day(usual: Curve, limits: Limits) -> Curve:
    """Return a usual day within limits; a battery whose power is capped swings less."""
    return usual.no_steeper(limits.up, limits.down).within(limits.floor, limits.ceiling)


@lru_cache(maxsize=1024)
def export_day(usual: Curve, limits: Limits) -> Curve:
    """Return a usual day, except that the battery sells in the evening, down to its floor.

    What it sells comes on top of what its home draws, as far as its power goes. Afterwards it returns to its
    usual day at full power; one too weak to be back within the day does not sell.
    """
    usual = balanced_day(usual, limits)
    drawn = max(0.0, -min(usual.rates))
    sold = max(0.0, min(limits.export, limits.down - drawn))
    inside = (hour for hour in usual.hours if _SALE_BEGINS < hour < _SALE_ENDS)
    sale = Curve.through(
        (hour, usual.at(hour).value - sold * (hour - _SALE_BEGINS)) for hour in (_SALE_BEGINS, *inside, _SALE_ENDS)
    ).within(limits.floor, max(usual.values))

    next_sale = _SALE_BEGINS + DAY
    back = usual.met_by(_SALE_ENDS, sale.at(_SALE_ENDS).value, limits.up)
    if sold <= 0 or back >= next_sale:
        return usual
    later = ((hour if hour > _SALE_BEGINS else hour + DAY, value) for hour, value in usual.knots())
    return Curve.through(
        [
            *((hour, value) for hour, value in sale.knots() if _SALE_BEGINS <= hour <= _SALE_ENDS),
            (back, usual.at(back).value),
            *((hour, value) for hour, value in later if back < hour < next_sale),
        ]
    )
