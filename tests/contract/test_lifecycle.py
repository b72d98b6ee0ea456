"""The life of an action while time passes (api §6.4 to §6.6, §15.3 #26, #27, #48)."""

from datetime import timedelta

import pytest

from .actions import at, push_window, times_of
from .harness import START, Api, Document, celsius, percent, wall_clock

_FIELDS = [
    "id",
    "deviceId",
    "deviceType",
    "command",
    "parameters",
    "state",
    "result",
    "errorCode",
    "errorMessage",
    "createdAt",
    "updatedAt",
    "acknowledgedAt",
    "completedAt",
    "start",
    "end",
    "links",
]


async def test_action_resource_has_the_documented_fields(api: Api) -> None:
    battery = await api.device("battery")
    parameters = {"target": percent(85)}
    action_id = (await api.push(battery, "charge", parameters=parameters)).data["id"]
    await api.advance(seconds=10)
    action = await api.action(action_id)
    assert list(action) == _FIELDS
    assert action == {
        "id": action_id,
        "deviceId": battery["id"],
        "deviceType": "battery",
        "command": "charge",
        "parameters": parameters,
        "state": "completed",
        "result": {"success": True, "message": "applied"},
        "errorCode": None,
        "errorMessage": None,
        "createdAt": at(),
        "updatedAt": at(seconds=3),
        "acknowledgedAt": at(),
        "completedAt": at(seconds=3),
        "start": None,
        "end": None,
        "links": {"self": f"/actions/{action_id}"},
    }


async def test_immediate_action_is_acknowledged_then_completed(api: Api) -> None:
    battery = await api.device("battery")
    action_id = (await api.push(battery, "charge")).data["id"]
    assert await times_of(api, action_id) == ("acknowledged", at(), at(), None)
    assert (await api.action(action_id))["result"] is None
    await api.advance(seconds=2.999)
    assert await times_of(api, action_id) == ("acknowledged", at(), at(), None)
    await api.advance(milliseconds=1)
    assert await times_of(api, action_id) == ("completed", at(seconds=3), at(), at(seconds=3))


@pytest.mark.parametrize("seconds", [0, 0.5, 180])
async def test_time_to_settle_can_be_chosen(api: Api, seconds: float) -> None:
    await api.post("/_simulator/timing", {"settleSeconds": seconds})
    battery = await api.device("battery")
    answer = await api.push(battery, "charge")
    assert answer.data["state"] == ("acknowledged" if seconds else "completed")
    assert (await api.state(battery))["status"] == "charging"
    if seconds:
        await api.advance(seconds=seconds - 0.001)
        assert (await api.action(answer.data["id"]))["state"] == "acknowledged"
        await api.advance(seconds=0.001)
    assert await times_of(api, answer.data["id"]) == ("completed", at(seconds=seconds), at(), at(seconds=seconds))


async def test_changed_timing_does_not_affect_open_actions(api: Api) -> None:
    battery = await api.device("battery")
    action_id = (await api.push(battery, "charge")).data["id"]
    await api.post("/_simulator/timing", {"settleSeconds": 180})
    await api.advance(seconds=3)
    assert (await api.action(action_id))["state"] == "completed"


async def test_scheduled_action_takes_effect_at_its_start_and_stays(api: Api) -> None:
    battery = await api.device("battery")
    action_id = (await api.push(battery, "charge", parameters={"target": percent(100)}, start="1h")).data["id"]
    assert await times_of(api, action_id) == ("scheduled", at(), None, None)
    await api.advance(minutes=59, seconds=59.999)
    assert await times_of(api, action_id) == ("scheduled", at(), None, None)
    assert (await api.state(battery))["currentMode"] == "auto.balanced"
    await api.advance(milliseconds=1)
    assert await times_of(api, action_id) == ("acknowledged", at(hours=1), at(hours=1), None)
    assert (await api.state(battery))["currentMode"] == "charge"
    await api.advance(seconds=3)
    done = at(hours=1, seconds=3)
    assert await times_of(api, action_id) == ("completed", done, at(hours=1), done)
    await api.advance(days=200)
    state = await api.state(battery)
    assert (state["level"], state["currentMode"]) == (100, "charge")


