"""What the models of all device types share (api §4.1, §5).

Models are frozen, name fields as Python does (`chargeRate` in JSON is `charge_rate` here), ignore unknown fields, and
accept null everywhere but in the id. A field that the answer does not contain is not in `model_fields_set`.
"""

from collections.abc import Mapping, Set as AbstractSet
from datetime import datetime
from enum import StrEnum
from itertools import islice
from types import MappingProxyType
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
    """Enum values of the API as slugs; an unknown one becomes `unknown_value` (api §0.2)."""

    @classmethod
    @override
    def _missing_(cls, value: object) -> Self:
        known = slug(value) if isinstance(value, str) else ""
        return cls(known if known in cls else "unknown_value")


class AmpsModel(BaseModel):
    """The base of every model."""

    model_config = ConfigDict(
        frozen=True, extra="ignore", alias_generator=to_camel, allow_inf_nan=False, protected_namespaces=()
    )


type NullAsEmpty[T] = Annotated[T, BeforeValidator(lambda value: {} if value is None else value)]
"""An object for which null means the same as an empty object."""


_MAX_ENTRIES: Final = 100
"""The maximum number of entries of an object or list: no device has as many, but an answer may have millions."""


def _by_slug(value: object) -> object:
    """Return entries by slug, each with its wire name; an entry that is no object or has no slug is left out."""
    if not isinstance(value, dict):
        return {} if value is None else value
    return {
        key: {**entry, "name": name}
        for name, entry in islice(value.items(), _MAX_ENTRIES)
        if isinstance(entry, dict) and (key := slug(name))
    }


type BySlug[T] = Annotated[Mapping[str, T], BeforeValidator(_by_slug)]
"""An object of the API, by slug."""


type UtcDatetime = Annotated[datetime, BeforeValidator(parse_utc)]
"""A datetime in UTC (api §6.3)."""


def _number(value: object) -> object:
    if isinstance(value, bool):
        msg = "a boolean is no number"
        raise ValueError(msg)  # noqa: TRY004  pydantic reports no other error as an invalid value
    return value


_MAX_NUMBER: Final = 1e9
"""Larger than any quantity of a home, and small enough for calculations not to overflow."""

type Number = Annotated[float, Field(ge=-_MAX_NUMBER, le=_MAX_NUMBER), BeforeValidator(_number)]
"""A number within the bounds of any quantity of a home."""


def _id(value: object) -> str:
    if (id_ := read_id(value)) is None:
        msg = "no id"
        raise ValueError(msg)
    return id_


type Id = Annotated[str, BeforeValidator(_id)]
"""The id of a device or an action (design §3)."""

type Label = Annotated[
    str | None, BeforeValidator(lambda text: (display_text(text) or None) if isinstance(text, str) else None)
]
"""A text that is only shown, stored as it is shown; None for a blank one."""


def _wire_names(value: object) -> object:
    """Return the entries of a list that are names."""
    entries = value[:_MAX_ENTRIES] if isinstance(value, list) else ()
    return [entry for entry in entries if isinstance(entry, str) and len(entry) <= MAX_LENGTH]


type WireName = Annotated[str, Field(max_length=MAX_LENGTH)]
"""A name of the API that has to be sent as it was received, such as a unit (api §5.1)."""


type ErrorCode = Annotated[str | None, BeforeValidator(read_code)]
"""The code of an error; None for a text that is no code (api §8)."""


class Source(LenientEnum):
    """The source of a reading (api §4.1)."""

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
    """The state of an action (api §6.4)."""

    SCHEDULED = "scheduled"
    ACKNOWLEDGED = "acknowledged"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    UNKNOWN_VALUE = "unknown_value"


class Quantity(AmpsModel):
    """A number with its unit (api §5.1)."""

    value: float
    unit: WireName


class Parameter(AmpsModel):
    """A parameter that a command declares, with its bounds in its unit; None where the device declares none."""

    name: str
    unit: WireName | None = None
    min: Number | None = None
    max: Number | None = None


