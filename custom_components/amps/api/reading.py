"""A reading: a device as one answer showed it."""

from dataclasses import dataclass
from datetime import datetime

from .json import JsonObject
from .models import AnyDevice, Source


@dataclass(frozen=True, slots=True, eq=False, repr=False, kw_only=True)
class Reading[DeviceT: AnyDevice = AnyDevice]:
    """A device as one answer showed it. Two readings are the same only when they are the same object."""

    device: DeviceT
    raw: JsonObject
    """What the answer said, word for word; for diagnostics and to see whether the next answer says anything new."""
    observed: datetime | None
    """When the service built the answer, by its own clock."""

    @property
    def pulled(self) -> datetime | None:
        """When the manufacturer was last asked: never after the answer was built (design §4).

        A reading fetched for the very answer, without saying when, is as new as that (api §4.1, `live`).
        """
        pulled = self.device.sync.last_pulled_at
        if pulled is None and self.device.authoritative and self.device.metadata.source is Source.LIVE:
            return self.observed
        return min(pulled, self.observed) if pulled and self.observed else pulled
