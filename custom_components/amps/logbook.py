"""Lines of the logbook: what became of the actions of a device (design §5)."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from homeassistant.components.logbook import (
    LOGBOOK_ENTRY_ENTITY_ID,
    LOGBOOK_ENTRY_MESSAGE,
    LOGBOOK_ENTRY_NAME,
    LazyEventPartialState,
)
from homeassistant.const import ATTR_DEVICE_ID, ATTR_ENTITY_ID
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.util import dt as dt_util
from homeassistant.util.event_type import EventType

from .account.action_events import EVENT_ACTION
from .account.action_texts import command_text, reason_text, text, time_text
from .const import DOMAIN


@callback
def async_describe_events(
    hass: HomeAssistant,
    async_describe_event: Callable[
        [str, EventType[Any] | str, Callable[[LazyEventPartialState], dict[str, str]]], None
    ],
) -> None:
    """Describe the events of actions; who caused them is shown by their context."""

    @callback
    def describe(event: LazyEventPartialState) -> dict[str, str]:
        data = event.data
        described = {LOGBOOK_ENTRY_NAME: _device_name(hass, data), LOGBOOK_ENTRY_MESSAGE: _message(hass, data)}
        if entity_id := data.get(ATTR_ENTITY_ID):
            described[LOGBOOK_ENTRY_ENTITY_ID] = entity_id
        return described

    async_describe_event(DOMAIN, EVENT_ACTION, describe)


def _device_name(hass: HomeAssistant, data: Mapping[str, Any]) -> str:
    device = dr.async_get(hass).async_get(data.get(ATTR_DEVICE_ID) or "")
    return (device and (device.name_by_user or device.name)) or "Amps"


def _message(hass: HomeAssistant, data: Mapping[str, Any]) -> str:
    """Return what became of an action, with its times while they lie ahead and the reason of its end."""
    state = str(data.get("state"))
    values = {"command": command_text(hass, "command", data.get("command"), data.get("parameters")), "state": state}
    start, end = (dt_util.parse_datetime(data.get(key) or "") for key in ("start", "end"))
    if start is not None:
        values["start"] = time_text(start)
    if end is not None:
        values["end"] = time_text(end, start if state == "scheduled" else None)
    if reason := data.get("reason"):
        values["reason"] = reason_text(hass, reason)
    known = "_".join(name for name in _SHOWN.get(state, ()) if name in values)
    message = text(hass, f"logbook_{state}_{known}".rstrip("_"), **values) or f"{values['command']}: {state}"
    return message[:1].upper() + message[1:]


_SHOWN: Final[Mapping[str, tuple[str, ...]]] = {
    "scheduled": ("start", "end"),
    "acknowledged": ("end",),
    "failed": ("reason",),
    "cancelled": ("reason",),
}
"""What a line says besides the command, where it is known; each combination has a text of its own."""
