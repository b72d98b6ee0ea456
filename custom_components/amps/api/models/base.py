"""What all readings share (api §4.1, §5).

Models are frozen, name fields as Python does (`chargeRate` on the wire is `charge_rate` here), ignore what they do not
know, and tolerate null everywhere but in the id. A field that the answer did not hold is not in `model_fields_set`.
"""

from collections.abc import Mapping, Set as AbstractSet
from datetime import datetime
from enum import StrEnum
from itertools import islice
from typing import Annotated, Any, ClassVar, Final, NamedTuple, Self, override

import orjson
from pydantic import (
    AfterValidator,
    AliasChoices,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)
from pydantic.alias_generators import to_camel

from ..names import read_code, read_id, slug
from ..text import MAX_LENGTH, display_text
from ..utc import parse_utc


class LenientEnum(StrEnum):
    """Words of the API as slugs; a word not known yet reads `unknown_value` (api §0.2)."""

    @classmethod
    @override
    def _missing_(cls, value: object) -> Self:
        record = slug(value) if isinstance(value, str) else ""
        return cls(record if record in cls else "unknown_value")


class AmpsModel(BaseModel):
    """The base of every model."""

    model_config = ConfigDict(
        frozen=True, extra="ignore", alias_generator=to_camel, allow_inf_nan=False, protected_namespaces=()
    )


type NullAsEmpty[T] = Annotated[T, BeforeValidator(lambda value: {} if value is None else value)]
"""An object for which null means the same as an empty one."""


_MAX_ENTRIES: Final = 100
"""Of a map or list in a reading; no device comes near it, and an answer may hold millions."""


def _named(value: object) -> object:
    """Key entries by slug and let each remember its wire name; what is no object or has no slug is not declared."""
    if not isinstance(value, dict):
        return {} if value is None else value
    return {
        key: {**entry, "name": name}
        for name, entry in islice(value.items(), _MAX_ENTRIES)
        if isinstance(entry, dict) and (key := slug(name))
    }


type BySlug[T] = Annotated[Mapping[str, T], BeforeValidator(_named)]
"""A map of the wire, keyed by slug."""


type UtcDatetime = Annotated[datetime, BeforeValidator(parse_utc)]
"""A datetime in UTC (api §6.3)."""


def _number(value: object) -> object:
    if isinstance(value, bool):
        msg = "a number is no truth value"
        raise ValueError(msg)  # noqa: TRY004  which pydantic would not take as a finding
    return value


_MAX_NUMBER: Final = 1e9
"""No quantity of a home comes near it, and nothing that is calculated from such numbers overflows."""

type Number = Annotated[float, Field(ge=-_MAX_NUMBER, le=_MAX_NUMBER), BeforeValidator(_number)]
"""A number that can be true of a home."""


def _id(value: object) -> str:
    if (id_ := read_id(value)) is None:
        msg = "no id"
        raise ValueError(msg)
    return id_


type Id = Annotated[str, BeforeValidator(_id)]
"""What identifies a device or an action (design §3)."""

type Label = Annotated[
    str | None, BeforeValidator(lambda text: (display_text(text) or None) if isinstance(text, str) else None)
]
"""A text that is only shown, and so kept as it is shown; None for a blank one."""


def _words(value: object) -> object:
    """Leave out what is no word."""
    words = value[:_MAX_ENTRIES] if isinstance(value, list) else ()
    return [word for word in words if isinstance(word, str) and len(word) <= MAX_LENGTH]


type Word = Annotated[str, Field(max_length=MAX_LENGTH)]
"""A word of the API that has to be sent as it came, such as a unit (api §5.1)."""


type ErrorCode = Annotated[str | None, BeforeValidator(read_code)]
"""The code of an error; None for a text that is no code (api §8)."""


class Source(LenientEnum):
    """Where a reading came from (api §4.1)."""

    CACHE = "cache"
    LIVE = "live"
    FALLBACK = "fallback"
    PROJECTION = "projection"
    UNKNOWN_VALUE = "unknown_value"


class Execution(LenientEnum):
    """When a command may run (api §6.3)."""

    IMMEDIATE = "immediate"
    SCHEDULED = "scheduled"
    WINDOWED = "windowed"
    UNKNOWN_VALUE = "unknown_value"


class ActionState(LenientEnum):
    """Where an action is in its life (api §6.4)."""

    SCHEDULED = "scheduled"
    ACKNOWLEDGED = "acknowledged"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    UNKNOWN_VALUE = "unknown_value"


