"""When single reads are made without anybody asking: as `rules/schedule.py` says, a few at once (design §4)."""

import asyncio
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
import math
from typing import Final

from homeassistant.core import callback

from ..api import AmpsError
from ..const import LOGGER
from ..rules import DeviceRecord
from ..rules.record import CLOCK_TOLERANCE
from ..rules.request_limits import AmpsPausedError
from ..rules.schedule import (
    LIST_LEAD,
    PendingEffect,
    ReadHistory,
    Reason,
    ScheduledRead,
    after_attempt,
    min_interval,
    next_read,
    read_order,
)
from .availability import Availability
from .error_handler import ErrorHandler
from .lists import ListReader
from .reads import PARALLEL_READS, DeviceReader, result_of
from .state import AccountState
from .timer import Timer

_INITIAL: Final = {has_settings: ReadHistory(has_settings=has_settings) for has_settings in (False, True)}
"""The history of a device that was never read by itself."""
_AFTER_ERROR: Final = 60.0
"""Seconds until single reads go on after an error that nobody expected."""


class ReadScheduler:
    """Makes the single reads that are due, the oldest reading first; devices that fail cost no other its read."""

    def __init__(
        self,
        state: AccountState,
        availability: Availability,
        lists: ListReader,
        error_handler: ErrorHandler,
        reads: DeviceReader,
    ) -> None:
        """Start without anything scheduled."""
        self._state = state
        self._availability = availability
        self._lists = lists
        self._error_handler = error_handler
        self._reads = reads
        self._histories: dict[str, ReadHistory] = {}
        """Those that are not initial any more."""
        self._scheduled: dict[str, ScheduledRead] = {}
        """By device id; put off by what came since, which is found when it is due."""
        self._attempts: dict[str, asyncio.Task[None]] = {}
        self._last_start = -math.inf
        self._task: asyncio.Task[None] | None = None
        self._timer = Timer(state.hass, f"{state.name} single reads", self._run)
        self._is_running = not state.entry.pref_disable_polling
        """Whether devices are read when they are due; a change of the preference reloads the entry."""
        state.removal_listeners.add(self._remove)
        state.verified_listeners.add(self._set_timer)
        state.disabled_devices.listeners.add(self._reschedule_all)
        lists.corrected_listeners.add(self.reschedule)
        reads.done_listeners.add(self._on_read)

    @property
    def next_due(self) -> float | None:
        """When the next device will be read, by the monotonic clock; None while nothing is scheduled."""
        for device_id in tuple(self._scheduled):
            self._schedule(device_id)
        due = max(self._next_start(), self._state.now() + self._wait())
        return due if math.isfinite(due) else None

    def history(self, device_id: str) -> ReadHistory:
        """Return the history of a device's single reads."""
        if history := self._histories.get(device_id):
            return history
        record = self._state.devices.get(device_id)
        return _INITIAL[record is not None and record.device.has_settings]

    @callback
    def set_expedited(self, device_id: str, *, expedited: bool) -> None:
        """Read a device at the expedited interval, or no longer."""
        self._update(device_id, replace(self.history(device_id), expedited=expedited))

    @callback
    def read_effect_after(self, device_id: str, action_at: datetime) -> None:
        """Read a device once the effect of an action that moved at a time of the service can show."""
        effect = PendingEffect(action_at=action_at, action_monotonic=self._state.clock.monotonic_of(action_at))
        self._update(device_id, replace(self.history(device_id), effect=effect))

    def _update(self, device_id: str, history: ReadHistory) -> None:
        self._histories[device_id] = history
        self.reschedule((device_id,))

    @callback
    def on_change(self, before: Mapping[str, DeviceRecord], changed: Mapping[str, DeviceRecord]) -> None:
        """Schedule devices anew that changed.

        One that is well and has a newer reading is due no earlier than it was: that is found when it is.
        """
        due_earlier = [
            device_id
            for device_id, record in changed.items()
            if not (_is_well(record) and _is_well(before.get(device_id))) or self.history(device_id).failed_reads
        ]
        if due_earlier:
            self.reschedule(due_earlier)

    @callback
    def reschedule(self, device_ids: Iterable[str]) -> None:
        """Schedule devices anew, after something about them changed."""
        for device_id in device_ids:
            self._schedule(device_id)
        self._set_timer()

    @callback
    def _reschedule_all(self) -> None:
        self.reschedule(self._state.devices)

    @callback
    def _remove(self, device_id: str) -> None:
        self._histories.pop(device_id, None)
        self._scheduled.pop(device_id, None)

    @callback
    def shutdown(self) -> None:
        """Read nothing more."""
        self._is_running = False
        self._timer.stop()

    def _schedule(self, device_id: str) -> ScheduledRead | None:
        """Schedule a device and return its read; None for never, and while one is attempted."""
        # After an attempt it is scheduled anyway.
        record = None if device_id in self._attempts else self._state.devices.get(device_id)
        read = None
        if record is not None and not self._is_exempt(record):
            read = next_read(self._with_sleep(record), self.history(device_id), self._state.policy)
        if read is None:
            self._scheduled.pop(device_id, None)
        else:
            self._scheduled[device_id] = read
        return read

    def _with_sleep(self, record: DeviceRecord) -> DeviceRecord:
        """Return a record as old as a list shows it to be since the host slept (design §4, time)."""
        state_monotonic = self._availability.state_monotonic(record)
        if (
            record.state_monotonic is None
            or record.state_monotonic - state_monotonic <= CLOCK_TOLERANCE.total_seconds()
        ):
            return record
        return replace(record, state_monotonic=state_monotonic)

    def _is_exempt(self, record: DeviceRecord) -> bool:
        """Return whether a device is not read by itself now: one disabled, and in the sandbox one without its list.

        There lists decide (design §4): a single read must not make a device fresh that the next list cannot keep so.
        """
        if record.device.id in self._state.disabled_devices:
            return True
        return self._state.policy.sandbox and self._lists.error_of(type(record.device)) is not None

    @callback
    def _on_read(self, device_id: str, err: AmpsError | None) -> None:
        """Note a read that has ended, whoever asked for it."""
        history, now = self.history(device_id), self._state.now()
        if err is None:
            self._update(device_id, replace(history, answered_monotonic=now))
        elif err.retry_after is not None:
            self._histories[device_id] = replace(history, not_before_monotonic=now + err.retry_after)

    # What is due.

    @callback
    def _run(self) -> None:
        """Start what is due, after the lists that may save it."""
        if not self._is_running or (self._task is not None and not self._task.done()):
            return  # what runs sets the timer when it ends
        state = self._state
        self._task = state.entry.async_create_background_task(
            state.hass, self._async_run(), f"{state.name} single reads"
        )

    async def _async_run(self) -> None:
        horizon = self._state.now() + LIST_LEAD
        try:
            if self._may_lists_save_reads(horizon) and self._collect_due():
                with suppress(AmpsError):  # noted by the lists
                    await self._lists.async_read_due(horizon)
                self._error_handler.schedule_poll()
            self._start_due()
        except Exception:  # noqa: BLE001  whatever it is, no device must stay unread for it
            LOGGER.exception("%s: unexpected error in single reads, which go on in a minute", self._state.name)
            self._timer.set(self._state.now() + _AFTER_ERROR)

    def _may_lists_save_reads(self, horizon: float) -> bool:
        """Return whether a list is due by a time that may bring what single reads would."""
        state = self._state
        return not state.policy.sandbox and state.limits.retry_in == 0 and self._lists.next_due <= horizon

    def _collect_due(self) -> list[str]:
        """Return the devices that are due, in the order in which they are to be read."""
        now = self._state.now()
        due = [
            device_id
            for device_id, read in tuple(self._scheduled.items())
            if read.due_monotonic <= now and (anew := self._schedule(device_id)) and anew.due_monotonic <= now
        ]
        return sorted(due, key=lambda device_id: read_order(self._state.devices[device_id], self._scheduled[device_id]))

    def _start_due(self) -> None:
        """Start as many of the reads that are due as may be made at once."""
        for device_id in self._collect_due():
            if not self._is_running or len(self._attempts) >= PARALLEL_READS or self._wait():
                break
            if self._failing_wait() and self.history(device_id).is_failing:
                continue
            read = self._scheduled.pop(device_id)
            self._last_start = self._state.now()
            self._attempts[device_id] = self._state.entry.async_create_background_task(
                self._state.hass,
                self._attempt(device_id, read),
                f"{self._state.name} scheduled read",
                eager_start=False,
            )
        self._set_timer()

    async def _attempt(self, device_id: str, read: ScheduledRead) -> None:
        effect = self.history(device_id).effect if read.reason is Reason.EFFECT else None
        in_flight = self._reads.in_flight(device_id, expedite=read.expedite)
        before = self._state.devices.get(device_id)
        answered: bool | None = None
        """None where nothing was sent."""
        try:
            if effect is not None and in_flight is not None and in_flight.sent_monotonic < effect.action_monotonic:
                # It cannot show the effect, but when another one can: Amps pulls once a minute (api §10).
                await result_of(in_flight.task)
            else:
                await self._reads.async_read(device_id, expedite=read.expedite, reason=read.reason)
            answered = True
        except AmpsPausedError:
            pass
        except Exception:  # noqa: BLE001  applied and logged by the reader
            answered = False
        finally:
            del self._attempts[device_id]
            if before is not None and answered is not None:
                self._note_attempt(before, read.reason, answered=answered)
            self._schedule(device_id)
            self._run()

    def _note_attempt(self, before: DeviceRecord, reason: Reason, *, answered: bool) -> None:
        device_id = before.device.id
        if (after := self._state.devices.get(device_id)) is None:
            return
        self._histories[device_id] = after_attempt(
            self.history(device_id), self._state.now(), reason, before=before, after=after, answered=answered
        )

    def _wait(self) -> float:
        """Return how many seconds scheduled reads have to wait for the sake of the account.

        After a pause, and while the key is in doubt, lists go first.
        """
        state = self._state
        if not state.limits.verified:
            return math.inf
        apart = min_interval(state.ceiling, self._lists.per_hour)
        return max(self._last_start + apart - state.now(), state.limits.retry_in, 0.0)

    def _failing_wait(self) -> float:
        """Return how many seconds devices that keep failing have to wait for the sake of the others, infinity for now.

        One of the reads at once is left to the others: a manufacturer that is away may take long to say so.
        """
        if sum(self.history(device_id).is_failing for device_id in self._attempts) >= PARALLEL_READS - 1:
            return math.inf
        return self._state.limits.reads_retry_in

    def _next_start(self) -> float:
        """Return when the first of the devices that are scheduled may be read as far as it depends on them."""
        wait = self._failing_wait()
        if not wait:
            return min((read.due_monotonic for read in self._scheduled.values()), default=math.inf)
        not_before = self._state.now() + wait
        return min(
            (
                max(read.due_monotonic, not_before) if self.history(device_id).is_failing else read.due_monotonic
                for device_id, read in self._scheduled.items()
            ),
            default=math.inf,
        )

    @callback
    def _set_timer(self) -> None:
        """Set the timer for when the first device is due and the account lets it be read."""
        if not self._is_running:
            return
        # At the most at once the next attempt that ends goes on.
        due = self._next_start() if len(self._attempts) < PARALLEL_READS else math.inf
        if self._timer.set(max(due, self._state.now() + self._wait())):
            self._state.account_listeners.notify()


def _is_well(record: DeviceRecord | None) -> bool:
    """Return whether a device is as usual, so that all that can be new is a newer reading."""
    return record is not None and record.failure is None and record.missing is None
