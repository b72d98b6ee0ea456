"""Malformed requests get 400 before anything else is checked (api §15.1 #3, #11)."""

import json

import pytest

from .harness import Api, Document, issue_paths, percent

_JSON = {"Content-Type": "application/json"}


async def _written(api: Api, device: Document) -> Document:
    """Return what a write can change of a device; the rest of its reading changes by itself."""
    reading = await api.read(device)
    return {"lastAction": reading["lastAction"], "settings": reading["settings"]}


def _named(body: bytes) -> str:
    """Name a case by what its body begins with and how long it is."""
    return f"{body[:20]!r} {len(body)}"


@pytest.mark.parametrize("suffix", ["", "/settings"])
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"{",
        b"nonsense",
        b"\xff\xfe{}",
        b'{"action": {"command": "\xc3\x28"}}',
        b'\xef\xbb\xbf{"action": {"command": "idle"}}',
        b'{"action": {"command": "charge", "parameters": {"target": {"value": NaN, "unit": "percent"}}}}',
        b'{"discharge_floor": {"value": Infinity, "unit": "percent"}}',
        b'{"discharge_floor": {"value": -Infinity, "unit": "percent"}}',
        b'{"discharge_floor": {"value": 1e999, "unit": "percent"}}',
        b'{"discharge_floor": {"value": 1' + b"0" * 400 + b', "unit": "percent"}}',
        b'{"action": {"command": "idle"}} trailing',
        b"{'action': {'command': 'idle'}}",
        b"[" * 100_000,
        b'{"action":' * 5_000 + b"1" + b"}" * 5_000,
        b'"\\ud800"',
        b"[]",
        b"null",
        b"42",
        b'"idle"',
        b"[" * 900 + b"]" * 900,
        b'{"action": {"command": "idle"}, "padding": "' + b"x" * 70_000 + b'"}',
        b" " * 2_000_000,
    ],
    ids=_named,
)
async def test_body_that_is_no_json_object(api: Api, body: bytes, suffix: str) -> None:
    battery = await api.device("battery")
    before = await _written(api, battery)
    answer = await api.send("POST", api.path(battery) + suffix, headers={**api.headers, **_JSON}, body=body)
    assert issue_paths(answer) == [""]
    assert await _written(api, battery) == before


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", "application/octet-stream"]
)
async def test_body_of_another_content_type(api: Api, content_type: str) -> None:
    battery = await api.device("battery")
    answer = await api.send(
        "POST",
        api.path(battery),
        headers={**api.headers, "Content-Type": content_type},
        body=b'{"action": {"command": "idle"}}',
    )
    assert issue_paths(answer) == [""]


@pytest.mark.parametrize("content_type", ["application/json; charset=utf-8", "Application/JSON"])
async def test_content_type_is_case_insensitive_and_may_have_parameters(api: Api, content_type: str) -> None:
    battery = await api.device("battery")
    answer = await api.send(
        "POST",
        api.path(battery),
        headers={**api.headers, "content-type": content_type},
        body=b'{"action": {"command": "idle"}}',
    )
    assert answer.status == 202


_CHARGE = {"command": "charge"}


