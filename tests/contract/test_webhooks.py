"""Webhooks: messages, signatures and delivery faults (api §12, §15.4)."""

from datetime import timedelta
from http import HTTPStatus

import pytest

from .harness import START, Api, iso, issue_paths, wall_clock
from .receiver import DELIVERIES, SECRET, Receiver, finished_push, register


async def test_a_completed_push_is_sent(api: Api, receiver: Receiver) -> None:
    await register(api, receiver)
    battery = await api.device("battery")
    power = {"power": {"value": 2.5, "unit": "kw"}}
    action = (await api.push(battery, "charge", parameters=power)).data
    await api.advance(seconds=2.999)
    assert await receiver.received() == []
    await api.advance(seconds=0.001)
    (arrival,) = await receiver.received()
    assert arrival.body == {
        "actionId": action["id"],
        "deviceId": battery["id"],
        "deviceType": "battery",
        "command": "charge",
        "parameters": power,
        "result": {"success": True, "message": "applied"},
        "completedAt": "2026-06-14T08:15:33.000Z",
    }
    assert arrival.headers["content-type"] == "application/json"
    assert {name for name in arrival.headers if name.startswith("svix")} == {
        "svix-id",
        "svix-timestamp",
        "svix-signature",
    }
    assert arrival.at == START + timedelta(seconds=3)
    assert arrival.signed_with(SECRET)


async def test_a_failed_push_is_sent_with_its_error(api: Api, receiver: Receiver) -> None:
    await register(api, receiver)
    hvac = await api.device("hvac")
    action = (await api.push(hvac, "idle", sandbox={"outcome": "failed", "errorCode": "DEVICE_OFFLINE"})).data
    await api.advance(seconds=3)
    (arrival,) = await receiver.received()
    error = {"code": "DEVICE_OFFLINE", "message": arrival.body["errorMessage"]}
    assert arrival.body == {
        "actionId": action["id"],
        "deviceId": hvac["id"],
        "deviceType": "hvac",
        "command": "idle",
        "parameters": None,
        "result": {"success": False, "error": error},
        "completedAt": "2026-06-14T08:15:33.000Z",
        "errorCode": "DEVICE_OFFLINE",
        "errorMessage": error["message"],
    }
    assert error["message"]


async def test_a_windowed_push_is_sent_once_when_its_window_closes(api: Api, receiver: Receiver) -> None:
    await register(api, receiver)
    start, end = START + timedelta(hours=1), START + timedelta(hours=2)
    await api.push(await api.device("battery"), "charge", start=wall_clock(start), end=wall_clock(end))
    await api.set_clock(set=iso(end - timedelta(seconds=1)))
    assert await receiver.received() == []
    await api.advance(seconds=1)
    assert [arrival.body["completedAt"] for arrival in await receiver.received()] == [iso(end)]
    await api.advance(days=1)
    assert await receiver.received() == []


async def test_cancelled_actions_are_not_sent(api: Api, receiver: Receiver) -> None:
    await register(api, receiver)
    start = wall_clock(START + timedelta(hours=1))
    action = (await api.push(await api.device("battery"), "charge", start=start)).data
    assert (await api.post(f"/actions/{action['id']}/cancel")).status == HTTPStatus.OK
    await api.advance(days=1)
    assert await receiver.received() == []


async def test_what_ended_before_the_webhook_was_added_is_not_sent(api: Api, receiver: Receiver) -> None:
    await finished_push(api)
    await register(api, receiver)
    assert await receiver.received() == []
    action_id = await finished_push(api)
    assert [arrival.body["actionId"] for arrival in await receiver.received()] == [action_id]


async def test_a_push_that_ends_at_once_is_sent_at_once(api: Api, receiver: Receiver) -> None:
    await register(api, receiver)
    await api.post("/_simulator/timing", {"settleSeconds": 0})
    first = (await api.push(await api.device("battery"), "charge")).data["id"]
    assert [arrival.body["actionId"] for arrival in await receiver.received()] == [first]
    second = (await api.push(await api.device("battery"), "charge")).data["id"]
    assert [arrival.body["actionId"] for arrival in await receiver.received()] == [second]


async def test_what_ends_during_a_jump_is_sent_in_its_order(api: Api, receiver: Receiver) -> None:
    await register(api, receiver)
    later = wall_clock(START + timedelta(hours=3))
    last = (await api.push(await api.device("battery"), "charge", start=later)).data["id"]
    sooner = wall_clock(START + timedelta(hours=1))
    first = (await api.push(await api.device("ev-charger"), "charge", start=sooner)).data["id"]
    await api.advance(days=1)
    arrivals = await receiver.received()
    assert [arrival.body["actionId"] for arrival in arrivals] == [first, last]
    assert len({arrival.id for arrival in arrivals}) == 2


