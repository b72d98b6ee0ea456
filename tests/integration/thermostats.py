"""A thermostat as a person uses it, what it shows, and what it reports."""

from datetime import timedelta
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import Context, HomeAssistant, State
from homeassistant.helpers import device_registry as dr
import pytest

from .conftest import devices
from .controls import shown, use
from .interception import Interception
from .live import amps_id

HALF_MINUTE = timedelta(seconds=31)


@pytest.fixture
def thermostat(hass: HomeAssistant, sandbox_account: ConfigEntry) -> dr.DeviceEntry:
    """Return a thermostat, which nobody has commanded yet."""
    return devices(hass, having="thermostat", domain="climate")[0]


def rewrite(sent: Interception, thermostat: dr.DeviceEntry, **parts: Any) -> None:  # noqa: ANN401  JSON
    """Have a thermostat report other parts of its state, and other `commands`, from now on."""

    def change(_request: object, body: dict[str, Any]) -> None:
        for item in body["data"].get("items", [body["data"]]):
            if item["id"] == amps_id(thermostat):
                item["state"] |= {name: value for name, value in parts.items() if name != "commands"}
                item["commands"] = parts.get("commands", item["commands"])

    sent.rewrite = change


def climate(hass: HomeAssistant, thermostat: dr.DeviceEntry) -> State:
    """Return what the thermostat shows."""
    return shown(hass, thermostat, "climate", "thermostat")


def setpoints(hass: HomeAssistant, thermostat: dr.DeviceEntry) -> tuple[str, Any, Any, Any]:
    """Return the mode, the one temperature that it has, and the two that it keeps between."""
    state = climate(hass, thermostat)
    names = ("temperature", "target_temp_low", "target_temp_high")
    return (state.state, *(state.attributes[name] for name in names))


async def use_thermostat(
    hass: HomeAssistant, thermostat: dr.DeviceEntry, service: str, context: Context | None = None, **data: object
) -> None:
    """Use the thermostat as a person does."""
    await use(hass, thermostat, "climate.thermostat", service, context, **data)
