"""The least that like entities cost: Home Assistant's own share, which is the floor of ours."""

from collections.abc import Awaitable, Callable, Mapping
import logging
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry, ConfigFlow
from homeassistant.core import HomeAssistant
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.entity import Entity
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback, async_get_platforms
from homeassistant.helpers.update_coordinator import CoordinatorEntity, DataUpdateCoordinator
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    MockModule,
    MockPlatform,
    mock_integration,
    mock_platform,
)

from custom_components.amps.const import DOMAIN
from custom_components.amps.entity import AmpsEntity

PLAIN: Final = "plain"
_SHOWN: Final = (
    *("native_value", "is_on"),
    *("native_min_value", "native_max_value", "native_step", "native_unit_of_measurement", "device_class"),
    *("current_option", "options"),
    *("hvac_mode", "hvac_modes", "hvac_action", "preset_mode", "preset_modes", "min_temp", "max_temp"),
    *("native_temperature_unit", "native_current_temperature", "target_temperature_step", "supported_features"),
    *("native_target_temperature", "native_target_temperature_low", "native_target_temperature_high"),
)
"""What entities show, and between what a person can choose."""

type Coordinator = DataUpdateCoordinator[None]


class PlainFlow(ConfigFlow, domain=PLAIN):
    """Home Assistant sets up no entry without one."""


class Plain(CoordinatorEntity[Coordinator]):
    """Shows what it is told, described as one of ours."""

    _attr_has_entity_name = True
    _attr_entity_registry_enabled_default = True

    def __init__(self, coordinator: Coordinator, like: AmpsEntity[Any]) -> None:
        """Be like another entity."""
        super().__init__(coordinator)
        self.entity_description = like.entity_description
        self._attr_unique_id = like.unique_id
        self._attr_name = like.entity_description.key
        self._attr_device_info = DeviceInfo(identifiers={(PLAIN, like.device_id)}, name=like.device_id)
        self.show(like)

    def show(self, like: AmpsEntity[Any]) -> None:
        """Show what another entity shows."""
        copy_shown(self, like)


def copy_shown(entity: Entity, like: AmpsEntity[Any]) -> None:
    """Have an entity show what another one shows."""
    for name in _SHOWN:
        if hasattr(like, name):
            setattr(entity, f"_attr_{name}", getattr(like, name))


def of_platform_of[EntityT: Entity](like: AmpsEntity[Any], kind: type[EntityT]) -> type[EntityT]:
    """Return a kind of entity that is of the same platform as one of ours."""
    base = next(each for each in type(like).__mro__ if each.__module__.startswith("homeassistant.components."))
    return type(f"{kind.__name__}{base.__name__}", (kind, base), {})


def entities_of(hass: HomeAssistant) -> list[AmpsEntity[Any]]:
    """Return the entities of all devices."""
    return [
        entity
        for platform in async_get_platforms(hass, DOMAIN)
        for entity in platform.entities.values()
        if isinstance(entity, AmpsEntity)
    ]


def entry_like_ours(
    hass: HomeAssistant,
    domain: str,
    prepare: Callable[[MockConfigEntry], Awaitable[Callable[[AmpsEntity[Any]], Entity]]],
) -> MockConfigEntry:
    """Return an entry of another integration that has an entity for each of ours, made anew at each set-up.

    A set-up begins with `prepare`, which returns what makes an entity like one of ours.
    """
    ours: dict[str, list[AmpsEntity[Any]]] = {}
    for entity in entities_of(hass):
        ours.setdefault(entity.platform.domain, []).append(entity)
    entry = MockConfigEntry(domain=domain, title=domain)
    entry.add_to_hass(hass)

    async def set_up(hass: HomeAssistant, entry: MockConfigEntry) -> None:
        entry.runtime_data = await prepare(entry)
        await hass.config_entries.async_forward_entry_setups(entry, ours)

    async def unload(hass: HomeAssistant, entry: MockConfigEntry) -> None:
        await hass.config_entries.async_unload_platforms(entry, ours)

    def adder(platform: str) -> Callable[[HomeAssistant, ConfigEntry, AddConfigEntryEntitiesCallback], Any]:
        async def add(_hass: HomeAssistant, entry: ConfigEntry, add_entities: AddConfigEntryEntitiesCallback) -> None:
            add_entities(map(entry.runtime_data, ours[platform]))

        return add

    mock_integration(hass, MockModule(domain, async_setup_entry=set_up, async_unload_entry=unload))
    mock_platform(hass, f"{domain}.config_flow", None)
    for platform in ours:
        mock_platform(hass, f"{domain}.{platform}", MockPlatform(async_setup_entry=adder(platform)))
    return entry


def plain_entry(hass: HomeAssistant) -> tuple[MockConfigEntry, Mapping[str, Plain]]:
    """Return an entry of an integration that adds a plain entity for each of ours; and these, by the ids of ours."""
    types = {type(entity): of_platform_of(entity, Plain) for entity in entities_of(hass)}
    plain: dict[str, Plain] = {}

    async def prepare(entry: MockConfigEntry) -> Callable[[AmpsEntity[Any]], Plain]:
        coordinator: Coordinator = DataUpdateCoordinator(
            hass, logging.getLogger(PLAIN), config_entry=entry, name=PLAIN, always_update=False
        )

        def make(like: AmpsEntity[Any]) -> Plain:
            made = plain[like.entity_id] = types[type(like)](coordinator, like)
            return made

        return make

    return entry_like_ours(hass, PLAIN, prepare), plain
