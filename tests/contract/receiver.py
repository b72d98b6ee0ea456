"""A receiver of webhooks, and the requests that its tests share."""

import asyncio
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
import hmac
from http import HTTPStatus
import json

from aiohttp import web

from .harness import Api, Document, InProcess

WEBHOOKS = "/_simulator/webhooks"
DELIVERIES = "/_simulator/deliveries"
SECRET = "whsec_" + b64encode(b"a secret of the tests").decode()
OTHER_SECRET = "whsec_" + b64encode(b"another secret").decode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One delivery as it arrived."""

    headers: Mapping[str, str]
    raw: bytes

    @property
    def body(self) -> Document:
        """The parsed body."""
        body: Document = json.loads(self.raw)
        return body

    @property
    def id(self) -> str:
        """The id of the message."""
        return self.headers["svix-id"]

    @property
    def at(self) -> datetime:
        """The timestamp of the header."""
        return datetime.fromtimestamp(int(self.headers["svix-timestamp"]), UTC)

    def signed_with(self, *secrets: str) -> bool:
        """Return whether its signatures are those of these secrets, in their order (api §12.1)."""
        content = f"{self.id}.{self.headers['svix-timestamp']}.".encode() + self.raw
        expected = [
            "v1," + b64encode(hmac.new(b64decode(secret.split("_", 1)[1]), content, sha256).digest()).decode()
            for secret in secrets
        ]
        return self.headers["svix-signature"].split(" ") == expected


@dataclass(kw_only=True)
class Receiver:
    """A receiver; it answers with the statuses it is given, then with 200."""

    api: Api
    url: str
    arrivals: list[Arrival] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)

    def receive(self, headers: Mapping[str, str], raw: bytes) -> int:
        """Record a delivery and return the status of the answer."""
        self.arrivals.append(Arrival(headers={name.lower(): text for name, text in headers.items()}, raw=raw))
        return self.statuses.pop(0) if self.statuses else 200

    async def received(self) -> list[Arrival]:
        """Return the deliveries since the last call, once nothing is due."""
        if isinstance(self.api, InProcess):
            while deliveries := self.api.simulator.deliveries():
                for delivery in deliveries:
                    assert delivery.url == self.url
                    self.api.simulator.record_result(delivery, self.receive(delivery.headers, delivery.body))
        async with asyncio.timeout(10):
            while await self._is_due():
                pass  # each check is a request, during which the server delivers
        arrived, self.arrivals = self.arrivals, []
        return arrived

    async def _is_due(self) -> bool:
        now = (await self.api.get("/_simulator/clock")).data["now"]
        return any(message["dueAt"] <= now for message in (await self.api.get(DELIVERIES)).data["pending"])


@asynccontextmanager
async def served(receiver: Receiver) -> AsyncIterator[Receiver]:
    """Serve a receiver on this machine, and yield it with its URL."""

    async def receive(request: web.Request) -> web.Response:
        return web.Response(status=receiver.receive(request.headers, await request.read()))

    app = web.Application()
    app.router.add_post("/amps", receive)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/amps"
    try:
        yield receiver
    finally:
        await runner.cleanup()


async def register(api: Api, receiver: Receiver, **members: object) -> Document:
    """Add a webhook for a receiver, and return it as the control surface shows it."""
    answer = await api.post(WEBHOOKS, {"url": receiver.url, "secret": SECRET, **members})
    assert answer.status == HTTPStatus.OK, answer.document
    return answer.data


async def finished_push(api: Api) -> str:
    """Push a command that completes three seconds later, and let them pass."""
    action_id: str = (await api.push(await api.device("battery"), "charge")).data["id"]
    await api.advance(seconds=3)
    return action_id
