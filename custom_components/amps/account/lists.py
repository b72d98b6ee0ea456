"""Lists: what Amps has of all devices, which costs it nothing and never reaches a manufacturer (api §10)."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from logging import DEBUG
import math
from typing import Final

from homeassistant.core import callback
from homeassistant.util.async_ import create_eager_task

from ..api import (
    AmpsClient,
    AmpsError,
    AmpsInvalidKeyError,
    AmpsLiveAccessDisabledError,
    AmpsPermissionError,
    AmpsRateLimitedError,
    AmpsUnexpectedAnswerError,
    ListPage,
)
from ..api.client import PAGE_SIZE
from ..api.models import DEVICE_CLASSES, AnyDevice
from ..const import LOGGER
from ..rules.record import CLOCK_TOLERANCE
from ..rules.request_limits import AmpsPausedError, paused_error
from ..rules.schedule import HOUR, LIST_LEAD, next_list
from .availability import Availability
from .claims import claim_devices, is_leaving_out
from .list_contents import ListContents
from .listeners import Listeners
from .request_log import Purpose
from .state import AccountState, ListTimes
from .store import AccountStore

WAKE_MARGIN: Final = 1.0
"""Seconds by which the timer of polls may fire before the end of a wait."""


@dataclass(slots=True, kw_only=True)
class _List:
    """The list of one type: what it held and how reading it went."""

    contents: ListContents
    asked_monotonic: float = -math.inf
    """When it was last asked for."""
    received_monotonic: float = -math.inf
    """When it was last answered."""
    failures: int = 0
    """How many times in a row it could not be read."""
    not_before_monotonic: float = -math.inf
    """When it may be asked for again, where the service asked to wait."""
    error: AmpsError | None = None
    """Why it could not be read the last time, None if it could."""
    is_error_logged: bool = False


class ListReader:
    """Reads the lists of an account, one for each type of device; one that fails costs no other."""

    def __init__(self, state: AccountState, availability: Availability, store: AccountStore) -> None:
        """Start with lists that were never read."""
        self._state = state
        self._availability = availability
        self._lists = {each: _List(contents=ListContents(state, store, each)) for each in DEVICE_CLASSES}
        self._lock = asyncio.Lock()
        self.corrected_listeners = Listeners[Iterable[str]]()
        """Called with the ids of devices that a list shows to be older than assumed, or shows again after a failure."""
        self.done_listeners = Listeners[[]]()
        """Called after lists were read, or could not be."""
        state.removal_listeners.add(self._remove)
        state.set_back_listeners.add(self._clear_contents)

    @property
    def next_due(self) -> float:
        """When the first list is due, by the monotonic clock."""
        return min(map(self._due, DEVICE_CLASSES))

    @property
    def next_probe(self) -> float:
        """When any list may be asked for, by the monotonic clock."""
        return min(map(self._not_before, self._lists.values()))

    @property
    def per_hour(self) -> float:
        """How many pages of lists are asked for in an hour, at the usual interval; reads advance lists a little."""
        pages = sum(math.ceil(len(each.contents.device_ids) / PAGE_SIZE) for each in self._lists.values())
        return HOUR / (self._state.policy.list_interval - LIST_LEAD) * pages

    @property
    def unreadable(self) -> int:
        """How many items of the lists could not be read."""
        return sum(each.contents.unreadable for each in self._lists.values())

    @property
    def is_complete(self) -> bool:
        """Whether all lists could be read the last time."""
        return all(each.error is None for each in self._lists.values())

    def are_read_since(self, monotonic: float) -> bool:
        """Return whether all lists were read after a time."""
        return all(each.received_monotonic > monotonic for each in self._lists.values())

    def is_any_read_since(self, monotonic: float) -> bool:
        """Return whether any list was read after a time."""
        return any(each.received_monotonic > monotonic for each in self._lists.values())

    def error_of(self, device_class: type[AnyDevice]) -> AmpsError | None:
        """Return why the list of a type could not be read the last time, None if it could."""
        return self._lists[device_class].error

    async def async_read_all(self) -> None:
        """Read all lists, since somebody asks for them; raise AmpsError when none can be read."""
        await self._poll(partial(self._read, DEVICE_CLASSES, self._state.client_for(Purpose.LISTS_ON_DEMAND)))

    async def async_read_due(self, horizon: float = -math.inf) -> None:
        """Read the lists that are due now, or by a later time.

        While it is open whether requests are answered at all, one list is read first. Raises AmpsError when no list can
        be read any more.
        """
        await self._poll(partial(self._read_due, horizon))

    async def async_mark_due(self) -> None:
        """Let all lists be due, since there is news; those that back off stay as they are."""
        async with self._lock:  # one that is being read may not have the news
            for each in self._lists.values():
                if not each.failures:
                    each.asked_monotonic = -math.inf

    async def _read_due(self, horizon: float) -> None:
        state = self._state
        if state.limits.retry_in > 0:
            raise paused_error(state.limits)  # the lists stay as they are
        if not state.limits.verified:
            was_none_readable, begun = self._is_none_readable, state.now()
            await self._probe(state.polling_client_for(Purpose.KEY_CHECK))
            if was_none_readable:
                self._retry_unpermitted(begun)
        due_by = max(state.now() + WAKE_MARGIN, horizon)
        due = [each for each in DEVICE_CLASSES if self._due(each) <= due_by]
        await self._read(due, state.polling_client_for(Purpose.LIST_POLL))

    async def _poll(self, read: Callable[[], Awaitable[None]]) -> None:
        """Read lists one poll after the other."""
        async with self._lock:
            self._state.clock.start_poll()
            try:
                await read()
            finally:
                self.done_listeners.notify()

    async def async_probe(self, since: float) -> None:
        """Read one list on demand, unless any was read since: any that is answered proves the key (design §3, §4).

        Raises AmpsError when none is answered.
        """
        async with self._lock:
            if not self.is_any_read_since(since):
                await self._probe(self._state.client_for(Purpose.KEY_CHECK))

    async def _probe(self, client: AmpsClient) -> None:
        """Read one list; another one where the first may not be read or has to wait, which says nothing."""
        failures: dict[type[AnyDevice], AmpsError] = {}
        for device_class in sorted(filter(self._may_ask, DEVICE_CLASSES), key=self._failures):
            failure = await self._read_one(device_class, client)
            if failure is None:
                return
            failures[device_class] = failure
            if not isinstance(failure, AmpsPermissionError | AmpsPausedError):
                break
        self._on_none_answered(failures)
        raise next(reversed(failures.values()), AmpsPausedError(self.next_probe - self._state.now()))

    def _retry_unpermitted(self, before: float) -> None:
        """Read lists again that the key might not read before a time at which it might read none: now it may."""
        for each in self._lists.values():
            if isinstance(each.error, AmpsPermissionError) and each.asked_monotonic < before:
                each.asked_monotonic = -math.inf

    def _failures(self, device_class: type[AnyDevice]) -> int:
        """Return how often a list failed in a row: one that always does for reasons of its own is read last."""
        return self._lists[device_class].failures

    async def _read(self, device_classes: Sequence[type[AnyDevice]], client: AmpsClient) -> None:
        if LOGGER.isEnabledFor(DEBUG):
            labels = ", ".join(each.label for each in device_classes)
            LOGGER.debug("%s: reading the lists of %s", self._state.name, labels)
        # Eager: what answers without waiting costs no turn of the event loop.
        reads = [create_eager_task(self._read_one(each, client)) for each in device_classes]
        try:
            failures = [await read for read in reads]
        finally:
            for read in reads:
                read.cancel()
        if reads and None not in failures:
            self._on_none_answered(device_classes)
        if self._is_none_readable:
            raise self._worst_error()
        for device_class in DEVICE_CLASSES:
            self._log_error(device_class)

    @property
    def _is_none_readable(self) -> bool:
        return all(each.error is not None for each in self._lists.values())

    def _worst_error(self) -> AmpsError:
        """Return the error that says most about the account: what is wrong with the key before what passes."""
        errors = [each.error for each in self._lists.values() if each.error is not None]
        return min(errors, key=lambda error: (isinstance(error, AmpsPermissionError), not _is_of_key(error)))

    def _on_none_answered(self, asked: Collection[type[AnyDevice]]) -> None:
        """Note what it means for the account that none of the lists asked for was answered.

        A type whose list alone is refused all the time, while others are answered, casts no doubt on the key.
        """
        limits = self._state.limits
        if all(isinstance(self._lists[each].error, AmpsPausedError) for each in asked):
            return
        for device_class in asked:
            each = self._lists[device_class]
            if isinstance(each.error, AmpsInvalidKeyError) and (each.failures == 1 or self._is_none_readable):
                limits.key_refused(each.error)
                return
        if self._is_none_readable or not limits.verified:
            # Before any list was read somebody is likely to wait for the account.
            limits.lists_failed(None if self._state.environment is None else self._state.policy.list_interval)

    def _may_ask(self, device_class: type[AnyDevice]) -> bool:
        return self._not_before(self._lists[device_class]) <= self._state.now()

    def _not_before(self, each: _List) -> float:
        """Return when a list may be asked for; one that the key may not read hourly, as long as others are read."""
        if isinstance(each.error, AmpsPermissionError) and not self._is_none_readable:
            return max(each.not_before_monotonic, each.asked_monotonic + HOUR)
        return each.not_before_monotonic

    def _due(self, device_class: type[AnyDevice]) -> float:
        each = self._lists[device_class]
        due = next_list(each.asked_monotonic, each.failures, self._state.policy, empty=each.contents.is_empty)
        return max(self._not_before(each), due)

    def _log_error(self, device_class: type[AnyDevice]) -> None:
        """Log once when trouble with a list starts, and once when it ends."""
        each, name = self._lists[device_class], self._state.name
        if (each.error is not None) is each.is_error_logged:
            return
        each.is_error_logged = not each.is_error_logged
        if each.error is None:
            LOGGER.info("%s: the list of type %s can be read again", name, device_class.label)
        else:
            LOGGER.warning("%s: the list of type %s cannot be read: %s", name, device_class.label, each.error)

    async def _read_one(self, device_class: type[AnyDevice], client: AmpsClient) -> AmpsError | None:
        """Read a list and apply it; return what went wrong."""
        each = self._lists[device_class]
        try:
            page = await client.list_devices(device_class, each.contents.items)
            await self._apply(device_class, page)
        except AmpsError as err:
            each.error = err
        except Exception:  # noqa: BLE001  one list must not cost the others
            LOGGER.exception("%s: unexpected error reading the list of type %s", self._state.name, device_class.label)
            each.error = AmpsUnexpectedAnswerError("it could not be applied")
        else:
            has_recovered = each.error is not None
            each.failures, each.not_before_monotonic, each.error = 0, -math.inf, None
            if has_recovered:
                self.corrected_listeners.notify(each.contents.device_ids)
            return None
        self._on_error(each, each.error)
        return each.error

    def _on_error(self, each: _List, error: AmpsError) -> None:
        now = self._state.now()
        each.not_before_monotonic = -math.inf if error.retry_after is None else now + error.retry_after
        if isinstance(error, AmpsPausedError):
            return  # it was not asked for
        each.asked_monotonic, each.failures = now, each.failures + 1
        if isinstance(error, AmpsRateLimitedError):
            self._state.limits.rate_limited(error)

    async def _apply(self, device_class: type[AnyDevice], page: ListPage) -> None:
        state, each = self._state, self._lists[device_class]
        received_monotonic = state.now()
        state.on_list_success(page)
        is_changed = page.items != each.contents.items
        if is_changed or is_leaving_out(state.hass, state.entry, device_class):
            # What belongs to others makes a list another one each time, though it may bring nothing new.
            own = claim_devices(state.hass, state.entry, device_class, page)
            if own is not page:
                is_changed, page = own.items != each.contents.items, own
        if is_changed:
            await each.contents.async_apply(page, received_monotonic)
        else:
            each.contents.on_unchanged()
        before, elapsed = state.list_times.get(device_class), received_monotonic - each.received_monotonic
        served_at = page.answer.served_at
        state.list_times[device_class] = ListTimes(served_at, received_monotonic)
        each.asked_monotonic = each.received_monotonic = received_monotonic
        if before is None or before.served_at is None or served_at is None:
            self._availability.on_list(everything=True)
            return
        # The service's time shows that the host slept, and then what did not change is older than it seems.
        deviation = abs((served_at - before.served_at).total_seconds() - elapsed)
        is_regular = deviation <= CLOCK_TOLERANCE.total_seconds()
        self._availability.on_list(everything=not is_regular)
        if not is_regular:
            self.corrected_listeners.notify(each.contents.device_ids)

    @callback
    def _remove(self, device_id: str) -> None:
        for each in self._lists.values():
            each.contents.remove(device_id)

    @callback
    def _clear_contents(self) -> None:
        """Read all lists at the next poll and apply them whatever they hold."""
        for each in self._lists.values():
            each.contents.clear()
            each.asked_monotonic = -math.inf


def _is_of_key(error: AmpsError) -> bool:
    return isinstance(error, AmpsInvalidKeyError | AmpsLiveAccessDisabledError)
