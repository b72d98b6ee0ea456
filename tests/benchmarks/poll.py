"""What a poll costs."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any, Final

from homeassistant.helpers.update_coordinator import DataUpdateCoordinator
import orjson

from custom_components.amps import simulator
from custom_components.amps.api import EmbeddedTransport, Request, Response

from .account import INSTANT, Answering, Writes, account, home_assistant, note_writes, pages
from .peer import set_up_peer
from .plain import entities_of
from .result import ROUNDS, Result, measure, measure_alone

DEVICES: Final = 50


def large_home() -> tuple[simulator.Simulator, simulator.SimulatedClock]:
    """Return a home of many devices whose time stands still unless it is moved."""
    clock = simulator.frozen_clock(INSTANT)
    return simulator.create_simulator("large_home", seed="benchmark", clock=clock, device_count=DEVICES), clock


def parse_and_compare(bodies: Mapping[str, bytes], record: Mapping[str, list[object]]) -> list[tuple[str, object]]:
    """Parse the pages and return the items that changed: less no poll can do that wants to know what did."""
    items = {path: orjson.loads(body)["data"]["items"] for path, body in bodies.items()}
    return [
        (path, item)
        for path, page in items.items()
        for item, before in zip(page, record[path], strict=True)
        if item != before
    ]


async def poll(coordinator: DataUpdateCoordinator[Any]) -> None:
    """Poll, and wait until nobody has anything left to do."""
    await coordinator.async_refresh()
    while coordinator.hass.loop._ready:  # type: ignore[attr-defined]  # noqa: ASYNC110, SLF001  nothing public tells
        await asyncio.sleep(0)


async def unchanged() -> AsyncIterator[Result]:
    """B1: a poll that brings nothing new."""
    home, _ = large_home()
    bodies = pages(home)
    record = {path: orjson.loads(body)["data"]["items"] for path, body in bodies.items()}
    transport = Answering(home, bodies)
    async with home_assistant() as hass, account(transport, hass) as entry:
        coordinator = entry.runtime_data.coordinator
        await poll(coordinator)  # the first reads of devices bring their settings
        devices = coordinator.data
        entities = len(entities_of(hass))
        writes = note_writes(hass, frozenset(entity.entity_id for entity in entities_of(hass)))
        transport.asked.clear()
        value_us, floor_us = await measure(lambda: poll(coordinator), lambda: parse_and_compare(bodies, record))
        peer, peers = await set_up_peer(hass, Answering(home, bodies))
        peer_us = await measure_alone(lambda: poll(peer))
        peer_writes = note_writes(hass, peers)
        await poll(peer)
        yield Result(
            what=f"live poll of {len(devices)} devices and {entities} entities, nothing changed, "
            f"{len(writes.changed) + len(writes.in_vain)} state writes",
            value=value_us,
            unit="µs",
            floor=floor_us,
            goal=1.5,
            peer=peer_us,
            ok_besides=not parse_and_compare(bodies, record)
            and writes == Writes()
            and len(peer_writes.in_vain) == len(peers) == entities
            and coordinator.data is devices
            and len(devices) == DEVICES
            and transport.asked == ["list"] * ROUNDS * len(bodies),
        )


async def moving() -> AsyncIterator[Result]:
    """B1 as well: a poll of the simulated home, in which everything moves, simulator included; held to 5 ms."""
    clock = simulator.frozen_clock(INSTANT)
    home = simulator.create_simulator("showcase", seed="benchmark", clock=clock)

    async def answer(request: Request) -> Response:
        headers = {**request.headers, "x-api-key": "sk_test_benchmark"}
        response = home.handle(
            simulator.Request(method=request.method, path=request.path, query=request.query, headers=headers)
        )
        return Response(status=response.status, body=response.body)

    async with home_assistant() as hass, account(EmbeddedTransport(answer), hass) as entry:
        coordinator = entry.runtime_data.coordinator
        writes = note_writes(hass, frozenset(entity.entity_id for entity in entities_of(hass)))

        async def next_poll() -> None:
            clock.advance(30)
            await coordinator.async_refresh()

        value_us = await measure_alone(next_poll)
        yield Result(
            what=f"poll of the simulated home, {len(coordinator.data)} devices moving, "
            f"{len(writes.changed) / ROUNDS:.0f} state writes a poll, against a budget of 5 ms",
            value=value_us,
            unit="µs",
            floor=5000,
            goal=1,
            ok_besides=len(writes.changed) > ROUNDS,
        )
