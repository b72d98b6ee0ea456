"""Answers that are errors, invalid, late or missing, over real HTTP: each has an error class of its own."""

import asyncio
from datetime import UTC, datetime

from aiohttp import ClientSession, web
import pytest

from custom_components.amps.api import (
    AmpsApiError,
    AmpsClient,
    AmpsConflictError,
    AmpsConnectionError,
    AmpsDeviceOfflineError,
    AmpsError,
    AmpsExpiredKeyError,
    AmpsInvalidKeyError,
    AmpsLiveAccessDisabledError,
    AmpsNotFoundError,
    AmpsNotOfferedError,
    AmpsPermissionError,
    AmpsRateLimitedError,
    AmpsRefusedError,
    AmpsRelinkError,
    AmpsTimeoutError,
    AmpsTransientError,
    AmpsUnexpectedAnswerError,
    CommandPayload,
    HttpTransport,
    Request,
)
from custom_components.amps.api.models import ActionState, Battery, Quantity
from custom_components.amps.api.models.lenient import read_model

from .conftest import API_KEY, Service, envelope, page

BATTERY = Battery.model_validate({"id": "device_7f3k2m", "state": {}})

DECISIONS: list[tuple[int, str, type[AmpsApiError]]] = [
    (401, "UNAUTHORIZED", AmpsInvalidKeyError),
    (401, "INVALID_API_KEY", AmpsInvalidKeyError),
    (401, "EXPIRED_TOKEN", AmpsExpiredKeyError),
    (401, "RATE_LIMIT_EXCEEDED", AmpsRateLimitedError),
    (429, "RATE_LIMIT_EXCEEDED", AmpsRateLimitedError),
    (429, "SOMETHING_ELSE", AmpsRateLimitedError),
    (403, "INSUFFICIENT_PERMISSIONS", AmpsPermissionError),
    (403, "LIVE_ACCESS_DISABLED", AmpsLiveAccessDisabledError),
    (404, "DEVICE_NOT_FOUND", AmpsNotFoundError),
    (404, "NOT_FOUND", AmpsNotFoundError),
    (409, "CONFLICT", AmpsConflictError),
    (409, "ACTION_NOT_CANCELLABLE", AmpsConflictError),
    (422, "UNSUPPORTED_MODE", AmpsRefusedError),
    (422, "UNSUPPORTED_PARAMETER", AmpsRefusedError),
    (422, "UNSUPPORTED_UNIT", AmpsRefusedError),
    (422, "PARAMETER_OUT_OF_RANGE", AmpsRefusedError),
    (422, "EXECUTION_NOT_SUPPORTED", AmpsRefusedError),
    (422, "START_IN_PAST", AmpsRefusedError),
    (422, "START_OUT_OF_RANGE", AmpsRefusedError),
    (422, "INVALID_TIME_WINDOW", AmpsRefusedError),
    (422, "DIRECT_ACTION_UNSUPPORTED", AmpsRefusedError),
    (422, "UNSUPPORTED_SETTING", AmpsRefusedError),
    (422, "READ_ONLY_SETTING", AmpsRefusedError),
    (422, "SETTING_OUT_OF_RANGE", AmpsRefusedError),
    (400, "VALIDATION_ERROR", AmpsRefusedError),
    (422, "COMMAND_NOT_SUPPORTED", AmpsNotOfferedError),
    (501, "NOT_IMPLEMENTED", AmpsNotOfferedError),
    (500, "INTERNAL_ERROR", AmpsTransientError),
    (503, "SERVICE_UNAVAILABLE", AmpsTransientError),
    (401, "INVALID_CREDENTIALS", AmpsRelinkError),
    (403, "INVALID_MFA_CODE", AmpsRelinkError),
    (403, "MFA_REQUIRED", AmpsRelinkError),
    (403, "ACCOUNT_LOCKED", AmpsRelinkError),
    (400, "UNSUPPORTED_CREDENTIAL_TYPE", AmpsRelinkError),
    (400, "UNSUPPORTED_AUTH_PATH", AmpsRelinkError),
    (404, "CREDENTIAL_NOT_FOUND", AmpsRelinkError),
    (422, "DEVICE_OFFLINE", AmpsDeviceOfflineError),
    (502, "NETWORK_ERROR", AmpsTransientError),
    (503, "RATE_LIMITED", AmpsTransientError),
    (504, "TIMEOUT", AmpsTransientError),
    (422, "UNKNOWN_ERROR", AmpsTransientError),
    (418, "UNKNOWN_CODE", AmpsRefusedError),
    (599, "UNKNOWN_CODE", AmpsTransientError),
    (200, "CONFLICT", AmpsConflictError),
]


