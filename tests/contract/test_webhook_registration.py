"""Webhooks on the control surface: registering, rotating secrets, removing (api §12.1, §15.4)."""

from base64 import b64decode
from datetime import timedelta

import pytest

from .harness import START, Api, iso, issue_paths
from .receiver import OTHER_SECRET, SECRET, WEBHOOKS, Receiver, finished_push, register


async def test_during_a_rotation_both_secrets_sign(api: Api, receiver: Receiver) -> None:
    webhook = await register(api, receiver)
    path = f"{WEBHOOKS}/{webhook['id']}/rotate"
    rotated = (await api.post(path, {"secret": OTHER_SECRET, "overlapSeconds": 60})).data
    assert (rotated["secret"], rotated["retiredSecret"]) == (OTHER_SECRET, SECRET)
    assert rotated["retiresAt"] == iso(START + timedelta(seconds=60))
    await finished_push(api)
    (arrival,) = await receiver.received()
    assert arrival.signed_with(OTHER_SECRET, SECRET)
    await api.set_clock(set=iso(START + timedelta(seconds=57)))
    await finished_push(api)
    (arrival,) = await receiver.received()
    assert arrival.at == START + timedelta(seconds=60)
    assert arrival.signed_with(OTHER_SECRET)
    derived = (await api.post(path, {})).data["secret"]
    assert derived not in (SECRET, OTHER_SECRET)


async def test_several_webhooks_are_signed_with_their_own_secrets(api: Api, receiver: Receiver) -> None:
    await register(api, receiver)
    await register(api, receiver, secret=OTHER_SECRET)
    await finished_push(api)
    one, other = sorted(await receiver.received(), key=lambda arrival: not arrival.signed_with(SECRET))
    assert one.signed_with(SECRET)
    assert other.signed_with(OTHER_SECRET)
    assert one.id != other.id


async def test_a_webhook_can_be_removed_with_its_pending_messages(api: Api, receiver: Receiver) -> None:
    webhook = await register(api, receiver, mischief={"delaySeconds": 60})
    await finished_push(api)
    assert (await api.send("DELETE", f"{WEBHOOKS}/{webhook['id']}")).data == {"items": []}
    await api.advance(days=1)
    assert await receiver.received() == []
    for method, path in (("DELETE", ""), ("POST", ""), ("POST", "/rotate")):
        headers = {**api.headers, "Content-Type": "application/json"}
        answer = await api.send(method, f"{WEBHOOKS}/{webhook['id']}{path}", headers=headers, body=b"{}")
        assert answer.failure == (404, "NOT_FOUND", None)


async def test_a_secret_left_out_is_made_and_stays_the_same(api: Api, receiver: Receiver) -> None:
    first = (await api.post(WEBHOOKS, {"url": receiver.url})).data
    second = (await api.post(WEBHOOKS, {"url": receiver.url})).data
    assert first["secret"] != second["secret"]
    assert len(b64decode(first["secret"].removeprefix("whsec_"), validate=True)) == 32
    await api.post("/_simulator/reset")
    assert (await api.get(WEBHOOKS)).data == {"items": []}
    assert (await api.post(WEBHOOKS, {"url": receiver.url})).data == first


async def test_messages_after_a_reset_have_other_ids(api: Api, receiver: Receiver) -> None:
    ids = []
    for _ in range(2):
        await register(api, receiver)
        await finished_push(api)
        ids += [arrival.id for arrival in await receiver.received()]
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
    assert issue_paths(await api.post(WEBHOOKS, body)) == paths
    assert (await api.get(WEBHOOKS)).data == {"items": []}


async def test_a_change_of_another_shape_changes_nothing(api: Api, receiver: Receiver) -> None:
    webhook = await register(api, receiver)
    path = f"{WEBHOOKS}/{webhook['id']}"
    assert issue_paths(await api.post(path, {"url": "https://x.test"})) == ["url"]
    assert issue_paths(await api.post(path, {"mischief": {"reorder": 1}})) == ["mischief.reorder"]
    assert issue_paths(await api.post(f"{path}/rotate", {"overlapSeconds": -1})) == ["overlapSeconds"]
    assert issue_paths(await api.post(f"{path}/rotate", {"secret": "s"})) == ["secret"]
    assert (await api.get(WEBHOOKS)).data["items"] == [webhook]