class Quantity(AmpsModel):
    """A number with its unit (api §5.1)."""

    value: float
    unit: Word


class Parameter(AmpsModel):
    """A parameter that a command declares, with its bounds in its unit; None where the device declares none."""

    name: str
    unit: Word | None = None
    min: Number | None = None
    max: Number | None = None


class Command(AmpsModel):
    """A command that a device declares (api §5)."""

    name: str
    parameters: BySlug[Parameter] = Field(default_factory=dict)
    execution: Annotated[frozenset[Execution], BeforeValidator(_words)] = frozenset()


_DECLARED: Final[dict[bytes | None, Mapping[str, Command]]] = {}
_DECLARED_KEPT: Final = 256
_DECLARED_SIZE: Final = 65_536
"""Bytes of what a device declares that is kept for others; a real one declares some hundreds."""


def _declared_before(value: object, read: ValidatorFunctionWrapHandler) -> Mapping[str, Command]:
    """Read anew only what no device declared before: most say the same at every reading, and as others of their kind.

    They then share the same object, so that a change is seen at a glance.
    """
    try:
        raw = orjson.dumps(value)
    except orjson.JSONEncodeError:  # nested deeper than it writes, though not than it reads
        raw = None
    if raw in _DECLARED:
        return _DECLARED[raw]
    declared: Mapping[str, Command] = read(value)
    if raw is not None and len(raw) <= _DECLARED_SIZE:
        if len(_DECLARED) >= _DECLARED_KEPT:
            _DECLARED.clear()
        _DECLARED[raw] = declared
    return declared


type Commands = Annotated[BySlug[Command], WrapValidator(_declared_before)]
"""Commands by slug."""


class Setting(AmpsModel):
    """A setting of a device with its present value (api §7)."""

    name: str
    value: Number | bool | Annotated[str, AfterValidator(display_text)] | None = None
    unit: Word | None = None
    min: Number | None = None
    max: Number | None = None


class Sync(AmpsModel):
    """How current a reading is."""

    available: bool | None = True
    last_pulled_at: UtcDatetime | None = None


class Metadata(AmpsModel):
    """Where a reading comes from."""

    model: Label = None
    source: Source | None = None


class ActionSummary(AmpsModel):
    """The newest action on a device, as readings summarise it (api §4.8)."""

    id: Id = Field(validation_alias=AliasChoices("id", "actionId"))
    command: Annotated[
        str | None, BeforeValidator(lambda name: (slug(name) or None) if isinstance(name, str) else None)
    ] = None
    """A slug."""
    state: ActionState | None = None
    created_at: UtcDatetime | None = None
    updated_at: UtcDatetime | None = None
    error_code: ErrorCode = None


class State(AmpsModel):
    """What a device reports of itself; each type has its own."""


class Capabilities(NamedTuple):
    """What a device has and can do, as far as it decides which entities there are."""

    fields: AbstractSet[str]
    """Of the state, be their values null."""
    commands: Mapping[str, Command]


class Device[StateT: State = State](AmpsModel):
    """A device as one reading shows it (api §4.1)."""

    device_type: ClassVar[str]
    """The type in answers and filters, a slug (api §2.5)."""
    path: ClassVar[str]
    """The type in paths (api §2.5)."""
    label: ClassVar[str]
    """The type in words."""
    has_settings: ClassVar[bool] = False
    """Whether devices of the type have settings (api §7)."""

    id: Id
    vendor: Label = None
    sync: NullAsEmpty[Sync] = Sync()
    metadata: NullAsEmpty[Metadata] = Metadata()
    state: NullAsEmpty[StateT]
    commands: Commands = Field(default_factory=dict)
    conflict_strategies: Annotated[tuple[str, ...], BeforeValidator(_words)] = ()
    settings: BySlug[Setting] | None = None
    last_action: ActionSummary | None = None

    @property
    def authoritative(self) -> bool:
        """Whether the reading shows the device itself, not the remains of an earlier one (api §10)."""
        return self.sync.available is not False and self.metadata.source is not Source.FALLBACK

    @property
    def capabilities(self) -> Capabilities:
        """What the device has and can do, as this reading shows it."""
        return Capabilities(self.state.model_fields_set, self.commands)


type AnyDevice = Device[Any]
"""A device whose type does not matter."""
