"""Sends the messages of webhooks over HTTP (api §12)."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from datetime import datetime

from aiohttp import ClientError, ClientSession, ClientTimeout, DummyCookieJar

from ..clock import SimulatedClock
from ..service import Simulator
from ..webhooks.outbox import Delivery


class WebhookSender:
    """Delivers for a simulator; it sleeps until there is something to do, and has to be woken when that changes."""

    def __init__(self, simulator: Simulator) -> None:
        """Remember whom to deliver for."""
        self._simulator = simulator
        self._changed = asyncio.Event()

    def wake(self) -> None:
        """Look again: something was asked of the simulator, perhaps to move its clock."""
        self._changed.set()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Deliver for as long as the context lasts; what is on its way then is given up."""
        work = asyncio.create_task(self._work())
        try:
            yield
        finally:
            work.cancel()
            with suppress(asyncio.CancelledError):
                await work

    async def _work(self) -> None:
        async with ClientSession(cookie_jar=DummyCookieJar()) as session, asyncio.TaskGroup() as tasks:
            while True:
                self._changed.clear()
                for deliveries in _by_webhook(self._simulator.deliveries()):
                    tasks.create_task(self._deliver(session, deliveries))
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._pause()):
                        await self._changed.wait()

    async def _deliver(self, session: ClientSession, deliveries: Iterable[Delivery]) -> None:
        """Deliver to one webhook what is due at one time, one after the other, so that the order is kept."""
        for delivery in deliveries:
            self._simulator.settle(delivery, await _status(session, delivery))
            self.wake()

    def _pause(self) -> float | None:
        """Return the seconds until something is due, None when that may never be."""
        due = self._simulator.next_delivery()
        return None if due is None else _seconds_until(due, self._simulator)


def _seconds_until(due: datetime, simulator: Simulator) -> float | None:
    clock = simulator.clock
    if isinstance(clock, SimulatedClock):
        return clock.seconds_until(due)
    return (due - clock.now()).total_seconds()


def _by_webhook(deliveries: Iterable[Delivery]) -> Iterable[list[Delivery]]:
    grouped = defaultdict[str, list[Delivery]](list)
    for delivery in deliveries:
        grouped[delivery.message.webhook].append(delivery)
    return grouped.values()


async def _status(session: ClientSession, delivery: Delivery) -> int | None:
    """Return the status of the answer, None when there was none in time."""
    try:
        async with session.post(
            delivery.url,
            data=delivery.body,
            headers=delivery.headers,
            timeout=ClientTimeout(total=delivery.timeout),
            allow_redirects=False,
        ) as answer:
            return answer.status
    except ClientError, TimeoutError, OSError, ValueError:
        return None
