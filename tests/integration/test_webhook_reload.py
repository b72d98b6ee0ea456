"""Deliveries to a webhook while Home Assistant stops, and while an account is loaded anew or removed (design §7)."""

from typing import Any

from homeassistant.core import CoreState
import orjson
import pytest

from .conftest import SECOND, Advance, entity_id
from .deliveries import COMPLETED, SECRET, UNCHANGED, Endpoint, body, endpoint, header_lines, shown, signed

__all__ = ["body", "endpoint"]

pytestmark = pytest.mark.parametrize("environment", ["live"])


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
