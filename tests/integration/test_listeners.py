"""Which entities a poll writes: those of the devices that changed that show something else then, and no others."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
import logging

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.entity import Entity
import pytest
from pytest_homeassistant_custom_component.test_util.aiohttp import AiohttpClientMocker

from custom_components.amps.const import DOMAIN

from .conftest import refresh, retrieval_of
from .flow import start, submit
from .mocked_service import URL, listing, mock_service
from .writes import Writes

type Poll = Callable[..., Awaitable[None]]

READING = {f"sensor.foxess_{key}" for key in ("level", "status", "power", "charge_power", "discharge_power")}
"""Entities that show the reading of the first battery."""
OTHER = "foxess_ce_2"
"""The name of the second battery, as in its entity ids."""


@pytest.fixture
def serve(aioclient_mock: AiohttpClientMocker, freezer: FrozenDateTimeFactory) -> Callable[..., None]:
    """Return what serves a sandbox of two batteries, as of a second later, the first one as the caller says."""

    def serve_next(source: str = "projection", **state: object) -> None:
        freezer.tick(timedelta(seconds=1))
        answer = listing("device_1", "device_2", environment="sandbox")
        for item in answer["data"]["items"]:
            item |= {"metadata": {"source": "projection"}, "commands": {}, "settings": {}}
            item["state"] |= {"status": "idle", "chargeRate": 0}
        first = answer["data"]["items"][0]
        first["metadata"] = {"source": source}
        first["state"] |= state
        aioclient_mock.clear_requests()
        mock_service(aioclient_mock, answer)

    return serve_next


@pytest.fixture
async def account(hass: HomeAssistant, serve: Callable[..., None]) -> ConfigEntry:
    """Return the account of the two batteries."""
    serve()
    form = await submit(hass, await start(hass, "api_key"), api_key="sk_test_canary", advanced={"url": URL})
    result = await submit(hass, form, sandbox_host="hosted")
    await hass.async_block_till_done(wait_background_tasks=True)
    return result["result"]


@pytest.fixture
def poll(hass: HomeAssistant, account: ConfigEntry, serve: Callable[..., None], writes: Writes) -> Poll:
    """Return what polls for another state of the first battery, with the writes of that poll alone noted.

    In the sandbox a refresh of any device reads all lists (api §11.1).
    """
    (device,) = dr.async_get(hass).async_get_devices(identifiers={(DOMAIN, "device_2")})

    async def next_poll(**state: object) -> None:
        serve(**state)
        writes.changed.clear()
        writes.unchanged.clear()
        await refresh(hass, device)
        await hass.async_block_till_done(wait_background_tasks=True)

    return next_poll


async def test_only_entities_that_show_something_else_are_written(poll: Poll, writes: Writes) -> None:
    await poll()
    assert writes == Writes()
    await poll(level=59)
    assert writes == Writes(changed={"sensor.foxess_level"})
    await poll(level=59)
    assert writes == Writes()
    await poll(level=58, chargeRate=2)
    changed = ("level", "power", "charge_power", "energy_charged")
    assert writes == Writes(changed={f"sensor.foxess_{key}" for key in changed})


async def test_a_device_that_becomes_unavailable_is_written_as_a_whole_and_no_other_is(
    hass: HomeAssistant, poll: Poll, writes: Writes
) -> None:
    for source in ("fallback", "projection"):
        await poll(source=source)
        assert writes.changed >= READING
        assert not [entity_id for entity_id in writes.changed if OTHER in entity_id]
        assert not writes.unchanged
        assert {hass.states.is_state(entity_id, STATE_UNAVAILABLE) for entity_id in READING} == {source == "fallback"}
        await poll(source=source)
        assert writes == Writes()


async def test_an_entity_that_is_removed_is_not_written_and_costs_no_other(
    hass: HomeAssistant, poll: Poll, writes: Writes, caplog: pytest.LogCaptureFixture
) -> None:
    er.async_get(hass).async_update_entity("sensor.foxess_status", disabled_by=er.RegistryEntryDisabler.USER)
    await hass.async_block_till_done()
    await poll(level=59, status="charging")
    assert writes == Writes(changed={"sensor.foxess_level", "binary_sensor.foxess_charging"})
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING and DOMAIN in record.name]


async def test_an_entity_that_fails_is_logged_and_costs_no_other(
    hass: HomeAssistant,
    account: ConfigEntry,
    poll: Poll,
    writes: Writes,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write = Entity.async_write_ha_state

    def fail_for_level(entity: Entity) -> None:
        if entity.entity_id == "sensor.foxess_level":
            message = "it cannot be written"
            raise RuntimeError(message)
        write(entity)

    monkeypatch.setattr(Entity, "async_write_ha_state", fail_for_level)
    await poll(level=59, status="charging")
    assert writes == Writes(changed={"sensor.foxess_status", "binary_sensor.foxess_charging"})
    assert (await retrieval_of(hass, account))["last_update_success"]
    (record,) = [record for record in caplog.records if record.levelno >= logging.WARNING and DOMAIN in record.name]
    assert record.exc_info is not None
    assert record.exc_info[0] is RuntimeError
