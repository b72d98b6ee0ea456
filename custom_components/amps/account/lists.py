"""Lists: what Amps has of all devices, which costs it nothing and never reaches a manufacturer (api §10)."""

import asyncio
from collections.abc import AsyncIterator, Collection, Iterable, Sequence, Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from itertools import batched
from logging import DEBUG
import math
from typing import TYPE_CHECKING, Final

from homeassistant.core import callback
from homeassistant.util.async_ import create_eager_task

from ..api import (
    AmpsClient,
    AmpsConnectionError,
    AmpsError,
    AmpsInvalidKeyError,
    AmpsLiveAccessDisabledError,
    AmpsPermissionError,
    AmpsRateLimitedError,
    AmpsUnexpectedAnswerError,
    ListPage,
    ParsedList,
    Reading,
)
from ..api.client import PAGE_SIZE
from ..api.models import DEVICE_CLASSES, AnyDevice
from ..const import LOGGER
from ..rules import ReceivedReading
from ..rules.clock import TOLERANCE
from ..rules.merge import mark_missing, merge
from ..rules.request_limits import AmpsPausedError
from ..rules.schedule import HOUR, LIST_LEAD, next_list
from .ownership import claim_devices

if TYPE_CHECKING:
    from ..coordinator import AmpsCoordinator

_AT_ONCE: Final = 200
"""How many items of a list are dealt with at once: a few milliseconds' work."""
_OF_ACCOUNT: Final = (AmpsInvalidKeyError, AmpsRateLimitedError, AmpsConnectionError)
"""Errors that any list is likely to meet."""
WAKE_MARGIN: Final = 1.0
"""Seconds; the timer of polls may go off that much before the end of a pause."""


@dataclass(slots=True)
class _List:
    """How the reading of one type's list goes."""

    parsed: ParsedList = field(default_factory=ParsedList)
    asked: float = -math.inf
    failures: int = 0
    not_before: float = -math.inf
    """When it may be asked for again, where the service said so."""
    served_at: datetime | None = None
    """When the service built the last one, by its own clock."""
    arrived: float = -math.inf
    error: AmpsError | None = None
    """Why it could not be read the last time, if it could not."""
    told: bool = False
    """Whether the log says that it cannot be read."""
    shown: set[str] = field(default_factory=set)
    """Devices that it ever showed."""
    absent: AbstractSet[str] = frozenset()
    """Those of them that are known and not on it any more."""


