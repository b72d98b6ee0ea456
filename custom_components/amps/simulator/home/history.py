"""What was done to a home and where that led: all that readings follow from, besides seed and clock (api §15.2 #51)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from ..devices.base import Directive
from ..wire import JSON
from .actions import Action


@dataclass(frozen=True, slots=True, kw_only=True)
class Tuned:
    """Settings were written."""

    device_id: str
    at: datetime
    values: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Overridden:
    """Somebody other than Amps commanded a device, which follows from an instant on."""

    device_id: str
    at: datetime
    directive: Directive


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One thing that was done; it is the one that is not None."""

    action: Action | None = None
    tuned: Tuned | None = None
    overridden: Overridden | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """A stage that a device reached, without what led to it; `settings` are those that can be written."""

    device_id: str
    since: float
    initial: JSON
    settings: Mapping[str, float]
    governor: str | None = None
