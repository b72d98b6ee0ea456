"""Buttons."""

from dataclasses import dataclass
from functools import partial
from typing import Final, override

from homeassistant.components.button import ButtonEntity, ButtonEntityDescription
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .api.models import DEVICE_CLASSES, AnyDevice, Battery
from .control.cancel import async_cancel_scheduled
from .control.defaults import LocalDefaults
from .control.refresh import async_refresh
from .coordinator import AmpsCoordinator
from .entity import (
    AmpsControlEntity,
    AmpsEntity,
    AmpsEntityDescription,
    async_add_device_entities,
    takes_commands,
)
from .rules.capability import runs_at_once, runs_in_windows_only
from .runtime import AmpsConfigEntry

PARALLEL_UPDATES = 0  # reads are limited by the account's reader, and commands to one device wait in its queue


@dataclass(frozen=True, kw_only=True)
class AmpsButtonDescription(ButtonEntityDescription, AmpsEntityDescription[AnyDevice]):
    """A button of a device."""


REFRESH: Final = AmpsButtonDescription(
    key="refresh",
    entity_category=EntityCategory.CONFIG,
    always_available=True,
    live_only=True,
)
CANCEL_SCHEDULED: Final = AmpsButtonDescription(
    key="cancel_scheduled", needs_control=True, always_available=True, exists_fn=takes_commands
)


def _command(command: str) -> AmpsButtonDescription:
    """Describe the button of a command; one that can only be scheduled has none, since nobody says for when."""
    return AmpsButtonDescription(
        key=command,
        needs_control=True,
        exists_fn=lambda capabilities: (
            runs_at_once(capabilities.commands, command) or runs_in_windows_only(capabilities.commands, command)
        ),
    )


COMMANDS: Final = (_command("charge"), _command("discharge"))


async def async_setup_entry(
    hass: HomeAssistant, entry: AmpsConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Set up the buttons of an account."""
    create = partial(AmpsCommandButton, entry.runtime_data.defaults)
    async_add_device_entities(entry, async_add_entities, dict.fromkeys(DEVICE_CLASSES, (REFRESH,)), AmpsRefreshButton)
    async_add_device_entities(
        entry, async_add_entities, dict.fromkeys(DEVICE_CLASSES, (CANCEL_SCHEDULED,)), AmpsCancelButton
    )
    async_add_device_entities(entry, async_add_entities, {Battery: COMMANDS}, create)


class AmpsRefreshButton(AmpsEntity[AmpsButtonDescription], ButtonEntity):
    """Reads the device as the action of that name does."""

    entity_description: AmpsButtonDescription

    @override
    async def async_press(self) -> None:
        await async_refresh(self.target)


class AmpsCancelButton(AmpsEntity[AmpsButtonDescription], ButtonEntity):
    """Cancels what is still scheduled."""

    entity_description: AmpsButtonDescription

    @override
    async def async_press(self) -> None:
        await async_cancel_scheduled(self.target, self._context)


class AmpsCommandButton(AmpsControlEntity[AmpsButtonDescription], ButtonEntity):
    """Runs a command with the defaults of its device."""

    entity_description: AmpsButtonDescription

    def __init__(
        self, defaults: LocalDefaults, coordinator: AmpsCoordinator, device_id: str, description: AmpsButtonDescription
    ) -> None:
        """Name the button after its command."""
        super().__init__(coordinator, device_id, description)
        self._defaults = defaults

    @override
    async def async_press(self) -> None:
        if (device := self.device) is None:
            return
        command = self.entity_description.key
        await self._async_run(
            command, self._defaults.parameters(device, command), self._defaults.times(device, command)
        )
