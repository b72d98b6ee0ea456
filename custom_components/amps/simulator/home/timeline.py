"""The behaviours of one device one after the other, so that its state is known at any instant (api §15.2 #51).

Every change starts a new behaviour from the state that the previous one had reached. Past behaviours are kept as long
as a reading may show them; future changes are kept until their instant has passed.
"""

from abc import ABC, abstractmethod
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import override

from ..devices.base import ActiveCommand, Behaviour


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """An interval without changes: its start, behaviour, settings, and the action that determines it, if any."""

    since: float
    behaviour: Behaviour
    settings: Mapping[str, float]
    action_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change(ABC):
    """A change of what a device does at an instant, in hours since the epoch; `action` is the id of its action."""

    at: float
    action: str | None = None

    @abstractmethod
    def applied(self, stage: Stage) -> Stage:
        """Return the stage after the change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command(Change):
    """A command that takes effect."""

    active_command: ActiveCommand

    @override
    def applied(self, stage: Stage) -> Stage:
        return replace(
            stage,
            since=self.at,
            behaviour=stage.behaviour.with_command(self.active_command, self.at),
            action_id=self.action,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowEnd(Change):
    """The end of a window, after which the device holds, unless another action has replaced this one."""

    @override
    def applied(self, stage: Stage) -> Stage:
        if stage.action_id != self.action:
            return stage
        return replace(stage, since=self.at, behaviour=stage.behaviour.after_window(self.at), action_id=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsChange(Change):
    """Settings that take effect."""

    values: Mapping[str, float]

    @override
    def applied(self, stage: Stage) -> Stage:
        settings = {**stage.settings, **self.values}
        return replace(
            stage, since=self.at, behaviour=stage.behaviour.with_settings(settings, self.at), settings=settings
        )


class Timeline:
    """The stages of one device."""

    def __init__(self, first_stage: Callable[[], Stage]) -> None:
        """Create the timeline; the first stage is made when needed: most devices of a fleet are never commanded."""
        self._first_stage = first_stage
        self._stages: list[Stage] = []
        self._future: list[Change] = []

    def at(self, time: float) -> Stage:
        """Return the stage at an instant."""
        self._apply_until(time)
        latest = self._stages[-1]
        return latest if latest.since <= time else self._stages[self._index(time)]

    def add(self, change: Change) -> None:
        """Add a change, present or future; of several at one instant the one added last is applied last."""
        self._future.insert(bisect_right(self._future, change.at, key=_at), change)

    def passed(self, time: float) -> Sequence[Stage]:
        """Return the kept stages up to an instant, without the first one, before any change."""
        if self._future or self._stages:
            self._apply_until(time)
        return self._stages[1:]

    def resume(self, stages: Iterable[Stage]) -> None:
        """Continue from the kept stages of another timeline of the same device."""
        self._stages = [self._first_stage(), *stages]

    def fold(self, time: float, shown: Iterable[float]) -> None:
        """Remove the past stages except the first, the latest, and those at the `shown` instants.

        For any other instant of the past the kept stage before it is returned from then on.
        """
        if len(self.passed(time)) > 1:
            kept = {0, len(self._stages) - 1, *map(self._index, shown)}
            self._stages = [self._stages[index] for index in sorted(kept)]

    def withdraw(self, action: str) -> None:
        """Remove the future changes of an action."""
        self._future = [change for change in self._future if change.action != action]

    def _apply_until(self, time: float) -> None:
        """Apply the changes up to an instant, which makes them stages."""
        if not self._stages:
            self._stages.append(self._first_stage())
        while self._future and self._future[0].at <= time:
            latest = self._stages[-1]
            following = self._future.pop(0).applied(latest)
            if following is not latest:
                self._stages.append(following)

    def _index(self, time: float) -> int:
        """Return the index of the stage at an instant."""
        return max(bisect_right(self._stages, time, key=_since) - 1, 0)


def _since(stage: Stage) -> float:
    return stage.since


def _at(change: Change) -> float:
    return change.at
