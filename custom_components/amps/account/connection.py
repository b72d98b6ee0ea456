"""How an account is reached: the service at its URL, or a simulated home inside this Home Assistant."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final, override

from aiohttp import ClientSession, DummyCookieJar
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_API_KEY, CONF_URL
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.aiohttp_client import async_create_clientsession

from ..api import AmpsClient, AmpsConnectionError, EmbeddedTransport, HttpTransport, Request, Response, Transport
from ..const import CONF_SEED, CONF_USER_ID
from .simulated_home import SimulatedHome, async_open_home

SIMULATED_HOME_KEY: Final = "sk_test_simulated_home"
"""The key of a home that nobody has an account for; the simulator takes any key of this shape."""


class AmpsNotSentError(AmpsConnectionError):
    """The request was not sent, since the session is closed: Home Assistant stops, or the account was unloaded."""


class SessionTransport(HttpTransport):
    """Carries requests to a service for as long as its session is open."""

    @override
    async def send(self, request: Request) -> Response:
        if self._session.closed:
            msg = "the connection is closed"
            raise AmpsNotSentError(msg)
        return await super().send(request)


async def async_connect(hass: HomeAssistant, entry: ConfigEntry) -> AmpsClient:
    """Return the client of an entry; a simulated home goes on from where it was."""
    if CONF_SEED not in entry.data:
        # Closed when the entry is unloaded, and when Home Assistant has stopped.
        return _client(SessionTransport(_create_session(hass), entry.data[CONF_URL]), entry.data)
    home = await async_open_home(hass, entry)
    return _client(EmbeddedTransport(home.answer), entry.data)


@contextmanager
def open_client(hass: HomeAssistant, data: Mapping[str, Any]) -> Iterator[AmpsClient]:
    """Lend a client for data that are not an entry's yet; nothing is kept, neither a session nor a simulated home."""
    if CONF_SEED in data:
        yield _client(EmbeddedTransport(SimulatedHome(data).answer), data)
        return
    session = _create_session(hass, auto_cleanup=False)
    try:
        yield _client(SessionTransport(session, data[CONF_URL]), data)
    finally:
        session.detach()


@callback
def _create_session(hass: HomeAssistant, *, auto_cleanup: bool = True) -> ClientSession:
    """Return a session that keeps no cookies: what is set for one account must not be sent for another (design §3)."""
    return async_create_clientsession(hass, auto_cleanup=auto_cleanup, cookie_jar=DummyCookieJar())


def _client(transport: Transport, data: Mapping[str, Any]) -> AmpsClient:
    return AmpsClient(transport, data.get(CONF_API_KEY, SIMULATED_HOME_KEY), user_id=data.get(CONF_USER_ID))
