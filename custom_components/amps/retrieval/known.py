"""What is known of a device, put together from all answers about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from ..api import Reading
from ..api.models import Action, AnyDevice, Setting, Source


class Verdict(StrEnum):
    """What the manufacturer is to a device: kept apart from its state, which may be older (design §4)."""

    OK = "ok"
    FALLBACK = "fallback"
    """The manufacturer could not be asked; Amps showed what it had."""
    PERMANENT = "permanent"
    """The manufacturer does not have the device, does not reach it, or no longer trusts its owner."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Heard[DeviceT: AnyDevice = AnyDevice]:
    """A reading as it arrived."""

    reading: Reading[DeviceT]
    moment: float
    """When it arrived."""
    sandbox: bool
    """Whether the device is a simulated one: then each answer is as good as asking the device."""
    single: bool
    """Whether the device was asked for by itself: only then a setting that is not there is gone (api §4.2)."""

    @property
    def instant(self) -> datetime | None:
        """The instant that the reading is of; none counts as the oldest."""
        return self.reading.observed or self.reading.pulled if self.sandbox else self.reading.pulled

    @property
    def observed(self) -> datetime | None:
        """When the service answered; an answer of older generations that does not say is as old as its reading."""
        return self.reading.observed or self.reading.pulled

    @property
    def read_moment(self) -> float | None:
        """The moment that the reading is of, by how old it was when it arrived."""
        if self.instant is None or self.observed is None:
            return None
        return self.moment - (self.observed - self.instant).total_seconds()


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A setting that was just written: the value, and when by the service's clock."""

    value: float
    instant: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """How often a device was missing from complete lists, and when that was last counted."""

    times: int
    moment: float


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Known[DeviceT: AnyDevice = AnyDevice]:
    """What is known of a device. An unchanged device stays the same object."""

    reading: Reading[DeviceT]
    """The newest state, with the newest capabilities."""
    instant: datetime | None
    """The instant that the state is of."""
    read_moment: float | None
    """The moment that the state is of."""
    capable: datetime | None
    """When the service declared the capabilities shown."""
    verdict: Verdict
    judged: datetime | None
    """The instant that the verdict is of: of the pull that went well, of the answer that told of one that did not."""
    trouble: datetime | None = None
    """What a pull has to be newer than to be a sign of life; None before any trouble."""
    error_code: str | None = None
    """Amps' code of a permanent error."""
    actions: Mapping[str, Action] = field(default_factory=dict)
    """The latest actions by id, the newest first."""
    settings: Mapping[str, Setting] | None = None
    """The settings by slug, with what was written since; None while none were read."""
    settings_instant: datetime | None = None
    """The instant that the values of the settings are of."""
    written: Mapping[str, Written] = field(default_factory=dict)
    """Settings written since they were last read, by slug."""
    absence: Absence | None = None
    """None while the lists show the device."""

    @property
    def device(self) -> DeviceT:
        """The device."""
        return self.reading.device

    @property
    def pulled(self) -> datetime | None:
        """When the manufacturer was last asked with success."""
        return self.reading.pulled

    @property
    def action(self) -> Action | None:
        """The newest action, of all that were heard of."""
        return next(iter(self.actions.values()), None)

    @property
    def sound(self) -> bool:
        """Whether the state shown is the device's own, as far as anybody knows; how old it is is another matter."""
        return self.verdict is Verdict.OK and self.absence is None

    @property
    def source(self) -> Source | None:
        """Where the newest answer came from, be its state the one shown or older."""
        return Source.FALLBACK if self.verdict is Verdict.FALLBACK else self.device.metadata.source
