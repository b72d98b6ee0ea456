"""What was typed in for an account is changed: key, service, end user; the account stays the same."""

import asyncio
from typing import Any

from homeassistant.config_entries import ConfigEntry, ConfigEntryState, ConfigFlowResult
from homeassistant.const import STATE_ON
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, section
import pytest
from pytest_homeassistant_custom_component.test_util.aiohttp import AiohttpClientMocker

from custom_components.amps.const import DOMAIN

from .accounts import KEY, NEW_KEY, add_account, entities_of, states_of
from .conftest import devices, state_of
from .flow import start, submit
from .live import amps_id
from .mocked_service import PATHS, REFUSALS, URL, answer_with, listing, mock_service
from .service import ServeHome, Service

CHANGED = (FlowResultType.ABORT, "reconfigure_successful")
WRONG_ACCOUNT = (FlowResultType.ABORT, "wrong_account")


async def open_form(hass: HomeAssistant, entry: ConfigEntry) -> ConfigFlowResult:
    """Return what a person sees who chooses to reconfigure an entry."""
    return await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": "reconfigure", "entry_id": entry.entry_id}
    )


async def change(hass: HomeAssistant, entry: ConfigEntry, **typed: object) -> tuple[object, str | None]:
    """Return how the dialog ends, and let it take effect."""
    result = await submit(hass, await open_form(hass, entry), **typed)
    await hass.async_block_till_done(wait_background_tasks=True)
    return result["type"], result.get("reason")


def residents(service: Service) -> list[str]:
    """Return the end users whose devices a service has."""
    return sorted({device["userId"] for device in service.control("GET", "devices")["items"]})


def listed(hass: HomeAssistant) -> set[str]:
    """Return the ids of the devices that the lists of an account show."""
    registered = devices(hass, having="reachable", domain="binary_sensor")
    return {amps_id(each) for each in registered if state_of(hass, each, "reachable", "binary_sensor") == STATE_ON}


def suggested(form: ConfigFlowResult) -> dict[str, Any]:
    """Return what the fields of a form are filled with, by name, those of the section among them."""
    schema = form["data_schema"]
    assert schema is not None
    found: dict[str, Any] = {}
    for marker, value in schema.schema.items():
        inner = value.schema.schema if isinstance(value, section) else {marker: value}
        found |= {str(field): (field.description or {}).get("suggested_value") for field in inner}
    return found


async def test_the_form_shows_what_there_is_but_for_the_key(hass: HomeAssistant, serve_home: ServeHome) -> None:
    service = await serve_home("one")
    user = residents(service)[0]
    form = await open_form(hass, await add_account(hass, service.url, user_id=user))
    assert form["step_id"] == "reconfigure"
    assert suggested(form) == {"api_key": None, "url": service.url, "user_id": user}


@pytest.mark.parametrize("typed", [{}, {"api_key": ""}, {"api_key": "  "}])
async def test_what_is_left_empty_stays(hass: HomeAssistant, serve_home: ServeHome, typed: dict[str, str]) -> None:
    service = await serve_home("one")
    entry = await add_account(hass, service.url, user_id=residents(service)[0])
    before, data = entities_of(hass, entry), dict(entry.data)
    assert await change(hass, entry, **typed) == CHANGED
    assert entry.data == data
    assert entities_of(hass, entry) == before


async def test_the_same_account_by_another_key_and_url_keeps_its_entities(
    hass: HomeAssistant, serve_home: ServeHome
) -> None:
    entry = await add_account(hass, (await serve_home("one")).url)
    before, states = entities_of(hass, entry), states_of(entry)
    elsewhere = (await serve_home("one")).url
    assert await change(hass, entry, api_key=f" {NEW_KEY}\n", advanced={"url": f"{elsewhere}/"}) == CHANGED
    assert entry.data == {"api_key": NEW_KEY, "url": elsewhere, "user_id": None}
    assert entry.state is ConfigEntryState.LOADED
    assert states.count(ConfigEntryState.LOADED) == 1
    assert entities_of(hass, entry) == before
    assert before


async def test_another_account_is_not_taken(hass: HomeAssistant, serve_home: ServeHome) -> None:
    entry = await add_account(hass, (await serve_home("one")).url)
    before, data, states = entities_of(hass, entry), dict(entry.data), states_of(entry)
    two = (await serve_home("two")).url
    assert await change(hass, entry, api_key=KEY, advanced={"url": two}) == WRONG_ACCOUNT
    assert entry.data == data
    assert entities_of(hass, entry) == before
    assert states == []


