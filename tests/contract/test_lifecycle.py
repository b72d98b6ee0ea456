"""The life of an action while time passes (api §6.4 to §6.6, §15.3 #26, #27, #48)."""

from datetime import timedelta

import pytest

from .harness import START, Api, Document, celsius, iso, percent, wall_clock

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


def _at(**span: float) -> str:
    return iso(START + timedelta(**span))


async def _stage(api: Api, action_id: str) -> tuple[str, str, str | None, str | None]:
    action = await api.action(action_id)
    return action["state"], action["updatedAt"], action["acknowledgedAt"], action["completedAt"]


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
        "createdAt": _at(),
        "updatedAt": _at(seconds=3),
        "acknowledgedAt": _at(),
        "completedAt": _at(seconds=3),
        "start": None,
        "end": None,
        "links": {"self": f"/actions/{action_id}"},
    }


async def test_immediate_action_is_acknowledged_then_completed(api: Api) -> None:
    battery = await api.device("battery")
    action_id = (await api.push(battery, "charge")).data["id"]
    assert await _stage(api, action_id) == ("acknowledged", _at(), _at(), None)
    assert (await api.action(action_id))["result"] is None
    await api.advance(seconds=2.999)
    assert await _stage(api, action_id) == ("acknowledged", _at(), _at(), None)
    await api.advance(milliseconds=1)
    assert await _stage(api, action_id) == ("completed", _at(seconds=3), _at(), _at(seconds=3))


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
    assert await _stage(api, answer.data["id"]) == ("completed", _at(seconds=seconds), _at(), _at(seconds=seconds))


async def test_changed_timing_does_not_affect_open_actions(api: Api) -> None:
    battery = await api.device("battery")
    action_id = (await api.push(battery, "charge")).data["id"]
    await api.post("/_simulator/timing", {"settleSeconds": 180})
    await api.advance(seconds=3)
    assert (await api.action(action_id))["state"] == "completed"


async def test_scheduled_action_takes_effect_at_its_start_and_stays(api: Api) -> None:
    battery = await api.device("battery")
    action_id = (await api.push(battery, "charge", parameters={"target": percent(100)}, start="1h")).data["id"]
    assert await _stage(api, action_id) == ("scheduled", _at(), None, None)
    await api.advance(minutes=59, seconds=59.999)
    assert await _stage(api, action_id) == ("scheduled", _at(), None, None)
    assert (await api.state(battery))["currentMode"] == "auto.balanced"
    await api.advance(milliseconds=1)
    assert await _stage(api, action_id) == ("acknowledged", _at(hours=1), _at(hours=1), None)
    assert (await api.state(battery))["currentMode"] == "charge"
    await api.advance(seconds=3)
    done = _at(hours=1, seconds=3)
    assert await _stage(api, action_id) == ("completed", done, _at(hours=1), done)
    await api.advance(days=200)
    state = await api.state(battery)
    assert (state["level"], state["currentMode"]) == (100, "charge")


async def _open_window(api: Api, device: Document, command: str, **members: object) -> str:
    times = {"start": wall_clock(START + timedelta(hours=1)), "end": wall_clock(START + timedelta(hours=2))}
    action_id: str = (await api.push(device, command, **members, **times)).data["id"]
    return action_id


async def test_windowed_action_is_acknowledged_in_its_window_and_completed_at_its_end(api: Api) -> None:
    battery = await api.device("battery")
    action_id = await _open_window(api, battery, "charge")
    await api.advance(minutes=59)
    assert await _stage(api, action_id) == ("scheduled", _at(), None, None)
    await api.advance(minutes=1)
    assert await _stage(api, action_id) == ("acknowledged", _at(hours=1), _at(hours=1), None)
    await api.advance(minutes=59, seconds=59.999)
    assert await _stage(api, action_id) == ("acknowledged", _at(hours=1), _at(hours=1), None)
    await api.advance(milliseconds=1)
    assert await _stage(api, action_id) == ("completed", _at(hours=2), _at(hours=1), _at(hours=2))


