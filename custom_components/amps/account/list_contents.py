"""What the list of one type holds: only what changed since the last one is parsed and merged (design §4)."""

import asyncio
from collections.abc import AsyncIterator, Collection, Iterable, Sequence, Set as AbstractSet
from itertools import batched
from typing import Final

from ..api import ListPage, ParsedList, Reading
from ..api.json import JsonValue
from ..api.models import AnyDevice
from ..const import LOGGER
from ..rules import DeviceRecord, ReceivedReading
from ..rules.merge import mark_missing, merge
from .state import AccountState
from .store import AccountStore

_CHUNK: Final = 200
"""How many items are processed at once: a few milliseconds' work."""


class ListContents:
    """The devices that the list of one type holds, and those that it does not hold any more."""

    def __init__(self, state: AccountState, store: AccountStore, device_class: type[AnyDevice]) -> None:
        """Start with an empty list."""
        self._state = state
        self._store = store
        self._device_class = device_class
        self._parsed = ParsedList()
        self._shown: set[str] = set()
        """Devices that it ever held and that are still there."""
        self._missing: AbstractSet[str] = frozenset()
        """Those of them that it does not hold any more."""

    @property
    def items(self) -> Sequence[JsonValue]:
        """The raw items of the last list."""
        return self._parsed.items

    @property
    def device_ids(self) -> Collection[str]:
        """The ids of its devices."""
        return self._parsed.devices.keys()

    @property
    def unreadable(self) -> int:
        """How many items could not be read and are left out."""
        return self._parsed.unreadable

    @property
    def is_empty(self) -> bool:
        """Whether it has no devices, and none is missing from it."""
        return not self._parsed.devices and not self._missing

    async def async_apply(self, page: ListPage, received_monotonic: float) -> None:
        """Apply another list than the last: first all its items are parsed, since names depend on each other."""
        state, parsed = self._state, ParsedList()
        served_at, sandbox = page.answer.served_at, state.policy.sandbox
        # Its first page is what it is dated by.
        first_page_monotonic = received_monotonic - page.span.total_seconds()
        readings: dict[str, Reading] = {}
        async for items in _in_chunks(page.items):
            readings |= parsed.add(self._device_class, items, served_at, self._parsed)
        state.assign_names(reading.device for reading in readings.values())
        async for chunk in _in_chunks(readings.items()):
            self._shown.update(device_id for device_id, _ in chunk)
            received = (
                ReceivedReading(reading=reading, received_monotonic=first_page_monotonic, sandbox=sandbox, single=False)
                for _, reading in chunk
            )
            state.apply({each.reading.device.id: self._merged(each) for each in received})
        if parsed.unreadable > self._parsed.unreadable:
            LOGGER.warning("%s: %s items of a list could not be read and are left out", state.name, parsed.unreadable)
        self._parsed = parsed
        self._count_missing()

    def on_unchanged(self) -> None:
        """Count once more the devices that are missing, since the list came again as it was."""
        if self._missing:
            self._count_missing()

    def _count_missing(self) -> None:
        """Count the devices that the list does not hold any more."""
        devices, now = self._state.devices, self._state.now()
        self._shown &= devices.keys()
        self._missing = self._shown - self._parsed.devices.keys()
        self._state.apply({device_id: mark_missing(devices[device_id], now) for device_id in self._missing})

    def remove(self, device_id: str) -> None:
        """Remove a device that is gone."""
        self._missing = self._missing - {device_id}

    def clear(self) -> None:
        """Forget what the list held, so that the next one is applied whatever it holds."""
        self._parsed = ParsedList()

    def _merged(self, received: ReceivedReading) -> DeviceRecord:
        """Return the record after a reading; a device that is new here may have been known before the start."""
        known = self._state.devices.get(received.reading.device.id)
        record = merge(known, received)
        return self._store.restore(record) if known is None else record


async def _in_chunks[ItemT](items: Iterable[ItemT]) -> AsyncIterator[tuple[ItemT, ...]]:
    """Yield items in chunks; between two of them the event loop has others to serve."""
    for place, chunk in enumerate(batched(items, _CHUNK, strict=False)):
        if place:
            await asyncio.sleep(0)
        yield chunk