async def test_windowed_action_is_acknowledged_in_its_window_and_completed_at_its_end(api: Api) -> None:
    battery = await api.device("battery")
    action_id = await push_window(api, battery, "charge")
    await api.advance(minutes=59)
    assert await times_of(api, action_id) == ("scheduled", at(), None, None)
    await api.advance(minutes=1)
    assert await times_of(api, action_id) == ("acknowledged", at(hours=1), at(hours=1), None)
    await api.advance(minutes=59, seconds=59.999)
    assert await times_of(api, action_id) == ("acknowledged", at(hours=1), at(hours=1), None)
    await api.advance(milliseconds=1)
    assert await times_of(api, action_id) == ("completed", at(hours=2), at(hours=1), at(hours=2))


async def test_battery_holds_what_a_window_left(api: Api) -> None:
    battery = await api.device("battery")
    await push_window(api, battery, "charge", parameters={"power": {"value": 1.04, "unit": "kw"}})
    await api.advance(hours=1)
    state = await api.state(battery)
    assert (state["status"], state["currentMode"], state["chargeRate"]) == ("charging", "charge", 1.04)
    opened_at = state["level"]
    await api.advance(hours=1)
    after = await api.state(battery)
    assert (after["status"], after["currentMode"], after["chargeRate"]) == ("idle", "idle", 0)
    assert after["level"] == pytest.approx(opened_at + 10 * 0.95, abs=0.011)
    await api.advance(days=50)
    assert await api.state(battery) == after


async def test_charger_stops_when_its_window_closes(api: Api) -> None:
    charger = await api.device("ev-charger")
    await api.set_clock(set="2026-06-14T22:00:00Z")
    await api.push(charger, "charge", start="2026-06-14T23:30:00", end="2026-06-15T00:30:00")
    await api.advance(minutes=30)
    assert (await api.state(charger))["currentPower"] == 7.4
    await api.advance(hours=1)
    state = await api.state(charger)
    assert (state["isConnected"], state["isCharging"], state["currentPower"]) == (True, False, 0)


async def test_thermostat_goes_off_when_its_window_closes(api: Api) -> None:
    thermostat = await api.device("hvac")
    await push_window(api, thermostat, "heat", parameters={"target": celsius(26)})
    await api.advance(hours=1)
    state = await api.state(thermostat)
    assert (state["mode"], state["active"], state["holdType"]) == ("heat", True, "permanent")
    await api.advance(hours=1)
    after = await api.state(thermostat)
    assert (after["mode"], after["active"], after["holdType"]) == ("off", False, "permanent")
    await api.post("/_simulator/options", {"idleKeepsMode": True})
    assert await api.state(thermostat) == {**after, "mode": "heat"}
    await api.post("/_simulator/options", {"idleKeepsMode": False})
    assert after["temperature"] == pytest.approx(state["temperature"] + 2, abs=0.011)
    await api.advance(days=50)
    assert await api.state(thermostat) == after


async def test_window_passed_in_one_leap_leaves_the_same(api: Api) -> None:
    first, second = (await api.devices("battery"))[:2]
    await api.advance(hours=1)
    opened_at = (await api.state(first))["level"]
    await api.advance(hours=23)
    times = {"start": wall_clock(START + timedelta(hours=25)), "end": wall_clock(START + timedelta(hours=26))}
    await api.push(first, "charge", parameters={"power": {"value": 2.08, "unit": "kw"}}, **times)
    await api.advance(days=3)
    level = (await api.state(first))["level"]
    assert level == pytest.approx(opened_at + 20 * 0.95, abs=0.02)
    assert (await api.state(second))["currentMode"] == "auto.balanced"