@pytest.mark.parametrize("event", ["device.connected", "device.disconnected", "device.reconnected"])
async def test_an_event_of_a_device_is_sent(api: Api, receiver: Receiver, event: str) -> None:
    await register(api, receiver)
    charger = await api.device("ev-charger")
    expected = {"deviceId": charger["id"], "deviceType": "ev_charger", "timestamp": iso(START)}
    assert (await api.post(f"/_simulator/devices/{charger['id']}/event", {"event": event})).data == expected
    (arrival,) = await receiver.received()
    assert arrival.body == expected
    assert arrival.signed_with(SECRET)


async def test_a_lost_connection_may_have_a_reconnection_url(api: Api, receiver: Receiver) -> None:
    await register(api, receiver)
    path = f"/_simulator/devices/{(await api.device('vehicle'))['id']}/event"
    url = "https://auth.amps.ai/?reconnect=true&token=abc"
    await api.post(path, {"event": "device.disconnected", "reconnectionUrl": url})
    (arrival,) = await receiver.received()
    assert arrival.body["reconnectionUrl"] == url
    for body, wrong in (
        ({"event": "device.connected", "reconnectionUrl": url}, "reconnectionUrl"),
        ({"event": "push.completed"}, "event"),
        ({}, "event"),
    ):
        assert wrong in issue_paths(await api.post(path, body))
    unknown = await api.post("/_simulator/devices/device_nobody/event", {"event": "device.connected"})
    assert unknown.failure == (404, "DEVICE_NOT_FOUND", None)
    assert await receiver.received() == []


async def test_a_delivery_is_repeated_until_it_arrives(api: Api, receiver: Receiver) -> None:
    await register(api, receiver)
    receiver.statuses = [500, 302, 404, 204]
    await finished_push(api)
    arrivals = await receiver.received()
    for seconds in (1, 5, 30):
        await api.advance(seconds=seconds - 0.001)
        assert await receiver.received() == []
        await api.advance(seconds=0.001)
        arrivals += await receiver.received()
    await api.advance(days=1)
    assert await receiver.received() == []
    assert len({(arrival.id, arrival.raw) for arrival in arrivals}) == 1
    assert [(arrival.at - START).total_seconds() for arrival in arrivals] == [3, 4, 9, 39]
    assert all(arrival.signed_with(SECRET) for arrival in arrivals)
    log = (await api.get(DELIVERIES)).data
    assert log["pending"] == []
    assert [(entry["attempt"], entry["status"], entry["arrived"]) for entry in log["items"]] == [
        (1, 500, False),
        (2, 302, False),
        (3, 404, False),
        (4, 204, True),
    ]


async def test_a_delivery_is_given_up_after_its_attempts(api: Api, receiver: Receiver) -> None:
    await register(api, receiver)
    receiver.statuses = [500] * 9
    await finished_push(api)
    count = len(await receiver.received())
    for _ in range(4):
        await api.advance(hours=1)
        count += len(await receiver.received())
    assert count == 4
    assert (await api.get(DELIVERIES)).data["pending"] == []


async def test_the_attempts_can_be_chosen(api: Api, receiver: Receiver) -> None:
    await register(api, receiver, retrySeconds=[60])
    receiver.statuses = [500] * 9
    await finished_push(api)
    assert len(await receiver.received()) == 1
    await api.advance(seconds=60)
    assert len(await receiver.received()) == 1
    await api.advance(days=1)
    assert await receiver.received() == []


async def test_the_log_shows_what_was_sent_and_can_be_cleared(api: Api, receiver: Receiver) -> None:
    webhook = await register(api, receiver)
    await finished_push(api)
    (arrival,) = await receiver.received()
    (entry,) = (await api.get(DELIVERIES)).data["items"]
    headers = {name.lower(): text for name, text in entry.pop("headers").items()}
    assert headers == {name: arrival.headers[name] for name in headers}
    assert entry == {
        "id": arrival.id,
        "webhookId": webhook["id"],
        "event": "push.completed",
        "attempt": 1,
        "dueAt": iso(START + timedelta(seconds=3)),
        "body": arrival.raw.decode(),
        "at": iso(START + timedelta(seconds=3)),
        "url": receiver.url,
        "status": 200,
        "arrived": True,
    }
    assert (await api.send("DELETE", DELIVERIES)).data == {"items": [], "pending": []}
