"""How an account is reached: the service at its URL, or a simulated home inside this Home Assistant."""

from collections.abc import Mapping
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_API_KEY, CONF_URL
from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession

from .api import AmpsClient, EmbeddedTransport, HttpTransport, Transport
from .const import CONF_SEED, CONF_USER_ID
from .simulated_home import SimulatedHome, async_open_home

SIMULATED_HOME_KEY: Final = "sk_test_simulated_home"
"""The key of a home that nobody has an account for; the simulator takes any key of this shape."""


async def async_connect(hass: HomeAssistant, entry: ConfigEntry) -> AmpsClient:
    """Return the client of an entry; a simulated home goes on from where it was."""
    if CONF_SEED not in entry.data:
        return create_client(hass, entry.data)
    home = await async_open_home(hass, entry)
    return _client(EmbeddedTransport(home.answer), entry.data)


def create_client(hass: HomeAssistant, data: Mapping[str, Any]) -> AmpsClient:
    """Return a client for data that are not an entry's yet; nothing is kept of a simulated home."""
    if CONF_SEED in data:
        return _client(EmbeddedTransport(SimulatedHome(data).answer), data)
    return _client(HttpTransport(async_get_clientsession(hass), data[CONF_URL]), data)


def _client(transport: Transport, data: Mapping[str, Any]) -> AmpsClient:
    return AmpsClient(transport, data.get(CONF_API_KEY, SIMULATED_HOME_KEY), user_id=data.get(CONF_USER_ID))
