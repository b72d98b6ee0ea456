"""Failures, actions, overrides and written settings of devices, stored over reloads and restarts (design §4).

A set-up reads lists first, and these say neither whether the manufacturer answered the last time, nor what exactly an
action was. Without what is stored a device that cannot be read would be available again until it is read, and each
reload would end an override and begin it anew.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta, tzinfo
from typing import Any, Final
from zoneinfo import ZoneInfo

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import Context, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.storage import Store
from homeassistant.util.dt import async_get_time_zone, get_default_time_zone

from ..api.models import Action
from ..const import DOMAIN, LOGGER
from ..rules import DeviceRecord
from ..rules.deliveries import DeliveryHistory
from ..rules.follow_up import FollowUp
from ..rules.merge import is_open, merge_action
from ..rules.override import OverrideDetector
from ..rules.record import NOTHING, CredentialRefusals, Failure, Written, or_oldest
from .action_events import ActionEvents
from .identity import known_devices
from .listeners import Listeners
from .state import AccountState
from .stored_device import (
    NOTHING_KEPT,
    Kept,
    StoredAccount,
    StoredContext,
    StoredDevice,
    StoredFailure,
    StoredSetting,
    parse_stored,
    to_keep,
)

_STORAGE_VERSION: Final = 1
_SAVE_DELAY: Final = 10.0
"""Seconds in which several changes are saved as one."""
_CLOCK_TOLERANCE: Final = timedelta(minutes=5)
"""By how much two servers of the service may disagree on the time; what lies further ahead is of another clock."""


class AccountStore:
    """Stores what lists do not say of the devices of an account."""

    def __init__(self, state: AccountState, action_events: ActionEvents) -> None:
        """Start empty, until it is loaded."""
        self._state = state
        self._action_events = action_events
        self._store = _store(state.hass, state.entry)
        self._stored: dict[str, StoredDevice] = {}
        """Of devices that no list has shown since the start."""
        self._kept: dict[str, Kept] = {}
        self._overrides: dict[str, OverrideDetector] = {}
        self._follow_ups: dict[str, tuple[FollowUp, ...]] = {}
        self._windows: dict[str, frozenset[str]] = {}
        self._restored: dict[str, Mapping[str, Action]] = {}
        self._zones: dict[str, ZoneInfo] = {}
        self.deliveries = DeliveryHistory()
        """What is remembered of deliveries to the webhook."""
        self._is_saved = True
        self.zone_listeners = Listeners[str]()
        """Called with the id of a device whose plant was found to be in another zone."""
        state.removal_listeners.add(self._remove)

    async def async_load(self) -> None:
        """Load what was stored; what changed since is saved when the account is unloaded, if not before."""
        entry = self._state.entry
        known = known_devices(self._state.hass, entry)
        document = await self._async_read()
        devices, account = document.get("devices"), parse_stored(StoredAccount, document)
        self.deliveries = account.deliveries if account else DeliveryHistory()
        self._stored = {
            device_id: device
            for device_id, raw in (devices.items() if isinstance(devices, dict) else ())
            if device_id in known and (device := parse_stored(StoredDevice, raw)) is not None
        }
        for device_id, stored in self._stored.items():
            detector = OverrideDetector(overridden=stored.overridden, since=stored.contradicted_since)
            self._overrides[device_id] = detector
            if stored.follow_ups:
                self._follow_ups[device_id] = stored.follow_ups
            if stored.windows:
                self._windows[device_id] = frozenset(stored.windows)
            if stored.actions:
                self._restored[device_id] = {action.id: action for action in stored.actions}
            if stored.plant_zone and isinstance(zone := await async_get_time_zone(stored.plant_zone), ZoneInfo):
                self._zones[device_id] = zone
            for action_id, context in stored.contexts.items():
                self._action_events.set_context(action_id, Context(**context.model_dump()))
        entry.async_on_unload(self.async_save)

    @callback
    def restore(self, record: DeviceRecord) -> DeviceRecord:
        """Return what is known of a device that a list shows for the first time, and what was known of it before."""
        if (stored := self._stored.pop(record.device.id, None)) is None:
            return record
        actions = record.actions
        for action in stored.actions:
            actions = merge_action(actions, action)
        written = {name: Written(value=each.value, written_at=each.written_at) for name, each in stored.written.items()}
        record = replace(record, actions=actions, written=written or NOTHING)
        if (refusals := stored.refusals) is not None:
            record = replace(record, credential_refusals=CredentialRefusals(code=refusals.code, times=refusals.times))
        if (failure := stored.failure) is None or _is_of_another_clock(failure, record):
            return record
        failures = (record.failure, Failure(failed_at=failure.failed_at, code=failure.code))
        return replace(
            record,
            failure=max(filter(None, failures), key=lambda each: or_oldest(each.failed_at)),
            recovered_after=max(record.recovered_after, failure.recovered_after, key=or_oldest),
        )

    @callback
    def take_restored_actions(self, device_id: str) -> Mapping[str, Action]:
        """Return the actions of a device as they were known before the start; once, since later ones are news."""
        return self._restored.pop(device_id, NOTHING)

    @callback
    def evaluate_override(self, record: DeviceRecord) -> bool | None:
        """Apply a reading and return whether the device is overridden; None when that is unknown."""
        if self._state.policy.sandbox or not record.actions:
            return False  # commands are the device there (api §11.1), and without one there is nothing to override
        detector = self._overrides.setdefault(record.device.id, OverrideDetector())
        before = detector.overridden, detector.since
        overridden = detector.update(record)
        if (detector.overridden, detector.since) != before:
            self._save_later()
        return overridden

    @property
    def follow_ups(self) -> Mapping[str, tuple[FollowUp, ...]]:
        """The commands that are to follow windows, by device id."""
        return self._follow_ups

    @callback
    def set_follow_ups(self, device_id: str, follow_ups: tuple[FollowUp, ...]) -> None:
        """Store the commands that are to follow windows of a device."""
        self._follow_ups[device_id] = follow_ups
        if not follow_ups:
            del self._follow_ups[device_id]
        self._save_later()

    def windows(self, device_id: str) -> frozenset[str]:
        """Return the actions of a device whose windows have not ended, as far as is known."""
        return self._windows.get(device_id, frozenset())

    @callback
    def set_windows(self, device_id: str, action_ids: frozenset[str]) -> None:
        """Store which windows of a device have not ended."""
        if action_ids == self.windows(device_id):
            return
        self._windows[device_id] = action_ids
        if not action_ids:
            del self._windows[device_id]
        self._save_later()

    def plant_zone(self, device_id: str) -> tzinfo:
        """Return the zone of a device's plant: Home Assistant's until Amps shows another one (api §15.3 #33)."""
        return self._zones.get(device_id) or get_default_time_zone()

    @callback
    def set_plant_zone(self, device_id: str, zone: ZoneInfo) -> None:
        """Store the zone of a device's plant."""
        self._zones[device_id] = zone
        self._save_later()
        self.zone_listeners.notify(device_id)

    @callback
    def set_deliveries(self, deliveries: DeliveryHistory) -> None:
        """Store what is to be remembered of deliveries to the webhook."""
        self.deliveries = deliveries
        self._save_later()

    @callback
    def _remove(self, device_id: str) -> None:
        for each in self._by_device:
            each.pop(device_id, None)
        self._save_later()

    @callback
    def clear(self) -> None:
        """Forget all devices, and what was delivered about them."""
        self.deliveries = DeliveryHistory()
        for each in self._by_device:
            each.clear()
        self._save_later()

    @property
    def _by_device(self) -> tuple[dict[str, Any], ...]:
        return (
            self._stored,
            self._kept,
            self._overrides,
            self._follow_ups,
            self._windows,
            self._restored,
            self._zones,
        )

    @callback
    def on_change(self, _before: Mapping[str, DeviceRecord], changed: Mapping[str, DeviceRecord]) -> None:
        """Save what is to be stored of records that changed."""
        now = self._state.service_time()
        for device_id, record in changed.items():
            kept = to_keep(record, self.windows(device_id), now)
            if kept != self._kept.get(device_id, NOTHING_KEPT):
                self._kept[device_id] = kept
                self._save_later()

    async def _async_read(self) -> Mapping[str, Any]:
        """Return the document that was stored; one that cannot be used counts as empty."""
        try:
            document = await self._store.async_load()
        except HomeAssistantError as err:
            LOGGER.warning("%s: what was stored of its devices cannot be used: %s", self._state.name, err)
            return {}
        return document if isinstance(document, dict) else {}

    def _save_later(self) -> None:
        if not self._is_saved:
            return  # each call would put off what is to be saved already
        self._is_saved = False
        self._store.async_delay_save(self._document, _SAVE_DELAY)

    async def async_save(self) -> None:
        """Save at once what changed, so that it outlives a power cut."""
        if not self._is_saved:
            await self._store.async_save(self._document())

    def _document(self) -> dict[str, Any]:
        """Return what is to be kept; of devices that no list has shown yet what was kept before."""
        self._is_saved = True
        devices = self._state.devices.keys()
        known = {device_id for each in self._by_device for device_id in each}
        present = {device_id: self._device(device_id) for device_id in devices & known}
        return {
            **StoredAccount(deliveries=self.deliveries).model_dump(mode="json"),
            "devices": {
                device_id: device.model_dump(mode="json", by_alias=True, exclude_unset=True)
                for device_id, device in {**self._stored, **present}.items()
            },
        }

    def _device(self, device_id: str) -> StoredDevice:
        kept = self._kept.get(device_id, NOTHING_KEPT)
        detector = self._overrides.get(device_id, OverrideDetector())
        windows = self.windows(device_id)
        contexts = {
            each.id: self._action_events.context_for(each.id)
            for each in kept.actions
            if is_open(each) or each.id in windows
        }
        return StoredDevice(
            failure=kept.failure,
            refusals=kept.refusals,
            actions=kept.actions,
            contexts={
                action_id: StoredContext(id=context.id, user_id=context.user_id, parent_id=context.parent_id)
                for action_id, context in contexts.items()
            },
            overridden=detector.overridden,
            contradicted_since=detector.since,
            written={
                name: StoredSetting(value=each.value, written_at=each.written_at) for name, each in kept.written.items()
            },
            follow_ups=self._follow_ups.get(device_id, ()),
            windows=tuple(sorted(windows)),
            plant_zone=zone.key if (zone := self._zones.get(device_id)) else None,
        )


async def async_remove_account_store(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Remove what was kept of an account."""
    await _store(hass, entry).async_remove()


def _store(hass: HomeAssistant, entry: ConfigEntry) -> Store[dict[str, Any]]:
    return Store(hass, _STORAGE_VERSION, f"{DOMAIN}.account.{entry.entry_id}")


def _is_of_another_clock(failure: StoredFailure, record: DeviceRecord) -> bool:
    """Return whether a failure lies ahead of the service's clock, which was put back meanwhile: it would never end."""
    served_at = record.reading.served_at
    return served_at is not None and or_oldest(failure.failed_at) > served_at + _CLOCK_TOLERANCE
