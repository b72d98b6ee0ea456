"""Types of fields that pydantic validates and serializes: in requests and in saved states.

Validation is strict: only types that JSON does not have are converted.
"""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from enum import Enum
from operator import attrgetter
from typing import Annotated, Any

from pydantic import (
    BeforeValidator,
    ConfigDict,
    Field,
    GetPydanticSchema,
    PlainSerializer,
    PlainValidator,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

from .wire import EPOCH

SAVED = ConfigDict(strict=True, extra="forbid")
"""The configuration of the dataclasses of a saved state: unknown members are errors."""

_LATEST = datetime(2300, 1, 1, tzinfo=UTC)
"""A century beyond any clock, more than any instant can be ahead of one."""
_LONGEST = 1e9
"""Seconds, some thirty years."""


def saved_as(name: str) -> dict[str, str]:
    """Return the metadata of a dataclass field that has another name in saved states, where names stay (design §8)."""
    return {"alias": name}


def _keep(value: float, check: ValidatorFunctionWrapHandler) -> float:
    """Return a number unchanged, whole or not, so that a response with it has the same bytes."""
    check(value)
    return value


def _read_instant(value: object) -> object:
    """Return the instant in UTC of an ISO 8601 text with an offset, anything else unchanged, which pydantic refuses."""
    with suppress(ValueError, OverflowError):
        if isinstance(value, str) and (instant := datetime.fromisoformat(value)).tzinfo is not None:
            return instant.astimezone(UTC)
    return value


def _read_span(value: object) -> object:
    """Return the time span of a number of seconds, anything else unchanged, which pydantic refuses."""
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= _LONGEST:
        return timedelta(seconds=value)
    return value


def by_name(*choices: Enum) -> GetPydanticSchema:
    """Return the annotation of an enum that JSON has by the names of its members: of all, or of the given ones."""

    def annotated(kind: type[Enum]) -> object:
        named = {member.name: member for member in choices or kind}

        def read(value: object) -> Enum:
            if isinstance(value, kind):
                return value
            if isinstance(value, str) and value in named:
                return named[value]
            message = f"must be one of {', '.join(named)}"
            raise ValueError(message)

        return Annotated[kind, PlainValidator(read), PlainSerializer(attrgetter("name"))]

    return GetPydanticSchema(lambda kind, handler: handler(annotated(kind)))


Count = Annotated[int, Field(ge=0, le=2**53)]
Number = Annotated[float, WrapValidator(_keep), PlainSerializer(lambda value: value)]
"""A number as clients see it: 5 stays 5, and 5.0 stays 5.0."""
Seconds = Annotated[Number, Field(ge=0, le=_LONGEST)]
Span = Annotated[
    timedelta,
    Field(ge=timedelta(0), le=timedelta(seconds=_LONGEST)),
    BeforeValidator(_read_span),
    PlainSerializer(timedelta.total_seconds),
]
"""A time span, as a number of seconds."""
Instant = Annotated[
    datetime, Field(ge=EPOCH, le=_LATEST), BeforeValidator(_read_instant), PlainSerializer(datetime.isoformat)
]
"""An instant in UTC, as ISO 8601."""
UNCHECKED = GetPydanticSchema(lambda _kind, handler: handler(Any))
"""The annotation of JSON that is not validated."""
