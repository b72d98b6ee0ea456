"""Rosters: what lists showed, read anew only where the raw form changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from .client import Listing
from .errors import AmpsUnexpectedAnswerError
from .json import JsonObject
from .models import AnyDevice
from .models.lenient import read_model
from .reading import Reading


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Roster:
    """All devices of one type, as the last list showed them."""

    items: Sequence[JsonObject] = ()
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
    items: list[JsonObject] = []
    readings: dict[str, Reading] = {}
    unreadable = 0
    for raw in listing.items:
        device_id = str(raw.get("id"))
        reading = before.readings.get(device_id)
        if reading is None or reading.raw != raw:
            try:
                device = read_model(device_class, raw)
            except AmpsUnexpectedAnswerError:
                unreadable += 1
                items.append(raw)
                continue
            reading = Reading(device=device, raw=raw, observed=listing.observed)
        readings[device_id] = reading
        # The known raw form of what did not change, not its equal, so that it is kept in memory once.
        items.append(reading.raw)
    return Roster(items=items, readings=readings, unreadable=unreadable)
