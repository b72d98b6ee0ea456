"""When a command runs (design §6, times; api §6.3)."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """When a command is wanted to run, as a caller says it; a datetime without a zone is local to Home Assistant."""

    start: datetime | time | None = None
    """A time of day means its next occurrence."""
    end: datetime | time | None = None
    """A time of day means its first occurrence after the start."""
    duration: timedelta | None = None
    """From the start, instead of an end."""
    ready_by: datetime | time | None = None
    """When the wanted level is to be reached, instead of a start."""


IMMEDIATELY: Final = Times()
