"""The three tiers between a client and the manufacturers in live (api §10).

The physics takes the place of the manufacturers' clouds and knows the state at any instant. So of a device no more is
stored than the instant of its last successful pull: a reading shows the state at that instant.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, NamedTuple

from .errors import TRANSIENT, ApiError, ErrorCode
from .fields import Count, Instant, by_name, saved_as

DEVICE_DELAY = timedelta(seconds=1)
"""How long a real device takes to follow a command; a reading pulled before that never shows it."""


class Source(StrEnum):
    """The source of a reading (api §4.1)."""

    CACHE = "cache"
    FALLBACK = "fallback"
    LIVE = "live"
    PROJECTION = "projection"


@dataclass(frozen=True, slots=True, kw_only=True)
class TierView:
    """The instant whose state a reading shows, None for a device that was never pulled, and the source."""

    state_at: datetime | None
    source: Source
    cache_type: str | None = None


class Tier(NamedTuple):
    """The maximum age of stored data, and the minimum time between two requests to a manufacturer (api §10)."""

    cache_type: str
    window: timedelta
    gap: timedelta


NORMAL = Tier("normal", timedelta(minutes=15), timedelta(0))
EXPEDITED = Tier("expedite", timedelta(minutes=1), timedelta(seconds=10))


@dataclass(frozen=True, slots=True, kw_only=True)
class PullRecord:
    """What is stored of a device: when it was last pulled, when that was last tried, and the error if that failed.

    `pulls` is how often the manufacturer was asked.
    """

    pulled_at: Instant | None = field(metadata=saved_as("pulled"))
    tried_at: Instant | None = field(default=None, metadata=saved_as("tried"))
    failure: Annotated[ErrorCode, by_name()] | None = None
    pulls: Count = 0

    def after(self, now: datetime, failure: ErrorCode | None) -> PullRecord:
        """Return the record after a request to the manufacturer, with its error, if any."""
        pulled_at = now if failure is None else self.pulled_at
        return PullRecord(pulled_at=pulled_at, tried_at=now, failure=failure, pulls=self.pulls + 1)

    def view(self) -> TierView:
        """Return what a request shows that has just asked the manufacturer; raise ApiError where there is nothing."""
        if self.failure is None:
            return TierView(state_at=self.pulled_at, source=Source.LIVE)
        if self.failure not in TRANSIENT:
            raise ApiError(self.failure)
        if self.pulled_at is None:
            raise ApiError(ErrorCode.DEVICE_NOT_FOUND)
        return TierView(state_at=self.pulled_at, source=Source.FALLBACK)


@dataclass(slots=True, kw_only=True)
class TierCache:
    """What is stored of the devices, and what the account may do in live.

    Every device was pulled once when it was linked.
    """

    linked_at: Instant = field(metadata=saved_as("linked"))
    records: dict[str, PullRecord] = field(default_factory=dict)
    enabled: bool = True
    all_types_pushable: bool = False
    lists_show_fallback: bool = field(default=False, metadata=saved_as("lists_tell_fallback"))

    def record(self, device_id: str) -> PullRecord:
        """Return what is stored of a device."""
        return self.records.get(device_id) or PullRecord(pulled_at=self.linked_at)

    def set_pulled(self, device_id: str, pulled_at: datetime | None) -> None:
        """Set when a device was last pulled, None for never."""
        self.records[device_id] = PullRecord(pulled_at=pulled_at, pulls=self.record(device_id).pulls)

    def listed(self, device_id: str) -> TierView:
        """Return what a list shows of a device: a list never asks the manufacturer, so it cannot know of an outage."""
        record = self.record(device_id)
        if self.lists_show_fallback and record.failure in TRANSIENT and record.pulled_at is not None:
            return TierView(state_at=record.pulled_at, source=Source.FALLBACK)
        return TierView(state_at=record.pulled_at, source=Source.CACHE)

    def read(self, device_id: str, now: datetime, tier: Tier, ask: Callable[[], ErrorCode | None]) -> TierView:
        """Return what a single read shows of a device; raise ApiError where there is nothing.

        Where the stored data is too old the manufacturer is asked: `ask` returns its error, if any. For the tier's gap
        nothing else is asked, so that a burst of reads is one request.
        """
        record = self.record(device_id)
        if record.pulled_at is not None and now - record.pulled_at <= tier.window:
            return TierView(state_at=record.pulled_at, source=Source.CACHE, cache_type=tier.cache_type)
        if record.tried_at is None or now - record.tried_at >= tier.gap:
            record = self.records[device_id] = record.after(now, ask())
        return record.view()

    def read_uncached(self, now: datetime, ask: Callable[[], ErrorCode | None]) -> TierView:
        """Return what a single read shows of a device that was not pulled since it was linked, and store nothing."""
        return PullRecord(pulled_at=self.linked_at).after(now, ask()).view()
