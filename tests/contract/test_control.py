"""The control surface, which is not part of the API (api §15.3 #49, §15.2 #25)."""

import json

import pytest

from .harness import KEY, Api, Document, issue_paths

_FAULTS = "/_simulator/faults"
_DEEPEST: Document = json.loads('{"a":[' * 10 + "]}" * 10)
_CLOCK = "/_simulator/clock"


async def _clock(api: Api) -> dict[str, object]:
    return (await api.get(_CLOCK)).data


async def test_no_key_is_needed(api: Api) -> None:
    answer = await api.send("GET", _CLOCK)
    assert answer.data == {"now": "2026-06-14T08:15:30.000Z", "frozen": True, "speed": 1.0}


async def test_unknown_control_path_is_not_found(api: Api) -> None:
    for method, path in (("GET", "/_simulator/nothing"), ("DELETE", _CLOCK), ("GET", "/_simulator/")):
        answer = await api.send(method, path, headers=api.headers)
        assert answer.failure == (404, "NOT_FOUND", None)
    assert (await api.get("/_simulator")).failure == (404, "NOT_FOUND", None)


async def test_clock_moves_forward(api: Api) -> None:
    await api.set_clock(advance=90.5)
    assert (await _clock(api))["now"] == "2026-06-14T08:17:00.500Z"
    await api.set_clock(set="2027-01-01T01:00:00+01:00")
    assert (await _clock(api))["now"] == "2027-01-01T00:00:00.000Z"
    await api.set_clock(set="2028-01-01T00:00:00Z", advance=1, speed=60)
    assert await _clock(api) == {"now": "2028-01-01T00:00:01.000Z", "frozen": True, "speed": 60.0}


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"advance": -1}, ""),
        ({"advance": 1e12}, ""),
        ({"advance": "1h"}, "advance"),
        ({"advance": True}, "advance"),
        ({"set": "2026-06-14T08:15:29Z"}, ""),
        ({"set": "2300-01-01T00:00:00Z"}, ""),
        ({"set": "2027-01-01T00:00:00"}, "set"),
        ({"set": "tomorrow"}, "set"),
        ({"set": 1}, "set"),
        ({"speed": 0}, ""),
        ({"speed": -1}, ""),
        ({"speed": 1_000_001}, ""),
        ({"speed": 60, "set": "2026-06-14T08:15:29Z"}, ""),
        ({"set": "2027-01-01T00:00:00Z", "advance": -1}, ""),
        ({"frozen": "no"}, "frozen"),
        ({"frozen": False}, ""),
        ({"rewind": 1}, "rewind"),
    ],
)
async def test_clock_refuses_invalid_changes(api: Api, body: object, path: str) -> None:
    before = await _clock(api)
    assert path in issue_paths(await api.post(_CLOCK, body))
    assert await _clock(api) == before


async def test_fault_applies_as_often_as_asked(api: Api) -> None:
    fault = await api.fault("SERVICE_UNAVAILABLE", count=2)
    assert fault["remaining"] == 2
    statuses = [(await api.get("/battery")).status for _ in range(3)]
    assert statuses == [503, 503, 200]
    assert (await api.get(_FAULTS)).data == {"items": []}


async def test_fault_without_a_count_applies_until_it_is_removed(api: Api) -> None:
    fault = await api.fault("INTERNAL_ERROR")
    assert [(await api.get("/battery")).status for _ in range(3)] == [500, 500, 500]
    assert (await api.get(_FAULTS)).data["items"] == [{**fault, "struck": 3}]
    assert (await api.send("DELETE", f"{_FAULTS}/{fault['id']}")).data == {"items": []}
    assert (await api.get("/battery")).status == 200
    assert (await api.send("DELETE", f"{_FAULTS}/{fault['id']}")).failure == (404, "NOT_FOUND", None)


async def test_all_faults_can_be_cleared(api: Api) -> None:
    for code in ("INTERNAL_ERROR", "TIMEOUT"):
        await api.fault(code)
    assert len((await api.get(_FAULTS)).data["items"]) == 2
    assert (await api.send("DELETE", _FAULTS)).data == {"items": []}
    assert (await api.get("/battery")).status == 200


