"""What was asked of the API, so that a test can say how much a day costs. Keys never get into it."""

from collections import deque
from dataclasses import dataclass
from datetime import datetime

from .auth import Environment, redacted
from .messages import Request
from .wire import JSONObject, iso

_KEPT = 10_000


@dataclass(slots=True)
class Trace:
    """What is noted of a request while it is answered: in which environment, and whether a manufacturer was asked."""

    environment: Environment = Environment.SANDBOX
    pulled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One request and how it ended."""

    at: datetime
    method: str
    path: str
    query: dict[str, str]
    status: int
    code: str | None
    pulled: bool

    def document(self) -> JSONObject:
        """Return it as the control surface shows it."""
        return {
            "at": iso(self.at),
            "method": self.method,
            "path": self.path,
            "query": self.query,
            "status": self.status,
            "code": self.code,
            "pulled": self.pulled,
        }


class RequestLog:
    """The latest requests, and how many there ever were."""

    def __init__(self) -> None:
        """Begin empty."""
        self._entries: deque[Entry] = deque(maxlen=_KEPT)
        self.total = 0

    def note(self, request: Request, trace: Trace, *, at: datetime, status: int, code: str | None) -> None:
        """Write a request down."""
        self.total += 1
        self._entries.append(
            Entry(
                at=at,
                method=request.method,
                path=redacted(request.path),
                query={redacted(name): redacted(text) for name, text in request.query.items()},
                status=status,
                code=code,
                pulled=trace.pulled,
            )
        )

    def clear(self) -> None:
        """Begin anew."""
        self._entries.clear()
        self.total = 0

    def documents(self) -> list[JSONObject]:
        """Return the latest requests, the oldest first."""
        return [entry.document() for entry in self._entries]
