"""Accounts beside each other: the same one is not added twice, and others are told apart."""

import asyncio

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.test_util.aiohttp import AiohttpClientMocker

from custom_components.amps.const import DOMAIN

from .flow import start, submit
from .mocked_service import URL, answer_list_with, error, listing, mock_service
from .service import ServeHome


async def test_the_same_key_is_not_added_twice(hass: HomeAssistant, aioclient_mock: AiohttpClientMocker) -> None:
    mock_service(aioclient_mock, listing("device_1"))
    typed = {"api_key": "sk_live_canary", "advanced": {"url": URL}}
    await submit(hass, await start(hass, "api_key"), **typed)
    again = await submit(hass, await start(hass, "api_key"), **typed)
    assert (again["type"], again["reason"]) == (FlowResultType.ABORT, "already_configured")


async def test_another_key_of_the_same_account_is_not_added(
    hass: HomeAssistant, aioclient_mock: AiohttpClientMocker
) -> None:
    mock_service(aioclient_mock, listing("device_1"))
    await submit(hass, await start(hass, "api_key"), api_key="sk_live_first", advanced={"url": URL})
    await hass.async_block_till_done()
    again = await submit(hass, await start(hass, "api_key"), api_key="sk_live_second", advanced={"url": URL})
    assert (again["type"], again["reason"]) == (FlowResultType.ABORT, "already_configured")


async def test_another_key_of_an_account_without_batteries_is_not_added(
    hass: HomeAssistant, aioclient_mock: AiohttpClientMocker
) -> None:
    aioclient_mock.get(f"{URL}/vehicle", json=listing("device_1"))
    mock_service(aioclient_mock, listing())
    await submit(hass, await start(hass, "api_key"), api_key="sk_live_first", advanced={"url": URL})
    await hass.async_block_till_done()
    again = await submit(hass, await start(hass, "api_key"), api_key="sk_live_second", advanced={"url": URL})
    assert (again["type"], again["reason"]) == (FlowResultType.ABORT, "already_configured")


@pytest.mark.parametrize("broken", [(), ("battery",), ("hvac", "vehicle")])
async def test_an_account_with_one_device_of_another_entry_is_not_added(
    hass: HomeAssistant, aioclient_mock: AiohttpClientMocker, broken: tuple[str, ...]
) -> None:
    """Whichever list shows it, and whatever the others answer."""
    mock_service(aioclient_mock, listing("inverter_1"), path="solar-inverter")
    await submit(hass, await start(hass, "api_key"), api_key="sk_live_first", advanced={"url": URL})
    await hass.async_block_till_done()
    aioclient_mock.clear_requests()
    for path in broken:
        answer_list_with(aioclient_mock, path, 403, error("INSUFFICIENT_PERMISSIONS"))
    aioclient_mock.get(f"{URL}/battery", json=listing("device_9"))
    mock_service(aioclient_mock, listing("inverter_9", "inverter_1"), path="solar-inverter")
    again = await submit(hass, await start(hass, "api_key"), api_key="sk_live_second", advanced={"url": URL})
    assert (again["type"], again["reason"]) == (FlowResultType.ABORT, "already_configured")


async def test_an_account_whose_other_lists_cannot_be_read_is_added(
    hass: HomeAssistant, aioclient_mock: AiohttpClientMocker
) -> None:
    """What these might show of another entry is left to that one later on."""
    mock_service(aioclient_mock, listing("device_1"))
    await submit(hass, await start(hass, "api_key"), api_key="sk_live_first", advanced={"url": URL})
    await hass.async_block_till_done()
    aioclient_mock.clear_requests()
    answer_list_with(aioclient_mock, "vehicle", 503, error("SERVICE_UNAVAILABLE"))
    mock_service(aioclient_mock, listing("device_9"))
    result = await submit(hass, await start(hass, "api_key"), api_key="sk_live_second", advanced={"url": URL})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["result"].unique_id is None  # Amps names no account: entries differ by key, user and devices


async def test_accounts_differ_by_their_titles_but_not_by_whose_they_are(
    hass: HomeAssistant, aioclient_mock: AiohttpClientMocker, caplog: pytest.LogCaptureFixture
) -> None:
    titles = []
    for number, user in enumerate(("", "ann@canary.test", "bob@canary.test"), 1):
        aioclient_mock.clear_requests()
        mock_service(aioclient_mock, listing(f"device_{number}"))
        typed = {"api_key": "sk_live_canary", "advanced": {"url": URL, "user_id": user}}
        result = await submit(hass, await start(hass, "api_key"), **typed)
        await hass.async_block_till_done()
        titles.append(result["title"])
    assert titles == ["Amps", "Amps 2", "Amps 3"]
    states = [state.as_dict() for state in hass.states.async_all()]
    ids = [(entry.entity_id, entry.unique_id) for entry in er.async_get(hass).entities.values()]
    assert states
    assert "canary.test" not in f"{caplog.text}{states}{ids}"

    first, second, _ = hass.config_entries.async_entries(DOMAIN)
    hass.config_entries.async_update_entry(first, title="Mum's")
    await hass.config_entries.async_remove(second.entry_id)
    for number in (4, 5):
        aioclient_mock.clear_requests()
        mock_service(aioclient_mock, listing(f"device_{number}"))
        typed = {"api_key": f"sk_live_{number}", "advanced": {"url": URL}}
        titles.append((await submit(hass, await start(hass, "api_key"), **typed))["title"])
    assert titles[3:] == ["Amps", "Amps 2"]


async def test_two_dialogs_at_once_add_one_account(hass: HomeAssistant) -> None:
    forms = [await submit(hass, await start(hass, "api_key"), api_key="sk_test_canary") for _ in range(2)]
    results = [await submit(hass, form, sandbox_host="embedded") for form in forms]
    assert [result["type"] for result in results] == [FlowResultType.CREATE_ENTRY, FlowResultType.ABORT]


async def test_two_dialogs_that_ask_the_service_at_once_add_one_account(
    hass: HomeAssistant, serve_home: ServeHome
) -> None:
    typed = {"api_key": "sk_test_canary", "advanced": {"url": (await serve_home("one")).url}}
    forms = [await submit(hass, await start(hass, "api_key"), **typed) for _ in range(2)]
    results = await asyncio.gather(*(submit(hass, form, sandbox_host="hosted") for form in forms))
    assert {result["type"] for result in results} == {FlowResultType.CREATE_ENTRY, FlowResultType.ABORT}
    assert len(hass.config_entries.async_entries(DOMAIN)) == 1
