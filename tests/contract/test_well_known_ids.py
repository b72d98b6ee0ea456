"""Well-known ids: the first device of a type with a fault of its own (api §15.3 #49)."""

import json

import pytest

from .faults import UNKNOWN, end_of, faults, tier
from .harness import START, Api, iso

_SEGMENTS = ("battery", "ev-charger", "hvac", "solar-inverter", "vehicle")


async def test_well_known_ids_are_described_and_never_listed(api: Api) -> None:
    devices = (await api.get("/_simulator/fault-kinds")).data["devices"]
    assert len(devices) >= 20
    assert devices["device_rate_limited"] == {
        "kind": "error",
        "code": "RATE_LIMIT_EXCEEDED",
        "status": None,
        "retryAfter": 30,
        "details": None,
    }
    listed = {item["id"] for segment in _SEGMENTS for item in await api.devices(segment)}
    assert not listed & set(devices)
    assert await faults(api) == []


@pytest.mark.parametrize(
    ("identifier", "status", "code"),
    [
        ("device_offline", 422, "DEVICE_OFFLINE"),
        ("device_invalid_credentials", 401, "INVALID_CREDENTIALS"),
        ("device_unauthorized", 401, "UNAUTHORIZED"),
        ("device_invalid_api_key", 401, "INVALID_API_KEY"),
        ("device_rate_limited", 429, "RATE_LIMIT_EXCEEDED"),
        ("device_rate_limited_without_time", 429, "RATE_LIMIT_EXCEEDED"),
        ("device_rate_limited_401", 401, "RATE_LIMIT_EXCEEDED"),
        ("device_internal_error", 500, "INTERNAL_ERROR"),
        ("device_unavailable", 503, "SERVICE_UNAVAILABLE"),
    ],
)
@pytest.mark.parametrize("segment", _SEGMENTS)
async def test_well_known_id_refuses(api: Api, segment: str, identifier: str, status: int, code: str) -> None:
    answer = await api.get(f"/{segment}/{identifier}")
    assert answer.failure == (status, code, None)
    assert ("Retry-After" in answer.headers) is (identifier == "device_rate_limited")


@pytest.mark.parametrize("segment", _SEGMENTS)
async def test_well_known_id_is_the_first_device_with_its_fault(api: Api, segment: str) -> None:
    first = await api.read(await api.device(segment))
    assert (await api.get(f"/{segment}/device_failed_action")).data == first
    await api.advance(hours=1)
    assert tier((await api.get(f"/{segment}/device_fallback")).data) == ("fallback", False, iso(START))
    assert (await api.get(f"/{segment}/device_fallback")).data["state"] == first["state"]
    assert (await api.get(f"/{segment}/device_unknown_values")).data["metadata"]["source"] == UNKNOWN
    assert set((await api.get(f"/{segment}/device_null_fields")).data["state"].values()) == {None}
    for damaged in ("device_truncated", "device_invalid_json"):
        with pytest.raises(json.JSONDecodeError):
            json.loads((await api.get(f"/{segment}/{damaged}")).raw)


@pytest.mark.parametrize(
    ("identifier", "end", "mode"),
    [
        ("device_failed_action", ("failed", "UNKNOWN_ERROR"), "auto.balanced"),
        ("device_scheduler_active", ("failed", "SCHEDULER_ACTIVE"), "auto.balanced"),
        ("device_offline", ("failed", "DEVICE_OFFLINE"), "auto.balanced"),
        ("device_fallback", ("failed", "NETWORK_ERROR"), "auto.balanced"),
        ("device_silent_refusal", ("completed", None), "auto.balanced"),
        ("device_slow_acknowledgement", ("acknowledged", None), "charge"),
        ("device_null_fields", ("completed", None), "charge"),
    ],
)
async def test_command_to_a_well_known_id_is_one_to_the_first_device(
    api: Api, identifier: str, end: tuple[str, str | None], mode: str
) -> None:
    battery = await api.device("battery")
    accepted = await api.push({"segment": "battery", "id": identifier}, "charge")
    assert (accepted.status, accepted.data["deviceId"]) == (202, battery["id"])
    assert await end_of(api, accepted.data["id"]) == end
    assert (await api.state(battery))["currentMode"] == mode


async def test_active_scheduler_of_a_well_known_id_is_stopped_by_a_replacement(api: Api) -> None:
    device = {"segment": "battery", "id": "device_scheduler_active"}
    answer = await api.push(device, "charge", onConflict="cancel_and_replace")
    assert await end_of(api, answer.data["id"]) == ("completed", None)
    assert await end_of(api, (await api.push(device, "idle")).data["id"]) == ("failed", "SCHEDULER_ACTIVE")


async def test_well_known_id_is_not_found_without_a_device_of_its_type(api: Api) -> None:
    for device in await api.devices("hvac"):
        await api.post(f"/_simulator/devices/{device['id']}", {"present": False})
    assert (await api.get("/hvac/device_null_fields")).failure == (404, "DEVICE_NOT_FOUND", None)
    assert (await api.get("/hvac/device_no_such_fault")).failure == (404, "DEVICE_NOT_FOUND", None)
