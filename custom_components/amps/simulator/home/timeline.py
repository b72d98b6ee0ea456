"""What happened to one device, and what it therefore does at any instant (api §15.2 #51).

Every change starts a new behaviour from the state that the one before had reached. Of past behaviours those are kept
that a reading may still show; the changes to come wait until time has passed them.
"""

from abc import ABC, abstractmethod
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import override

from ..devices.base import ActiveCommand, Behaviour


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """An interval in which nothing intervenes: since when, how, under which settings and whose action."""

    since: float
    behaviour: Behaviour
    settings: Mapping[str, float]
    action_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change(ABC):
    """Something that intervenes; `action` is whose doing it is."""

    at: float
    action: str | None = None

    @abstractmethod
    def applied(self, stage: Stage) -> Stage:
        """Return the stage that follows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command(Change):
    """A command takes effect."""

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
    """A window ends in a hold, unless another action has taken over meanwhile."""

    @override
    def applied(self, stage: Stage) -> Stage:
        if stage.action_id != self.action:
            return stage
        return replace(stage, since=self.at, behaviour=stage.behaviour.after_window(self.at), action_id=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsChange(Change):
    """Settings are written."""

    values: Mapping[str, float]

    @override
    def applied(self, stage: Stage) -> Stage:
        settings = {**stage.settings, **self.values}
        return replace(
            stage, since=self.at, behaviour=stage.behaviour.with_settings(settings, self.at), settings=settings
        )


class Timeline:
    """The stages of one device."""

    def __init__(self, begin: Callable[[], Stage]) -> None:
        """Begin when first looked at: most devices of a fleet are never commanded."""
        self._begin = begin
        self._stages: list[Stage] = []
        self._ahead: list[Change] = []

    def at(self, time: float) -> Stage:
        """Return the stage of an instant."""
        self._pass(time)
        latest = self._stages[-1]
        return latest if latest.since <= time else self._stages[self._index(time)]

    def add(self, change: Change) -> None:
        """Let something intervene, now or later; of several at one instant the last added has the last word."""
        self._ahead.insert(bisect_right(self._ahead, change.at, key=_at), change)

    def passed(self, time: float) -> Sequence[Stage]:
        """Return the stages that are kept of the time up to an instant, without the one of before anything happened."""
        if self._ahead or self._stages:
            self._pass(time)
        return self._stages[1:]

    def resume(self, stages: Iterable[Stage]) -> None:
        """Go on from the stages that were kept of another timeline of the same device."""
        self._stages = [self._begin(), *stages]

    def fold(self, time: float, shown: Iterable[float]) -> None:
        """Forget the stages passed, but for the first, the latest, and those that the instants shown fall into.

        Whoever asks for another instant of the past gets what was kept of the time before it.
        """
        if len(self.passed(time)) > 1:
            kept = {0, len(self._stages) - 1, *map(self._index, shown)}
            self._stages = [self._stages[index] for index in sorted(kept)]

    def withdraw(self, action: str) -> None:
        """Forget what an action would still do."""
        self._ahead = [change for change in self._ahead if change.action != action]

    def _pass(self, time: float) -> None:
        """Turn the changes that time has passed into stages."""
        if not self._stages:
            self._stages.append(self._begin())
        while self._ahead and self._ahead[0].at <= time:
            latest = self._stages[-1]
            following = self._ahead.pop(0).applied(latest)
            if following is not latest:
                self._stages.append(following)

    def _index(self, time: float) -> int:
        """Return which of the stages passed an instant falls into."""
        return max(bisect_right(self._stages, time, key=_since) - 1, 0)


def _since(stage: Stage) -> float:
    return stage.since


def _at(change: Change) -> float:
    return change.at
