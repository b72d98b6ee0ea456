"""Faults on purpose: what each kind does to requests, readings and commands (api §15.3 #49)."""

from datetime import timedelta
import json
from typing import Any

import pytest

from .harness import KEY, LIVE_KEY, START, Api, Document, iso, kilowatts, percent

_SEGMENTS = ("battery", "ev-charger", "hvac", "solar-inverter", "vehicle")
_FAULTS = "/_simulator/faults"
_NEW = "not_known_yet"


def _tier(reading: Document) -> tuple[str, bool, str]:
    return reading["metadata"]["source"], reading["sync"]["available"], reading["sync"]["lastPulledAt"]


async def _faults(api: Api) -> list[Document]:
    items: list[Document] = (await api.get(_FAULTS)).data["items"]
    return items


async def _end(api: Api, action_id: str) -> tuple[str, str | None]:
    await api.advance(minutes=1)
    action = await api.action(action_id)
    return action["state"], action["errorCode"]


async def test_kinds_are_described_with_their_options(api: Api) -> None:
    kinds = (await api.get("/_simulator/fault-kinds")).data["kinds"]
    assert list(kinds) == [
        *("error", "latency", "timeout", "disconnect", "truncated", "invalid_json", "offline", "fallback"),
        *("failed_action", "slow_acknowledgement", "scheduler_active", "silent_refusal"),
        *("unknown_values", "null_fields"),
    ]
    assert kinds["error"] == {
        "phase": "request",
        "required": ["code"],
        "optional": {"status": None, "retryAfter": None, "details": None},
    }
    assert kinds["fallback"] == {"phase": "manufacturer", "required": [], "optional": {"code": "NETWORK_ERROR"}}
    for kind, description in kinds.items():
        required = {"code": "TIMEOUT", "seconds": 1}
        fault = await api.add_fault(kind, None, **{name: required[name] for name in description["required"]})
        assert {name: fault[name] for name in description["optional"]} == description["optional"]
    assert [fault["kind"] for fault in await _faults(api)] == list(kinds)


async def test_fault_shows_its_options_and_its_count(api: Api) -> None:
    await api.advance(seconds=1)
    battery = await api.device("battery")
    fault = await api.add_fault("null_fields", battery, fields=["level"], count=3, durationSeconds=60)
    assert fault == {
        "id": "fault_1",
        "kind": "null_fields",
        "fields": ["level"],
        "match": {"method": None, "path": None, "deviceId": battery["id"]},
        "remaining": 3,
        "struck": 0,
        "madeAt": iso(START + timedelta(seconds=1)),
        "until": iso(START + timedelta(seconds=61)),
    }
    await api.read(battery)
    assert await _faults(api) == [{**fault, "remaining": 2, "struck": 1}]


async def test_fault_ends_with_its_time(api: Api) -> None:
    await api.fault("INTERNAL_ERROR", durationSeconds=60)
    await api.advance(seconds=59.999)
    assert (await api.get("/battery")).status == 500
    assert len(await _faults(api)) == 1
    await api.advance(milliseconds=1)
    assert (await api.get("/battery")).status == 200
    assert await _faults(api) == []


async def test_log_has_the_faults_that_applied(api: Api) -> None:
    battery = await api.device("battery")
    await api.add_fault("unknown_values", battery)
    await api.add_fault("null_fields", battery, count=1)
    await api.fault("TIMEOUT", match={"path": "/hvac"})
    for path in (api.path(battery), api.path(battery), "/hvac", "/vehicle", "/battery", "/battery/device_offline"):
        await api.get(path)
    log = (await api.get("/_simulator/requests")).data["items"]
    assert [entry["faults"] for entry in log[1:]] == [
        ["fault_1", "fault_2"],
        ["fault_1"],
        ["fault_3"],
        [],
        ["fault_1"],
        ["device_offline"],
    ]


@pytest.mark.parametrize(
    ("code", "status", "wait"),
    [
        ("INVALID_API_KEY", 401, None),
        ("RATE_LIMIT_EXCEEDED", 401, None),
        ("UNAUTHORIZED", 401, None),
        ("RATE_LIMIT_EXCEEDED", 429, 30),
        ("RATE_LIMIT_EXCEEDED", 429, None),
        ("INTERNAL_ERROR", 500, None),
        ("SERVICE_UNAVAILABLE", 503, 5),
    ],
)
@pytest.mark.parametrize("key", [KEY, LIVE_KEY])
async def test_error_comes_with_any_status_in_either_environment(
    api: Api, key: str, code: str, status: int, wait: int | None
) -> None:
    api.headers = {"x-api-key": key}
    await api.fault(code, status=status, **({} if wait is None else {"retryAfter": wait}))
    answer = await api.get("/battery")
    assert answer.failure == (status, code, None)
    assert answer.headers.get("Retry-After") == (None if wait is None else str(wait))


