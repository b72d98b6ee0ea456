"""Rosters: what lists showed, read anew only where the raw form changed."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from .client import PAGE_SIZE, Listing
from .errors import AmpsUnexpectedAnswerError
from .json import JsonObject, JsonValue
from .models import AnyDevice
from .models.lenient import read_model
from .reading import Reading


@dataclass(frozen=True, slots=True, eq=False, repr=False, kw_only=True)
class Roster:
    """All devices of one type, as the last list showed them."""

    items: Sequence[JsonValue] = ()
    devices: Mapping[str, JsonObject] = field(default_factory=dict)
    """What was said of each, word for word, by device id."""
    unreadable: int = 0
    """How many items could not be read and are left out."""


async def read_listing(
    device_class: type[AnyDevice], listing: Listing, before: Roster
) -> tuple[Roster, dict[str, Reading]]:
    """Return what a list shows, and by device id the readings that are not the last list's.

    A list that says what the last one said gives the very same roster, and an item that does is not read again:
    nothing is validated twice, and whoever compares sees at a glance that nothing changed. Between two pages' worth of
    items the event loop has others to serve.
    """
    if listing.items == before.items:
        return before, {}
    items: list[JsonValue] = []
    devices: dict[str, JsonObject] = {}
    changed: dict[str, Reading] = {}
    unreadable = 0
    observed = listing.answer.observed
    for place, raw in enumerate(listing.items, start=1):
        if place % PAGE_SIZE == 0:
            await asyncio.sleep(0)
        if (known := _known(raw, before)) is not None:
            # The known raw form, not its equal, so that it is kept in memory once.
            items.append(known)
            devices[str(known["id"])] = known
            continue
        items.append(raw)
        reading = _read(device_class, raw, observed)
        if reading is None:
            unreadable += 1
            continue
        devices[reading.device.id] = reading.raw
        changed[reading.device.id] = reading
    return Roster(items=items, devices=devices, unreadable=unreadable), changed


def _known(raw: JsonValue, before: Roster) -> JsonObject | None:
    """Return the raw form of the last list if this one is its equal."""
    known = before.devices.get(str(raw.get("id"))) if isinstance(raw, dict) else None
    return known if known is not None and known == raw else None


def _read(device_class: type[AnyDevice], raw: JsonValue, observed: datetime | None) -> Reading | None:
    """Return a new reading, None for what cannot be read."""
    if not isinstance(raw, dict):
        return None
    try:
        return Reading(device=read_model(device_class, raw), raw=raw, observed=observed)
    except AmpsUnexpectedAnswerError:
        return None