@pytest.mark.parametrize(
    ("body", "paths"),
    [
        ({}, ["action"]),
        ({"command": "charge"}, ["action", "command"]),
        ({"action": None}, ["action"]),
        ({"action": "charge"}, ["action"]),
        ({"action": []}, ["action"]),
        ({"action": {}}, ["action.command"]),
        ({"action": {"command": None}}, ["action.command"]),
        ({"action": {"command": 1}}, ["action.command"]),
        ({"action": {"command": ["charge"]}}, ["action.command"]),
        ({"action": _CHARGE, "onconflict": "queue_after"}, ["onconflict"]),
        ({"action": _CHARGE, "onConflict": None}, ["onConflict"]),
        ({"action": _CHARGE, "onConflict": True}, ["onConflict"]),
        ({"action": _CHARGE, "sandbox": None}, ["sandbox"]),
        ({"action": _CHARGE, "sandbox": "failed"}, ["sandbox"]),
        ({"action": _CHARGE, "sandbox": []}, ["sandbox"]),
        ({"action": {**_CHARGE, "type": "battery"}}, ["action.type"]),
        ({"action": {**_CHARGE, "mode": "charge"}}, ["action.mode"]),
        ({"action": {**_CHARGE, "start": None}}, ["action.start"]),
        ({"action": {**_CHARGE, "start": 1750000000}}, ["action.start"]),
        ({"action": {**_CHARGE, "start": "1h", "end": None}}, ["action.end"]),
        ({"action": {**_CHARGE, "end": ["2026-06-14T22:00:00"]}}, ["action.end"]),
        ({"action": {**_CHARGE, "parameters": None}}, ["action.parameters"]),
        ({"action": {**_CHARGE, "parameters": []}}, ["action.parameters"]),
        ({"action": {**_CHARGE, "parameters": {"target": 85}}}, ["action.parameters.target"]),
        ({"action": {**_CHARGE, "parameters": {"target": None}}}, ["action.parameters.target"]),
        ({"action": {**_CHARGE, "parameters": {"target": {"value": 85}}}}, ["action.parameters.target.unit"]),
        ({"action": {**_CHARGE, "parameters": {"target": {"unit": "percent"}}}}, ["action.parameters.target.value"]),
        (
            {"action": {**_CHARGE, "parameters": {"target": {"value": True, "unit": "percent"}}}},
            ["action.parameters.target.value"],
        ),
        (
            {"action": {**_CHARGE, "parameters": {"target": {"value": "85", "unit": "percent"}}}},
            ["action.parameters.target.value"],
        ),
        (
            {"action": {**_CHARGE, "parameters": {"target": {"value": None, "unit": "percent"}}}},
            ["action.parameters.target.value"],
        ),
        (
            {"action": {**_CHARGE, "parameters": {"target": {"value": 85, "unit": 1}}}},
            ["action.parameters.target.unit"],
        ),
        (
            {"action": {**_CHARGE, "parameters": {"target": {**percent(85), "step": 1}}}},
            ["action.parameters.target.step"],
        ),
        (
            {"action": {"mode": 1, "parameters": {"x": 1, "y": {"value": "1"}}}, "on": 2},
            [
                "action.command",
                "action.mode",
                "action.parameters.x",
                "action.parameters.y.unit",
                "action.parameters.y.value",
                "on",
            ],
        ),
    ],
)
async def test_push_of_another_shape(api: Api, body: Document, paths: list[str]) -> None:
    battery = await api.device("battery")
    before = await _written(api, battery)
    assert issue_paths(await api.post(api.path(battery), body)) == paths
    assert await _written(api, battery) == before


@pytest.mark.parametrize(
    ("body", "paths"),
    [
        ({}, [""]),
        ({"discharge_floor": 15}, ["discharge_floor"]),
        ({"discharge_floor": None}, ["discharge_floor"]),
        ({"discharge_floor": {"value": 15}}, ["discharge_floor.unit"]),
        ({"discharge_floor": {"value": "15", "unit": "percent"}}, ["discharge_floor.value"]),
        ({"discharge_floor": {"value": False, "unit": "percent"}}, ["discharge_floor.value"]),
        ({"discharge_floor": {**percent(15), "min": 0}}, ["discharge_floor.min"]),
        ({"discharge_floor": percent(15), "charge_ceiling": 90}, ["charge_ceiling"]),
        (
            {"settings": {"discharge_floor": percent(15)}},
            ["settings.discharge_floor", "settings.unit", "settings.value"],
        ),
    ],
)
async def test_settings_of_another_shape(api: Api, body: Document, paths: list[str]) -> None:
    battery = await api.device("battery")
    before = await _written(api, battery)
    assert issue_paths(await api.post(f"{api.path(battery)}/settings", body)) == paths
    assert await _written(api, battery) == before


@pytest.mark.parametrize("segment", ["battery", "ev-charger", "hvac", "solar-inverter", "vehicle"])
async def test_body_is_checked_before_the_device(api: Api, segment: str) -> None:
    assert issue_paths(await api.post(f"/{segment}/device_nobody", {})) == ["action"]
    answer = await api.post(f"/{segment}/device_nobody", {"action": {"command": "idle"}})
    assert answer.failure == (404, "DEVICE_NOT_FOUND", None)


@pytest.mark.parametrize("body", [b"", b"  ", b"{}"])
async def test_cancel_needs_no_body(api: Api, body: bytes) -> None:
    battery = await api.device("battery")
    action_id = (await api.push(battery, "idle", start="1h")).data["id"]
    answer = await api.send("POST", f"/actions/{action_id}/cancel", headers={**api.headers, **_JSON}, body=body)
    assert answer.status == 200


@pytest.mark.parametrize("body", [b"{", b'{"reason": "mistake"}', b"[]", b" " * 70_000 + b"{"], ids=_named)
async def test_cancel_with_a_body_is_refused(api: Api, body: bytes) -> None:
    battery = await api.device("battery")
    action_id = (await api.push(battery, "idle", start="1h")).data["id"]
    answer = await api.send("POST", f"/actions/{action_id}/cancel", headers={**api.headers, **_JSON}, body=body)
    assert issue_paths(answer) == [""]
    assert (await api.action(action_id))["state"] == "scheduled"


async def test_write_takes_no_query_parameters(api: Api) -> None:
    battery = await api.device("battery")
    answer = await api.send(
        "POST",
        api.path(battery),
        query={"expedite": "true"},
        headers={**api.headers, **_JSON},
        body=json.dumps({"action": {"command": "idle"}}).encode(),
    )
    assert issue_paths(answer) == ["expedite"]
