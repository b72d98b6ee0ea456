"""Sending the messages of webhooks over HTTP (api §12)."""

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
    """Sends the deliveries of a simulator when they are due; `notify` has to be called after every request."""

    def __init__(self, simulator: Simulator) -> None:
        """Create the sender of a simulator."""
        self._simulator = simulator
        self._changed = asyncio.Event()

    def notify(self) -> None:
        """Check again what is due: a request may have changed that, or moved the clock."""
        self._changed.set()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Send within the context; deliveries in progress at its end are cancelled."""
        task = asyncio.create_task(self._run())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _run(self) -> None:
        async with ClientSession(cookie_jar=DummyCookieJar()) as session, asyncio.TaskGroup() as tasks:
            while True:
                self._changed.clear()
                for deliveries in _by_webhook(self._simulator.deliveries()):
                    tasks.create_task(self._deliver(session, deliveries))
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._wait()):
                        await self._changed.wait()

    async def _deliver(self, session: ClientSession, deliveries: Iterable[Delivery]) -> None:
        """Send the deliveries to one webhook one after the other, so that their order is kept."""
        for delivery in deliveries:
            self._simulator.record_result(delivery, await _status(session, delivery))
            self.notify()

    def _wait(self) -> float | None:
        """Return the seconds until the next delivery is due, None when none is."""
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
    """Return the status of the answer, None when there was none before the timeout."""
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
