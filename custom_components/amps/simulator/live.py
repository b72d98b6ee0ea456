"""What stands between a client and the manufacturers in live: the three tiers (api §10).

The physics plays the manufacturers' clouds and can be asked for any instant, so that what is stored of a device is no
more than the instant of its last successful pull: a reading is what the manufacturer said then.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, NamedTuple

from .errors import TRANSIENT, ApiError, Code
from .fields import Count, Instant, by_name

DEVICE_DELAY = timedelta(seconds=1)
"""How long a real device takes to follow a command; a reading pulled before never shows it."""


class Source(StrEnum):
    """Where a reading comes from (api §4.1)."""

    CACHE = "cache"
    FALLBACK = "fallback"
    LIVE = "live"
    PROJECTION = "projection"


@dataclass(frozen=True, slots=True, kw_only=True)
class TierView:
    """As of which instant a device is seen, None when it never was, and where that comes from."""

    instant: datetime | None
    source: Source
    cache_type: str | None = None


class Tier(NamedTuple):
    """How old stored data may be, and how much time lies between two requests to a manufacturer (api §10)."""

    cache_type: str
    window: timedelta
    gap: timedelta


NORMAL = Tier("normal", timedelta(minutes=15), timedelta(0))
EXPEDITED = Tier("expedite", timedelta(minutes=1), timedelta(seconds=10))


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What is stored of a device: when it was last pulled, when that was last tried, and why it failed if it did.

    `pulls` is how often the manufacturer was asked.
    """

    pulled: Instant | None
    tried: Instant | None = None
    failure: Annotated[Code, by_name()] | None = None
    pulls: Count = 0

    def after(self, now: datetime, refusal: Code | None) -> Record:
        """Return what is stored once the manufacturer was asked; `refusal` is its answer, if it is one."""
        pulled = now if refusal is None else self.pulled
        return Record(pulled=pulled, tried=now, failure=refusal, pulls=self.pulls + 1)

    def view(self) -> TierView:
        """Return how the device is seen by who has just asked, or refuse it."""
        if self.failure is None:
            return TierView(instant=self.pulled, source=Source.LIVE)
        if self.failure not in TRANSIENT:
            raise ApiError(self.failure)
        if self.pulled is None:
            raise ApiError(Code.DEVICE_NOT_FOUND)
        return TierView(instant=self.pulled, source=Source.FALLBACK)


@dataclass(slots=True, kw_only=True)
class TierCache:
    """What is stored of the devices, and what the account may do in live.

    Every device was pulled once when it was linked.
    """

    linked: Instant
    records: dict[str, Record] = field(default_factory=dict)
    enabled: bool = True
    all_types_pushable: bool = False
    lists_tell_fallback: bool = False

    def record(self, device_id: str) -> Record:
        """Return what is stored of a device."""
        return self.records.get(device_id) or Record(pulled=self.linked)

    def mark(self, device_id: str, pulled: datetime | None) -> None:
        """Let a device have been pulled at an instant, or never."""
        self.records[device_id] = Record(pulled=pulled, pulls=self.record(device_id).pulls)

    def listed(self, device_id: str) -> TierView:
        """Return how a list sees a device: a list never asks the manufacturer, and so does not know that it is away."""
        record = self.record(device_id)
        if self.lists_tell_fallback and record.failure in TRANSIENT and record.pulled is not None:
            return TierView(instant=record.pulled, source=Source.FALLBACK)
        return TierView(instant=record.pulled, source=Source.CACHE)

    def read(self, device_id: str, now: datetime, tier: Tier, ask: Callable[[], Code | None]) -> TierView:
        """Return how a single read sees a device, or refuse it.

        When what is stored is too old the manufacturer is asked: `ask` returns its refusal, if it is one. Its answer
        holds for a moment, so that a burst of reads is one request.
        """
        record = self.record(device_id)
        if record.pulled is not None and now - record.pulled <= tier.window:
            return TierView(instant=record.pulled, source=Source.CACHE, cache_type=tier.cache_type)
        if record.tried is None or now - record.tried >= tier.gap:
            record = self.records[device_id] = record.after(now, ask())
        return record.view()

    def read_uncached(self, now: datetime, ask: Callable[[], Code | None]) -> TierView:
        """Return how a single read sees a device that was not pulled since it was linked, and store nothing of it."""
        return Record(pulled=self.linked).after(now, ask()).view()
