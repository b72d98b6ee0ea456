"""A key that is accepted no more: how a new one takes its place."""

from datetime import timedelta
from typing import Any

from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntry, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, InvalidData
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.translation import async_get_translations
import pytest
from pytest_homeassistant_custom_component.test_util.aiohttp import AiohttpClientMocker

from custom_components.amps.const import DOMAIN

from .accounts import KEY, NEW_KEY, add_account, entities_of, states_of
from .conftest import Advance, PollNow, battery_of, retrieval_of, state_of
from .flow import ask_for_key, submit
from .interception import LISTS
from .live import clear_requests, requests
from .mocked_service import REFUSALS, URL, add_mocked_account, answer_with, listing, mock_service
from .service import ServeHome


async def test_a_new_key_takes_the_place_of_the_old_one(
    hass: HomeAssistant, serve_home: ServeHome, poll_now: PollNow
) -> None:
    service = await serve_home("one")
    entry = await add_account(hass, service.url)
    battery, before, data = battery_of(hass), entities_of(hass, entry), entry.data
    shown = state_of(hass, battery, "level")
    assert before
    service.control("POST", "keys", {"key": KEY, "state": "revoked"})
    await poll_now(entry)
    assert not (await retrieval_of(hass, entry))["last_update_success"]
    states = states_of(entry)

    result = await submit(hass, await ask_for_key(hass, entry), api_key=f" {NEW_KEY} ")
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "reauth_successful")
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.data == {**data, "api_key": NEW_KEY}
    assert entry.state is ConfigEntryState.LOADED
    assert states.count(ConfigEntryState.LOADED) == 1
    assert (await retrieval_of(hass, entry))["last_update_success"]
    assert entities_of(hass, entry) == before
    assert state_of(hass, battery, "level") == shown
    assert not ir.async_get(hass).issues


async def test_the_form_says_of_which_account_and_asks_for_the_key_alone(
    hass: HomeAssistant, aioclient_mock: AiohttpClientMocker
) -> None:
    entry = await add_mocked_account(hass, aioclient_mock)
    hass.config_entries.async_update_entry(entry, title="Amps at the lake")
    form = await ask_for_key(hass, entry)
    assert form["step_id"] == "reauth_confirm"
    assert form["description_placeholders"] == {"name": "Amps at the lake"}
    assert (schema := form["data_schema"]) is not None
    assert schema({"api_key": "k"}) == {"api_key": "k"}
    with pytest.raises(InvalidData):
        await submit(hass, form)
    with pytest.raises(InvalidData):
        await submit(hass, form, api_key="k", url="http://elsewhere.test")


@pytest.mark.parametrize(("status", "body", "key"), REFUSALS)
async def test_what_goes_wrong_is_shown_and_can_be_corrected_in_the_same_dialog(
    hass: HomeAssistant,
    aioclient_mock: AiohttpClientMocker,
    caplog: pytest.LogCaptureFixture,
    status: int | None,
    body: dict[str, Any] | bytes | Exception,
    key: str,
) -> None:
    entry = await add_mocked_account(hass, aioclient_mock)
    data = dict(entry.data)
    form = await ask_for_key(hass, entry)
    aioclient_mock.clear_requests()
    answer_with(aioclient_mock, status, body)
    for _ in range(2):
        form = await submit(hass, form, api_key="sk_live_renewed")
        assert (form["type"], form["step_id"], form["errors"]) == (FlowResultType.FORM, "reauth_confirm", {"base": key})
    texts = await async_get_translations(hass, "en", "config", {DOMAIN})
    assert texts[f"component.amps.config.error.{key}"]
    assert "sk_live_renewed" not in caplog.text
    assert entry.data == data

    aioclient_mock.clear_requests()
    mock_service(aioclient_mock, listing("device_1"))
    result = await submit(hass, form, api_key="sk_live_renewed")
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "reauth_successful")
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.data["api_key"] == "sk_live_renewed"


@pytest.mark.parametrize("key", ["", "   ", "sk_live_\x00", "sk_live_\nx-evil: 1", "sk_live_ключ"])
async def test_what_cannot_be_a_key_is_not_sent(
    hass: HomeAssistant, aioclient_mock: AiohttpClientMocker, key: str
) -> None:
    entry = await add_mocked_account(hass, aioclient_mock)
    asked = aioclient_mock.call_count
    form = await submit(hass, await ask_for_key(hass, entry), api_key=key)
    assert form["errors"] == {"base": "invalid_auth"}
    assert aioclient_mock.call_count == asked
    assert entry.data["api_key"] == "sk_live_canary"


