"""Delivery faults of webhooks: duplicates, delays, reordering, forgeries (api §12, §15.4)."""

from datetime import timedelta

from .harness import START, Api, iso, wall_clock
from .receiver import SECRET, WEBHOOKS, Receiver, finished_push, register


async def test_duplicates_come_under_the_same_id(api: Api, receiver: Receiver) -> None:
    await register(api, receiver, mischief={"duplicates": 2})
    await finished_push(api)
    arrivals = await receiver.received()
    assert len(arrivals) == 3
    assert len({(arrival.id, arrival.raw) for arrival in arrivals}) == 1


async def test_a_delayed_message_says_when_it_was_sent(api: Api, receiver: Receiver) -> None:
    await register(api, receiver, mischief={"delaySeconds": 600})
    await finished_push(api)
    await api.advance(seconds=599)
    assert await receiver.received() == []
    await api.advance(seconds=1)
    (arrival,) = await receiver.received()
    assert arrival.body["completedAt"] == iso(START + timedelta(seconds=3))
    assert arrival.at == START + timedelta(seconds=603)


async def test_a_stale_message_is_signed_with_its_old_timestamp(api: Api, receiver: Receiver) -> None:
    await register(api, receiver, mischief={"staleSeconds": 301})
    await finished_push(api)
    (arrival,) = await receiver.received()
    assert arrival.at == START + timedelta(seconds=3 - 301)
    assert arrival.signed_with(SECRET)


async def test_a_forged_message_is_not_signed_with_the_secret(api: Api, receiver: Receiver) -> None:
    await register(api, receiver, mischief={"forged": True})
    await finished_push(api)
    (arrival,) = await receiver.received()
    assert arrival.headers["svix-signature"].startswith("v1,")
    assert not arrival.signed_with(SECRET)


async def test_reordered_messages_come_after_the_next_one(api: Api, receiver: Receiver) -> None:
    await register(api, receiver, mischief={"reorder": True, "duplicates": 1})
    first = await finished_push(api)
    assert await receiver.received() == []
    second = await finished_push(api)
    assert [arrival.body["actionId"] for arrival in await receiver.received()] == [second, second, first, first]


async def test_a_message_does_not_wait_forever_for_the_next_one(api: Api, receiver: Receiver) -> None:
    await register(api, receiver, mischief={"reorder": True})
    first = await finished_push(api)
    await api.advance(seconds=59.999)
    assert await receiver.received() == []
    await api.advance(seconds=0.001)
    assert [arrival.body["actionId"] for arrival in await receiver.received()] == [first]
    receiver.statuses = [500]
    second = await finished_push(api)
    await api.advance(seconds=60)
    assert [arrival.body["actionId"] for arrival in await receiver.received()] == [second]
    third = await finished_push(api)
    assert [arrival.body["actionId"] for arrival in await receiver.received()] == [second]
    await api.advance(seconds=60)
    assert [arrival.body["actionId"] for arrival in await receiver.received()] == [third]


async def test_a_message_that_has_waited_long_enough_is_not_put_after_a_later_one(api: Api, receiver: Receiver) -> None:
    """Also without a request meanwhile: a jump of the clock makes no difference."""
    await register(api, receiver, mischief={"reorder": True})
    later = wall_clock(START + timedelta(hours=3))
    second = (await api.push(await api.device("battery"), "charge", start=later)).data["id"]
    sooner = wall_clock(START + timedelta(hours=1))
    first = (await api.push(await api.device("ev-charger"), "charge", start=sooner)).data["id"]
    await api.advance(days=1)
    assert [arrival.body["actionId"] for arrival in await receiver.received()] == [first, second]


async def test_delivery_faults_can_concern_the_next_messages_alone(api: Api, receiver: Receiver) -> None:
    webhook = await register(api, receiver)
    path = f"{WEBHOOKS}/{webhook['id']}"
    changed = (await api.post(path, {"mischief": {"forged": True}, "mischiefCount": 2})).data
    assert (changed["mischief"]["forged"], changed["mischiefLeft"]) == (True, 2)
    honest = []
    for _ in range(3):
        await finished_push(api)
        honest += [arrival.signed_with(SECRET) for arrival in await receiver.received()]
    assert honest == [False, False, True]
    assert (await api.get(WEBHOOKS)).data["items"] == [webhook]
