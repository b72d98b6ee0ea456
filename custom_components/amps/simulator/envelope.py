"""The envelope of every response (api §2)."""

from datetime import datetime

from .auth import Environment
from .errors import ApiError
from .identifiers import fingerprint, token
from .messages import Request, Response
from .routing import Reply
from .wire import JSONObject, encode, iso, milliseconds

_REQUEST_ID_LENGTH = 8
_MIN_LATENCY, _LATENCY_SPREAD = 8, 24
"""Milliseconds."""
_JSON = {"Content-Type": "application/json"}


class Envelope:
    """The envelope of one response; the same request at the same instant has the same."""

    def __init__(self, seed: str, request: Request, now: datetime) -> None:
        """Derive the id and the latency of the request."""
        parts = (text for pair in sorted(request.query.items()) for text in pair)
        self._number = fingerprint(
            "request", seed, str(milliseconds(now)), request.method, request.path, *parts, request.body
        )
        self._path = request.path
        self._now = now

    def success(self, reply: Reply, environment: Environment) -> Response:
        """Return the response with the data of a reply."""
        meta: JSONObject = {
            "requestId": self._request_id,
            "environment": environment.value,
            "timestamp": iso(self._now),
            "latencyMs": self._latency,
        }
        body = encode({"success": True, "data": reply.data, "meta": meta})
        return Response(status=reply.status, headers=_JSON, body=body)

    def failure(self, error: ApiError) -> Response:
        """Return the response with an error; its `meta` has the path and no environment (api §2.3)."""
        document: JSONObject = {"code": error.code.name, "message": error.code.message}
        if error.details is not None:
            document["details"] = error.details
        meta: JSONObject = {
            "requestId": self._request_id,
            "timestamp": iso(self._now),
            "path": self._path,
            "latencyMs": self._latency,
        }
        body = encode({"success": False, "error": document, "meta": meta})
        return Response(status=error.status, headers={**_JSON, **error.headers}, body=body)

    @property
    def _request_id(self) -> str:
        return f"req_{token(self._number, _REQUEST_ID_LENGTH)}"

    @property
    def _latency(self) -> int:
        return _MIN_LATENCY + (self._number >> 64) % _LATENCY_SPREAD