@pytest.mark.parametrize(
    "url",
    [
        "https://elsewhere.test",
        "https://amps.test:8443",
        "https://amps.test.",
        "https://api.amps.test",
        "http://127.0.0.1:8124",
    ],
)
@pytest.mark.parametrize("typed", [{}, {"api_key": " "}], ids=str)
async def test_the_present_key_is_sent_to_no_other_service(
    hass: HomeAssistant, aioclient_mock: AiohttpClientMocker, url: str, typed: dict[str, str]
) -> None:
    entry = await mocked_account(hass, aioclient_mock)
    data = dict(entry.data)
    aioclient_mock.clear_requests()
    mock_service(aioclient_mock, listing("device_1"), url)
    form = await submit(hass, await open_form(hass, entry), **typed, advanced={"url": url})
    assert form["errors"] == {"base": "key_for_new_url"}
    assert suggested(form) == {"api_key": None, "url": url, "user_id": None}
    assert not aioclient_mock.mock_calls
    assert entry.data == data
    # Typed in once more it is meant for that service, be it the same.
    result = await submit(hass, form, api_key=data["api_key"], advanced={"url": url})
    assert (result["type"], result["reason"]) == CHANGED
    assert entry.data == {**data, "url": url}


@pytest.mark.parametrize("url", [f"{URL}/", "HTTPS://AMPS.TEST", f"{URL}:443", f"{URL}/v1"])
async def test_the_present_key_is_good_for_all_of_its_service(
    hass: HomeAssistant, aioclient_mock: AiohttpClientMocker, url: str
) -> None:
    entry = await mocked_account(hass, aioclient_mock)
    mock_service(aioclient_mock, listing("device_1"), f"{URL}/v1")
    assert await change(hass, entry, advanced={"url": url, "user_id": "user_1"}) == CHANGED
    assert entry.data["user_id"] == "user_1"


async def test_where_a_service_redirects_to_the_key_does_not_go(
    hass: HomeAssistant, aioclient_mock: AiohttpClientMocker
) -> None:
    entry = await mocked_account(hass, aioclient_mock)
    aioclient_mock.clear_requests()
    for path in PATHS:
        aioclient_mock.get(f"{URL}/{path}", status=307, headers={"Location": f"https://elsewhere.test/{path}"})
    form = await submit(hass, await open_form(hass, entry), api_key="sk_live_renewed")
    assert form["errors"] == {"base": "unexpected_answer"}
    assert {call[1].host for call in aioclient_mock.mock_calls} == {"amps.test"}


async def test_an_account_can_be_narrowed_to_one_of_its_end_users_but_not_to_strangers(
    hass: HomeAssistant, serve_home: ServeHome
) -> None:
    service = await serve_home("one")
    one, other = residents(service)
    entry = await add_account(hass, service.url, user_id=one)
    advanced = {"url": service.url}
    assert await change(hass, entry, advanced={**advanced, "user_id": other}) == WRONG_ACCOUNT
    assert entry.data == {"api_key": KEY, "url": service.url, "user_id": one}
    of_one = listed(hass)

    assert await change(hass, entry, advanced=advanced) == CHANGED
    assert entry.data == {"api_key": KEY, "url": service.url, "user_id": None}
    everybodys = listed(hass)
    assert of_one < everybodys

    assert await change(hass, entry, advanced={**advanced, "user_id": f" {other} "}) == CHANGED
    assert entry.data == {"api_key": KEY, "url": service.url, "user_id": other}
    assert listed(hass) == everybodys - of_one


async def test_devices_of_another_entry_are_not_taken(hass: HomeAssistant, serve_home: ServeHome) -> None:
    service = await serve_home("one")
    entries = [await add_account(hass, service.url, user_id=user) for user in residents(service)]
    for entry in entries:
        data = dict(entry.data)
        ended = await change(hass, entry, advanced={"url": service.url})
        assert ended == (FlowResultType.ABORT, "already_configured")
        assert entry.data == data


async def test_the_key_and_user_of_another_entry_are_not_taken(
    hass: HomeAssistant, aioclient_mock: AiohttpClientMocker
) -> None:
    mock_service(aioclient_mock, listing())
    for key in ("sk_live_first", "sk_live_second"):
        await submit(hass, await start(hass, "api_key"), api_key=key, advanced={"url": URL})
    await hass.async_block_till_done()
    first, _ = hass.config_entries.async_entries(DOMAIN)
    assert await change(hass, first, api_key="sk_live_second") == (FlowResultType.ABORT, "already_configured")
    assert await change(hass, first, api_key="sk_live_third") == CHANGED


