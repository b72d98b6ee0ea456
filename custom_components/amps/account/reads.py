"""Single reads: the only requests that may reach a manufacturer, and so the ones to be frugal with (design §4)."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
import heapq
from http import HTTPStatus
import math
from typing import TYPE_CHECKING, Final, TypeGuard

from homeassistant.core import callback

from ..api import (
    DEVICE_NOT_FOUND,
    AmpsApiError,
    AmpsClient,
    AmpsConnectionError,
    AmpsDeviceOfflineError,
    AmpsError,
    AmpsInvalidKeyError,
    AmpsNotFoundError,
    AmpsRateLimitedError,
    AmpsRelinkError,
    AmpsTransientError,
    AmpsUnexpectedAnswerError,
)
from ..const import LOGGER
from ..rules import DeviceRecord, ReceivedReading
from ..rules.clock import TOLERANCE
from ..rules.request_limits import AmpsPausedError
from ..rules.schedule import (
    LIST_LEAD,
    PendingEffect,
    ReadHistory,
    Reason,
    ScheduledRead,
    attempted,
    min_interval,
    next_read,
)
from .timer import Timer

if TYPE_CHECKING:
    from ..coordinator import AmpsCoordinator

_PARALLEL: Final = 3
"""Single reads at once: a manufacturer's cloud may take its time, and Amps limits requests."""

_OF_SERVICE: Final = (AmpsConnectionError, AmpsTransientError, AmpsRateLimitedError, AmpsUnexpectedAnswerError)
"""Errors that other devices are likely to meet as well."""
_OF_MANUFACTURER: Final = frozenset({"RATE_LIMITED"})
"""Codes of these that concern one device alone (design §4)."""

_FRESH: Final = {has_settings: ReadHistory(has_settings=has_settings) for has_settings in (False, True)}
"""The course of a device that was never read by itself."""


@dataclass(slots=True)
class _InFlightRead:
    """A read on its way."""

    task: asyncio.Task[DeviceRecord] = field(init=False)
    sent: float = math.inf
    """When it was sent; before that it may still serve whoever comes."""


async def outcome_of[ResultT](task: asyncio.Task[ResultT]) -> ResultT:
    """Wait for a task that serves others too; raise AmpsError when it was cancelled, as the account was unloaded."""
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        waiting = asyncio.current_task()
        if not task.cancelled() or (waiting is not None and waiting.cancelling()):
            raise
        msg = "the account was unloaded meanwhile"
        raise AmpsError(msg) from None


