"""The simulator behind a real HTTP server."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from ipaddress import ip_address

from aiohttp import web

from ..control import PREFIX
from ..messages import Outcome, Request, Response
from ..service import Simulator
from ..validation import MAX_BODY, MAX_STATE
from .webhook_sender import WebhookSender

_READ_TIMEOUT = 30.0
_STATE_PATH = f"{PREFIX}/state"
_HTTP_PORT = 80
_LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")
_FOREIGN = (
    "This simulator answers only requests whose Host, and Origin if there is one, are its own address and port.\n"
)


def create_app(simulator: Simulator, sender: WebhookSender, *, host: str) -> web.Application:
    """Return an application that hands every request to a simulator, whatever its method and path.

    `host` is what the server listens on. A request for another host, or of a page of another origin, is refused before
    the simulator sees it.
    """
    stopping = asyncio.Event()

    async def stop(_app: web.Application) -> None:
        stopping.set()

    async def handle(request: web.Request) -> web.Response:
        if not _is_own(request, host):
            await _body(request, 0)
            return web.Response(status=403, text=_FOREIGN)
        names = Counter(name for name, _ in request.query.items())
        response = simulator.handle(
            Request(
                method=request.method,
                path=request.path,
                query=dict(request.query),
                headers=dict(request.headers),
                body=await _body(request, MAX_STATE if request.path == _STATE_PATH else MAX_BODY),
                repeated=frozenset(name for name, count in names.items() if count > 1),
            )
        )
        sender.wake()
        if not await _arrives(response, stopping) and request.transport is not None:
            request.transport.abort()
        return web.Response(status=response.status, headers=response.headers, body=response.body)

    app = web.Application()
    app.on_shutdown.append(stop)
    # A path may hold a line feed, and what a request expects is no reason to refuse it.
    app.router.add_route("*", "/{path:(?s:.*)}", handle, expect_handler=_continue)
    return app


@asynccontextmanager
async def serve(simulator: Simulator, *, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[str]:
    """Serve a simulator for as long as the context lasts, under the URL that it yields; port 0 is any free one."""
    sender = WebhookSender(simulator)
    # Bodies are read to their end in `_body`, so that there is nothing to linger for.
    # A client that gives up waiting for an answer that never comes takes its request with it.
    runner = web.AppRunner(
        create_app(simulator, sender, host=host),
        access_log=None,
        shutdown_timeout=1,
        lingering_time=0,
        handler_cancellation=True,
    )
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        await site.start()
        async with sender.running():
            yield f"http://{_url_host(host)}:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def _url_host(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _is_own(request: web.Request, host: str) -> bool:
    """Return whether a request names this server in its Host, and in its Origin if it has one (design §8).

    A page of another site in a browser on this machine reaches the server as well: by a name of its own that it lets
    stand for this address, which Host tells, or by this address, which Origin tells.
    """
    authorities = _authorities(request, host)
    origins = {origin.lower() for origin in request.headers.getall("Origin", [])}
    host_named = request.headers.get("Host", "").lower()
    return host_named in authorities and origins <= {f"http://{name}" for name in authorities}


def _authorities(request: web.Request, host: str) -> set[str]:
    """Return the hosts, with their port, under which a request may have come to the address that it came to."""
    arrived_at = None if request.transport is None else request.transport.get_extra_info("sockname")
    if arrived_at is None:
        return set()
    address, port = arrived_at[:2]
    names = {_url_host(address), _url_host(host).lower()}
    if ip_address(address).is_loopback:
        names.update(_LOOPBACK_NAMES)
    return {f"{name}:{port}" for name in names} | (names if port == _HTTP_PORT else set())


async def _arrives(response: Response, stopping: asyncio.Event) -> bool:
    """Let a response take its time and tell whether it arrives in the end; it does not when the server stops first."""
    never = response.outcome is Outcome.NEVER_COMES
    if never or response.delay:
        with suppress(TimeoutError):
            async with asyncio.timeout(None if never else response.delay):
                await stopping.wait()
                return False
    return response.outcome is Outcome.ARRIVES


async def _continue(request: web.Request) -> None:
    """Tell a client that waits for it to send its body."""
    if request.headers.get("Expect", "").lower() == "100-continue" and request.transport is not None:
        request.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")


async def _body(request: web.Request, longest: int) -> bytes:
    """Return the body, of one that is too long no more than shows that.

    The rest is taken off the wire all the same: a client that is cut off while it sends never sees the answer. What
    does not arrive whole or in time is handed on as far as it came, for the simulator to refuse.
    """
    received = bytearray()
    with suppress(TimeoutError, web.RequestPayloadError):
        async with asyncio.timeout(_READ_TIMEOUT):
            async for chunk in request.content.iter_any():
                received += chunk[: longest + 1 - len(received)]
    return bytes(received)
