"""Rosters: what lists showed, read anew only where the raw form changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from .client import Listing
from .errors import AmpsUnexpectedAnswerError
from .json import JsonValue
from .models import AnyDevice
from .models.lenient import read_model
from .reading import Reading


@dataclass(frozen=True, slots=True, eq=False, repr=False, kw_only=True)
class Roster:
    """All devices of one type, as the last list showed them."""

    items: Sequence[JsonValue] = ()
    readings: Mapping[str, Reading] = field(default_factory=dict)
    """By device id."""
    unreadable: int = 0
    """How many items could not be read and are left out."""


def read_listing(device_class: type[AnyDevice], listing: Listing, before: Roster) -> Roster:
    """Return what a list shows.

    A list that says what the last one said gives the very same roster, and an item that does keeps its reading: nothing
    is validated twice, and whoever compares sees at a glance that nothing changed.
    """
    if listing.items == before.items:
        return before
    items: list[JsonValue] = []
    readings: dict[str, Reading] = {}
    unreadable = 0
    observed = listing.answer.observed
    for raw in listing.items:
        reading = _known(raw, before) or _read(device_class, raw, observed)
        if reading is None:
            unreadable += 1
            items.append(raw)
            continue
        readings[reading.device.id] = reading
        # The known raw form of what did not change, not its equal, so that it is kept in memory once.
        items.append(reading.raw)
    return Roster(items=items, readings=readings, unreadable=unreadable)


def _known(raw: JsonValue, before: Roster) -> Reading | None:
    """Return the known reading that says the same."""
    reading = before.readings.get(str(raw.get("id"))) if isinstance(raw, dict) else None
    return reading if reading is not None and reading.raw == raw else None


def _read(device_class: type[AnyDevice], raw: JsonValue, observed: datetime | None) -> Reading | None:
    """Return a new reading, None for what cannot be read."""
    if not isinstance(raw, dict):
        return None
    try:
        return Reading(device=read_model(device_class, raw), raw=raw, observed=observed)
    except AmpsUnexpectedAnswerError:
        return None