async def test_fault_applies_only_to_what_it_matches(api: Api) -> None:
    first, second = (await api.devices("battery"))[:2]
    await api.fault("DEVICE_OFFLINE", match={"deviceId": first["id"]})
    await api.fault("TIMEOUT", match={"path": "/hvac*", "method": "get"})
    assert (await api.get(api.path(first))).failure == (422, "DEVICE_OFFLINE", None)
    assert (await api.push(first, "idle")).failure == (422, "DEVICE_OFFLINE", None)
    assert (await api.get(api.path(second))).status == 200
    assert (await api.get("/battery")).status == 200
    assert (await api.get("/hvac")).failure == (503, "TIMEOUT", None)
    assert (await api.send("POST", "/hvac", headers=api.headers)).status == 404


async def test_rate_limit_fault_can_have_a_time_to_wait(api: Api) -> None:
    await api.fault("RATE_LIMIT_EXCEEDED", retryAfter=17, details={"limit": 60})
    answer = await api.get("/battery")
    assert answer.failure == (429, "RATE_LIMIT_EXCEEDED", {"limit": 60})
    assert answer.headers["Retry-After"] == "17"


async def test_fault_does_not_apply_without_a_key_nor_to_the_control_surface(api: Api) -> None:
    await api.fault("INTERNAL_ERROR")
    assert (await api.send("GET", "/battery")).failure == (401, "UNAUTHORIZED", None)
    assert (await api.get(_CLOCK)).status == 200


@pytest.mark.parametrize(
    ("body", "paths"),
    [
        ({}, ["kind"]),
        ([], [""]),
        ({"kind": ["error"]}, ["kind"]),
        ({"kind": "error"}, ["code"]),
        ({"kind": "offline", "seconds": 1}, ["seconds"]),
        ({"kind": "offline", "code": "TIMEOUT"}, ["code"]),
        ({"kind": "fallback", "code": "DEVICE_OFFLINE"}, ["code"]),
        ({"kind": "latency"}, ["seconds"]),
        ({"kind": "latency", "seconds": -1}, ["seconds"]),
        ({"kind": "latency", "seconds": 1e9}, ["seconds"]),
        ({"kind": "latency", "seconds": "1"}, ["seconds"]),
        ({"kind": "timeout", "processed": 1}, ["processed"]),
        ({"kind": "failed_action", "errorCode": ""}, ["errorCode"]),
        ({"kind": "failed_action", "errorCode": "X" * 101}, ["errorCode"]),
        ({"kind": "failed_action", "errorCode": 1}, ["errorCode"]),
        ({"kind": "null_fields", "fields": "level"}, ["fields"]),
        ({"kind": "null_fields", "fields": ["level", 1]}, ["fields.1"]),
        ({"kind": "null_fields", "fields": ["x"] * 101}, ["fields"]),
        ({"kind": "truncated", "durationSeconds": -1}, ["durationSeconds"]),
        ({"kind": "truncated", "durationSeconds": 1e12}, ["durationSeconds"]),
        ({"kind": "truncated", "match": 1}, ["match"]),
        ({"kind": "error", "code": "NONSENSE"}, ["code"]),
        ({"kind": "explosion", "code": "TIMEOUT"}, ["kind"]),
        ({"kind": "error", "code": "TIMEOUT", "count": 0}, ["count"]),
        ({"kind": "error", "code": "TIMEOUT", "status": 200}, ["status"]),
        ({"kind": "error", "code": "TIMEOUT", "status": 600}, ["status"]),
        ({"kind": "error", "code": "TIMEOUT", "match": {"user": "x"}}, ["match.user"]),
        ({"kind": "error", "code": "TIMEOUT", "match": {"path": 1}}, ["match.path"]),
        ({"kind": "error", "code": "TIMEOUT", "match": {"path": "battery"}}, ["match.path"]),
        ({"kind": "error", "code": "TIMEOUT", "match": {"path": ""}}, ["match.path"]),
        ({"kind": "error", "code": "TIMEOUT", "match": {"method": "FETCH"}}, ["match.method"]),
        (
            {"kind": "error", "code": "TIMEOUT", "match": {"method": None, "deviceId": 1}},
            ["match.deviceId", "match.method"],
        ),
        ({"kind": "error", "code": "TIMEOUT", "probability": 1}, ["probability"]),
        ({"kind": "error", "code": "TIMEOUT", "details": []}, ["details"]),
        ({"kind": "error", "code": "TIMEOUT", "details": {"a": _DEEPEST}}, ["details"]),
        ({"kind": "error", "code": "TIMEOUT", "details": json.loads('{"a":' * 900 + "{}" + "}" * 900)}, ["details"]),
    ],
)
async def test_fault_of_another_shape_is_refused(api: Api, body: object, paths: list[str]) -> None:
    assert issue_paths(await api.post(_FAULTS, body)) == paths
    assert (await api.get(_FAULTS)).data == {"items": []}


