"""Energy from power, for devices that do not count it themselves (design §5, api §15.2 #18)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from .api.models import ActionState, ActionSummary

LONGEST_GAP: Final = timedelta(minutes=30)
"""Twice the normal tempo; what happened during a longer silence is not made up."""

_HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerSample:
    """The power at one instant, in kW."""

    at: datetime
    power: float


def energy_between(before: PowerSample, after: PowerSample, step: datetime | None) -> float:
    """Return the kWh between two samples; a later one that is none, or too late, adds nothing.

    Power is taken to change evenly, unless a command stepped it at an instant between the two.
    """
    span = after.at - before.at
    if not timedelta(0) < span <= LONGEST_GAP:
        return 0.0
    if step is None or not before.at < step <= after.at:
        return (before.power + after.power) / 2 * (span / _HOUR)
    return before.power * ((step - before.at) / _HOUR) + after.power * ((after.at - step) / _HOUR)


def step_since(before: datetime, action: ActionSummary | None) -> datetime | None:
    """Return when the newest action set in or ended after an instant: an action still scheduled did neither."""
    if action is None or action.state is ActionState.SCHEDULED:
        return None
    changes = (action.created_at, action.updated_at)
    return min((change for change in changes if change is not None and change > before), default=None)
