"""Buttons."""

from dataclasses import dataclass
from typing import Final, override

from homeassistant.components.button import ButtonEntity, ButtonEntityDescription
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .api.models import DEVICE_CLASSES, AnyDevice
from .control.refresh import async_refresh
from .control.targets import Target
from .entity import AmpsEntity, AmpsEntityDescription, async_add_device_entities
from .runtime import AmpsConfigEntry

PARALLEL_UPDATES = 0  # how many devices are read at once is for the account's reader to say


@dataclass(frozen=True, kw_only=True)
class AmpsButtonDescription(ButtonEntityDescription, AmpsEntityDescription[AnyDevice]):
    """A button of a device."""


REFRESH: Final = AmpsButtonDescription(
    key="refresh",
    entity_category=EntityCategory.CONFIG,
    always_available=True,
    live_only=True,
)


async def async_setup_entry(
    hass: HomeAssistant, entry: AmpsConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Set up the buttons of an account."""
    async_add_device_entities(entry, async_add_entities, dict.fromkeys(DEVICE_CLASSES, (REFRESH,)), AmpsRefreshButton)


class AmpsRefreshButton(AmpsEntity[AmpsButtonDescription], ButtonEntity):
    """Reads the device as the action of that name does."""

    entity_description: AmpsButtonDescription

    @override
    async def async_press(self) -> None:
        name = self._state.names.get(self.device_id, self.device_id)
        await async_refresh(Target(coordinator=self.coordinator, device_id=self.device_id, name=name, named=True))
