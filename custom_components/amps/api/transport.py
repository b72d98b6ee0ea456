"""How a request reaches the service: over HTTP, or straight into a simulator in the same process."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol, override

from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout
from yarl import URL

from .errors import AmpsConnectionError, AmpsTimeoutError, AmpsUnexpectedAnswerError
from .text import display_text

TIMEOUT: Final = 30.0
"""Seconds that one request may take; a read that goes on to a manufacturer's cloud takes its time."""
MAX_BODY: Final = 16 * 2**20
"""Bytes of an answer, decompressed, that are read (design §4)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request; neither the key nor the end user shows up when it is printed."""

    method: str
    path: str
    """Quoted, as it goes over the wire."""
    query: Mapping[str, str] = field(default_factory=dict, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes | None = None

    @override
    def __str__(self) -> str:
        """Return what messages call it."""
        return f"{self.method} {display_text(self.path)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """One answer, whatever it says."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = field(default=b"", repr=False)


class Transport(Protocol):
    """Carries one request."""

    async def send(self, request: Request) -> Response:
        """Return the answer; raise AmpsConnectionError when none came."""


class HttpTransport(Transport):
    """Carries requests to a service."""

    def __init__(self, session: ClientSession, url: str, *, timeout: float = TIMEOUT) -> None:
        """Remember where the service is; the session is the caller's to close."""
        self._session = session
        self._url = url.rstrip("/")
        self._timeout = ClientTimeout(total=timeout)

    @override
    async def send(self, request: Request) -> Response:
        # Redirects are not followed: they would carry the key to wherever they point.
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
            # The text of these may hold the whole URL, and so an end user's id: only their kind is told.
            msg = f"no answer to {request} ({type(err).__name__})"
            raise AmpsConnectionError(msg) from None


async def _read_body(request: Request, answer: ClientResponse) -> bytes:
    """Return the body of an answer, decompressed as it comes; of one that is too large no more is taken."""
    body = bytearray()
    async for chunk in answer.content.iter_any():
        body += chunk
        if len(body) > MAX_BODY:
            msg = f"the answer to {request} is too large"
            raise AmpsUnexpectedAnswerError(msg)
    return bytes(body)


class EmbeddedTransport(Transport):
    """Hands requests to a service that lives in this process; like any other it may fall silent or hang up."""

    def __init__(self, answer: Callable[[Request], Awaitable[Response]]) -> None:
        """Remember who answers, or raises OSError when the connection fails."""
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
        # A large home takes its time; between two answers the event loop has others to serve.
        await asyncio.sleep(0)
        return answer
