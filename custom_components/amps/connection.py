"""How an account is reached: the service at its URL, or a simulated home inside this Home Assistant."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from homeassistant.const import CONF_API_KEY, CONF_URL
from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.util import dt as dt_util

from . import simulator
from .api import AmpsClient, EmbeddedTransport, HttpTransport, Request, Response, Transport
from .const import CONF_PROFILE, CONF_SEED, CONF_USER_ID

SIMULATED_HOME_KEY: Final = "sk_test_simulated_home"
"""The key of a home that nobody has an account for; the simulator takes any key of this shape."""


class _HomeAssistantClock:
    """Home Assistant's own time, which is what makes a simulated home move."""

    def now(self) -> datetime:
        """Return the present instant in UTC."""
        return dt_util.utcnow()


def create_client(hass: HomeAssistant, data: Mapping[str, Any]) -> AmpsClient:
    """Return a client for the data of a config entry; one with a seed has its own simulated home."""
    transport: Transport
    if CONF_SEED in data:
        transport = _embedded(data[CONF_PROFILE], data[CONF_SEED])
    else:
        transport = HttpTransport(async_get_clientsession(hass), data[CONF_URL])
    return AmpsClient(transport, data.get(CONF_API_KEY, SIMULATED_HOME_KEY), user_id=data.get(CONF_USER_ID))


def _embedded(profile: str, seed: str) -> Transport:
    home = simulator.create_simulator(
        profile, seed=seed, clock=_HomeAssistantClock(), zone=dt_util.get_default_time_zone()
    )

    async def answer(request: Request) -> Response:
        response = home.handle(
            simulator.Request(
                method=request.method,
                path=request.path,
                query=request.query,
                headers=request.headers,
                body=request.body or b"",
            )
        )
        await asyncio.sleep(response.delay)
        if response.outcome is simulator.Outcome.NEVER_COMES:
            await asyncio.Event().wait()
        if response.outcome is simulator.Outcome.IS_CUT_OFF:
            raise ConnectionResetError
        return Response(status=response.status, headers=response.headers, body=response.body)

    return EmbeddedTransport(answer)