@pytest.mark.parametrize("kind", ["truncated", "invalid_json"])
async def test_answer_can_arrive_damaged(api: Api, kind: str) -> None:
    battery = await api.device("battery")
    await api.add_fault(kind, battery)
    answer = await api.get(api.path(battery))
    assert answer.status == 200
    assert battery["id"].encode() in answer.raw
    with pytest.raises(json.JSONDecodeError):
        json.loads(answer.raw)
    accepted = await api.push(battery, "charge")
    assert accepted.status == 202
    with pytest.raises(json.JSONDecodeError):
        json.loads(accepted.raw)
    assert (await api.get("/actions")).data["items"][0]["command"] == "charge"


@pytest.mark.parametrize("code", ["DEVICE_OFFLINE", "INVALID_CREDENTIALS", "DEVICE_NOT_FOUND"])
async def test_device_that_is_offline_refuses_and_is_listed_as_it_was(api: Api, code: str) -> None:
    first, second = (await api.devices("battery"))[:2]
    fault = await api.add_fault("offline", first, code=code)
    status = {"DEVICE_OFFLINE": 422, "INVALID_CREDENTIALS": 401, "DEVICE_NOT_FOUND": 404}[code]
    await api.advance(hours=1)
    now = iso(START + timedelta(hours=1))
    assert (await api.get(api.path(first))).failure == (status, code, None)
    assert _tier(await api.read(second)) == ("projection", True, now)
    listed = await api.devices("battery")
    assert [_tier(item) for item in listed[:2]] == [("projection", True, iso(START)), ("projection", True, now)]
    assert listed[0]["state"] == first["state"]
    settings = await api.post(f"{api.path(first)}/settings", {"discharge_floor": percent(20)})
    assert settings.failure == (status, code, None)
    assert await _end(api, (await api.push(first, "charge")).data["id"]) == ("failed", code)
    await api.send("DELETE", f"{_FAULTS}/{fault['id']}")
    back = await api.read(first)
    assert back["state"]["currentMode"] == "auto.balanced"
    assert back["settings"]["discharge_floor"]["value"] == 10


@pytest.mark.parametrize("segment", _SEGMENTS)
async def test_fallback_shows_the_device_as_it_was_with_source_fallback(api: Api, segment: str) -> None:
    await api.advance(minutes=5)
    device = await api.device(segment)
    await api.add_fault("fallback", device)
    await api.advance(hours=2)
    made = iso(START + timedelta(minutes=5))
    for reading in (await api.device(segment), await api.read(device)):
        assert _tier(reading) == ("fallback", False, made)
        assert "cacheType" not in reading["metadata"]
        assert reading["state"] == device["state"]
    await api.send("DELETE", _FAULTS)
    assert _tier(await api.read(device)) == ("projection", True, iso(START + timedelta(minutes=125)))


async def test_command_fails_while_the_manufacturer_does(api: Api) -> None:
    battery = await api.device("battery")
    await api.add_fault("fallback", battery, code="RATE_LIMITED")
    settings = await api.post(f"{api.path(battery)}/settings", {"discharge_floor": percent(20)})
    assert settings.failure == (503, "RATE_LIMITED", None)
    assert await _end(api, (await api.push(battery, "charge")).data["id"]) == ("failed", "RATE_LIMITED")


async def test_scheduled_command_succeeds_after_an_outage_that_is_over_by_then(api: Api) -> None:
    battery = await api.device("battery")
    await api.add_fault("offline", battery, durationSeconds=600)
    await api.push(battery, "charge", start="30m")
    await api.advance(hours=1)
    reading = await api.read(battery)
    assert (reading["state"]["currentMode"], reading["lastAction"]["state"]) == ("charge", "completed")


async def test_scheduled_command_fails_when_the_outage_lasts(api: Api) -> None:
    battery = await api.device("battery")
    await api.add_fault("offline", battery, durationSeconds=3600)
    pushed = await api.push(battery, "charge", start="30m")
    assert pushed.data["state"] == "scheduled"
    await api.advance(hours=2)
    reading = await api.read(battery)
    assert (reading["state"]["currentMode"], reading["lastAction"]["state"]) == ("auto.balanced", "failed")


