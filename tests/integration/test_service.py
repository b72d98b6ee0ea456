"""An account at a service that comes, goes and misbehaves: real HTTP to the simulator."""

from collections.abc import Awaitable, Callable
from logging import ERROR, INFO, WARNING, LogRecord

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.test_util.aiohttp import AiohttpClientMocker

from custom_components.amps.const import DOMAIN

from .accounts import KEY, add_account, add_live_account
from .conftest import LEVEL_AT_NOON, PollNow, battery_of, devices, retrieval_of, state_of
from .flow import start, submit
from .mocked_service import URL, listing, mock_service
from .service import Service


@pytest.fixture
async def account(hass: HomeAssistant, service: Service) -> ConfigEntry:
    """Return the account that a person adds for the service."""
    return await add_account(hass, service.url)


async def test_an_account_at_a_service_shows_its_devices(hass: HomeAssistant, account: ConfigEntry) -> None:
    assert account.state is ConfigEntryState.LOADED
    assert float(state_of(hass, battery_of(hass), "level")) == pytest.approx(LEVEL_AT_NOON, abs=6)


async def test_a_command_goes_out_once_and_shows_at_once(
    hass: HomeAssistant, service: Service, account: ConfigEntry
) -> None:
    battery = battery_of(hass)
    await hass.services.async_call(DOMAIN, "discharge", {"device_id": battery.id, "power": 2}, blocking=True)
    assert float(state_of(hass, battery, "power")) == -2
    log = service.control("GET", "requests")["items"]
    posts = [entry for entry in log if entry["method"] == "POST"]
    assert len(posts) == 1


async def test_an_outage_is_logged_once_and_survived(
    hass: HomeAssistant,
    service: Service,
    account: ConfigEntry,
    poll: Callable[[], Awaitable[None]],
    caplog: pytest.LogCaptureFixture,
) -> None:
    battery = battery_of(hass)
    caplog.clear()
    service.control("POST", "faults", {"kind": "error", "code": "SERVICE_UNAVAILABLE", "match": {}})
    for _ in range(4):
        await poll()
    assert state_of(hass, battery, "level") == STATE_UNAVAILABLE
    assert [record.levelno for record in _ours(caplog)] == [ERROR]
    assert "Amps cannot be reached" in caplog.text

    caplog.clear()
    service.control("DELETE", "faults")
    await poll()
    assert float(state_of(hass, battery, "level")) == pytest.approx(LEVEL_AT_NOON, abs=7)
    assert [record.levelno for record in _ours(caplog, INFO)] == [INFO]
    assert KEY not in caplog.text


async def test_a_device_that_appears_during_an_outage_is_there_after_it(
    hass: HomeAssistant, aioclient_mock: AiohttpClientMocker, poll_now: PollNow
) -> None:
    mock_service(aioclient_mock, listing("device_1"))
    await add_live_account(hass, URL)
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    aioclient_mock.clear_requests()
    await poll_now(entry)
    assert not (await retrieval_of(hass, entry))["last_update_success"]
    mock_service(aioclient_mock, listing("device_1", "device_2"))
    await poll_now(entry)
    await hass.async_block_till_done()
    assert hass.states.is_state("sensor.foxess_level", "58.0")
    assert hass.states.is_state("sensor.foxess_ce_2_level", "58.0")


@pytest.mark.parametrize(
    "fault", [{"kind": "truncated"}, {"kind": "invalid_json"}, {"kind": "error", "code": "TIMEOUT"}]
)
async def test_a_list_that_fails_is_logged_once_and_costs_no_other(
    hass: HomeAssistant,
    service: Service,
    account: ConfigEntry,
    poll: Callable[[], Awaitable[None]],
    caplog: pytest.LogCaptureFixture,
    fault: dict[str, str],
) -> None:
    battery = battery_of(hass)
    inverter = devices(hass, having="producing", domain="binary_sensor")[0]
    caplog.clear()
    service.control("POST", "faults", fault | {"match": {"path": "/battery"}})
    before = state_of(hass, battery, "level"), state_of(hass, inverter, "energy")
    for _ in range(4):
        await poll()
    assert state_of(hass, battery, "level") == STATE_UNAVAILABLE
    assert float(state_of(hass, inverter, "energy")) > float(before[1])
    assert [record.levelno for record in _ours(caplog)] == [WARNING]
    assert "the list of type Battery cannot be read" in caplog.text

    caplog.clear()
    service.control("DELETE", "faults")
    await poll()
    assert float(state_of(hass, battery, "level")) > float(before[0])
    assert [record.levelno for record in _ours(caplog, INFO)] == [INFO]
    assert KEY not in caplog.text


async def test_an_item_that_cannot_be_read_is_left_out_and_logged_once(
    hass: HomeAssistant, aioclient_mock: AiohttpClientMocker, caplog: pytest.LogCaptureFixture, poll_now: PollNow
) -> None:
    batteries = listing("device_1")
    batteries["data"]["items"].append({"vendor": "nameless", "state": {}})
    mock_service(aioclient_mock, batteries)
    await add_live_account(hass, URL)
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    await poll_now(entry)
    assert hass.states.is_state("sensor.foxess_level", "58.0")
    assert [record.levelno for record in _ours(caplog)] == [WARNING]


async def test_a_service_away_at_the_start_is_waited_for(
    hass: HomeAssistant, service: Service, poll: Callable[[], Awaitable[None]]
) -> None:
    form = await submit(hass, await start(hass, "api_key"), api_key=KEY, advanced={"url": service.url})
    result = await submit(hass, form, sandbox_host="hosted")
    entry = result["result"]
    service.control("POST", "faults", {"kind": "error", "code": "SERVICE_UNAVAILABLE", "match": {}})
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.reason is not None
    assert entry.reason.startswith("Amps cannot be reached")
    before = entry.state
    service.control("DELETE", "faults")
    await poll()
    assert (before, entry.state) == (ConfigEntryState.SETUP_RETRY, ConfigEntryState.LOADED)


def _ours(caplog: pytest.LogCaptureFixture, level: int = WARNING) -> list[LogRecord]:
    return [record for record in caplog.records if record.levelno >= level and "custom_components.amps" in record.name]
