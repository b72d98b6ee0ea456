"""A reading: a device as one answer showed it."""

from dataclasses import dataclass, field
from datetime import datetime

from .json import JsonObject
from .models import AnyDevice, Capabilities, Source


@dataclass(frozen=True, slots=True, eq=False, repr=False, kw_only=True)
class Reading[DeviceT: AnyDevice = AnyDevice]:
    """A device as one answer showed it. Two readings are the same only when they are the same object."""

    device: DeviceT
    raw: JsonObject
    """What the answer said, word for word; for diagnostics and to see whether the next answer says anything new."""
    served_at: datetime | None
    """When the service built the answer, by its own clock."""

    pulled_at: datetime | None = field(init=False)
    """When the manufacturer was last asked: never after the answer was built (design §4).

    A reading fetched for the very answer, without saying when, is as new as that (api §4.1, `live`).
    """

    capabilities: Capabilities = field(init=False)
    """What the device has and can do."""

    def __post_init__(self) -> None:
        """Derive once what is asked for again and again."""
        pulled_at, served_at = self.device.sync.last_pulled_at, self.served_at
        if pulled_at is None:
            pulled_at = served_at if self.device.metadata.source is Source.LIVE and self.device.authoritative else None
        elif served_at is not None:
            pulled_at = min(pulled_at, served_at)
        object.__setattr__(self, "pulled_at", pulled_at)
        object.__setattr__(self, "capabilities", self.device.capabilities)
