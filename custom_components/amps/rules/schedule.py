"""What to read next, and when (design §4): never what Amps could only answer as it did before.

A list costs Amps nothing and never reaches a manufacturer; a single read does when what Amps has is older than 15
minutes, or 1 minute when expedited (api §10). All times are seconds.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
import math
from typing import Final, NamedTuple

from ..api.models import Action, ActionState
from .record import DeviceHealth, DeviceRecord, is_newer

MINUTE: Final = 60.0
HOUR: Final = 3600.0

DEFAULT_REFRESH_INTERVAL: Final = 15 * MINUTE
"""The shortest, too: Amps asks a manufacturer no more often for a normal read (api §10)."""
SANDBOX_INTERVAL: Final = 30.0
"""Sandbox lists are as fresh as each request, and devices move before the user's eyes."""
EMPTY_LIST_INTERVAL: Final = HOUR
"""For types of which there are no devices."""

LIST_LEAD: Final = 15.0
"""A list that is due that soon is read before single reads that it may save (design §4)."""

EXPEDITED_AFTER: Final = MINUTE + 3
"""After a pull, when an expedited read can bring another one; a margin for what the way takes."""
_NORMAL_MARGIN: Final = 15.0
_EFFECT_AFTER: Final = 5.0
_EFFECT_TRIES: Final = 3
MISSES_BEFORE_REMOVAL: Final = 3
"""How many complete lists have to miss a device before it is asked for by itself (api §15.2 #25)."""
_REPEATS: Final = (1 * MINUTE, 2 * MINUTE, 4 * MINUTE, 8 * MINUTE, 15 * MINUTE)
_SHORTEST_BACK_OFF: Final = 30.0
_LONGEST_BACK_OFF: Final = 15 * MINUTE

_ACTION_POLL_DELAYS: Final = (3.0, 5.0, 10.0, 20.0, 40.0)
_ACTION_POLL_INTERVAL: Final = MINUTE
_ACTION_POLL_INTERVAL_WITH_PUSH: Final = 5 * MINUTE


@dataclass(frozen=True, slots=True, kw_only=True)
class PollPolicy:
    """How often an account is asked."""

    sandbox: bool = False
    refresh_interval: float = DEFAULT_REFRESH_INTERVAL
    """How old a live device may become before it is read, 15 to 240 minutes."""
    stretched_interval: float = 0.0
    """How far apart the reads of one device lie where a ceiling of requests spreads them."""

    @property
    def list_interval(self) -> float:
        """How long to wait from one list to the next."""
        return SANDBOX_INTERVAL if self.sandbox else self.refresh_interval

    @property
    def longest_gap(self) -> float:
        """How far apart two readings may be and still say what was between them (design §5): twice the usual distance.

        In the sandbox a ceiling spreads no readings: those come with the lists.
        """
        return 2 * (self.refresh_interval if self.sandbox else max(self.refresh_interval, self.stretched_interval))

    @property
    def age_limit(self) -> float:
        """How old a reading may be and still be shown as current."""
        return 2 * SANDBOX_INTERVAL + 5 if self.sandbox else self.longest_gap + 5 * MINUTE


class Reason(StrEnum):
    """Why a device is read."""

    AGE = "its reading is old enough"
    EXPEDITED = "its readings are expedited"
    EFFECT = "a command has taken effect"
    SETTINGS = "its settings are not known or old"
    MISSING = "it is missing from the lists"
    DEMAND = "somebody asked for it"


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingEffect:
    """The effect of a command that is to be read, by a pull after the action last moved."""

    action_at: datetime
    """When the action last moved, by the service's clock."""
    action_monotonic: float
    """The same, in seconds."""
    tries: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadHistory:
    """How the single reads of one device went."""

    expedited: bool = False
    """Whether its readings are to be expedited."""
    has_settings: bool = False
    answered_monotonic: float | None = None
    """When a single read was last answered, which brings its settings."""
    attempted_monotonic: float = -math.inf
    """When it was last read because it was due, or tried to be."""
    failed: bool = False
    """Whether that attempt was not answered."""
    failed_reads: int = 0
    """How many attempts in a row brought nothing newer."""
    settings_attempted_monotonic: float = -math.inf
    """When it was last read, or tried to be, for the sake of its settings alone."""
    settings_failures: int = 0
    """How many of these in a row were not answered."""
    not_before_monotonic: float = -math.inf
    """When it may be read again, where the service asked to wait."""
    effect: PendingEffect | None = None

    @property
    def is_failing(self) -> bool:
        """Whether the last attempt brought nothing, be it for the reading or for the settings."""
        return bool(self.failed_reads or self.settings_failures)


