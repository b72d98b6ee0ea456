"""Which account, and which type of device, an id belongs to (design §3).

An id stands for one device in all of Home Assistant, and with a key for one entity. What comes a second time, under
another type or in another account's list, is left to the first for as long as that has it. Then the other takes the
device over, with all that a person has set about it.
"""

from collections.abc import Iterator, Set as AbstractSet
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

from homeassistant.config_entries import SIGNAL_CONFIG_ENTRY_CHANGED, ConfigEntry, ConfigEntryChange, ConfigEntryState
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.dispatcher import async_dispatcher_connect, async_dispatcher_send
from homeassistant.helpers.typing import UNDEFINED
from homeassistant.util.hass_dict import HassKey

from ..api import ListPage
from ..api.models import AnyDevice
from ..const import DOMAIN, LOGGER, signal_devices_released

AMBIGUOUS_ENDINGS: Final = ("_charge", "_discharge")
"""What an id may be longer than another by so that both have the same entity: `<id>_charge` + `_power` and
`<id>` + `_charge_power` are one."""


class Owner(NamedTuple):
    """Who has a device: the list of a type in an account."""

    entry_id: str
    device_class: type[AnyDevice]


@dataclass(frozen=True, slots=True)
class _Claims:
    """Which list has which device, in all of Home Assistant."""

    owners: dict[str, Owner] = field(default_factory=dict)
    """By device id."""
    left_out: dict[Owner, set[str]] = field(default_factory=dict)
    """By list, the devices that it shows though they belong to another one."""


_CLAIMS: Final[HassKey[_Claims]] = HassKey(f"{DOMAIN}_device_claims")


@callback
def async_setup_claims(hass: HomeAssistant) -> None:
    """Release from now on the devices of accounts that are removed or disabled."""

    @callback
    def on_entry_changed(_change: ConfigEntryChange, entry: ConfigEntry) -> None:
        if entry.domain == DOMAIN and _is_gone(hass, entry.entry_id):
            _release_all(hass, entry.entry_id)

    async_dispatcher_connect(hass, SIGNAL_CONFIG_ENTRY_CHANGED, on_entry_changed)


@callback
def claim_devices(
    hass: HomeAssistant, entry: ConfigEntry, device_class: type[AnyDevice], listing: ListPage
) -> ListPage:
    """Return a list without what belongs to another account or type; what belongs to none belongs to it from now on."""
    claims, owner = _claims(hass), Owner(entry.entry_id, device_class)
    before = claims.left_out.pop(owner, frozenset[str]())
    foreign: set[str] = set()
    for device_id in listing.device_ids:
        if claims.owners.get(device_id) == owner:
            continue
        if (reason := _validation_error(hass, claims, owner, device_id)) is None:
            _move(hass, device_id, entry.entry_id)
            claims.owners[device_id] = owner
            continue
        if device_id not in before | foreign:
            text = "%s: device %.100r of type %s is left out: %s"
            LOGGER.warning(text, entry.title, device_id, device_class.label, reason)
        foreign.add(device_id)
    if not foreign:
        return listing
    claims.left_out[owner] = foreign
    kept = [item for item in listing.items if not isinstance(item, dict) or str(item.get("id")) not in foreign]
    return replace(listing, items=kept)


@callback
def is_leaving_out(hass: HomeAssistant, entry: ConfigEntry, device_class: type[AnyDevice]) -> bool:
    """Return whether the last list of a type had devices that belong to another account or type."""
    return Owner(entry.entry_id, device_class) in _claims(hass).left_out


@callback
def release_device(hass: HomeAssistant, entry: ConfigEntry, device_id: str) -> None:
    """Release a device that an account does not have any more."""
    owner = _claims(hass).owners.get(device_id)
    if owner is not None and owner.entry_id == entry.entry_id:
        _release(hass, {device_id})


@callback
def left_to_others(hass: HomeAssistant, entry: ConfigEntry) -> AbstractSet[str]:
    """Return the devices that an account shows and leaves to others."""
    left_out = _claims(hass).left_out
    return frozenset().union(*(ids for owner, ids in left_out.items() if owner.entry_id == entry.entry_id))


