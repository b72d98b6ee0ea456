"""Deliveries to the webhook, over HTTP: what is believed, what follows from it, and what is answered (design §7)."""

from typing import Any

from homeassistant.core import Context, CoreState
import orjson
import pytest

from custom_components.amps.rules.webhook import MAX_BODY

from .commanding import Home, amps_id
from .conftest import MINUTE, SECOND, Advance, entity_id, state_of, turn
from .deliveries import OTHER_SECRET, SECRET, UNAVAILABLE, Endpoint, endpoint, header_lines, signed
from .interception import LISTS, is_list, is_read

__all__ = ["endpoint"]

pytestmark = pytest.mark.parametrize("environment", ["live"])


async def charge(home: Home) -> str:
    """Charge the battery and return the id of the action."""
    action_id: str = (await home.call("charge", home.battery, power=2))["action"]["id"]
    return action_id


@pytest.fixture
async def body(endpoint: Endpoint, advance: Advance) -> dict[str, Any]:
    """Return what is delivered about a command of ours that has ended at Amps, which nobody knows yet."""
    endpoint.hide_actions()
    endpoint.home.context = Context()
    action_id = await charge(endpoint.home)
    await advance(20 * SECOND)
    endpoint.home.forget()
    assert state_of(endpoint.hass, endpoint.home.battery, "last_action") == "acknowledged"
    return endpoint.body(action_id)


def shown(endpoint: Endpoint) -> tuple[str, list[str]]:
    """Return what is shown of the last action, and the states that were reported of it."""
    return state_of(endpoint.hass, endpoint.home.battery, "last_action"), endpoint.home.events.stages()


COMPLETED = ("completed", ["acknowledged", "completed"])
UNCHANGED = ("acknowledged", ["acknowledged"])


async def test_the_end_of_an_action_is_known_at_once_and_its_effect_is_read(
    endpoint: Endpoint, body: dict[str, Any], pass_time: Advance
) -> None:
    assert await endpoint.deliver(body) == 200
    assert shown(endpoint) == COMPLETED
    (_, ended) = endpoint.home.events.events
    assert (ended.data["action_id"], ended.data["reason"]) == (body["actionId"], None)
    assert endpoint.home.context
    assert ended.context.id == endpoint.home.context.id
    endpoint.home.forget()
    await pass_time(70 * SECOND)
    (read,) = endpoint.home.between.requests
    assert is_read(read)
    assert read.query == {"expedite": "true"}
    assert float(state_of(endpoint.hass, endpoint.home.battery, "power")) == pytest.approx(2, abs=0.1)


async def test_a_failure_has_a_reason_though_it_has_a_result(endpoint: Endpoint, body: dict[str, Any]) -> None:
    result = {"success": False, "error": {"code": "UPSTREAM"}}
    assert await endpoint.deliver({**body, "result": result, "errorCode": "DEVICE_OFFLINE"}) == 200
    assert shown(endpoint) == ("failed", ["acknowledged", "failed"])
    assert endpoint.home.reasons()[-1] == ("charge", "failed", "DEVICE_OFFLINE")


async def test_what_comes_twice_counts_once_also_after_a_reload(endpoint: Endpoint, body: dict[str, Any]) -> None:
    assert await endpoint.deliver(body, message_id="msg_first") == 200
    for _ in range(2):
        assert await endpoint.deliver(body, message_id="msg_first") == 200
        assert await endpoint.deliver(body, message_id="msg_other") == 200
        assert shown(endpoint) == COMPLETED
        await endpoint.hass.config_entries.async_reload(endpoint.home.account.entry_id)
    assert endpoint.home.events.stages() == COMPLETED[1]


async def test_only_what_amps_signed_just_now_is_believed(endpoint: Endpoint, body: dict[str, Any]) -> None:
    raw = orjson.dumps(body)
    genuine = signed(raw, SECRET)
    refused = [
        ({}, raw),
        (signed(raw, OTHER_SECRET), raw),
        (signed(raw, SECRET, sent=-301), raw),
        (signed(raw, SECRET, sent=302), raw),
        (genuine, raw[:-1]),
        (genuine, raw.replace(b"charge", b"idle")),
        ({**genuine, "svix-id": "msg_2"}, raw),
        ({**genuine, "svix-timestamp": str(int(genuine["svix-timestamp"]) + 1)}, raw),
        ({**genuine, "svix-signature": "v1,????"}, raw),
    ]
    for headers, content in refused:
        assert await endpoint.send(content, headers) == 401, headers
    oversized = b" " * (MAX_BODY + 1)
    assert await endpoint.send(oversized, signed(oversized, SECRET)) == 413
    assert await endpoint.send(b" " * 10 * MAX_BODY, {}) == 413
    await endpoint.hass.async_block_till_done(wait_background_tasks=True)
    assert shown(endpoint) == UNCHANGED
    assert endpoint.home.between.count("battery") == 0
    # As large as may be, and with the signature of an older secret beside its own.
    padded = raw + b" " * (MAX_BODY - len(raw))
    assert await endpoint.deliver(padded, OTHER_SECRET, SECRET) == 200
    assert shown(endpoint) == COMPLETED


