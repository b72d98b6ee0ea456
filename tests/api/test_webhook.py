"""What the headers and bodies of deliveries say (api §12)."""

from typing import Any

import orjson
import pytest

from custom_components.amps.api.json import JsonObject
from custom_components.amps.api.models import ActionState
from custom_components.amps.api.webhook import ActionEvent, DeviceEvent, read_delivery, read_event, read_secret

HEADERS = {"svix-id": "msg_1", "svix-timestamp": "1700000000", "svix-signature": "v1,AAAA"}

COMPLETED: JsonObject = {
    "actionId": "act_1",
    "deviceId": "device_1",
    "deviceType": "battery",
    "command": "auto.balanced",
    "parameters": {"target": {"value": 85, "unit": "percent"}},
    "result": {"success": True},
    "completedAt": "2026-06-14T20:01:06.000Z",
}
FAILED: JsonObject = {
    **COMPLETED,
    "result": {"success": False, "error": {"code": "UPSTREAM"}},
    "errorCode": "DEVICE_OFFLINE",
    "errorMessage": "…",
}


def read(**changes: Any) -> ActionEvent | DeviceEvent | None:  # noqa: ANN401  any JSON
    """Return the event of an action that was completed, but for some members; `...` leaves one out."""
    body = {name: value for name, value in {**COMPLETED, **changes}.items() if value is not ...}
    return read_event(orjson.dumps(body))


def read_action(**changes: Any) -> tuple[str | None, ActionState | None, str | None]:  # noqa: ANN401  any JSON
    """Return command, state and reason of the action of an event."""
    event = read(**changes)
    assert isinstance(event, ActionEvent)
    return event.action.command, event.action.state, event.action.error_code


def test_an_event_of_an_action_says_how_and_when_it_ended() -> None:
    event = read()
    assert isinstance(event, ActionEvent)
    assert (event.device_id, event.action.id, event.action.state) == ("device_1", "act_1", "completed")
    assert event.action.command == "auto_balanced"
    assert event.action.parameters is not None
    assert event.action.parameters["target"].value == 85
    assert event.action.updated_at == event.action.completed_at
    assert event.action.updated_at is not None
    assert event.action.updated_at.isoformat() == "2026-06-14T20:01:06+00:00"
    assert event.action.created_at is None


@pytest.mark.parametrize(
    "changes",
    [
        {"errorCode": "TIMEOUT"},
        {"errorCode": "TIMEOUT", "result": None},
        {"errorCode": "TIMEOUT", "result": {"success": True}},
        {"error": {"code": "TIMEOUT", "message": "…"}, "failedAt": "2026-06-14T20:01:06Z", "completedAt": ...},
        {"result": {"success": False, "error": {"code": "TIMEOUT"}}},
        {"errorCode": "not a code", "error": {"code": "TIMEOUT"}},
    ],
)
def test_a_failure_is_known_by_its_error_whatever_its_result(changes: dict[str, Any]) -> None:
    assert read_action(**changes) == ("auto_balanced", "failed", "TIMEOUT")


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"result": None},
        {"result": "applied", "errorCode": None, "error": None},
        {"result": {"success": None}},
        {"completedAt": ..., "result": {"success": True}},
        {"completedAt": "soon"},
    ],
)
def test_what_has_no_error_is_completed(changes: dict[str, Any]) -> None:
    assert read_action(**changes)[1:] == ("completed", None)


def test_a_failure_without_a_code_has_no_reason() -> None:
    assert read_action(result={"success": False, "error": "broken"}) == ("auto_balanced", "failed", None)


@pytest.mark.parametrize("ids", [{"actionId": "act_1"}, {"id": "act_1"}, {"id": "event_1", "actionId": "act_1"}])
def test_the_id_of_an_action_has_two_names(ids: dict[str, str]) -> None:
    event = read(**{"actionId": ..., **ids})
    assert isinstance(event, ActionEvent)
    assert event.action.id == "act_1"


@pytest.mark.parametrize(
    ("changes", "command"),
    [
        ({"command": ..., "actionType": "charge"}, "charge"),
        ({"command": ..., "actionType": "battery:mode", "parameters": {"mode": "auto.export"}}, "auto_export"),
    ],
)
def test_older_generations_name_the_command_elsewhere(changes: dict[str, Any], command: str) -> None:
    assert read_action(**changes)[0] == command


@pytest.mark.parametrize("state", ["scheduled", "acknowledged", "cancelled"])
def test_an_event_of_another_transition_completes_nothing(state: str) -> None:
    assert read_action(state=state)[1] == state


@pytest.mark.parametrize("reconnection", [{}, {"reconnectionUrl": "https://auth.amps.ai/?token=canary"}])
def test_an_event_of_a_device_names_it(reconnection: dict[str, str]) -> None:
    body = {"deviceId": 7, "deviceType": "battery", "timestamp": "2026-06-14T20:01:06Z", **reconnection}
    assert read_event(orjson.dumps(body)) == DeviceEvent("7")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b"[" * 10_000,
        orjson.dumps({"type": "push.completed", "data": COMPLETED}),
        orjson.dumps({**COMPLETED, "deviceId": None}),
        orjson.dumps({**COMPLETED, "actionId": None}),
        orjson.dumps({**COMPLETED, "actionId": "", "id": ".."}),
        # Nothing says what became of it.
        orjson.dumps({**COMPLETED, "result": None, "completedAt": None}),
        orjson.dumps({"deviceId": "device_1", "slotId": "slot_1"}),
    ],
)
def test_other_shapes_are_none_that_is_known(body: bytes) -> None:
    assert read_event(body) is None


def test_what_is_signed_is_id_time_and_body_as_they_are() -> None:
    delivery = read_delivery(HEADERS | {"svix-signature": "v2,AAAA v1,AAEC v1,AQ== v1,% v1a,AAAA"}, b"{ }\n")
    assert delivery is not None
    assert delivery.content == b"msg_1.1700000000.{ }\n"
    assert delivery.signatures == (b"\x00\x01\x02", b"\x01")
    assert (delivery.message_id, delivery.timestamp, delivery.body) == ("msg_1", 1_700_000_000, b"{ }\n")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("svix-id", ""),
        ("svix-id", "ä"),
        ("svix-id", "m" * 257),
        ("svix-timestamp", ""),
        ("svix-timestamp", "soon"),
        ("svix-timestamp", "-1"),
        ("svix-timestamp", "1e9"),
        ("svix-timestamp", "٣"),
        ("svix-timestamp", "9" * 5000),
        ("svix-signature", ""),
        ("svix-signature", "v1,"),
        ("svix-signature", "v1,ä"),
        ("svix-signature", "AAAA"),
        ("svix-signature", "v2,AAAA"),
    ],
)
def test_other_headers_are_none_of_a_delivery(name: str, text: str) -> None:
    assert read_delivery(HEADERS | {name: text}, b"{}") is None
    assert read_delivery({key: value for key, value in HEADERS.items() if key != name}, b"{}") is None


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("whsec_AAEC", b"\x00\x01\x02"),
        ("whsec_+/8=", b"\xfb\xff"),
        ("whsec_", None),
        ("AAEC", None),
        ("whsec_AAE", None),
        ("whsec_AAEC ", None),
        ("whsec_secret!", None),
        ("whpk_AAEC", None),
        ("", None),
    ],
)
def test_a_secret_begins_with_its_prefix_and_is_base64(text: str, key: bytes | None) -> None:
    assert read_secret(text) == key
