"""The dialog, as a person uses it."""

import asyncio
from collections.abc import Mapping
from typing import Any, Final

from homeassistant.config_entries import SOURCE_USER, ConfigEntryState, ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, InvalidData
from homeassistant.helpers.translation import async_get_translations
from homeassistant.util import dt as dt_util
import orjson
import pytest
from pytest_homeassistant_custom_component.test_util.aiohttp import AiohttpClientMocker

from custom_components.amps.const import DOMAIN

from .conftest import add_simulated_home
from .service import ServeHome

URL = "http://amps.test"


async def start(hass: HomeAssistant, step: str) -> ConfigFlowResult:
    """Open the dialog and choose from its menu."""
    menu = await hass.config_entries.flow.async_init(DOMAIN, context={"source": SOURCE_USER})
    assert menu["type"] is FlowResultType.MENU
    assert menu["menu_options"] == ["api_key", "simulated_home"]
    return await hass.config_entries.flow.async_configure(menu["flow_id"], {"next_step_id": step})


async def submit(hass: HomeAssistant, form: ConfigFlowResult, **typed: object) -> ConfigFlowResult:
    """Fill in a form and send it."""
    assert form["type"] is FlowResultType.FORM
    return await hass.config_entries.flow.async_configure(form["flow_id"], typed)


def defaults(form: ConfigFlowResult) -> object:
    """Return what a form sends when nothing is changed in it."""
    schema = form["data_schema"]
    assert schema is not None
    return schema({})


def error(code: str) -> dict[str, Any]:
    """Return an error envelope."""
    return {"success": False, "error": {"code": code, "message": "…"}, "meta": {"requestId": "req_1"}}


def listing(*ids: str, environment: str = "live") -> dict[str, Any]:
    """Return a list of batteries that were read just now."""
    now = dt_util.utcnow().isoformat(timespec="milliseconds")
    sync = {"available": True, "lastPulledAt": now}
    return {
        "success": True,
        "data": {
            "items": [{"id": id_, "vendor": "FoxESS", "sync": sync, "state": {"level": 58}} for id_ in ids],
            "pagination": {"limit": 50, "offset": 0, "total": len(ids), "hasMore": False},
        },
        "meta": {"environment": environment, "timestamp": now},
    }


def mock_service(aioclient_mock: AiohttpClientMocker, batteries: Mapping[str, Any], url: str = URL) -> None:
    """Let a service have these batteries and nothing else."""
    aioclient_mock.get(f"{url}/battery", json=batteries)
    for item in batteries["data"]["items"]:
        if "id" in item:
            aioclient_mock.get(f"{url}/battery/{item['id']}", json={**batteries, "data": item})
    for path in ("ev-charger", "hvac", "solar-inverter", "vehicle", "actions"):
        aioclient_mock.get(f"{url}/{path}", json=listing(environment=batteries["meta"]["environment"]))


REFUSALS: Final = [
    (401, error("INVALID_API_KEY"), "invalid_auth"),
    (401, error("UNAUTHORIZED"), "invalid_auth"),
    (401, error("EXPIRED_TOKEN"), "expired_key"),
    (403, error("LIVE_ACCESS_DISABLED"), "live_access_disabled"),
    (403, error("INSUFFICIENT_PERMISSIONS"), "missing_permission"),
    (429, error("RATE_LIMIT_EXCEEDED"), "rate_limited"),
    (401, error("RATE_LIMIT_EXCEEDED"), "rate_limited"),
    (503, error("SERVICE_UNAVAILABLE"), "cannot_connect"),
    (200, b"<html>Welcome to the hotel</html>", "unexpected_answer"),
    (200, b'{"success": true, "data": {"items": [', "unexpected_answer"),
    (404, b"nothing here", "unexpected_answer"),
    (None, TimeoutError(), "cannot_connect"),
]
"""Status and body of an answer to a list call, or what happens instead, and the error that it is."""


def answer_with(
    aioclient_mock: AiohttpClientMocker, status: int | None, body: dict[str, Any] | bytes | Exception
) -> None:
    """Let a service answer the first list call with this and nothing else."""
    if isinstance(body, Exception):
        aioclient_mock.get(f"{URL}/battery", exc=body)
        return
    content = body if isinstance(body, bytes) else orjson.dumps(body)
    aioclient_mock.get(f"{URL}/battery", status=status or 200, content=content)


async def test_a_simulated_home_needs_no_account(hass: HomeAssistant) -> None:
    form = await start(hass, "simulated_home")
    assert defaults(form) == {"profile": "home"}
    result = await submit(hass, form, profile="home")
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["title"] == "Simulated home"
    await hass.async_block_till_done()
    assert result["result"].state is ConfigEntryState.LOADED


async def test_two_simulated_homes_stand_side_by_side(hass: HomeAssistant) -> None:
    first, second = await add_simulated_home(hass), await add_simulated_home(hass)
    assert first.runtime_data.data.devices.keys().isdisjoint(second.runtime_data.data.devices)
    assert first.runtime_data.data.devices


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
async def test_what_goes_wrong_is_told_and_can_be_mended_in_the_same_dialog(
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


@pytest.mark.parametrize("key", ["", "   ", "sk_live_\x00", "sk_live_\nx-evil: 1", "sk_live_ключ"])
async def test_what_cannot_be_a_key_is_not_sent(
    hass: HomeAssistant, aioclient_mock: AiohttpClientMocker, key: str
) -> None:
    form = await submit(hass, await start(hass, "api_key"), api_key=key)
    assert form["errors"] == {"base": "invalid_auth"}
    assert not aioclient_mock.mock_calls


@pytest.mark.parametrize(
    "url",
    [
        "amps.test",
        "ftp://amps.test",
        "http://",
        "http://amps.test/?x=1",
        "http://amps.test/?",
        "http://amps.test/#",
        "http://user:secret@amps.test",
        "http://amps.test:0",
        "http://amps test",
        "http://amps.test/a\r\nX-Evil: 1",
        "http://[",
        "",
    ],
)
async def test_what_cannot_be_a_service_is_not_asked(
    hass: HomeAssistant, aioclient_mock: AiohttpClientMocker, url: str
) -> None:
    form = await submit(hass, await start(hass, "api_key"), api_key="sk_live_canary", advanced={"url": url})
    assert form["errors"] == {"base": "invalid_url"}
    assert not aioclient_mock.mock_calls


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


async def test_an_account_without_any_device_can_be_added(
    hass: HomeAssistant, aioclient_mock: AiohttpClientMocker
) -> None:
    mock_service(aioclient_mock, listing())
    result = await submit(hass, await start(hass, "api_key"), api_key="sk_live_first", advanced={"url": URL})
    await hass.async_block_till_done()
    assert result["result"].state is ConfigEntryState.LOADED


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


async def test_a_service_that_names_no_environment_is_not_hurried(
    hass: HomeAssistant, aioclient_mock: AiohttpClientMocker
) -> None:
    answer = listing("device_1")
    del answer["meta"]["environment"]
    aioclient_mock.get(f"{URL}/battery", json=answer)
    for path in ("ev-charger", "hvac", "solar-inverter", "vehicle"):
        aioclient_mock.get(f"{URL}/{path}", json={"items": []})
    result = await submit(hass, await start(hass, "api_key"), api_key="sk_live_first", advanced={"url": URL})
    await hass.async_block_till_done()
    assert result["title"] == "Amps"
    assert result["result"].runtime_data.pace.list_interval == 900
