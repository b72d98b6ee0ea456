"""Lists: what Amps has of all devices, which costs it nothing and never reaches a manufacturer (api §10)."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from itertools import batched
from logging import DEBUG
import math
from random import random
from typing import TYPE_CHECKING, Final

from homeassistant.core import callback
from homeassistant.util.async_ import create_eager_task

from .api import AmpsError, Listing, Reading, Roster
from .api.models import DEVICE_CLASSES, AnyDevice
from .const import LOGGER
from .retrieval import Heard
from .retrieval.due import HOUR, next_list
from .retrieval.merge import merge, miss

if TYPE_CHECKING:
    from .coordinator import AmpsCoordinator

_AT_ONCE: Final = 200
"""How many items of a list are dealt with at once: a few milliseconds' work."""
WAKE_MARGIN: Final = 1.0
"""Seconds; the timer of polls may go off that much before the end of a pause."""
_JITTER: Final = 0.1
"""How much later than planned a list may be tried again, as a share of the wait: accounts that failed together part."""


@dataclass(slots=True)
class _List:
    """How the reading of one type's list goes."""

    roster: Roster = field(default_factory=Roster)
    asked: float = -math.inf
    failures: int = 0
    observed: datetime | None = None
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
    def next_moment(self) -> float:
        """When the first list is due."""
        return min(map(self._due, DEVICE_CLASSES))

    @property
    def per_hour(self) -> float:
        """How many lists are asked for in an hour, at the usual pace."""
        full = sum(bool(seen.roster.devices) for seen in self._lists.values())
        return HOUR / self._coordinator.pace.list_interval * full

    @property
    def unreadable(self) -> int:
        """How many items of the lists could not be read."""
        return sum(seen.roster.unreadable for seen in self._lists.values())

    @property
    def complete(self) -> bool:
        """Whether all lists could be read the last time."""
        return all(seen.error is None for seen in self._lists.values())

    def read_since(self, moment: float) -> bool:
        """Return whether all lists were read after a moment."""
        return all(seen.arrived > moment for seen in self._lists.values())

    def last(self, device_class: type[AnyDevice]) -> tuple[datetime | None, float]:
        """Return when the service built the last list of a type, by its own clock, and the moment it arrived."""
        seen = self._lists[device_class]
        return seen.observed, seen.arrived

    def error_of(self, device_class: type[AnyDevice]) -> AmpsError | None:
        """Return why the list of a type could not be read the last time, if it could not."""
        return self._lists[device_class].error

    @callback
    def note_not_asked(self, err: AmpsError) -> None:
        """Note why none of the lists could be asked for."""
        for seen in self._lists.values():
            seen.error = err

    @callback
    def forget(self, device_id: str) -> None:
        """Forget a device that is gone."""
        for seen in self._lists.values():
            seen.absent = seen.absent - {device_id}

    def until_next(self) -> float:
        """Return in how many seconds to read lists again."""
        coordinator = self._coordinator
        wait = self.next_moment - coordinator.now()
        if not coordinator.pace.sandbox and any(seen.failures for seen in self._lists.values()):
            wait *= 1 + _JITTER * random()  # noqa: S311  no secret
        return max(wait, WAKE_MARGIN)

    async def async_read_due(self, horizon: float | None) -> None:
        """Read the lists that are due by a moment; without one those due now, and if none is, all: somebody asks.

        Raises AmpsError when none of them can be read any more.
        """
        coordinator = self._coordinator
        due_by = max(coordinator.now() + WAKE_MARGIN, -math.inf if horizon is None else horizon)
        due = [each for each in DEVICE_CLASSES if self._due(each) <= due_by]
        if not due and horizon is None:
            due = list(DEVICE_CLASSES)
        if LOGGER.isEnabledFor(DEBUG):
            LOGGER.debug("%s: reading the lists of %s", coordinator.name, ", ".join(each.label for each in due))
        # Eager: what answers without waiting costs no turn of the event loop.
        reads = [create_eager_task(self._read(each)) for each in due]
        try:
            failures = [await read for read in reads]
        finally:
            for read in reads:
                read.cancel()
        if all(seen.failures for seen in self._lists.values()) and (first := next(filter(None, failures), None)):
            raise first
        for device_class, failure in zip(due, failures, strict=True):
            self._log(device_class, failure)

    def _due(self, device_class: type[AnyDevice]) -> float:
        seen = self._lists[device_class]
        empty = not seen.roster.devices and not seen.absent
        return next_list(seen.asked, seen.failures, self._coordinator.pace, empty=empty)

    def _log(self, device_class: type[AnyDevice], failure: AmpsError | None) -> None:
        """Say once when trouble with a list starts, and once when it ends."""
        seen, name = self._lists[device_class], self._coordinator.name
        if (failure is not None) is seen.told:
            return
        seen.told = not seen.told
        if failure is None:
            LOGGER.info("%s: the list of type %s can be read again", name, device_class.label)
        else:
            LOGGER.warning("%s: the list of type %s cannot be read: %s", name, device_class.label, failure)

    async def _read(self, device_class: type[AnyDevice]) -> AmpsError | None:
        """Read a list and take it in; return what went wrong."""
        coordinator, seen = self._coordinator, self._lists[device_class]
        try:
            listing = await coordinator.client.list_devices(device_class, seen.roster.items)
        except AmpsError as err:
            seen.asked, seen.failures, seen.error = coordinator.now(), seen.failures + 1, err
            coordinator.heed(err)
            return err
        arrived = coordinator.now()
        coordinator.note_granted(listing)
        if listing.items != seen.roster.items:
            await self._take_in(device_class, listing, arrived)
        elif seen.absent:
            self._miss(seen)
        seen.asked, seen.failures, seen.error = arrived, 0, None
        seen.observed, seen.arrived = listing.answer.observed, arrived
        coordinator.availability.review()
        return None

    async def _take_in(self, device_class: type[AnyDevice], listing: Listing, arrived: float) -> None:
        """Put a list together with what is known: first all of it is read, since names depend on each other."""
        coordinator, seen, roster = self._coordinator, self._lists[device_class], Roster()
        observed, sandbox = listing.answer.observed, coordinator.pace.sandbox
        # Its first page is what it is dated by.
        moment = arrived - listing.span.total_seconds()
        readings: dict[str, Reading] = {}
        async for items in _in_parts(listing.items):
            readings |= roster.take_in(device_class, items, observed, seen.roster)
        coordinator.meet(reading.device for reading in readings.values())
        async for part in _in_parts(readings.items()):
            devices = coordinator.data.devices
            seen.shown.update(device_id for device_id, _ in part)
            coordinator.take_in(
                {
                    device_id: merge(
                        devices.get(device_id), Heard(reading=reading, moment=moment, sandbox=sandbox, single=False)
                    )
                    for device_id, reading in part
                }
            )
        if roster.unreadable > seen.roster.unreadable:
            LOGGER.warning(
                "%s: %s items of a list could not be read and are left out", coordinator.name, roster.unreadable
            )
        seen.roster = roster
        self._miss(seen)

    def _miss(self, seen: _List) -> None:
        """Count the devices that a complete list no longer shows."""
        devices, now = self._coordinator.data.devices, self._coordinator.now()
        seen.shown &= devices.keys()
        seen.absent = seen.shown - seen.roster.devices.keys()
        self._coordinator.take_in({device_id: miss(devices[device_id], now) for device_id in seen.absent})


async def _in_parts[ItemT](items: Iterable[ItemT]) -> AsyncIterator[tuple[ItemT, ...]]:
    """Yield items in parts; between two of them the event loop has others to serve."""
    for place, part in enumerate(batched(items, _AT_ONCE, strict=False)):
        if place:
            await asyncio.sleep(0)
        yield part
