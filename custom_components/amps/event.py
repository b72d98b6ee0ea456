"""Events: what became of the actions of a device."""

from dataclasses import dataclass
from typing import Final, override

from homeassistant.components.event import EventEntity, EventEntityDescription
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .account.action_events import EVENT_TYPES, KEY_ACTION, event_data
from .api.models import DEVICE_CLASSES, Action, AnyDevice
from .entity import AmpsEntity, AmpsEntityDescription, AmpsRestoreEntity, async_add_device_entities, takes_commands
from .runtime import AmpsConfigEntry

PARALLEL_UPDATES = 0  # events are pushed by the account, and take no commands


@dataclass(frozen=True, kw_only=True)
class AmpsEventDescription(EventEntityDescription, AmpsEntityDescription[AnyDevice]):
    """Events of a device."""


ACTION: Final = AmpsEventDescription(
    key=KEY_ACTION,
    event_types=list(EVENT_TYPES),
    always_available=True,
    exists_fn=takes_commands,
)


async def async_setup_entry(
    hass: HomeAssistant, entry: AmpsConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Set up the events of an account."""
    async_add_device_entities(entry, async_add_entities, dict.fromkeys(DEVICE_CLASSES, (ACTION,)), AmpsActionEvent)


class AmpsActionEvent(AmpsEntity[AmpsEventDescription], AmpsRestoreEntity, EventEntity):
    """The stages that the actions of a device come to, whoever asked for them (api §6.4)."""

    entity_description: AmpsEventDescription

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        self.async_on_remove(self.coordinator.action_events.add_listener(self.device_id, self._handle_action))

    @callback
    def _handle_action(self, action: Action) -> None:
        self._trigger_event(str(action.state), event_data(action))
        self.async_set_context(self.coordinator.action_events.context_for(action.id))
        self.async_write_ha_state()
