"""Every way to change something at Amps: all services of the controls, and all actions that write."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from homeassistant.core import Context, HomeAssistant, State
from homeassistant.helpers import device_registry as dr, entity_registry as er

from custom_components.amps.const import DOMAIN

from .commanding import Home
from .conftest import MINUTE, Advance
from .interception import Interception, error

SERVICES: Final[Mapping[str, Mapping[str, Mapping[str, object]]]] = {
    "button": {"press": {}},
    "climate": {
        "set_fan_mode": {"fan_mode": "auto"},
        "set_humidity": {"humidity": 50},
        "set_hvac_mode": {"hvac_mode": "cool"},
        "set_preset_mode": {"preset_mode": "schedule"},
        "set_swing_horizontal_mode": {"swing_horizontal_mode": "on"},
        "set_swing_mode": {"swing_mode": "on"},
        "set_temperature": {"temperature": 21, "hvac_mode": "heat"},
        "toggle": {},
        "turn_off": {},
        "turn_on": {},
    },
    "number": {"set_value": {}},
    "select": {
        "select_first": {},
        "select_last": {},
        "select_next": {"cycle": True},
        "select_option": {"option": "idle"},
        "select_previous": {"cycle": True},
    },
    "switch": {"toggle": {}, "turn_off": {}, "turn_on": {}},
}
"""The services of the platforms of controls with their data; a number gets the lowest that it takes."""

ACTIONS: Final[Mapping[str, Mapping[str, object]]] = {
    "apply_settings": {"settings": {"charge_ceiling": 90}},
    "cancel_action": {},
    "charge": {"duration": 3600},
    "discharge": {"duration": 3600},
    "idle": {},
    "send_command": {"command": "idle"},
    "set_mode": {"mode": "auto_balanced"},
    "set_temperature": {"mode": "heat", "temperature": 21},
}
"""The actions that change something, with their data."""
ONLY_READ: Final = frozenset({"get_actions", "get_device", "refresh"})
"""The actions that change nothing; those whose names begin with `simulator_` steer homes that are simulated here."""

KEPT_HERE: Final = frozenset(
    {"charge_target", "discharge_target", "charge_power_limit", "discharge_power_limit", "window_duration"}
)
"""The controls that send nothing: the defaults of buttons."""
ONLY_READING: Final = frozenset({"refresh", "expedited_updates"})
"""The controls of how a device is read."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """A call of a service that changes something, unless something is in its way."""

    what: str
    """The control as `domain.key`, or the action: what has to send something by one of its calls at least."""
    service: str
    """The service as `domain.name`."""
    data: Mapping[str, object]
    """Its data and its target."""

    async def call(self, hass: HomeAssistant, context: Context | None = None) -> None:
        """Call the service; raises what it raises."""
        domain, _, name = self.service.partition(".")
        await hass.services.async_call(domain, name, dict(self.data), blocking=True, context=context)


def by_controls(hass: HomeAssistant, device: dr.DeviceEntry) -> Iterator[Change]:
    """Yield all that can be done with the controls that a device has now, each named by itself."""
    for entry in er.async_entries_for_device(er.async_get(hass), device.id):
        if (state := hass.states.get(entry.entity_id)) is None or entry.translation_key in ONLY_READING:
            continue
        for name, data in SERVICES.get(entry.domain, {}).items():
            yield Change(
                what=f"{entry.domain}.{entry.translation_key}",
                service=f"{entry.domain}.{name}",
                data={"entity_id": entry.entity_id, **_value(state), **data},
            )


def by_actions(target: Mapping[str, object], *names: str) -> Iterator[Change]:
    """Yield the calls of actions for a target: of these, or of all that change something."""
    for name in names or ACTIONS:
        yield Change(what=f"{DOMAIN}.{name}", service=f"{DOMAIN}.{name}", data={**target, **ACTIONS[name]})


def _value(state: State) -> dict[str, Any]:
    return {"value": state.attributes["min"]} if state.domain == "number" else {}


def refuse_all(between: Interception) -> None:
    """Have the service refuse all that changes something, so that nothing changes and all of it can be tried."""
    between.answer = lambda request: error("UNSUPPORTED_MODE", 422) if request.method == "POST" else None


async def enable_all(home: Home, pass_time: Advance) -> None:
    """Enable the entities that are disabled by default, those of settings, which have to be read first, too."""
    await pass_time(MINUTE)
    registry = er.async_get(home.hass)
    for entry in er.async_entries_for_config_entry(registry, home.account.entry_id):
        registry.async_update_entity(entry.entity_id, disabled_by=None)
    assert await home.hass.config_entries.async_reload(home.account.entry_id)
    await pass_time(MINUTE)


def reached(home: Home) -> set[str]:
    """Return the ids of the devices that something was sent to since the last call, to their actions included."""
    paths = [request.path.split("/") for request in home.between.requests if request.method == "POST"]
    home.forget()
    return {home.ask("GET", f"/actions/{id_}")["deviceId"] if part == "actions" else id_ for _, part, id_, *_ in paths}
