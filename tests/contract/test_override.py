"""Commands by somebody other than Amps (api §4.8)."""

import pytest

from .harness import Api, Document, kilowatts, percent


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
