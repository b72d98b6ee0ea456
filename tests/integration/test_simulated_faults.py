"""What a fault of a simulated home does to the client that it is embedded behind."""

import asyncio
from datetime import timedelta

import pytest

from custom_components.amps.account.simulated_home import SimulatedHome
from custom_components.amps.api import (
    AmpsClient,
    AmpsConnectionError,
    AmpsError,
    AmpsTimeoutError,
    EmbeddedTransport,
)
from custom_components.amps.api.models import Battery

from .conftest import Advance


@pytest.fixture
def home() -> SimulatedHome:
    """Return a home in which nothing has happened yet."""
    return SimulatedHome({"profile": "showcase", "seed": "faults"})


@pytest.fixture
def client(home: SimulatedHome) -> AmpsClient:
    """Return its client."""
    return AmpsClient(EmbeddedTransport(home.answer), "sk_test_faults")


async def test_silence_ends_with_the_clients_patience(
    home: SimulatedHome, client: AmpsClient, advance: Advance
) -> None:
    home.simulator.inject("timeout", count=1)
    asked = asyncio.create_task(client.list_devices(Battery))
    await asyncio.sleep(0)
    await advance(timedelta(seconds=29))
    assert not asked.done()
    await advance(timedelta(seconds=2))
    with pytest.raises(AmpsTimeoutError):
        await asked
    await client.list_devices(Battery)


async def test_hanging_up_is_a_failed_connection(home: SimulatedHome, client: AmpsClient) -> None:
    home.simulator.inject("disconnect", count=1)
    with pytest.raises(AmpsConnectionError) as failed:
        await client.list_devices(Battery)
    assert not isinstance(failed.value, AmpsTimeoutError)
    await client.list_devices(Battery)


async def test_late_answer_holds_up_nobody_else(home: SimulatedHome, client: AmpsClient, advance: Advance) -> None:
    home.simulator.inject("latency", count=1)
    late = asyncio.create_task(client.list_devices(Battery))
    await asyncio.sleep(0)
    await advance(timedelta(seconds=4))
    await client.list_devices(Battery)
    assert not late.done()
    await advance(timedelta(seconds=2))
    await late


@pytest.mark.parametrize("fault", ["truncated", "invalid_json"])
async def test_damaged_answer_is_an_error_of_the_service(home: SimulatedHome, client: AmpsClient, fault: str) -> None:
    home.simulator.inject(fault, count=1)
    with pytest.raises(AmpsError) as failed:
        await client.list_devices(Battery)
    assert not isinstance(failed.value, AmpsConnectionError)
    await client.list_devices(Battery)
