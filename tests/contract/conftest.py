"""The service under test, once as a function call and once as a server."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from custom_components.amps.simulator import create_simulator, frozen_clock
from custom_components.amps.simulator.server import serve

from .harness import START, Api, InProcess, OverHttp


@pytest.fixture(params=["in_process", "over_http"])
async def api(request: pytest.FixtureRequest) -> AsyncIterator[Api]:
    """Return a home in which nothing has happened yet, at a quarter past eight on a morning in June."""
    simulator = create_simulator(seed="contract", clock=frozen_clock(START))
    if request.param == "in_process":
        yield InProcess(simulator=simulator)
        return
    request.getfixturevalue("socket_enabled")
    async with serve(simulator) as url, aiohttp.ClientSession() as session:
        yield OverHttp(session=session, url=url)
