"""Energy from power, for devices that do not count it themselves, and of their own counters (design §5, api §15.2 #18).

What is stored of either may be of another entity that had the same id, of any integration, so it is checked.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
import math
from typing import Any, Final, NamedTuple, Self

from ..api.models import Action, ActionState
from .effective import EFFECTIVE
from .record import DeviceRecord, is_newer

_HOUR: Final = timedelta(hours=1)


class PowerSample(NamedTuple):
    """The power at one time, in kW; below zero it flows the other way."""

    at: datetime
    power: float


@dataclass(slots=True, kw_only=True)
class EnergyCounter:
    """Counts kWh from readings; never falls, counts nothing twice, and goes on after a restart."""

    total: float = 0.0
    sample: PowerSample | None = None
    ignore_before: datetime | None = None
    """Where the clock jumped to; what was read before is of another time."""

    def rebase(self, to: datetime) -> None:
        """Count nothing of the time that the clock jumped over."""
        self.sample, self.ignore_before = None, to

    def add_sample(self, record: DeviceRecord, power: float | None, *, longest_gap: timedelta) -> None:
        """Count from the last reading to this one, unless this one is older or not the device's own.

        What happened during a longer gap is not made up. A sample that lies that far ahead of the readings is of a
        clock that has been put right since.
        """
        at = record.pulled_at
        if at is None or not record.authoritative or (self.ignore_before is not None and at < self.ignore_before):
            return
        if self.sample and timedelta(0) < self.sample.at - at <= longest_gap:
            return
        sample = None if power is None else PowerSample(at=at, power=power)
        before, self.sample = self.sample, sample
        if not before or not sample or (before.power <= 0 and sample.power <= 0) or at - before.at > longest_gap:
            return
        steps = steps_between(before.at, at, record.actions.values()) if record.actions else ()
        self.total += energy_between(before, sample, steps)

    def as_dict(self) -> dict[str, Any]:
        """Return what is to be stored."""
        if self.sample is None:
            return {"total": self.total}
        return {"total": self.total, "at": self.sample.at.isoformat(), "power": self.sample.power}

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Self:
        """Return the counter that was stored; what cannot be used counts as not stored."""
        at, power = _time(stored.get("at")), _number(stored.get("power"))
        return cls(
            total=_energy(stored.get("total")) or 0.0,
            sample=None if at is None or power is None else PowerSample(at=at, power=power),
        )


@dataclass(slots=True, kw_only=True)
class LifetimeCounter:
    """Follows a counter of the device's own in kWh, which falls only when a second reading confirms it (design §5).

    Home Assistant's statistics take a fall for a counter that began anew: after one reading of zero they would count
    all that the device ever counted once more, for good.
    """

    total: float | None = None
    """What to show, None before the first reading."""
    fallen: tuple[datetime | None, float] | None = None
    """The time and the value of a lower reading that no other has confirmed yet."""

    def add_sample(self, at: datetime | None, total: float | None) -> float | None:
        """Return the total to show after a reading; one below zero is none."""
        if total is None:
            return None
        if total < 0:
            return self.total
        if self.total is None or total >= self.total:
            self.total, self.fallen = total, None
        elif self.fallen is None or total < self.fallen[1]:
            self.fallen = at, total
        elif is_newer(at, self.fallen[0]):
            self.total, self.fallen = total, None
        return self.total

    def as_dict(self) -> dict[str, Any]:
        """Return what is to be stored."""
        return {"total": self.total}

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Self:
        """Return the counter that was stored; what cannot be used counts as not stored."""
        return cls(total=_energy(stored.get("total")))


def _number(stored: object) -> float | None:
    """Return a finite number, None for whatever else was stored."""
    if isinstance(stored, bool) or not isinstance(stored, int | float) or not math.isfinite(stored):
        return None
    return float(stored)


def _energy(stored: object) -> float | None:
    """Return kWh, None for what no counter can have come to."""
    number = _number(stored)
    return number if number is not None and number >= 0 else None


def _time(stored: object) -> datetime | None:
    """Return a time with its zone, None for whatever else was stored."""
    try:
        time = datetime.fromisoformat(stored) if isinstance(stored, str) else None
    except ValueError:
        return None
    return time if time is not None and time.tzinfo is not None else None


def energy_between(before: PowerSample, after: PowerSample, steps: Sequence[datetime] = ()) -> float:
    """Return the kWh that flowed in the positive direction between two samples; too late a sample adds nothing.

    Power is taken to change evenly, unless commands stepped it at times between the two: then it holds up to the
    first step and from the last one on, and what it was between several of them nobody knows.
    """
    if after.at <= before.at:
        return 0.0
    if not steps:
        return _positive_mean(before.power, after.power) * ((after.at - before.at) / _HOUR)
    first, last = max(before.power, 0.0), max(after.power, 0.0)
    return first * ((steps[0] - before.at) / _HOUR) + last * ((after.at - steps[-1]) / _HOUR)


def _positive_mean(start: float, end: float) -> float:
    """Return the mean of what lies above zero on the line between two powers."""
    if start >= 0 and end >= 0:
        return (start + end) / 2
    if start <= 0 and end <= 0:
        return 0.0
    above = max(start, end)
    return above / 2 * (above / abs(start - end))


def steps_between(before: datetime, after: datetime, actions: Iterable[Action]) -> list[datetime]:
    """Return when actions set in or came to the end of their window between two times, in order.

    An action that is scheduled, cancelled or failed did nothing, and completion changes nothing (api §6.4).
    """
    steps = {step for action in actions if action.state in EFFECTIVE for step in _steps(action)}
    return sorted(step for step in steps if before < step <= after)


def _steps(action: Action) -> Iterable[datetime]:
    """Yield when an action set in and when its window ended, as far as that is known.

    A list does not say whether an action has a start; without one it set in when it was acknowledged.
    """
    begins = action.start or action.created_at
    opened = action.updated_at if action.start is None and action.state is ActionState.ACKNOWLEDGED else None
    return (step for step in (begins, opened, action.end) if step is not None)
