"""The list of actions: order, filters, and how many are kept (api §6.6)."""

import pytest

from .harness import Api


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