async def test_action_fails_for_the_reason_given(api: Api) -> None:
    battery = await api.device("battery")
    await api.add_fault("failed_action", battery, errorCode="SOMETHING_NEW", count=1)
    action = (await api.push(battery, "charge")).data
    assert action["state"] == "acknowledged"
    assert await _end(api, action["id"]) == ("failed", "SOMETHING_NEW")
    assert (await api.state(battery))["currentMode"] == "auto.balanced"
    assert await _end(api, (await api.push(battery, "charge")).data["id"]) == ("completed", None)


async def test_slow_acknowledgement_lets_an_action_end_later(api: Api) -> None:
    battery = await api.device("battery")
    for seconds in (40, 5):
        await api.add_fault("slow_acknowledgement", battery, seconds=seconds)
    action_id = (await api.push(battery, "charge")).data["id"]
    await api.advance(seconds=47.999)
    assert (await api.action(action_id))["state"] == "acknowledged"
    assert (await api.push(battery, "idle")).failure[:2] == (409, "CONFLICT")
    await api.advance(milliseconds=1)
    assert (await api.action(action_id))["state"] == "completed"


async def test_active_scheduler_fails_commands_until_one_replaces_it(api: Api) -> None:
    battery = await api.device("battery")
    await api.add_fault("scheduler_active", battery)
    for _ in range(2):
        assert await _end(api, (await api.push(battery, "charge")).data["id"]) == ("failed", "SCHEDULER_ACTIVE")
    answer = await api.push(battery, "charge", onConflict="cancel_and_replace")
    assert await _end(api, answer.data["id"]) == ("completed", None)
    assert await _faults(api) == []
    assert await _end(api, (await api.push(battery, "idle")).data["id"]) == ("completed", None)


async def test_active_scheduler_is_stopped_for_one_device_at_a_time(api: Api) -> None:
    first, second = await api.device("battery"), await api.device("ev-charger")
    await api.add_fault("scheduler_active")
    answer = await api.push(first, "charge", onConflict="cancel_and_replace")
    assert await _end(api, answer.data["id"]) == ("completed", None)
    saved = (await api.get("/_simulator/state")).data
    assert (await api.post("/_simulator/reset")).status == 200
    assert (await api.post("/_simulator/state", saved)).status == 200
    assert await _end(api, (await api.push(second, "charge")).data["id"]) == ("failed", "SCHEDULER_ACTIVE")
    assert await _end(api, (await api.push(first, "idle")).data["id"]) == ("completed", None)


async def test_active_scheduler_is_not_stopped_by_queueing(api: Api) -> None:
    battery = await api.device("battery")
    await api.add_fault("scheduler_active", battery)
    answer = await api.push(battery, "charge", onConflict="queue_after")
    assert await _end(api, answer.data["id"]) == ("failed", "SCHEDULER_ACTIVE")


@pytest.mark.parametrize("times", [{}, {"start": "1m", "end": "2026-06-14T10:00:00"}])
async def test_silent_refusal_completes_and_changes_nothing(api: Api, times: Document) -> None:
    battery, other = (await api.devices("battery"))[:2]
    await api.add_fault("silent_refusal", battery)
    action_id = (await api.push(battery, "charge", **times)).data["id"]
    await api.advance(hours=2)
    assert (await api.action(action_id))["result"] == {"success": True, "message": "applied"}
    assert (await api.state(battery))["currentMode"] == "auto.balanced"
    assert (await api.push(other, "idle")).status == 202
    assert (await api.state(other))["currentMode"] == "idle"


def _words(value: Any) -> set[str]:  # noqa: ANN401  a part of any document
    if isinstance(value, dict):
        return {word for member in value.values() for word in _words(member)}
    if isinstance(value, list):
        return {word for member in value for word in _words(member)}
    return {value} if isinstance(value, str) else set()


@pytest.mark.parametrize("segment", _SEGMENTS)
async def test_unknown_values_replace_every_enum_value(api: Api, segment: str) -> None:
    device = await api.device(segment)
    before = await api.read(device)
    if "commands" in device:
        await api.push(device, "idle")
        await api.advance(seconds=3)
    await api.add_fault("unknown_values", device)
    for reading in (await api.device(segment), await api.read(device)):
        assert reading["metadata"]["source"] == _NEW
        assert reading["metadata"]["model"] == before["metadata"]["model"]
        assert _words(reading["state"]) == ({_NEW} if _words(before["state"]) else set())
        assert list(reading["state"]) == list(before["state"])
        if "commands" not in device:
            continue
        assert reading["lastAction"]["state"] == _NEW
        assert reading["lastAction"]["command"] == "idle"
        assert reading["conflictStrategies"] == [*before["conflictStrategies"], _NEW]
        for name, command in reading["commands"].items():
            known = before["commands"][name]
            assert command == {"parameters": known["parameters"], "execution": [*known["execution"], _NEW]}


