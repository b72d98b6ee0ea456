"""The system information, as its page in Home Assistant asks for it."""

from typing import Any

from homeassistant.config_entries import ConfigEntry, ConfigEntryDisabler, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.amps.const import DOMAIN
from tests.packaging.files import texts

from .accounts import KEY, LIVE_KEY, add_account, add_live_account
from .conftest import PollNow, add_simulated_home, device_ids
from .interception import CUT_OFF, Interception, intercept
from .service import ServeHome


async def information(hass: HomeAssistant, connect: WebSocketGenerator) -> dict[str, Any]:
    """Return what the page shows of the integration once all of it is known."""
    assert await async_setup_component(hass, "system_health", {})
    client = await connect(hass)
    await client.send_json_auto_id({"type": "system_health/info"})
    assert (await client.receive_json())["success"]
    shown: dict[str, Any] = {}
    while (event := (await client.receive_json())["event"])["type"] != "finish":
        if event["type"] == "initial":
            shown = event["data"][DOMAIN]["info"]
        elif event["domain"] == DOMAIN:
            shown[event["key"]] = event["data"] if event["success"] else event["error"]
    assert shown.keys() <= texts()["system_health"]["info"].keys()
    return shown


async def test_a_simulated_home_is_not_looked_for_in_the_network(
    hass: HomeAssistant, simulated_home: ConfigEntry, hass_ws_client: WebSocketGenerator
) -> None:
    shown = await information(hass, hass_ws_client)
    assert shown == {"accounts": 1, "devices": len(device_ids(hass, simulated_home)), "requests_last_hour": 0}


async def test_all_accounts_are_counted_together_and_their_services_are_reached_without_a_key(
    hass: HomeAssistant,
    account: ConfigEntry,
    sent: Interception,
    serve_home: ServeHome,
    poll_now: PollNow,
    hass_ws_client: WebSocketGenerator,
) -> None:
    other = intercept(second := await serve_home("second"))
    accounts = [account, await add_account(hass, second.url), await add_simulated_home(hass)]
    before = await information(hass, hass_ws_client)
    sent.requests.clear()
    for each in accounts:
        await poll_now(each)
    polled = len(sent.requests)
    assert polled
    other.requests.clear()
    sent.requests.clear()
    shown = await information(hass, hass_ws_client)
    assert shown == {
        "accounts": 3,
        "devices": sum(len(device_ids(hass, each)) for each in accounts),
        "requests_last_hour": before["requests_last_hour"] + 2 * polled,
        "can_reach_server": "ok",
    }
    looked_for = [*sent.requests, *other.requests]
    assert [(request.method, request.path) for request in looked_for] == [("GET", "/")] * 2
    assert not {"x-api-key", "authorization"} & {name.lower() for each in looked_for for name in each.headers}


@pytest.mark.parametrize("away", [(0,), (1,), (0, 1)])
@pytest.mark.parametrize("disabled", [False, True])
async def test_a_service_that_cannot_be_reached_is_said_unless_nobody_wants_it(
    hass: HomeAssistant,
    serve_home: ServeHome,
    hass_ws_client: WebSocketGenerator,
    away: tuple[int, ...],
    disabled: bool,
) -> None:
    services = [await serve_home("first"), await serve_home("second")]
    accounts = [await add_live_account(hass, services[0].url), await add_account(hass, services[1].url)]
    for place in away:
        intercept(services[place]).answer = lambda _: CUT_OFF
        if disabled:
            await hass.config_entries.async_set_disabled_by(accounts[place].entry_id, ConfigEntryDisabler.USER)
        else:
            await hass.config_entries.async_reload(accounts[place].entry_id)
            assert accounts[place].state is ConfigEntryState.SETUP_RETRY
    shown = await information(hass, hass_ws_client)
    left = len(accounts) - len(away) if disabled else len(accounts)
    reached = "ok" if disabled else {"type": "failed", "error": "unreachable"}
    assert shown["accounts"] == left
    assert shown.get("can_reach_server") == (reached if left else None)
    said = str(shown)
    secrets = {KEY, LIVE_KEY, *(each.url for each in services), *(each.title for each in accounts)}
    assert not [secret for secret in secrets if secret in said]
