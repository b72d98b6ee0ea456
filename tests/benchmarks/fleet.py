"""What a poll of a very large account costs, over HTTP."""

import asyncio
from asyncio import events
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
import gc
from statistics import median
import sys
from time import perf_counter_ns
from typing import Final
from unittest.mock import patch

from aiohttp import ClientSession
from homeassistant.core import HomeAssistant
import orjson
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.amps.api import AmpsClient, HttpTransport
from custom_components.amps.const import DOMAIN
from custom_components.amps.coordinator import AmpsCoordinator

from .account import KEY, LISTS, PAGE, home_assistant
from .result import Result

FLEET: Final = 1_000
POLLS: Final = 12
LONGEST_MS: Final = 50


@asynccontextmanager
async def server() -> AsyncIterator[str]:
    """Serve a fleet from a process of its own, and yield its URL."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.benchmarks.fleet_server", str(FLEET), stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        yield (await process.stdout.readline()).decode().strip()
    finally:
        process.terminate()
        await process.wait()


async def fetch(session: ClientSession, url: str) -> int:
    """Fetch and parse all pages of all lists, and return how many items they have."""

    async def fetch_list(path: str) -> int:
        items = 0
        while True:
            query = {"limit": str(PAGE), "offset": str(items)}
            async with session.get(f"{url}{path}", params=query, headers={"x-api-key": KEY}) as answer:
                data = orjson.loads(await answer.read())["data"]
            items += len(data["items"])
            if not data["pagination"]["hasMore"]:
                return items

    return sum(await asyncio.gather(*map(fetch_list, LISTS)))


@contextmanager
def longest_callback() -> Iterator[list[float]]:
    """Yield a list that holds how long the longest callback of the event loop has taken, in ms."""
    longest = [0.0]
    run = events.Handle._run  # noqa: SLF001  nothing public tells

    def timed(handle: events.Handle) -> None:
        start = perf_counter_ns()
        run(handle)
        longest[0] = max(longest[0], (perf_counter_ns() - start) / 1e6)

    with patch.object(events.Handle, "_run", timed):
        yield longest


def coordinator_of(hass: HomeAssistant, session: ClientSession, url: str) -> AmpsCoordinator:
    """Return a coordinator that knows nothing yet and reads lists alone."""
    entry = MockConfigEntry(domain=DOMAIN, title="Benchmark", data={})
    entry.add_to_hass(hass)
    coordinator = AmpsCoordinator(hass, entry, AmpsClient(HttpTransport(session, url), KEY))
    coordinator.read_scheduler.shutdown()
    return coordinator


async def polls() -> AsyncIterator[Result]:
    """B9: the first poll and later ones, between which the same is fetched without the integration.

    Medians, for these take long enough to see good and bad moments of the machine alike.
    """
    async with home_assistant() as hass, server() as url, ClientSession() as session:
        await fetch(session, url)
        firsts: list[float] = []
        laters: list[float] = []
        floors: list[float] = []
        lengths: dict[str, list[float]] = {"first": [], "later": []}
        good = True

        async def timed_floor() -> None:
            start = perf_counter_ns()
            count = await fetch(session, url)
            floors.append((perf_counter_ns() - start) / 1e6)
            if count != FLEET:
                msg = f"{count} devices were fetched"
                raise RuntimeError(msg)

        async def timed_poll(coordinator: AmpsCoordinator, times: list[float], which: str) -> None:
            gc.collect()
            with longest_callback() as longest:
                start = perf_counter_ns()
                await coordinator.async_refresh()
                times.append((perf_counter_ns() - start) / 1e6)
                await asyncio.sleep(0)
            lengths[which].append(longest[0])

        for _ in range(POLLS):
            coordinator = coordinator_of(hass, session, url)
            await timed_floor()
            await timed_poll(coordinator, firsts, "first")
            devices = coordinator.data
            await timed_floor()
            await timed_poll(coordinator, laters, "later")
            good = good and coordinator.data is devices and len(devices) == FLEET
            await coordinator.async_shutdown()
            # Else its devices stay its own (design §3), and the next coordinator has none.
            await hass.config_entries.async_remove(coordinator.config_entry.entry_id)
        for which, times, goal in (("first", firsts, 8.0), ("later", laters, 1.6)):
            longest = min(lengths[which])
            yield Result(
                what=f"{which} poll of {FLEET} devices over HTTP, longest callback {longest:.0f} ms",
                value=median(times),
                unit="ms",
                floor=median(floors),
                goal=goal,
                ok_besides=good and longest <= LONGEST_MS,
            )
