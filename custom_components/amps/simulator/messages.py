"""Requests to the simulator and its responses, whatever transports them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One HTTP request.

    `path` is decoded and has no query. `repeated` has the names of query parameters that were given more than once,
    which a mapping cannot represent and the API does not accept.
    """

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes = b""
    repeated: frozenset[str] = frozenset()

    def header(self, name: str) -> str | None:
        """Return a header; upper and lower case of its name do not matter."""
        wanted = name.lower()
        return next((value for key, value in self.headers.items() if key.lower() == wanted), None)


class Outcome(Enum):
    """How the transport of a response ends."""

    ARRIVES = auto()
    NEVER_COMES = auto()
    """The connection stays open without a response."""
    IS_CUT_OFF = auto()
    """The connection is closed without a response."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """One HTTP response; `body` is JSON unless a fault has changed it.

    The transport waits for `delay` seconds and then ends with the `outcome`.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    delay: float = 0.0
    outcome: Outcome = Outcome.ARRIVES