async def test_battery_holds_what_a_window_left(api: Api) -> None:
    battery = await api.device("battery")
    await _open_window(api, battery, "charge", parameters={"power": {"value": 1.04, "unit": "kw"}})
    await api.advance(hours=1)
    state = await api.state(battery)
    assert (state["status"], state["currentMode"], state["chargeRate"]) == ("charging", "charge", 1.04)
    opened_at = state["level"]
    await api.advance(hours=1)
    held = await api.state(battery)
    assert (held["status"], held["currentMode"], held["chargeRate"]) == ("idle", "idle", 0)
    assert held["level"] == pytest.approx(opened_at + 10 * 0.95, abs=0.011)
    await api.advance(days=50)
    assert await api.state(battery) == held


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
    await _open_window(api, thermostat, "heat", parameters={"target": celsius(26)})
    await api.advance(hours=1)
    state = await api.state(thermostat)
    assert (state["mode"], state["active"], state["holdType"]) == ("heat", True, "permanent")
    await api.advance(hours=1)
    held = await api.state(thermostat)
    assert (held["mode"], held["active"], held["holdType"]) == ("off", False, "permanent")
    await api.post("/_simulator/options", {"idleKeepsMode": True})
    assert await api.state(thermostat) == {**held, "mode": "heat"}
    await api.post("/_simulator/options", {"idleKeepsMode": False})
    assert held["temperature"] == pytest.approx(state["temperature"] + 2, abs=0.011)
    await api.advance(days=50)
    assert await api.state(thermostat) == held


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
    action_id = await _open_window(api, battery, "charge")
    await api.advance(hours=1, seconds=3)
    done = _at(hours=1, seconds=3)
    assert await _stage(api, action_id) == ("completed", done, _at(hours=1), done)
    assert (await api.state(battery))["currentMode"] == "charge"
    await api.advance(hours=1)
    assert (await api.state(battery))["currentMode"] == "idle"


async def test_push_during_such_a_window_is_not_ended_by_it(api: Api) -> None:
    await api.post("/_simulator/timing", {"windowsSettle": True})
    battery = await api.device("battery")
    await _open_window(api, battery, "charge")
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
        "createdAt": _at(),
        "updatedAt": _at(),
        "errorCode": None,
        "errorMessage": None,
        "links": {"self": f"/actions/{action_id}"},
    }
    assert (await api.read(battery))["lastAction"] == summary
    assert list((await api.read(battery))["lastAction"]) == list(summary)
    await api.advance(seconds=3)
    in_list = (await api.device("battery"))["lastAction"]
    assert in_list["state"] == "completed"
    assert in_list["updatedAt"] == _at(seconds=3)
    assert "errorCode" not in in_list
    assert "errorMessage" not in in_list


async def test_cancel_ends_a_scheduled_action_before_it_reaches_the_device(api: Api) -> None:
    battery = await api.device("battery")
    action_id = await _open_window(api, battery, "charge")
    await api.advance(minutes=10)
    answer = await api.post(f"/actions/{action_id}/cancel")
    assert answer.status == 200
    assert list(answer.data) == _FIELDS
    assert answer.data["state"] == "cancelled"
    assert answer.data["result"] is None
    assert answer.data == await api.action(action_id)
    now = _at(minutes=10)
    assert await _stage(api, action_id) == ("cancelled", now, None, now)
    await api.advance(hours=1)
    assert (await api.state(battery))["currentMode"] == "auto.balanced"
    assert await _stage(api, action_id) == ("cancelled", now, None, now)


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