class ScheduledRead(NamedTuple):
    """The next read of a device."""

    due_monotonic: float
    reason: Reason
    expedite: bool = False


def next_read(record: DeviceRecord, history: ReadHistory, policy: PollPolicy) -> ScheduledRead | None:
    """Return when and how a device is to be read by itself, None for as long as lists say it all."""
    settings = _settings_read(history, policy)
    candidates = [_missing_read(record, history)]
    if not policy.sandbox:
        candidates += [_regular_read(record, policy), _expedited_read(record, history), _effect_read(record, history)]
    reads = [each for each in candidates if each is not None]
    if _keeps_failing(record, history):
        # The expedited one of them, if any, must not wait behind those that a cache may go on answering.
        repeated = history.attempted_monotonic + _repeat_after(history.failed_reads)
        reads = [each._replace(due_monotonic=max(each.due_monotonic, repeated)) for each in reads]
    due = min(filter(None, (*reads, settings)), key=_urgency, default=None)
    return due and due._replace(due_monotonic=max(due.due_monotonic, history.not_before_monotonic))


def read_order(record: DeviceRecord, read: ScheduledRead) -> float:
    """Return a value to order reads that are due by: the oldest reading goes first, but an attempt that failed counts.

    Else devices that cannot be read, whose readings are the oldest, would go before all others again and again.
    Settings are due at once, which is no reason to go before older readings.
    """
    return max(read.due_monotonic, _state_time(record) + DEFAULT_REFRESH_INTERVAL)


def after_attempt(  # noqa: PLR0913  an attempt is all of this
    history: ReadHistory, now: float, reason: Reason, *, before: DeviceRecord, after: DeviceRecord, answered: bool
) -> ReadHistory:
    """Return the history after a read that was due: what was known before and after it, and whether it was answered.

    One made for settings alone says nothing about how the reading goes: a cache may have answered it (design §4).
    """
    if answered:
        history = replace(history, answered_monotonic=now)
    if reason is Reason.SETTINGS:
        failures = 0 if answered else history.settings_failures + 1
        return replace(history, settings_attempted_monotonic=now, settings_failures=failures)
    advanced = is_newer(after.state_at, before.state_at) and after.health is DeviceHealth.OK
    failed_reads = history.failed_reads if _keeps_failing(before, history) else 0
    return replace(
        history,
        attempted_monotonic=now,
        failed=not answered,
        failed_reads=0 if advanced else failed_reads + 1,
        effect=_after_try(history.effect, now, after),
    )


def next_list(asked_monotonic: float, failures: int, policy: PollPolicy, *, empty: bool) -> float:
    """Return when a list is to be read: after failures sooner than usual, and ever later (design §4)."""
    if failures:
        return asked_monotonic + min(backoff(failures), policy.list_interval)
    return asked_monotonic + (EMPTY_LIST_INTERVAL if empty and not policy.sandbox else policy.list_interval)


def backoff(failures: int) -> float:
    """Return how long to wait after a number of failures in a row: 30 s, doubling up to 15 minutes."""
    return min(_SHORTEST_BACK_OFF * 2.0 ** min(failures - 1, 10), _LONGEST_BACK_OFF)


def action_poll_interval(reads: int, failures: int, *, push_proven: bool) -> float:
    """Return how long after the last one to read an open action again; less often where its end is pushed to us.

    Reads that go on to fail back off like all others (design §4, errors of the service).
    """
    usual = _ACTION_POLL_DELAYS[reads] if reads < len(_ACTION_POLL_DELAYS) else _ACTION_POLL_INTERVAL
    if push_proven:
        usual = _ACTION_POLL_INTERVAL_WITH_PUSH
    patient = len(_ACTION_POLL_DELAYS)
    return usual if failures <= patient else max(usual, backoff(failures - patient + 1))