async def test_fields_can_be_null_one_by_one_or_all(api: Api) -> None:
    battery = await api.device("battery")
    fault = await api.add_fault("null_fields", battery, fields=["level", "status", "never_heard_of"])
    state = await api.state(battery)
    assert [name for name, value in state.items() if value is None] == ["status", "level"]
    await api.send("DELETE", f"{_FAULTS}/{fault['id']}")
    await api.add_fault("null_fields", battery)
    for reading in (await api.read(battery), await api.device("battery")):
        assert list(reading["state"]) == list(battery["state"])
        assert set(reading["state"].values()) == {None}
        assert reading["sync"]["available"] is True
    assert None not in (await api.device("battery", 1))["state"].values()


async def test_override_by_somebody_else_is_no_action(api: Api) -> None:
    battery = await api.device("battery")
    await api.push(battery, "charge", parameters={"power": kilowatts(1)})
    body = {"command": "discharge", "parameters": {"power": kilowatts(2), "target": percent(20)}}
    answer = await api.post(f"/_simulator/devices/{battery['id']}/override", body)
    assert answer.data["id"] == battery["id"]
    await api.advance(minutes=1)
    reading = await api.read(battery)
    assert (reading["state"]["currentMode"], reading["state"]["chargeRate"]) == ("discharge", -2)
    assert (reading["lastAction"]["command"], reading["lastAction"]["state"]) == ("charge", "completed")
    assert (await api.get("/actions")).data["pagination"]["total"] == 1


async def test_override_lasts_beyond_the_end_of_a_window(api: Api) -> None:
    battery = await api.device("battery")
    await api.push(battery, "charge", start="1m", end="2026-06-14T10:15:30")
    await api.advance(minutes=30)
    await api.post(f"/_simulator/devices/{battery['id']}/override", {"command": "discharge"})
    await api.advance(hours=1)
    assert (await api.state(battery))["currentMode"] == "discharge"


@pytest.mark.parametrize(
    ("segment", "body", "code"),
    [
        ("vehicle", {"command": "charge"}, "DIRECT_ACTION_UNSUPPORTED"),
        ("battery", {"command": "heat"}, "UNSUPPORTED_MODE"),
        ("battery", {"command": "charge", "parameters": {"speed": percent(1)}}, "UNSUPPORTED_PARAMETER"),
        ("battery", {"command": "charge", "parameters": {"power": percent(1)}}, "UNSUPPORTED_UNIT"),
        ("battery", {"command": "charge", "parameters": {"power": kilowatts(99)}}, "PARAMETER_OUT_OF_RANGE"),
    ],
)
async def test_override_is_checked_against_declared_commands(api: Api, segment: str, body: Document, code: str) -> None:
    device = await api.device(segment)
    answer = await api.post(f"/_simulator/devices/{device['id']}/override", body)
    assert (answer.status, answer.error["code"]) == (422, code)
    await api.advance(minutes=1)
    assert (await api.get("/actions")).data["pagination"]["total"] == 0


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
    assert await _faults(api) == []


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
    assert _tier((await api.get(f"/{segment}/device_fallback")).data) == ("fallback", False, iso(START))
    assert (await api.get(f"/{segment}/device_fallback")).data["state"] == first["state"]
    assert (await api.get(f"/{segment}/device_unknown_values")).data["metadata"]["source"] == _NEW
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
    assert await _end(api, accepted.data["id"]) == end
    assert (await api.state(battery))["currentMode"] == mode


async def test_active_scheduler_of_a_well_known_id_is_stopped_by_a_replacement(api: Api) -> None:
    device = {"segment": "battery", "id": "device_scheduler_active"}
    answer = await api.push(device, "charge", onConflict="cancel_and_replace")
    assert await _end(api, answer.data["id"]) == ("completed", None)
    assert await _end(api, (await api.push(device, "idle")).data["id"]) == ("failed", "SCHEDULER_ACTIVE")


async def test_well_known_id_is_not_found_without_a_device_of_its_type(api: Api) -> None:
    for device in await api.devices("hvac"):
        await api.post(f"/_simulator/devices/{device['id']}", {"present": False})
    assert (await api.get("/hvac/device_null_fields")).failure == (404, "DEVICE_NOT_FOUND", None)
    assert (await api.get("/hvac/device_no_such_fault")).failure == (404, "DEVICE_NOT_FOUND", None)
