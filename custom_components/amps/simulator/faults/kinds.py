"""The kinds of faults, as data: where each strikes, and what may be said about it (api §15.3 #49)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import cast

from ..errors import PERMANENT, TRANSIENT, Code
from ..validation import Validator
from ..wire import JSON, JSONObject

_ERRORS = (400, 599)
_LONGEST = 86_400
_LONGEST_WORD = 100
_MOST_WORDS = 100
_DEEPEST = 20


class Phase(StrEnum):
    """What a fault gets in the way of."""

    REQUEST = "request"
    """It is refused instead of answered."""
    TRANSPORT = "carriage"  # as `GET /_simulator/fault-kinds` has always called it
    """Its answer, whatever that says, does not arrive as it should."""
    MANUFACTURER = "manufacturer"
    """The manufacturer's cloud is asked, and refuses."""
    PUSH = "push"
    """A command is accepted, and then something else becomes of it."""
    READING = "reading"
    """A reading says what no reading should."""


@dataclass(frozen=True, slots=True)
class Option:
    """Something that may be said about a fault, and what holds when it is not; an option without that must be said."""

    read: Callable[[Validator, object, str], JSON]
    default: JSON = None
    required: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of fault."""

    phase: Phase
    options: Mapping[str, Option]


@dataclass(frozen=True, slots=True)
class Effect:
    """What a fault does: its kind, and what was said about it."""

    kind: str
    options: Mapping[str, JSON]

    @property
    def phase(self) -> Phase:
        """Return what it gets in the way of."""
        return KINDS[self.kind].phase

    @property
    def code(self) -> Code:
        """Return the code of the kinds that refuse."""
        return Code[self.text("code")]

    def text(self, name: str) -> str:
        """Return an option that is a text."""
        return cast("str", self.options[name])

    def number(self, name: str) -> float:
        """Return an option that is a number."""
        return cast("float", self.options[name])

    def words(self, name: str) -> Sequence[str] | None:
        """Return an option that is a list of texts, None when nothing was said."""
        return cast("Sequence[str] | None", self.options[name])

    def document(self) -> JSONObject:
        """Return it as the control surface shows it."""
        return {"kind": self.kind, **self.options}


def effect(kind: str, **options: JSON) -> Effect:
    """Return an effect with options that are known to be right, and the defaults of the others."""
    return Effect(kind, {name: option.default for name, option in KINDS[kind].options.items()} | options)


def read_effect(validator: Validator, kind: str, said: Mapping[str, object]) -> Effect:
    """Return the effect that a document describes; `said` has no members but the kind's options."""
    options: dict[str, JSON] = {}
    for name, option in KINDS[kind].options.items():
        value = said.get(name)
        if value is None and option.required:
            validator.add_error(name, "is required")
        options[name] = option.default if value is None else option.read(validator, value, name)
    return Effect(kind, options)


def _choice(codes: Iterable[Code]) -> Callable[[Validator, object, str], str]:
    names = tuple(code.name for code in codes)
    return lambda validator, value, path: validator.choice(value, path, names)


def _whole(low: int, high: int) -> Callable[[Validator, object, str], int]:
    return lambda validator, value, path: validator.whole(value, path, low, high)


def _seconds(validator: Validator, value: object, path: str) -> float:
    return validator.between(value, path, 0, _LONGEST)


def _details(validator: Validator, value: object, path: str) -> JSONObject:
    """Return the details of an error; what can be read can be nested more deeply than what can be written."""
    details = cast("JSONObject", validator.mapping(value, path))
    if _is_deeper(details, _DEEPEST):
        validator.add_error(path, f"must not be nested more than {_DEEPEST} deep")
    return details


def _is_deeper(value: object, levels: int) -> bool:
    """Return whether objects and lists are nested in each other more than so many levels deep."""
    if not isinstance(value, dict | list):
        return False
    members = value.values() if isinstance(value, dict) else value
    return levels == 0 or any(_is_deeper(member, levels - 1) for member in members)


