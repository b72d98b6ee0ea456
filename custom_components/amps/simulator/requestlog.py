"""The log of requests to the API, so that a test can count what a day costs. It never has keys."""

from collections import deque
from dataclasses import dataclass
from datetime import datetime

from .auth import redacted
from .faults.trace import Trace
from .wire import JSONObject, iso

_KEPT = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One request with its result."""

    at: datetime
    method: str
    path: str
    query: dict[str, str]
    status: int
    code: str | None
    manufacturer_asked: bool
    faults: tuple[str, ...]

    def document(self) -> JSONObject:
        """Return it as the control surface shows it."""
        return {
            "at": iso(self.at),
            "method": self.method,
            "path": self.path,
            "query": self.query,
            "status": self.status,
            "code": self.code,
            "pulled": self.manufacturer_asked,
            "faults": self.faults,
        }


class RequestLog:
    """The latest requests, and the number of all."""

    def __init__(self) -> None:
        """Create it empty."""
        self._entries: deque[Entry] = deque(maxlen=_KEPT)
        self.total = 0

    def add(self, trace: Trace, *, status: int, code: str | None) -> None:
        """Add a request."""
        request = trace.request
        self.total += 1
        self._entries.append(
            Entry(
                at=trace.now,
                method=request.method,
                path=redacted(request.path),
                query={redacted(name): redacted(text) for name, text in request.query.items()},
                status=status,
                code=code,
                manufacturer_asked=trace.manufacturer_asked,
                faults=tuple(trace.faults),
            )
        )

    def clear(self) -> None:
        """Remove all requests and count from zero."""
        self._entries.clear()
        self.total = 0

    def documents(self) -> list[JSONObject]:
        """Return the latest requests, the oldest first."""
        return [entry.document() for entry in self._entries]
