"""Validation of requests: what is refused with 400 before any device is looked at (api §15.1 #3, #11)."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
import re

import orjson

from .errors import validation_error
from .messages import Request
from .wire import EPOCH

MAX_BODY = 64 * 1024
"""No request of the API comes near it."""
MAX_STATE = 64 * 1024 * 1024
"""A saved state is longer: some hundred commands to each device may be in it."""

_UNSIGNED = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit (api §5.1), the number as it was sent."""

    value: float
    unit: str


class Validator:
    """Collects what is wrong with a document, so that one answer names it all."""

    def __init__(self) -> None:
        """Begin without errors."""
        self._issues: list[tuple[str, str]] = []

    def add_error(self, path: str, message: str) -> None:
        """Note what is wrong at a path."""
        self._issues.append((path, message))

    def check(self) -> None:
        """Raise when anything was wrong."""
        if self._issues:
            raise validation_error(*self._issues)

    def mapping(self, value: object, path: str) -> Mapping[str, object]:
        """Return an object, an empty one when it is none."""
        if isinstance(value, dict):
            return value
        self.add_error(path, "must be an object")
        return {}

    def members(
        self, value: object, path: str, *, required: Collection[str] = (), optional: Collection[str] = ()
    ) -> Mapping[str, object]:
        """Return an object that has all of the required members and none but the named ones."""
        if not isinstance(value, dict):
            return self.mapping(value, path)
        for name in value:
            if name not in required and name not in optional:
                self.add_error(below(path, name), "is not a known key")
        for name in required:
            if name not in value:
                self.add_error(below(path, name), "is required")
        return value

    def text(self, value: object, path: str) -> str:
        """Return a string."""
        if isinstance(value, str):
            return value
        self.add_error(path, "must be a string")
        return ""

    def flag(self, value: object, path: str) -> bool:
        """Return a boolean."""
        if isinstance(value, bool):
            return value
        self.add_error(path, "must be true or false")
        return False

    def number(self, value: object, path: str) -> float:
        """Return a number; true and false are none."""
        if not isinstance(value, bool) and isinstance(value, int | float):
            return value
        self.add_error(path, "must be a number")
        return 0

    def whole(self, value: object, path: str, low: int, high: int) -> int:
        """Return a whole number within bounds."""
        if not isinstance(value, bool) and isinstance(value, int) and low <= value <= high:
            return value
        self.add_error(path, f"must be a whole number from {low} to {high}")
        return low

    def between(self, value: object, path: str, low: float, high: float) -> float:
        """Return a number within bounds."""
        if not isinstance(value, bool) and isinstance(value, int | float) and low <= value <= high:
            return value
        self.add_error(path, f"must be a number from {low} to {high}")
        return low

    def instant(self, value: object, path: str) -> datetime:
        """Return an instant, in UTC."""
        try:
            instant = datetime.fromisoformat(value) if isinstance(value, str) else None
            if instant is not None and instant.tzinfo is not None:
                return instant.astimezone(UTC)
        except ValueError, OverflowError:
            pass
        self.add_error(path, "must be an ISO 8601 instant with its offset")
        return EPOCH

    def items(self, value: object, path: str) -> Sequence[object]:
        """Return a list, an empty one when it is none."""
        if isinstance(value, list):
            return value
        self.add_error(path, "must be a list")
        return []

    def choice(self, value: object, path: str, choices: Collection[str]) -> str:
        """Return one of several words."""
        if isinstance(value, str) and value in choices:
            return value
        self.add_error(path, f"must be one of {', '.join(choices)}")
        return ""

    def quantities(self, value: object, path: str = "") -> dict[str, Quantity]:
        """Return a map of Quantities."""
        return {name: self._quantity(member, below(path, name)) for name, member in self.mapping(value, path).items()}

    def _quantity(self, value: object, path: str) -> Quantity:
        members = self.members(value, path, required=("value", "unit"))
        return Quantity(
            self.number(members.get("value", 0), below(path, "value")),
            self.text(members.get("unit", ""), below(path, "unit")),
        )


def json_body(request: Request, longest: int = MAX_BODY) -> object:
    """Return the parsed body of a request that must have one, of at most so many bytes."""
    content_type = (request.header("content-type") or "").partition(";")[0].strip().lower()
    if content_type != "application/json":
        raise validation_error(("", "the content type must be application/json"))
    return _parsed(request.body, longest)


def no_body(request: Request) -> None:
    """Refuse a body where there is nothing to say; an empty object says nothing."""
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


def below(path: str, name: str) -> str:
    """Return the path of a member."""
    return f"{path}.{name}" if path else name


type Reader = Callable[[str], object]
"""Turns the text of a query parameter into its value, or raises ValueError with what is wrong."""


def whole_number(low: int, high: int) -> Reader:
    """Return a reader of whole numbers within bounds."""

    def read(text: str) -> int:
        if not _UNSIGNED.fullmatch(text) or not low <= int(text) <= high:
            message = f"must be a whole number from {low} to {high}"
            raise ValueError(message)
        return int(text)

    return read


def one_of(*choices: str) -> Reader:
    """Return a reader of one of several words."""

    def read(text: str) -> str:
        if text not in choices:
            message = f"must be one of {', '.join(choices)}"
            raise ValueError(message)
        return text

    return read


def read_query(request: Request, readers: Mapping[str, Reader]) -> dict[str, object]:
    """Return the query parameters by their readers; unknown and repeated ones are refused."""
    validator = Validator()
    values: dict[str, object] = {}
    for name, text in request.query.items():
        reader = readers.get(name)
        if reader is None:
            validator.add_error(name, "is not a known query parameter")
        elif name in request.repeated:
            validator.add_error(name, "must be given once")
        else:
            try:
                values[name] = reader(text)
            except ValueError as error:
                validator.add_error(name, str(error))
    validator.check()
    return values
