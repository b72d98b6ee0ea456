"""The routes of requests to their handlers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from .auth import Environment
from .errors import ApiError, ErrorCode
from .faults.trace import Trace
from .messages import Request
from .validation import Reader, read_query
from .wire import JSON
from .world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request for a handler: its trace, the id in its path, its query parameters as values."""

    trace: Trace
    identifier: str
    query: Mapping[str, object]

    @property
    def request(self) -> Request:
        """The request itself."""
        return self.trace.request

    @property
    def now(self) -> datetime:
        """The instant of the request."""
        return self.trace.now

    @property
    def live(self) -> bool:
        """Whether it belongs to the live environment."""
        return self.trace.environment is Environment.LIVE

    def number(self, name: str, default: int) -> int:
        """Return a query parameter that is a number."""
        value = self.query.get(name)
        return value if isinstance(value, int) else default

    def text(self, name: str) -> str | None:
        """Return a query parameter that is a string."""
        value = self.query.get(name)
        return value if isinstance(value, str) else None


@dataclass(frozen=True, slots=True)
class Reply:
    """The result of a handler: the `data` of the envelope, and the HTTP status."""

    data: JSON
    status: int = 200


type Handler = Callable[[World, Call], Reply]


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A handler and the query parameters that it accepts; with None they are not checked."""

    handler: Handler
    query: Mapping[str, Reader] | None = field(default_factory=dict)


type RouteKey = tuple[str, ...]
type RouteTable = Mapping[RouteKey, Route]

_IDENTIFIER_AT = 1
_WILDCARD = "*"


def route_key(method: str, pattern: str) -> RouteKey:
    """Return the key of a route; in every pattern of the API the second segment, if any, is an id."""
    first, *rest = pattern.strip("/").split("/")
    return (method, first, *((_WILDCARD, *rest[1:]) if rest else ()))


def call_route(routes: RouteTable, world: World, trace: Trace) -> Reply:
    """Return the reply of the handler of a request."""
    request = trace.request
    segments = request.path.split("/")[1:]
    key = (request.method, *segments[:_IDENTIFIER_AT], *((_WILDCARD, *segments[2:]) if segments[1:] else ()))
    route = routes.get(key)
    if route is None or not all(segments) or not request.path.startswith("/"):
        raise ApiError(ErrorCode.NOT_FOUND)
    return route.handler(
        world,
        Call(
            trace=trace,
            identifier=segments[_IDENTIFIER_AT] if segments[1:] else "",
            query={} if route.query is None else read_query(request, route.query),
        ),
    )