async def test_fault_returns_details_of_the_maximum_depth(api: Api) -> None:
    await api.fault("TIMEOUT", details=_DEEPEST)
    (fault,) = (await api.get(_FAULTS)).data["items"]
    assert fault["details"] == _DEEPEST
    assert (await api.get("/battery")).error["details"] == _DEEPEST
    saved = await api.get("/_simulator/state")
    assert (await api.post("/_simulator/state", saved.data)).status == 200


async def test_requests_are_logged_and_control_is_not(api: Api) -> None:
    battery = await api.device("battery")
    await api.advance(seconds=1)
    await api.get("/battery/device_nobody", expedite="true")
    await api.push(battery, "idle")
    log = (await api.get("/_simulator/requests")).data
    assert log["total"] == 3
    assert log["items"][1:] == [
        {
            "at": "2026-06-14T08:15:31.000Z",
            "method": "GET",
            "path": "/battery/device_nobody",
            "query": {"expedite": "true"},
            "status": 404,
            "code": "DEVICE_NOT_FOUND",
            "pulled": False,
            "faults": [],
        },
        {
            "at": "2026-06-14T08:15:31.000Z",
            "method": "POST",
            "path": api.path(battery),
            "query": {},
            "status": 202,
            "code": None,
            "pulled": False,
            "faults": [],
        },
    ]
    assert (await api.send("DELETE", "/_simulator/requests")).data == {"items": [], "total": 0}


async def test_log_never_holds_a_key(api: Api) -> None:
    secret = "amps_sk_live_verysecret"
    for headers in ({"x-api-key": secret}, {"Authorization": f"Bearer {secret}"}, {"x-api-key": "sk_test_topsecret"}):
        await api.send("GET", f"/battery/{secret}", query={"userId": secret, secret: "1"}, headers=headers)
    await api.post("/_simulator/keys", {"key": secret, "state": "revoked"})
    for path in ("/_simulator/requests", "/_simulator/keys", _FAULTS):
        assert "secret" not in json.dumps((await api.get(path)).document)
    assert (await api.get("/_simulator/requests")).data["total"] == 3


async def test_keys_are_counted_by_state_and_never_named(api: Api) -> None:
    await api.post("/_simulator/keys", {"key": "sk_test_one", "state": "revoked"})
    answer = await api.post("/_simulator/keys", {"key": "sk_test_two", "state": "read_only"})
    assert answer.data == {"active": 0, "expired": 0, "read_only": 1, "revoked": 1, "unauthorized": 0}
    assert issue_paths(await api.post("/_simulator/keys", {"key": "sk_test_two", "state": "lost"})) == ["state"]


async def test_device_can_be_removed_and_brought_back(api: Api) -> None:
    battery = await api.device("battery")
    action_id = (await api.push(battery, "idle")).data["id"]
    control = f"/_simulator/devices/{battery['id']}"
    assert (await api.post(control, {"present": False})).data["present"] is False
    assert battery["id"] not in {item["id"] for item in await api.devices("battery")}
    assert (await api.get(api.path(battery))).failure == (404, "DEVICE_NOT_FOUND", None)
    assert (await api.push(battery, "idle")).failure == (404, "DEVICE_NOT_FOUND", None)
    assert (await api.get(f"/actions/{action_id}")).failure == (404, "NOT_FOUND", None)
    assert (await api.get("/actions")).data["items"] == []
    await api.post(control, {"present": True})
    assert (await api.devices("battery"))[0]["id"] == battery["id"]
    assert (await api.action(action_id))["state"] == "acknowledged"


@pytest.mark.parametrize(
    ("suffix", "body"),
    [("", {"present": False}), ("", {"pulled": True}), ("/override", {"command": "idle"}), ("/defaults", None)],
)
async def test_unknown_device_cannot_be_changed(api: Api, suffix: str, body: Document) -> None:
    answer = await api.post(f"/_simulator/devices/device_nobody{suffix}", body)
    assert answer.failure == (404, "DEVICE_NOT_FOUND", None)


