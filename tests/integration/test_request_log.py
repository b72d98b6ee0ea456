"""The log of requests in the diagnostics: what was asked, what came of it, and why it was asked (design §5)."""

from datetime import timedelta
import json
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest
from pytest_homeassistant_custom_component.components.diagnostics import get_diagnostics_for_config_entry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.amps.const import DOMAIN
from custom_components.amps.diagnostics import async_get_config_entry_diagnostics

from .accounts import LIVE_KEY, add_account, add_live_account
from .actions import push
from .conftest import Advance, PollNow, battery_of, refresh
from .interception import LISTS
from .live import amps_id, requests
from .service import Service


async def logged(hass: HomeAssistant, account: ConfigEntry) -> list[dict[str, Any]]:
    """Return the log, the oldest request first."""
    shown: Any = await async_get_config_entry_diagnostics(hass, account)
    found: list[dict[str, Any]] = shown["requests"]
    return found


async def reasons(hass: HomeAssistant, account: ConfigEntry, after: int) -> list[tuple[str, str, str]]:
    """Return method, path and reason of what was asked after the first so many requests."""
    return [(each["method"], each["path"], each["reason"]) for each in (await logged(hass, account))[after:]]


async def test_each_request_of_a_live_account_has_its_reason(
    hass: HomeAssistant, service: Service, pass_time: Advance, poll_now: PollNow
) -> None:
    account = await add_live_account(hass, service.url)
    battery, path = battery_of(hass), f"/battery/{amps_id(battery_of(hass))}"
    first = await logged(hass, account)
    assert {(each["path"], each["reason"]) for each in first if each["path"] in LISTS} == {
        (path, "poll of the lists") for path in LISTS
    }
    await pass_time(timedelta(minutes=2))
    assert ("GET", "/actions", "actions from before the start") in await reasons(hass, account, 0)
    assert ("GET", path, "its settings are not known or old") in await reasons(hass, account, 0)

    before = len(await logged(hass, account))
    await refresh(hass, battery)
    assert await reasons(hass, account, before) == [("GET", path, "somebody asked for it")]

    before = len(await logged(hass, account))
    await poll_now(account)
    assert sorted(await reasons(hass, account, before)) == [
        ("GET", path, "somebody asked for the lists") for path in sorted(LISTS)
    ]

    before = len(await logged(hass, account))
    data = {"device_id": battery.id, "power": 2}
    await hass.services.async_call(DOMAIN, "charge", data, blocking=True)
    await pass_time(timedelta(minutes=3))
    found = await reasons(hass, account, before)
    assert found[0] == ("POST", path, "command")
    assert {reason for _, path, reason in found if path.startswith("/actions/")} == {"poll of an action"}
    assert ("GET", path, "a command has taken effect") in found


async def test_the_time_the_answer_and_how_long_it_took_are_logged(
    hass: HomeAssistant, service: Service, pass_time: Advance
) -> None:
    account = await add_live_account(hass, service.url)
    battery = battery_of(hass)
    push(service, amps_id(battery), "charge", start="2026-06-14T20:00:00")
    with pytest.raises(HomeAssistantError):
        await hass.services.async_call(DOMAIN, "idle", {"device_id": battery.id}, blocking=True)
    (command, conflict) = (await logged(hass, account))[-2:]
    assert command == {
        "sent_at": "2026-06-14T12:00:00.000+00:00",
        "method": "POST",
        "path": f"/battery/{amps_id(battery)}",
        "reason": "command",
        "status": 409,
        "code": "CONFLICT",
        "milliseconds": 0,
    }
    assert (conflict["reason"], conflict["status"], conflict["code"]) == ("what is in the way of a command", 200, None)

    await pass_time(timedelta(minutes=5))
    # aiohttp itself asks once more where a connection that it used before is closed.
    service.control("POST", "faults", {"kind": "disconnect", "match": {"path": "/battery/*"}, "count": 2})
    with pytest.raises(HomeAssistantError):
        await refresh(hass, battery)
    cut = (await logged(hass, account))[-1]
    assert (cut["status"], cut["code"]) == (None, "AmpsConnectionError")


async def test_the_last_fifty_are_kept_over_a_reload_and_no_more(
    hass: HomeAssistant, service: Service, pass_time: Advance, hass_client: ClientSessionGenerator
) -> None:
    account = await add_account(hass, service.url)
    await hass.config_entries.async_reload(account.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    # Those of the dialog belong to no account yet.
    sent = [entry["path"] for entry in requests(service)]
    log = await logged(hass, account)
    assert [each["path"] for each in log] == sent[-len(log) :]
    assert sum(each["path"] == "/battery" for each in log) == 2

    await pass_time(timedelta(minutes=6))
    shown: Any = await get_diagnostics_for_config_entry(hass, hass_client, account)
    log = shown["requests"]
    assert len(log) == 50
    assert [each["path"] for each in log] == [entry["path"] for entry in requests(service)][-50:]


async def test_a_log_goes_with_its_account(hass: HomeAssistant, service: Service) -> None:
    account = await add_account(hass, service.url)
    assert await logged(hass, account)
    await hass.config_entries.async_remove(account.entry_id)
    assert not [key for key, value in hass.data.items() if str(key) == "amps_request_logs" and value]


async def test_neither_the_key_nor_the_end_user_is_logged(
    hass: HomeAssistant, service: Service, pass_time: Advance
) -> None:
    account = await add_account(hass, service.url, user_id="user_canary")
    await pass_time(timedelta(minutes=2))
    assert any(entry["query"].get("userId") == "user_canary" for entry in requests(service))
    printed = json.dumps(await logged(hass, account))
    assert "canary" not in printed
    assert LIVE_KEY not in printed