@pytest.mark.parametrize(
    "changes",
    [
        {"deviceId": "device_of_somebody"},
        {"completedAt": None, "result": None},
        {"command": None, "timestamp": "2026-06-14T12:00:00Z"},
        {"command": None},
    ],
    ids=["unknown device", "no end", "device", "unknown shape"],
)
async def test_what_says_nothing_of_a_known_action_has_the_lists_read(
    endpoint: Endpoint, body: dict[str, Any], changes: dict[str, Any]
) -> None:
    raw = {name: value for name, value in {**body, **changes}.items() if value is not None}
    assert await endpoint.deliver(raw) == 200
    assert sum(map(is_list, endpoint.home.between.requests)) == 5
    # Of this one, the lists tell.
    assert state_of(endpoint.hass, endpoint.home.battery, "last_action") == "completed"
    assert await endpoint.deliver(b'["no object"]') == 200
    assert sum(map(is_list, endpoint.home.between.requests)) == 5  # those who come at once are served together


async def test_a_device_of_another_end_user_has_the_lists_read_once(endpoint: Endpoint, pass_time: Advance) -> None:
    for number in range(3):
        event = {"deviceId": "device_of_somebody", "actionId": f"act_{number}", "command": "charge", "result": {}}
        assert await endpoint.deliver({**event, "completedAt": "2026-06-14T12:00:00Z"}) == 200
        await pass_time(20 * SECOND)
    assert sum(map(is_list, endpoint.home.between.requests)) == 5


async def test_lists_that_back_off_are_not_read_for_each_delivery(endpoint: Endpoint, pass_time: Advance) -> None:
    home = endpoint.home

    async def lists_read(unavailable: tuple[str, ...]) -> int:
        home.between.answer = lambda request: UNAVAILABLE if request.path in unavailable else None
        home.forget()
        for _ in range(20):
            assert await endpoint.deliver(b"[]") == 200
            await pass_time(15 * SECOND)
        return sum(request.path in LISTS[:1] for request in home.between.requests)

    assert await lists_read(()) == 20
    # One list that fails backs off, and so does the account once none is answered.
    assert await lists_read(LISTS[:1]) <= 6
    assert await lists_read(LISTS) <= 6
    endpoint.show_actions()
    await pass_time(16 * MINUTE)
    assert await lists_read(()) == 20


async def test_the_answer_does_not_wait_for_what_follows(endpoint: Endpoint) -> None:
    endpoint.home.service.control("POST", "faults", {"kind": "latency", "seconds": 20})
    raw = b'{"deviceId": "device_1", "timestamp": "2026-06-14T12:00:00Z"}'
    assert await endpoint.send(raw, signed(raw, SECRET)) == 200
    assert endpoint.home.between.count() <= 5  # none of which can have been answered, since no time has passed


async def test_an_action_of_somebody_else_is_reported_when_all_is_known_of_it(
    endpoint: Endpoint, advance: Advance
) -> None:
    home = endpoint.home
    action_id = home.push(home.battery, "charge")
    await advance(20 * SECOND)
    body = endpoint.body(action_id)
    assert await endpoint.deliver(body) == 200
    assert state_of(endpoint.hass, home.battery, "last_action") == "completed"
    assert home.events.stages() == []
    await advance(4 * SECOND)
    assert home.events.stages() == ["completed"]
    assert [request.path for request in home.between.requests] == [f"/actions/{action_id}"]


async def test_a_delivery_that_overtakes_the_answer_to_its_command_keeps_who_asked(
    endpoint: Endpoint, pass_unfinished: Advance
) -> None:
    home = endpoint.home
    home.service.control("POST", "timing", {"liveSettleSeconds": 0})
    slow = {"kind": "latency", "seconds": 2, "match": {"path": f"/battery/{amps_id(home.battery)}"}, "count": 1}
    home.service.control("POST", "faults", slow)
    context = Context()
    call = endpoint.hass.async_create_task(
        endpoint.hass.services.async_call(
            "amps", "charge", {"device_id": home.battery.id}, blocking=True, context=context
        )
    )
    await pass_unfinished(SECOND)
    assert not call.done()
    (action,) = home.actions(home.battery)
    assert await endpoint.send(raw := orjson.dumps(endpoint.body(action["id"])), signed(raw, SECRET)) == 200
    assert state_of(endpoint.hass, home.battery, "last_action") == "completed"
    await pass_unfinished(2 * SECOND)
    await call
    await pass_unfinished(5 * SECOND)
    assert home.events.stages() == ["completed"]
    assert home.events.events[0].context.id == context.id
    assert home.between.count("/actions/") == 0


