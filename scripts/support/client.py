"""A conversation with a running Home Assistant, over the interfaces that its own pages use."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from http import HTTPStatus
from typing import TypedDict, cast

import aiohttp

from scripts.support.failure import DevelopError

POLL_INTERVAL = 0.25
# A first start compiles all of Home Assistant's Python, which takes a slow machine minutes.
START_TIMEOUT = 300

type Json = dict[str, object]


class _Tokens(TypedDict):
    access_token: str
    refresh_token: str


class Client:
    """A logged-in owner of the home."""

    def __init__(self, session: aiohttp.ClientSession, socket: aiohttp.ClientWebSocketResponse, token: str) -> None:
        """Speak over a websocket that has been authenticated."""
        self._session = session
        self._socket = socket
        self._headers = {"Authorization": f"Bearer {token}"}
        self._last_id = 0

    async def command(self, command: str, **fields: object) -> object:
        """Send a websocket command and return its result."""
        self._last_id += 1
        await self._socket.send_json({"id": self._last_id, "type": command, **fields})
        answer = await _receive(self._socket)
        if not answer["success"]:
            message = f"Home Assistant refused {command}: {answer['error']}"
            raise DevelopError(message)
        return answer["result"]

    async def post(self, path: str, payload: Json) -> Json:
        """Post to the REST interface and return the answer."""
        async with self._session.post(path, json=payload, headers=self._headers) as response:
            if response.status != HTTPStatus.OK:
                message = f"Home Assistant refused {path} with status {response.status}: {await response.text()}"
                raise DevelopError(message)
            return cast("Json", await response.json())

    async def wait_until_running(self) -> None:
        """Wait until every integration has had its turn."""
        while True:
            config = cast("Json", await self.command("get_config"))
            if config["recovery_mode"]:
                message = "Home Assistant could not use its configuration and started in recovery mode: see its log."
                raise DevelopError(message)
            if config["state"] == "RUNNING":
                return
            await asyncio.sleep(POLL_INTERVAL)


@asynccontextmanager
async def connect(url: str, user_id: str) -> AsyncIterator[Client]:
    """Log in as soon as Home Assistant answers, and leave no token behind."""
    async with aiohttp.ClientSession(url) as session:
        await _wait_until_answering(session)
        tokens = await _log_in(session, f"{url}/", user_id)
        try:
            # The registry of a large fleet is far above the size that a message may have by default.
            async with session.ws_connect("/api/websocket", max_msg_size=0) as socket:
                await _receive(socket)
                await socket.send_json({"type": "auth", "access_token": tokens["access_token"]})
                await _receive(socket)
                yield Client(session, socket, tokens["access_token"])
        finally:
            with suppress(aiohttp.ClientError):
                await session.post("/auth/revoke", data={"token": tokens["refresh_token"]})


async def _receive(socket: aiohttp.ClientWebSocketResponse) -> Json:
    message = await socket.receive()
    if message.type is not aiohttp.WSMsgType.TEXT:
        hung_up = "Home Assistant has hung up."
        raise DevelopError(hung_up)
    return cast("Json", message.json())


async def _wait_until_answering(session: aiohttp.ClientSession) -> None:
    try:
        async with asyncio.timeout(START_TIMEOUT):
            while True:
                if await _answers(session):
                    return
                await asyncio.sleep(POLL_INTERVAL)
    except TimeoutError:
        message = f"Home Assistant has not answered for {START_TIMEOUT} s."
        raise DevelopError(message) from None


async def _answers(session: aiohttp.ClientSession) -> bool:
    try:
        async with session.get("/auth/providers") as response:
            return response.status == HTTPStatus.OK
    except aiohttp.ClientError:
        return False


async def _log_in(session: aiohttp.ClientSession, client_id: str, user_id: str) -> _Tokens:
    """Log in as a browser on this machine does, which is without a password."""
    start = {"client_id": client_id, "redirect_uri": client_id, "handler": ["trusted_networks", None]}
    async with session.post("/auth/login_flow", json=start) as response:
        step = await response.json()
    if step.get("type") == "form":  # a second user was added, so Home Assistant asks which one it is
        choice = {"client_id": client_id, "user": user_id}
        async with session.post(f"/auth/login_flow/{step['flow_id']}", json=choice) as response:
            step = await response.json()
    if step.get("type") != "create_entry":
        message = "Home Assistant does not let this machine log in: see auth_providers in its configuration.yaml."
        raise DevelopError(message)
    exchange = {"client_id": client_id, "grant_type": "authorization_code", "code": step["result"]}
    async with session.post("/auth/token", data=exchange) as response:
        return cast("_Tokens", await response.json())
