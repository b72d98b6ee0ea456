"""The dialog that adds an account or a simulated home: its steps, and what a service may answer to it."""

from datetime import timedelta
from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, InvalidData
from homeassistant.helpers.translation import async_get_translations
import pytest
from pytest_homeassistant_custom_component.test_util.aiohttp import AiohttpClientMocker

from custom_components.amps.const import DOMAIN

from .conftest import Advance, add_simulated_home, device_ids
from .flow import defaults, start, submit
from .mocked_service import PATHS, REFUSALS, URL, answer_list_with, answer_with, error, listing, mock_service


async def test_a_simulated_home_needs_no_account(hass: HomeAssistant) -> None:
    form = await start(hass, "simulated_home")
    assert defaults(form) == {"profile": "home"}
    result = await submit(hass, form, profile="home")
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["title"] == "Simulated home"
    assert result["result"].unique_id == result["data"]["seed"]
    await hass.async_block_till_done()
    assert result["result"].state is ConfigEntryState.LOADED


async def test_two_simulated_homes_stand_side_by_side(hass: HomeAssistant) -> None:
    first, second = await add_simulated_home(hass), await add_simulated_home(hass)
    assert (first.title, second.title) == ("Simulated home", "Simulated home 2")
    ids = [device_ids(hass, home) for home in (first, second)]
    assert all(ids)
    assert ids[0].isdisjoint(ids[1])


async def test_only_the_profiles_there_are_can_be_chosen(hass: HomeAssistant) -> None:
    with pytest.raises(InvalidData):
        await submit(hass, await start(hass, "simulated_home"), profile="castle")


async def test_a_live_key_is_checked_with_one_list_call(
    hass: HomeAssistant, aioclient_mock: AiohttpClientMocker
) -> None:
    mock_service(aioclient_mock, listing("device_1"), "https://api.amps.ai")
    result = await submit(hass, await start(hass, "api_key"), api_key=" sk_live_canary ")
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["title"] == "Amps"
    assert result["data"] == {"api_key": "sk_live_canary", "url": "https://api.amps.ai", "user_id": None}
    await hass.async_block_till_done()
    check, *polls = aioclient_mock.mock_calls
    assert str(check[1]) == "https://api.amps.ai/battery?limit=50&offset=0"
    assert check[3]["x-api-key"] == "sk_live_canary"
    assert len(polls) == 5


async def test_the_advanced_section_names_service_and_end_user(
    hass: HomeAssistant, aioclient_mock: AiohttpClientMocker
) -> None:
    mock_service(aioclient_mock, listing("device_1"))
    result = await submit(
        hass,
        await start(hass, "api_key"),
        api_key="sk_live_canary",
        advanced={"url": f"{URL}/", "user_id": "user_1"},
    )
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["data"] == {"api_key": "sk_live_canary", "url": URL, "user_id": "user_1"}
    assert aioclient_mock.mock_calls[0][1].query["userId"] == "user_1"


async def test_the_key_of_an_embedded_sandbox_never_leaves(
    hass: HomeAssistant, aioclient_mock: AiohttpClientMocker
) -> None:
    form = await submit(hass, await start(hass, "api_key"), api_key="sk_test_canary")
    assert form["step_id"] == "sandbox"
    assert defaults(form) == {"sandbox_host": "embedded"}
    result = await submit(hass, form, sandbox_host="embedded")
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["title"] == "Amps sandbox"
    await hass.async_block_till_done()
    assert result["result"].state is ConfigEntryState.LOADED
    assert not aioclient_mock.mock_calls


@pytest.mark.parametrize("key", ["sk_test_canary", "amps_sk_test_canary"])
async def test_a_test_key_for_another_url_is_meant_for_that_service(
    hass: HomeAssistant, aioclient_mock: AiohttpClientMocker, key: str
) -> None:
    mock_service(aioclient_mock, listing("device_1", environment="sandbox"))
    form = await submit(hass, await start(hass, "api_key"), api_key=key, advanced={"url": URL})
    assert defaults(form) == {"sandbox_host": "hosted"}
    assert not aioclient_mock.mock_calls
    result = await submit(hass, form, sandbox_host="hosted")
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["title"] == "Amps sandbox"