async def test_failure_on_request(api: Api) -> None:
    battery = await api.device("battery")
    before = await api.state(battery)
    sandbox = {"outcome": "failed", "errorCode": "DEVICE_OFFLINE", "delaySeconds": 5}
    answer = await api.push(battery, "charge", sandbox=sandbox)
    assert (answer.status, answer.data["state"]) == (202, "acknowledged")
    assert "sandbox" not in answer.data
    action_id = answer.data["id"]
    assert await api.state(battery) == before
    await api.advance(seconds=4.999)
    assert await _stage(api, action_id) == ("acknowledged", _at(), _at(), None)
    assert (await api.action(action_id))["errorCode"] is None
    await api.advance(milliseconds=1)
    assert await _stage(api, action_id) == ("failed", _at(seconds=5), _at(), _at(seconds=5))
    action = await api.action(action_id)
    assert action["errorCode"] == "DEVICE_OFFLINE"
    assert action["errorMessage"]
    assert action["result"] == {
        "success": False,
        "error": {"code": "DEVICE_OFFLINE", "message": action["errorMessage"]},
    }
    summary = (await api.read(battery))["lastAction"]
    assert (summary["state"], summary["errorCode"]) == ("failed", "DEVICE_OFFLINE")
    assert summary["errorMessage"] == action["errorMessage"]
    assert (await api.state(battery))["currentMode"] == "auto.balanced"


async def test_failure_of_a_window_comes_when_it_opens(api: Api) -> None:
    battery = await api.device("battery")
    action_id = await _open_window(
        api, battery, "charge", sandbox={"outcome": "failed", "errorCode": "SOMETHING_NEW", "delaySeconds": 5}
    )
    await api.advance(hours=1, seconds=5)
    action = await api.action(action_id)
    assert (action["state"], action["errorCode"]) == ("failed", "SOMETHING_NEW")
    assert (await api.state(battery))["currentMode"] == "auto.balanced"


async def test_window_fails_at_its_end_at_the_latest(api: Api) -> None:
    battery = await api.device("battery")
    action_id = await _open_window(api, battery, "charge", sandbox={"outcome": "failed", "delaySeconds": 86400})
    await api.advance(hours=2)
    assert await _stage(api, action_id) == ("failed", _at(hours=2), _at(hours=1), _at(hours=2))


@pytest.mark.parametrize(
    "sandbox",
    [
        {},
        {"anything": [1, {"goes": None}]},
        {"outcome": "completed"},
        {"outcome": 5, "delaySeconds": "soon"},
        {"delaySeconds": -1},
        {"delaySeconds": True},
        {"delaySeconds": None},
    ],
)
async def test_sandbox_member_takes_any_object(api: Api, sandbox: Document) -> None:
    battery = await api.device("battery")
    answer = await api.push(battery, "charge", sandbox=sandbox)
    assert answer.status == 202
    await api.advance(seconds=3)
    assert (await api.action(answer.data["id"]))["state"] == "completed"


@pytest.mark.parametrize(("delay", "seconds"), [(30, 30), (0.5, 0.5), (0, 0), (1e300, 30 * 86400)])
async def test_delay_on_request(api: Api, delay: float, seconds: float) -> None:
    battery = await api.device("battery")
    action_id = (await api.push(battery, "charge", sandbox={"delaySeconds": delay})).data["id"]
    if seconds:
        await api.advance(seconds=seconds - 0.001)
        assert (await api.action(action_id))["state"] == "acknowledged"
        await api.advance(seconds=0.001)
    assert (await api.action(action_id))["state"] == "completed"


async def test_actions_are_listed_newest_first_over_all_types(api: Api) -> None:
    expected: list[str] = []
    for segment in ("battery", "ev-charger", "hvac"):
        for device in await api.devices(segment):
            expected.insert(0, (await api.push(device, "idle")).data["id"])
            await api.advance(seconds=1)
    listed = (await api.get("/actions", limit=50)).data
    assert [action["id"] for action in listed["items"]] == expected
    assert listed["items"] == [await api.action(action_id) for action_id in expected]
    assert listed["pagination"]["total"] == 7
    page = (await api.get("/actions", limit=2, offset=3)).data
    assert [action["id"] for action in page["items"]] == expected[3:5]
    assert page["pagination"] == {"limit": 2, "offset": 3, "total": 7, "hasMore": True}