def _word(validator: Validator, value: object, path: str) -> str:
    word = validator.text(value, path)
    if isinstance(value, str) and not 0 < len(word) <= _LONGEST_WORD:
        validator.add_error(path, f"must have 1 to {_LONGEST_WORD} characters")
    return word


def _words(validator: Validator, value: object, path: str) -> list[str]:
    if isinstance(value, list) and len(value) <= _MOST_WORDS:
        return [_word(validator, word, f"{path}.{place}") for place, word in enumerate(value)]
    validator.add_error(path, f"must be a list of at most {_MOST_WORDS} names")
    return []


_PROCESSED = Option(Validator.flag, default=True)
"""Whether the service did what it was asked, although no answer says so."""

KINDS: Mapping[str, Kind] = {
    "error": Kind(
        Phase.REQUEST,
        {
            "code": Option(_choice(Code), required=True),
            "status": Option(_whole(*_ERRORS)),
            "retryAfter": Option(_whole(0, _LONGEST)),
            "details": Option(_details),
        },
    ),
    "latency": Kind(Phase.TRANSPORT, {"seconds": Option(_seconds, required=True)}),
    "timeout": Kind(Phase.TRANSPORT, {"processed": _PROCESSED}),
    "disconnect": Kind(Phase.TRANSPORT, {"processed": _PROCESSED}),
    "truncated": Kind(Phase.TRANSPORT, {}),
    "invalid_json": Kind(Phase.TRANSPORT, {}),
    "offline": Kind(Phase.MANUFACTURER, {"code": Option(_choice(PERMANENT), Code.DEVICE_OFFLINE.name)}),
    "fallback": Kind(Phase.MANUFACTURER, {"code": Option(_choice(TRANSIENT), Code.NETWORK_ERROR.name)}),
    "failed_action": Kind(Phase.PUSH, {"errorCode": Option(_word, Code.UNKNOWN_ERROR.name)}),
    "slow_acknowledgement": Kind(Phase.PUSH, {"seconds": Option(_seconds, required=True)}),
    "scheduler_active": Kind(Phase.PUSH, {}),
    "silent_refusal": Kind(Phase.PUSH, {}),
    "unknown_values": Kind(Phase.READING, {}),
    "null_fields": Kind(Phase.READING, {"fields": Option(_words)}),
}

WELL_KNOWN: Mapping[str, Effect] = {
    "device_offline": effect("offline"),
    "device_invalid_credentials": effect("offline", code=Code.INVALID_CREDENTIALS.name),
    "device_fallback": effect("fallback"),
    "device_unauthorized": effect("error", code=Code.UNAUTHORIZED.name),
    "device_invalid_api_key": effect("error", code=Code.INVALID_API_KEY.name),
    "device_rate_limited": effect("error", code=Code.RATE_LIMIT_EXCEEDED.name, retryAfter=30),
    "device_rate_limited_without_time": effect("error", code=Code.RATE_LIMIT_EXCEEDED.name),
    "device_rate_limited_401": effect("error", code=Code.RATE_LIMIT_EXCEEDED.name, status=401),
    "device_internal_error": effect("error", code=Code.INTERNAL_ERROR.name),
    "device_unavailable": effect("error", code=Code.SERVICE_UNAVAILABLE.name),
    "device_latency": effect("latency", seconds=5),
    "device_timeout": effect("timeout"),
    "device_disconnect": effect("disconnect"),
    "device_truncated": effect("truncated"),
    "device_invalid_json": effect("invalid_json"),
    "device_failed_action": effect("failed_action"),
    "device_slow_acknowledgement": effect("slow_acknowledgement", seconds=60),
    "device_scheduler_active": effect("scheduler_active"),
    "device_silent_refusal": effect("silent_refusal"),
    "device_unknown_values": effect("unknown_values"),
    "device_null_fields": effect("null_fields"),
}
"""Ids that no list shows, for the first device of a type with a fault of its own."""