@pytest.mark.parametrize(("status", "code", "decision"), DECISIONS)
async def test_each_error_has_its_class(
    service: tuple[Service, str], client: AmpsClient, status: int, code: str, decision: type[AmpsApiError]
) -> None:
    error = {"code": code, "message": "informative only", "details": {"strategies": ["queue_after"]}}
    service[0].will_answer(
        {"success": False, "error": error, "meta": {"requestId": "req_1", "path": "/battery"}}, status=status
    )
    with pytest.raises(decision) as raised:
        await client.list_devices(Battery)
    assert type(raised.value) is decision
    assert (raised.value.code, raised.value.status) == (code, status)
    assert raised.value.names("strategies") == ("queue_after",)
    assert raised.value.names("absent") == ()


@pytest.mark.parametrize(
    ("meta", "served_at"),
    [
        ({"timestamp": "2026-06-14T08:15:32.000Z"}, datetime(2026, 6, 14, 8, 15, 32, tzinfo=UTC)),
        ({"requestId": "req_1"}, None),
        ({"timestamp": "yesterday"}, None),
        (None, None),
    ],
)
async def test_an_error_has_the_time_when_it_was_built(
    service: tuple[Service, str], client: AmpsClient, meta: object, served_at: datetime | None
) -> None:
    service[0].will_answer({"success": False, "error": {"code": "DEVICE_OFFLINE"}, "meta": meta}, status=422)
    with pytest.raises(AmpsDeviceOfflineError) as raised:
        await client.read_device(Battery, "device_7f3k2m")
    assert raised.value.served_at == served_at


@pytest.mark.parametrize(
    ("source", "last_pulled_at", "pulled_at"),
    [
        ("cache", "2026-06-14T08:10:00Z", "2026-06-14T08:10:00Z"),
        ("cache", "2026-06-14T09:00:00Z", "2026-06-14T08:15:30Z"),
        ("cache", None, None),
        ("live", None, "2026-06-14T08:15:30Z"),
        ("fallback", None, None),
    ],
)
async def test_a_reading_was_never_pulled_after_it_was_built(
    service: tuple[Service, str], client: AmpsClient, source: str, last_pulled_at: str | None, pulled_at: str | None
) -> None:
    sync = {"lastPulledAt": last_pulled_at}
    service[0].will_answer(envelope({"id": "a", "sync": sync, "metadata": {"source": source}, "state": {}}))
    reading = await client.read_device(Battery, "a")
    assert reading.pulled_at == (None if pulled_at is None else datetime.fromisoformat(pulled_at))


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7.0),
        ("7.5", 7.5),
        ("0.1", 1.0),
        ("9" * 400, 86_400.0),
        ("0", None),
        (None, None),
        ("tomorrow", None),
        ("inf", None),
        ("Mon, 01 Jan 2035 00:00:00 GMT", 86_400.0),
        ("Mon, 01 Jan 2001 00:00:00 GMT", None),
    ],
)
@pytest.mark.parametrize(
    ("status", "code", "decision"),
    [
        (429, "RATE_LIMIT_EXCEEDED", AmpsRateLimitedError),
        (429, "RATE_LIMITED", AmpsTransientError),
        (503, "SERVICE_UNAVAILABLE", AmpsTransientError),
        (401, "UNAUTHORIZED", AmpsInvalidKeyError),
        (502, None, AmpsTransientError),
        (302, None, AmpsUnexpectedAnswerError),
        (200, None, AmpsUnexpectedAnswerError),
        (404, None, AmpsUnexpectedAnswerError),
    ],
)
async def test_a_wait_that_the_service_requests_is_kept_whatever_the_status(
    service: tuple[Service, str],
    client: AmpsClient,
    status: int,
    code: str | None,
    decision: type[AmpsError],
    header: str | None,
    seconds: float | None,
) -> None:
    service[0].will_answer(
        {"success": False, "error": {"code": code}} if code else b"<html>",
        status=status,
        headers={"Retry-After": header} if header else None,
    )
    with pytest.raises(decision) as raised:
        await client.list_devices(Battery)
    assert raised.value.retry_after == seconds


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>Hello</html>",
        b'{"success": true, "data": {"items": [',
        b"[]",
        b"NaN",
        b'{"success":true,"data":[]}',
    ],
)
async def test_an_invalid_answer_is_an_unexpected_answer(
    service: tuple[Service, str], client: AmpsClient, body: bytes
) -> None:
    service[0].will_answer(body)
    with pytest.raises(AmpsUnexpectedAnswerError):
        await client.list_devices(Battery)


@pytest.mark.parametrize(
    "body",
    [
        {"success": True, "data": {"id": "act_1", "state": "failed"}, "error": None},
        {"id": "act_1", "state": "failed", "error": {"code": "SCHEDULER_ACTIVE", "message": "…"}},
    ],
)
async def test_an_action_that_failed_is_no_error(
    service: tuple[Service, str], client: AmpsClient, body: dict[str, object]
) -> None:
    service[0].will_answer(body)
    assert (await client.read_action("act_1")).state is ActionState.FAILED


