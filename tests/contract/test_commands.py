"""Every declared command of every type: what is sent, what is answered, what the very next read shows (api §6, §11)."""

import re

import pytest

from .harness import Api, Document, celsius, kilowatts, percent

_BATTERY = [
    ("charge", {"target": percent(85), "power": kilowatts(3.5), "reserve": percent(20)}),
    ("charge", {"target": percent(85)}),
    ("charge", {}),
    ("discharge", {"target": percent(20), "power": kilowatts(2), "reserve": percent(30)}),
    ("discharge", {"power": kilowatts(2)}),
    ("idle", {}),
    ("auto.balanced", {}),
    ("auto.reserve", {}),
    ("auto.export", {}),
]
_EV_CHARGER: list[tuple[str, Document]] = [("charge", {}), ("idle", {})]
_HVAC = [
    ("heat", {"target": celsius(22.5)}),
    ("cool", {"target": celsius(18)}),
    ("auto", {"heatSetpoint": celsius(19), "coolSetpoint": celsius(24)}),
    ("idle", {}),
    ("follow_schedule", {}),
]
_EVERY = [
    (segment, kind, command, parameters)
    for segment, kind, commands in (
        ("battery", "battery", _BATTERY),
        ("ev-charger", "ev_charger", _EV_CHARGER),
        ("hvac", "hvac", _HVAC),
    )
    for command, parameters in commands
]
_LATER = [entry for entry in _EVERY if entry[2] != "follow_schedule"]
_IN_WINDOWS = [entry for entry in _EVERY if entry[2] in ("charge", "discharge", "heat", "cool")]


async def test_list_of_cases_is_complete(api: Api) -> None:
    for segment in ("battery", "ev-charger", "hvac"):
        declared = set((await api.device(segment))["commands"])
        assert declared == {command for of, _, command, _ in _EVERY if of == segment}


@pytest.mark.parametrize(("segment", "kind", "command", "parameters"), _EVERY)
async def test_immediate_push_is_accepted_and_echoed(
    api: Api, segment: str, kind: str, command: str, parameters: Document
) -> None:
    device = await api.device(segment)
    answer = await api.push(device, command, **({"parameters": parameters} if parameters else {}))
    assert answer.status == 202
    assert list(answer.data) == [
        "id",
        "deviceId",
        "deviceType",
        "command",
        "parameters",
        "state",
        "createdAt",
        "start",
        "links",
    ]
    action_id = answer.data["id"]
    assert re.fullmatch(r"action_\w+", action_id)
    assert answer.data == {
        "id": action_id,
        "deviceId": device["id"],
        "deviceType": kind,
        "command": command,
        "parameters": parameters or None,
        "state": "acknowledged",
        "createdAt": "2026-06-14T08:15:30.000Z",
        "start": None,
        "links": {"self": f"/actions/{action_id}"},
    }


@pytest.mark.parametrize(("segment", "kind", "command", "parameters"), _LATER)
async def test_scheduled_push_is_accepted_and_echoed(
    api: Api, segment: str, kind: str, command: str, parameters: Document
) -> None:
    device = await api.device(segment)
    before = await api.state(device)
    answer = await api.push(device, command, parameters=parameters, start="2026-06-14T22:00:00")
    assert answer.status == 202
    assert answer.data == {
        "id": answer.data["id"],
        "deviceId": device["id"],
        "deviceType": kind,
        "command": command,
        "parameters": parameters or None,
        "state": "scheduled",
        "createdAt": "2026-06-14T08:15:30.000Z",
        "start": "2026-06-14T21:00:00.000Z",
        "links": {"self": f"/actions/{answer.data['id']}"},
    }
    assert await api.state(device) == before


@pytest.mark.parametrize(("segment", "kind", "command", "parameters"), _IN_WINDOWS)
async def test_windowed_push_is_accepted_and_echoed(
    api: Api, segment: str, kind: str, command: str, parameters: Document
) -> None:
    device = await api.device(segment)
    answer = await api.push(
        device, command, parameters=parameters, start="2026-06-14T23:30:00", end="2026-06-15T05:00:00"
    )
    assert answer.status == 202
    assert answer.data == {
        "id": answer.data["id"],
        "deviceId": device["id"],
        "deviceType": kind,
        "command": command,
        "parameters": parameters or None,
        "state": "scheduled",
        "createdAt": "2026-06-14T08:15:30.000Z",
        "start": "2026-06-14T22:30:00.000Z",
        "end": "2026-06-15T04:00:00.000Z",
        "links": {"self": f"/actions/{answer.data['id']}"},
    }


async def test_numbers_are_echoed_as_they_were_sent(api: Api) -> None:
    battery = await api.device("battery")
    parameters = {"power": {"unit": "kw", "value": 2.125}, "target": {"value": 70, "unit": "percent"}}
    answer = await api.push(battery, "charge", parameters=parameters)
    assert answer.data["parameters"] == parameters
    assert list(answer.data["parameters"]) == ["power", "target"]


