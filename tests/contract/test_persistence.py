"""Saving and restoring the whole state (design §8)."""

from datetime import timedelta
import json

import pytest

from .harness import KEY, START, Api, Document, issue_paths, wall_clock

_STATE = "/_simulator/state"


async def _everything(api: Api) -> list[bytes]:
    """Return the raw answers that show a home."""
    paths = [api.path(battery) for battery in await api.devices("battery")]
    paths += [f"/{segment}" for segment in ("battery", "ev-charger", "hvac", "solar-inverter", "vehicle", "actions")]
    return [(await api.get(path)).raw for path in paths]


async def _saved(api: Api) -> Document:
    return (await api.get(_STATE)).data


async def test_saved_state_is_restored(api: Api) -> None:
    """In a windowed charge, with a reset between saving and restoring."""
    battery = await api.device("battery")
    await api.post(f"{api.path(battery)}/settings", {"discharge_floor": {"value": 40, "unit": "percent"}})
    start, end = START + timedelta(hours=1), START + timedelta(hours=2)
    await api.push(battery, "charge", start=wall_clock(start), end=wall_clock(end))
    await api.advance(hours=1.5)
    assert (await api.state(battery))["status"] == "charging"
    state, shown = await _saved(api), await _everything(api)
    await api.post("/_simulator/reset")
    assert await _everything(api) != shown
    answer = await api.post(_STATE, state)
    assert answer.data == {"savedAt": state["at"].replace("+00:00", ".000Z")}
    assert await _everything(api) == shown
    assert await _saved(api) == state
    await api.advance(hours=1)
    action = (await api.get("/actions")).data["items"][0]
    assert action["state"] == "completed"


async def test_clock_moves_forward_to_a_state_and_never_back(api: Api) -> None:
    early = await _saved(api)
    await api.advance(days=1)
    late = await _saved(api)
    await api.post(_STATE, early)
    assert (await api.get("/_simulator/clock")).data["now"] == "2026-06-15T08:15:30.000Z"
    late["at"] = "2026-07-01T00:00:00Z"
    await api.post(_STATE, late)
    assert (await api.get("/_simulator/clock")).data["now"] == "2026-07-01T00:00:00.000Z"


async def test_long_state_is_accepted_and_other_long_bodies_are_not(api: Api) -> None:
    state = await _saved(api)
    device_id = (await api.device("battery"))["id"]
    adjusted = {"tuned": {"device_id": device_id, "at": state["at"], "values": {"discharge_floor": 20}}}
    state["log"] = [adjusted] * 2000
    assert len(json.dumps(state)) > 100_000
    assert (await api.post(_STATE, state)).status == 200
    assert (await api.read(await api.device("battery")))["settings"]["discharge_floor"]["value"] == 20
    assert issue_paths(await api.post("/_simulator/clock", state)) == [""]


async def test_state_that_is_broken_or_foreign_is_refused_and_changes_nothing(api: Api) -> None:
    await api.push(await api.device("battery"), "charge")
    state, shown = await _saved(api), await _everything(api)
    action = state["log"][0]["action"]
    for change, path in (
        ({"version": 2}, "version"),
        ({"home": "elsewhere"}, "home"),
        ({"at": "yesterday"}, "at"),
        ({"at": "9000-01-01T00:00:00Z"}, "at"),
        ({"keys": []}, "keys"),
        ({"keys": {"states": {"0": "LOST"}}}, "keys.states.0"),
        ({"absent": ["device_nobody"]}, "absent"),
        ({"more": 1}, "more"),
        ({"log": [{}]}, "log.0"),
        ({"log": [{"action": {**action, "device_id": "device_nobody"}}]}, "log.0"),
        ({"log": [{"action": {**action, "created": "2100-01-01T00:00:00Z"}}]}, "log.0"),
        ({"log": [{"action": {**action, "directive": {"command": "fly"}}}]}, "log.0"),
        ({"log": [{"action": {**action, "directive": {"command": "charge", "values": {"power": 99}}}}]}, "log.0"),
        ({"log": [{"action": action}] * 2}, "log"),
    ):
        assert issue_paths(await api.post(_STATE, {**state, **change})) == [path]
    assert issue_paths(await api.post(_STATE, [])) == ["version"]
    assert await _everything(api) == shown


@pytest.mark.parametrize(
    ("segment", "change", "path"),
    [
        ("battery", {"device_id": "device_nobody"}, "reached.0"),
        ("battery", {"since": -1}, "reached.0"),
        ("battery", {"since": 1e6}, "reached.0"),
        ("battery", {"settings": {"discharge_floor": 101}}, "reached.0"),
        ("battery", {"settings": {"speed": 1}}, "reached.0"),
        ("battery", {"initial": None}, "reached.0.initial"),
        ("battery", {"initial": {"level": 101, "directive": {"command": "idle"}}}, "reached.0.initial"),
        ("battery", {"initial": {"level": 50, "directive": {"command": "fly"}}}, "reached.0.initial"),
        (
            "battery",
            {"initial": {"level": 50, "directive": {"command": "charge", "values": {"power": 99}}}},
            "reached.0.initial",
        ),
        ("ev-charger", {"initial": {"level": -1}}, "reached.0.initial"),
        ("ev-charger", {"initial": {"level": 50, "command": "fly"}}, "reached.0.initial"),
        ("hvac", {"temperature": 200}, "reached.0.initial"),
        ("hvac", {"command": "fly"}, "reached.0.initial"),
        ("hvac", {"mode": "off"}, "reached.0.initial"),
        ("hvac", {"heat": 9}, "reached.0.initial"),
        ("hvac", {"command": "auto", "heat": 22, "cool": 21}, "reached.0.initial"),
    ],
)
async def test_stage_that_no_device_can_have_reached_is_refused_and_changes_nothing(
    api: Api, segment: str, change: Document, path: str
) -> None:
    await api.push(await api.device(segment), "idle")
    await api.advance(hours=1)
    state, shown = await _saved(api), await _everything(api)
    (reached,) = state["reached"]
    change = {"initial": {**reached["initial"], **change}} if segment == "hvac" else change
    broken = {**state, "reached": [{**reached, **change}]}
    assert issue_paths(await api.post(_STATE, broken)) == [path]
    assert issue_paths(await api.post(_STATE, {**state, "reached": [reached, {**reached, "since": 0}]})) == [
        "reached.1"
    ]
    assert await _everything(api) == shown
    assert (await api.post(_STATE, state)).status == 200


async def test_keys_are_saved_as_fingerprints(api: Api) -> None:
    await api.post("/_simulator/keys", {"key": KEY, "state": "read_only"})
    answer = await api.get(_STATE)
    assert KEY not in answer.raw.decode()
    await api.post("/_simulator/reset")
    await api.post(_STATE, answer.data)
    failure = (await api.push(await api.device("battery"), "charge")).failure
    assert failure == (403, "INSUFFICIENT_PERMISSIONS", None)
