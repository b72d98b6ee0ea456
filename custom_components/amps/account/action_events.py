"""The events of actions: each state that an action comes to, with who asked for it (design §5)."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, Final

from homeassistant.const import ATTR_DEVICE_ID, ATTR_ENTITY_ID, Platform
from homeassistant.core import CALLBACK_TYPE, Context, HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.util.event_type import EventType

from ..api.models import Action, ActionState
from ..const import DOMAIN
from .listeners import Listeners

EVENT_ACTION: Final[EventType[dict[str, object]]] = EventType(f"{DOMAIN}_action")
KEY_ACTION: Final = "action"
"""The key of the event entities."""
EVENT_TYPES: Final = tuple(state for state in ActionState if state is not ActionState.UNKNOWN_VALUE)
"""The states that have an event."""

_MAX_CONTEXTS: Final = 1000


class ActionEvents:
    """Fires the events of an account's actions, in the context of whoever asked for each."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Start without listeners and contexts."""
        self._hass = hass
        self._listeners: defaultdict[str, Listeners[Action]] = defaultdict(Listeners)
        """By device id."""
        self.listeners = Listeners[str, Action]()
        """Called with device id and action after each event."""
        self._contexts: dict[str, Context] = {}
        """By action id."""

    @callback
    def add_listener(self, device_id: str, listener: Callable[[Action], None]) -> CALLBACK_TYPE:
        """Call a listener for each state that an action of a device comes to; return what removes it."""
        return self._listeners[device_id].add(listener)

    @callback
    def set_context(self, action_id: str, context: Context) -> None:
        """Set the context of an action, so that all that becomes of it can be traced to who asked for it."""
        self._contexts[action_id] = context
        if len(self._contexts) > _MAX_CONTEXTS:
            del self._contexts[next(iter(self._contexts))]

    @callback
    def context_for(self, action_id: str) -> Context:
        """Return the context of an action; the events of one by somebody else share a new one."""
        if action_id not in self._contexts:
            self.set_context(action_id, Context())
        return self._contexts[action_id]

    @callback
    def fire(self, device_id: str, action: Action) -> None:
        """Fire the event of the state that an action of a device has come to."""
        if action.state not in EVENT_TYPES:
            return
        self._listeners[device_id].notify(action)
        registry = er.async_get(self._hass)
        entity_id = registry.async_get_entity_id(Platform.EVENT, DOMAIN, f"{device_id}_{KEY_ACTION}")
        entity = registry.async_get(entity_id) if entity_id else None
        self._hass.bus.async_fire(
            EVENT_ACTION,
            {
                ATTR_DEVICE_ID: entity and entity.device_id,
                ATTR_ENTITY_ID: entity_id,
                **outcome_data(action),
            },
            context=self.context_for(action.id),
        )
        self.listeners.notify(device_id, action)


def event_data(action: Action) -> dict[str, object]:
    """Return the data of an action's event, besides its state."""
    return {
        "action_id": action.id,
        "command": action.command,
        "parameters": parameters_data(action),
        "reason": None if action.error_code is None else str(action.error_code),  # our own codes are enums
    }


def outcome_data(action: Action) -> dict[str, object]:
    """Return what has become of an action: the data of its event, its state and its times."""
    return {
        **event_data(action),
        "state": action.state and action.state.value,
        "start": action.start and action.start.isoformat(),
        "end": action.end and action.end.isoformat(),
    }


def parameters_data(action: Action) -> dict[str, dict[str, Any]] | None:
    """Return the parameters of an action, value and unit by slug, None where it has none."""
    return {name: quantity.model_dump() for name, quantity in (action.parameters or {}).items()} or None
