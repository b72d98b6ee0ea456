"""What all readings share (api §4.1, §5).

Models are frozen, name fields as Python does (`chargeRate` on the wire is `charge_rate` here), ignore what they do not
know, and tolerate null everywhere but in the id. A field that the answer did not hold is not in `model_fields_set`.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
import re
from typing import Annotated, Any, ClassVar, Final, Self, override

from pydantic import AfterValidator, AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel

from ..names import slug


class Vocabulary(StrEnum):
    """Words of the API as slugs; a word not known yet reads `unknown_value` (api §0.2)."""

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


type OrEmpty[T] = Annotated[T, BeforeValidator(lambda value: {} if value is None else value)]
"""An object for which null means the same as an empty one."""


def _named(value: object) -> object:
    """Key entries by slug and let each remember its wire name; an entry that is no object is not declared."""
    if not isinstance(value, dict):
        return {} if value is None else value
    return {slug(name): {**entry, "name": name} for name, entry in value.items() if isinstance(entry, dict)}


type Named[T] = Annotated[Mapping[str, T], BeforeValidator(_named)]
"""A map of the wire, keyed by slug."""


type Instant = Annotated[
    datetime, AfterValidator(lambda instant: instant if instant.tzinfo else instant.replace(tzinfo=UTC))
]
"""An absolute instant; the API writes them in UTC (api §6.3)."""


_CODE: Final = re.compile(r"[A-Z][A-Z0-9_]{0,63}")


type Code = Annotated[
    str | None, BeforeValidator(lambda text: text if isinstance(text, str) and _CODE.fullmatch(text) else None)
]
"""The code of an error; a text that is none may name a person, and is left out (api §8)."""


class Source(Vocabulary):
    """Where a reading came from (api §4.1)."""

    CACHE = "cache"
    LIVE = "live"
    FALLBACK = "fallback"
    PROJECTION = "projection"
    UNKNOWN_VALUE = "unknown_value"


class Execution(Vocabulary):
    """When a command may run (api §6.3)."""

    IMMEDIATE = "immediate"
    SCHEDULED = "scheduled"
    WINDOWED = "windowed"
    UNKNOWN_VALUE = "unknown_value"


class ActionState(Vocabulary):
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
    unit: str


class Parameter(AmpsModel):
    """A parameter that a command declares, with its bounds in its unit; None where the device declares none."""

    name: str
    unit: str | None = None
    min: float | None = None
    max: float | None = None


class Command(AmpsModel):
    """A command that a device declares (api §5)."""

    name: str
    parameters: Named[Parameter] = {}
    execution: frozenset[Execution] = frozenset()


class Setting(AmpsModel):
    """A setting of a device with its present value (api §7)."""

    name: str
    value: float | bool | str | None = None
    unit: str | None = None
    min: float | None = None
    max: float | None = None


class Sync(AmpsModel):
    """How current a reading is."""

    available: bool | None = True
    last_pulled_at: Instant | None = None


class Metadata(AmpsModel):
    """Where a reading comes from."""

    model: str | None = None
    source: Source | None = None


class ActionSummary(AmpsModel):
    """The newest action on a device, as readings summarise it (api §4.8)."""

    id: str = Field(validation_alias=AliasChoices("id", "actionId"))
    command: Annotated[str | None, BeforeValidator(lambda name: slug(name) if isinstance(name, str) else None)] = None
    """A slug."""
    state: ActionState | None = None
    created_at: Instant | None = None
    updated_at: Instant | None = None
    error_code: Code = None


class State(AmpsModel):
    """What a device reports of itself; each type has its own."""


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

    id: str
    vendor: str | None = None
    sync: OrEmpty[Sync] = Sync()
    metadata: OrEmpty[Metadata] = Metadata()
    state: OrEmpty[StateT]
    commands: Named[Command] = {}
    conflict_strategies: tuple[str, ...] = ()
    settings: Named[Setting] | None = None
    last_action: ActionSummary | None = None

    @property
    def authoritative(self) -> bool:
        """Whether the reading shows the device itself, not the remains of an earlier one (api §10)."""
        return self.sync.available is not False and self.metadata.source is not Source.FALLBACK

    def reports(self, field: str) -> bool:
        """Whether the reading has this field of the state, be its value null."""
        return field in self.state.model_fields_set


type AnyDevice = Device[Any]
"""A device whose type does not matter."""
