"""The kinds of faults: what each does, in which phase of a request, and its options (api §15.3 #49)."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, ClassVar, override

from pydantic import AfterValidator, Field, PlainSerializer, PlainValidator, ValidationError

from ..errors import PERMANENT, TRANSIENT, ApiError, ErrorCode
from ..fields import Number, by_name
from ..validation import Body
from ..wire import JSONObject

_LONGEST = 86_400
"""Seconds."""
_DEEPEST = 20


class Phase(StrEnum):
    """The part of a request that a fault changes."""

    REQUEST = "request"
    """The request is refused instead of answered."""
    TRANSPORT = "carriage"  # as `GET /_simulator/fault-kinds` has always called it
    """The response does not arrive as it was sent."""
    MANUFACTURER = "manufacturer"
    """The manufacturer's cloud refuses what it is asked."""
    PUSH = "push"
    """A command is accepted and does not end as usual."""
    READING = "reading"
    """A reading has values that the contract does not have."""


def _shallow(details: JSONObject) -> JSONObject:
    """Refuse details that are nested too deeply: more can be read than can be written."""
    if _is_deeper(details, _DEEPEST):
        message = f"must not be nested more than {_DEEPEST} deep"
        raise ValueError(message)
    return details


def _is_deeper(value: object, levels: int) -> bool:
    """Return whether objects and lists are nested in each other more than so many levels deep."""
    if not isinstance(value, dict | list):
        return False
    members = value.values() if isinstance(value, dict) else value
    return levels == 0 or any(_is_deeper(member, levels - 1) for member in members)


type _Delay = Annotated[Number, Field(ge=0, le=_LONGEST)]
"""Seconds."""
type _Word = Annotated[str, Field(min_length=1, max_length=100)]


class FaultEffect(Body):
    """What a fault does; the fields are the options of its kind."""

    kind: ClassVar[str]
    phase: ClassVar[Phase]

    def options(self) -> JSONObject:
        """Return the options as JSON."""
        return self.model_dump(by_alias=True)

    def document(self) -> JSONObject:
        """Return it as the control surface shows it."""
        return {"kind": self.kind, **self.options()}

    def error(self) -> ApiError:
        """Return the error that a request gets, for the kinds that refuse it."""
        raise NotImplementedError


class ErrorAnswer(FaultEffect):
    """The request is refused, with a status and a time to wait that the code does not have by itself."""

    kind = "error"
    phase = Phase.REQUEST
    code: Annotated[ErrorCode, by_name()]
    status: Annotated[int, Field(ge=400, le=599)] | None = None
    retry_after: Annotated[int, Field(ge=0, le=_LONGEST)] | None = None
    details: Annotated[dict[str, Any], AfterValidator(_shallow)] | None = None

    @override
    def error(self) -> ApiError:
        headers = {} if self.retry_after is None else {"Retry-After": str(self.retry_after)}
        return ApiError(self.code, self.details, status=self.status, headers=headers)


class Latency(FaultEffect):
    """The answer comes so many seconds later."""

    kind = "latency"
    phase = Phase.TRANSPORT
    seconds: _Delay


class LostAnswer(FaultEffect):
    """No answer arrives; `processed` is whether the service did what it was asked."""

    phase = Phase.TRANSPORT
    processed: bool = True


class Timeout(LostAnswer):
    """The connection stays open, and no answer comes."""

    kind = "timeout"


class Disconnect(LostAnswer):
    """The connection is closed before the answer."""

    kind = "disconnect"


class Truncated(FaultEffect):
    """The second half of the answer is missing."""

    kind = "truncated"
    phase = Phase.TRANSPORT


class InvalidJson(FaultEffect):
    """The answer is not JSON."""

    kind = "invalid_json"
    phase = Phase.TRANSPORT


class ManufacturerRefusal(FaultEffect):
    """The manufacturer answers with an error."""

    phase = Phase.MANUFACTURER
    code: ErrorCode

    @override
    def error(self) -> ApiError:
        return ApiError(self.code)