async def test_what_ends_while_the_account_is_loaded_anew_is_not_lost(endpoint: Endpoint, body: dict[str, Any]) -> None:
    entries, entry_id = endpoint.hass.config_entries, endpoint.home.account.entry_id
    await entries.async_unload(entry_id)
    endpoint.show_actions()
    assert await endpoint.deliver(body) == 200  # Home Assistant tells nobody which webhooks it has
    await entries.async_setup(entry_id)
    await endpoint.hass.async_block_till_done(wait_background_tasks=True)
    assert shown(endpoint) == COMPLETED
    assert await endpoint.deliver(body) == 200
    assert endpoint.home.events.stages() == COMPLETED[1]


async def test_while_home_assistant_stops_amps_is_told_to_come_again(endpoint: Endpoint, body: dict[str, Any]) -> None:
    endpoint.hass.set_state(CoreState.stopping)
    assert await endpoint.deliver(body, message_id="msg_1") == 503
    endpoint.hass.set_state(CoreState.running)
    assert shown(endpoint) == UNCHANGED
    assert await endpoint.deliver(body, message_id="msg_1") == 200
    assert shown(endpoint) == COMPLETED


async def test_a_body_that_arrives_after_a_reload_or_a_removal_is_asked_for_again(
    endpoint: Endpoint, body: dict[str, Any], pass_time: Advance, hass_storage: dict[str, Any]
) -> None:
    hass, entry_id = endpoint.hass, endpoint.home.account.entry_id
    raw = orjson.dumps(body)
    head = f"{header_lines(signed(raw, SECRET, message_id='msg_1'))}Content-Length: {len(raw)}\r\n"
    for change in (hass.config_entries.async_reload, hass.config_entries.async_remove):
        reader, writer = await endpoint.begin(head, raw[:10])
        await change(entry_id)
        writer.write(raw[10:])
        assert b" 503 " in await reader.readline()
        writer.close()
        if change == hass.config_entries.async_reload:
            assert await endpoint.deliver(body, message_id="msg_1") == 200
            assert shown(endpoint) == COMPLETED
    await pass_time(20 * SECOND)
    assert f"amps.account.{entry_id}" not in hass_storage


async def test_what_comes_while_entities_are_removed_reaches_them_after_the_reload(
    endpoint: Endpoint,
    body: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    pass_unfinished: Advance,
) -> None:
    hass, home = endpoint.hass, endpoint.home
    entries, statuses = hass.config_entries, list[int]()
    unload_platforms = entries.async_unload_platforms
    endpoint.show_actions()
    home.service.control("POST", "faults", {"kind": "latency", "seconds": 3, "match": {"path": "/actions"}, "count": 1})
    home.between.requests.clear()
    while not home.between.count("/actions/"):
        await pass_unfinished(SECOND)

    async def deliver_after(*arguments: Any) -> bool:  # noqa: ANN401  whatever is unloaded
        unloaded = await unload_platforms(*arguments)
        raw = orjson.dumps(body)
        statuses.append(await endpoint.send(raw, signed(raw, SECRET)))
        await pass_unfinished(4 * SECOND)  # a poll is answered, too
        return unloaded

    monkeypatch.setattr(entries, "async_unload_platforms", deliver_after)
    await entries.async_reload(home.account.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert statuses == [503]
    assert shown(endpoint) == COMPLETED
    event = hass.states.get(entity_id(hass, home.battery, "action", "event") or "")
    assert event
    assert event.attributes["event_type"] == "completed"


async def test_an_older_state_lowers_nothing(endpoint: Endpoint, body: dict[str, Any]) -> None:
    assert await endpoint.deliver(body) == 200
    assert await endpoint.deliver({**body, "state": "acknowledged"}) == 200
    assert shown(endpoint) == COMPLETED


FRAMINGS = [
    ("Content-Length: 100000", b""),
    ("Transfer-Encoding: chunked", b"10000\r\n"),
    ("Transfer-Encoding: chunked", b"zz\r\n"),
    ("Content-Encoding: gzip\r\nContent-Length: 1000", b""),
]


async def test_a_body_that_is_cut_off_or_garbled_on_its_way_changes_nothing(
    endpoint: Endpoint, body: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    raw = orjson.dumps(body)
    for framing, prefix in FRAMINGS:
        _, writer = await endpoint.begin(f"{header_lines(signed(raw, SECRET))}{framing}\r\n", prefix + raw)
        writer.close()
        await turn()
    assert shown(endpoint) == UNCHANGED
    assert "Error processing webhook" not in caplog.text
    assert await endpoint.deliver(body) == 200
    assert shown(endpoint) == COMPLETED