class DeviceReader:
    """Reads devices by themselves, when they are due and when somebody asks; a request in flight serves all."""

    def __init__(self, coordinator: AmpsCoordinator) -> None:
        """Begin without anything to read."""
        self._coordinator = coordinator
        self._histories: dict[str, ReadHistory] = {}
        """Those that are no longer fresh."""
        self._due: dict[str, ScheduledRead] = {}
        self._queue: list[tuple[float, str]] = []
        """A heap of moments and devices; an entry counts only while the device is due at that very moment."""
        self._ready: list[tuple[float, str]] = []
        """A heap of the devices whose time has come, the one with the oldest reading first."""
        self._in_flight: dict[tuple[str, bool], _InFlightRead] = {}
        self._slots = asyncio.Semaphore(_PARALLEL)
        self._attempts: dict[str, asyncio.Task[None]] = {}
        self._work_task: asyncio.Task[None] | None = None
        self._last_start = -math.inf
        self._timer = Timer(coordinator.hass, f"{coordinator.name} single reads", self._wake)
        self._running = not coordinator.config_entry.pref_disable_polling
        """Whether devices are read when they are due; a change of the preference reloads the entry."""
        coordinator.disabled_devices.add_listener(self._reschedule_all)

    @property
    def next_due(self) -> float | None:
        """When the next device will be read, as far as that is planned."""
        ready = [due.due_monotonic for _, device_id in self._ready if (due := self._plan(device_id))]
        moment = max(min([self._first_moment(math.inf), *ready]), self._coordinator.now() + self._wait())
        return None if math.isinf(moment) else moment

    def history(self, device_id: str) -> ReadHistory:
        """Return how the reading of a device goes."""
        if history := self._histories.get(device_id):
            return history
        record = self._coordinator.data.devices.get(device_id)
        return _FRESH[record is not None and record.device.has_settings]

    @callback
    def set_expedited(self, device_id: str, *, expedited: bool) -> None:
        """Read a device at the expedited tempo, or no longer."""
        self._histories[device_id] = replace(self.history(device_id), expedited=expedited)
        self.reschedule((device_id,))

    @callback
    def read_effect_after(self, device_id: str, instant: datetime) -> None:
        """Read a device once the effect of an action that moved at an instant of the service's clock can show."""
        effect = PendingEffect(action_at=instant, action_monotonic=self._coordinator.monotonic_of(instant))
        self._histories[device_id] = replace(self.history(device_id), effect=effect)
        self.reschedule((device_id,))

    @callback
    def forget(self, device_id: str) -> None:
        """Forget a device that is gone."""
        self._histories.pop(device_id, None)
        self._due.pop(device_id, None)

    @callback
    def observe(self, before: Mapping[str, DeviceRecord], changed: Mapping[str, DeviceRecord]) -> None:
        """Take note of news of devices.

        One that is well and has a newer reading is due no earlier than it was: that is thought about when it is.
        """
        restless = [
            device_id
            for device_id, record in changed.items()
            if not (_is_well(record) and _is_well(before.get(device_id))) or self.history(device_id).failed_reads
        ]
        if restless:
            self.reschedule(restless)

    @callback
    def reschedule(self, device_ids: Iterable[str]) -> None:
        """Think again about when devices are due, after something about them changed."""
        for device_id in device_ids:
            self._plan(device_id)
        self._arm()

    def _plan(self, device_id: str) -> ScheduledRead | None:
        """Plan when to read a device, and return that; None for never, and while it is being read."""
        coordinator, due = self._coordinator, None
        # An attempt that goes on is thought about when it ends.
        record = None if device_id in self._attempts else coordinator.data.devices.get(device_id)
        if record is not None and not self._is_left_alone(record):
            due = next_read(self._with_sleep(record), self.history(device_id), coordinator.policy)
        if due is None:
            self._due.pop(device_id, None)
        elif self._due.get(device_id) != due:
            self._due[device_id] = due
            heapq.heappush(self._queue, (due.due_monotonic, device_id))
        return due

    def _with_sleep(self, record: DeviceRecord) -> DeviceRecord:
        """Return what is known of a device, as old as a list shows it to be since the host slept (design §4, time)."""
        moment = self._coordinator.availability.state_monotonic(record)
        is_older = record.state_monotonic is not None and record.state_monotonic - moment > TOLERANCE.total_seconds()
        return replace(record, state_monotonic=moment) if is_older else record

    def _is_left_alone(self, record: DeviceRecord) -> bool:
        """Return whether a device is not read by itself now: one disabled, and in the sandbox one without its list.

        There lists decide (design §4): a single read must not make a device fresh that the next list cannot keep so.
        """
        coordinator = self._coordinator
        if record.device.id in coordinator.disabled_devices:
            return True
        return coordinator.policy.sandbox and coordinator.lists.error_of(type(record.device)) is not None

    @callback
    def _reschedule_all(self) -> None:
        self.reschedule(self._coordinator.data.devices)

    @callback
    def resume(self) -> None:
        """Go on after requests were not allowed."""
        self._arm()

    @callback
    def shutdown(self) -> None:
        """Read nothing more."""
        self._running = False
        self._timer.stop()

    async def async_read(
        self, device_id: str, *, expedite: bool, not_before: float = -math.inf, reason: Reason = Reason.DEMAND
    ) -> DeviceRecord:
        """Read a device, or wait for a read on its way that was not sent before a moment; return what is known then.

        Raises AmpsError when the read failed; what that says of the device is known by then.
        """
        key = device_id, expedite
        flight = self._in_flight.get(key)
        if flight is None or flight.task.done() or flight.sent < not_before:
            flight = self._start_read(device_id, expedite=expedite, reason=reason)
        return await outcome_of(flight.task)

    def _start_read(self, device_id: str, *, expedite: bool, reason: Reason) -> _InFlightRead:
        """Send a read on its way; it goes on when the one who asked for it no longer waits."""
        coordinator, key = self._coordinator, (device_id, expedite)
        flight = _InFlightRead()
        flight.task = coordinator.config_entry.async_create_background_task(
            coordinator.hass,
            self._run_read(flight, device_id, expedite=expedite, reason=reason),
            f"{coordinator.name} read of a device",
        )
        self._in_flight[key] = flight

        def landed(task: asyncio.Task[DeviceRecord]) -> None:
            if self._in_flight.get(key) is flight:
                del self._in_flight[key]
            if not task.cancelled():
                task.exception()  # nobody may be waiting for it any more

        flight.task.add_done_callback(landed)
        return flight

    async def _run_read(self, flight: _InFlightRead, device_id: str, *, expedite: bool, reason: Reason) -> DeviceRecord:
        coordinator = self._coordinator
        async with self._slots:
            flight.sent = coordinator.now()
            if (before := coordinator.data.devices.get(device_id)) is None:
                raise AmpsNotFoundError(DEVICE_NOT_FOUND, HTTPStatus.NOT_FOUND)  # it went while others were read
            name = coordinator.device_names[device_id]
            LOGGER.debug("%s: reading %s%s: %s", coordinator.name, name, ", expedited" if expedite else "", reason)
            client = coordinator.client if reason is Reason.DEMAND else coordinator.polling_client
            try:
                after = await self._ask(client, before, flight.sent, expedite=expedite)
            except Exception as err:
                if not isinstance(err, AmpsError):
                    LOGGER.exception("%s: unexpected error reading %s", coordinator.name, name)
                elif err.retry_after is not None:
                    self._hold_back(device_id, err.retry_after)
                LOGGER.debug("%s: %s was not read: %s", coordinator.name, name, err)
                raise
            history = self.history(device_id)
            self._histories[device_id] = replace(history, answered=coordinator.now())
            self.reschedule((device_id,))
            return after

    async def _ask(self, client: AmpsClient, record: DeviceRecord, sent: float, *, expedite: bool) -> DeviceRecord:
        """Ask for a device and take in what comes; raise AmpsError after taking in what that says of the device."""
        coordinator, device = self._coordinator, record.device
        try:
            reading = await client.read_device(type(device), device.id, expedite=expedite)
        except AmpsError as err:
            await self._handle_error(device.id, err, sent)
            raise
        coordinator.limits.read_succeeded()
        if coordinator.config_entry.pref_disable_polling:
            coordinator.clock.start_poll()  # there are no others
        coordinator.sync_clock(reading.served_at)
        if device.id not in coordinator.data.devices:
            raise AmpsNotFoundError(DEVICE_NOT_FOUND, HTTPStatus.NOT_FOUND)  # it went while it was read
        moment, sandbox = coordinator.now(), coordinator.policy.sandbox
        return coordinator.apply_reading(
            ReceivedReading(reading=reading, received_monotonic=moment, sandbox=sandbox, single=True)
        )

    async def _handle_error(self, device_id: str, err: AmpsError, sent: float) -> None:
        """Note what an error says of the account, and of the device; raise AmpsError if the key itself is refused."""
        coordinator = self._coordinator
        if isinstance(err, AmpsPausedError):
            return
        if isinstance(err, _OF_SERVICE) and not (isinstance(err, AmpsApiError) and err.code in _OF_MANUFACTURER):
            coordinator.limits.read_failed()
        record = coordinator.data.devices.get(device_id)
        if isinstance(err, AmpsInvalidKeyError):
            if record is None or record.credential_refusals is None:  # else a list was asked when that began
                await coordinator.async_verify_key(sent)
            if not coordinator.limits.verified:
                return
        else:
            await coordinator.async_handle_error(err)
        # In the sandbox lists have the last word on a device, as long as they show it.
        if record is not None and _is_of_device(err) and not (coordinator.policy.sandbox and record.missing is None):
            coordinator.apply_read_error(device_id, err)

    def _hold_back(self, device_id: str, seconds: float) -> None:
        """Read a device by itself no sooner than the service asked."""
        history = self.history(device_id)
        self._histories[device_id] = replace(history, not_before=self._coordinator.now() + seconds)

    def _note_attempt(self, before: DeviceRecord, reason: Reason, *, answered: bool) -> None:
        device_id = before.device.id
        if (after := self._coordinator.data.devices.get(device_id)) is None:
            return
        history, now = self.history(device_id), self._coordinator.now()
        self._histories[device_id] = attempted(history, now, reason, before=before, after=after, answered=answered)

    # What is due.

    @callback
    def _wake(self) -> None:
        coordinator = self._coordinator
        self._work_task = coordinator.config_entry.async_create_background_task(
            coordinator.hass, self._work(), f"{coordinator.name} single reads"
        )

    async def _work(self) -> None:
        """Make ready what is due, after the lists that may save it."""
        coordinator = self._coordinator
        if not coordinator.policy.sandbox and self._first_moment(coordinator.now()) <= coordinator.now():
            await coordinator.async_poll_before(coordinator.now() + LIST_LEAD)
        while self._first_moment(coordinator.now()) <= coordinator.now():
            _, device_id = heapq.heappop(self._queue)
            record = coordinator.data.devices[device_id]
            oldest = -math.inf if record.state_monotonic is None else record.state_monotonic
            heapq.heappush(self._ready, (oldest, device_id))
        self._start()

    def _first_moment(self, until: float) -> float:
        """Return when the first device is due, after dropping what is planned otherwise by now.

        A plan may have been put off since it was made: that is thought about for those until a moment.
        """
        queue = self._queue
        while queue:
            moment, device_id = queue[0]
            due = self._due.get(device_id)
            if due is None or due.due_monotonic != moment:
                heapq.heappop(queue)
                continue
            if moment <= until:
                due = self._plan(device_id)
            if due is not None and due.due_monotonic == moment:
                return moment
        return math.inf

    def _start(self) -> None:
        """Start as many of the ready reads as may go on at once, and plan when to look again."""
        coordinator = self._coordinator
        while self._ready and len(self._attempts) < _PARALLEL and self._running and not self._wait():
            _, device_id = heapq.heappop(self._ready)
            due = self._plan(device_id)
            if due is None or due.due_monotonic > coordinator.now():
                continue  # put off by what was heard since
            del self._due[device_id]
            self._last_start = coordinator.now()
            self._attempts[device_id] = coordinator.config_entry.async_create_background_task(
                coordinator.hass,
                self._attempt(device_id, due),
                f"{coordinator.name} scheduled read",
                eager_start=False,
            )
        self._arm()

    async def _attempt(self, device_id: str, due: ScheduledRead) -> None:
        effect = self.history(device_id).effect if due.reason is Reason.EFFECT else None
        under_way = self._in_flight.get((device_id, due.expedite))
        before = self._coordinator.data.devices.get(device_id)
        answered: bool | None = None
        """None where the device was not asked."""
        try:
            if effect is not None and under_way is not None and under_way.sent < effect.action_monotonic:
                # It cannot show the effect, but tells when another one can: Amps pulls once a minute (api §10).
                await outcome_of(under_way.task)
            else:
                await self.async_read(device_id, expedite=due.expedite, reason=due.reason)
            answered = True
        except AmpsPausedError:
            pass
        except Exception:  # noqa: BLE001  taken in and told by whoever read
            answered = False
        finally:
            del self._attempts[device_id]
            if before is not None and answered is not None:
                self._note_attempt(before, due.reason, answered=answered)
            self.reschedule((device_id,))
            self._start()

    def _wait(self) -> float:
        """Return how long scheduled reads have to wait for the sake of the account.

        After a pause, and while the key is in doubt, lists go first.
        """
        coordinator = self._coordinator
        if not coordinator.limits.verified:
            return math.inf
        apart = min_interval(coordinator.ceiling, coordinator.lists.per_hour)
        return max(self._last_start + apart - coordinator.now(), coordinator.limits.reads_retry_in, 0.0)

    def _arm(self) -> None:
        """Plan to wake when the next device is due and the account lets it be read."""
        if not self._running:
            return
        now = self._coordinator.now()
        moment = now if self._ready and len(self._attempts) < _PARALLEL else self._first_moment(now)
        if self._timer.set(max(moment, now + self._wait())):
            self._coordinator.tell_account()


def _is_well(record: DeviceRecord | None) -> bool:
    """Return whether a device is as usual, so that all that can be new is a newer reading."""
    return record is not None and record.failure is None and record.missing is None


def _is_of_device(err: AmpsError) -> TypeGuard[AmpsApiError]:
    """Return whether an error of a single read says what is wrong with the device."""
    if isinstance(err, AmpsNotFoundError):
        return err.code == DEVICE_NOT_FOUND
    return isinstance(err, AmpsDeviceOfflineError | AmpsRelinkError | AmpsInvalidKeyError)