class Offline(ManufacturerRefusal):
    """The manufacturer returns a permanent error."""

    kind = "offline"
    code: Annotated[ErrorCode, by_name(*PERMANENT)] = ErrorCode.DEVICE_OFFLINE


class Fallback(ManufacturerRefusal):
    """The manufacturer returns a transient error."""

    kind = "fallback"
    code: Annotated[ErrorCode, by_name(*TRANSIENT)] = ErrorCode.NETWORK_ERROR


class FailedAction(FaultEffect):
    """The action fails."""

    kind = "failed_action"
    phase = Phase.PUSH
    error_code: _Word = ErrorCode.UNKNOWN_ERROR.name


class SlowAcknowledgement(FaultEffect):
    """The action ends so many seconds later."""

    kind = "slow_acknowledgement"
    phase = Phase.PUSH
    seconds: _Delay


class SchedulerActive(FaultEffect):
    """Actions fail because of the device's own scheduler, until a push replaces it (api §6.7)."""

    kind = "scheduler_active"
    phase = Phase.PUSH


class SilentRefusal(FaultEffect):
    """The action completes, and the device does not follow the command."""

    kind = "silent_refusal"
    phase = Phase.PUSH


class UnknownValues(FaultEffect):
    """Enum values of a reading are none that the contract has."""

    kind = "unknown_values"
    phase = Phase.READING


class NullFields(FaultEffect):
    """Some fields of the state, or all of them, are null."""

    kind = "null_fields"
    phase = Phase.READING
    fields: Annotated[list[_Word], Field(max_length=100)] | None = None


FAULT_KINDS: Mapping[str, type[FaultEffect]] = {
    effect.kind: effect
    for effect in (
        *(ErrorAnswer, Latency, Timeout, Disconnect, Truncated, InvalidJson),
        *(Offline, Fallback),
        *(FailedAction, SlowAcknowledgement, SchedulerActive, SilentRefusal),
        *(UnknownValues, NullFields),
    )
}


def _read_saved(document: object) -> FaultEffect:
    match document:
        case {"kind": str(kind), "options": dict(options)} if kind in FAULT_KINDS:
            try:
                return FAULT_KINDS[kind].model_validate(options, by_name=False, by_alias=True)
            except ValidationError:
                pass
    message = "must be of a kind, with its options"
    raise ValueError(message)


SavedEffect = Annotated[
    FaultEffect,
    PlainValidator(_read_saved),
    PlainSerializer(lambda effect: {"kind": effect.kind, "options": effect.options()}),
]

WELL_KNOWN: Mapping[str, FaultEffect] = {
    "device_offline": Offline(),
    "device_invalid_credentials": Offline(code=ErrorCode.INVALID_CREDENTIALS),
    "device_fallback": Fallback(),
    "device_unauthorized": ErrorAnswer(code=ErrorCode.UNAUTHORIZED),
    "device_invalid_api_key": ErrorAnswer(code=ErrorCode.INVALID_API_KEY),
    "device_rate_limited": ErrorAnswer(code=ErrorCode.RATE_LIMIT_EXCEEDED, retry_after=30),
    "device_rate_limited_without_time": ErrorAnswer(code=ErrorCode.RATE_LIMIT_EXCEEDED),
    "device_rate_limited_401": ErrorAnswer(code=ErrorCode.RATE_LIMIT_EXCEEDED, status=401),
    "device_internal_error": ErrorAnswer(code=ErrorCode.INTERNAL_ERROR),
    "device_unavailable": ErrorAnswer(code=ErrorCode.SERVICE_UNAVAILABLE),
    "device_latency": Latency(seconds=5),
    "device_timeout": Timeout(),
    "device_disconnect": Disconnect(),
    "device_truncated": Truncated(),
    "device_invalid_json": InvalidJson(),
    "device_failed_action": FailedAction(),
    "device_slow_acknowledgement": SlowAcknowledgement(seconds=60),
    "device_scheduler_active": SchedulerActive(),
    "device_silent_refusal": SilentRefusal(),
    "device_unknown_values": UnknownValues(),
    "device_null_fields": NullFields(),
}
"""Ids that no list shows: each is the first device of its type, with a fault of its own."""
