"""Devices that go, and capabilities that do (design §4): what is gone for good leaves the registries, nothing before.

What comes is added by the platforms as soon as it is there.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Final, NamedTuple

from homeassistant.core import callback
from homeassistant.helpers import device_registry as dr, entity_registry as er, issue_registry as ir

from ..api import DEVICE_NOT_FOUND, AmpsError, AmpsNotFoundError, escape_markdown
from ..api.models import DEVICE_CLASSES, AnyDevice, Capabilities
from ..const import DOMAIN, LOGGER
from ..rules import DeviceHealth, DeviceRecord
from ..rules.merge import MIN_MISS_INTERVAL
from ..rules.record import MissingCount
from ..rules.schedule import HOUR, MISSES_BEFORE_REMOVAL
from .identity import known_devices
from .ownership import release_device

if TYPE_CHECKING:
    from ..coordinator import AmpsCoordinator

_LOST_AFTER: Final = HOUR
"""Seconds between two readings that both lack a capability, after which it is gone for good."""


class _EntitySpec(NamedTuple):
    """An entity that devices of a type may have."""

    domain: str
    key: str
    exists: Callable[[Capabilities], bool]


class Cleanup:
    """Watches over what devices an account has, and what these can do."""

    def __init__(self, coordinator: AmpsCoordinator) -> None:
        """Begin with nothing; the platforms tell what they offer."""
        self._coordinator = coordinator
        self.added: set[tuple[str, str, str]] = set()
        """The entities that were added: domain, device and key."""
        self._entity_specs: defaultdict[type[AnyDevice], list[_EntitySpec]] = defaultdict(list)
        self._with_failure: dict[str, datetime] = {}
        """By device, which reading was last looked at for capabilities."""
        self._lacking: dict[str, dict[_EntitySpec, datetime]] = {}
        """By device, since which reading it lacks what it once had."""
        self._unseen_devices: dict[str, MissingCount] = {}
        """Devices of earlier times that no list has shown since the start."""
        self._checks: dict[str, asyncio.Task[None]] = {}
        self._issues: set[str] = set()

    @callback
    def register_entity(
        self, device_class: type[AnyDevice], domain: str, key: str, exists: Callable[[Capabilities], bool]
    ) -> None:
        """Note that devices of a type have an entity whenever `exists` says so."""
        self._entity_specs[device_class].append(_EntitySpec(domain, key, exists))

    @callback
    def start(self) -> None:
        """Watch, until the account is unloaded."""
        coordinator, entry = self._coordinator, self._coordinator.config_entry
        first = MissingCount(times=1 if coordinator.lists.complete else 0, counted_monotonic=coordinator.now())
        self._unseen_devices = dict.fromkeys(
            known_devices(coordinator.hass, entry) - coordinator.data.devices.keys(), first
        )
        entry.async_on_unload(coordinator.async_add_listener(self._look_at_account))
        entry.async_on_unload(self._delete_issues)
        entry.async_on_unload(coordinator.audience.add_for_news(self._observe))
        self._observe(coordinator.data.devices)
        self._look_at_account()

    @callback
    def may_remove(self, device: dr.AnyDeviceEntry) -> bool:
        """Forget a device that a person wants to delete, and return whether they may: it must be in no list now."""
        if isinstance(device, dr.DeviceEntry) and device.entry_type is dr.DeviceEntryType.SERVICE:
            return False
        devices = self._coordinator.data.devices
        ids = {device_id for domain, device_id in device.identifiers if domain == DOMAIN}
        if any((record := devices.get(device_id)) and record.missing is None for device_id in ids):
            return False
        for device_id in ids:
            self._forget(device_id)
        return True

    # Devices.

    @callback
    def _observe(self, changed: Mapping[str, DeviceRecord]) -> None:
        """Take note of news of devices."""
        for device_id, record in changed.items():
            self._look_at_link(device_id, record)
            self._look_at_capabilities(device_id, record)
            if _is_gone(record) and not self._are_all_missing():
                self._remove(device_id)

    def _look_at_account(self) -> None:
        """Look at the account as a whole, after its lists were read."""
        self._count_unseen_devices()
        issue_id = f"all_devices_missing_{self._coordinator.config_entry.entry_id}"
        if self._are_all_missing():
            placeholders = {"account": self._coordinator.config_entry.title}
            self._create_issue(issue_id, "all_devices_missing", ir.IssueSeverity.WARNING, placeholders)
        else:
            self._delete_issue(issue_id)

    def _are_all_missing(self) -> bool:
        """Return whether no list shows any device: then rather the account is in trouble than each of them gone."""
        devices = self._coordinator.data.devices
        if not devices:
            return any(missing.times for missing in self._unseen_devices.values())
        return all(record.missing is not None for record in devices.values())

    def _count_unseen_devices(self) -> None:
        """Count how often devices of earlier times are missing; nothing but their ids is known."""
        coordinator, now = self._coordinator, self._coordinator.now()
        for device_id, missing in tuple(self._unseen_devices.items()):
            if device_id in coordinator.data.devices:
                del self._unseen_devices[device_id]
                continue
            if now - missing.counted_monotonic < MIN_MISS_INTERVAL or not coordinator.lists.read_since(
                missing.counted_monotonic
            ):
                continue
            counted = MissingCount(times=missing.times + 1, counted_monotonic=now)
            self._unseen_devices[device_id] = counted
            if counted.times >= MISSES_BEFORE_REMOVAL and not self._are_all_missing():
                self._unseen_devices[device_id] = MissingCount(
                    times=0, counted_monotonic=now
                )  # unless it is gone, begin anew
                self._checks[device_id] = coordinator.config_entry.async_create_background_task(
                    coordinator.hass, self._ask_for(device_id), f"{coordinator.name} device of earlier times"
                )

    async def _ask_for(self, device_id: str) -> None:
        """Remove a device of earlier times if Amps knows none of that id, whatever its type."""
        for device_class in DEVICE_CLASSES:
            try:
                await self._coordinator.polling_client.read_device(device_class, device_id)
            except AmpsError as err:
                if isinstance(err, AmpsNotFoundError) and err.code == DEVICE_NOT_FOUND:
                    continue
                await self._coordinator.async_handle_error(err)
            return
        self._remove(device_id)

    def _remove(self, device_id: str) -> None:
        """Let a device and its entities leave Home Assistant."""
        coordinator = self._coordinator
        registry = dr.async_get(coordinator.hass)
        self._forget(device_id)
        for device in registry.async_get_devices(identifiers={(DOMAIN, device_id)}):
            if device.config_entry_id == coordinator.config_entry.entry_id:
                LOGGER.info("%s: %s is gone and was removed", coordinator.name, device.name)
                registry.async_remove_device(device.id)

    def _forget(self, device_id: str) -> None:
        self._delete_issue(_relink_issue(device_id))
        self._unseen_devices.pop(device_id, None)
        self._checks.pop(device_id, None)
        self._with_failure.pop(device_id, None)
        self._lacking.pop(device_id, None)
        self.added = {each for each in self.added if each[1] != device_id}
        if device_id in self._coordinator.data.devices:
            self._coordinator.forget(device_id)
        release_device(self._coordinator.hass, self._coordinator.config_entry, device_id)

    # Links to manufacturers.

    def _look_at_link(self, device_id: str, record: DeviceRecord) -> None:
        """Tell when the owner has to link the device anew, until it can be read again (api §8.2)."""
        issue_id = _relink_issue(device_id)
        if (code := record.relink_code) is not None:
            placeholders = {"device": self._coordinator.device_names[device_id], "code": code}
            self._create_issue(issue_id, "relink_device", ir.IssueSeverity.ERROR, placeholders)
        else:
            self._delete_issue(issue_id)

    # Repairs.

    def _create_issue(
        self, issue_id: str, key: str, severity: ir.IssueSeverity, placeholders: Mapping[str, str]
    ) -> None:
        if issue_id in self._issues:
            return
        self._issues.add(issue_id)
        ir.async_create_issue(
            self._coordinator.hass,
            DOMAIN,
            issue_id,
            is_fixable=False,
            severity=severity,
            translation_key=key,
            # For the title as they are, for the description, which is Markdown, as text.
            translation_placeholders={
                **placeholders,
                **{f"{name}_markdown": escape_markdown(text) for name, text in placeholders.items()},
            },
        )

    def _delete_issue(self, issue_id: str) -> None:
        if issue_id in self._issues:
            self._issues.remove(issue_id)
            ir.async_delete_issue(self._coordinator.hass, DOMAIN, issue_id)

    def _delete_issues(self) -> None:
        for issue_id in tuple(self._issues):
            self._delete_issue(issue_id)

    # Capabilities.

    def _look_at_capabilities(self, device_id: str, record: DeviceRecord) -> None:
        """Remove the entities for what two readings an hour apart both lack, be it since before the start."""
        # Only a single read tells of everything that a live device has (api §4.2).
        told = record.capabilities_at if self._coordinator.policy.sandbox else record.settings_declared_at
        if told is None or told == self._with_failure.get(device_id) or record.health is not DeviceHealth.OK:
            return
        self._with_failure[device_id] = told
        before = self._lacking.pop(device_id, {})
        registry = er.async_get(self._coordinator.hass)
        lacking: dict[_EntitySpec, datetime] = {}
        capabilities = record.reading.capabilities
        for spec in self._entity_specs[type(record.device)]:
            if spec.exists(capabilities):
                continue
            entity_id = registry.async_get_entity_id(spec.domain, DOMAIN, f"{device_id}_{spec.key}")
            if entity_id is None:
                continue
            lacking[spec] = before.get(spec, told)
            if (told - lacking[spec]).total_seconds() >= _LOST_AFTER:
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


def _relink_issue(device_id: str) -> str:
    return f"relink_device_{device_id}"
