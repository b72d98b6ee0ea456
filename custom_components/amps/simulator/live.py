"""What stands between a client and the manufacturers in live: the three tiers (api §10).

The physics plays the manufacturers' clouds and can be asked for any instant, so that what is stored of a device is no
more than the instant of its last successful pull: a reading is what the manufacturer said then.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

REACH = timedelta(seconds=1)
"""How long it takes until a real device does what it is told; a reading pulled before never shows it."""


class Source(StrEnum):
    """Where a reading comes from (api §4.1)."""

    CACHE = "cache"
    LIVE = "live"
    PROJECTION = "projection"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """As of which instant a device is seen, None when it never was, and where that comes from."""

    instant: datetime | None
    source: Source
    cache_type: str | None = None


class Tempo(NamedTuple):
    """How old stored data may be (api §10)."""

    cache_type: str
    window: timedelta


NORMAL = Tempo("normal", timedelta(minutes=15))
EXPEDITED = Tempo("expedite", timedelta(minutes=1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What is stored of a device: when it was last pulled, and how often its manufacturer was asked."""

    pulled: datetime | None
    pulls: int = 0


class LiveStore:
    """What is stored of the devices, and what the account may do in live.

    Every device was pulled once when it was linked.
    """

    def __init__(self, linked: datetime) -> None:
        """Begin with nothing pulled since."""
        self._linked = Record(pulled=linked)
        self._records: dict[str, Record] = {}
        self.enabled = True
        self.all_types_pushable = False

    def record(self, device_id: str) -> Record:
        """Return what is stored of a device."""
        return self._records.get(device_id, self._linked)

    def mark(self, device_id: str, pulled: datetime | None) -> None:
        """Let a device have been pulled at an instant, or never."""
        self._records[device_id] = replace(self.record(device_id), pulled=pulled)

    def listed(self, device_id: str) -> Sight:
        """Return how a list sees a device: a list never asks the manufacturer."""
        return Sight(instant=self.record(device_id).pulled, source=Source.CACHE)

    def read(self, device_id: str, now: datetime, tempo: Tempo) -> Sight:
        """Return how a single read sees a device, asking the manufacturer when what is stored is too old."""
        record = self.record(device_id)
        if record.pulled is not None and now - record.pulled <= tempo.window:
            return Sight(instant=record.pulled, source=Source.CACHE, cache_type=tempo.cache_type)
        self._records[device_id] = Record(pulled=now, pulls=record.pulls + 1)
        return Sight(instant=now, source=Source.LIVE)