def next_action_poll(action: Action, usual: float, *, start: float, end: float) -> float:
    """Return when to read an open action that would usually be read at one time, and that starts and ends at others.

    Before its start nothing can become of it but a cancellation, which the lists show. Once it runs for as long as it
    takes to be refused, nothing but its end can come: for lists show that, too, should it come early (api §6.4).
    """
    if action.state is ActionState.SCHEDULED and action.start is not None:
        return max(usual, start + _ACTION_POLL_DELAYS[0])
    if action.state is ActionState.ACKNOWLEDGED and action.end is not None and usual > start + sum(_ACTION_POLL_DELAYS):
        return max(usual, end + _ACTION_POLL_DELAYS[0])
    return usual


def min_interval(ceiling: float | None, lists_per_hour: float) -> float:
    """Return how far apart single reads have to be for a ceiling of requests per hour; some are always possible."""
    return 0.0 if ceiling is None else HOUR / max(ceiling - lists_per_hour, 1.0)


def _settings_read(history: ReadHistory, policy: PollPolicy) -> ScheduledRead | None:
    """Live settings come with every normal read, so that only the first one is of its own (api §15.2 #24)."""
    if not history.has_settings or (history.answered_monotonic is not None and not policy.sandbox):
        return None
    due = -math.inf if history.answered_monotonic is None else history.answered_monotonic + HOUR
    if history.settings_failures:
        due = max(due, history.settings_attempted_monotonic + _repeat_after(history.settings_failures))
    return ScheduledRead(due_monotonic=due, reason=Reason.SETTINGS, expedite=history.expedited)


def _missing_read(record: DeviceRecord, history: ReadHistory) -> ScheduledRead | None:
    """Ask once for each list that was counted, until the answer is that there is no such device (api §15.2 #25)."""
    missing = record.missing
    if missing is None or missing.times < MISSES_BEFORE_REMOVAL:
        return None
    if history.answered_monotonic is not None and history.answered_monotonic >= missing.counted_monotonic:
        return None
    return ScheduledRead(due_monotonic=missing.counted_monotonic, reason=Reason.MISSING)


def _regular_read(record: DeviceRecord, policy: PollPolicy) -> ScheduledRead:
    """While a failure lasts a long refresh interval does not count: the manufacturer may be back, and so the device."""
    refresh_interval = policy.refresh_interval if record.health is DeviceHealth.OK else DEFAULT_REFRESH_INTERVAL
    return ScheduledRead(due_monotonic=_state_time(record) + refresh_interval + _NORMAL_MARGIN, reason=Reason.AGE)


def _expedited_read(record: DeviceRecord, history: ReadHistory) -> ScheduledRead | None:
    if not history.expedited:
        return None
    return ScheduledRead(due_monotonic=_state_time(record) + EXPEDITED_AFTER, reason=Reason.EXPEDITED, expedite=True)


def _effect_read(record: DeviceRecord, history: ReadHistory) -> ScheduledRead | None:
    effect = history.effect
    if effect is None or is_newer(record.state_at, effect.action_at):
        return None
    due = max(effect.action_monotonic + _EFFECT_AFTER, _state_time(record) + EXPEDITED_AFTER)
    return ScheduledRead(due_monotonic=due, reason=Reason.EFFECT, expedite=True)


def _after_try(effect: PendingEffect | None, now: float, after: DeviceRecord) -> PendingEffect | None:
    """Return the effect that is still to be read after an attempt: at most three are made for it."""
    if effect is None or is_newer(after.state_at, effect.action_at):
        return None
    if now < effect.action_monotonic + _EFFECT_AFTER:
        return effect
    return replace(effect, tries=effect.tries + 1) if effect.tries + 1 < _EFFECT_TRIES else None


def _keeps_failing(record: DeviceRecord, history: ReadHistory) -> bool:
    """Return whether the last attempts brought nothing newer; if answered, a list since makes up for it."""
    return history.failed_reads > 0 and (history.failed or _state_time(record) <= history.attempted_monotonic)


def _repeat_after(attempts: int) -> float:
    """Return how long to wait after a number of attempts in a row that brought nothing."""
    return _REPEATS[min(attempts, len(_REPEATS)) - 1]


def _state_time(record: DeviceRecord) -> float:
    return -math.inf if record.state_monotonic is None else record.state_monotonic


def _urgency(due: ScheduledRead) -> tuple[float, bool]:
    """Order by time; of two at once the expedited one serves both."""
    return due.due_monotonic, not due.expedite