async def test_window_may_be_reported_completed_soon_after_it_opened(api: Api) -> None:
    """The other reading of the documentation (api §15.3 #27): the device keeps to the window all the same."""
    await api.post("/_simulator/timing", {"windowsSettle": True})
    battery = await api.device("battery")
    action_id = await push_window(api, battery, "charge")
    await api.advance(hours=1, seconds=3)
    done = at(hours=1, seconds=3)
    assert await times_of(api, action_id) == ("completed", done, at(hours=1), done)
    assert (await api.state(battery))["currentMode"] == "charge"
    await api.advance(hours=1)
    assert (await api.state(battery))["currentMode"] == "idle"


async def test_push_during_such_a_window_is_not_ended_by_it(api: Api) -> None:
    await api.post("/_simulator/timing", {"windowsSettle": True})
    battery = await api.device("battery")
    await push_window(api, battery, "charge")
    await api.advance(hours=1, minutes=30)
    assert (await api.push(battery, "discharge", parameters={"power": {"value": 1, "unit": "kw"}})).status == 202
    await api.advance(minutes=45)
    state = await api.state(battery)
    assert (state["currentMode"], state["chargeRate"]) == ("discharge", -1)


async def test_summary_on_the_reading_follows_the_action(api: Api) -> None:
    battery = await api.device("battery")
    action_id = (await api.push(battery, "charge")).data["id"]
    summary = {
        "id": action_id,
        "command": "charge",
        "state": "acknowledged",
        "createdAt": at(),
        "updatedAt": at(),
        "errorCode": None,
        "errorMessage": None,
        "links": {"self": f"/actions/{action_id}"},
    }
    assert (await api.read(battery))["lastAction"] == summary
    assert list((await api.read(battery))["lastAction"]) == list(summary)
    await api.advance(seconds=3)
    in_list = (await api.device("battery"))["lastAction"]
    assert in_list["state"] == "completed"
    assert in_list["updatedAt"] == at(seconds=3)
    assert "errorCode" not in in_list
    assert "errorMessage" not in in_list


async def test_cancel_ends_a_scheduled_action_before_it_reaches_the_device(api: Api) -> None:
    battery = await api.device("battery")
    action_id = await push_window(api, battery, "charge")
    await api.advance(minutes=10)
    answer = await api.post(f"/actions/{action_id}/cancel")
    assert answer.status == 200
    assert list(answer.data) == _FIELDS
    assert answer.data["state"] == "cancelled"
    assert answer.data["result"] is None
    assert answer.data == await api.action(action_id)
    now = at(minutes=10)
    assert await times_of(api, action_id) == ("cancelled", now, None, now)
    await api.advance(hours=1)
    assert (await api.state(battery))["currentMode"] == "auto.balanced"
    assert await times_of(api, action_id) == ("cancelled", now, None, now)


@pytest.mark.parametrize(
    ("state", "seconds", "members"),
    [
        ("acknowledged", 0, {}),
        ("completed", 3, {}),
        ("failed", 3, {"sandbox": {"outcome": "failed"}}),
        ("acknowledged", 3600, {"start": "1h"}),
        ("completed", 3603, {"start": "1h"}),
    ],
)
async def test_only_a_scheduled_action_can_be_cancelled(
    api: Api, state: str, seconds: float, members: Document
) -> None:
    battery = await api.device("battery")
    action_id = (await api.push(battery, "charge", **members)).data["id"]
    await api.advance(seconds=seconds)
    before = await api.action(action_id)
    assert before["state"] == state
    answer = await api.post(f"/actions/{action_id}/cancel")
    assert answer.failure == (409, "ACTION_NOT_CANCELLABLE", None)
    assert await api.action(action_id) == before


async def test_cancelled_action_cannot_be_cancelled_again(api: Api) -> None:
    battery = await api.device("battery")
    action_id = (await api.push(battery, "charge", start="1h")).data["id"]
    await api.post(f"/actions/{action_id}/cancel")
    answer = await api.post(f"/actions/{action_id}/cancel")
    assert answer.failure == (409, "ACTION_NOT_CANCELLABLE", None)
