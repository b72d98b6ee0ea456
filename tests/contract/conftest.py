"""The service under test: in-process, over HTTP, and the hosted one that the environment has a key for."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
import socket

import aiohttp
import pytest

from custom_components.amps.simulator import Simulator, create_simulator, frozen_clock
from custom_components.amps.simulator.server import serve

from .harness import START, Api, InProcess, OverHttp
from .hosted import KEY, URL, Hosted
from .manifest import FOLDER, WHY_NOT_HOSTED, needs
from .receiver import Receiver, served

# Home Assistant's tests block the network; this is evaluated before.
_CONNECT, _RESOLVE = socket.socket.connect, socket.getaddrinfo


def _home() -> Simulator:
    """Return a new home at a quarter past eight on a morning in June."""
    return create_simulator("showcase", seed="contract", clock=frozen_clock(START))


@asynccontextmanager
async def _in_process(_request: pytest.FixtureRequest) -> AsyncIterator[Api]:
    yield InProcess(simulator=_home())


@asynccontextmanager
async def _over_http(request: pytest.FixtureRequest) -> AsyncIterator[Api]:
    request.getfixturevalue("socket_enabled")
    async with serve(_home()) as url, aiohttp.ClientSession() as session:
        yield OverHttp(session=session, url=url)


@asynccontextmanager
async def _hosted(request: pytest.FixtureRequest) -> AsyncIterator[Api]:
    request.getfixturevalue("socket_enabled")
    monkeypatch = request.getfixturevalue("monkeypatch")
    monkeypatch.setattr(socket.socket, "connect", _CONNECT)
    monkeypatch.setattr(socket, "getaddrinfo", _RESOLVE)
    connector = aiohttp.TCPConnector(resolver=aiohttp.ThreadedResolver())
    async with aiohttp.ClientSession(connector=connector) as session:
        yield Hosted(session=session, url=URL, headers={"x-api-key": str(KEY)})


_SERVICES: Mapping[str, Callable[[pytest.FixtureRequest], AbstractAsyncContextManager[Api]]] = {
    "in_process": _in_process,
    "over_http": _over_http,
    **({"hosted": _hosted} if KEY else {}),
}


@pytest.fixture(params=_SERVICES)
async def api(request: pytest.FixtureRequest) -> AsyncIterator[Api]:
    """Return the service: a new simulated home, or the hosted one."""
    async with _SERVICES[request.param](request) as service:
        yield service


@pytest.fixture
async def receiver(api: Api) -> AsyncIterator[Receiver]:
    """Return a receiver that is not registered yet."""
    if isinstance(api, InProcess):
        yield Receiver(api=api, url="https://mailbox.test/amps")
        return
    async with served(Receiver(api=api, url="")) as receiver:
        yield receiver


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip tests with needs that the hosted service does not meet, with the reason."""
    needed = needs()
    for item in items:
        callspec = getattr(item, "callspec", None)
        if item.path.parent == FOLDER and callspec is not None and callspec.params.get("api") == "hosted":
            for need in sorted(needed.get(f"{item.path.name}::{getattr(item, 'originalname', '')}", ())):
                item.add_marker(pytest.mark.skip(reason=WHY_NOT_HOSTED[need]))
