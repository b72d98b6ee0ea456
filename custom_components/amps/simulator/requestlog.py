"""What was asked of the API, so that a test can say how much a day costs. Keys never get into it."""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime

from .auth import Environment, redacted
from .faults.kinds import WELL_KNOWN, Effect
from .messages import Request
from .wire import JSONObject, iso

_KEPT = 10_000


@dataclass(slots=True)
class Trace:
    """A request while it is answered: as of when, in which environment, and what is to be noted of it.

    `pulled` is whether a manufacturer was asked, `faults` which faults struck, `transport_faults` what they do to the
    answer on its way, `well_known` the id in the path if it is one of those that come with a fault of their own.
    """

    request: Request
    now: datetime
    environment: Environment = Environment.SANDBOX
    pulled: bool = False
    faults: list[str] = field(default_factory=list)
    transport_faults: list[Effect] = field(default_factory=list)
    well_known: str | None = field(init=False)

    def __post_init__(self) -> None:
        """Look for an id in the path."""
        identifier = next(iter(self.request.path.split("/", 3)[2:]), None)
        self.well_known = identifier if identifier in WELL_KNOWN else None


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
            "pulled": self.pulled,
            "faults": self.faults,
        }


class RequestLog:
    """The latest requests, and how many there ever were."""

    def __init__(self) -> None:
        """Begin empty."""
        self._entries: deque[Entry] = deque(maxlen=_KEPT)
        self.total = 0

    def note(self, trace: Trace, *, status: int, code: str | None) -> None:
        """Write a request down."""
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
                pulled=trace.pulled,
                faults=tuple(trace.faults),
            )
        )

    def clear(self) -> None:
        """Begin anew."""
        self._entries.clear()
        self.total = 0

    def documents(self) -> list[JSONObject]:
        """Return the latest requests, the oldest first."""
        return [entry.document() for entry in self._entries]
