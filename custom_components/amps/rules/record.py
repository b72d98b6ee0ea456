"""What is known of a device, put together from all answers about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final, Never

from ..api import Reading
from ..api.models import Action, AnyDevice, Setting, Source

NOTHING: Final[Mapping[str, Never]] = MappingProxyType({})
"""A map of nothing, one for all: most devices never had an action, and memory is taken once for each."""
CLOCK_TOLERANCE: Final = timedelta(minutes=1)
"""By how much an answer may differ and still be of the same clock: it was under way for a while, and clocks drift."""
_OLDEST: Final = datetime.min.replace(tzinfo=UTC)
_REFUSALS_BEFORE_RELINK: Final = 3


def or_oldest(time: datetime | None) -> datetime:
    """Return an instant to compare by; none is the oldest."""
    return time or _OLDEST


def is_newer(time: datetime | None, than: datetime | None) -> bool:
    """Return whether an instant is newer than another; none is the oldest."""
    return or_oldest(time) > or_oldest(than)


class DeviceHealth(StrEnum):
    """What the manufacturer is to a device: kept apart from its state, which may be older (design §4)."""

    OK = "ok"
    FALLBACK = "fallback"
    """The manufacturer could not be asked; Amps showed what it had."""
    PERMANENT = "permanent"
    """The manufacturer does not have the device, does not reach it, or no longer trusts its owner."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class ReceivedReading[DeviceT: AnyDevice = AnyDevice]:
    """A reading as it arrived."""

    reading: Reading[DeviceT]
    received_monotonic: float
    """When it arrived."""
    sandbox: bool
    """Whether the device is a simulated one: then each answer is as good as asking the device."""
    single: bool
    """Whether the device was asked for by itself: only then a setting that is not there is gone (api §4.2)."""

    @property
    def state_at(self) -> datetime | None:
        """The instant that the reading is of; none counts as the oldest."""
        return self.served_at if self.sandbox else self.reading.pulled_at

    @property
    def served_at(self) -> datetime | None:
        """When the service answered; an answer of older generations that does not say is as old as its reading."""
        return self.reading.served_at or self.reading.pulled_at

    @property
    def state_monotonic(self) -> float | None:
        """The moment that the reading is of, by how old it was when it arrived."""
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
    """When the service told of it."""
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
    """A setting that was just written: the value, and when by the service's clock."""

    value: float
    written_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingCount:
    """How often a device was missing from complete lists, and when that was last counted."""

    times: int
    counted_monotonic: float


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class DeviceRecord[DeviceT: AnyDevice = AnyDevice]:
    """What is known of a device. An unchanged device stays the same object."""

    reading: Reading[DeviceT]
    """The newest state, with the newest capabilities."""
    state_at: datetime | None
    """The instant that the state is of."""
    state_monotonic: float | None
    """The moment that the state is of."""
    capabilities_at: datetime | None
    """When the service declared the capabilities shown, which it does in each answer."""
    failure: Failure | None = None
    """The newest failure that was heard of, be it over or not."""
    recovered_after: datetime | None = None
    """What an instant has to be newer than to be one after all failures."""
    actions: Mapping[str, Action] = NOTHING
    """The latest actions by id, the newest first."""
    settings: Mapping[str, Setting] | None = None
    """The settings by slug, with what was written since; None while none were read."""
    settings_declared_at: datetime | None = None
    """When the service told which settings there are."""
    settings_at: datetime | None = None
    """The instant that the values of the settings are of; lists bring newer states without settings."""
    written: Mapping[str, Written] = NOTHING
    """Settings written since they were last read, by slug."""
    missing: MissingCount | None = None
    """None while the lists show the device."""
    credential_refusals: CredentialRefusals | None = None
    """None while the owner's link to the manufacturer is good, as far as anybody knows."""

    @property
    def device(self) -> DeviceT:
        """The device."""
        return self.reading.device

    @property
    def pulled_at(self) -> datetime | None:
        """When the manufacturer was last asked with success."""
        return self.reading.pulled_at

    @property
    def action(self) -> Action | None:
        """The newest action, of all that were heard of."""
        return next(iter(self.actions.values()), None)

    @property
    def health(self) -> DeviceHealth:
        """What the manufacturer is to the device.

        A failure is over when the service answered after it and had reached the device by then. This compares the
        newest of each, so the order in which answers arrive does not matter, and nothing from a cache ends trouble.
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
        """Amps' code that says to link the device anew, once it was heard often enough (design §4)."""
        refusals = self.credential_refusals
        return refusals.code if refusals and refusals.times >= _REFUSALS_BEFORE_RELINK else None

    @property
    def authoritative(self) -> bool:
        """Whether the state shown is the device's own, as far as anybody knows; how old it is is another matter."""
        return self.health is DeviceHealth.OK and self.missing is None

    @property
    def source(self) -> Source | None:
        """Where the newest answer came from, be its state the one shown or older."""
        return Source.FALLBACK if self.health is DeviceHealth.FALLBACK else self.device.metadata.source
