"""Deliveries of webhooks: their headers, what is signed, and their bodies (api §12)."""

from base64 import b64decode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
import re
from typing import Final, NamedTuple

from .errors import AmpsUnexpectedAnswerError
from .json import JsonObject, JsonValue, parse_json
from .models import Action, ActionState
from .models.lenient import read_model
from .names import read_code, read_id

_ID_HEADER: Final = "svix-id"
_TIMESTAMP_HEADER: Final = "svix-timestamp"
_SIGNATURE_HEADER: Final = "svix-signature"
_MESSAGE_ID: Final = re.compile(r"[!-~]{1,256}")
_TIMESTAMP: Final = re.compile(r"\d{1,12}", re.ASCII)
_SIGNATURE_PREFIX: Final = "v1,"
_SECRET_PREFIX: Final = "whsec_"  # noqa: S105  what every secret begins with
_OTHER_STATES: Final = (ActionState.SCHEDULED, ActionState.ACKNOWLEDGED, ActionState.CANCELLED)
"""States that have no event of their own, but may be delivered should that change (api §12.2)."""


@dataclass(frozen=True, slots=True, repr=False, kw_only=True)
class Delivery:
    """One delivery as it was received; nothing in it is proven."""

    message_id: str
    """The same for each attempt to deliver a message."""
    timestamp: int
    """When it was sent, in seconds since the epoch."""
    signatures: tuple[bytes, ...]
    """HMAC-SHA256 of the content; several while the secret is rotated."""
    content: bytes
    """What is signed."""
    body: bytes


class ActionEvent(NamedTuple):
    """What became of an action of a device: mostly its end."""

    device_id: str
    action: Action


class DeviceEvent(NamedTuple):
    """A device was linked, or its link is broken or mended; which of these, no body says (api §12.2)."""

    device_id: str


def read_delivery(headers: Mapping[str, str], body: bytes) -> Delivery | None:
    """Return a delivery, None if its headers are not those of one."""
    message_id, timestamp = headers.get(_ID_HEADER, ""), headers.get(_TIMESTAMP_HEADER, "")
    signatures = tuple(_signatures(headers.get(_SIGNATURE_HEADER, "")))
    if not (_MESSAGE_ID.fullmatch(message_id) and _TIMESTAMP.fullmatch(timestamp) and signatures):
        return None
    return Delivery(
        message_id=message_id,
        timestamp=int(timestamp),
        signatures=signatures,
        content=f"{message_id}.{timestamp}.".encode() + body,
        body=body,
    )


def read_secret(text: str) -> bytes | None:
    """Return the key of a secret as the dashboard shows it, `whsec_` and base64; None if it is no secret."""
    if not text.startswith(_SECRET_PREFIX):
        return None
    return _decoded(text.removeprefix(_SECRET_PREFIX)) or None


def read_event(body: bytes) -> ActionEvent | DeviceEvent | None:
    """Return the event of a body by its shape, since none names its event; None for any other shape (api §12.2)."""
    try:
        raw = parse_json(body)
    except ValueError:
        return None
    if not isinstance(raw, dict) or (device_id := read_id(raw.get("deviceId"))) is None:
        return None
    if raw.get("command") is None and raw.get("actionType") is None:
        return DeviceEvent(device_id) if isinstance(raw.get("timestamp"), str) else None
    action = _read_action(raw)
    return None if action is None else ActionEvent(device_id, action)


def _read_action(raw: JsonObject) -> Action | None:
    """Return the action of an event, None if the event does not say what became of it."""
    result, error = _object(raw.get("result")), _object(raw.get("error"))
    ended_at = raw.get("completedAt") or raw.get("failedAt")
    if raw.get("errorCode") or raw.get("error") or result.get("success") is False:
        state = ActionState.FAILED
    elif (given := raw.get("state")) in _OTHER_STATES:
        state = ActionState(str(given))
    elif ended_at is not None or result:
        state = ActionState.COMPLETED
    else:
        return None
    codes = (raw.get("errorCode"), error.get("code"), _object(result.get("error")).get("code"))
    parameters = _object(raw.get("parameters"))
    action: JsonObject = {
        "id": raw.get("actionId") or raw.get("id"),
        "deviceId": raw.get("deviceId"),
        "deviceType": raw.get("deviceType"),
        # In older generations the type of an action may be more general than its command.
        "command": raw.get("command") or parameters.get("mode") or raw.get("actionType"),
        "parameters": raw.get("parameters"),
        "state": state.value,
        "updatedAt": raw.get("updatedAt") or ended_at,
        "completedAt": ended_at,
        "errorCode": next(filter(None, map(read_code, codes)), None) if state is ActionState.FAILED else None,
    }
    try:
        return read_model(Action, action)
    except AmpsUnexpectedAnswerError:
        return None


def _signatures(text: str) -> Iterator[bytes]:
    """Yield the signatures of the only version that there is."""
    for each in text.split(" "):
        if each.startswith(_SIGNATURE_PREFIX) and (signature := _decoded(each.removeprefix(_SIGNATURE_PREFIX))):
            yield signature


def _decoded(text: str) -> bytes | None:
    try:
        return b64decode(text, validate=True)
    except ValueError:
        return None


def _object(value: JsonValue) -> JsonObject:
    return value if isinstance(value, dict) else {}
