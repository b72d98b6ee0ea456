"""What was done to a home and where that led: all that readings follow from, besides seed and clock (api §15.2 #51)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from ..devices.base import ActiveCommand
from ..wire import JSON, saved_as
from .actions import Action


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsWritten:
    """Settings were written."""

    device_id: str
    at: datetime
    values: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExternalCommand:
    """Somebody other than Amps commanded a device, which follows from an instant on."""

    device_id: str
    at: datetime
    active_command: ActiveCommand = field(metadata=saved_as("directive"))


@dataclass(frozen=True, slots=True, kw_only=True)
class LogEntry:
    """One thing that was done; it is the one that is not None."""

    action: Action | None = None
    settings_written: SettingsWritten | None = field(default=None, metadata=saved_as("tuned"))
    external_command: ExternalCommand | None = field(default=None, metadata=saved_as("overridden"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """A stage that a device reached, without what led to it; `settings` are those that can be written."""

    device_id: str
    since: float
    initial: JSON
    settings: Mapping[str, float]
    action_id: str | None = field(default=None, metadata=saved_as("governor"))
