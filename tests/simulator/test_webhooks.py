"""Sending webhooks over a network, in real time (api §12)."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
import json
import pickle
import time
from typing import Any

import aiohttp
from aiohttp import web
import pytest

from custom_components.amps.simulator import (
    Request,
    SimulatedClock,
    Simulator,
    Timing,
    Webhook,
    create_simulator,
    frozen_clock,
)
from custom_components.amps.simulator.server import serve
from custom_components.amps.simulator.server.program import main
from custom_components.amps.simulator.webhooks.outbox import Event, Outbox, OutboxState
from custom_components.amps.simulator.webhooks.webhook import is_secret, made_secret

_START = datetime(2026, 6, 14, 12, tzinfo=UTC)
_HEADERS = {"x-api-key": "sk_test_webhooks", "content-type": "application/json"}

type Take = Callable[[web.Request], Awaitable[web.StreamResponse]]

pytestmark = pytest.mark.usefixtures("socket_enabled")


@asynccontextmanager
async def _receiver(take: Take) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_post("/", take)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/"
    finally:
        await runner.cleanup()


def _simulator(*webhooks: Webhook, clock: SimulatedClock | None = None, settle: float = 0) -> Simulator:
    return create_simulator(
        "showcase",
        seed="webhooks",
        clock=clock or frozen_clock(_START),
        timing=Timing(settle=timedelta(seconds=settle)),
        webhooks=webhooks,
    )


def _webhook(url: str, name: str = "webhook_1", timeout: float = 30.0) -> Webhook:
    return Webhook(id=name, url=url, secret=made_secret(name), timeout=timeout)


async def _push(url: str) -> None:
    async with aiohttp.ClientSession(headers=_HEADERS) as session:
        async with session.get(f"{url}/battery") as response:
            battery = (await response.json())["data"]["items"][0]["id"]
        async with session.post(f"{url}/battery/{battery}", json={"action": {"command": "charge"}}) as response:
            assert response.status == 202


async def _attempted(url: str, count: int) -> list[tuple[str, int | None]]:
    """Return the attempts, as webhook and status, once there are so many."""
    attempts: list[tuple[str, int | None]] = []
    async with asyncio.timeout(10), aiohttp.ClientSession() as session:
        while len(attempts) < count:
            async with session.get(f"{url}/_simulator/deliveries") as response:
                entries = (await response.json())["data"]["items"]
            attempts = [(entry["webhookId"], entry["status"]) for entry in entries]
    return attempts


async def test_sender_sends_when_a_delivery_is_due_on_a_running_clock() -> None:
    """At a thousandfold speed three seconds are three milliseconds; there is no request meanwhile."""
    arrived = asyncio.get_running_loop().create_future()

    async def take(request: web.Request) -> web.Response:
        arrived.set_result(await request.json())
        return web.Response()

    clock = SimulatedClock(_START, ticks=time.monotonic, speed=1000)
    async with _receiver(take) as receiver, serve(_simulator(_webhook(receiver), clock=clock, settle=3)) as url:
        await _push(url)
        async with asyncio.timeout(10):
            assert (await arrived)["command"] == "charge"


async def test_slow_receiver_does_not_delay_another() -> None:
    """A receiver that does not answer does not keep the server from stopping either."""
    hanging = asyncio.Event()

    async def hang(request: web.Request) -> web.Response:
        await hanging.wait()
        return web.Response()

    async def take(request: web.Request) -> web.Response:
        return web.Response()

    async with _receiver(hang) as slow, _receiver(take) as quick:
        simulator = _simulator(_webhook(slow), _webhook(quick, "webhook_2"))
        async with asyncio.timeout(10), serve(simulator) as url:
            await _push(url)
            assert await _attempted(url, 1) == [("webhook_2", 200)]
            await _push(url)
            assert await _attempted(url, 2) == [("webhook_2", 200)] * 2
        hanging.set()


async def test_answer_after_the_timeout_counts_as_none() -> None:
    hanging = asyncio.Event()

    async def hang(request: web.Request) -> web.Response:
        await hanging.wait()
        return web.Response()

    async with _receiver(hang) as receiver:
        async with serve(_simulator(_webhook(receiver, timeout=0.05))) as url:
            await _push(url)
            assert await _attempted(url, 1) == [("webhook_1", None)]
        hanging.set()


@pytest.mark.parametrize("receiver", ["http://127.0.0.1:1/", "http://receiver.invalid/", "http://127.0.0.1:99999/"])
async def test_missing_receiver_counts_as_no_answer_and_is_tried_again(receiver: str) -> None:
    clock = frozen_clock(_START)
    simulator = _simulator(_webhook(receiver), clock=clock)
    async with serve(simulator) as url:
        await _push(url)
        assert await _attempted(url, 1) == [("webhook_1", None)]
        clock.advance(1)
        assert await _attempted(url, 2) == [("webhook_1", None)] * 2


async def test_redirects_are_not_followed() -> None:
    """A signed message must not go to an address that was not registered."""
    visits: list[str] = []

    async def redirect(request: web.Request) -> web.Response:
        visits.append(request.path)
        raise web.HTTPTemporaryRedirect(location="/")

    async with _receiver(redirect) as receiver:
        simulator = _simulator(_webhook(receiver))
        async with serve(simulator) as url:
            await _push(url)
            assert await _attempted(url, 1) == [("webhook_1", 307)]
    assert visits == ["/"]


def test_reset_removes_messages_that_are_being_sent() -> None:
    """The result of such a message is ignored after the reset, and the initial webhooks receive the following ones."""
    simulator = _simulator(_webhook("https://mailbox.test/"))

    def ask(method: str, path: str, document: object = None) -> Any:  # noqa: ANN401  whatever was asked for
        body = b"" if document is None else json.dumps(document).encode()
        response = simulator.handle(Request(method=method, path=path, query={}, headers=_HEADERS, body=body))
        return json.loads(response.body)["data"]

    def push() -> None:
        battery = ask("GET", "/battery")["items"][0]["id"]
        ask("POST", f"/battery/{battery}", {"action": {"command": "charge"}})

    push()
    (old,) = simulator.deliveries()
    ask("POST", "/_simulator/reset")
    push()
    simulator.record_result(old, 500)
    (new,) = simulator.deliveries()
    simulator.record_result(old, 500)
    simulator.record_result(new, 200)
    assert [entry["status"] for entry in ask("GET", "/_simulator/deliveries")["items"]] == [200]
    assert simulator.next_delivery() is None


@pytest.mark.parametrize(
    "arguments",
    [
        ("--webhook-url", "receiver"),
        ("--webhook-url", "ftp://mailbox.test"),
        ("--webhook-secret", "whsec_"),
        ("--webhook-secret", "secret"),
    ],
)
def test_program_refuses_invalid_webhooks(arguments: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(list(arguments))
    assert stopped.value.code == 2
    assert arguments[0] in capsys.readouterr().err


def test_made_secrets_are_secrets() -> None:
    assert is_secret(made_secret("a", "webhook_1"))
    assert made_secret("a", "webhook_1") != made_secret("b", "webhook_1")


def test_removed_webhooks_leave_nothing_in_the_outbox() -> None:
    """Nor do the messages that were being sent; a simulated home may run for years."""
    outbox = Outbox("webhooks", OutboxState())

    def add_and_remove() -> int:
        """Return the size of the outbox after a webhook was added and removed."""
        outbox.put(_webhook("https://mailbox.test/"))
        for _ in range(20):
            outbox.notify(Event.DEVICE_CONNECTED, {}, _START)
        assert len(outbox.deliveries_due(_START)) == 20
        assert outbox.remove("webhook_1")
        return len(pickle.dumps(outbox))

    once = add_and_remove()
    # But for numbers that have more digits.
    assert max(add_and_remove() for _ in range(100)) < once + 20
