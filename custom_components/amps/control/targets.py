"""Which devices an action is for (design §6)."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final, Protocol

from homeassistant.auth.models import User
from homeassistant.auth.permissions.const import POLICY_CONTROL
from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.const import ENTITY_MATCH_ALL, Platform
from homeassistant.core import Context, HomeAssistant, ServiceCall, callback
from homeassistant.exceptions import ServiceValidationError, Unauthorized, UnknownUser
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.target import TargetSelection, async_extract_referenced_entity_ids
from homeassistant.helpers.typing import ConfigType

from ..account.gate import is_monitor_only
from ..api.models import DEVICE_CLASSES, AnyDevice
from ..const import DOMAIN
from ..coordinator import AmpsCoordinator
from ..rules import DeviceRecord
from .errors import validation_error


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
    def record(self) -> DeviceRecord | None:
        """What is known of the device, None when it is gone."""
        return self.coordinator.state.devices.get(self.device_id)

    @property
    def device(self) -> AnyDevice | None:
        """The device as far as it is known, None when it is in no list any more."""
        record = self.record
        return record.device if record and record.missing is None else None

    def current(self) -> Target | None:
        """Return the same target by its account as it is loaded now, None when it is not: it may have been reloaded."""
        entry: ConfigEntry[_Runtime] = self.coordinator.config_entry
        return (
            replace(self, coordinator=entry.runtime_data.coordinator)
            if entry.state is ConfigEntryState.LOADED
            else None
        )

    @property
    def latest(self) -> Target:
        """The same target by its account as it is loaded now, as it was loaded last when it is not."""
        return self.current() or self


def find_device(target: Target) -> tuple[Target, DeviceRecord]:
    """Return a device that may be changed, by its account as it is loaded now, and its record.

    Raises ServiceValidationError when its account is not loaded or only monitors, or when the device is gone.
    """
    if (current := target.current()) is None:
        raise validation_error(key="account_not_loaded", device=target.name)
    entry = current.coordinator.config_entry
    if is_monitor_only(entry):
        raise validation_error(key="monitor_only", device=target.name, account=entry.title)
    record = current.record
    if record is None or record.missing is not None:
        raise validation_error(key="device_gone", device=target.name)
    return current, record


type Targets = dict[str, Target | ServiceValidationError]
"""What to act on, or why not, by the id of Home Assistant's device (or what the caller wrote, if there is none)."""

_CONTROL_DOMAINS: Final = frozenset(
    {Platform.BUTTON, Platform.CLIMATE, Platform.NUMBER, Platform.SELECT, Platform.SWITCH}
)
_DOMAINS_OF_COMMANDS: Final = frozenset({Platform.CLIMATE, Platform.EVENT, Platform.NUMBER, Platform.SELECT})
"""Entities that only devices have which take commands or settings; in monitor-only mode some of them stay."""


@dataclass(slots=True)
class _Selected:
    """How a caller selected a device."""

    by_itself: bool = False
    entity_ids: set[str] = field(default_factory=set)
    """The entities of it that were named."""

    @property
    def named(self) -> bool:
        """Whether the caller meant this very device, and not just its area, floor or label."""
        return self.by_itself or bool(self.entity_ids)


async def async_resolve_targets(call: ServiceCall, policy: str = POLICY_CONTROL) -> Targets:
    """Return the devices that an action is for.

    What the caller named and is not a loaded device of ours is an error of its own; what stands in a named area, floor
    or label and is not ours, not permitted, or of no use to the action, is not meant. Raises Unauthorized when the
    caller lacks the permission for what was named, or for all that was reached.
    """
    hass = call.hass
    selected = _selected_devices(hass, TargetSelection(call.data))
    targets: Targets = {
        id_: target
        for id_, each in sorted(selected.items())
        if (target := _resolved(hass, id_, policy, named=each.named)) is not None
    }
    if (user := await _async_restricted_user(hass, call.context)) is None:
        return targets
    denied: str | None = None
    for id_ in [id_ for id_, target in targets.items() if isinstance(target, Target)]:
        if (entity_id := _denied_entity(hass, user, id_, selected[id_], policy)) is None:
            continue
        if selected[id_].named:
            raise Unauthorized(context=call.context, entity_id=entity_id, permission=policy)
        denied = entity_id
        del targets[id_]
    if denied is not None and not targets:
        raise Unauthorized(context=call.context, entity_id=denied, permission=policy)
    return targets


@callback
def devices_of_target(hass: HomeAssistant, target: ConfigType) -> Targets:
    """Return the enabled devices of ours that the target of a trigger or a condition selects as of now.

    One whose account is not loaded, or that is gone, is an error.
    """
    selected = _selected_devices(hass, TargetSelection(target))
    return {id_: _target(hass, id_, named=False) for id_ in selected if _is_ours_and_enabled(hass, id_)}


async def async_check_permission(
    hass: HomeAssistant, context: Context, registry_id: str, policy: str = POLICY_CONTROL
) -> None:
    """Raise Unauthorized unless the caller may control a device, or read it."""
    if (user := await _async_restricted_user(hass, context)) is None:
        return
    entity_id = _denied_entity(hass, user, registry_id, _Selected(by_itself=True), policy)
    if entity_id is not None:
        raise Unauthorized(context=context, entity_id=entity_id, permission=policy)


