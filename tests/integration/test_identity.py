"""Ids that come twice, under two types or in two accounts: left to the first for as long as that has them."""

from datetime import timedelta

from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    ConfigEntry,
    ConfigEntryDisabler,
    ConfigEntryState,
    ConfigFlowContext,
)
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import area_registry as ar, device_registry as dr, entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.test_util.aiohttp import AiohttpClientMocker

from custom_components.amps.account.claims import AMBIGUOUS_ENDINGS
from custom_components.amps.const import DOMAIN
from tests.packaging.entities import entities

from .accounts import add_live_account, entities_of
from .conftest import Advance
from .flow import submit
from .mocked_service import PATHS, error, listing

FIRST, SECOND = "https://one.test", "https://two.test"
type Devices = dict[str, dict[str, tuple[str, ...]]]
"""Ids of devices, by the URL of the service and the path of their list."""

APART: Devices = {FIRST: {"battery": ("shared", "own_1")}, SECOND: {"battery": ("own_2",)}}
SHARED: Devices = {FIRST: {"battery": ("shared", "own_1")}, SECOND: {"battery": ("own_2", "shared")}}
QUARTER = timedelta(minutes=15)


def serve(aioclient_mock: AiohttpClientMocker, devices: Devices) -> None:
    """Let services list these devices, as of now; forget what was asked before."""
    aioclient_mock.clear_requests()
    for url, by_path in devices.items():
        for path in PATHS:
            page = listing(*by_path.get(path, ()))
            aioclient_mock.get(f"{url}/{path}", json=page)
            for item in page["data"]["items"]:
                aioclient_mock.get(f"{url}/{path}/{item['id']}", json={**page, "data": item})
        aioclient_mock.get(f"{url}/actions", json=listing())


async def add(hass: HomeAssistant, url: str) -> ConfigEntry:
    """Add a live account as a person does."""
    account = await add_live_account(hass, url, f"sk_{url}")
    assert account.state is ConfigEntryState.LOADED
    return account


def devices_of(hass: HomeAssistant, entry: ConfigEntry) -> dict[str, str]:
    """Return the devices of an account: Home Assistant's ids by Amps', but for the account itself."""
    found = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    return {
        device_id: device.id for device in found if device.entry_type is None for _, device_id in device.identifiers
    }


def registered(hass: HomeAssistant, entry: ConfigEntry) -> list[er.RegistryEntry]:
    """Return the entities of an account."""
    return er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)


def said(caplog: pytest.LogCaptureFixture, text: str = "is left out") -> list[str]:
    """Return the warnings about devices that are left out, and see to it that there is nothing worse."""
    assert not [record for record in caplog.records if record.levelname == "ERROR"], caplog.text
    return [record.getMessage() for record in caplog.records if text in record.getMessage()]


@pytest.fixture
async def two(hass: HomeAssistant, aioclient_mock: AiohttpClientMocker) -> tuple[ConfigEntry, ConfigEntry]:
    """Return two accounts, of which the second one comes to show a battery of the first after both were added."""
    serve(aioclient_mock, APART)
    first, second = await add(hass, FIRST), await add(hass, SECOND)
    serve(aioclient_mock, SHARED)
    return first, second


@pytest.mark.parametrize("path", PATHS[1:])
async def test_an_id_of_two_types_is_left_to_the_first(
    hass: HomeAssistant,
    aioclient_mock: AiohttpClientMocker,
    pass_time: Advance,
    caplog: pytest.LogCaptureFixture,
    path: str,
) -> None:
    by_path: dict[str, tuple[str, ...]] = {"battery": ("shared",), path: ("shared", "other")}
    serve(aioclient_mock, {FIRST: by_path})
    entry = await add(hass, FIRST)
    before = entities_of(hass, entry)
    await pass_time(3 * QUARTER)
    await hass.config_entries.async_reload(entry.entry_id)
    await pass_time(3 * QUARTER)
    (warning,) = said(caplog)
    assert "'shared'" in warning
    assert warning.endswith("it is already there as one of type Battery")
    assert devices_of(hass, entry).keys() == {"shared", "other"}
    assert entities_of(hass, entry) == before
    assert not [call for call in aioclient_mock.mock_calls if call[1].path == f"/{path}/shared"]


