"""A key that is accepted no more: a new one of the same account takes its place."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntry, ConfigEntryState, ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, InvalidData
from homeassistant.helpers import device_registry as dr, issue_registry as ir
from homeassistant.helpers.translation import async_get_translations
import pytest
from pytest_homeassistant_custom_component.test_util.aiohttp import AiohttpClientMocker

from custom_components.amps.const import DOMAIN

from .accounts import KEY, NEW_KEY, add_account, entities_of, states_of
from .conftest import Advance, PollNow, battery_of, retrieval_of, state_of
from .interception import LISTS
from .live import clear_requests, requests
from .service import ServeHome
from .test_config_flow import (
    PATHS,
    REFUSALS,
    URL,
    answer_list_with,
    answer_with,
    error,
    listing,
    mock_service,
    start,
    submit,
)


async def ask_for_key(hass: HomeAssistant, entry: ConfigEntry) -> ConfigFlowResult:
    """Return the form that Home Assistant shows when an entry asks for a new key."""
    entry.async_start_reauth(hass)
    await hass.async_block_till_done()
    (flow,) = hass.config_entries.flow.async_progress_by_handler(DOMAIN, match_context={"source": SOURCE_REAUTH})
    return await hass.config_entries.flow.async_configure(flow["flow_id"])


async def finish_tasks(hass: HomeAssistant) -> None:
    """Let all tasks come to their end."""
    await hass.async_block_till_done(wait_background_tasks=True)


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
    await finish_tasks(hass)
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
    entry = await mocked_account(hass, aioclient_mock)
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
    entry = await mocked_account(hass, aioclient_mock)
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
    await finish_tasks(hass)
    assert entry.data["api_key"] == "sk_live_renewed"


@pytest.mark.parametrize("key", ["", "   ", "sk_live_\x00", "sk_live_\nx-evil: 1", "sk_live_ключ"])
async def test_what_cannot_be_a_key_is_not_sent(
    hass: HomeAssistant, aioclient_mock: AiohttpClientMocker, key: str
) -> None:
    entry = await mocked_account(hass, aioclient_mock)
    asked = aioclient_mock.call_count
    form = await submit(hass, await ask_for_key(hass, entry), api_key=key)
    assert form["errors"] == {"base": "invalid_auth"}
    assert aioclient_mock.call_count == asked
    assert entry.data["api_key"] == "sk_live_canary"


async def test_one_list_call_is_enough(hass: HomeAssistant, aioclient_mock: AiohttpClientMocker) -> None:
    entry = await mocked_account(hass, aioclient_mock)
    form = await ask_for_key(hass, entry)
    aioclient_mock.mock_calls.clear()
    await submit(hass, form, api_key="sk_live_renewed")
    (check, *_) = aioclient_mock.mock_calls
    assert str(check[1]) == f"{URL}/battery?limit=50&offset=0"
    assert check[3]["x-api-key"] == "sk_live_renewed"
    await finish_tasks(hass)
    assert [call[3]["x-api-key"] for call in aioclient_mock.mock_calls].count("sk_live_canary") == 0


async def test_the_key_of_another_account_is_not_taken(hass: HomeAssistant, serve_home: ServeHome) -> None:
    entry = await add_account(hass, (await serve_home("one")).url)
    data, before = dict(entry.data), entities_of(hass, entry)
    # Behind the same URL the new key leads to other devices, as the key of another customer does.
    hass.config_entries.async_update_entry(entry, data={**data, "url": (await serve_home("two")).url})
    data = dict(entry.data)
    states = states_of(entry)
    result = await submit(hass, await ask_for_key(hass, entry), api_key=NEW_KEY)
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "wrong_account")
    texts = await async_get_translations(hass, "en", "config", {DOMAIN})
    assert texts["component.amps.config.abort.wrong_account"]
    await finish_tasks(hass)
    assert entry.data == data
    assert entities_of(hass, entry) == before
    assert states == []


async def test_a_known_device_is_found_on_a_later_page_of_another_type(
    hass: HomeAssistant, aioclient_mock: AiohttpClientMocker
) -> None:
    entry = await mocked_account(hass, aioclient_mock, known="vehicle_51")
    form = await ask_for_key(hass, entry)
    aioclient_mock.clear_requests()
    mock_long_list(aioclient_mock, "vehicle", [f"vehicle_{number}" for number in range(60)])
    mock_service(aioclient_mock, listing("battery_new"))
    result = await submit(hass, form, api_key="sk_live_renewed")
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "reauth_successful")
    # First pages first: only what they leave open is read to its end.
    asked = [str(call[1].relative()) for call in aioclient_mock.mock_calls][:7]
    first, second = "limit=50&offset=0", "limit=50&offset=50"
    types = ("battery", "ev-charger", "hvac", "solar-inverter", "vehicle")
    assert asked == [*(f"/{type_}?{first}" for type_ in types), f"/vehicle?{first}", f"/vehicle?{second}"]


async def test_the_last_device_of_a_fleet_is_enough(hass: HomeAssistant, serve_home: ServeHome) -> None:
    service = await serve_home("fleet", fleet=300)
    entry = await add_account(hass, service.url)
    registry = dr.async_get(hass)
    *others, last = dr.async_entries_for_config_entry(registry, entry.entry_id)
    await hass.config_entries.async_unload(entry.entry_id)
    for device in others:
        registry.async_remove_device(device.id)
    result = await submit(hass, await ask_for_key(hass, entry), api_key=NEW_KEY)
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "reauth_successful")
    assert registry.async_get(last.id) is not None


@pytest.mark.parametrize(
    ("status", "body"), [(403, error("INSUFFICIENT_PERMISSIONS")), (500, b"oops"), (None, TimeoutError())]
)
async def test_one_known_device_is_enough_whatever_other_lists_answer(
    hass: HomeAssistant,
    aioclient_mock: AiohttpClientMocker,
    status: int | None,
    body: dict[str, Any] | bytes | Exception,
) -> None:
    entry = await mocked_account_with_vehicle(hass, aioclient_mock)
    form = await ask_for_key(hass, entry)
    aioclient_mock.clear_requests()
    for path in PATHS[:-1]:
        answer_list_with(aioclient_mock, path, status, body)
    mock_service(aioclient_mock, listing("vehicle_1"), path="vehicle")
    result = await submit(hass, form, api_key="sk_live_renewed")
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "reauth_successful")
    assert entry.data["api_key"] == "sk_live_renewed"


async def test_a_list_that_might_show_a_known_device_is_not_taken_for_one_that_does_not(
    hass: HomeAssistant, aioclient_mock: AiohttpClientMocker
) -> None:
    entry = await mocked_account(hass, aioclient_mock)
    form = await ask_for_key(hass, entry)
    aioclient_mock.clear_requests()
    answer_list_with(aioclient_mock, "battery", 403, error("INSUFFICIENT_PERMISSIONS"))
    mock_service(aioclient_mock, listing("vehicle_9"), path="vehicle")
    form = await submit(hass, form, api_key="sk_live_renewed")
    assert form["errors"] == {"base": "missing_permission"}


async def test_the_end_user_stays_the_same(hass: HomeAssistant, aioclient_mock: AiohttpClientMocker) -> None:
    entry = await mocked_account(hass, aioclient_mock, user_id="user_1")
    form = await ask_for_key(hass, entry)
    aioclient_mock.mock_calls.clear()
    await submit(hass, form, api_key="sk_live_renewed")
    assert aioclient_mock.mock_calls[0][1].query["userId"] == "user_1"
    assert entry.data["user_id"] == "user_1"


@pytest.mark.parametrize("now", [listing(), listing("device_9")])
async def test_as_long_as_no_device_is_known_any_account_will_do(
    hass: HomeAssistant, aioclient_mock: AiohttpClientMocker, now: Mapping[str, Any]
) -> None:
    mock_service(aioclient_mock, listing())
    await submit(hass, await start(hass, "api_key"), api_key="sk_live_canary", advanced={"url": URL})
    await finish_tasks(hass)
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    # The account itself is a device too, but none that a list could show.
    dr.async_get(hass).async_get_or_create(
        config_entry_id=entry.entry_id,
        identifiers={(DOMAIN, entry.entry_id)},
        entry_type=dr.DeviceEntryType.SERVICE,
    )
    form = await ask_for_key(hass, entry)
    aioclient_mock.clear_requests()
    mock_service(aioclient_mock, now)
    result = await submit(hass, form, api_key="sk_live_renewed")
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "reauth_successful")


async def test_no_account_takes_the_place_of_one_that_another_entry_has(
    hass: HomeAssistant, aioclient_mock: AiohttpClientMocker
) -> None:
    empty = "https://empty.test"
    mock_service(aioclient_mock, listing(), empty)
    await submit(hass, await start(hass, "api_key"), api_key="sk_live_empty", advanced={"url": empty})
    await finish_tasks(hass)
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    await mocked_account(hass, aioclient_mock)
    form = await ask_for_key(hass, entry)
    aioclient_mock.clear_requests()
    mock_service(aioclient_mock, listing("device_1"), empty)
    result = await submit(hass, form, api_key="sk_live_renewed")
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "already_configured")
    assert entry.data["api_key"] == "sk_live_empty"


async def test_the_key_of_another_entry_is_not_taken_even_without_devices(
    hass: HomeAssistant, aioclient_mock: AiohttpClientMocker
) -> None:
    mock_service(aioclient_mock, listing())
    for key in ("sk_live_first", "sk_live_second"):
        await submit(hass, await start(hass, "api_key"), api_key=key, advanced={"url": URL})
    await finish_tasks(hass)
    entry = hass.config_entries.async_entries(DOMAIN)[0]
    result = await submit(hass, await ask_for_key(hass, entry), api_key="sk_live_second")
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "already_configured")
    again = await submit(hass, await ask_for_key(hass, entry), api_key="sk_live_first")
    assert again["reason"] == "reauth_successful"


async def test_a_test_key_is_not_taken_for_a_live_account(
    hass: HomeAssistant, aioclient_mock: AiohttpClientMocker
) -> None:
    entry = await mocked_account(hass, aioclient_mock)
    form = await ask_for_key(hass, entry)
    aioclient_mock.clear_requests()
    mock_service(aioclient_mock, listing("device_of_the_sandbox", environment="sandbox"))
    result = await submit(hass, form, api_key=NEW_KEY)
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "wrong_account")
    assert entry.data["api_key"] == "sk_live_canary"


async def test_an_account_asks_only_once_and_again_after_a_wrong_answer(
    hass: HomeAssistant, aioclient_mock: AiohttpClientMocker
) -> None:
    entry = await mocked_account(hass, aioclient_mock)
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


async def mocked_account(
    hass: HomeAssistant, aioclient_mock: AiohttpClientMocker, known: str = "device_1", user_id: str = ""
) -> ConfigEntry:
    """Return a live account with one battery, at a service whose answers tests choose."""
    mock_service(aioclient_mock, listing(known))
    advanced = {"url": URL, "user_id": user_id}
    result = await submit(hass, await start(hass, "api_key"), api_key="sk_live_canary", advanced=advanced)
    await finish_tasks(hass)
    assert result["result"].state is ConfigEntryState.LOADED
    return result["result"]


async def mocked_account_with_vehicle(hass: HomeAssistant, aioclient_mock: AiohttpClientMocker) -> ConfigEntry:
    """Return a live account with a battery and a vehicle."""
    aioclient_mock.get(f"{URL}/vehicle", json=listing("vehicle_1"))
    aioclient_mock.get(f"{URL}/vehicle/vehicle_1", json={**listing(), "data": listing("vehicle_1")["data"]["items"][0]})
    return await mocked_account(hass, aioclient_mock)


def mock_long_list(aioclient_mock: AiohttpClientMocker, path: str, ids: list[str]) -> None:
    """Let a list have two pages."""
    for offset in (0, 50):
        page = listing(*ids[offset : offset + 50])
        page["data"]["pagination"] |= {"offset": offset, "total": len(ids), "hasMore": offset == 0}
        aioclient_mock.get(f"{URL}/{path}", params={"limit": "50", "offset": str(offset)}, json=page)


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
    await finish_tasks(hass)
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
    await finish_tasks(hass)
    assert KEY not in repr(hass.data)

    service.control("DELETE", "faults")
    service.control("POST", "keys", {"key": KEY, "state": "active"})
    again = await add_account(hass, service.url)
    assert again.state is ConfigEntryState.LOADED
    clear_requests(service)
    await advance(timedelta(seconds=31))
    assert {entry["path"] for entry in requests(service)} >= set(LISTS)
