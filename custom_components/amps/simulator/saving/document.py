"""The document of a saved state, which pydantic reads and writes by the types of its parts (design §8).

Members that equal their defaults are left out, so that states from before a field was added can be restored.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import orjson
from pydantic import ConfigDict, TypeAdapter, ValidationError

from ..auth import KeyRing
from ..devices import DEVICE_TYPES
from ..errors import validation_error
from ..faults.registry import Faults
from ..fields import SAVED, Count, Instant
from ..home.actions import Timing
from ..home.history import LogEntry, Reached
from ..live import TierCache
from ..validation import validation_error_of
from ..webhooks.outbox import OutboxState
from ..wire import JSON
from ..world import Options

VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedState:
    """The state of the home with this signature at an instant."""

    __pydantic_config__: ClassVar[ConfigDict] = SAVED

    version: int
    home: str
    at: Instant
    timing: Timing
    keys: KeyRing
    live: TierCache
    faults: Faults
    outbox: OutboxState
    absent: tuple[str, ...]
    log: tuple[LogEntry, ...]
    reached: tuple[Reached, ...] = ()
    actions: Count = 0
    resets: Count = 0
    options: Options = field(default_factory=Options)


_STORED_TYPES: set[type[Any]] = {SavedState} | {
    model.initial_state() for kind in DEVICE_TYPES if kind.pushable for model in kind.catalogue
}
_ADAPTERS: Mapping[type[Any], TypeAdapter[Any]] = {kind: TypeAdapter(kind) for kind in _STORED_TYPES}
"""Made on import: while a test replaces `datetime`, pydantic does not recognize it."""


def write_document(value: object) -> JSON:
    """Return a value as JSON."""
    document: JSON = _ADAPTERS[type(value)].dump_python(value, mode="json", by_alias=True, exclude_defaults=True)
    return document


def read_document[T](kind: type[T], document: object, *path: str | int) -> T:
    """Return a document as a value of a type; raise ApiError where it is none. `path` is its place in the whole one.

    It is validated as JSON text: in its strict mode pydantic accepts lists as tuples and objects as dataclasses only
    there.
    """
    try:
        value: T = _ADAPTERS[kind].validate_json(orjson.dumps(document))
    except orjson.JSONEncodeError as error:
        raise validation_error((".".join(map(str, path)), str(error))) from None
    except ValidationError as error:
        raise validation_error_of(error, *path) from None
    return value
