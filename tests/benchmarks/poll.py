"""What a poll costs."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from tempfile import TemporaryDirectory
from typing import Final, override
from unittest.mock import patch

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.const import EVENT_STATE_CHANGED, EVENT_STATE_REPORTED
from homeassistant.core import Event, EventStateChangedData, EventStateReportedData, HomeAssistant, callback
from homeassistant.helpers import frame
from homeassistant.helpers.entity import Entity
from homeassistant.loader import DATA_CUSTOM_COMPONENTS
import orjson
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_test_home_assistant

from custom_components.amps import simulator
from custom_components.amps.api import AmpsClient, EmbeddedTransport, Request, Response, Transport
from custom_components.amps.api.models import DEVICE_CLASSES
from custom_components.amps.const import DOMAIN

from .result import ROUNDS, Result, measure

DEVICES: Final = 50
INSTANT: Final = datetime(2026, 6, 14, 12, tzinfo=UTC)


def pages() -> dict[str, bytes]:
    """Return the lists of a large home at one instant, by path."""
    home = simulator.create_simulator(
        "large_home", seed="benchmark", clock=simulator.frozen_clock(INSTANT), device_count=DEVICES
    )
    return {
        f"/{device_class.path}": home.handle(
            simulator.Request(
                method="GET",
                path=f"/{device_class.path}",
                query={"limit": "50", "offset": "0"},
                headers={"x-api-key": "sk_test_benchmark"},
            )
        ).body
        for device_class in DEVICE_CLASSES
    }


class Answering(Transport):
    """Has its answers ready: what is measured begins with the bytes."""

    def __init__(self, pages: Mapping[str, bytes]) -> None:
        """Prepare the answers."""
        self._answers = {path: Response(status=200, body=body) for path, body in pages.items()}
        self.requests = 0

    @override
    async def send(self, request: Request) -> Response:
        self.requests += 1
        return self._answers[request.path]


@asynccontextmanager
async def account(transport: Transport) -> AsyncIterator[tuple[HomeAssistant, ConfigEntry]]:
    """Set up an account behind a transport in a real Home Assistant, with every entity enabled."""
    with TemporaryDirectory() as directory:
        async with async_test_home_assistant(config_dir=directory) as hass:
            frame.async_setup(hass)
            # The test helper hides integrations that are not Home Assistant's own.
            hass.data.pop(DATA_CUSTOM_COMPONENTS)
            entry = MockConfigEntry(domain=DOMAIN, title="Benchmark", data={})
            entry.add_to_hass(hass)
            with (
                patch("custom_components.amps.create_client", return_value=AmpsClient(transport, "sk_test_benchmark")),
                patch.object(Entity, "entity_registry_enabled_default", new=True),
            ):
                await hass.config_entries.async_setup(entry.entry_id)
                await hass.async_block_till_done()
            if entry.state is not ConfigEntryState.LOADED:
                msg = f"the account did not load: {entry.reason}"
                raise RuntimeError(msg)
            yield hass, entry
            await hass.config_entries.async_unload(entry.entry_id)
            await hass.async_stop(force=True)


def count_writes(hass: HomeAssistant) -> list[str]:
    """Return a list that fills with the entities written from now on, changed or not."""
    written: list[str] = []

    @callback
    def note(event: Event[EventStateChangedData] | Event[EventStateReportedData]) -> None:
        written.append(event.data["entity_id"])

    hass.bus.async_listen(EVENT_STATE_CHANGED, note)
    hass.bus.async_listen(EVENT_STATE_REPORTED, note, event_filter=callback(lambda _: True))
    return written


async def unchanged() -> AsyncIterator[Result]:
    """B1: a poll that brings nothing new."""
    bodies = pages()
    known = [orjson.loads(body)["data"]["items"] for body in bodies.values()]

    def floor() -> bool:
        return all(
            item == before
            for body, items in zip(bodies.values(), known, strict=True)
            for item, before in zip(orjson.loads(body)["data"]["items"], items, strict=True)
        )

    transport = Answering(bodies)
    async with account(transport) as (hass, entry):
        coordinator = entry.runtime_data
        snapshot = coordinator.data
        written = count_writes(hass)
        asked = transport.requests
        value_us, floor_us = await measure(coordinator.async_refresh, floor)
        entities = len(hass.states.async_all())
        yield Result(
            what=f"poll of {len(snapshot.devices)} devices and {entities} entities, nothing changed, "
            f"{len(written)} state writes",
            value=value_us,
            unit="µs",
            floor=floor_us,
            goal=1.5,
            ok_besides=floor()
            and not written
            and coordinator.data is snapshot
            and len(snapshot.devices) == DEVICES
            and transport.requests - asked == ROUNDS * len(bodies),
        )


async def moving() -> AsyncIterator[Result]:
    """B1 as well: a poll of the simulated home, in which everything moves, simulator included; held to 5 ms."""
    clock = simulator.frozen_clock(INSTANT)
    home = simulator.create_simulator("home", seed="benchmark", clock=clock)

    async def answer(request: Request) -> Response:
        response = home.handle(
            simulator.Request(method="GET", path=request.path, query=request.query, headers=request.headers)
        )
        return Response(status=response.status, body=response.body)

    async with account(EmbeddedTransport(answer)) as (hass, entry):
        coordinator = entry.runtime_data
        written = count_writes(hass)

        async def poll() -> None:
            clock.advance(30)
            await coordinator.async_refresh()

        value_us, _ = await measure(poll, lambda: None)
        yield Result(
            what=f"poll of the simulated home, {len(coordinator.data.devices)} devices moving, "
            f"{len(written) / ROUNDS:.0f} state writes a poll, against a budget of 5 ms",
            value=value_us,
            unit="µs",
            floor=5000,
            goal=1,
            ok_besides=len(written) > ROUNDS,
        )
