"""The transports of requests: over HTTP, or to a simulator in the same process."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol, override

from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout
from yarl import URL

from .errors import AmpsConnectionError, AmpsTimeoutError, AmpsUnexpectedAnswerError
from .text import display_text

TIMEOUT: Final = 30.0
"""Seconds that one request may take, including a read from a manufacturer's cloud."""
MAX_BODY: Final = 16 * 2**20
"""The maximum size of an answer in bytes, decompressed (design §4)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request; when printed, it contains neither the key nor the end user."""

    method: str
    path: str
    """Percent-encoded."""
    query: Mapping[str, str] = field(default_factory=dict, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes | None = None

    @override
    def __str__(self) -> str:
        """Return the method and path, for messages."""
        return f"{self.method} {display_text(self.path)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """An answer, whatever its status."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = field(default=b"", repr=False)


class Transport(Protocol):
    """Sends requests."""

    async def send(self, request: Request) -> Response:
        """Send a request and return the answer; raise AmpsConnectionError if none comes."""


class HttpTransport(Transport):
    """Sends requests over HTTP."""

    def __init__(self, session: ClientSession, url: str, *, timeout: float = TIMEOUT) -> None:
        """Use the service at a URL; the caller closes the session."""
        self._session = session
        self._url = url.rstrip("/")
        self._timeout = ClientTimeout(total=timeout)

    @override
    async def send(self, request: Request) -> Response:
        # Redirects are not followed: the key would be sent to wherever they point.
        try:
            async with self._session.request(
                request.method,
                URL(f"{self._url}{request.path}", encoded=True).with_query(request.query),
                headers=request.headers,
                data=request.body,
                timeout=self._timeout,
                allow_redirects=False,
            ) as answer:
                return Response(status=answer.status, headers=answer.headers, body=await _read_body(request, answer))
        except TimeoutError as err:
            msg = f"no answer to {request} in time"
            raise AmpsTimeoutError(msg) from err
        except (ClientError, OSError, ValueError) as err:
            # The text of these may contain the whole URL, and so an end user's id: only their type is named.
            msg = f"no answer to {request} ({type(err).__name__})"
            raise AmpsConnectionError(msg) from None


async def _read_body(request: Request, answer: ClientResponse) -> bytes:
    """Return the body of an answer, decompressed; raise AmpsUnexpectedAnswerError once it is too large."""
    body = bytearray()
    async for chunk in answer.content.iter_any():
        body += chunk
        if len(body) > MAX_BODY:
            msg = f"the answer to {request} is too large"
            raise AmpsUnexpectedAnswerError(msg)
    return bytes(body)


class EmbeddedTransport(Transport):
    """Passes requests to a service in the same process, which may time out or close the connection like any other."""

    def __init__(self, answer: Callable[[Request], Awaitable[Response]]) -> None:
        """Send requests to `answer`, which raises OSError where a connection would fail."""
        self._answer = answer

    @override
    async def send(self, request: Request) -> Response:
        try:
            async with asyncio.timeout(TIMEOUT):
                answer = await self._answer(request)
        except TimeoutError as err:
            msg = f"no answer to {request} in time"
            raise AmpsTimeoutError(msg) from err
        except OSError as err:
            msg = f"no answer to {request} ({type(err).__name__})"
            raise AmpsConnectionError(msg) from None
        # An answer of a large home takes milliseconds: the event loop has to run other tasks between two of them.
        await asyncio.sleep(0)
        return answer
