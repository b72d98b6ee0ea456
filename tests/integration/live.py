"""A live account at a service over HTTP, and what was asked there."""

from typing import Any

from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
import pytest

from .accounts import add_live_account
from .conftest import MINUTE, Advance, devices
from .service import Service


@pytest.fixture
async def live(hass: HomeAssistant, service: Service, pass_time: Advance) -> ConfigEntry:
    """Return a live account whose readings are minutes old."""
    entry = await add_live_account(hass, service.url)
    await pass_time(5 * MINUTE)
    return entry


async def set_ceiling(hass: HomeAssistant, account: ConfigEntry, requests_an_hour: int) -> None:
    """Limit the requests of an account as a person does in its options, which reloads it."""
    form = await hass.config_entries.options.async_init(account.entry_id)
    await hass.config_entries.options.async_configure(form["flow_id"], {"request_ceiling": requests_an_hour})
    await hass.async_block_till_done(wait_background_tasks=True)


def amps_id(device: dr.DeviceEntry) -> str:
    """Return the id that Amps knows a device by."""
    ((_, device_id),) = device.identifiers
    return device_id


def requests(service: Service, part: str = "") -> list[dict[str, Any]]:
    """Return the requests whose path has this part, the oldest first."""
    return [entry for entry in service.control("GET", "requests")["items"] if part in entry["path"]]


def clear_requests(service: Service) -> None:
    """Begin a new log of requests."""
    service.control("DELETE", "requests")


def leave_one_of_each_type(service: Service) -> None:
    """Remove all devices of a service but the first of each type."""
    seen: set[str] = set()
    for document in service.control("GET", "devices")["items"]:
        if document["deviceType"] in seen:
            service.control("POST", f"devices/{document['id']}", {"present": False})
        seen.add(document["deviceType"])


def inverter_of(hass: HomeAssistant) -> dr.DeviceEntry:
    """Return a device without settings and commands."""
    return devices(hass, having="producing", domain="binary_sensor")[0]


def storage_key(account: ConfigEntry) -> str:
    """Return the name under which something is kept of an account."""
    return f"amps.account.{account.entry_id}"


def reauth_flows(hass: HomeAssistant) -> int:
    """Return how many dialogs ask for a new key."""
    return sum(1 for flow in hass.config_entries.flow.async_progress() if flow["context"]["source"] == SOURCE_REAUTH)
