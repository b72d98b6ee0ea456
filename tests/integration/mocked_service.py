"""A service whose answers tests choose one by one, without a network."""

from collections.abc import Mapping
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import orjson
from pytest_homeassistant_custom_component.test_util.aiohttp import AiohttpClientMocker

from .accounts import add_live_account

URL = "https://amps.test"
PATHS: Final = ("battery", "ev-charger", "hvac", "solar-inverter", "vehicle")


def error(code: str) -> dict[str, Any]:
    """Return an error envelope."""
    return {"success": False, "error": {"code": code, "message": "…"}, "meta": {"requestId": "req_1"}}


def listing(*ids: str, environment: str = "live") -> dict[str, Any]:
    """Return a list of batteries that were read just now."""
    now = dt_util.utcnow().isoformat(timespec="milliseconds")
    sync = {"available": True, "lastPulledAt": now}
    return {
        "success": True,
        "data": {
            "items": [{"id": id_, "vendor": "FoxESS", "sync": sync, "state": {"level": 58}} for id_ in ids],
            "pagination": {"limit": 50, "offset": 0, "total": len(ids), "hasMore": False},
        },
        "meta": {"environment": environment, "timestamp": now},
    }


def mock_service(
    aioclient_mock: AiohttpClientMocker, devices: Mapping[str, Any], url: str = URL, path: str = "battery"
) -> None:
    """Let a service have these devices, batteries unless said otherwise, and nothing else."""
    aioclient_mock.get(f"{url}/{path}", json=devices)
    for item in devices["data"]["items"]:
        if "id" in item:
            aioclient_mock.get(f"{url}/{path}/{item['id']}", json={**devices, "data": item})
    for other in (*PATHS, "actions"):
        if other != path:
            aioclient_mock.get(f"{url}/{other}", json=listing(environment=devices["meta"]["environment"]))


REFUSALS: Final = [
    (401, error("INVALID_API_KEY"), "invalid_auth"),
    (401, error("UNAUTHORIZED"), "invalid_auth"),
    (401, error("EXPIRED_TOKEN"), "expired_key"),
    (403, error("LIVE_ACCESS_DISABLED"), "live_access_disabled"),
    (403, error("INSUFFICIENT_PERMISSIONS"), "missing_permission"),
    (429, error("RATE_LIMIT_EXCEEDED"), "rate_limited"),
    (401, error("RATE_LIMIT_EXCEEDED"), "rate_limited"),
    (503, error("SERVICE_UNAVAILABLE"), "cannot_connect"),
    (200, b"<html>Welcome to the hotel</html>", "unexpected_answer"),
    (200, b'{"success": true, "data": {"items": [', "unexpected_answer"),
    (404, b"nothing here", "unexpected_answer"),
    (None, TimeoutError(), "cannot_connect"),
]
"""Status and body of an answer to a list call, or what happens instead, and the error that it is."""


def answer_with(
    aioclient_mock: AiohttpClientMocker, status: int | None, body: dict[str, Any] | bytes | Exception
) -> None:
    """Let a service answer every list call with this and nothing else."""
    for path in PATHS:
        answer_list_with(aioclient_mock, path, status, body)


def answer_list_with(
    aioclient_mock: AiohttpClientMocker, path: str, status: int | None, body: dict[str, Any] | bytes | Exception
) -> None:
    """Let a service answer the list calls of one type with this."""
    if isinstance(body, Exception):
        aioclient_mock.get(f"{URL}/{path}", exc=body)
        return
    content = body if isinstance(body, bytes) else orjson.dumps(body)
    aioclient_mock.get(f"{URL}/{path}", status=status or 200, content=content)


async def add_mocked_account(
    hass: HomeAssistant, aioclient_mock: AiohttpClientMocker, known: str = "device_1", user_id: str = ""
) -> ConfigEntry:
    """Add a live account with one battery."""
    mock_service(aioclient_mock, listing(known))
    account = await add_live_account(hass, URL, user_id=user_id)
    assert account.state is ConfigEntryState.LOADED
    return account
