"""Webhooks: messages, signatures and delivery faults (api §12, §15.4)."""

import asyncio
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
import hmac
from http import HTTPStatus
import json

from aiohttp import web
import pytest

from .harness import START, Api, Document, InProcess, iso, issue_paths, wall_clock

_WEBHOOKS = "/_simulator/webhooks"
_DELIVERIES = "/_simulator/deliveries"
_SECRET = "whsec_" + b64encode(b"a secret of the tests").decode()
_OTHER_SECRET = "whsec_" + b64encode(b"another secret").decode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One delivery as it arrived."""

    headers: Mapping[str, str]
    raw: bytes

    @property
    def body(self) -> Document:
        """The parsed body."""
        body: Document = json.loads(self.raw)
        return body

    @property
    def id(self) -> str:
        """The id of the message."""
        return self.headers["svix-id"]

    @property
    def at(self) -> datetime:
        """The timestamp of the header."""
        return datetime.fromtimestamp(int(self.headers["svix-timestamp"]), UTC)

    def signed_with(self, *secrets: str) -> bool:
        """Return whether its signatures are those of these secrets, in their order (api §12.1)."""
        content = f"{self.id}.{self.headers['svix-timestamp']}.".encode() + self.raw
        expected = [
            "v1," + b64encode(hmac.new(b64decode(secret.split("_", 1)[1]), content, sha256).digest()).decode()
            for secret in secrets
        ]
        return self.headers["svix-signature"].split(" ") == expected


@dataclass(kw_only=True)
class Receiver:
    """A receiver; it answers with the statuses it is given, then with 200."""

    api: Api
    url: str
    arrivals: list[Arrival] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)

    def take(self, headers: Mapping[str, str], raw: bytes) -> int:
        """Record a delivery and return the status of the answer."""
        self.arrivals.append(Arrival(headers={name.lower(): text for name, text in headers.items()}, raw=raw))
        return self.statuses.pop(0) if self.statuses else 200

    async def empty(self) -> list[Arrival]:
        """Return the deliveries since the last call, once nothing is due."""
        if isinstance(self.api, InProcess):
            while deliveries := self.api.simulator.deliveries():
                for delivery in deliveries:
                    assert delivery.url == self.url
                    self.api.simulator.record_result(delivery, self.take(delivery.headers, delivery.body))
        async with asyncio.timeout(10):
            while await self._is_due():
                pass  # each check is a request, during which the server delivers
        arrived, self.arrivals = self.arrivals, []
        return arrived

    async def _is_due(self) -> bool:
        now = (await self.api.get("/_simulator/clock")).data["now"]
        return any(message["dueAt"] <= now for message in (await self.api.get(_DELIVERIES)).data["pending"])


@pytest.fixture
async def receiver(api: Api) -> AsyncIterator[Receiver]:
    """Return a receiver that is not registered yet."""
    if isinstance(api, InProcess):
        yield Receiver(api=api, url="https://mailbox.test/amps")
        return
    async with _served(Receiver(api=api, url="")) as receiver:
        yield receiver


@asynccontextmanager
async def _served(receiver: Receiver) -> AsyncIterator[Receiver]:
    async def take(request: web.Request) -> web.Response:
        return web.Response(status=receiver.take(request.headers, await request.read()))

    app = web.Application()
    app.router.add_post("/amps", take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/amps"
    try:
        yield receiver
    finally:
        await runner.cleanup()


async def _register(api: Api, receiver: Receiver, **members: object) -> Document:
    answer = await api.post(_WEBHOOKS, {"url": receiver.url, "secret": _SECRET, **members})
    assert answer.status == HTTPStatus.OK, answer.document
    return answer.data


async def _finished_push(api: Api) -> str:
    """Push a command that completes three seconds later, and let them pass."""
    action_id: str = (await api.push(await api.device("battery"), "charge")).data["id"]
    await api.advance(seconds=3)
    return action_id


async def test_a_completed_push_is_sent(api: Api, receiver: Receiver) -> None:
    await _register(api, receiver)
    battery = await api.device("battery")
    power = {"power": {"value": 2.5, "unit": "kw"}}
    action = (await api.push(battery, "charge", parameters=power)).data
    await api.advance(seconds=2.999)
    assert await receiver.empty() == []
    await api.advance(seconds=0.001)
    (arrival,) = await receiver.empty()
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
    assert arrival.signed_with(_SECRET)


async def test_a_failed_push_is_sent_with_its_error(api: Api, receiver: Receiver) -> None:
    await _register(api, receiver)
    hvac = await api.device("hvac")
    action = (await api.push(hvac, "idle", sandbox={"outcome": "failed", "errorCode": "DEVICE_OFFLINE"})).data
    await api.advance(seconds=3)
    (arrival,) = await receiver.empty()
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
    await _register(api, receiver)
    start, end = START + timedelta(hours=1), START + timedelta(hours=2)
    await api.push(await api.device("battery"), "charge", start=wall_clock(start), end=wall_clock(end))
    await api.set_clock(set=iso(end - timedelta(seconds=1)))
    assert await receiver.empty() == []
    await api.advance(seconds=1)
    assert [arrival.body["completedAt"] for arrival in await receiver.empty()] == [iso(end)]
    await api.advance(days=1)
    assert await receiver.empty() == []


async def test_cancelled_actions_are_not_sent(api: Api, receiver: Receiver) -> None:
    await _register(api, receiver)
    start = wall_clock(START + timedelta(hours=1))
    action = (await api.push(await api.device("battery"), "charge", start=start)).data
    assert (await api.post(f"/actions/{action['id']}/cancel")).status == HTTPStatus.OK
    await api.advance(days=1)
    assert await receiver.empty() == []


async def test_what_ended_before_the_webhook_was_added_is_not_sent(api: Api, receiver: Receiver) -> None:
    await _finished_push(api)
    await _register(api, receiver)
    assert await receiver.empty() == []
    action_id = await _finished_push(api)
    assert [arrival.body["actionId"] for arrival in await receiver.empty()] == [action_id]


async def test_a_push_that_ends_at_once_is_sent_at_once(api: Api, receiver: Receiver) -> None:
    await _register(api, receiver)
    await api.post("/_simulator/timing", {"settleSeconds": 0})
    first = (await api.push(await api.device("battery"), "charge")).data["id"]
    assert [arrival.body["actionId"] for arrival in await receiver.empty()] == [first]
    second = (await api.push(await api.device("battery"), "charge")).data["id"]
    assert [arrival.body["actionId"] for arrival in await receiver.empty()] == [second]


async def test_what_ends_during_a_jump_is_sent_in_its_order(api: Api, receiver: Receiver) -> None:
    await _register(api, receiver)
    later = wall_clock(START + timedelta(hours=3))
    last = (await api.push(await api.device("battery"), "charge", start=later)).data["id"]
    sooner = wall_clock(START + timedelta(hours=1))
    first = (await api.push(await api.device("ev-charger"), "charge", start=sooner)).data["id"]
    await api.advance(days=1)
    arrivals = await receiver.empty()
    assert [arrival.body["actionId"] for arrival in arrivals] == [first, last]
    assert len({arrival.id for arrival in arrivals}) == 2


@pytest.mark.parametrize("event", ["device.connected", "device.disconnected", "device.reconnected"])
async def test_an_event_of_a_device_is_sent(api: Api, receiver: Receiver, event: str) -> None:
    await _register(api, receiver)
    charger = await api.device("ev-charger")
    expected = {"deviceId": charger["id"], "deviceType": "ev_charger", "timestamp": iso(START)}
    assert (await api.post(f"/_simulator/devices/{charger['id']}/event", {"event": event})).data == expected
    (arrival,) = await receiver.empty()
    assert arrival.body == expected
    assert arrival.signed_with(_SECRET)


async def test_a_lost_connection_may_have_a_reconnection_url(api: Api, receiver: Receiver) -> None:
    await _register(api, receiver)
    path = f"/_simulator/devices/{(await api.device('vehicle'))['id']}/event"
    url = "https://auth.amps.ai/?reconnect=true&token=abc"
    await api.post(path, {"event": "device.disconnected", "reconnectionUrl": url})
    (arrival,) = await receiver.empty()
    assert arrival.body["reconnectionUrl"] == url
    for body, wrong in (
        ({"event": "device.connected", "reconnectionUrl": url}, "reconnectionUrl"),
        ({"event": "push.completed"}, "event"),
        ({}, "event"),
    ):
        assert wrong in issue_paths(await api.post(path, body))
    unknown = await api.post("/_simulator/devices/device_nobody/event", {"event": "device.connected"})
    assert unknown.failure == (404, "DEVICE_NOT_FOUND", None)
    assert await receiver.empty() == []


async def test_a_delivery_is_repeated_until_it_arrives(api: Api, receiver: Receiver) -> None:
    await _register(api, receiver)
    receiver.statuses = [500, 302, 404, 204]
    await _finished_push(api)
    arrivals = await receiver.empty()
    for seconds in (1, 5, 30):
        await api.advance(seconds=seconds - 0.001)
        assert await receiver.empty() == []
        await api.advance(seconds=0.001)
        arrivals += await receiver.empty()
    await api.advance(days=1)
    assert await receiver.empty() == []
    assert len({(arrival.id, arrival.raw) for arrival in arrivals}) == 1
    assert [(arrival.at - START).total_seconds() for arrival in arrivals] == [3, 4, 9, 39]
    assert all(arrival.signed_with(_SECRET) for arrival in arrivals)
    log = (await api.get(_DELIVERIES)).data
    assert log["pending"] == []
    assert [(entry["attempt"], entry["status"], entry["arrived"]) for entry in log["items"]] == [
        (1, 500, False),
        (2, 302, False),
        (3, 404, False),
        (4, 204, True),
    ]


async def test_a_delivery_is_given_up_after_its_attempts(api: Api, receiver: Receiver) -> None:
    await _register(api, receiver)
    receiver.statuses = [500] * 9
    await _finished_push(api)
    count = len(await receiver.empty())
    for _ in range(4):
        await api.advance(hours=1)
        count += len(await receiver.empty())
    assert count == 4
    assert (await api.get(_DELIVERIES)).data["pending"] == []


async def test_the_attempts_can_be_chosen(api: Api, receiver: Receiver) -> None:
    await _register(api, receiver, retrySeconds=[60])
    receiver.statuses = [500] * 9
    await _finished_push(api)
    assert len(await receiver.empty()) == 1
    await api.advance(seconds=60)
    assert len(await receiver.empty()) == 1
    await api.advance(days=1)
    assert await receiver.empty() == []


async def test_the_log_shows_what_was_sent_and_can_be_cleared(api: Api, receiver: Receiver) -> None:
    webhook = await _register(api, receiver)
    await _finished_push(api)
    (arrival,) = await receiver.empty()
    (entry,) = (await api.get(_DELIVERIES)).data["items"]
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
    assert (await api.send("DELETE", _DELIVERIES)).data == {"items": [], "pending": []}


async def test_duplicates_come_under_the_same_id(api: Api, receiver: Receiver) -> None:
    await _register(api, receiver, mischief={"duplicates": 2})
    await _finished_push(api)
    arrivals = await receiver.empty()
    assert len(arrivals) == 3
    assert len({(arrival.id, arrival.raw) for arrival in arrivals}) == 1


async def test_a_delayed_message_says_when_it_was_sent(api: Api, receiver: Receiver) -> None:
    await _register(api, receiver, mischief={"delaySeconds": 600})
    await _finished_push(api)
    await api.advance(seconds=599)
    assert await receiver.empty() == []
    await api.advance(seconds=1)
    (arrival,) = await receiver.empty()
    assert arrival.body["completedAt"] == iso(START + timedelta(seconds=3))
    assert arrival.at == START + timedelta(seconds=603)


async def test_a_stale_message_is_signed_with_its_old_timestamp(api: Api, receiver: Receiver) -> None:
    await _register(api, receiver, mischief={"staleSeconds": 301})
    await _finished_push(api)
    (arrival,) = await receiver.empty()
    assert arrival.at == START + timedelta(seconds=3 - 301)
    assert arrival.signed_with(_SECRET)


async def test_a_forged_message_is_not_signed_with_the_secret(api: Api, receiver: Receiver) -> None:
    await _register(api, receiver, mischief={"forged": True})
    await _finished_push(api)
    (arrival,) = await receiver.empty()
    assert arrival.headers["svix-signature"].startswith("v1,")
    assert not arrival.signed_with(_SECRET)


async def test_reordered_messages_come_after_the_next_one(api: Api, receiver: Receiver) -> None:
    await _register(api, receiver, mischief={"reorder": True, "duplicates": 1})
    first = await _finished_push(api)
    assert await receiver.empty() == []
    second = await _finished_push(api)
    assert [arrival.body["actionId"] for arrival in await receiver.empty()] == [second, second, first, first]


async def test_a_message_does_not_wait_forever_for_the_next_one(api: Api, receiver: Receiver) -> None:
    await _register(api, receiver, mischief={"reorder": True})
    first = await _finished_push(api)
    await api.advance(seconds=59.999)
    assert await receiver.empty() == []
    await api.advance(seconds=0.001)
    assert [arrival.body["actionId"] for arrival in await receiver.empty()] == [first]
    receiver.statuses = [500]
    second = await _finished_push(api)
    await api.advance(seconds=60)
    assert [arrival.body["actionId"] for arrival in await receiver.empty()] == [second]
    third = await _finished_push(api)
    assert [arrival.body["actionId"] for arrival in await receiver.empty()] == [second]
    await api.advance(seconds=60)
    assert [arrival.body["actionId"] for arrival in await receiver.empty()] == [third]


async def test_a_message_that_has_waited_long_enough_is_not_put_after_a_later_one(api: Api, receiver: Receiver) -> None:
    """Also without a request meanwhile: a jump of the clock makes no difference."""
    await _register(api, receiver, mischief={"reorder": True})
    later = wall_clock(START + timedelta(hours=3))
    second = (await api.push(await api.device("battery"), "charge", start=later)).data["id"]
    sooner = wall_clock(START + timedelta(hours=1))
    first = (await api.push(await api.device("ev-charger"), "charge", start=sooner)).data["id"]
    await api.advance(days=1)
    assert [arrival.body["actionId"] for arrival in await receiver.empty()] == [first, second]


async def test_delivery_faults_can_concern_the_next_messages_alone(api: Api, receiver: Receiver) -> None:
    webhook = await _register(api, receiver)
    path = f"{_WEBHOOKS}/{webhook['id']}"
    changed = (await api.post(path, {"mischief": {"forged": True}, "mischiefCount": 2})).data
    assert (changed["mischief"]["forged"], changed["mischiefLeft"]) == (True, 2)
    honest = []
    for _ in range(3):
        await _finished_push(api)
        honest += [arrival.signed_with(_SECRET) for arrival in await receiver.empty()]
    assert honest == [False, False, True]
    assert (await api.get(_WEBHOOKS)).data["items"] == [webhook]


async def test_during_a_rotation_both_secrets_sign(api: Api, receiver: Receiver) -> None:
    webhook = await _register(api, receiver)
    path = f"{_WEBHOOKS}/{webhook['id']}/rotate"
    rotated = (await api.post(path, {"secret": _OTHER_SECRET, "overlapSeconds": 60})).data
    assert (rotated["secret"], rotated["retiredSecret"]) == (_OTHER_SECRET, _SECRET)
    assert rotated["retiresAt"] == iso(START + timedelta(seconds=60))
    await _finished_push(api)
    (arrival,) = await receiver.empty()
    assert arrival.signed_with(_OTHER_SECRET, _SECRET)
    await api.set_clock(set=iso(START + timedelta(seconds=57)))
    await _finished_push(api)
    (arrival,) = await receiver.empty()
    assert arrival.at == START + timedelta(seconds=60)
    assert arrival.signed_with(_OTHER_SECRET)
    made = (await api.post(path, {})).data["secret"]
    assert made not in (_SECRET, _OTHER_SECRET)


async def test_several_webhooks_are_signed_with_their_own_secrets(api: Api, receiver: Receiver) -> None:
    await _register(api, receiver)
    await _register(api, receiver, secret=_OTHER_SECRET)
    await _finished_push(api)
    one, other = sorted(await receiver.empty(), key=lambda arrival: not arrival.signed_with(_SECRET))
    assert one.signed_with(_SECRET)
    assert other.signed_with(_OTHER_SECRET)
    assert one.id != other.id


async def test_a_webhook_can_be_removed_with_its_pending_messages(api: Api, receiver: Receiver) -> None:
    webhook = await _register(api, receiver, mischief={"delaySeconds": 60})
    await _finished_push(api)
    assert (await api.send("DELETE", f"{_WEBHOOKS}/{webhook['id']}")).data == {"items": []}
    await api.advance(days=1)
    assert await receiver.empty() == []
    for method, path in (("DELETE", ""), ("POST", ""), ("POST", "/rotate")):
        headers = {**api.headers, "Content-Type": "application/json"}
        answer = await api.send(method, f"{_WEBHOOKS}/{webhook['id']}{path}", headers=headers, body=b"{}")
        assert answer.failure == (404, "NOT_FOUND", None)


async def test_a_secret_left_out_is_made_and_stays_the_same(api: Api, receiver: Receiver) -> None:
    first = (await api.post(_WEBHOOKS, {"url": receiver.url})).data
    second = (await api.post(_WEBHOOKS, {"url": receiver.url})).data
    assert first["secret"] != second["secret"]
    assert len(b64decode(first["secret"].removeprefix("whsec_"), validate=True)) == 32
    await api.post("/_simulator/reset")
    assert (await api.get(_WEBHOOKS)).data == {"items": []}
    assert (await api.post(_WEBHOOKS, {"url": receiver.url})).data == first


async def test_messages_after_a_reset_have_other_ids(api: Api, receiver: Receiver) -> None:
    ids = []
    for _ in range(2):
        await _register(api, receiver)
        await _finished_push(api)
        ids += [arrival.id for arrival in await receiver.empty()]
        await api.post("/_simulator/reset")
    assert len(set(ids)) == 2


@pytest.mark.parametrize(
    ("body", "paths"),
    [
        ({}, ["url"]),
        ({"url": "receiver"}, ["url"]),
        ({"url": "ftp://mailbox.test/"}, ["url"]),
        ({"url": "http://[::1/"}, ["url"]),
        ({"url": "https://x.test", "secret": "whsec_"}, ["secret"]),
        ({"url": "https://x.test", "secret": "whsec_%%%"}, ["secret"]),
        ({"url": "https://x.test", "secret": "c2VjcmV0"}, ["secret"]),
        ({"url": "https://x.test", "secret": "whsec_é"}, ["secret"]),
        ({"url": "https://x.test", "retrySeconds": 5}, ["retrySeconds"]),
        ({"url": "https://x.test", "retrySeconds": [1, -1]}, ["retrySeconds.1"]),
        ({"url": "https://x.test", "retrySeconds": [1] * 21}, ["retrySeconds"]),
        ({"url": "https://x.test", "timeoutSeconds": 0}, ["timeoutSeconds"]),
        ({"url": "https://x.test", "mischief": {"explode": True}}, ["mischief.explode"]),
        ({"url": "https://x.test", "mischief": {"delaySeconds": 1e9}}, ["mischief.delaySeconds"]),
        ({"url": "https://x.test", "mischief": {"duplicates": 1000}}, ["mischief.duplicates"]),
        ({"url": "https://x.test", "mischief": []}, ["mischief"]),
        ({"url": "https://x.test", "mischiefCount": 0}, ["mischiefCount"]),
        ({"url": "https://x.test", "events": []}, ["events"]),
    ],
)
async def test_a_webhook_of_another_shape_is_refused(api: Api, body: object, paths: list[str]) -> None:
    assert issue_paths(await api.post(_WEBHOOKS, body)) == paths
    assert (await api.get(_WEBHOOKS)).data == {"items": []}


async def test_a_change_of_another_shape_changes_nothing(api: Api, receiver: Receiver) -> None:
    webhook = await _register(api, receiver)
    path = f"{_WEBHOOKS}/{webhook['id']}"
    assert issue_paths(await api.post(path, {"url": "https://x.test"})) == ["url"]
    assert issue_paths(await api.post(path, {"mischief": {"reorder": 1}})) == ["mischief.reorder"]
    assert issue_paths(await api.post(f"{path}/rotate", {"overlapSeconds": -1})) == ["overlapSeconds"]
    assert issue_paths(await api.post(f"{path}/rotate", {"secret": "s"})) == ["secret"]
    assert (await api.get(_WEBHOOKS)).data["items"] == [webhook]
