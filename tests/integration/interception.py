"""What may stand between an account and its service: proxies, gateways, and services that are not as documented."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import orjson

from custom_components.amps.simulator import Outcome, Request, Response

from .service import Service

LISTS: Final = ("/battery", "/ev-charger", "/hvac", "/solar-inverter", "/vehicle")

type Responder = Callable[[Request], Response | None]
"""Returns what is answered instead of the service, None to let the service answer."""


@dataclass
class Interception:
    """Sees all requests that reach a service, and answers some of them itself."""

    answer: Responder = lambda _: None
    rewrite: Callable[[Request, dict[str, Any]], None] = lambda _request, _body: None
    """Changes the answers of the service, as parsed JSON, in place."""
    requests: list[Request] = field(default_factory=list)
    """All requests to the public paths, the oldest first."""

    def count(self, part: str = "") -> int:
        """Return how many requests had this part in their path."""
        return sum(part in request.path for request in self.requests)


def intercept(service: Service) -> Interception:
    """Stand before a service from now on."""
    interception, handle = Interception(), service.simulator.handle

    def handle_intercepted(request: Request) -> Response:
        if request.path.startswith("/_simulator"):
            return handle(request)
        interception.requests.append(request)
        if (answer := interception.answer(request)) is not None:
            return answer
        response = handle(request)
        body = orjson.loads(response.body)
        interception.rewrite(request, body)
        return Response(
            status=response.status,
            headers=response.headers,
            body=orjson.dumps(body),
            delay=response.delay,
            outcome=response.outcome,
        )

    service.simulator.handle = handle_intercepted  # type: ignore[method-assign]  # whoever serves it calls this
    return interception


CUT_OFF: Final = Response(status=200, headers={}, body=b"", outcome=Outcome.IS_CUT_OFF)
"""No answer: the connection ends before there is one."""


def error(code: str, status: int, details: Mapping[str, object] | None = None, /, **headers: str) -> Response:
    """Return an error of Amps."""
    found = {"code": code, "message": "…"} | ({"details": details} if details else {})
    body = {"success": False, "error": found, "meta": {"requestId": "req_1"}}
    return Response(status=status, headers={"Content-Type": "application/json", **headers}, body=orjson.dumps(body))


def page(status: int, body: bytes = b"<html>Bad gateway</html>", **headers: str) -> Response:
    """Return what something before Amps answers."""
    return Response(status=status, headers={"Content-Type": "text/html", **headers}, body=body)


def is_list(request: Request) -> bool:
    """Return whether a request is for a list of devices."""
    return request.path in LISTS


def is_read(request: Request) -> bool:
    """Return whether a request is for a single device."""
    return request.method == "GET" and request.path.count("/") == 2 and not request.path.startswith("/actions")
