"""A service over real HTTP whose answers a test sets."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass, field

from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
import orjson
import pytest

from custom_components.amps.api import AmpsClient, HttpTransport

API_KEY = "sk_test_canary_4f1c"


def envelope(data: object, *, timestamp: str = "2026-06-14T08:15:30.000Z") -> dict[str, object]:
    """Return a success as api §2.1 has it."""
    meta = {"requestId": "req_Q4tW9xZa", "environment": "sandbox", "timestamp": timestamp, "latencyMs": 18}
    return {"success": True, "data": data, "meta": meta}


def page(items: list[object], *, offset: int = 0, total: int | None = None) -> dict[str, object]:
    """Return a page of a list as api §2.2 has it."""
    total = len(items) if total is None else total
    more = offset + len(items) < total
    return envelope({"items": items, "pagination": {"limit": 50, "offset": offset, "total": total, "hasMore": more}})


@dataclass
class Service:
    """Records its requests, and answers with what the test sets."""

    requests: list[web.Request] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    respond: Callable[[web.Request], Awaitable[web.StreamResponse]] | None = None

    def will_answer(self, body: object, *, status: int = 200, headers: dict[str, str] | None = None) -> None:
        """Answer every request the same; bytes are sent as they are, anything else as JSON."""
        raw = body if isinstance(body, bytes) else orjson.dumps(body)

        async def respond(_: web.Request) -> web.Response:
            return web.Response(body=raw, status=status, headers=headers, content_type="application/json")

        self.respond = respond

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one request."""
        self.requests.append(request)
        self.bodies.append(await request.read())
        assert self.respond is not None
        return await self.respond(request)


@pytest.fixture
async def service(socket_enabled: None) -> AsyncGenerator[tuple[Service, str]]:
    """Return the service and its URL."""
    service = Service()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", service.handle)
    async with TestServer(app) as server:
        yield service, str(server.make_url("/"))


@pytest.fixture
async def client(service: tuple[Service, str]) -> AsyncGenerator[AmpsClient]:
    """Return a client of the service."""
    async with ClientSession() as session:
        yield AmpsClient(HttpTransport(session, service[1], timeout=5), API_KEY)
