"""A client that sends raw bytes, since no library would send malformed requests."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Self

TIMEOUT = 10.0
"""Seconds to wait for an answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WireResponse:
    """The answer to a request."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Wire:
    """A persistent connection, which is opened again when the server has closed it."""

    def __init__(self, host: str, port: int) -> None:
        """Create it without a connection."""
        self._address = host, port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    @property
    def host(self) -> str:
        """The Host header of a request."""
        return f"{self._address[0]}:{self._address[1]}"

    @classmethod
    @asynccontextmanager
    async def to(cls, host: str, port: int) -> AsyncIterator[Self]:
        """Yield a connection that is closed at the end."""
        wire = cls(host, port)
        try:
            yield wire
        finally:
            wire.close()

    def close(self) -> None:
        """Close the connection."""
        if self._streams is not None:
            self._streams[1].close()
        self._streams = None

    async def exchange(self, request: bytes, *, last: bool = False) -> WireResponse | None:
        """Send bytes and return the answer, None when the server closed the connection, else raise TimeoutError.

        `last` closes the sending side, so that the server can give up an incomplete request.
        """
        kept_alive = self._streams is not None
        async with asyncio.timeout(TIMEOUT):
            if self._streams is None:
                self._streams = await asyncio.open_connection(*self._address)
            reader, writer = self._streams
            try:
                writer.write(request)
                if last:
                    writer.write_eof()
                answer = await _answer(reader)
            except asyncio.IncompleteReadError, ConnectionError:
                self.close()
                # A server may end a connection after any answer, and then the request never reached it.
                return await self.exchange(request, last=last) if kept_alive else None
        if last or answer.headers.get("connection") == "close":
            self.close()
        return answer


async def _answer(reader: asyncio.StreamReader) -> WireResponse:
    """Read an answer; interim ones (1xx) are skipped."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.strip().split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    status = int(first.split()[1])
    if status < 200:
        return await _answer(reader)
    return WireResponse(status=status, headers=headers, body=await reader.readexactly(int(headers["content-length"])))