def all_targets(hass: HomeAssistant) -> Iterator[tuple[str, Target | ServiceValidationError]]:
    """Yield all enabled devices of ours as if each had been named, by the ids of Home Assistant."""
    for registry_id in sorted(_all_devices(hass)):
        if _is_ours_and_enabled(hass, registry_id):
            yield registry_id, _target(hass, registry_id, named=True)


def find_action_targets(hass: HomeAssistant, action_id: str) -> Iterator[tuple[str, Target]]:
    """Yield the devices of all loaded accounts that are known to have an action, by the ids of Home Assistant."""
    for registry_id, target in all_targets(hass):
        if isinstance(target, Target) and action_id in target.coordinator.state.devices[target.device_id].actions:
            yield registry_id, target


def _all_devices(hass: HomeAssistant) -> set[str]:
    registry = dr.async_get(hass)
    entries = hass.config_entries.async_entries(DOMAIN)
    return {device.id for entry in entries for device in dr.async_entries_for_config_entry(registry, entry.entry_id)}


def _selected_devices(hass: HomeAssistant, selection: TargetSelection) -> dict[str, _Selected]:
    """Return the devices that were selected and not excluded, by the ids of Home Assistant, each with how.

    To exclude an entity excludes its device, as to name it names that.
    """
    selected = _included_devices(hass, selection)
    exclude: TargetSelection | None = getattr(selection, "exclude", None)  # Home Assistant 2026.10 has none
    if exclude is None:
        return selected
    excluded = _included_devices(hass, exclude)
    return {id_: each for id_, each in selected.items() if id_ not in excluded}


def _included_devices(hass: HomeAssistant, selection: TargetSelection) -> dict[str, _Selected]:
    """Return the devices that a selection leads to, whatever it excludes."""
    if ENTITY_MATCH_ALL in selection.entity_ids:
        return {id_: _Selected() for id_ in _all_devices(hass)}
    found = async_extract_referenced_entity_ids(hass, selection, primary_entities_only=False)
    registry = er.async_get(hass)
    selected: defaultdict[str, _Selected] = defaultdict(_Selected)

    def device_of(entity_id: str) -> str:
        entry = registry.async_get(entity_id)
        return entry.device_id if entry and entry.device_id else entity_id

    for id_ in found.referenced_devices:
        selected[id_].by_itself = id_ in selection.device_ids
    for entity_id in found.referenced:
        selected[device_of(entity_id)].entity_ids.add(entity_id)
    for entity_id in found.indirectly_referenced:
        _ = selected[device_of(entity_id)]
    return selected


async def _async_restricted_user(hass: HomeAssistant, context: Context) -> User | None:
    """Return the user who calls, None for one who may do everything, such as an automation."""
    if context.user_id is None:
        return None
    if (user := await hass.auth.async_get_user(context.user_id)) is None:
        raise UnknownUser(context=context)
    return None if user.is_admin else user


def _denied_entity(hass: HomeAssistant, user: User, registry_id: str, selected: _Selected, policy: str) -> str | None:
    """Return an entity that keeps a user from a device, None if there is none.

    Actions act on devices, which have no permissions of their own: those of the entities that were named count, else
    those of all its enabled controls (design §6).
    """
    entity_ids = (
        selected.entity_ids if selected.entity_ids and not selected.by_itself else _enabled(hass, registry_id, policy)
    )
    if not entity_ids:
        return registry_id  # without any entity there is no permission that could be given
    return next((each for each in sorted(entity_ids) if not user.permissions.check_entity(each, policy)), None)


def _enabled(hass: HomeAssistant, registry_id: str, policy: str) -> list[str]:
    """Return the enabled entities of a device that a policy is about: to control it, its controls if it has any."""
    enabled = er.async_entries_for_device(er.async_get(hass), registry_id)
    controls = [each for each in enabled if each.domain in _CONTROL_DOMAINS]
    return [each.entity_id for each in (controls if controls and policy == POLICY_CONTROL else enabled)]


def _resolved(
    hass: HomeAssistant, registry_id: str, policy: str, *, named: bool
) -> Target | ServiceValidationError | None:
    """Return a device that was selected, or why there is none; None where it was only reached and is not meant.

    What a device takes of which nothing is known now, since its list could not be read, say, its entities tell.
    """
    if not (named or _is_ours_and_enabled(hass, registry_id)):
        return None
    target = _target(hass, registry_id, named=named)
    if named or isinstance(target, Target) or policy != POLICY_CONTROL:
        return target
    entities = er.async_entries_for_device(er.async_get(hass), registry_id, include_disabled_entities=True)
    return target if any(each.domain in _DOMAINS_OF_COMMANDS for each in entities) else None


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
        return validation_error(key="device_not_found", device=registry_id)
    name = device.name_by_user or device.name or registry_id
    device_id, entry_id = _amps_id(device), device.config_entry_id
    entry: ConfigEntry[_Runtime] | None = hass.config_entries.async_get_entry(entry_id) if entry_id else None
    if device_id is None or entry is None:
        return validation_error(key="not_an_amps_device", device=name)
    if device.disabled:
        return validation_error(key="device_disabled", device=name)
    if entry.state is not ConfigEntryState.LOADED:
        return validation_error(key="account_not_loaded", device=name)
    state = entry.runtime_data.coordinator.state
    if device_id not in state.devices:
        is_gone = all(each in state.list_times for each in DEVICE_CLASSES)
        return validation_error(key="device_gone" if is_gone else "device_not_read_yet", device=name)
    return Target(coordinator=entry.runtime_data.coordinator, device_id=device_id, name=name, named=named)