class ListReader:
    """Reads the lists of an account, one for each type of device; one that fails costs no other."""

    def __init__(self, coordinator: AmpsCoordinator) -> None:
        """Begin with lists that were never read."""
        self._coordinator = coordinator
        self._lists = {device_class: _List() for device_class in DEVICE_CLASSES}

    @property
    def next_due(self) -> float:
        """When the first list is due."""
        return min(map(self._due, DEVICE_CLASSES))

    @property
    def next_probe(self) -> float:
        """When any list may be asked for."""
        return min(map(self._not_before, self._lists.values()))

    @property
    def per_hour(self) -> float:
        """How many pages of lists are asked for in an hour, at the usual pace; reads hurry lists a little."""
        pages = sum(math.ceil(len(seen.parsed.devices) / PAGE_SIZE) for seen in self._lists.values())
        return HOUR / (self._coordinator.policy.list_interval - LIST_LEAD) * pages

    @property
    def unreadable(self) -> int:
        """How many items of the lists could not be read."""
        return sum(seen.parsed.unreadable for seen in self._lists.values())

    @property
    def complete(self) -> bool:
        """Whether all lists could be read the last time."""
        return all(seen.error is None for seen in self._lists.values())

    def read_since(self, moment: float) -> bool:
        """Return whether all lists were read after a moment."""
        return all(seen.arrived > moment for seen in self._lists.values())

    def answered_since(self, moment: float) -> bool:
        """Return whether any list was answered after a moment."""
        return any(seen.arrived > moment for seen in self._lists.values())

    def last(self, device_class: type[AnyDevice]) -> tuple[datetime | None, float]:
        """Return when the service built the last list of a type, by its own clock, and the moment it arrived."""
        seen = self._lists[device_class]
        return seen.served_at, seen.arrived

    def error_of(self, device_class: type[AnyDevice]) -> AmpsError | None:
        """Return why the list of a type could not be read the last time, if it could not."""
        return self._lists[device_class].error

    @callback
    def forget(self, device_id: str) -> None:
        """Forget a device that is gone."""
        for seen in self._lists.values():
            seen.absent = seen.absent - {device_id}

    @callback
    def read_anew(self) -> None:
        """Read all lists at the next poll and whatever they say, as if nothing had been said before."""
        for seen in self._lists.values():
            seen.parsed = ParsedList()
            seen.asked = -math.inf

    async def async_read_due(self, horizon: float | None, *, on_demand: bool) -> None:
        """Read the lists that are due by a moment, without one those due now; on demand all of them.

        While it is open whether requests are answered at all, one list is read first, unless somebody waits for it.
        Raises AmpsError when no list can be read any more.
        """
        coordinator = self._coordinator
        if on_demand:
            await self._read_all(DEVICE_CLASSES, coordinator.client)
            return
        due_by = max(coordinator.now() + WAKE_MARGIN, -math.inf if horizon is None else horizon)
        if not coordinator.limits.verified:
            was_none_readable, begun = self._is_none_readable, coordinator.now()
            await self.async_probe(coordinator.polling_client)
            if was_none_readable:
                self._ask_again(begun)
        due = [each for each in DEVICE_CLASSES if self._due(each) <= due_by]
        await self._read_all(due, coordinator.polling_client)

    async def async_probe(self, client: AmpsClient) -> None:
        """Read one list: any that is answered proves the key, and that the service is there (design §3, §4).

        One that the key may not read, or that has to wait, says nothing, so then another one is read. Raises AmpsError
        when none is answered.
        """
        failures: dict[type[AnyDevice], AmpsError] = {}
        for device_class in sorted(filter(self._may_ask, DEVICE_CLASSES), key=self._probe_order):
            failure = await self._read(device_class, client)
            if failure is None:
                return
            failures[device_class] = failure
            if not isinstance(failure, AmpsPermissionError | AmpsPausedError):
                break
        self._note_none_answered(failures)
        raise next(reversed(failures.values()), AmpsPausedError(self.next_probe - self._coordinator.now()))

    def _ask_again(self, begun: float) -> None:
        """Have lists read that the key might not read before a moment, when it might read none: now it may again."""
        for seen in self._lists.values():
            if isinstance(seen.error, AmpsPermissionError) and seen.asked < begun:
                seen.asked = -math.inf

    def _probe_order(self, device_class: type[AnyDevice]) -> int:
        """Those go first that were answered the last time, and last that failed most often for trouble of their own."""
        seen = self._lists[device_class]
        if seen.error is None:
            return 0
        return 1 if isinstance(seen.error, _OF_ACCOUNT) else 1 + seen.failures

    async def _read_all(self, due: Sequence[type[AnyDevice]], client: AmpsClient) -> None:
        coordinator = self._coordinator
        if LOGGER.isEnabledFor(DEBUG):
            LOGGER.debug("%s: reading the lists of %s", coordinator.name, ", ".join(each.label for each in due))
        # Eager: what answers without waiting costs no turn of the event loop.
        reads = [create_eager_task(self._read(each, client)) for each in due]
        try:
            failures = [await read for read in reads]
        finally:
            for read in reads:
                read.cancel()
        if due and None not in failures:
            self._note_none_answered(due)
        if self._is_none_readable:
            raise self._worst_error()
        for device_class in DEVICE_CLASSES:
            self._log(device_class)

    @property
    def _is_none_readable(self) -> bool:
        return all(seen.error is not None for seen in self._lists.values())

    def _worst_error(self) -> AmpsError:
        """Return the error that says most about the account: what is wrong with the key before what passes."""
        errors = [seen.error for seen in self._lists.values() if seen.error is not None]
        return min(errors, key=lambda error: (isinstance(error, AmpsPermissionError), not _is_of_key(error)))

    def _note_none_answered(self, asked: Collection[type[AnyDevice]]) -> None:
        """Note what it means that none of the lists that were asked for was answered.

        A type whose list alone is refused all the time, while others are answered, casts no doubt on the key.
        """
        limits = self._coordinator.limits
        if all(isinstance(self._lists[each].error, AmpsPausedError) for each in asked):
            return
        for device_class in asked:
            seen = self._lists[device_class]
            if isinstance(seen.error, AmpsInvalidKeyError) and (seen.failures == 1 or self._is_none_readable):
                limits.refused(seen.error)
                return
        if self._is_none_readable or not limits.verified:
            limits.failed(self._coordinator.longest_backoff)

    def _may_ask(self, device_class: type[AnyDevice]) -> bool:
        return self._not_before(self._lists[device_class]) <= self._coordinator.now()

    def _not_before(self, seen: _List) -> float:
        """Return when a list may be asked for; one that the key may not read is, as long as others are read, hourly."""
        if isinstance(seen.error, AmpsPermissionError) and not self._is_none_readable:
            return max(seen.not_before, seen.asked + HOUR)
        return seen.not_before

    def _due(self, device_class: type[AnyDevice]) -> float:
        seen = self._lists[device_class]
        empty = not seen.parsed.devices and not seen.absent
        return max(self._not_before(seen), next_list(seen.asked, seen.failures, self._coordinator.policy, empty=empty))

    def _log(self, device_class: type[AnyDevice]) -> None:
        """Say once when trouble with a list starts, and once when it ends."""
        seen, name = self._lists[device_class], self._coordinator.name
        if (seen.error is not None) is seen.told:
            return
        seen.told = not seen.told
        if seen.error is None:
            LOGGER.info("%s: the list of type %s can be read again", name, device_class.label)
        else:
            LOGGER.warning("%s: the list of type %s cannot be read: %s", name, device_class.label, seen.error)

    async def _read(self, device_class: type[AnyDevice], client: AmpsClient) -> AmpsError | None:
        """Read a list and take it in; return what went wrong."""
        seen = self._lists[device_class]
        try:
            await self._read_and_take_in(device_class, client)
        except AmpsError as err:
            seen.error = err
        except Exception:  # noqa: BLE001  one list must not cost the others
            LOGGER.exception(
                "%s: unexpected error reading the list of type %s", self._coordinator.name, device_class.label
            )
            seen.error = AmpsUnexpectedAnswerError("it could not be taken in")
        else:
            recovered = seen.error is not None
            seen.failures, seen.not_before, seen.error = 0, -math.inf, None
            if recovered:
                self._coordinator.reader.reschedule(seen.parsed.devices)
            return None
        self._note_failure(seen, seen.error)
        return seen.error

    def _note_failure(self, seen: _List, error: AmpsError) -> None:
        coordinator, now = self._coordinator, self._coordinator.now()
        seen.not_before = -math.inf if error.retry_after is None else now + error.retry_after
        if isinstance(error, AmpsPausedError):
            return  # it was not asked for
        seen.asked, seen.failures = now, seen.failures + 1
        if isinstance(error, AmpsRateLimitedError):
            coordinator.limits.rate_limited(error)

    async def _read_and_take_in(self, device_class: type[AnyDevice], client: AmpsClient) -> None:
        coordinator, seen = self._coordinator, self._lists[device_class]
        listing = await client.list_devices(device_class, seen.parsed.items)
        arrived = coordinator.now()
        coordinator.on_list_success(listing)
        if listing.items != seen.parsed.items:
            # What is left to others makes a list another one each time, though it may bring nothing new.
            listing = claim_devices(coordinator.hass, coordinator.config_entry, device_class, listing)
        if listing.items != seen.parsed.items:
            await self._take_in(device_class, listing, arrived)
        elif seen.absent:
            self._mark_missing(seen)
        elapsed = arrived - seen.arrived
        before, seen.served_at = seen.served_at, listing.answer.served_at
        seen.asked = seen.arrived = arrived
        # The service's time tells of a sleep of the host, and then what did not change is older than it seems.
        is_regular = (
            before is not None and abs((seen.served_at - before).total_seconds() - elapsed) <= TOLERANCE.total_seconds()
        )
        coordinator.availability.review(everything=not is_regular)
        if before is not None and not is_regular:
            coordinator.reader.reschedule(seen.parsed.devices)

    async def _take_in(self, device_class: type[AnyDevice], listing: ListPage, arrived: float) -> None:
        """Put a list together with what is known: first all of it is read, since names depend on each other."""
        coordinator, seen, parsed = self._coordinator, self._lists[device_class], ParsedList()
        served_at, sandbox = listing.answer.served_at, coordinator.policy.sandbox
        # Its first page is what it is dated by.
        moment = arrived - listing.span.total_seconds()
        readings: dict[str, Reading] = {}
        async for items in _in_parts(listing.items):
            readings |= parsed.take_in(device_class, items, served_at, seen.parsed)
        coordinator.assign_names(reading.device for reading in readings.values())
        async for part in _in_parts(readings.items()):
            devices = coordinator.data.devices
            seen.shown.update(device_id for device_id, _ in part)
            coordinator.take_in(
                {
                    device_id: merge(
                        devices.get(device_id),
                        ReceivedReading(reading=reading, received_monotonic=moment, sandbox=sandbox, single=False),
                    )
                    for device_id, reading in part
                }
            )
        if parsed.unreadable > seen.parsed.unreadable:
            LOGGER.warning(
                "%s: %s items of a list could not be read and are left out", coordinator.name, parsed.unreadable
            )
        seen.parsed = parsed
        self._mark_missing(seen)

    def _mark_missing(self, seen: _List) -> None:
        """Count the devices that a complete list no longer shows."""
        devices, now = self._coordinator.data.devices, self._coordinator.now()
        seen.shown &= devices.keys()
        seen.absent = seen.shown - seen.parsed.devices.keys()
        self._coordinator.take_in({device_id: mark_missing(devices[device_id], now) for device_id in seen.absent})


def _is_of_key(error: AmpsError) -> bool:
    return isinstance(error, AmpsInvalidKeyError | AmpsLiveAccessDisabledError)


async def _in_parts[ItemT](items: Iterable[ItemT]) -> AsyncIterator[tuple[ItemT, ...]]:
    """Yield items in parts; between two of them the event loop has others to serve."""
    for place, part in enumerate(batched(items, _AT_ONCE, strict=False)):
        if place:
            await asyncio.sleep(0)
        yield part
