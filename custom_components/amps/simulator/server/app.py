"""The HTTP server of the simulator."""

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
    """Return an application that passes every request to a simulator, whatever its method and path.

    `host` is the address that the server listens on. A request with another host, or from a page of another origin, is
    refused before the simulator receives it.
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
        sender.notify()
        if not await _arrives(response, stopping) and request.transport is not None:
            request.transport.abort()
        return web.Response(status=response.status, headers=response.headers, body=response.body)

    app = web.Application()
    app.on_shutdown.append(stop)
    # A path may have a line feed, and an `Expect` header is no reason to refuse a request.
    app.router.add_route("*", "/{path:(?s:.*)}", handle, expect_handler=_continue)
    return app


@asynccontextmanager
async def serve(simulator: Simulator, *, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[str]:
    """Serve a simulator within the context, under the URL that it yields; port 0 is any free one."""
    sender = WebhookSender(simulator)
    # Bodies are read to their end in `_body`, so that lingering is not necessary. Cancellation ends the handler of a
    # response that never comes, when its client disconnects.
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

    A page of another site in a browser on this machine reaches the server as well: by a name that it resolves to this
    address, which Host shows, or by the address, which Origin shows.
    """
    authorities = _authorities(request, host)
    origins = {origin.lower() for origin in request.headers.getall("Origin", [])}
    host_named = request.headers.get("Host", "").lower()
    return host_named in authorities and origins <= {f"http://{name}" for name in authorities}


def _authorities(request: web.Request, host: str) -> set[str]:
    """Return the hosts, with their port, that stand for the address at which a request arrived."""
    arrived_at = None if request.transport is None else request.transport.get_extra_info("sockname")
    if arrived_at is None:
        return set()
    address, port = arrived_at[:2]
    names = {_url_host(address), _url_host(host).lower()}
    if ip_address(address).is_loopback:
        names.update(_LOOPBACK_NAMES)
    return {f"{name}:{port}" for name in names} | (names if port == _HTTP_PORT else set())


async def _arrives(response: Response, stopping: asyncio.Event) -> bool:
    """Wait for the delay of a response and return whether it arrives; it does not when the server stops first."""
    never = response.outcome is Outcome.NEVER_COMES
    if never or response.delay:
        with suppress(TimeoutError):
            async with asyncio.timeout(None if never else response.delay):
                await stopping.wait()
                return False
    return response.outcome is Outcome.ARRIVES


async def _continue(request: web.Request) -> None:
    """Ask a client that waits for it to send its body."""
    if request.headers.get("Expect", "").lower() == "100-continue" and request.transport is not None:
        request.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")


async def _body(request: web.Request, longest: int) -> bytes:
    """Return the body, up to one byte more than the limit, which shows that it is too long.

    The rest is read as well: a client whose connection is closed while it sends never receives the response. A body
    that is incomplete after the timeout is returned as far as it was received, and the simulator refuses it.
    """
    received = bytearray()
    with suppress(TimeoutError, web.RequestPayloadError):
        async with asyncio.timeout(_READ_TIMEOUT):
            async for chunk in request.content.iter_any():
                received += chunk[: longest + 1 - len(received)]
    return bytes(received)
