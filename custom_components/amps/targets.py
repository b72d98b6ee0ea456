"""Which devices an action is for (design §6)."""

from collections.abc import Iterator
from dataclasses import dataclass

from homeassistant.auth.permissions.const import POLICY_CONTROL
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.exceptions import ServiceValidationError, Unauthorized, UnknownUser
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.target import TargetSelection, async_extract_referenced_entity_ids

from .api.models import AnyDevice
from .const import DOMAIN
from .coordinator import AmpsConfigEntry, AmpsCoordinator


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A device of ours that an action is for."""

    coordinator: AmpsCoordinator
    device_id: str
    """Amps' id."""
    named: bool
    """Whether the caller meant this very device, by itself or by an entity, and not just its area, floor or label."""

    @property
    def device(self) -> AnyDevice:
        """The device as last read."""
        return self.coordinator.data.devices[self.device_id].device


type Targets = dict[str, Target | ServiceValidationError]
"""What to act on, or why not, by the id of Home Assistant's device (or what the caller wrote, if there is none)."""


async def async_resolve_targets(hass: HomeAssistant, call: ServiceCall) -> Targets:
    """Return the devices that an action is for.

    What the caller named and is not a loaded device of ours is an error of its own; what stands in a named area, floor
    or label and is not ours is not meant. Raises Unauthorized when the user may not control one of the devices.
    """
    selection = TargetSelection(call.data)
    selected = async_extract_referenced_entity_ids(hass, selection, primary_entities_only=False)
    entities = er.async_get(hass)

    def devices_of(entity_ids: set[str]) -> Iterator[str]:
        for entity_id in entity_ids:
            entry = entities.async_get(entity_id)
            yield entry.device_id if entry and entry.device_id else entity_id

    named = {*(selection.device_ids & selected.referenced_devices), *devices_of(selected.referenced)}
    reached = {*selected.referenced_devices, *devices_of(selected.indirectly_referenced)} - named

    targets: Targets = {}
    for registry_id in sorted(named):
        targets[registry_id] = _target(hass, registry_id, named=True)
    for registry_id in sorted(reached):
        if isinstance(target := _target(hass, registry_id, named=False), Target):
            targets[registry_id] = target
    await _async_check_permission(hass, call, [id_ for id_, target in targets.items() if isinstance(target, Target)])
    return targets


def _target(hass: HomeAssistant, registry_id: str, *, named: bool) -> Target | ServiceValidationError:
    device = dr.async_get(hass).async_get(registry_id)
    if device is None:
        return _error("device_not_found", registry_id)
    name = device.name_by_user or device.name or registry_id
    device_id = next((identifier[1] for identifier in device.identifiers if identifier[0] == DOMAIN), None)
    if device_id is None:
        return _error("not_an_amps_device", name)
    entry = _entry(hass, device)
    if entry is None or entry.state is not ConfigEntryState.LOADED:
        return _error("account_not_loaded", name)
    if device_id not in entry.runtime_data.data.devices:
        return _error("device_gone", name)
    return Target(coordinator=entry.runtime_data, device_id=device_id, named=named)


def _entry(hass: HomeAssistant, device: dr.AnyDeviceEntry) -> AmpsConfigEntry | None:
    entries = map(hass.config_entries.async_get_entry, device.config_entries)
    return next((entry for entry in entries if entry and entry.domain == DOMAIN), None)


def _error(key: str, device: str) -> ServiceValidationError:
    return ServiceValidationError(
        translation_domain=DOMAIN, translation_key=key, translation_placeholders={"device": device}
    )


async def _async_check_permission(hass: HomeAssistant, call: ServiceCall, registry_ids: list[str]) -> None:
    """Actions act on devices, which have no permissions of their own: those of their entities count."""
    if call.context.user_id is None:
        return
    if (user := await hass.auth.async_get_user(call.context.user_id)) is None:
        raise UnknownUser(context=call.context)
    entities = er.async_get(hass)
    for registry_id in registry_ids:
        for entry in er.async_entries_for_device(entities, registry_id, include_disabled_entities=True):
            if not user.permissions.check_entity(entry.entity_id, POLICY_CONTROL):
                raise Unauthorized(context=call.context, entity_id=entry.entity_id, permission=POLICY_CONTROL)
