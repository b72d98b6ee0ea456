"""Single reads: the only requests that may reach a manufacturer, and so the ones to save (design §4)."""

import asyncio
from dataclasses import dataclass, field
from http import HTTPStatus
import math
from typing import Final, TypeGuard

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
from ..rules.request_limits import AmpsPausedError
from ..rules.schedule import Reason
from .error_handler import ErrorHandler
from .listeners import Listeners
from .state import AccountState

PARALLEL_READS: Final = 3
"""Single reads at once: a manufacturer's cloud may take its time, and Amps limits requests."""

_OF_SERVICE: Final = (AmpsConnectionError, AmpsTransientError, AmpsRateLimitedError, AmpsUnexpectedAnswerError)
"""Errors that other devices are likely to run into as well."""
_OF_MANUFACTURER: Final = frozenset({"NETWORK_ERROR", "RATE_LIMITED", "TIMEOUT", "UNKNOWN_ERROR"})
"""Codes of these that concern one device alone (design §4, api §8.2); `SERVICE_UNAVAILABLE` may be either's."""


@dataclass(slots=True)
class InFlightRead:
    """A read that has not ended."""

    task: asyncio.Task[DeviceRecord] = field(init=False)
    sent_monotonic: float = math.inf
    """When it was sent; before that it serves whoever comes."""


async def result_of[ResultT](task: asyncio.Task[ResultT]) -> ResultT:
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
    """Reads devices by themselves; a request in flight serves all who ask for the same."""

    def __init__(self, state: AccountState, error_handler: ErrorHandler) -> None:
        """Start with nothing in flight."""
        self._state = state
        self._error_handler = error_handler
        self._in_flight: dict[tuple[str, bool], InFlightRead] = {}
        self._slots = asyncio.Semaphore(PARALLEL_READS)
        self.done_listeners = Listeners[str, AmpsError | None]()
        """Called with the id of a device that was read, and the error if it was not answered."""

    def in_flight(self, device_id: str, *, expedite: bool) -> InFlightRead | None:
        """Return the read of a device that has not ended, None if there is none."""
        return self._in_flight.get((device_id, expedite))

    async def async_read(
        self, device_id: str, *, expedite: bool, not_before: float = -math.inf, reason: Reason = Reason.DEMAND
    ) -> DeviceRecord:
        """Read a device, or wait for a read in flight that was not sent before a time; return the record after it.

        Raises AmpsError when the read failed; what that says of the device is applied by then.
        """
        read = self.in_flight(device_id, expedite=expedite)
        if read is None or read.task.done() or read.sent_monotonic < not_before:
            read = self._start(device_id, expedite=expedite, reason=reason)
        return await result_of(read.task)

    def _start(self, device_id: str, *, expedite: bool, reason: Reason) -> InFlightRead:
        """Start a read, which goes on when the one who asked for it does not wait any more."""
        state, key = self._state, (device_id, expedite)
        read = InFlightRead()
        read.task = state.entry.async_create_background_task(
            state.hass, self._run(read, device_id, expedite=expedite, reason=reason), f"{state.name} read of a device"
        )
        self._in_flight[key] = read

        def done(task: asyncio.Task[DeviceRecord]) -> None:
            if self._in_flight.get(key) is read:
                del self._in_flight[key]
            if not task.cancelled():
                task.exception()  # nobody may be waiting for it any more

        read.task.add_done_callback(done)
        return read

    async def _run(self, read: InFlightRead, device_id: str, *, expedite: bool, reason: Reason) -> DeviceRecord:
        state = self._state
        async with self._slots:
            read.sent_monotonic = state.now()
            if (before := state.devices.get(device_id)) is None:
                raise AmpsNotFoundError(DEVICE_NOT_FOUND, HTTPStatus.NOT_FOUND)  # removed while others were read
            name = state.names[device_id]
            LOGGER.debug("%s: reading %s%s: %s", state.name, name, ", expedited" if expedite else "", reason)
            client = state.client_for(reason) if reason is Reason.DEMAND else state.polling_client_for(reason)
            try:
                after = await self._request(client, before, read.sent_monotonic, expedite=expedite)
            except AmpsError as err:
                LOGGER.debug("%s: %s was not read: %s", state.name, name, err)
                self.done_listeners.notify(device_id, err)
                raise
            except Exception:
                LOGGER.exception("%s: unexpected error reading %s", state.name, name)
                raise
            self.done_listeners.notify(device_id, None)
            return after

    async def _request(
        self, client: AmpsClient, record: DeviceRecord, sent_monotonic: float, *, expedite: bool
    ) -> DeviceRecord:
        """Request a device and apply the answer; raise AmpsError after applying what that says of the device."""
        state, device = self._state, record.device
        try:
            reading = await client.read_device(type(device), device.id, expedite=expedite)
        except AmpsError as err:
            await self._handle_error(device.id, err, sent_monotonic)
            raise
        state.limits.read_succeeded()
        if state.entry.pref_disable_polling:
            state.clock.start_poll()  # there are no others
        state.sync_clock(reading.served_at)
        if device.id not in state.devices:
            raise AmpsNotFoundError(DEVICE_NOT_FOUND, HTTPStatus.NOT_FOUND)  # removed while it was read
        return state.apply_reading(
            ReceivedReading(reading=reading, received_monotonic=state.now(), sandbox=state.policy.sandbox, single=True)
        )

    async def _handle_error(self, device_id: str, err: AmpsError, sent_monotonic: float) -> None:
        """Apply what an error says of the account, and of the device; raise AmpsError if the key itself is refused."""
        state = self._state
        if isinstance(err, AmpsPausedError):
            return
        if isinstance(err, _OF_SERVICE) and not (isinstance(err, AmpsApiError) and err.code in _OF_MANUFACTURER):
            state.limits.read_failed()
        record = state.devices.get(device_id)
        if isinstance(err, AmpsInvalidKeyError):
            if record is None or record.credential_refusals is None:  # else a list was read when that began
                await self._error_handler.async_check_key(sent_monotonic)
            if not state.limits.verified:
                return
        else:
            await self._error_handler.async_handle(err, sent_monotonic)
        # In the sandbox lists have the last word on a device, as long as they show it.
        if record is not None and _is_of_device(err) and not (state.policy.sandbox and record.missing is None):
            state.apply_read_error(device_id, err)


def _is_of_device(err: AmpsError) -> TypeGuard[AmpsApiError]:
    """Return whether an error of a single read says what is wrong with the device."""
    if isinstance(err, AmpsNotFoundError):
        return err.code == DEVICE_NOT_FOUND
    return isinstance(err, AmpsDeviceOfflineError | AmpsRelinkError | AmpsInvalidKeyError)
