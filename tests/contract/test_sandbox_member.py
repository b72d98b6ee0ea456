"""Outcomes on request, by the `sandbox` member of a push (api §15.3 #48)."""

import pytest

from .actions import at, push_window, times_of
from .harness import Api, Document


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
    assert await times_of(api, action_id) == ("acknowledged", at(), at(), None)
    assert (await api.action(action_id))["errorCode"] is None
    await api.advance(milliseconds=1)
    assert await times_of(api, action_id) == ("failed", at(seconds=5), at(), at(seconds=5))
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
    action_id = await push_window(
        api, battery, "charge", sandbox={"outcome": "failed", "errorCode": "SOMETHING_NEW", "delaySeconds": 5}
    )
    await api.advance(hours=1, seconds=5)
    action = await api.action(action_id)
    assert (action["state"], action["errorCode"]) == ("failed", "SOMETHING_NEW")
    assert (await api.state(battery))["currentMode"] == "auto.balanced"


async def test_window_fails_at_its_end_at_the_latest(api: Api) -> None:
    battery = await api.device("battery")
    action_id = await push_window(api, battery, "charge", sandbox={"outcome": "failed", "delaySeconds": 86400})
    await api.advance(hours=2)
    assert await times_of(api, action_id) == ("failed", at(hours=2), at(hours=1), at(hours=2))


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