@pytest.mark.parametrize(("status", "body", "key"), REFUSALS)
async def test_what_goes_wrong_is_shown_and_can_be_corrected_in_the_same_dialog(
    hass: HomeAssistant,
    aioclient_mock: AiohttpClientMocker,
    status: int | None,
    body: dict[str, Any] | bytes | Exception,
    key: str,
) -> None:
    entry = await mocked_account(hass, aioclient_mock)
    data = dict(entry.data)
    aioclient_mock.clear_requests()
    answer_with(aioclient_mock, status, body)
    typed = {"api_key": "sk_live_renewed", "advanced": {"url": f"{URL}/", "user_id": "user_1"}}
    form = await submit(hass, await open_form(hass, entry), **typed)
    assert (form["type"], form["step_id"], form["errors"]) == (FlowResultType.FORM, "reconfigure", {"base": key})
    assert suggested(form) == {"api_key": None, "url": URL, "user_id": "user_1"}
    assert entry.data == data

    aioclient_mock.clear_requests()
    mock_service(aioclient_mock, listing("device_1"))
    result = await submit(hass, form, **typed)
    assert (result["type"], result["reason"]) == CHANGED
    await hass.async_block_till_done()
    assert entry.data == {"api_key": "sk_live_renewed", "url": URL, "user_id": "user_1"}


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ({"advanced": {"url": "amps.test"}}, "invalid_url"),
        ({"advanced": {"url": ""}}, "invalid_url"),
        ({"advanced": {"url": "http://user:secret@amps.test"}}, "invalid_url"),
        ({"advanced": {"url": "http://amps.test"}}, "insecure_url"),
        ({"api_key": "sk_live_renewed", "advanced": {"url": "http://amps.test"}}, "insecure_url"),
        ({"api_key": "sk_live_\nx-evil: 1"}, "invalid_auth"),
        ({"api_key": "sk_live_ключ"}, "invalid_auth"),
    ],
)
async def test_what_cannot_be_right_is_not_sent(
    hass: HomeAssistant, aioclient_mock: AiohttpClientMocker, typed: dict[str, Any], key: str
) -> None:
    entry = await mocked_account(hass, aioclient_mock)
    asked = aioclient_mock.call_count
    form = await submit(hass, await open_form(hass, entry), **typed)
    assert form["errors"] == {"base": key}
    assert aioclient_mock.call_count == asked
    result = await submit(hass, form)
    assert (result["type"], result["reason"]) == CHANGED


async def test_two_dialogs_at_once_leave_one_of_the_two(hass: HomeAssistant, serve_home: ServeHome) -> None:
    entry = await add_account(hass, (await serve_home("one")).url)
    before = entities_of(hass, entry)
    forms = [await open_form(hass, entry) for _ in range(2)]
    keys = [NEW_KEY, f"{NEW_KEY}_2"]
    results = await asyncio.gather(*(submit(hass, form, api_key=key) for form, key in zip(forms, keys, strict=True)))
    await hass.async_block_till_done(wait_background_tasks=True)
    assert {result["reason"] for result in results} == {"reconfigure_successful"}
    assert entry.data["api_key"] in keys
    assert entry.state is ConfigEntryState.LOADED
    assert entities_of(hass, entry) == before


async def test_an_account_that_could_not_start_starts_after_the_change(
    hass: HomeAssistant, serve_home: ServeHome
) -> None:
    service = await serve_home("one")
    entry = await add_account(hass, service.url)
    before = entities_of(hass, entry)
    await hass.config_entries.async_unload(entry.entry_id)
    service.control("POST", "keys", {"key": KEY, "state": "revoked"})
    await hass.config_entries.async_setup(entry.entry_id)
    started = entry.state is ConfigEntryState.LOADED
    assert await change(hass, entry, api_key=NEW_KEY) == CHANGED
    assert (started, entry.state) == (False, ConfigEntryState.LOADED)
    assert entities_of(hass, entry) == before


async def test_a_simulated_home_has_nothing_to_change(hass: HomeAssistant, simulated_home: ConfigEntry) -> None:
    result = await open_form(hass, simulated_home)
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "simulated")


async def test_a_sandbox_inside_home_assistant_has_nothing_to_change(hass: HomeAssistant) -> None:
    form = await submit(hass, await start(hass, "api_key"), api_key=KEY)
    entry = (await submit(hass, form, sandbox_host="embedded"))["result"]
    result = await open_form(hass, entry)
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "simulated")


async def mocked_account(hass: HomeAssistant, aioclient_mock: AiohttpClientMocker) -> ConfigEntry:
    """Return a live account with one battery, at a service whose answers tests choose."""
    mock_service(aioclient_mock, listing("device_1"))
    form = await start(hass, "api_key")
    result = await submit(hass, form, api_key="sk_live_canary", advanced={"url": URL})
    await hass.async_block_till_done()
    return result["result"]
