"""The calendar of an account: its scheduled actions, running windows and those that have ended (design §5)."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final, override

from homeassistant.components.calendar import (
    CalendarEntity,
    CalendarEntityDescription,
    CalendarEntityFeature,
    CalendarEvent,
)
from homeassistant.components.websocket_api import current_connection
from homeassistant.core import Context, HomeAssistant, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.util import dt as dt_util

from .account.action_events import parameters_data
from .account.action_texts import command_text, reason_text, text, time_text
from .account.gate import is_monitor_only
from .api.models import Action, ActionState
from .const import DOMAIN
from .control.cancel import async_cancel_action
from .control.targets import Target, async_check_permission
from .coordinator import AmpsCoordinator
from .entity import AmpsAccountEntity
from .rules import DeviceRecord
from .runtime import AmpsConfigEntry

PARALLEL_UPDATES = 0  # actions are cancelled in the turn of their device

SCHEDULE: Final = CalendarEntityDescription(key="schedule")
_OPEN_ENDED: Final = timedelta(minutes=1)
"""How long an action without an end lasts here: it holds until the next one, whenever that comes."""

type _Records = Mapping[str, DeviceRecord]


async def async_setup_entry(
    hass: HomeAssistant, entry: AmpsConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Set up the calendar of an account."""
    async_add_entities([AmpsCalendar(entry.runtime_data.coordinator)])


class AmpsCalendar(AmpsAccountEntity, CalendarEntity):
    """All actions with a start that are known of an account's devices, served without any request."""

    entity_description: CalendarEntityDescription

    def __init__(self, coordinator: AmpsCoordinator) -> None:
        """Offer to delete events, which cancels actions, unless the account is only monitored."""
        super().__init__(coordinator, SCHEDULE)
        self._state = coordinator.state
        if not is_monitor_only(coordinator.config_entry):
            self._attr_supported_features = CalendarEntityFeature.DELETE_EVENT

    @property
    @override
    def event(self) -> CalendarEvent | None:
        return self._next_event(self._state.devices)

    @override
    async def async_get_events(
        self, hass: HomeAssistant, start_date: datetime, end_date: datetime
    ) -> list[CalendarEvent]:
        return [
            self._event(device_id, action, start)
            for start, device_id, action in sorted(self._actions(self._state.devices), key=lambda each: each[:2])
            if start < end_date and _end(action, start) > start_date
        ]

    @override
    async def async_delete_event(
        self, uid: str, recurrence_id: str | None = None, recurrence_range: str | None = None
    ) -> None:
        """Cancel an action, which has to be scheduled still.

        Home Assistant has checked that the user may control the calendar, which is of all devices of the account.
        """
        for device_id, record in self._state.devices.items():
            if uid in record.actions:
                caller, device = _caller(), self._device(device_id)
                if caller is not None and device is not None:
                    await async_check_permission(self.hass, caller, device.id)
                name = self._device_name(device_id)
                target = Target(coordinator=self.coordinator, device_id=device_id, name=name, named=True)
                await async_cancel_action(target, uid, caller)
                return
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="not_cancellable",
            translation_placeholders={"device": self._state.name, "action": uid, "state": "unknown"},
        )

    # What changes it.

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        self.async_on_remove(self._state.change_listeners.add(self._on_change))
        self.async_on_remove(self._state.removal_listeners.add(self._on_removal))
        self.async_on_remove(self._state.disabled_devices.listeners.add(self.async_write_ha_state))

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        """Do nothing after a poll: what is shown changes with the actions alone."""

    @callback
    def _on_change(self, before: _Records, changed: _Records) -> None:
        """Write the state when another event comes next; who looks at the calendar is notified of each change."""
        if all(
            device_id in before and before[device_id].actions is changed[device_id].actions for device_id in changed
        ):
            return
        if self._next_event(before) != self.event:
            self.async_write_ha_state()
        else:
            self.async_update_event_listeners()

    @callback
    def _on_removal(self, _device_id: str) -> None:
        self.async_write_ha_state()

    # Events.

    def _actions(self, records: _Records) -> Iterator[tuple[datetime, str, Action]]:
        """Yield start, device id and action of all that is shown; what was cancelled never came to pass."""
        for device_id, record in records.items():
            if device_id in self._state.disabled_devices:
                continue
            for action in record.actions.values():
                if action.start is not None and action.state is not ActionState.CANCELLED:
                    yield action.start, device_id, action

    def _next_event(self, records: _Records) -> CalendarEvent | None:
        """Return the event that runs now, else the next one."""
        now = self._state.service_time()
        ahead = (
            (start, device_id, action)
            for start, device_id, action in self._actions(records)
            if _end(action, start) > now and action.state is not ActionState.FAILED
        )
        found = min(ahead, key=lambda each: each[:2], default=None)
        return None if found is None else self._event(found[1], found[2], found[0])

    def _event(self, device_id: str, action: Action, start: datetime) -> CalendarEvent:
        command = command_text(self.hass, "plan", action.command, parameters_data(action))
        return CalendarEvent(
            start=dt_util.as_local(start),
            end=dt_util.as_local(_end(action, start)),
            summary=f"{self._device_name(device_id)}: {command}",
            description=f"{self._times(action, start)}\n{self._stage(action)}",
            uid=action.id,
        )

    def _times(self, action: Action, start: datetime) -> str:
        values = {"start": time_text(start)}
        if action.end is None:
            return text(self.hass, "calendar_open_ended", **values) or values["start"]
        values["end"] = time_text(action.end, start)
        return text(self.hass, "calendar_window", **values) or " – ".join(values.values())

    def _stage(self, action: Action) -> str:
        stage = text(self.hass, f"state_{action.state}") or str(action.state)
        return stage if action.error_code is None else f"{stage}: {reason_text(self.hass, action.error_code)}"

    def _device(self, device_id: str) -> dr.DeviceEntry | None:
        """Return a device as it is registered for this account."""
        found = dr.async_get(self.hass).async_get_devices(identifiers={(DOMAIN, device_id)})
        return next((each for each in found if each.config_entry_id == self.coordinator.config_entry.entry_id), None)

    def _device_name(self, device_id: str) -> str:
        """Return what the user calls a device."""
        device = self._device(device_id)
        name = device and (device.name_by_user or device.name)
        return name or self._state.names.get(device_id, device_id)


def _end(action: Action, start: datetime) -> datetime:
    """Return when an action ends in the calendar, where an event must last."""
    return action.end if action.end is not None and action.end > start else start + _OPEN_ENDED


def _caller() -> Context | None:
    """Return the context of the user whose request is being served: Home Assistant passes none to a calendar."""
    connection = current_connection.get()
    return None if connection is None else Context(user_id=connection.user.id)
