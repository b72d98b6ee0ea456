"""The log of a home, and the stages that its devices reached: what readings depend on (api §15.2 #51)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from ..devices.base import ActiveCommand
from ..fields import UNCHECKED, Instant, Number, saved_as
from ..wire import JSON
from .actions import Action


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsWritten:
    """Settings that were written."""

    device_id: str
    at: Instant
    values: Mapping[str, Number]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExternalCommand:
    """A command by somebody other than Amps, which the device follows from an instant on."""

    device_id: str
    at: Instant
    active_command: ActiveCommand = field(metadata=saved_as("directive"))


type Entry = Action | SettingsWritten | ExternalCommand


@dataclass(frozen=True, slots=True, kw_only=True)
class LogEntry:
    """One entry of the log as saved states have it: the member that is not None."""

    action: Action | None = None
    settings_written: SettingsWritten | None = field(default=None, metadata=saved_as("tuned"))
    external_command: ExternalCommand | None = field(default=None, metadata=saved_as("overridden"))

    @classmethod
    def of(cls, entry: Entry) -> LogEntry:
        """Return the saved form of an entry."""
        match entry:
            case Action():
                return cls(action=entry)
            case SettingsWritten():
                return cls(settings_written=entry)
            case ExternalCommand():
                return cls(external_command=entry)

    @property
    def entry(self) -> Entry | None:
        """Return the entry, None unless there is just one."""
        entries = [each for each in (self.action, self.settings_written, self.external_command) if each is not None]
        return entries[0] if len(entries) == 1 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """A stage that a device reached, without the log entries before it; `settings` are those that can be written."""

    device_id: str
    since: float
    initial: Annotated[JSON, UNCHECKED]
    settings: Mapping[str, Number]
    action_id: str | None = field(default=None, metadata=saved_as("governor"))