@pytest.mark.parametrize(("status", "body", "key"), REFUSALS)
async def test_what_goes_wrong_is_shown_and_can_be_corrected_in_the_same_dialog(
    hass: HomeAssistant,
    aioclient_mock: AiohttpClientMocker,
    caplog: pytest.LogCaptureFixture,
    status: int | None,
    body: dict[str, Any] | bytes | Exception,
    key: str,
) -> None:
    answer_with(aioclient_mock, status, body)
    typed = {"api_key": "sk_live_canary", "advanced": {"url": URL}}
    form = await submit(hass, await start(hass, "api_key"), **typed)
    assert (form["type"], form["step_id"], form["errors"]) == (FlowResultType.FORM, "api_key", {"base": key})
    texts = await async_get_translations(hass, "en", "config", {DOMAIN})
    assert texts[f"component.amps.config.error.{key}"]
    assert "sk_live_canary" not in caplog.text

    aioclient_mock.clear_requests()
    mock_service(aioclient_mock, listing("device_1"))
    result = await submit(hass, form, **typed)
    assert result["type"] is FlowResultType.CREATE_ENTRY


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (403, error("INSUFFICIENT_PERMISSIONS")),
        (401, error("INVALID_API_KEY")),
        (500, error("INTERNAL_ERROR")),
        (404, b"<html>nothing here</html>"),
        (200, b"<html>Welcome to the hotel</html>"),
        (None, TimeoutError()),
    ],
    ids=str,
)
@pytest.mark.parametrize("found", [listing("device_1"), listing()], ids=["a device", "no device"])
@pytest.mark.parametrize("answering", ["vehicle", "hvac"])
async def test_any_list_that_answers_proves_the_key(
    hass: HomeAssistant,
    aioclient_mock: AiohttpClientMocker,
    status: int | None,
    body: dict[str, Any] | bytes | Exception,
    found: dict[str, Any],
    answering: str,
) -> None:
    for path in PATHS:
        if path != answering:
            answer_list_with(aioclient_mock, path, status, body)
    mock_service(aioclient_mock, found, path=answering)
    form = await start(hass, "api_key")
    result = await submit(hass, form, api_key="sk_live_canary", advanced={"url": URL})
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_of_several_errors_the_most_specific_one_is_shown(
    hass: HomeAssistant, aioclient_mock: AiohttpClientMocker
) -> None:
    answers: list[tuple[int | None, dict[str, Any] | bytes | Exception]] = [
        (503, error("SERVICE_UNAVAILABLE")),
        (None, TimeoutError()),
        (403, error("INSUFFICIENT_PERMISSIONS")),
        (200, b"<html>Welcome to the hotel</html>"),
        (500, b"oops"),
    ]
    for path, (status, body) in zip(PATHS, answers, strict=True):
        answer_list_with(aioclient_mock, path, status, body)
    form = await submit(hass, await start(hass, "api_key"), api_key="sk_live_canary", advanced={"url": URL})
    assert form["errors"] == {"base": "missing_permission"}


async def test_a_service_that_asks_for_fewer_requests_is_asked_for_no_more(
    hass: HomeAssistant, aioclient_mock: AiohttpClientMocker
) -> None:
    answer_with(aioclient_mock, 429, error("RATE_LIMIT_EXCEEDED"))
    form = await submit(hass, await start(hass, "api_key"), api_key="sk_live_canary", advanced={"url": URL})
    assert form["errors"] == {"base": "rate_limited"}
    assert aioclient_mock.call_count == 1


async def test_an_account_without_any_device_can_be_added(
    hass: HomeAssistant, aioclient_mock: AiohttpClientMocker
) -> None:
    mock_service(aioclient_mock, listing())
    result = await submit(hass, await start(hass, "api_key"), api_key="sk_live_first", advanced={"url": URL})
    await hass.async_block_till_done()
    assert result["result"].state is ConfigEntryState.LOADED


async def test_a_service_that_names_no_environment_is_not_hurried(
    hass: HomeAssistant, aioclient_mock: AiohttpClientMocker, pass_time: Advance
) -> None:
    answer = listing("device_1")
    del answer["meta"]["environment"]
    aioclient_mock.get(f"{URL}/battery", json=answer)
    for path in ("ev-charger", "hvac", "solar-inverter", "vehicle"):
        aioclient_mock.get(f"{URL}/{path}", json={"items": []})
    result = await submit(hass, await start(hass, "api_key"), api_key="sk_live_first", advanced={"url": URL})
    await hass.async_block_till_done()
    assert result["title"] == "Amps"
    aioclient_mock.mock_calls.clear()
    await pass_time(timedelta(minutes=15) - timedelta(seconds=5))
    assert not [call for call in aioclient_mock.mock_calls if call[1].path == "/battery"]
    await pass_time(timedelta(seconds=10))
    assert [call for call in aioclient_mock.mock_calls if call[1].path == "/battery"]
