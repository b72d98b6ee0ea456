"""The devices of a list; an item is parsed only if its raw form changed."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from .errors import AmpsUnexpectedAnswerError
from .json import JsonObject, JsonValue
from .models import AnyDevice
from .models.lenient import read_model
from .names import read_id
from .reading import Reading


@dataclass(slots=True, eq=False, repr=False, kw_only=True)
class ParsedList:
    """All devices of one type, as a list shows them."""

    items: list[JsonValue] = field(default_factory=list)
    devices: dict[str, JsonObject] = field(default_factory=dict)
    """The raw form of each device, by id."""
    unreadable: int = 0
    """The number of items that could not be parsed and are left out."""

    def add(
        self, device_class: type[AnyDevice], items: Iterable[JsonValue], served_at: datetime | None, before: ParsedList
    ) -> dict[str, Reading]:
        """Add items of a list, and return the readings that differ from the last list, by device id.

        An item that equals that of the last list is not parsed again, and its raw form is in memory once.
        """
        readings: dict[str, Reading] = {}
        declared: dict[int, JsonValue] = {}
        for raw in items:
            if (same := _unchanged(raw, before)) is not None:
                self.items.append(same)
                self.devices[str(read_id(same["id"]))] = same
                continue
            self.items.append(raw)
            reading = _read(device_class, raw, served_at)
            if reading is None:
                self.unreadable += 1
                continue
            if "commands" in reading.raw:
                # Devices with equal commands share the parsed ones (`models/base.py`), and so the raw form.
                shared = declared.setdefault(id(reading.device.commands), reading.raw["commands"])
                if shared == reading.raw["commands"]:
                    reading.raw["commands"] = shared
            self.devices[reading.device.id] = reading.raw
            readings[reading.device.id] = reading
        return readings


def _unchanged(raw: JsonValue, before: ParsedList) -> JsonObject | None:
    """Return the raw form in the last list if it equals this one, else None."""
    id_ = read_id(raw.get("id")) if isinstance(raw, dict) else None
    last = before.devices.get(id_) if id_ is not None else None
    return last if last is not None and (last is raw or last == raw) else None


def _read(device_class: type[AnyDevice], raw: JsonValue, served_at: datetime | None) -> Reading | None:
    """Return the reading of an item, None if it cannot be parsed."""
    if not isinstance(raw, dict):
        return None
    try:
        return Reading(device=read_model(device_class, raw), raw=raw, served_at=served_at)
    except AmpsUnexpectedAnswerError:
        return None
