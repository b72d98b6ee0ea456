"""Types of the fields that pydantic reads from JSON and writes to it: in requests and in saved states.

Reading is strict: nothing is converted but what JSON has no type for.
"""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from enum import Enum
from operator import attrgetter
from typing import Annotated

from pydantic import (
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetPydanticSchema,
    PlainSerializer,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)
from pydantic_core import CoreSchema, core_schema

from .wire import EPOCH

SAVED = ConfigDict(strict=True, extra="forbid")
"""How the dataclasses of a saved state are read: a member that a version does not know is an error."""

_LATEST = datetime(2300, 1, 1, tzinfo=UTC)
"""A century beyond any clock, which is more than what lies ahead of one."""
_LONGEST = 1e9
"""Seconds, some thirty years."""


def saved_as(name: str) -> dict[str, str]:
    """Return the metadata of a dataclass field that has another name in saved states, where names stay (design §8)."""
    return {"alias": name}


def _keep(value: float, check: ValidatorFunctionWrapHandler) -> float:
    """Return a number as it came, whole or not, so that an answer made of it has the same bytes."""
    check(value)
    return value


def _read_instant(value: object) -> object:
    """Return the instant, in UTC, of an ISO 8601 text with an offset; anything else is left for pydantic to refuse."""
    with suppress(ValueError, OverflowError):
        if isinstance(value, str) and (instant := datetime.fromisoformat(value)).tzinfo is not None:
            return instant.astimezone(UTC)
    return value


def _read_span(value: object) -> object:
    """Return the time span of a number of seconds; anything else is left for pydantic to refuse."""
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= _LONGEST:
        return timedelta(seconds=value)
    return value


def by_name(*choices: Enum) -> GetPydanticSchema:
    """Return the mark of an enum of which JSON has the names of the members, of all of them unless some are given."""

    def schema(kind: type[Enum], _handler: GetCoreSchemaHandler) -> CoreSchema:
        named = {member.name: member for member in choices or kind}

        def read(value: object) -> Enum:
            if isinstance(value, kind):
                return value
            if isinstance(value, str) and value in named:
                return named[value]
            message = f"must be one of {', '.join(named)}"
            raise ValueError(message)

        write = core_schema.plain_serializer_function_ser_schema(attrgetter("name"))
        return core_schema.no_info_plain_validator_function(read, serialization=write)

    return GetPydanticSchema(schema)


Count = Annotated[int, Field(ge=0, le=2**53)]
Number = Annotated[float, WrapValidator(_keep), PlainSerializer(lambda value: value)]
"""A number that is shown to clients: 5 stays 5 and 5.0 stays 5.0."""
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
UNCHECKED = GetPydanticSchema(lambda _kind, _handler: core_schema.any_schema())
"""The mark of JSON that is kept as it is."""
