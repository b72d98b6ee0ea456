"""Deliveries to the webhook, over HTTP: what is believed, what follows from it, and what is answered (design §7)."""

from typing import Any

from homeassistant.core import Context
from homeassistant.util import dt as dt_util
import orjson
import pytest

from custom_components.amps.rules.webhook import MAX_BODY
from custom_components.amps.simulator import Request

from .commanding import amps_id
from .conftest import HOUR, MINUTE, SECOND, Advance, state_of, turn
from .deliveries import (
    COMPLETED,
    OTHER_SECRET,
    SECRET,
    UNAVAILABLE,
    UNCHANGED,
    Endpoint,
    body,
    endpoint,
    header_lines,
    push_of,
    shown,
    signed,
)
from .interception import LISTS, is_list, is_read

__all__ = ["body", "endpoint"]

pytestmark = pytest.mark.parametrize("environment", ["live"])


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


async def test_what_comes_twice_counts_once_also_after_a_reload(
    endpoint: Endpoint, body: dict[str, Any], pass_time: Advance
) -> None:
    hass, account = endpoint.hass, endpoint.home.account
    link = {"deviceId": body["deviceId"], "timestamp": "2026-06-14T12:00:00Z"}
    assert await endpoint.deliver(body, message_id="msg_first") == 200
    assert await endpoint.deliver(link, message_id="msg_link") == 200
    for _ in range(2):
        await pass_time(11 * SECOND)
        endpoint.home.forget()
        assert await endpoint.deliver(body, message_id="msg_first") == 200
        assert await endpoint.deliver(body) == 200  # another message of the same end
        assert await endpoint.deliver(link, message_id="msg_link") == 200
        assert (await push_of(endpoint.home))["deliveries"]["repeated"] == 3
        assert not any(map(is_list, endpoint.home.between.requests))
        await hass.config_entries.async_reload(account.entry_id)
    assert shown(endpoint) == COMPLETED


async def test_only_what_amps_signed_just_now_is_believed(endpoint: Endpoint, body: dict[str, Any]) -> None:
    raw = orjson.dumps(body)
    genuine = signed(raw, SECRET)
    refused = [
        ({}, raw),
        (signed(raw, OTHER_SECRET), raw),
        (signed(raw, OTHER_SECRET, sent=-301), raw),
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


async def test_a_replay_is_refused_and_has_the_lists_read_once(
    endpoint: Endpoint, body: dict[str, Any], pass_time: Advance
) -> None:
    raw, lists = orjson.dumps(body), [5, 5, 10]
    attempts = [signed(raw, SECRET, sent=-301), signed(raw, SECRET, sent=-301), signed(raw, SECRET, sent=330)]
    for headers, expected in zip(attempts, lists, strict=True):
        assert await endpoint.send(raw, headers) == 401
        await pass_time(11 * SECOND)
        assert sum(map(is_list, endpoint.home.between.requests)) == expected


async def test_after_a_sleep_of_the_host_deliveries_are_accepted_once_lists_have_shown_the_time(
    endpoint: Endpoint, body: dict[str, Any], pass_time: Advance
) -> None:
    def rewrite(_: Request, answer: dict[str, Any]) -> None:
        answer["meta"]["timestamp"] = (dt_util.utcnow() + HOUR).isoformat()

    endpoint.home.between.rewrite = rewrite
    for wait, status in ((5 * SECOND, 401), (5 * MINUTE, 401), (SECOND, 200)):  # as Amps repeats them (api §12)
        assert await endpoint.deliver(body, message_id="msg_1", sent=HOUR.total_seconds()) == status
        await pass_time(wait)


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


async def test_with_polling_switched_off_it_is_reported_as_far_as_it_is_known(
    endpoint: Endpoint, advance: Advance
) -> None:
    hass, home = endpoint.hass, endpoint.home
    hass.config_entries.async_update_entry(home.account, pref_disable_polling=True)
    await hass.config_entries.async_reload(home.account.entry_id)
    home.events.events.clear()
    action_id = home.push(home.battery, "charge")
    await advance(20 * SECOND)
    assert await endpoint.deliver(endpoint.body(action_id)) == 200
    assert home.events.stages() == ["completed"]


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
    endpoint: Endpoint, body: dict[str, Any], caplog: pytest.LogCaptureFixture, pass_unfinished: Advance
) -> None:
    raw = orjson.dumps(body)
    for framing, prefix in FRAMINGS:
        for is_cut_off in (True, False):
            head = f"{header_lines(signed(raw, SECRET))}{framing}\r\n"
            reader, writer = await endpoint.begin(head, prefix + raw)
            if not is_cut_off:
                await pass_unfinished(31 * SECOND)
                assert b" 400 " in await reader.readline()
            writer.close()
            await turn()
    assert shown(endpoint) == UNCHANGED
    assert (await push_of(endpoint.home))["deliveries"] == {"truncated": 4}  # Home Assistant lets go what is cut off
    assert "Error processing webhook" not in caplog.text
    assert await endpoint.deliver(body) == 200
    assert shown(endpoint) == COMPLETED
