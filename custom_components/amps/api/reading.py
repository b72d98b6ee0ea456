"""A reading: a device as one answer showed it."""

from dataclasses import dataclass
from datetime import datetime

from .json import JsonObject
from .models import AnyDevice


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
        """When the manufacturer was last asked: never after the answer was built (design §4)."""
        pulled = self.device.sync.last_pulled_at
        return min(pulled, self.observed) if pulled and self.observed else pulled