async def test_a_device_of_two_accounts_is_left_to_the_first(
    hass: HomeAssistant,
    two: tuple[ConfigEntry, ConfigEntry],
    aioclient_mock: AiohttpClientMocker,
    pass_time: Advance,
    caplog: pytest.LogCaptureFixture,
) -> None:
    first, second = two
    before = [entities_of(hass, entry) for entry in two]
    for reloaded in (None, *two):
        if reloaded is not None:
            await hass.config_entries.async_reload(reloaded.entry_id)
        await pass_time(3 * QUARTER)
    (warning,) = said(caplog)
    assert warning.startswith("Amps 2: ")
    assert "'shared'" in warning
    assert warning.endswith("it already belongs to Amps")
    assert devices_of(hass, first).keys() == {"shared", "own_1"}
    assert devices_of(hass, second).keys() == {"own_2"}
    assert [entities_of(hass, entry) for entry in two] == before
    assert {call[1].host for call in aioclient_mock.mock_calls if call[1].path == "/battery/shared"} <= {"one.test"}


@pytest.mark.parametrize("way", ["removed", "disabled"])
async def test_when_the_first_account_goes_the_other_takes_the_device_over(
    hass: HomeAssistant,
    two: tuple[ConfigEntry, ConfigEntry],
    aioclient_mock: AiohttpClientMocker,
    pass_time: Advance,
    caplog: pytest.LogCaptureFixture,
    way: str,
) -> None:
    first, second = two
    await pass_time(2 * QUARTER)
    registry_id, area = devices_of(hass, first)["shared"], ar.async_get(hass).async_create("Cellar")
    dr.async_get(hass).async_update_device(registry_id, name_by_user="Big one", area_id=area.id)
    entity_id = er.async_get(hass).async_get_entity_id("sensor", DOMAIN, "shared_level")
    assert entity_id is not None
    er.async_get(hass).async_update_entity(entity_id, name="Charge", new_entity_id="sensor.big_one")
    await hass.async_block_till_done()
    known = {value[:2] for value in entities_of(hass, first).values() if value[2] == registry_id}
    assert known
    serve(aioclient_mock, SHARED)

    if way == "removed":
        await hass.config_entries.async_remove(first.entry_id)
    else:
        await hass.config_entries.async_set_disabled_by(first.entry_id, ConfigEntryDisabler.USER)
    await hass.async_block_till_done(wait_background_tasks=True)

    assert devices_of(hass, second)["shared"] == registry_id
    device = dr.async_get(hass).async_get(registry_id)
    assert device is not None
    assert (device.name_by_user, device.area_id, device.disabled_by) == ("Big one", area.id, None)
    taken = entities_of(hass, second)
    assert {value[:2] for value in taken.values() if value[2] == registry_id} == known
    assert hass.states.is_state("sensor.big_one", "58.0")
    assert all(entry.disabled_by is not er.RegistryEntryDisabler.CONFIG_ENTRY for entry in registered(hass, second))
    await pass_time(3 * QUARTER)
    assert len(said(caplog)) == 1

    if way == "disabled":
        assert "shared" not in devices_of(hass, first)
        await hass.config_entries.async_set_disabled_by(first.entry_id, None)
        await pass_time(3 * QUARTER)
        assert first.state is ConfigEntryState.LOADED
        assert devices_of(hass, first).keys() == {"own_1"}
        assert entities_of(hass, second) == taken
        assert said(caplog)[1:] == ["Amps: device 'shared' of type Battery is left out: it already belongs to Amps 2"]


