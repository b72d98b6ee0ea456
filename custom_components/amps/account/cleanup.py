"""Devices and capabilities that are gone (design §4): for good, they leave the registries, and not before.

New ones are added by the platforms.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final, NamedTuple

from homeassistant.core import callback
from homeassistant.helpers import device_registry as dr, entity_registry as er

from ..api import DEVICE_NOT_FOUND, AmpsError, AmpsNotFoundError
from ..api.models import DEVICE_CLASSES, AnyDevice, Capabilities
from ..const import DOMAIN, LOGGER
from ..rules import DeviceHealth, DeviceRecord
from ..rules.merge import MIN_MISS_INTERVAL
from ..rules.record import MissingCount
from ..rules.schedule import HOUR, MISSES_BEFORE_REMOVAL
from .claims import release_device
from .error_handler import ErrorHandler
from .identity import known_devices
from .lists import ListReader
from .request_log import Purpose
from .state import AccountState

_LOST_AFTER: Final = HOUR
"""Seconds between two readings that both lack a capability, after which it is gone for good."""


class _EntitySpec(NamedTuple):
    """An entity that devices of a type may have."""

    domain: str
    key: str
    exists: Callable[[Capabilities], bool]


class Cleanup:
    """Removes devices of an account and their entities once they are gone for good."""

    def __init__(self, state: AccountState, lists: ListReader, error_handler: ErrorHandler) -> None:
        """Start empty; the platforms register the entities that devices may have."""
        self._state = state
        self._lists = lists
        self._error_handler = error_handler
        self.added: set[tuple[str, str, str]] = set()
        """The entities that were added: domain, device id and key."""
        self._entity_specs: defaultdict[type[AnyDevice], list[_EntitySpec]] = defaultdict(list)
        self._checked_at: dict[str, datetime] = {}
        """By device id, when the capabilities were declared that were checked last."""
        self._lacking: dict[str, dict[_EntitySpec, datetime]] = {}
        """By device id, since which reading it lacks what it once had."""
        self._unseen_devices: dict[str, MissingCount] = {}
        """Devices that were known before the start and that no list has shown since."""
        self._checks: dict[str, asyncio.Task[None]] = {}

    @callback
    def register_entity(
        self, device_class: type[AnyDevice], domain: str, key: str, exists: Callable[[Capabilities], bool]
    ) -> None:
        """Note that devices of a type have an entity whenever `exists` says so."""
        self._entity_specs[device_class].append(_EntitySpec(domain, key, exists))

    @callback
    def start(self) -> None:
        """Start, after the platforms have registered their entities."""
        state = self._state
        first = MissingCount(times=1 if self._lists.is_complete else 0, counted_monotonic=state.now())
        self._unseen_devices = dict.fromkeys(known_devices(state.hass, state.entry) - state.devices.keys(), first)
        state.entry.async_on_unload(state.change_listeners.add(self._on_change))
        self._on_change({}, state.devices)
        self.count_unseen_devices()

    @callback
    def may_remove(self, device: dr.AnyDeviceEntry) -> bool:
        """Return whether a person may delete a device, which must be in no list now, and forget it if so."""
        if isinstance(device, dr.DeviceEntry) and device.entry_type is dr.DeviceEntryType.SERVICE:
            return False
        devices = self._state.devices
        ids = {device_id for domain, device_id in device.identifiers if domain == DOMAIN}
        if any((record := devices.get(device_id)) and record.missing is None for device_id in ids):
            return False
        for device_id in ids:
            self._discard(device_id)
        return True

    # Devices.

    @callback
    def _on_change(self, _before: Mapping[str, DeviceRecord], changed: Mapping[str, DeviceRecord]) -> None:
        for device_id, record in changed.items():
            self._check_capabilities(device_id, record)
            if _is_gone(record) and not self.are_all_missing:
                self._remove(device_id)

    @property
    def are_all_missing(self) -> bool:
        """Whether no list shows any device: then the account rather has a problem than each of them is gone."""
        devices = self._state.devices
        if not devices:
            return any(missing.times for missing in self._unseen_devices.values())
        return all(record.missing is not None for record in devices.values())

    @callback
    def count_unseen_devices(self) -> None:
        """Count, after lists were read, how often devices from before the start are missing.

        Nothing but their ids is known.
        """
        state, now = self._state, self._state.now()
        for device_id, missing in tuple(self._unseen_devices.items()):
            if device_id in state.devices:
                del self._unseen_devices[device_id]
                continue
            since = missing.counted_monotonic
            if now - since < MIN_MISS_INTERVAL or not self._lists.are_read_since(since):
                continue
            counted = MissingCount(times=missing.times + 1, counted_monotonic=now)
            self._unseen_devices[device_id] = counted
            if device_id in state.disabled_devices:
                continue  # it is never read by itself (design §4), but once it is enabled
            if counted.times >= MISSES_BEFORE_REMOVAL and not self.are_all_missing:
                # Unless it is gone, counting starts anew.
                self._unseen_devices[device_id] = MissingCount(times=0, counted_monotonic=now)
                self._checks[device_id] = state.entry.async_create_background_task(
                    state.hass, self._read_unseen(device_id), f"{state.name} unseen device"
                )

    async def _read_unseen(self, device_id: str) -> None:
        """Remove a device that was known before the start if Amps has none of that id, whatever its type."""
        for device_class in DEVICE_CLASSES:
            try:
                await self._state.polling_client_for(Purpose.UNSEEN_DEVICE).read_device(device_class, device_id)
            except AmpsError as err:
                if isinstance(err, AmpsNotFoundError) and err.code == DEVICE_NOT_FOUND:
                    continue
                await self._error_handler.async_handle(err)
            return
        self._remove(device_id)

    def _remove(self, device_id: str) -> None:
        """Remove a device and its entities from Home Assistant."""
        state = self._state
        registry = dr.async_get(state.hass)
        self._discard(device_id)
        for device in registry.async_get_devices(identifiers={(DOMAIN, device_id)}):
            if device.config_entry_id == state.entry.entry_id:
                LOGGER.info("%s: %s is gone and was removed", state.name, device.name)
                registry.async_remove_device(device.id)

    def _discard(self, device_id: str) -> None:
        self._unseen_devices.pop(device_id, None)
        self._checks.pop(device_id, None)
        self._checked_at.pop(device_id, None)
        self._lacking.pop(device_id, None)
        self.added = {each for each in self.added if each[1] != device_id}
        if device_id in self._state.devices:
            self._state.remove(device_id)
        release_device(self._state.hass, self._state.entry, device_id)

    # Capabilities.

    def _check_capabilities(self, device_id: str, record: DeviceRecord) -> None:
        """Remove the entities for what two readings an hour apart both lack, be it since before the start."""
        # Only a single read shows everything that a live device has (api §4.2), and what settings any device has.
        is_listed = self._state.policy.sandbox and (record.settings_declared_at or not record.device.has_settings)
        declared_at = record.capabilities_at if is_listed else record.settings_declared_at
        if (
            declared_at is None
            or declared_at == self._checked_at.get(device_id)
            or record.health is not DeviceHealth.OK
        ):
            return
        self._checked_at[device_id] = declared_at
        before = self._lacking.pop(device_id, {})
        registry = er.async_get(self._state.hass)
        lacking: dict[_EntitySpec, datetime] = {}
        capabilities = record.capabilities
        for spec in self._entity_specs[type(record.device)]:
            if spec.exists(capabilities):
                continue
            entity_id = registry.async_get_entity_id(spec.domain, DOMAIN, f"{device_id}_{spec.key}")
            if entity_id is None:
                continue
            lacking[spec] = before.get(spec, declared_at)
            if (declared_at - lacking[spec]).total_seconds() >= _LOST_AFTER:
                del lacking[spec]
                registry.async_remove(entity_id)
                self.added.discard((spec.domain, device_id, spec.key))
        if lacking:
            self._lacking[device_id] = lacking


def _is_gone(record: DeviceRecord) -> bool:
    """Return whether a device is gone: not in the lists, and not to be had by itself (api §15.2 #25)."""
    return (
        record.missing is not None
        and record.missing.times >= MISSES_BEFORE_REMOVAL
        and record.error_code == DEVICE_NOT_FOUND
    )
