"""Amps and a manufacturer in small: the tiers of api §10, and somebody who goes by `due` alone."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from hypothesis import strategies as st

from custom_components.amps.rules import ReceivedReading
from custom_components.amps.rules.merge import mark_failed, merge
from custom_components.amps.rules.schedule import (
    HOUR,
    MINUTE,
    PendingEffect,
    PollPolicy,
    ReadHistory,
    Reason,
    after_attempt,
    next_list,
    next_read,
)

from .strategies import at, reading

OFFSET: Final = 7654.321
"""How far the service's clock is ahead of the moments here, in seconds."""
CACHED: Final = {False: 15 * MINUTE, True: MINUTE}
"""How old what Amps has may be for a read to be answered with it, by whether the read is expedited (api §10)."""

LEAD: Final = 15.0
"""How much sooner than due a list is read when a single read is due, which it may save, in seconds."""

type Span = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What happens on a day; all times are seconds from its beginning."""

    length: float = 12 * HOUR
    refresh_interval: float = 15 * MINUTE
    latency: float = 0.0
    """How long an answer takes."""
    first_pull: float = -600.0
    outages: Sequence[Span] = ()
    """When the manufacturer does not answer Amps."""
    permanent: bool = False
    """Whether Amps then refuses single reads, or shows what it has."""
    absences: Sequence[Span] = ()
    """When Amps does not answer."""
    others: Sequence[float] = ()
    """When somebody else has the device read."""
    expedited: Span = (0.0, 0.0)
    commands: Sequence[float] = ()
    """When an action of ours last moves."""


_SPANS = st.builds(
    lambda start, length: (start, start + length), st.floats(0, 11 * HOUR), st.sampled_from([90.0, 1000.0, 2 * HOUR])
)
_TIMES = st.lists(st.floats(0, 12 * HOUR), max_size=8).map(sorted)
DAYS: Final = st.builds(
    Day,
    refresh_interval=st.sampled_from([15.0, 20.0, 60.0, 240.0]).map(lambda minutes: minutes * MINUTE),
    latency=st.floats(0, 10),
    first_pull=st.floats(-6 * HOUR, -1),
    outages=st.lists(_SPANS, max_size=3),
    permanent=st.booleans(),
    absences=st.lists(_SPANS, max_size=2),
    others=_TIMES,
    expedited=st.builds(lambda start, length: (start, start + length), st.floats(0, 11 * HOUR), st.floats(0, 1800)),
    commands=_TIMES,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A single read that was made."""

    monotonic: float
    """When it was sent."""
    reason: Reason
    expedite: bool
    answered: bool
    reached: bool
    """Whether Amps asked the manufacturer for it, with success or without."""
    taught: bool
    """Whether it brought a newer pull than was known."""


@dataclass
class SimulatedAccount:
    """Reads one device over a day: lists and single reads, each when it is due, one after the other."""

    day: Day
    reads: list[Read] = field(default_factory=list)
    lists: list[float] = field(default_factory=list)
    late: list[tuple[float, float]] = field(default_factory=list)
    """Moments at which the reading was older than it may be, and how old it was."""
    effects: dict[float, float] = field(default_factory=dict)
    """When the effect of a command first showed, by when its action moved."""

    def follow(self) -> None:
        """Live through the day."""
        day, now, failures, asked = self.day, 0.0, 0, 0.0
        self._state_time = day.first_pull
        self.policy = PollPolicy(refresh_interval=day.refresh_interval)
        self.record = merge(None, self._heard("cache", 0.0, single=False))
        self.history = ReadHistory(has_settings=True)
        commands = [*day.commands]
        while now < day.length:
            while commands and commands[0] <= now:
                moved = commands.pop(0)
                self.history = replace(
                    self.history, effect=PendingEffect(action_at=at(moved + OFFSET), action_monotonic=moved)
                )
            self.history = replace(self.history, expedited=_within(now, [day.expedited]))
            self._look(now)
            due = next_read(self.record, self.history, self.policy)
            listed = next_list(asked, failures, self.policy, empty=False)
            needed = due is not None and due.due_monotonic <= now
            if listed <= now + (LEAD if needed else 0.0):
                asked = now
                failures = 0 if self._list(now) else failures + 1
            elif due is not None and needed:
                self._read(now, due.reason, expedite=due.expedite)
                now += day.latency
            else:
                changes = [*commands[:1], *(edge for edge in day.expedited if edge > now)]
                now = min([listed, *changes, *([] if due is None else [due.due_monotonic])])

    def _look(self, now: float) -> None:
        """Note when the reading is older than it may be while everybody answers."""
        for moved in self.day.commands:
            if moved not in self.effects and self._known_pull > moved:
                self.effects[moved] = now
        spans = [*self.day.outages, *self.day.absences]
        if _within(now, spans):
            return
        well_since = max((end for _, end in spans if end <= now), default=0.0)
        limit = (
            max(self._known_pull + self.day.refresh_interval + 15.0, well_since + 15 * MINUTE)
            + 3 * self.day.latency
            + 0.01
        )
        if now > limit:
            self.late.append((now, now - self._known_pull))

    @property
    def _known_pull(self) -> float:
        assert self.record.pulled_at is not None
        return (self.record.pulled_at - at(OFFSET)).total_seconds()

    def _serve(self, now: float, *, expedite: bool) -> tuple[str | None, bool]:
        """Return the source that Amps names, None for an error, and whether it asked the manufacturer."""
        self._hear_others(now)
        if now - self._state_time <= CACHED[expedite]:
            return "cache", False
        if not _within(now, self.day.outages):
            self._state_time = now
            return "live", True
        return (None if self.day.permanent else "fallback"), True

    def _hear_others(self, now: float) -> None:
        for monotonic in self.day.others:
            if self._state_time < monotonic <= now and not _within(monotonic, self.day.outages):
                self._state_time = monotonic

    def _heard(self, source: str, now: float, *, single: bool) -> ReceivedReading:
        given = reading(now + OFFSET, self._state_time + OFFSET, source=source)
        return ReceivedReading(reading=given, received_monotonic=now + self.day.latency, sandbox=False, single=single)

    def _list(self, now: float) -> bool:
        self.lists.append(now)
        if _within(now, self.day.absences):
            return False
        self._hear_others(now)
        self.record = merge(self.record, self._heard("cache", now, single=False))
        return True

    def _read(self, now: float, reason: Reason, *, expedite: bool) -> None:
        before, reached, answered = self.record, False, False
        if not _within(now, self.day.absences):
            source, reached = self._serve(now, expedite=expedite)
            answered = source is not None
            if source is None:
                self.record = mark_failed(before, "DEVICE_OFFLINE", at(now + OFFSET))
            else:
                self.record = merge(before, self._heard(source, now, single=True))
        after = self.record
        monotonic = now + self.day.latency
        self.history = after_attempt(self.history, monotonic, reason, before=before, after=after, answered=answered)
        self.reads.append(
            Read(
                monotonic=now,
                reason=reason,
                expedite=expedite,
                answered=answered,
                reached=reached,
                taught=after.state_at != before.state_at,
            )
        )


def _within(monotonic: float, spans: Sequence[Span]) -> bool:
    return any(start <= monotonic < end for start, end in spans)


def follow(day: Day) -> SimulatedAccount:
    """Return what was asked and known over a day."""
    action_tracker = SimulatedAccount(day)
    action_tracker.follow()
    return action_tracker
