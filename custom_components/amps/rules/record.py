"""The record of a device, merged from all answers about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final, Never

from ..api import Reading
from ..api.models import Action, AnyDevice, Capabilities, Setting, Source

NOTHING: Final[Mapping[str, Never]] = MappingProxyType({})
"""A map of nothing, one for all: most devices never had an action, and memory is taken once for each."""
CLOCK_TOLERANCE: Final = timedelta(minutes=1)
"""By how much an answer may differ and still be of the same clock: it was under way for a while, and clocks drift."""
_OLDEST: Final = datetime.min.replace(tzinfo=UTC)
_REFUSALS_BEFORE_RELINK: Final = 3


def or_oldest(time: datetime | None) -> datetime:
    """Return a time to compare by; none is the oldest."""
    return time or _OLDEST


def is_newer(time: datetime | None, than: datetime | None) -> bool:
    """Return whether a time is newer than another; none is the oldest."""
    return or_oldest(time) > or_oldest(than)


class DeviceHealth(StrEnum):
    """Whether the manufacturer has a device and reaches it: apart from its state, which may be older (design §4)."""

    OK = "ok"
    FALLBACK = "fallback"
    """The manufacturer could not be reached; Amps answered from what it had stored."""
    PERMANENT = "permanent"
    """The manufacturer does not have the device, does not reach it, or no longer trusts its owner."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class ReceivedReading[DeviceT: AnyDevice = AnyDevice]:
    """A reading as it was received."""

    reading: Reading[DeviceT]
    received_monotonic: float
    """When it was received, in seconds."""
    sandbox: bool
    """Whether the device is a simulated one: then each answer is as good as asking the device."""
    single: bool
    """Whether the device was asked for by itself: only then a setting that is not there is gone (api §4.2)."""

    @property
    def state_at(self) -> datetime | None:
        """When the device had this state; none counts as the oldest."""
        return self.served_at if self.sandbox else self.reading.pulled_at

    @property
    def served_at(self) -> datetime | None:
        """When the service answered; an answer of older generations that does not say is as old as its reading."""
        return self.reading.served_at or self.reading.pulled_at

    @property
    def state_monotonic(self) -> float | None:
        """When the device had this state, by its age when it was received."""
        state_at, served_at = self.state_at, self.served_at
        return (
            None
            if state_at is None or served_at is None
            else self.received_monotonic - (served_at - state_at).total_seconds()
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A read that did not reach the device."""

    failed_at: datetime | None
    """When the service answered so."""
    code: str | None
    """Amps' code of a permanent error, None for a fallback."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialRefusals:
    """How often in a row single reads were refused for the owner's link to the manufacturer (api §8.2)."""

    code: str
    """Amps' code of the last one."""
    times: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A setting that was just written."""

    value: float
    written_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingCount:
    """How often a device was missing from complete lists, and when that was last counted, in seconds."""

    times: int
    counted_monotonic: float


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class DeviceRecord[DeviceT: AnyDevice = AnyDevice]:
    """The record of a device. Of an unchanged device it stays the same object."""

    reading: Reading[DeviceT]
    """The newest state, with the newest capabilities."""
    state_at: datetime | None
    """When the device had this state."""
    state_monotonic: float | None
    """The same, in seconds."""
    capabilities_at: datetime | None
    """When the service declared the capabilities shown, which it does in each answer."""
    failure: Failure | None = None
    """The newest failure, be it over or not."""
    recovered_after: datetime | None = None
    """What a state has to be newer than to be one after all failures."""
    actions: Mapping[str, Action] = NOTHING
    """The latest actions by id, the newest first."""
    settings: Mapping[str, Setting] | None = None
    """The settings by slug, with what was written since; None while none were read."""
    settings_declared_at: datetime | None = None
    """When the service declared which settings there are."""
    settings_at: datetime | None = None
    """When the settings had these values; lists bring newer states without settings."""
    written: Mapping[str, Written] = NOTHING
    """Settings written since they were last read, by slug."""
    missing: MissingCount | None = None
    """None while the lists show the device."""
    credential_refusals: CredentialRefusals | None = None
    """None while no read is refused for the owner's link to the manufacturer."""

    @property
    def device(self) -> DeviceT:
        """The device."""
        return self.reading.device

    @property
    def capabilities(self) -> Capabilities:
        """The fields, commands and settings of the device."""
        device = self.device
        return Capabilities(device.state.model_fields_set, device.commands, self.settings or NOTHING)

    @property
    def pulled_at(self) -> datetime | None:
        """When the manufacturer was last asked with success."""
        return self.reading.pulled_at

    @property
    def action(self) -> Action | None:
        """The newest action."""
        return next(iter(self.actions.values()), None)

    @property
    def health(self) -> DeviceHealth:
        """Whether the manufacturer has the device and reaches it.

        A failure is over when the service answered after it and had reached the device by then. This compares the
        newest of each, so the order in which answers arrive does not matter, and nothing from a cache ends a failure.
        """
        if self.failure is None or (
            is_newer(self.capabilities_at, self.failure.failed_at) and is_newer(self.state_at, self.recovered_after)
        ):
            return DeviceHealth.OK
        return DeviceHealth.FALLBACK if self.failure.code is None else DeviceHealth.PERMANENT

    @property
    def error_code(self) -> str | None:
        """Amps' code of a permanent error, while it lasts."""
        return None if self.failure is None or self.health is DeviceHealth.OK else self.failure.code

    @property
    def relink_code(self) -> str | None:
        """Amps' code that says to link the device anew, once it came often enough (design §4)."""
        refusals = self.credential_refusals
        return refusals.code if refusals and refusals.times >= _REFUSALS_BEFORE_RELINK else None

    @property
    def authoritative(self) -> bool:
        """Whether the state is the device's own, whatever its age."""
        return self.health is DeviceHealth.OK and self.missing is None

    @property
    def source(self) -> Source | None:
        """The data tier of the newest answer, be its state the one shown or older."""
        return Source.FALLBACK if self.health is DeviceHealth.FALLBACK else self.device.metadata.source
