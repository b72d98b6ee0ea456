"""The controls of a device as a person uses them, and what they show and send."""

from dataclasses import dataclass, field
from typing import Any

from homeassistant.const import EVENT_STATE_CHANGED
from homeassistant.core import Context, Event, EventStateChangedData, HomeAssistant, State, callback
from homeassistant.helpers import device_registry as dr
import orjson

from .conftest import devices, entity_id
from .interception import Interception


@dataclass
class History:
    """The states of one entity from now on, as the recorder has them."""

    states: list[State] = field(default_factory=list)

    @classmethod
    def record(cls, hass: HomeAssistant, entity: str) -> History:
        """Record the states of an entity from now on."""
        history = cls()

        @callback
        def on_change(event: Event[EventStateChangedData]) -> None:
            if event.data["entity_id"] == entity and (state := event.data["new_state"]) is not None:
                history.states.append(state)

        hass.bus.async_listen(EVENT_STATE_CHANGED, on_change)
        return history

    @property
    def values(self) -> list[str]:
        """What it showed, each as long as it stayed."""
        return [state.state for state in self.states]

    def attributes(self, name: str) -> list[Any]:
        """Return what an attribute was, each value as long as it stayed."""
        values = [state.attributes.get(name) for state in self.states]
        return [value for place, value in enumerate(values) if place == 0 or value != values[place - 1]]


def by_model(hass: HomeAssistant, model: str) -> dr.DeviceEntry:
    """Return the device of a model."""
    return next(device for device in devices(hass, having="reachable", domain="binary_sensor") if device.model == model)


def control_of(hass: HomeAssistant, device: dr.DeviceEntry, domain: str, key: str) -> str:
    """Return the entity of a control."""
    found = entity_id(hass, device, key, domain)
    assert found is not None, key
    return found


def shown(hass: HomeAssistant, device: dr.DeviceEntry, domain: str, key: str) -> State:
    """Return the state of a control."""
    state = hass.states.get(control_of(hass, device, domain, key))
    assert state is not None, key
    return state


async def use(
    hass: HomeAssistant,
    device: dr.DeviceEntry,
    control: str,
    service: str,
    context: Context | None = None,
    **data: object,
) -> None:
    """Use a control, named as `domain.key`, as a person does."""
    domain, _, key = control.partition(".")
    target = {"entity_id": control_of(hass, device, domain, key)}
    await hass.services.async_call(domain, service, data, blocking=True, target=target, context=context)


def bodies(interception: Interception) -> list[tuple[str, Any]]:
    """Return the path and the body of each request that changes something, the oldest first."""
    return [
        (request.path, orjson.loads(request.body) if request.body else None)
        for request in interception.requests
        if request.method == "POST"
    ]