async def test_an_answer_without_success_is_an_error(service: tuple[Service, str], client: AmpsClient) -> None:
    service[0].will_answer({"success": False, "data": {"items": []}})
    with pytest.raises(AmpsUnexpectedAnswerError):
        await client.list_devices(Battery)


async def test_an_invalid_parameter_makes_no_action_unreadable(
    service: tuple[Service, str], client: AmpsClient
) -> None:
    parameters = {"target": {"value": None, "unit": "percent"}, "power": {"value": 3, "unit": "kw"}}
    service[0].will_answer(envelope({"id": "act_1", "parameters": parameters}), status=202)
    action = await client.send_command(BATTERY, CommandPayload(command="charge"))
    assert action.parameters == {"power": Quantity(value=3, unit="kw")}
    service[0].will_answer(page([{"id": "act_1"}, {"state": "completed"}, "nothing", {"id": "act_2"}]))
    assert [action.id for action in await client.list_actions(limit=10)] == ["act_1", "act_2"]


async def test_only_a_request_with_a_body_has_a_content_type(service: tuple[Service, str], client: AmpsClient) -> None:
    service[0].will_answer(envelope({"id": "act_1"}))
    await client.cancel_action("act_1")
    await client.send_command(BATTERY, CommandPayload(command="idle"))
    cancel, push = service[0].requests
    assert cancel.headers.get("Content-Type") != "application/json"
    assert push.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize("status", [401, 403, 404])
@pytest.mark.parametrize(
    "body", [b"", {"message": "Unauthorized"}, {"success": False, "error": {"code": "NO_SUCH_CODE"}}]
)
async def test_an_unknown_code_of_a_proxy_is_an_unexpected_answer(
    service: tuple[Service, str], client: AmpsClient, status: int, body: bytes | dict[str, object]
) -> None:
    service[0].will_answer(body, status=status)
    with pytest.raises(AmpsUnexpectedAnswerError):
        await client.list_devices(Battery)


@pytest.mark.parametrize(
    ("status", "decision"),
    [
        (302, AmpsUnexpectedAnswerError),
        (400, AmpsUnexpectedAnswerError),
        (401, AmpsUnexpectedAnswerError),
        (403, AmpsUnexpectedAnswerError),
        (404, AmpsUnexpectedAnswerError),
        (429, AmpsRateLimitedError),
        (502, AmpsTransientError),
    ],
)
async def test_a_page_of_a_proxy_is_no_answer_of_amps(
    service: tuple[Service, str], client: AmpsClient, status: int, decision: type[AmpsError]
) -> None:
    service[0].will_answer(
        b"<html>elsewhere</html>" if status > 400 else b"{}", status=status, headers={"Location": "/elsewhere"}
    )
    with pytest.raises(decision):
        await client.list_devices(Battery)
    assert len(service[0].requests) == 1


async def test_a_service_that_cannot_be_reached_is_a_connection_error(
    socket_enabled: None, unused_tcp_port: int
) -> None:
    async with ClientSession() as session:
        client = AmpsClient(HttpTransport(session, f"http://127.0.0.1:{unused_tcp_port}"), API_KEY, user_id="user_1")
        with pytest.raises(AmpsConnectionError) as raised:
            await client.list_devices(Battery)
    assert not isinstance(raised.value, AmpsTimeoutError)


async def test_an_answer_that_takes_too_long_is_a_timeout(service: tuple[Service, str]) -> None:
    over = asyncio.Event()

    async def respond(_: web.Request) -> web.Response:
        await over.wait()
        return web.Response()

    service[0].respond = respond
    async with ClientSession() as session:
        with pytest.raises(AmpsTimeoutError):
            await AmpsClient(HttpTransport(session, service[1], timeout=0.05), API_KEY).list_devices(Battery)
    over.set()


async def test_neither_key_nor_end_user_is_printed(service: tuple[Service, str]) -> None:
    error = {"code": "INVALID_API_KEY", "message": f"{API_KEY} of user_1 is wrong"}
    service[0].will_answer({"success": False, "error": error}, status=401)
    async with ClientSession() as session:
        client = AmpsClient(HttpTransport(session, service[1]), API_KEY, user_id="user_1")
        with pytest.raises(AmpsInvalidKeyError) as raised:
            await client.list_devices(Battery)
    request = Request(method="GET", path="/battery", query={"userId": "user_1"}, headers={"x-api-key": API_KEY})
    for printed in (repr(client), repr(raised.value), str(raised.value), repr(request), str(request)):
        assert API_KEY not in printed
        assert "user_1" not in printed


def test_the_error_of_an_answer_without_id_contains_no_values() -> None:
    with pytest.raises(AmpsUnexpectedAnswerError, match="a Battery cannot be read: id") as raised:
        read_model(Battery, {"vendor": "secret", "state": {}})
    assert "secret" not in repr(raised.value)
