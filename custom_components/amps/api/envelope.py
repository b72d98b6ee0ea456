"""The envelope around every answer (api §2)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
import re
from typing import Final

from aiohttp import hdrs

from .errors import AmpsApiError, AmpsUnexpectedAnswerError, error_from_answer
from .json import JsonObject, JsonValue, parse_json
from .names import read_code
from .transport import Response
from .utc import parse_utc, to_utc

_SECONDS: Final = re.compile(r"\d+(\.\d+)?", re.ASCII)
_SHORTEST_WAIT: Final = 1.0
_LONGEST_WAIT: Final = 86_400.0
"""Seconds; the bounds of the wait that a service may request."""


@dataclass(frozen=True, slots=True, eq=False, repr=False, kw_only=True)
class ApiResponse:
    """The content of a successful answer."""

    data: JsonObject
    environment: str | None
    """`sandbox` or `live`; None from older generations of the API."""
    served_at: datetime
    """When the service built the answer, by its own clock; by the host's if the answer has no time (design §4)."""


def parse_response(
    response: Response, host_time: Callable[[], datetime], parse: Callable[[bytes], JsonValue] = parse_json
) -> ApiResponse:
    """Return the content of an answer; raise AmpsError if it is an error or not an answer of Amps.

    A body without envelope is the data itself, as older generations send it (api §0.2).
    """
    body = _json_object(response, host_time, parse if response.status == HTTPStatus.OK else parse_json)
    meta = _object(body.get("meta"))
    served_at = _datetime(meta.get("timestamp"))
    if _is_error(body, response.status):
        error = _object(body.get("error"))
        failure = error_from_answer(
            code=_code(error.get("code"), response.status),
            status=response.status,
            details=_object(error.get("details")),
            retry_after=parse_retry_after(response.headers, served_at or host_time()),
        )
        if isinstance(failure, AmpsApiError):
            failure.served_at = served_at
        raise failure
    data = body["data"] if "success" in body and "data" in body else body
    if response.status >= HTTPStatus.MULTIPLE_CHOICES or not isinstance(data, dict):
        raise _unexpected(response, served_at or host_time(), "is not one of Amps")
    environment = meta.get("environment")
    return ApiResponse(
        data=data,
        environment=environment if isinstance(environment, str) else None,
        served_at=served_at or host_time(),
    )


def read_error_code(response: Response) -> str | None:
    """Return the code of an answer that is an error, None if it has none, or one that is no code."""
    try:
        body = parse_json(response.body)
    except ValueError:
        return None
    return read_code(_object(_object(body).get("error")).get("code"))


def _is_error(body: JsonObject, status: int) -> bool:
    """Return whether an answer is an error; an action of an older generation has an `error` and is none."""
    if status >= HTTPStatus.BAD_REQUEST or body.get("success") is False:
        return True
    return isinstance(body.get("error"), dict) and body.keys().isdisjoint(("success", "data", "id", "actionId"))


def parse_retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Return the wait in seconds that `Retry-After` requests, None if it requests none or cannot be parsed.

    It may be in seconds, with a fraction, or an HTTP date, which counts from the `Date` of the same answer, without one
    from `now`. 0 and a past date request none.
    """
    if (text := headers.get(hdrs.RETRY_AFTER)) is None:
        return None
    if _SECONDS.fullmatch(text.strip()):
        seconds = float(text)
    elif (until := _parse_http_date(text)) is not None:
        seconds = (until - (_parse_http_date(headers.get(hdrs.DATE, "")) or now)).total_seconds()
    else:
        return None
    return min(max(seconds, _SHORTEST_WAIT), _LONGEST_WAIT) if seconds > 0 else None


def _datetime(value: JsonValue) -> datetime | None:
    try:
        return parse_utc(value)
    except ValueError:
        return None


def _parse_http_date(text: str) -> datetime | None:
    try:
        return to_utc(parsedate_to_datetime(text))
    except ValueError, OverflowError:
        return None


def _json_object(
    response: Response, host_time: Callable[[], datetime], parse: Callable[[bytes], JsonValue]
) -> JsonObject:
    try:
        body = parse(response.body)
    except ValueError:
        body = None
    if isinstance(body, dict):
        return body
    if response.status >= HTTPStatus.BAD_REQUEST:  # a proxy's error page: the status is enough
        return {}
    raise _unexpected(response, host_time(), "is not a JSON object")


def _unexpected(response: Response, now: datetime, reason: str) -> AmpsUnexpectedAnswerError:
    error = AmpsUnexpectedAnswerError(f"the answer with status {response.status} {reason}")
    error.retry_after = parse_retry_after(response.headers, now)
    return error


def _code(value: JsonValue, status: int) -> str | None:
    """Return the code of an error, the HTTP status in place of a text that is no code, None without a text."""
    return (read_code(value) or f"HTTP_{status}") if isinstance(value, str) else None


def _object(value: JsonValue) -> JsonObject:
    return value if isinstance(value, dict) else {}