@pytest.mark.parametrize(
    ("path", "body", "paths"),
    [
        ("devices/{}", {}, [""]),
        ("devices/{}", {"present": 1}, ["present"]),
        ("devices/{}", {"present": True, "pulled": "never"}, ["pulled"]),
        ("devices/{}", {"absent": True}, ["absent"]),
        ("devices/{}/override", {}, ["command"]),
        ("devices/{}/override", {"command": 1}, ["command"]),
        ("devices/{}/override", {"command": "idle", "start": "1h"}, ["start"]),
        ("devices/{}/override", {"command": "charge", "parameters": {"target": 80}}, ["parameters.target"]),
        ("devices/{}/override", {"command": "charge", "parameters": []}, ["parameters"]),
        ("live", {"enabled": "yes"}, ["enabled"]),
        ("live", {"allTypesPushable": None}, ["allTypesPushable"]),
        ("live", {"lists": True}, ["lists"]),
        ("timing", {"settle": 1}, ["settle"]),
        ("keys", {"key": KEY}, ["state"]),
    ],
)
async def test_control_of_another_shape_is_refused(api: Api, path: str, body: Document, paths: list[str]) -> None:
    battery = await api.device("battery")
    where = f"/_simulator/{path.format(battery['id'])}"
    assert issue_paths(await api.post(where, body)) == paths
    for wrong in (b"", b"{", b"[]", b"\xff"):
        answer = await api.send("POST", where, headers={"Content-Type": "application/json"}, body=wrong)
        assert (answer.status, answer.error["code"]) == (400, "VALIDATION_ERROR")
    assert await api.device("battery") == battery


async def test_devices_are_listed_with_what_the_api_does_not_show(api: Api) -> None:
    items = (await api.get("/_simulator/devices")).data["items"]
    assert [item["deviceType"] for item in items] == [
        *["battery"] * 3,
        *["ev_charger"] * 2,
        *["hvac"] * 2,
        *["solar_inverter"] * 2,
        *["vehicle"] * 2,
    ]
    assert all(item["zone"] == "Europe/London" and item["present"] for item in items)


async def test_timing_can_be_read_and_set(api: Api) -> None:
    path = "/_simulator/timing"
    timing = {
        "settleSeconds": 3.0,
        "windowsSettle": False,
        "liveAcceptanceSeconds": 0.8,
        "liveSettleSeconds": 10.0,
        "liveFailureSeconds": 30.0,
        "liveLagSeconds": 5.0,
    }
    assert (await api.get(path)).data == timing
    for name, value in (
        ("settleSeconds", 180.0),
        ("windowsSettle", True),
        ("liveAcceptanceSeconds", 0.5),
        ("liveSettleSeconds", 0),
        ("liveFailureSeconds", 32),
        ("liveLagSeconds", 60),
    ):
        timing[name] = value
        assert (await api.post(path, {name: value})).data == timing
    for name in timing.keys() - {"windowsSettle"}:
        for wrong in (-1, 1e6, "3", True, None):
            assert issue_paths(await api.post(path, {name: wrong})) == [name]
    assert (await api.get(path)).data == timing


async def test_options_can_be_read_and_set(api: Api) -> None:
    path = "/_simulator/options"
    assert (await api.get(path)).data == {"idleKeepsMode": False}
    assert (await api.post(path, {"idleKeepsMode": True})).data == {"idleKeepsMode": True}
    assert issue_paths(await api.post(path, {"idleKeepsMode": 0})) == ["idleKeepsMode"]
    assert issue_paths(await api.post(path, {"keepsMode": False})) == ["keepsMode"]
    assert (await api.get(path)).data == {"idleKeepsMode": True}
    await api.post("/_simulator/reset")
    assert (await api.get(path)).data == {"idleKeepsMode": False}


async def test_reset_clears_everything_but_the_clock(api: Api) -> None:
    battery = await api.device("battery")
    pristine = await api.read(battery)
    old = (await api.push(battery, "charge")).data["id"]
    await api.post(f"{api.path(battery)}/settings", {"discharge_floor": {"value": 40, "unit": "percent"}})
    await api.post("/_simulator/timing", {"settleSeconds": 0})
    await api.post("/_simulator/keys", {"key": KEY, "state": "expired"})
    await api.post(f"/_simulator/devices/{battery['id']}", {"present": False})
    await api.fault("INTERNAL_ERROR")
    assert (await api.post("/_simulator/reset")).data == {}
    assert await api.read(battery) == pristine
    assert (await api.get("/actions")).data["items"] == []
    assert (await api.get("/_simulator/timing")).data["settleSeconds"] == 3
    await api.advance(days=1)
    await api.post("/_simulator/reset")
    assert (await _clock(api))["now"] == "2026-06-15T08:15:30.000Z"
    assert (await api.push(battery, "charge")).data["id"] != old
