"""What entities weigh: python -m tests.benchmarks.memory DEVICES weighs those of so many batteries."""

import asyncio
from collections.abc import AsyncIterator, Mapping
import gc
import json
import logging
import sys
import tracemalloc
from typing import Final, override
from unittest.mock import patch

from homeassistant.const import EVENT_HOMEASSISTANT_FINAL_WRITE

from custom_components.amps import simulator
from custom_components.amps.api import Request, Response
from custom_components.amps.rules.request_limits import RequestLimits

from .account import INSTANT, LISTS, PAGE, Answering, account, ask, home_assistant
from .plain import entities_of, plain_entry
from .result import Result

SIZES: Final = (50, 500)
"""Batteries, which have twenty entities each, of 1,000 and 10,000 entities."""
PER_DEVICE: Final = 15
POLLS: Final = 10_000
GROWTH: Final = 64 * 1024
"""Bytes; what an object of each poll would weigh is more."""


class _Hours:
    """A clock of which each look is an hour later, so that nothing counts as asked within the last hour."""

    now = 0.0

    def __call__(self) -> float:
        """Return the time."""
        self.now += 3600
        return self.now


class _Paged(Answering):
    """Has pages ready, and keeps nothing of what it is asked."""

    def __init__(self, home: simulator.Simulator, pages: Mapping[tuple[str, str], bytes]) -> None:
        """Prepare the answers."""
        super().__init__(home, {})
        self._pages = {place: Response(status=200, body=body) for place, body in pages.items()}

    @override
    async def send(self, request: Request) -> Response:
        if (page := self._pages.get((request.path, request.query.get("offset", "")))) is not None:
            return page
        return await super().send(request)


def _lists(home: simulator.Simulator, batteries: int) -> dict[tuple[str, str], bytes]:
    """Return the pages of a home of which only the batteries are shown."""
    pages = {
        (LISTS[0], str(offset)): ask(home, LISTS[0], {"limit": str(PAGE), "offset": str(offset)})
        for offset in range(0, batteries, PAGE)
    }
    empty = {(path, "0"): ask(home, path, {"limit": "1", "offset": "100000"}) for path in LISTS[1:]}
    return pages | empty


def _traced() -> int:
    gc.collect()
    return tracemalloc.get_traced_memory()[0]


async def weigh(batteries: int) -> dict[str, float]:
    """Return the bytes of an entity of ours and of a plain one, how many there are, and what polls leave behind."""
    home = simulator.create_simulator(
        "fleet", seed="benchmark", clock=simulator.frozen_clock(INSTANT), device_count=batteries * len(LISTS)
    )
    lists = _lists(home, batteries)
    few = _lists(home, 1)
    hours = _Hours()
    async with home_assistant() as hass:
        async with account(_Paged(home, few), hass):
            others, _ = plain_entry(hass)
            await hass.config_entries.async_setup(others.entry_id)
            await hass.config_entries.async_unload(others.entry_id)
            await hass.config_entries.async_remove(others.entry_id)
        with patch("custom_components.amps.account.gate.RequestLimits", lambda _clock: RequestLimits(hours)):
            tracemalloc.start()
            before = _traced()
            async with account(_Paged(home, lists), hass) as entry:
                coordinator = entry.runtime_data.coordinator
                ours = _traced() - before
                entities = len(entities_of(hass))
                devices = len(coordinator.data)
                before = _traced()
                others, plain = plain_entry(hass)
                await hass.config_entries.async_setup(others.entry_id)
                await hass.async_block_till_done()
                floor = _traced() - before
                tracemalloc.stop()
                growth = 0
                if batteries == SIZES[0]:
                    # What registries keep of having been saved is no growth of ours.
                    hass.bus.async_fire(EVENT_HOMEASSISTANT_FINAL_WRITE)
                    await hass.async_block_till_done()
                    await coordinator.async_refresh()
                    tracemalloc.start()
                    before = _traced()
                    for _ in range(POLLS):
                        await coordinator.async_refresh()
                        await asyncio.sleep(0)
                    growth = _traced() - before
                    tracemalloc.stop()
    if len(plain) != entities:
        msg = f"{len(plain)} plain entities for {entities}"
        raise RuntimeError(msg)
    return {
        "ours": ours / entities,
        "plain": floor / entities,
        "entities": entities,
        "devices": devices,
        "growth": growth,
    }


async def entities() -> AsyncIterator[Result]:
    """B4: each size in a process of its own."""
    for size in SIZES:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.benchmarks.memory", str(size), stdout=asyncio.subprocess.PIPE
        )
        output, _ = await process.communicate()
        found = json.loads(output)
        yield Result(
            what=f"memory of an entity, {found['entities']} on {found['devices']} devices, what was read included; "
            f"{found['growth']} bytes more after {POLLS if size == SIZES[0] else 0} polls",
            value=found["ours"],
            unit="B",
            floor=found["plain"],
            goal=1.3,
            ok_besides=found["growth"] < GROWTH and found["entities"] >= PER_DEVICE * found["devices"],
        )


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    sys.stdout.write(json.dumps(asyncio.run(weigh(int(sys.argv[1])))))
