"""What goes into the simulator and what comes out, whatever carries it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One HTTP request.

    `path` is decoded and has no query. `repeated` names the query parameters that came more than once, which a mapping
    cannot hold and the API does not accept.
    """

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes = b""
    repeated: frozenset[str] = frozenset()

    def header(self, name: str) -> str | None:
        """Return a header, however its name is spelt."""
        wanted = name.lower()
        return next((value for key, value in self.headers.items() if key.lower() == wanted), None)


class Outcome(Enum):
    """What becomes of a response on its way."""

    ARRIVES = auto()
    NEVER_COMES = auto()
    """The connection stays open, and nothing comes."""
    IS_CUT_OFF = auto()
    """The connection is closed before anything comes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """One HTTP response; `body` is JSON unless a fault struck it.

    Whoever carries it lets `delay` seconds pass and then the `outcome` come true.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    delay: float = 0.0
    outcome: Outcome = Outcome.ARRIVES

    def header(self, name: str) -> str | None:
        """Return a header, however its name is spelt."""
        wanted = name.lower()
        return next((value for key, value in self.headers.items() if key.lower() == wanted), None)
