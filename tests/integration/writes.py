"""The entities whose state is written."""

from dataclasses import dataclass, field

from homeassistant.const import EVENT_STATE_CHANGED, EVENT_STATE_REPORTED
from homeassistant.core import HomeAssistant, callback
import pytest


@dataclass
class Writes:
    """Entities whose state was written: what changed, and what was written without need."""

    changed: set[str] = field(default_factory=set)
    unchanged: set[str] = field(default_factory=set)


@pytest.fixture
def writes(hass: HomeAssistant) -> Writes:
    """Return what is written from now on."""
    writes = Writes()
    hass.bus.async_listen(EVENT_STATE_CHANGED, callback(lambda event: writes.changed.add(event.data["entity_id"])))
    hass.bus.async_listen(
        EVENT_STATE_REPORTED,
        callback(lambda event: writes.unchanged.add(event.data["entity_id"])),
        event_filter=callback(lambda _: True),
    )
    return writes
