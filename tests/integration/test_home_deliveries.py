"""A simulated home delivers to its own entry, so that push can be tried without an account (design §7, §8)."""

from collections import Counter
from typing import Any

from homeassistant.components import webhook
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
import orjson
import pytest

from custom_components.amps.account.simulated_home import opened_home
from custom_components.amps.diagnostics import async_get_config_entry_diagnostics
from custom_components.amps.simulator import Request

from .actions import ActionEvents, charge
from .conftest import MINUTE, SECOND, Advance, battery_of, state_of


@pytest.fixture
async def delivering_home(hass: HomeAssistant, simulated_home: ConfigEntry) -> ConfigEntry:
    """Return a simulated home that was told to deliver."""
    await set_delivering(hass, simulated_home, delivering=True)
    return simulated_home


async def set_delivering(hass: HomeAssistant, entry: ConfigEntry, *, delivering: bool) -> None:
    """Switch deliveries on or off as a person does."""
    form = await hass.config_entries.options.async_init(entry.entry_id)
    await hass.config_entries.options.async_configure(form["flow_id"], {"send_webhooks": delivering})
    await hass.async_block_till_done(wait_background_tasks=True)


async def deliveries_and_polls(hass: HomeAssistant, entry: ConfigEntry) -> tuple[dict[str, Any], int]:
    """Return how many deliveries there were of each result, and how often an action was polled."""
    shown: Any = await async_get_config_entry_diagnostics(hass, entry)
    polls = Counter(request["reason"] for request in shown["requests"])["poll of an action"]
    return shown["push"]["deliveries"], polls


async def test_what_becomes_of_commands_is_delivered(
    hass: HomeAssistant, delivering_home: ConfigEntry, recorded: ActionEvents, pass_time: Advance
) -> None:
    battery = battery_of(hass)
    await charge(hass, battery)
    await pass_time(4 * SECOND)
    results, polls = await deliveries_and_polls(hass, delivering_home)
    assert results == {"action": 1}
    assert polls <= 1  # at the very same time
    # After a restart as well, with another secret.
    await hass.config_entries.async_reload(delivering_home.entry_id)
    await charge(hass, battery)
    await pass_time(4 * SECOND)
    assert await deliveries_and_polls(hass, delivering_home) == ({"action": 1}, polls)
    assert recorded.stages() == ["acknowledged", "completed"] * 2
    await set_delivering(hass, delivering_home, delivering=False)
    await charge(hass, battery)
    await pass_time(4 * SECOND)
    assert await deliveries_and_polls(hass, delivering_home) == ({}, polls + 1)


async def test_disorder_on_the_way_changes_nothing(
    hass: HomeAssistant, delivering_home: ConfigEntry, recorded: ActionEvents, pass_time: Advance
) -> None:
    home = opened_home(hass, delivering_home.entry_id)
    assert home
    path, headers = "/_simulator/webhooks/webhook_home_assistant", {"content-type": "application/json"}
    for mischief in ({"duplicates": 2}, {"forged": True}, {"staleSeconds": 301}, {"delaySeconds": 60}):
        body = orjson.dumps({"mischief": mischief})
        home.simulator.handle(Request(method="POST", path=path, query={}, headers=headers, body=body))
        await charge(hass, battery_of(hass))
        await pass_time(2 * MINUTE)
        assert state_of(hass, battery_of(hass), "last_action") == "completed"
    results, _ = await deliveries_and_polls(hass, delivering_home)
    # What is refused is delivered four times.
    assert results == {"action": 1, "repeated": 2, "forged": 4, "stale": 4} | {"action": 2}
    assert recorded.stages() == ["acknowledged", "completed"] * 4


async def test_a_jump_of_the_clock_delivers_what_it_passes(
    hass: HomeAssistant, delivering_home: ConfigEntry, recorded: ActionEvents, pass_time: Advance
) -> None:
    await hass.services.async_call(
        "amps", "charge", {"device_id": battery_of(hass).id, "duration": {"hours": 2}}, blocking=True
    )
    await hass.services.async_call("amps", "simulator_set_clock", {"advance": {"hours": 3}}, blocking=True)
    await pass_time(10 * SECOND)
    results, _ = await deliveries_and_polls(hass, delivering_home)
    assert results["action"] == 1
    assert state_of(hass, battery_of(hass), "last_action") == "completed"
    assert recorded.stages()[-1] == "completed"


async def test_without_a_webhook_nothing_is_delivered(
    hass: HomeAssistant, delivering_home: ConfigEntry, pass_time: Advance
) -> None:
    received = []

    async def receive(_hass: HomeAssistant, _id: str, request: object) -> None:
        received.append(request)

    await hass.config_entries.async_unload(delivering_home.entry_id)
    webhook.async_register(hass, "other", "Other", delivering_home.data["webhook_id"], receive)
    await hass.config_entries.async_setup(delivering_home.entry_id)
    await charge(hass, battery_of(hass))
    await pass_time(10 * SECOND)
    assert received == []