def _claims(hass: HomeAssistant) -> _Claims:
    return hass.data.setdefault(_CLAIMS, _Claims())


def _validation_error(hass: HomeAssistant, claims: _Claims, owner: Owner, device_id: str) -> str | None:
    """Return why a list may not have a device, None if it may."""
    if hass.config_entries.async_get_entry(device_id) is not None:
        return "an account has this id"
    current = claims.owners.get(device_id)
    if current is not None and current.entry_id == owner.entry_id:
        return f"it is already there as one of type {current.device_class.label}"
    for holder in _holders(hass, claims, device_id):
        if holder != owner.entry_id:
            return f"it already belongs to {_title(hass, holder)}"
    for other in _similar(device_id):
        if any(_holders(hass, claims, other)):
            return f"its entities could not be told from those of device {other!r:.100}"
    return None


def _holders(hass: HomeAssistant, claims: _Claims, device_id: str) -> Iterator[str]:
    """Yield the entries that have a device: now, or when they were last set up."""
    if (current := claims.owners.get(device_id)) is not None and not _is_gone(hass, current.entry_id):
        yield current.entry_id
    for device in dr.async_get(hass).async_get_devices(identifiers={(DOMAIN, device_id)}):
        if not _is_gone(hass, device.config_entry_id):
            yield device.config_entry_id


def _similar(device_id: str) -> Iterator[str]:
    for ending in AMBIGUOUS_ENDINGS:
        yield f"{device_id}{ending}"
        if device_id.endswith(ending):
            yield device_id.removesuffix(ending)


def _is_gone(hass: HomeAssistant, entry_id: str) -> bool:
    """Return whether an account has no devices any more: it is removed or disabled.

    One that is merely not loaded, since it is reloaded or its set-up failed, will have its devices again.
    """
    entry = hass.config_entries.async_get_entry(entry_id)
    return entry is None or (entry.disabled_by is not None and entry.state is ConfigEntryState.NOT_LOADED)


def _title(hass: HomeAssistant, entry_id: str) -> str:
    entry = hass.config_entries.async_get_entry(entry_id)
    return entry.title if entry else entry_id


def _release_all(hass: HomeAssistant, entry_id: str) -> None:
    """Release all devices of an account."""
    claims = _claims(hass)
    for owner in [owner for owner in claims.left_out if owner.entry_id == entry_id]:
        del claims.left_out[owner]
    _release(hass, {device_id for device_id, owner in claims.owners.items() if owner.entry_id == entry_id})


def _release(hass: HomeAssistant, device_ids: AbstractSet[str]) -> None:
    """Release devices, and have the accounts read their lists that show one of them, too."""
    claims = _claims(hass)
    for device_id in device_ids:
        del claims.owners[device_id]
    new_owner_ids: set[str] = set()
    for owner, left_out in claims.left_out.items():
        entry = hass.config_entries.async_get_entry(owner.entry_id)
        if entry is None or entry.state is not ConfigEntryState.LOADED:
            continue
        for device_id in left_out & device_ids:
            # Now, before Home Assistant disables what belongs to an account that is disabled.
            _move(hass, device_id, owner.entry_id)
            new_owner_ids.add(owner.entry_id)
    for entry_id in new_owner_ids:
        async_dispatcher_send(hass, signal_devices_released(entry_id))


def _move(hass: HomeAssistant, device_id: str, entry_id: str) -> None:
    """Let an account have a device of one that is gone, with its entities: names, areas and history stay."""
    devices, entities = dr.async_get(hass), er.async_get(hass)
    for device in devices.async_get_devices(identifiers={(DOMAIN, device_id)}):
        if device.config_entry_id == entry_id or not _is_gone(hass, device.config_entry_id):
            continue
        for entity in er.async_entries_for_device(entities, device.id, include_disabled_entities=True):
            if entity.config_entry_id != device.config_entry_id:
                continue
            with_account = entity.disabled_by is er.RegistryEntryDisabler.CONFIG_ENTRY
            entities.async_update_entity(
                entity.entity_id, config_entry_id=entry_id, disabled_by=None if with_account else UNDEFINED
            )
        devices.async_update_device(device.id, new_config_entry_id=entry_id)