async def test_a_device_that_left_the_other_account_before_is_not_moved_there(
    hass: HomeAssistant,
    two: tuple[ConfigEntry, ConfigEntry],
    aioclient_mock: AiohttpClientMocker,
    pass_time: Advance,
    caplog: pytest.LogCaptureFixture,
) -> None:
    first, second = two
    # Nothing else is in this list, so that it comes back as it was before.
    serve(aioclient_mock, APART | {SECOND: APART[SECOND] | {"vehicle": ("shared",)}})
    await pass_time(5 * QUARTER)
    assert len(said(caplog)) == 1
    serve(aioclient_mock, APART)
    await pass_time(5 * QUARTER)
    await hass.config_entries.async_set_disabled_by(first.entry_id, ConfigEntryDisabler.USER)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert devices_of(hass, second).keys() == {"own_2"}


async def test_an_account_that_is_not_loaded_for_a_while_keeps_its_devices(
    hass: HomeAssistant,
    two: tuple[ConfigEntry, ConfigEntry],
    aioclient_mock: AiohttpClientMocker,
    pass_time: Advance,
    caplog: pytest.LogCaptureFixture,
) -> None:
    first, second = two
    before = entities_of(hass, first)
    await hass.config_entries.async_unload(first.entry_id)
    await pass_time(3 * QUARTER)
    assert devices_of(hass, second).keys() == {"own_2"}
    serve(aioclient_mock, SHARED)
    await hass.config_entries.async_setup(first.entry_id)
    await pass_time(QUARTER)
    assert entities_of(hass, first) == before
    assert hass.states.is_state("sensor.foxess_level", "58.0")
    assert len(said(caplog)) == 1


async def test_a_device_belongs_to_an_account_that_has_not_started_yet(
    hass: HomeAssistant, aioclient_mock: AiohttpClientMocker, pass_time: Advance, caplog: pytest.LogCaptureFixture
) -> None:
    """As after a start of Home Assistant, when the service of the first account does not answer."""
    first = MockConfigEntry(domain=DOMAIN, title="First", data={"api_key": "sk_live_0", "url": FIRST, "user_id": None})
    first.add_to_hass(hass)
    dr.async_get(hass).async_get_or_create(config_entry_id=first.entry_id, identifiers={(DOMAIN, "shared")})
    serve(aioclient_mock, {SECOND: {"battery": ("own_2",)}})
    for path in PATHS:
        aioclient_mock.get(f"{FIRST}/{path}", status=503, json=error("SERVICE_UNAVAILABLE"))
    second = await add(hass, SECOND)
    assert first.state is ConfigEntryState.SETUP_RETRY
    serve(aioclient_mock, {SECOND: SHARED[SECOND], FIRST: {}})
    for path in PATHS:
        aioclient_mock.get(f"{FIRST}/{path}", status=503, json=error("SERVICE_UNAVAILABLE"))
    await hass.config_entries.async_reload(second.entry_id)
    assert devices_of(hass, second).keys() == {"own_2"}
    serve(aioclient_mock, SHARED)
    await hass.config_entries.async_reload(first.entry_id)
    await pass_time(QUARTER)
    assert devices_of(hass, first).keys() == {"shared", "own_1"}
    assert devices_of(hass, second).keys() == {"own_2"}
    assert len(said(caplog)) == 1


async def test_a_device_that_left_the_first_account_is_taken_over(
    hass: HomeAssistant, two: tuple[ConfigEntry, ConfigEntry], aioclient_mock: AiohttpClientMocker, pass_time: Advance
) -> None:
    first, second = two
    await pass_time(2 * QUARTER)
    registered_as = entities_of(hass, first)
    for _ in range(6):
        serve(aioclient_mock, {FIRST: {"battery": ("own_1",)}, SECOND: SHARED[SECOND]})
        aioclient_mock.get(f"{FIRST}/battery/shared", status=404, json=error("DEVICE_NOT_FOUND"))
        await pass_time(QUARTER)
    assert devices_of(hass, first).keys() == {"own_1"}
    assert devices_of(hass, second).keys() == {"own_2", "shared"}
    assert entities_of(hass, second).keys() & registered_as.keys()
    level = er.async_get(hass).async_get_entity_id("sensor", DOMAIN, "shared_level")
    assert level is not None
    assert (state := hass.states.get(level)) is not None
    assert state.state not in {STATE_UNAVAILABLE, "unknown"}


