"""The dialog, as a person uses it."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from homeassistant.config_entries import SOURCE_USER, ConfigEntryState, ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, InvalidData
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.translation import async_get_translations
from homeassistant.util import dt as dt_util
import orjson
import pytest
from pytest_homeassistant_custom_component.test_util.aiohttp import AiohttpClientMocker

from custom_components.amps.const import DOMAIN

from .conftest import Advance, add_simulated_home, device_ids
from .service import ServeHome

URL = "https://amps.test"
PATHS: Final = ("battery", "ev-charger", "hvac", "solar-inverter", "vehicle")


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


def mock_service(
    aioclient_mock: AiohttpClientMocker, devices: Mapping[str, Any], url: str = URL, path: str = "battery"
) -> None:
    """Let a service have these devices, batteries unless said otherwise, and nothing else."""
    aioclient_mock.get(f"{url}/{path}", json=devices)
    for item in devices["data"]["items"]:
        if "id" in item:
            aioclient_mock.get(f"{url}/{path}/{item['id']}", json={**devices, "data": item})
    for other in (*PATHS, "actions"):
        if other != path:
            aioclient_mock.get(f"{url}/{other}", json=listing(environment=devices["meta"]["environment"]))


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
    """Let a service answer every list call with this and nothing else."""
    for path in PATHS:
        answer_list_with(aioclient_mock, path, status, body)


def answer_list_with(
    aioclient_mock: AiohttpClientMocker, path: str, status: int | None, body: dict[str, Any] | bytes | Exception
) -> None:
    """Let a service answer the list calls of one type with this."""
    if isinstance(body, Exception):
        aioclient_mock.get(f"{URL}/{path}", exc=body)
        return
    content = body if isinstance(body, bytes) else orjson.dumps(body)
    aioclient_mock.get(f"{URL}/{path}", status=status or 200, content=content)


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


@pytest.mark.parametrize(
    "url",
    [
        "http://amps.test",
        "HTTP://AMPS.TEST",
        "http://api.amps.ai",
        "http://8.8.8.8",
        "http://127.0.0.1.amps.test",
        "http://127.0.0.1.",
        "http://notlocalhost",
        "http://localhost.amps.test",
        "http://amps",
        "http://134744072",
        "http://2130706433",
        "http://0x7f000001",
        "http://0177.0.0.1",
        "http://0.0.0.0",
        "http://100.64.0.1",
        "http://172.32.0.1",
        "http://[2001:4860:4860::8888]",
        "http://[::ffff:8.8.8.8]",
        "http://%6cocalhost",
    ],
)
async def test_a_key_is_not_sent_unencrypted_beyond_the_own_network(
    hass: HomeAssistant, aioclient_mock: AiohttpClientMocker, url: str
) -> None:
    form = await submit(hass, await start(hass, "api_key"), api_key="sk_live_canary", advanced={"url": url})
    assert form["errors"] == {"base": "insecure_url"}
    assert not aioclient_mock.mock_calls


@pytest.mark.parametrize(
    "url",
    [
        "https://amps.test",
        "https://[2001:4860:4860::8888]",
        "http://127.0.0.1:8124",
        "http://127.8.8.8",
        "http://localhost",
        "http://LOCALHOST.",
        "http://amps.localhost",
        "http://[::1]:8124",
        "http://10.1.2.3",
        "http://172.31.255.255",
        "http://192.168.1.2",
        "http://169.254.1.2",
        "http://[fd00::1]",
        "http://[fe80::1]",
        "http://[::ffff:192.168.1.2]",
        "http://amps.local",
        "http://amps.home.arpa",
        "http://amps.internal",
    ],
)
async def test_a_key_may_be_sent_encrypted_anywhere_and_else_in_the_own_network(
    hass: HomeAssistant, aioclient_mock: AiohttpClientMocker, url: str
) -> None:
    mock_service(aioclient_mock, listing("device_1"), url)
    result = await submit(hass, await start(hass, "api_key"), api_key="sk_live_canary", advanced={"url": url})
    assert result["type"] is FlowResultType.CREATE_ENTRY


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
