"""Selects."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple, override

from homeassistant.components.select import SelectEntity, SelectEntityDescription
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .api.models import Action, Battery, BatteryMode, Command
from .const import DOMAIN
from .entity import AmpsEntityDescription, AmpsPendingEntity, async_add_device_entities
from .rules import DeviceRecord
from .rules.capability import runs_at_once
from .runtime import AmpsConfigEntry

PARALLEL_UPDATES = 0  # commands to one device wait for each other in its queue

_SELECTABLE: Final = (
    BatteryMode.IDLE,
    BatteryMode.AUTO_BALANCED,
    BatteryMode.AUTO_RESERVE,
    BatteryMode.AUTO_EXPORT,
)
"""The modes that need no parameters."""


@dataclass(frozen=True, kw_only=True)
class AmpsSelectDescription(SelectEntityDescription, AmpsEntityDescription[Battery]):
    """A select of a device."""


class ShownMode(NamedTuple):
    """The standing command, and what can be chosen."""

    option: str | None
    options: tuple[str, ...]


def _selectable(commands: Mapping[str, Command]) -> tuple[str, ...]:
    """Return the modes that a battery takes immediately."""
    return tuple(mode.value for mode in _SELECTABLE if runs_at_once(commands, mode))


MODE: Final = AmpsSelectDescription(
    key="mode", needs_control=True, exists_fn=lambda capabilities: bool(_selectable(capabilities.commands))
)


async def async_setup_entry(
    hass: HomeAssistant, entry: AmpsConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Set up the selects of an account."""
    async_add_device_entities(entry, async_add_entities, {Battery: (MODE,)}, AmpsModeSelect)


class AmpsModeSelect(AmpsPendingEntity[AmpsSelectDescription, ShownMode], SelectEntity):
    """The standing command of a battery; one with parameters, such as a charge, is shown but cannot be chosen."""

    entity_description: AmpsSelectDescription

    @property
    @override
    def current_option(self) -> str | None:
        return self.shown and self.shown.option

    @property
    @override
    def options(self) -> list[str]:
        return list(self.shown.options) if self.shown else []

    @override
    async def async_select_option(self, option: str) -> None:
        if self.device is not None and option not in _selectable(self.device.commands):
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key="mode_not_selectable",
                translation_placeholders={"device": self.target.name, "mode": option},
            )
        await self._async_run(option)

    @override
    def _compute_shown(self, record: DeviceRecord, pending: Action | None) -> ShownMode:
        mode = record.device.state.current_mode
        if pending is not None and pending.command is not None:
            mode = BatteryMode(pending.command)
        options = _selectable(record.device.commands)
        if mode is not None and mode not in options:
            options = (*options, mode.value)
        return ShownMode(mode and mode.value, options)
