"""Validation of requests: a malformed one is answered with 400 before anything else (api §15.1 #3, #11)."""

from collections.abc import Callable, Mapping
import re
from typing import Annotated

import orjson
from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel

from .errors import ApiError, validation_error
from .fields import Number
from .messages import Request
from .wire import JSONObject

MAX_BODY = 64 * 1024
"""Bytes, far more than any request of the API has."""
MAX_STATE = 64 * 1024 * 1024
"""Bytes; a saved state may have some hundred commands of each device."""

_UNSIGNED = re.compile(r"[0-9]{1,9}")


class Body(BaseModel):
    """An object in a request: in camel case, without type conversion, unknown members are errors."""

    model_config = ConfigDict(
        strict=True,
        extra="forbid",
        frozen=True,
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
    )


def _refuse_null[T](value: T) -> T:
    if value is None:
        message = "must not be null"
        raise ValueError(message)
    return value


type Maybe[T] = Annotated[T | None, BeforeValidator(_refuse_null)]
"""An optional member: None where it is left out, while null is an error."""


class Quantity(Body):
    """A number with its unit (api §5.1), the number as it was sent."""

    value: Number
    unit: str


def read_body[ModelT: BaseModel](model: type[ModelT], request: Request) -> ModelT:
    """Return the body of a request; raise ApiError where it is malformed or missing."""
    return read_document(model, json_body(request))


def read_update[ModelT: BaseModel](model: type[ModelT], current: JSONObject, request: Request) -> ModelT:
    """Return the current values, replaced by those in the body of a request; raise ApiError where that is malformed."""
    body = json_body(request)
    return read_document(model, {**current, **body} if isinstance(body, dict) else body)


def read_document[ModelT: BaseModel](model: type[ModelT], document: object) -> ModelT:
    """Return a document as a model; raise one ApiError with everything that is wrong with it."""
    try:
        return model.model_validate(document, by_alias=True, by_name=False)
    except ValidationError as error:
        raise validation_error_of(error) from None


_MESSAGES = {
    "dict_type": "must be an object",
    "extra_forbidden": "is not a known key",
    "missing": "is required",
    "model_type": "must be an object",
}
"""Messages in the place of pydantic's, by its types of errors."""


def validation_error_of(error: ValidationError, *path: str | int) -> ApiError:
    """Return the error of a document, or of the part of one at a path."""
    issues = error.errors(include_url=False, include_context=False, include_input=False)
    return validation_error(
        *((".".join(map(str, (*path, *issue["loc"]))), _message(issue["type"], issue["msg"])) for issue in issues)
    )


def _message(kind: str, usual: str) -> str:
    return _MESSAGES.get(kind) or usual.removeprefix("Value error, ").replace("Input should", "must")


def json_body(request: Request, longest: int = MAX_BODY) -> object:
    """Return the parsed body of a request, of at most so many bytes; raise ApiError where it is not JSON."""
    content_type = (request.header("content-type") or "").partition(";")[0].strip().lower()
    if content_type != "application/json":
        raise validation_error(("", "the content type must be application/json"))
    return _parsed(request.body, longest)


def no_body(request: Request) -> None:
    """Raise ApiError for a body where none is expected; an empty object counts as none."""
    blank = len(request.body) <= MAX_BODY and not request.body.strip()
    if not blank and _parsed(request.body, MAX_BODY) != {}:
        raise validation_error(("", "must be empty"))


def _parsed(body: bytes, longest: int) -> object:
    if len(body) > longest:
        raise validation_error(("", f"must not be longer than {longest} bytes"))
    try:
        document: object = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise validation_error(("", "must be JSON")) from None
    return document


type Reader = Callable[[str], object]
"""Returns the value of the text of a query parameter, or raises ValueError with the reason."""


def whole_number(low: int, high: int) -> Reader:
    """Return a reader of whole numbers within bounds."""

    def read(text: str) -> int:
        if not _UNSIGNED.fullmatch(text) or not low <= int(text) <= high:
            message = f"must be a whole number from {low} to {high}"
            raise ValueError(message)
        return int(text)

    return read


def one_of(*choices: str) -> Reader:
    """Return a reader of one of several values."""

    def read(text: str) -> str:
        if text not in choices:
            message = f"must be one of {', '.join(choices)}"
            raise ValueError(message)
        return text

    return read


def read_query(request: Request, readers: Mapping[str, Reader]) -> dict[str, object]:
    """Return the values of the query parameters; raise ApiError for unknown, repeated and invalid ones."""
    values: dict[str, object] = {}
    issues: list[tuple[str, str]] = []
    for name, text in request.query.items():
        if (reader := readers.get(name)) is None:
            issues.append((name, "is not a known query parameter"))
        elif name in request.repeated:
            issues.append((name, "must be given once"))
        else:
            try:
                values[name] = reader(text)
            except ValueError as error:
                issues.append((name, str(error)))
    if issues:
        raise validation_error(*issues)
    return values