async def test_one_list_call_is_enough(hass: HomeAssistant, aioclient_mock: AiohttpClientMocker) -> None:
    entry = await add_mocked_account(hass, aioclient_mock)
    form = await ask_for_key(hass, entry)
    aioclient_mock.mock_calls.clear()
    await submit(hass, form, api_key="sk_live_renewed")
    (check, *_) = aioclient_mock.mock_calls
    assert str(check[1]) == f"{URL}/battery?limit=50&offset=0"
    assert check[3]["x-api-key"] == "sk_live_renewed"
    await hass.async_block_till_done(wait_background_tasks=True)
    assert [call[3]["x-api-key"] for call in aioclient_mock.mock_calls].count("sk_live_canary") == 0


async def test_the_end_user_stays_the_same(hass: HomeAssistant, aioclient_mock: AiohttpClientMocker) -> None:
    entry = await add_mocked_account(hass, aioclient_mock, user_id="user_1")
    form = await ask_for_key(hass, entry)
    aioclient_mock.mock_calls.clear()
    await submit(hass, form, api_key="sk_live_renewed")
    assert aioclient_mock.mock_calls[0][1].query["userId"] == "user_1"
    assert entry.data["user_id"] == "user_1"


async def test_an_account_asks_only_once_and_again_after_a_wrong_answer(
    hass: HomeAssistant, aioclient_mock: AiohttpClientMocker
) -> None:
    entry = await add_mocked_account(hass, aioclient_mock)
    entry.async_start_reauth(hass)
    form = await ask_for_key(hass, entry)
    aioclient_mock.clear_requests()
    mock_service(aioclient_mock, listing("device_9"))
    result = await submit(hass, form, api_key="sk_live_renewed")
    assert result["reason"] == "wrong_account"
    assert (await ask_for_key(hass, entry))["step_id"] == "reauth_confirm"


async def test_a_simulated_home_has_no_key_to_renew(hass: HomeAssistant, simulated_home: ConfigEntry) -> None:
    result = await hass.config_entries.flow.async_init(
        DOMAIN,
        context={"source": SOURCE_REAUTH, "entry_id": simulated_home.entry_id},
        data=dict(simulated_home.data),
    )
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "simulated")
    texts = await async_get_translations(hass, "en", "config", {DOMAIN})
    assert texts["component.amps.config.abort.simulated"]


async def test_a_key_that_was_given_up_and_is_good_again_has_a_fresh_start(
    hass: HomeAssistant, serve_home: ServeHome, advance: Advance
) -> None:
    service = await serve_home("one")
    entry = await add_account(hass, service.url)
    battery = battery_of(hass)
    shown = state_of(hass, battery, "level")
    service.control("POST", "keys", {"key": KEY, "state": "revoked"})
    for _ in range(3):
        await advance(timedelta(minutes=1))
    (flow,) = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    assert flow["context"]["source"] == SOURCE_REAUTH

    service.control("POST", "keys", {"key": KEY, "state": "active"})
    form = await hass.config_entries.flow.async_configure(flow["flow_id"])
    result = await submit(hass, form, api_key=KEY)
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "reauth_successful")
    await hass.async_block_till_done(wait_background_tasks=True)
    assert state_of(hass, battery, "level") == shown

    # Trouble of another kind does not ask for a key.
    service.control("POST", "faults", {"kind": "error", "code": "SERVICE_UNAVAILABLE", "match": {}})
    for _ in range(3):
        await advance(timedelta(minutes=1))
    assert not (await retrieval_of(hass, entry))["last_update_success"]
    assert not hass.config_entries.flow.async_progress_by_handler(DOMAIN)


@pytest.mark.parametrize("revoked", [False, True])
async def test_an_account_that_is_removed_leaves_its_key_nowhere_and_may_come_back(
    hass: HomeAssistant, serve_home: ServeHome, advance: Advance, poll_now: PollNow, *, revoked: bool
) -> None:
    service = await serve_home("one")
    entry = await add_account(hass, service.url)
    if revoked:
        service.control("POST", "keys", {"key": KEY, "state": "revoked"})
    else:
        fault = {"kind": "error", "code": "RATE_LIMIT_EXCEEDED", "retryAfter": 3600, "match": {}, "count": 1}
        service.control("POST", "faults", fault)
    await poll_now(entry)
    # A refused key is given up once another list has confirmed it.
    await advance(timedelta(seconds=10))
    clear_requests(service)
    await advance(timedelta(minutes=2))
    assert not requests(service)
    assert KEY in repr(hass.data)
    await hass.config_entries.async_remove(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert KEY not in repr(hass.data)

    service.control("DELETE", "faults")
    service.control("POST", "keys", {"key": KEY, "state": "active"})
    again = await add_account(hass, service.url)
    assert again.state is ConfigEntryState.LOADED
    clear_requests(service)
    await advance(timedelta(seconds=31))
    assert {entry["path"] for entry in requests(service)} >= set(LISTS)
