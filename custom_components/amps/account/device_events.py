"""What happens to the devices of an account, as triggers of automations say it (design §7).

It is sent by the dispatcher of Home Assistant, so that a trigger needs no account that is loaded.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from homeassistant.const import ATTR_DEVICE_ID, ATTR_ENTITY_ID, Platform
from homeassistant.core import Context, callback
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.util.signal_type import SignalType

from ..api.models import Action, ActionState
from ..const import DOMAIN
from ..rules import DeviceHealth, DeviceRecord
from ..rules.effective import standing_action
from .action_events import KEY_ACTION, ActionEvents, event_data, parameters_data
from .action_texts import command_text, text
from .state import AccountState
from .store import AccountStore


class DeviceEventType(StrEnum):
    """What can happen to a device; each is a trigger of that name."""

    COMMAND_FAILED = "command_failed"
    COMMAND_COMPLETED = "command_completed"
    WINDOW_STARTED = "window_started"
    WINDOW_ENDED = "window_ended"
    OVERRIDDEN = "overridden"
    DATA_STALE = "data_stale"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceEvent:
    """Something that happened to a device."""

    type: DeviceEventType
    registry_id: str
    """The id of Home Assistant's device."""
    command: str | None
    """The command that it is about."""
    data: Mapping[str, object]
    """What templates of an automation are given."""
    description: str
    """It in words, in the language of Home Assistant."""
    context: Context | None
    """The one of whoever asked for the command."""


SIGNAL_DEVICE_EVENT: Final[SignalType[DeviceEvent]] = SignalType(f"{DOMAIN}_device_event")

_ENTITIES: Final[Mapping[DeviceEventType, tuple[Platform, str]]] = {
    DeviceEventType.OVERRIDDEN: (Platform.BINARY_SENSOR, "overridden"),
    DeviceEventType.DATA_STALE: (Platform.BINARY_SENSOR, "reachable"),
}
"""The entity that shows it, by platform and key; all others are shown by the event entity of actions."""
_BY_STATE: Final[Mapping[ActionState, DeviceEventType]] = {
    ActionState.FAILED: DeviceEventType.COMMAND_FAILED,
    ActionState.COMPLETED: DeviceEventType.COMMAND_COMPLETED,
}


class _Shown(NamedTuple):
    """What entities show of a device."""

    available: bool
    overridden: bool | None
    """None is unknown, as it is while the device is not available."""


class DeviceEvents:
    """Sends the events of the devices of an account, each after the states that it is about."""

    def __init__(self, state: AccountState, store: AccountStore, action_events: ActionEvents) -> None:
        """Listen until the account is unloaded."""
        self._state = state
        self._store = store
        self._action_events = action_events
        self._shown: dict[str, _Shown] = {}
        for remove in (
            action_events.listeners.add(self._on_action),
            state.shown_listeners.add(self._on_shown),
        ):
            state.entry.async_on_unload(remove)

    @callback
    def _on_action(self, device_id: str, action: Action) -> None:
        """Send that a command came to its end."""
        if action.state is not None and (event_type := _BY_STATE.get(action.state)) is not None:
            self.send(event_type, device_id, action)

    @callback
    def _on_shown(self, device_ids: Collection[str]) -> None:
        for device_id in device_ids:
            self._evaluate(device_id)

    def _evaluate(self, device_id: str) -> None:
        """Send that readings ceased to be authoritative, or that somebody overrode a command.

        The first that is known of a device after a start says nothing about when that came to be, and neither does what
        follows a time in which it was unknown.
        """
        before = self._shown.get(device_id)
        if (record := self._state.devices.get(device_id)) is None:
            self._shown.pop(device_id, None)
            return
        available = device_id in self._state.available
        overridden = self._store.evaluate_override(record) if available else None
        if before == (available, overridden):
            return
        now = self._shown[device_id] = _Shown(available, overridden)
        if before is None:
            return
        if before.available and not now.available:
            self.send(DeviceEventType.DATA_STALE, device_id, reason=_stale_reason(record))
        elif before.overridden is False and now.overridden:
            self._send_override(device_id, record)

    def _send_override(self, device_id: str, record: DeviceRecord) -> None:
        """Send which command is overridden: none any more where a reading of its window comes after the end of it."""
        if (action := standing_action(record.actions, self._state.service_time())) is not None:
            self.send(DeviceEventType.OVERRIDDEN, device_id, action)

    @callback
    def send(
        self, event_type: DeviceEventType, device_id: str, action: Action | None = None, reason: str | None = None
    ) -> None:
        """Send an event of a device; one that is disabled is in no target."""
        state = self._state
        if (device := self._registered(device_id)) is None:
            return
        platform, key = _ENTITIES.get(event_type, (Platform.EVENT, KEY_ACTION))
        data: dict[str, object] = {
            ATTR_DEVICE_ID: device.id,
            ATTR_ENTITY_ID: er.async_get(state.hass).async_get_entity_id(platform, DOMAIN, f"{device_id}_{key}"),
        }
        context = None
        if action is not None:
            data |= event_data(action) | {"state": action.state, "start": action.start, "end": action.end}
            if event_type is not DeviceEventType.OVERRIDDEN:  # which is what somebody else did
                context = self._action_events.context_for(action.id)
        if reason is not None:
            data["reason"] = reason
        async_dispatcher_send(
            state.hass,
            SIGNAL_DEVICE_EVENT,
            DeviceEvent(
                type=event_type,
                registry_id=device.id,
                command=None if action is None else action.command,
                data=data,
                description=self._description(event_type, device, action),
                context=context,
            ),
        )

    def _description(self, event_type: DeviceEventType, device: dr.DeviceEntry, action: Action | None) -> str:
        hass, command = self._state.hass, ""
        if action is not None:
            command = command_text(hass, "command", action.command, parameters_data(action))
        name = device.name_by_user or device.name or ""
        return text(hass, f"trigger_{event_type}", device=name, command=command) or event_type.value

    def _registered(self, device_id: str) -> dr.DeviceEntry | None:
        entry_id = self._state.entry.entry_id
        found = dr.async_get(self._state.hass).async_get_devices(identifiers={(DOMAIN, device_id)})
        return next((device for device in found if device.config_entry_id == entry_id), None)


def _stale_reason(record: DeviceRecord) -> str:
    """Return why the readings of a device are not authoritative: Amps' code of a permanent error, or a slug."""
    if record.missing is not None:
        return "missing"
    if record.health is DeviceHealth.OK:
        return "too_old"
    return record.error_code or record.health.value
