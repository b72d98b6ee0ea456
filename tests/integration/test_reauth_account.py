"""Whether a new key is of the same account: one known device proves it."""

from collections.abc import Mapping
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.translation import async_get_translations
import pytest
from pytest_homeassistant_custom_component.test_util.aiohttp import AiohttpClientMocker

from custom_components.amps.const import DOMAIN

from .accounts import NEW_KEY, add_account, add_live_account, entities_of, states_of
from .flow import ask_for_key, start, submit
from .mocked_service import PATHS, URL, add_mocked_account, answer_list_with, error, listing, mock_service
from .service import ServeHome


async def add_mocked_account_with_vehicle(hass: HomeAssistant, aioclient_mock: AiohttpClientMocker) -> ConfigEntry:
    """Return a live account with a battery and a vehicle."""
    aioclient_mock.get(f"{URL}/vehicle", json=listing("vehicle_1"))
    aioclient_mock.get(f"{URL}/vehicle/vehicle_1", json={**listing(), "data": listing("vehicle_1")["data"]["items"][0]})
    return await add_mocked_account(hass, aioclient_mock)


def mock_long_list(aioclient_mock: AiohttpClientMocker, path: str, ids: list[str]) -> None:
    """Let a list have two pages."""
    for offset in (0, 50):
        page = listing(*ids[offset : offset + 50])
        page["data"]["pagination"] |= {"offset": offset, "total": len(ids), "hasMore": offset == 0}
        aioclient_mock.get(f"{URL}/{path}", params={"limit": "50", "offset": str(offset)}, json=page)


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
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.data == data
    assert entities_of(hass, entry) == before
    assert states == []


async def test_a_known_device_is_found_on_a_later_page_of_another_type(
    hass: HomeAssistant, aioclient_mock: AiohttpClientMocker
) -> None:
    entry = await add_mocked_account(hass, aioclient_mock, known="vehicle_51")
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
    entry = await add_mocked_account_with_vehicle(hass, aioclient_mock)
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
    entry = await add_mocked_account(hass, aioclient_mock)
    form = await ask_for_key(hass, entry)
    aioclient_mock.clear_requests()
    answer_list_with(aioclient_mock, "battery", 403, error("INSUFFICIENT_PERMISSIONS"))
    mock_service(aioclient_mock, listing("vehicle_9"), path="vehicle")
    form = await submit(hass, form, api_key="sk_live_renewed")
    assert form["errors"] == {"base": "missing_permission"}


@pytest.mark.parametrize("now", [listing(), listing("device_9")])
async def test_as_long_as_no_device_is_known_any_account_will_do(
    hass: HomeAssistant, aioclient_mock: AiohttpClientMocker, now: Mapping[str, Any]
) -> None:
    mock_service(aioclient_mock, listing())
    await add_live_account(hass, URL)
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
    await hass.async_block_till_done(wait_background_tasks=True)
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    await add_mocked_account(hass, aioclient_mock)
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
    await hass.async_block_till_done(wait_background_tasks=True)
    entry = hass.config_entries.async_entries(DOMAIN)[0]
    result = await submit(hass, await ask_for_key(hass, entry), api_key="sk_live_second")
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "already_configured")
    again = await submit(hass, await ask_for_key(hass, entry), api_key="sk_live_first")
    assert again["reason"] == "reauth_successful"


async def test_a_test_key_is_not_taken_for_a_live_account(
    hass: HomeAssistant, aioclient_mock: AiohttpClientMocker
) -> None:
    entry = await add_mocked_account(hass, aioclient_mock)
    form = await ask_for_key(hass, entry)
    aioclient_mock.clear_requests()
    mock_service(aioclient_mock, listing("device_of_the_sandbox", environment="sandbox"))
    result = await submit(hass, form, api_key=NEW_KEY)
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "wrong_account")
    assert entry.data["api_key"] == "sk_live_canary"
