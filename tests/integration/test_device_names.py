"""What devices are called, and that their names stay."""

from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
import pytest
from pytest_homeassistant_custom_component.test_util.aiohttp import AiohttpClientMocker

from .accounts import add_live_account
from .conftest import PollNow
from .mocked_service import URL, listing, mock_service


async def add_batteries(
    hass: HomeAssistant, aioclient_mock: AiohttpClientMocker, *items: dict[str, Any]
) -> ConfigEntry:
    """Add the live account of a service that lists these batteries."""
    batteries = listing(*(str(item["id"]) for item in items))
    for listed, item in zip(batteries["data"]["items"], items, strict=True):
        listed.update(item)
    mock_service(aioclient_mock, batteries)
    return await add_live_account(hass, URL)


def names(hass: HomeAssistant, entry: ConfigEntry) -> dict[str, str | None]:
    """Return what the devices of an account are called, by their ids."""
    registered = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    return {id_: device.name for device in registered if device.entry_type is None for _, id_ in device.identifiers}


async def test_names_stay_when_a_device_with_a_lower_id_appears(
    hass: HomeAssistant, aioclient_mock: AiohttpClientMocker, poll_now: PollNow
) -> None:
    entry = await add_batteries(hass, aioclient_mock, {"id": "device_5"})
    aioclient_mock.clear_requests()
    mock_service(aioclient_mock, listing("device_1", "device_5"))
    await poll_now(entry)
    await hass.async_block_till_done()
    expected = {"device_5": "FoxESS", "device_1": "FoxESS ce_1"}
    assert names(hass, entry) == expected
    assert await hass.config_entries.async_reload(entry.entry_id)
    assert names(hass, entry) == expected
    # One that comes between two starts does not take a name either, nor does one that calls itself otherwise now.
    assert await hass.config_entries.async_unload(entry.entry_id)
    aioclient_mock.clear_requests()
    batteries = listing("device_0", "device_1", "device_5")
    batteries["data"]["items"][2]["vendor"] = "Fox ESS"
    mock_service(aioclient_mock, batteries)
    assert await hass.config_entries.async_setup(entry.entry_id)
    assert names(hass, entry) == expected | {"device_0": "FoxESS ce_0"}


async def test_names_of_devices_that_are_missing_stay_theirs(
    hass: HomeAssistant, aioclient_mock: AiohttpClientMocker
) -> None:
    entry = await add_batteries(hass, aioclient_mock, {"id": "device_5"})
    assert await hass.config_entries.async_unload(entry.entry_id)
    aioclient_mock.clear_requests()
    mock_service(aioclient_mock, listing("device_1"))
    assert await hass.config_entries.async_setup(entry.entry_id)
    assert names(hass, entry) == {"device_5": "FoxESS", "device_1": "FoxESS ce_1"}


async def test_ids_that_end_alike_give_names_of_their_own(
    hass: HomeAssistant, aioclient_mock: AiohttpClientMocker
) -> None:
    ids = ("a_0001", "b_0001", "bb_0001", "c_0001", "1", "2")
    entry = await add_batteries(hass, aioclient_mock, *({"id": id_} for id_ in ids))
    assert names(hass, entry) == {
        "1": "FoxESS",
        "2": "FoxESS 2",
        "a_0001": "FoxESS 0001",
        "b_0001": "FoxESS _0001",
        "bb_0001": "FoxESS b_0001",
        "c_0001": "FoxESS c_0001",
    }


@pytest.mark.parametrize(
    ("vendor", "model", "name"),
    [
        (" ", "\t", "Battery"),
        ("", None, "Battery"),
        (None, " H1 ", "H1"),
        (" FoxESS ", "", "FoxESS"),
        ("\u00a0", "H1", "H1"),
    ],
)
async def test_a_blank_vendor_or_model_counts_as_missing(
    hass: HomeAssistant, aioclient_mock: AiohttpClientMocker, vendor: str | None, model: str | None, name: str
) -> None:
    item = {"id": "device_1", "vendor": vendor, "metadata": {"model": model}}
    entry = await add_batteries(hass, aioclient_mock, item)
    (device,) = dr.async_get(hass).async_get_devices(identifiers={("amps", "device_1")})
    assert names(hass, entry) == {"device_1": name}
    assert [device.manufacturer, device.model] == [(text and text.strip()) or None for text in (vendor, model)]
