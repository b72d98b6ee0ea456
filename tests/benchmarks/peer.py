"""The same work as most integrations do it (design §11), to compare with.

One `DataUpdateCoordinator` reads all lists, the same pydantic models validate all items at every poll, and every entity
is a `CoordinatorEntity` that then writes its state, whatever it shows.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
import logging
from typing import Any, Final, Self, override

from homeassistant.config_entries import ConfigFlow
from homeassistant.core import HomeAssistant
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.typing import StateType
from homeassistant.helpers.update_coordinator import CoordinatorEntity, DataUpdateCoordinator, UpdateFailed
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.amps.api import AmpsClient, AmpsError, Transport
from custom_components.amps.api.models import DEVICE_CLASSES, ActionSummary, AnyDevice, Setting, Source
from custom_components.amps.entity import AmpsEntity, AmpsEntityDescription

from .account import KEY
from .plain import copy_shown, entities_of, entry_like_ours, of_platform_of

PEER: Final = "peer"
_INTERVAL: Final = timedelta(minutes=15)


class PeerFlow(ConfigFlow, domain=PEER):
    """Home Assistant sets up no entry without one."""


@dataclass(frozen=True, slots=True)
class PeerDevice:
    """A device as the last poll showed it, with what our descriptions show of it."""

    device: AnyDevice

    @property
    def reading(self) -> Self:
        """What has the device."""
        return self

    @property
    def pulled_at(self) -> datetime | None:
        """When the manufacturer was last asked."""
        return self.device.sync.last_pulled_at

    @property
    def source(self) -> Source | None:
        """Where the reading came from."""
        return self.device.metadata.source

    @property
    def action(self) -> ActionSummary | None:
        """The newest action."""
        return self.device.last_action

    @property
    def settings(self) -> Mapping[str, Setting] | None:
        """The settings, which lists leave out."""
        return self.device.settings

    @property
    def authoritative(self) -> bool:
        """Whether the reading is the device's own."""
        return self.device.authoritative


class PeerCoordinator(DataUpdateCoordinator[Mapping[str, PeerDevice]]):
    """Reads all lists at every poll, by device id."""

    def __init__(self, hass: HomeAssistant, entry: MockConfigEntry, client: AmpsClient) -> None:
        """Remember whom to ask."""
        super().__init__(hass, logging.getLogger(PEER), config_entry=entry, name=PEER, update_interval=_INTERVAL)
        self._client = client

    @override
    async def _async_update_data(self) -> Mapping[str, PeerDevice]:
        try:
            listings = await asyncio.gather(*map(self._client.list_devices, DEVICE_CLASSES))
        except AmpsError as err:
            raise UpdateFailed from err
        devices = (
            device_class.model_validate(item)
            for device_class, listing in zip(DEVICE_CLASSES, listings, strict=True)
            for item in listing.items
        )
        return {device.id: PeerDevice(device) for device in devices}


class Peer(CoordinatorEntity[PeerCoordinator]):
    """Shows of its device what one of our entities is described to show."""

    _attr_has_entity_name = True
    _attr_entity_registry_enabled_default = True
    entity_description: AmpsEntityDescription[Any]

    def __init__(self, coordinator: PeerCoordinator, like: AmpsEntity[Any]) -> None:
        """Be like another entity."""
        super().__init__(coordinator)
        self.entity_description = like.entity_description
        self._device_id = like.device_id
        device = coordinator.data[like.device_id].device
        copy_shown(self, like)
        self._attr_unique_id = like.unique_id
        self._attr_name = like.entity_description.key
        self._attr_device_info = DeviceInfo(
            identifiers={(PEER, like.device_id)},
            name=like.device_id,
            manufacturer=device.vendor,
            model=device.metadata.model,
        )

    @property
    @override
    def available(self) -> bool:
        return super().available and self._device_id in self.coordinator.data

    @property
    def native_value(self) -> StateType | datetime:
        """What a sensor or a number shows."""
        shown = self.entity_description.shown_fn(self.coordinator.data[self._device_id])  # type: ignore[arg-type]  # a peer's record has what descriptions look at
        value: StateType | datetime = getattr(shown, "value", shown)
        return value

    @property
    def is_on(self) -> bool | None:
        """What a binary sensor or a switch shows."""
        return None if (value := self.native_value) is None else bool(value)


def peer_entry(hass: HomeAssistant, transport: Transport) -> tuple[MockConfigEntry, Mapping[str, Peer]]:
    """Return an entry that reads the same account and has an entity for each of ours; and these, by the ids of ours."""
    types = {type(entity): of_platform_of(entity, Peer) for entity in entities_of(hass)}
    peers: dict[str, Peer] = {}

    async def prepare(entry: MockConfigEntry) -> Callable[[AmpsEntity[Any]], Peer]:
        coordinator = PeerCoordinator(hass, entry, AmpsClient(transport, KEY))
        await coordinator.async_config_entry_first_refresh()

        def make(like: AmpsEntity[Any]) -> Peer:
            made = peers[like.entity_id] = types[type(like)](coordinator, like)
            return made

        return make

    return entry_like_ours(hass, PEER, prepare), peers


async def set_up_peer(hass: HomeAssistant, transport: Transport) -> tuple[PeerCoordinator, frozenset[str]]:
    """Set up an entry that reads the same account, and return its coordinator and the ids of its entities."""
    entry, peers = peer_entry(hass, transport)
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    (coordinator,) = {peer.coordinator for peer in peers.values()}
    return coordinator, frozenset(peer.entity_id for peer in peers.values())
