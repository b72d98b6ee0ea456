"""The envelope around every answer (api §2)."""

from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
import re
from typing import Final

import orjson

from .errors import AmpsUnexpectedAnswerError, error_from_answer
from .json import JsonObject, JsonValue
from .transport import Response

_CODE: Final = re.compile(r"[A-Z][A-Z0-9_]{0,63}")


@dataclass(frozen=True, slots=True, eq=False, repr=False, kw_only=True)
class Answer:
    """What a successful answer says."""

    data: JsonObject
    environment: str | None
    """`sandbox` or `live`; older generations of the API leave it out."""
    observed: datetime | None
    """When the service built the answer, by its own clock."""


def open_envelope(response: Response) -> Answer:
    """Return what an answer says; raise what it refuses or fails to say.

    A body without envelope is taken as the data itself, as older generations send it (api §0.2).
    """
    body = _json_object(response)
    meta = _object(body.get("meta"))
    if _is_error(body, response.status):
        error = _object(body.get("error"))
        failure = error_from_answer(
            code=_code(error.get("code")) or f"HTTP_{response.status}",
            status=response.status,
            details=_object(error.get("details")),
            request_id=meta.get("requestId"),
            retry_after=response.headers.get("Retry-After"),
        )
        failure.observed = parse_instant(meta.get("timestamp"))
        raise failure
    data = body["data"] if "success" in body and "data" in body else body
    if response.status >= HTTPStatus.MULTIPLE_CHOICES or not isinstance(data, dict):
        msg = f"the answer with status {response.status} is not one of Amps"
        raise AmpsUnexpectedAnswerError(msg)
    environment = meta.get("environment")
    return Answer(
        data=data,
        environment=environment if isinstance(environment, str) else None,
        observed=parse_instant(meta.get("timestamp")),
    )


def _is_error(body: JsonObject, status: int) -> bool:
    """Return whether an answer is an error; an action of an older generation has an `error` and is none."""
    if status >= HTTPStatus.BAD_REQUEST or body.get("success") is False:
        return True
    return isinstance(body.get("error"), dict) and body.keys().isdisjoint(("success", "data", "id", "actionId"))


def parse_instant(value: JsonValue) -> datetime | None:
    """Return an ISO 8601 instant as UTC, None for anything else."""
    if not isinstance(value, str):
        return None
    try:
        instant = datetime.fromisoformat(value)
        return instant.astimezone(UTC) if instant.tzinfo else instant.replace(tzinfo=UTC)
    except ValueError, OverflowError:
        return None


def _json_object(response: Response) -> JsonObject:
    try:
        body: JsonValue = orjson.loads(response.body)
    except orjson.JSONDecodeError:
        body = None
    if isinstance(body, dict):
        return body
    if response.status >= HTTPStatus.BAD_REQUEST:  # a proxy's error page: the status says enough
        return {}
    msg = f"the answer with status {response.status} is not a JSON object"
    raise AmpsUnexpectedAnswerError(msg)


def _code(value: JsonValue) -> str | None:
    """Return a code as the API writes them; any other text may say what nobody should read."""
    return value if isinstance(value, str) and _CODE.fullmatch(value) else None


def _object(value: JsonValue) -> JsonObject:
    return value if isinstance(value, dict) else {}
