"""A service over HTTP whose answers have something wrong in them, and what Home Assistant makes of that."""

from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field
from logging import WARNING
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
import orjson
import pytest

from custom_components.amps.const import DOMAIN
from custom_components.amps.simulator import Request, create_simulator

from ..api.mutation import Mutation, Path, encode, mutate
from .accounts import LIVE_KEY
from .service import HostClock

type Change = Callable[[str, Any], bytes | web.Response | None]
"""What is answered instead of an answer to a path; None for the answer itself."""


@dataclass
class BrokenService:
    """The simulated home over HTTP, with answers that something is wrong with."""

    url: str = ""
    change: Change = lambda _path, _answer: None
    paths: list[str] = field(default_factory=list)
    """What was asked for, as it came."""

    def __post_init__(self) -> None:
        """Begin with a home in which nothing is wrong."""
        self.simulator = create_simulator("showcase", seed="broken", clock=HostClock())

    async def handle(self, request: web.Request) -> web.Response:
        """Answer a request."""
        self.paths.append(request.raw_path.partition("?")[0])
        answer = self.simulator.handle(
            Request(
                method=request.method,
                path=request.path,
                query=dict(request.query),
                headers=dict(request.headers),
                body=await request.read(),
            )
        )
        changed = self.change(request.path, orjson.loads(answer.body))
        if isinstance(changed, web.Response):
            return changed
        return web.Response(
            body=answer.body if changed is None else changed, status=answer.status, content_type="application/json"
        )

    def devices_of(self, path: str) -> list[str]:
        """Return the ids of the devices of a type, as the home has them."""
        headers = {"x-api-key": LIVE_KEY}
        answer = self.simulator.handle(Request(method="GET", path=path, query={"limit": "50"}, headers=headers))
        return [item["id"] for item in orjson.loads(answer.body)["data"]["items"]]


@pytest.fixture
async def broken(socket_enabled: None) -> AsyncGenerator[BrokenService]:
    """Return the service."""
    service = BrokenService()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", service.handle)
    server = TestServer(app)
    await server.start_server(access_log=None)
    service.url = str(server.make_url("/")).rstrip("/")
    yield service
    await server.close()


def in_batteries(service: BrokenService, path: Path, value: object, how: str = "replace") -> Change:
    """Return what makes something wrong with the first battery, in its list and in its single reads."""
    first = service.devices_of("/battery")[0]
    at = {"/battery": ("data", "items", 0), f"/battery/{first}": ("data",)}

    def change(asked: str, answer: Any) -> bytes | None:  # noqa: ANN401  JSON
        if asked not in at:
            return None
        return encode(mutate(answer, Mutation((*at[asked], *path), how, value)).answer)

    return change


def device_of(hass: HomeAssistant, amps_id: str) -> dr.DeviceEntry:
    """Return the device of an id."""
    (device,) = dr.async_get(hass).async_get_devices(identifiers={(DOMAIN, amps_id)})
    return device


def states_of(hass: HomeAssistant, account: ConfigEntry) -> dict[str, dict[str, str]]:
    """Return the states of the entities of each device, by Amps' id and by key."""
    registry = er.async_get(hass)
    found: dict[str, dict[str, str]] = {}
    for device in dr.async_entries_for_config_entry(dr.async_get(hass), account.entry_id):
        if device.entry_type is not None:
            continue
        ((_, amps_id),) = device.identifiers
        found[amps_id] = {
            str(entity.translation_key): state.state
            for entity in er.async_entries_for_device(registry, device.id)
            if (state := hass.states.get(entity.entity_id))
        }
    return found


def complaints(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what the log has against the integration."""
    return [
        record.getMessage()
        for record in caplog.records
        if (record.levelno >= WARNING and "amps" in record.name) or record.exc_info
    ]
