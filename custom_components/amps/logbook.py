"""Lines of the logbook: what became of the actions of a device (design §5)."""

from collections.abc import Callable, Mapping
from typing import Any

from homeassistant.components.logbook import (
    LOGBOOK_ENTRY_ENTITY_ID,
    LOGBOOK_ENTRY_MESSAGE,
    LOGBOOK_ENTRY_NAME,
    LazyEventPartialState,
)
from homeassistant.const import ATTR_DEVICE_ID, ATTR_ENTITY_ID
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.util.event_type import EventType

from .account.action_events import EVENT_ACTION
from .account.action_texts import outcome_text
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
        described = {LOGBOOK_ENTRY_NAME: _device_name(hass, data), LOGBOOK_ENTRY_MESSAGE: outcome_text(hass, data)}
        if entity_id := data.get(ATTR_ENTITY_ID):
            described[LOGBOOK_ENTRY_ENTITY_ID] = entity_id
        return described

    async_describe_event(DOMAIN, EVENT_ACTION, describe)


def _device_name(hass: HomeAssistant, data: Mapping[str, Any]) -> str:
    device = dr.async_get(hass).async_get(data.get(ATTR_DEVICE_ID) or "")
    return (device and (device.name_by_user or device.name)) or "Amps"