@pytest.mark.parametrize(
    ("command", "parameters", "status", "rate"),
    [
        ("charge", {"power": kilowatts(3.5)}, "charging", 3.5),
        ("charge", {}, "charging", 5),
        ("charge", {"target": percent(50)}, "idle", 0),
        ("charge", {"power": kilowatts(0)}, "idle", 0),
        ("discharge", {"power": kilowatts(2)}, "discharging", -2),
        ("discharge", {}, "discharging", -5),
        ("discharge", {"target": percent(60)}, "idle", 0),
        ("discharge", {"reserve": percent(60)}, "idle", 0),
        ("idle", {}, "idle", 0),
        ("auto.reserve", {}, "charging", 1.095),
        ("auto.balanced", {}, "discharging", None),
        ("auto.export", {}, "discharging", None),
    ],
)
async def test_next_read_of_a_battery_shows_the_command_while_it_is_acknowledged(
    api: Api, command: str, parameters: Document, status: str, rate: float | None
) -> None:
    """In the morning a battery in either automatic mode does the same as without a command."""
    battery = await api.device("battery")
    before = await api.state(battery)
    await api.push(battery, command, parameters=parameters)
    reading = await api.read(battery)
    assert reading["lastAction"]["state"] == "acknowledged"
    assert reading["state"] == {
        "status": status,
        "capacity": 10.4,
        "level": before["level"],
        "chargeRate": before["chargeRate"] if rate is None else pytest.approx(rate, abs=0.0005),
        "dischargeLimit": 10,
        "currentMode": command,
    }


async def test_charge_moves_at_its_power_and_stops_at_its_target(api: Api) -> None:
    """At its target the battery is idle under the same command; a higher target resumes (api §11.1).

    The efficiency of charging is 95 %.
    """
    battery = await api.device("battery")
    before = (await api.state(battery))["level"]
    await api.push(battery, "charge", parameters={"target": percent(85), "power": kilowatts(2.6)})
    await api.advance(minutes=30)
    state = await api.state(battery)
    assert state["level"] == pytest.approx(before + 12.5 * 0.95, abs=0.01)
    assert state["chargeRate"] == 2.6
    await api.advance(hours=1)
    state = await api.state(battery)
    assert (state["status"], state["currentMode"], state["chargeRate"]) == ("idle", "charge", 0)
    assert state["level"] == 85
    await api.push(battery, "charge", parameters={"target": percent(90)})
    state = await api.state(battery)
    assert (state["status"], state["level"], state["chargeRate"]) == ("charging", 85, 5)


@pytest.mark.parametrize(
    ("parameters", "stop", "status"),
    [
        ({"target": percent(20)}, 20, "idle"),
        ({"target": percent(20), "reserve": percent(30)}, 30, "idle"),
        ({"target": percent(10)}, 10, "idle"),
        ({}, 10, "standby"),
    ],
)
async def test_discharge_stops_at_the_highest_of_target_reserve_and_floor(
    api: Api, parameters: Document, stop: float, status: str
) -> None:
    """A target reached reads idle (api §11.1); a battery that only its floor stops is on standby."""
    battery = await api.device("battery")
    await api.push(battery, "discharge", parameters=parameters)
    await api.advance(days=2)
    state = await api.state(battery)
    assert (state["status"], state["currentMode"], state["level"]) == (status, "discharge", stop)


async def test_power_below_the_resolution_reads_as_zero(api: Api) -> None:
    battery = await api.device("battery")
    await api.push(battery, "discharge", parameters={"power": kilowatts(0.0001)})
    answer = await api.get(api.path(battery))
    assert answer.data["state"]["status"] == "idle"
    assert b'"chargeRate":0.0,' in answer.raw


async def test_idle_keeps_the_level(api: Api) -> None:
    battery = await api.device("battery")
    before = await api.state(battery)
    await api.push(battery, "idle")
    for _ in range(3):
        assert (await api.state(battery))["level"] == before["level"]
        await api.advance(days=100)


async def test_auto_reserve_fills_the_battery_slowly_and_stays(api: Api) -> None:
    battery = await api.device("battery")
    before = await api.state(battery)
    await api.push(battery, "auto.reserve")
    await api.advance(hours=3)
    assert (await api.state(battery))["level"] == pytest.approx(before["level"] + 30, abs=0.01)
    await api.advance(days=30)
    state = await api.state(battery)
    assert (state["level"], state["status"], state["currentMode"]) == (100, "idle", "auto.reserve")


async def test_auto_balanced_returns_to_the_usual_day_from_where_it_was(api: Api) -> None:
    battery = await api.device("battery")
    usual = [await _level_after(api, battery, hours=7) for _ in range(6)]
    await api.advance(hours=5, minutes=30)
    await api.push(battery, "charge")
    await api.advance(minutes=30)
    level = (await api.state(battery))["level"]
    assert level > 70
    await api.push(battery, "auto.balanced")
    state = await api.state(battery)
    assert (state["level"], state["chargeRate"]) == (level, -5)
    assert [await _level_after(api, battery, hours=7) for _ in range(6)] == usual


async def _level_after(api: Api, battery: Document, **span: float) -> float:
    await api.advance(**span)
    level: float = (await api.state(battery))["level"]
    return level


async def test_auto_export_empties_the_battery_in_the_evening_and_returns(api: Api) -> None:
    battery = await api.device("battery")
    usual = [await _level_after(api, battery, hours=7, minutes=span) for span in (44, 6 * 60 + 16)]
    await api.advance(hours=3)
    await api.push(battery, "auto.export")
    assert await _level_after(api, battery, hours=7, minutes=44) == usual[0]
    await api.advance(hours=1)
    assert (await api.state(battery))["chargeRate"] == -5
    await api.advance(hours=2)
    assert (await api.state(battery))["level"] == 10
    assert await _level_after(api, battery, hours=10, minutes=16) == usual[1]
    await api.advance(days=400)
    await api.advance(hours=13, minutes=14)
    assert (await api.state(battery))["level"] == 10
