"""Energy from power, for devices that do not count it themselves (design §5, api §15.2 #18)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Self, override

from homeassistant.helpers.restore_state import ExtraStoredData

from .api.models import ActionState, ActionSummary, AnyDevice

LONGEST_GAP: Final = timedelta(minutes=30)
"""Twice the normal tempo; what happened during a longer silence is not made up."""

_HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerSample:
    """The power at one instant, in kW."""

    at: datetime
    power: float


@dataclass(slots=True, kw_only=True)
class EnergyCounter(ExtraStoredData):
    """Counts kWh from readings; never falls, counts nothing twice, and goes on after a restart."""

    total: float = 0.0
    sample: PowerSample | None = None

    def count(self, device: AnyDevice, power: float | None) -> None:
        """Count from the last reading to this one, unless this one is older or not the device's own."""
        at = device.sync.last_pulled_at
        if at is None or not device.authoritative or (self.sample and at < self.sample.at):
            return
        sample = None if power is None else PowerSample(at=at, power=power)
        if self.sample and sample:
            self.total += energy_between(self.sample, sample, step_since(self.sample.at, device.last_action))
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