class Command(AmpsModel):
    """A command that a device declares (api §5)."""

    name: str
    parameters: BySlug[Parameter] = Field(default_factory=dict)
    execution: Annotated[frozenset[Execution], BeforeValidator(_wire_names)] = frozenset()


_COMMANDS_CACHE: Final[dict[bytes | None, Mapping[str, Command]]] = {}
_MAX_CACHED: Final = 256
_MAX_CACHED_SIZE: Final = 65_536
"""The maximum size in bytes of commands that are cached; those of a real device have some hundreds."""


def _cached(value: object, validate: ValidatorFunctionWrapHandler) -> Mapping[str, Command]:
    """Return commands from the cache if a device declared the same before, else validate them.

    Most devices declare the same in every reading, and the same as others of their type. They share one object, so that
    comparing them is cheap.
    """
    try:
        raw = orjson.dumps(value)
    except orjson.JSONEncodeError:  # nested more deeply than orjson serializes, though not than it parses
        raw = None
    if raw in _COMMANDS_CACHE:
        return _COMMANDS_CACHE[raw]
    commands: Mapping[str, Command] = validate(value)
    if raw is not None and len(raw) <= _MAX_CACHED_SIZE:
        if len(_COMMANDS_CACHE) >= _MAX_CACHED:
            _COMMANDS_CACHE.clear()
        _COMMANDS_CACHE[raw] = commands
    return commands


type Commands = Annotated[BySlug[Command], WrapValidator(_cached)]
"""Commands by slug."""


class Setting(AmpsModel):
    """A setting of a device with its current value (api §7)."""

    name: str
    value: Number | bool | Annotated[str, AfterValidator(display_text)] | None = None
    unit: WireName | None = None
    min: Number | None = None
    max: Number | None = None


class Sync(AmpsModel):
    """When a reading was pulled, and whether the device could be reached."""

    available: bool | None = True
    last_pulled_at: UtcDatetime | None = None


class Metadata(AmpsModel):
    """The model of a device and the source of the reading."""

    model: Label = None
    source: Source | None = None


class ActionSummary(AmpsModel):
    """The newest action of a device, as readings contain it (api §4.8)."""

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
    """The state of a device; each type has its own fields."""


class Capabilities(NamedTuple):
    """The fields, commands and settings of a device, which decide the entities that it has."""

    fields: AbstractSet[str]
    """Fields of the state, including those whose value is null."""
    commands: Mapping[str, Command]
    settings: Mapping[str, Setting] = MappingProxyType({})
    """Those that single readings showed; a list has none (api §4.2)."""


class Device[StateT: State = State](AmpsModel):
    """A device in one reading (api §4.1)."""

    device_type: ClassVar[str]
    """The type in answers and filters, a slug (api §2.5)."""
    path: ClassVar[str]
    """The type in paths (api §2.5)."""
    label: ClassVar[str]
    """The type as it is shown."""
    has_settings: ClassVar[bool] = False
    """Whether devices of the type have settings (api §7)."""

    id: Id
    vendor: Label = None
    sync: NullAsEmpty[Sync] = Sync()
    metadata: NullAsEmpty[Metadata] = Metadata()
    state: NullAsEmpty[StateT]
    commands: Commands = Field(default_factory=dict)
    conflict_strategies: Annotated[tuple[str, ...], BeforeValidator(_wire_names)] = ()
    settings: BySlug[Setting] | None = None
    last_action: ActionSummary | None = None

    @property
    def authoritative(self) -> bool:
        """Whether the reading was pulled from the device, and is no fallback to an earlier one (api §10)."""
        return self.sync.available is not False and self.metadata.source is not Source.FALLBACK

    @property
    def capabilities(self) -> Capabilities:
        """The fields and commands of the device in this reading."""
        return Capabilities(self.state.model_fields_set, self.commands)


type AnyDevice = Device[Any]
"""A device whose type does not matter."""