async def test_actions_of_one_instant_are_listed_newest_first(api: Api) -> None:
    await api.post("/_simulator/timing", {"settleSeconds": 0})
    battery = await api.device("battery")
    pushed = [(await api.push(battery, command)).data["id"] for command in ("charge", "idle", "discharge")]
    listed = (await api.get("/actions")).data["items"]
    assert [action["id"] for action in listed] == pushed[::-1]
    assert (await api.read(battery))["lastAction"]["id"] == pushed[-1]
    assert (await api.state(battery))["currentMode"] == "discharge"


async def test_the_last_200_ended_actions_of_a_device_are_kept(api: Api) -> None:
    battery, other = (await api.devices("battery"))[:2]
    elsewhere = (await api.push(other, "idle")).data["id"]
    first = (await api.push(battery, "idle")).data["id"]
    await api.advance(seconds=3)
    kept = await api.action(first)
    for _ in range(200):
        await api.advance(days=2)
        await api.push(battery, "idle")
    assert await api.action(first) == kept
    assert (await api.get("/actions", limit=1, offset=200)).data["items"] == [kept]
    await api.advance(seconds=3)
    await api.push(battery, "idle")
    assert (await api.get(f"/actions/{first}")).failure == (404, "NOT_FOUND", None)
    assert (await api.get("/actions", deviceId=battery["id"])).data["pagination"]["total"] == 201
    assert (await api.action(elsewhere))["state"] == "completed"
    assert (await api.state(battery))["currentMode"] == "idle"


async def test_actions_can_be_filtered(api: Api) -> None:
    batteries, charger = await api.devices("battery"), await api.device("ev-charger")
    ids: dict[str, str] = {}
    ids["completed"] = (await api.push(batteries[0], "idle")).data["id"]
    ids["failed"] = (await api.push(charger, "idle", sandbox={"outcome": "failed"})).data["id"]
    await api.advance(seconds=3)
    ids["acknowledged"] = (await api.push(batteries[1], "idle")).data["id"]
    ids["scheduled"] = (await api.push(batteries[2], "idle", start="1h")).data["id"]
    ids["cancelled"] = (await api.push(charger, "idle", start="1h")).data["id"]
    await api.post(f"/actions/{ids['cancelled']}/cancel")

    async def listed(**query: str) -> set[str]:
        return {action["id"] for action in (await api.get("/actions", **query)).data["items"]}

    for state, action_id in ids.items():
        assert await listed(state=state) == {action_id}
    assert await listed(deviceType="ev_charger") == {ids["failed"], ids["cancelled"]}
    assert await listed(deviceType="solar_inverter") == set()
    assert await listed(deviceId=batteries[1]["id"]) == {ids["acknowledged"]}
    assert await listed(deviceId="device_nobody") == set()
    assert await listed(deviceId=charger["id"], state="failed") == {ids["failed"]}
    assert await listed(deviceId=charger["id"], deviceType="battery") == set()

    owners = {item["id"]: item["userId"] for item in (await api.get("/_simulator/devices")).data["items"]}
    owner = owners[batteries[1]["id"]]
    assert await listed(userId=owner) == {ids["acknowledged"]}
    assert await listed(userId="user_nobody") == set()


@pytest.mark.parametrize(
    ("name", "value"), [("state", "running"), ("state", ""), ("deviceType", "ev-charger"), ("deviceType", "boiler")]
)
async def test_filter_with_an_unknown_value_is_refused(api: Api, name: str, value: str) -> None:
    answer = await api.get("/actions", **{name: value})
    assert answer.failure[:2] == (400, "VALIDATION_ERROR")