@pytest.mark.parametrize("ids", [("x", "x_charge"), ("x_discharge", "x")])
async def test_what_could_not_be_distinguished_by_its_entities_is_left_out(
    hass: HomeAssistant,
    aioclient_mock: AiohttpClientMocker,
    pass_time: Advance,
    caplog: pytest.LogCaptureFixture,
    ids: tuple[str, str],
) -> None:
    serve(aioclient_mock, {FIRST: {"battery": ids}})
    entry = await add(hass, FIRST)
    await pass_time(3 * QUARTER)
    await hass.config_entries.async_reload(entry.entry_id)
    await pass_time(QUARTER)
    assert devices_of(hass, entry).keys() == {ids[0]}
    (warning,) = said(caplog)
    assert repr(ids[1]) in warning


def test_no_other_endings_are_ambiguous() -> None:
    """Two entities of one platform have the same unique id only when one key is the end of the other."""
    endings = {
        f"_{longer.removesuffix(f'_{shorter}')}"
        for platform, longer in entities()
        for other, shorter in entities()
        if platform == other and longer.endswith(f"_{shorter}")
    }
    assert endings == set(AMBIGUOUS_ENDINGS)


async def test_the_id_of_an_account_is_no_device(
    hass: HomeAssistant, aioclient_mock: AiohttpClientMocker, pass_time: Advance, caplog: pytest.LogCaptureFixture
) -> None:
    serve(aioclient_mock, {FIRST: {"battery": ("own_1",)}})
    entry = await add(hass, FIRST)
    serve(aioclient_mock, {FIRST: {"battery": ("own_1", entry.entry_id)}})
    await pass_time(3 * QUARTER)
    assert devices_of(hass, entry).keys() == {"own_1"}
    assert len(said(caplog)) == 1


async def test_an_account_can_be_reconfigured_that_leaves_a_device_to_another(
    hass: HomeAssistant, two: tuple[ConfigEntry, ConfigEntry], pass_time: Advance
) -> None:
    await pass_time(2 * QUARTER)
    _, second = two
    context = ConfigFlowContext(source=SOURCE_RECONFIGURE, entry_id=second.entry_id)
    form = await hass.config_entries.flow.async_init(DOMAIN, context=context)
    result = await submit(hass, form, api_key="sk_live_renewed")
    assert result["reason"] == "reconfigure_successful"


@pytest.mark.parametrize("way", ["removed", "disabled"])
async def test_a_disabled_device_that_is_taken_over_is_not_read_by_itself(
    hass: HomeAssistant,
    two: tuple[ConfigEntry, ConfigEntry],
    aioclient_mock: AiohttpClientMocker,
    pass_time: Advance,
    way: str,
) -> None:
    first, second = two
    await pass_time(2 * QUARTER)
    registry, registry_id = dr.async_get(hass), devices_of(hass, first)["shared"]
    registry.async_update_device(registry_id, disabled_by=dr.DeviceEntryDisabler.USER)
    await hass.async_block_till_done()
    serve(aioclient_mock, SHARED)
    if way == "removed":
        await hass.config_entries.async_remove(first.entry_id)
    else:
        await hass.config_entries.async_set_disabled_by(first.entry_id, ConfigEntryDisabler.USER)
    await hass.async_block_till_done(wait_background_tasks=True)
    device = registry.async_get(devices_of(hass, second)["shared"])
    assert device is not None
    assert device.disabled_by is dr.DeviceEntryDisabler.USER
    await pass_time(3 * QUARTER)
    assert not [call for call in aioclient_mock.mock_calls if call[1].path == "/battery/shared"]
