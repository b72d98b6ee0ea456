"""Energy from power, for devices that do not count it themselves (design §5, api §15.2 #18)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Self, override

from homeassistant.helpers.restore_state import ExtraStoredData

from .api.models import ActionState, ActionSummary
from .retrieval import Known

LONGEST_GAP: Final = timedelta(minutes=30)
"""Twice the normal tempo; what happened during a longer silence is not made up."""

_HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerSample:
    """The power at one instant, in kW; below zero it flows the other way."""

    at: datetime
    power: float


@dataclass(slots=True, kw_only=True)
class EnergyCounter(ExtraStoredData):
    """Counts kWh from readings; never falls, counts nothing twice, and goes on after a restart."""

    total: float = 0.0
    sample: PowerSample | None = None
    since: datetime | None = None
    """Where the clock jumped to; what was read before is of another time."""

    def jump(self, to: datetime) -> None:
        """Count nothing of the time that the clock jumped over."""
        self.sample, self.since = None, to

    def count(self, known: Known, power: float | None) -> None:
        """Count from the last reading to this one, unless this one is older or not the device's own.

        A sample that lies far ahead of the readings is of a clock that has been put right since.
        """
        at = known.pulled
        if at is None or not known.sound or (self.since is not None and at < self.since):
            return
        if self.sample and timedelta(0) < self.sample.at - at <= LONGEST_GAP:
            return
        sample = None if power is None else PowerSample(at=at, power=power)
        if self.sample and sample:
            self.total += energy_between(self.sample, sample, step_since(self.sample.at, known.action))
        self.sample = sample

    @override
    def as_dict(self) -> dict[str, Any]:
        if self.sample is None:
            return {"total": self.total}
        return {"total": self.total, "at": self.sample.at.isoformat(), "power": self.sample.power}

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Self:
        """Return the counter that was stored."""
        sample = None
        if "at" in stored:
            sample = PowerSample(at=datetime.fromisoformat(stored["at"]), power=stored["power"])
        return cls(total=stored["total"], sample=sample)


def energy_between(before: PowerSample, after: PowerSample, step: datetime | None) -> float:
    """Return the kWh that flowed in the positive direction between two samples; too late a sample adds nothing.

    Power is taken to change evenly, unless a command stepped it at an instant between the two.
    """
    span = after.at - before.at
    if not timedelta(0) < span <= LONGEST_GAP:
        return 0.0
    if step is None or not before.at < step <= after.at:
        return _positive_mean(before.power, after.power) * (span / _HOUR)
    first, second = max(before.power, 0.0), max(after.power, 0.0)
    return first * ((step - before.at) / _HOUR) + second * ((after.at - step) / _HOUR)


def _positive_mean(start: float, end: float) -> float:
    """Return the mean of what lies above zero on the line between two powers."""
    if start >= 0 and end >= 0:
        return (start + end) / 2
    if start <= 0 and end <= 0:
        return 0.0
    above = max(start, end)
    return above / 2 * (above / abs(start - end))


def step_since(before: datetime, action: ActionSummary | None) -> datetime | None:
    """Return when the newest action set in after an instant.

    One made since then did at once; one made earlier did when it was acknowledged, as its window opened. An action that
    is scheduled, cancelled or failed did nothing, and completion changes nothing.
    """
    if action is None or action.state not in (ActionState.ACKNOWLEDGED, ActionState.COMPLETED):
        return None
    if action.created_at is not None and action.created_at > before:
        return action.created_at
    opened = action.updated_at if action.state is ActionState.ACKNOWLEDGED else None
    return opened if opened is not None and opened > before else None
