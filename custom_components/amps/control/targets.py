"""Which devices an action is for (design §6)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Protocol

from homeassistant.auth.permissions.const import POLICY_CONTROL
from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.const import ENTITY_MATCH_ALL
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.exceptions import ServiceValidationError, Unauthorized, UnknownUser
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.target import TargetSelection, async_extract_referenced_entity_ids

from ..api.models import AnyDevice
from ..const import DOMAIN
from ..coordinator import AmpsCoordinator


class _Runtime(Protocol):
    """What is used here of a loaded account."""

    @property
    def coordinator(self) -> AmpsCoordinator:
        """Its coordinator."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A device of ours that an action is for."""

    coordinator: AmpsCoordinator
    device_id: str
    """Amps' id."""
    name: str
    """What the user calls the device."""
    named: bool
    """Whether the caller meant this very device, by itself or by an entity, and not just its area, floor or label."""

    @property
    def device(self) -> AnyDevice | None:
        """The device as far as it is known, None when it is in no list any more."""
        record = self.coordinator.state.devices.get(self.device_id)
        return record.device if record and record.missing is None else None

    def current(self) -> Target | None:
        """Return the same target by its account as it is loaded now, None when it is not: it may have been reloaded."""
        entry: ConfigEntry[_Runtime] = self.coordinator.config_entry
        return (
            replace(self, coordinator=entry.runtime_data.coordinator)
            if entry.state is ConfigEntryState.LOADED
            else None
        )


type Targets = dict[str, Target | ServiceValidationError]
"""What to act on, or why not, by the id of Home Assistant's device (or what the caller wrote, if there is none)."""


async def async_resolve_targets(call: ServiceCall, policy: str = POLICY_CONTROL) -> Targets:
    """Return the devices that an action is for.

    What the caller named and is not a loaded device of ours is an error of its own; what stands in a named area, floor
    or label and is not ours is not meant. Raises Unauthorized when the policy keeps one of the devices from the user.
    """
    hass, selection = call.hass, TargetSelection(call.data)
    if ENTITY_MATCH_ALL in selection.entity_ids:
        named, reached = set[str](), _all_devices(hass)
    else:
        named, reached = _selected_devices(hass, selection)
    targets: Targets = {id_: _target(hass, id_, named=True) for id_ in sorted(named)}
    targets |= {
        id_: _target(hass, id_, named=False) for id_ in sorted(reached - named) if _is_ours_and_enabled(hass, id_)
    }
    ours = [id_ for id_, target in targets.items() if isinstance(target, Target)]
    await _async_check_permission(call, ours, policy)
    return targets


def _all_devices(hass: HomeAssistant) -> set[str]:
    registry = dr.async_get(hass)
    entries = hass.config_entries.async_entries(DOMAIN)
    return {device.id for entry in entries for device in dr.async_entries_for_config_entry(registry, entry.entry_id)}


def _selected_devices(hass: HomeAssistant, selection: TargetSelection) -> tuple[set[str], set[str]]:
    """Return the devices that were named, by themselves or by an entity, and all that were reached."""
    selected = async_extract_referenced_entity_ids(hass, selection, primary_entities_only=False)
    entities = er.async_get(hass)

    def devices_of(entity_ids: set[str]) -> Iterator[str]:
        for entity_id in entity_ids:
            entry = entities.async_get(entity_id)
            yield entry.device_id if entry and entry.device_id else entity_id

    named = {*(selection.device_ids & selected.referenced_devices), *devices_of(selected.referenced)}
    return named, {*selected.referenced_devices, *devices_of(selected.indirectly_referenced)}


def _is_ours_and_enabled(hass: HomeAssistant, registry_id: str) -> bool:
    device = dr.async_get(hass).async_get(registry_id)
    return device is not None and _amps_id(device) is not None and not device.disabled


def _amps_id(device: dr.AnyDeviceEntry) -> str | None:
    """Return Amps' id of a device; the account itself is none."""
    if isinstance(device, dr.DeviceEntry) and device.entry_type is dr.DeviceEntryType.SERVICE:
        return None
    return next((identifier[1] for identifier in device.identifiers if identifier[0] == DOMAIN), None)


def _target(hass: HomeAssistant, registry_id: str, *, named: bool) -> Target | ServiceValidationError:
    device = dr.async_get(hass).async_get(registry_id)
    if device is None:
        return _error("device_not_found", registry_id)
    name = device.name_by_user or device.name or registry_id
    device_id, entry_id = _amps_id(device), device.config_entry_id
    entry: ConfigEntry[_Runtime] | None = hass.config_entries.async_get_entry(entry_id) if entry_id else None
    if device_id is None or entry is None:
        return _error("not_an_amps_device", name)
    if device.disabled:
        return _error("device_disabled", name)
    if entry.state is not ConfigEntryState.LOADED:
        return _error("account_not_loaded", name)
    if device_id not in entry.runtime_data.coordinator.state.devices:
        return _error("device_gone", name)
    return Target(coordinator=entry.runtime_data.coordinator, device_id=device_id, name=name, named=named)


def _error(key: str, device: str) -> ServiceValidationError:
    return ServiceValidationError(
        translation_domain=DOMAIN, translation_key=key, translation_placeholders={"device": device}
    )


async def _async_check_permission(call: ServiceCall, registry_ids: list[str], policy: str) -> None:
    """Actions act on devices, which have no permissions of their own: those of their entities count."""
    if call.context.user_id is None:
        return
    if (user := await call.hass.auth.async_get_user(call.context.user_id)) is None:
        raise UnknownUser(context=call.context)
    entities = er.async_get(call.hass)
    for registry_id in registry_ids:
        for entry in er.async_entries_for_device(entities, registry_id, include_disabled_entities=True):
            if not user.permissions.check_entity(entry.entity_id, policy):
                raise Unauthorized(context=call.context, entity_id=entry.entity_id, permission=policy)
