"""Faults on purpose: what each kind does to requests, readings and commands (api §15.3 #49)."""

from datetime import timedelta
import json
from typing import Any

import pytest

from .faults import FAULTS, UNKNOWN, end_of, faults, tier
from .harness import KEY, LIVE_KEY, START, Api, Document, iso, percent

_SEGMENTS = ("battery", "ev-charger", "hvac", "solar-inverter", "vehicle")


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
    assert [fault["kind"] for fault in await faults(api)] == list(kinds)


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
    assert await faults(api) == [{**fault, "remaining": 2, "struck": 1}]


async def test_fault_ends_with_its_time(api: Api) -> None:
    await api.fault("INTERNAL_ERROR", durationSeconds=60)
    await api.advance(seconds=59.999)
    assert (await api.get("/battery")).status == 500
    assert len(await faults(api)) == 1
    await api.advance(milliseconds=1)
    assert (await api.get("/battery")).status == 200
    assert await faults(api) == []


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
    assert tier(await api.read(second)) == ("projection", True, now)
    listed = await api.devices("battery")
    assert [tier(item) for item in listed[:2]] == [("projection", True, iso(START)), ("projection", True, now)]
    assert listed[0]["state"] == first["state"]
    settings = await api.post(f"{api.path(first)}/settings", {"discharge_floor": percent(20)})
    assert settings.failure == (status, code, None)
    assert await end_of(api, (await api.push(first, "charge")).data["id"]) == ("failed", code)
    await api.send("DELETE", f"{FAULTS}/{fault['id']}")
    back = await api.read(first)
    assert back["state"]["currentMode"] == "auto.balanced"
    assert back["settings"]["discharge_floor"]["value"] == 10


@pytest.mark.parametrize("segment", _SEGMENTS)
async def test_fallback_shows_the_device_as_it_was_with_source_fallback(api: Api, segment: str) -> None:
    await api.advance(minutes=5)
    device = await api.device(segment)
    await api.add_fault("fallback", device)
    await api.advance(hours=2)
    made_at = iso(START + timedelta(minutes=5))
    for reading in (await api.device(segment), await api.read(device)):
        assert tier(reading) == ("fallback", False, made_at)
        assert "cacheType" not in reading["metadata"]
        assert reading["state"] == device["state"]
    await api.send("DELETE", FAULTS)
    assert tier(await api.read(device)) == ("projection", True, iso(START + timedelta(minutes=125)))


async def test_command_fails_while_the_manufacturer_does(api: Api) -> None:
    battery = await api.device("battery")
    await api.add_fault("fallback", battery, code="RATE_LIMITED")
    settings = await api.post(f"{api.path(battery)}/settings", {"discharge_floor": percent(20)})
    assert settings.failure == (503, "RATE_LIMITED", None)
    assert await end_of(api, (await api.push(battery, "charge")).data["id"]) == ("failed", "RATE_LIMITED")


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
    assert await end_of(api, action["id"]) == ("failed", "SOMETHING_NEW")
    assert (await api.state(battery))["currentMode"] == "auto.balanced"
    assert await end_of(api, (await api.push(battery, "charge")).data["id"]) == ("completed", None)


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
        assert await end_of(api, (await api.push(battery, "charge")).data["id"]) == ("failed", "SCHEDULER_ACTIVE")
    answer = await api.push(battery, "charge", onConflict="cancel_and_replace")
    assert await end_of(api, answer.data["id"]) == ("completed", None)
    assert await faults(api) == []
    assert await end_of(api, (await api.push(battery, "idle")).data["id"]) == ("completed", None)


async def test_active_scheduler_is_stopped_for_one_device_at_a_time(api: Api) -> None:
    first, second = await api.device("battery"), await api.device("ev-charger")
    await api.add_fault("scheduler_active")
    answer = await api.push(first, "charge", onConflict="cancel_and_replace")
    assert await end_of(api, answer.data["id"]) == ("completed", None)
    saved = (await api.get("/_simulator/state")).data
    assert (await api.post("/_simulator/reset")).status == 200
    assert (await api.post("/_simulator/state", saved)).status == 200
    assert await end_of(api, (await api.push(second, "charge")).data["id"]) == ("failed", "SCHEDULER_ACTIVE")
    assert await end_of(api, (await api.push(first, "idle")).data["id"]) == ("completed", None)


async def test_active_scheduler_is_not_stopped_by_queueing(api: Api) -> None:
    battery = await api.device("battery")
    await api.add_fault("scheduler_active", battery)
    answer = await api.push(battery, "charge", onConflict="queue_after")
    assert await end_of(api, answer.data["id"]) == ("failed", "SCHEDULER_ACTIVE")


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
        assert reading["metadata"]["source"] == UNKNOWN
        assert reading["metadata"]["model"] == before["metadata"]["model"]
        assert _words(reading["state"]) == ({UNKNOWN} if _words(before["state"]) else set())
        assert list(reading["state"]) == list(before["state"])
        if "commands" not in device:
            continue
        assert reading["lastAction"]["state"] == UNKNOWN
        assert reading["lastAction"]["command"] == "idle"
        assert reading["conflictStrategies"] == [*before["conflictStrategies"], UNKNOWN]
        for name, command in reading["commands"].items():
            known = before["commands"][name]
            assert command == {"parameters": known["parameters"], "execution": [*known["execution"], UNKNOWN]}


async def test_fields_can_be_null_one_by_one_or_all(api: Api) -> None:
    battery = await api.device("battery")
    fault = await api.add_fault("null_fields", battery, fields=["level", "status", "never_heard_of"])
    state = await api.state(battery)
    assert [name for name, value in state.items() if value is None] == ["status", "level"]
    await api.send("DELETE", f"{FAULTS}/{fault['id']}")
    await api.add_fault("null_fields", battery)
    for reading in (await api.read(battery), await api.device("battery")):
        assert list(reading["state"]) == list(battery["state"])
        assert set(reading["state"].values()) == {None}
        assert reading["sync"]["available"] is True
    assert None not in (await api.device("battery", 1))["state"].values()
