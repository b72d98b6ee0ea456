"""What was done to a home: all that its readings follow from, besides its seed and the clock (api §15.2 #51)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from ..devices.base import Directive
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
