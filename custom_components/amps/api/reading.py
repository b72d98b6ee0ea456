"""A reading: a device as one answer shows it."""

from dataclasses import dataclass, field
from datetime import datetime

from .json import JsonObject
from .models import AnyDevice, Source


@dataclass(frozen=True, slots=True, eq=False, repr=False, kw_only=True)
class Reading[DeviceT: AnyDevice = AnyDevice]:
    """A device as one answer shows it. Two readings are equal only if they are the same object."""

    device: DeviceT
    raw: JsonObject
    """The device in the answer, unchanged: for diagnostics, and to detect whether the next answer differs."""
    served_at: datetime | None
    """When the service built the answer, by its own clock."""

    pulled_at: datetime | None = field(init=False)
    """When Amps last pulled the device from the manufacturer: never after the answer was built (design §4).

    A live reading without a time was pulled for this answer, and has its time (api §4.1, `live`).
    """

    def __post_init__(self) -> None:
        """Compute once what is used often."""
        pulled_at, served_at = self.device.sync.last_pulled_at, self.served_at
        if pulled_at is None:
            pulled_at = served_at if self.device.metadata.source is Source.LIVE and self.device.authoritative else None
        elif served_at is not None:
            pulled_at = min(pulled_at, served_at)
        object.__setattr__(self, "pulled_at", pulled_at)
