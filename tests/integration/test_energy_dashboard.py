"""The energy dashboard of Home Assistant, with its own recorder, over half a day in live (design §5)."""

from datetime import timedelta
from itertools import pairwise
import logging
from typing import Any

from homeassistant.components.recorder import Recorder, get_instance
from homeassistant.components.recorder.history import get_significant_states
from homeassistant.components.recorder.statistics import statistics_during_period
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockUser
from pytest_homeassistant_custom_component.components.recorder.common import async_wait_recording_done
from pytest_homeassistant_custom_component.typing import RecorderInstanceContextManager, WebSocketGenerator

from custom_components.amps.const import DOMAIN
from scripts.support.devices import Device
from scripts.support.energy import build_preferences

from .accounts import add_live_account
from .conftest import HOUR, MINUTE, NOON, Advance, battery_of, devices, entity_id
from .live import amps_id, leave_one_of_each_type
from .service import Service

COUNTERS = ("energy", "energy_charged", "energy_discharged")


@pytest.fixture
async def mock_recorder_before_hass(async_test_recorder: RecorderInstanceContextManager) -> None:
    """Prepare the recorder, which has to be before Home Assistant is."""


def devices_of(hass: HomeAssistant, entry: ConfigEntry) -> list[Device]:
    """Return the devices of an account with their enabled entities by key, as a person finds them."""
    entities: dict[str, dict[str, str]] = {}
    for each in er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id):
        if each.device_id and each.translation_key and not each.disabled:
            entities.setdefault(each.device_id, {})[each.translation_key] = each.entity_id
    registered = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    return [(device.name or "", entities.get(device.id, {})) for device in registered]


@pytest.mark.parametrize("enable_statistics", [True])
async def test_it_takes_every_device_and_has_the_energy_of_each_hour(
    recorder_mock: Recorder,
    hass: HomeAssistant,
    hass_ws_client: WebSocketGenerator,
    hass_admin_user: MockUser,
    service: Service,
    pass_time: Advance,
    caplog: pytest.LogCaptureFixture,
) -> None:
    # Debug messages would double what a day takes.
    caplog.set_level(logging.WARNING)
    assert await async_setup_component(hass, "sensor", {})
    assert await async_setup_component(hass, "energy", {})
    leave_one_of_each_type(service)
    entry = await add_live_account(hass, service.url)
    preferences = build_preferences(devices_of(hass, entry))
    assert [source["type"] for source in preferences["energy_sources"]] == ["solar", "battery"]
    assert len(preferences["device_consumption"]) == 1

    async def ask(command: str, **fields: object) -> Any:  # noqa: ANN401  it depends on the command
        # Neither a token nor a connection that nothing is read from lasts for hours.
        (refresh_token,) = hass_admin_user.refresh_tokens.values()
        client = await hass_ws_client(hass, hass.auth.async_create_access_token(refresh_token))
        await client.send_json_auto_id({"type": f"energy/{command}", **fields})
        answer = await client.receive_json()
        await client.close()
        assert answer["success"], answer
        return answer["result"]

    await ask("save_prefs", **preferences)
    await hass.async_block_till_done()
    ids = {entity_id(hass, device, key) for key in COUNTERS for device in devices(hass, having=key)}
    counters = {id_: [value_of(hass, id_)] for id_ in ids if id_}
    for _ in range(12):
        await pass_time(HOUR)
        for id_, shown in counters.items():
            shown.append(value_of(hass, id_))
    await pass_time(timedelta(minutes=11))  # an hour is counted up to ten minutes late
    await async_wait_recording_done(hass)

    nothing: list[object] = []
    assert await ask("validate") == {
        "energy_sources": [nothing, nothing],
        "device_consumption": [nothing],
        "device_consumption_water": nothing,
    }
    rows = await get_instance(hass).async_add_executor_job(
        statistics_during_period, hass, NOON, NOON + 12 * HOUR, set(counters), "hour", None, {"change"}
    )
    for id_, shown in counters.items():
        assert shown[-1] - shown[0] > 1
        changes = [row["change"] for row in rows[id_]]
        assert changes == [pytest.approx(after - before, abs=1e-6) for before, after in pairwise(shown)]
    # Nor does Home Assistant ask for a bug report.
    assert [record.message for record in caplog.records if any(id_ in record.message for id_ in counters)] == []


def value_of(hass: HomeAssistant, id_: str) -> float:
    """Return what a counter shows."""
    state = hass.states.get(id_)
    assert state is not None
    return float(state.state)


async def test_the_recorder_keeps_when_a_battery_was_overridden(
    recorder_mock: Recorder, hass: HomeAssistant, service: Service, pass_time: Advance
) -> None:
    await add_live_account(hass, service.url)
    battery = battery_of(hass)
    overridden = entity_id(hass, battery, "overridden", "binary_sensor")
    assert overridden
    await hass.services.async_call(DOMAIN, "charge", {"device_id": battery.id}, blocking=True)
    await pass_time(20 * MINUTE)
    service.control("POST", f"devices/{amps_id(battery)}/override", {"command": "discharge"})
    await pass_time(HOUR)
    await async_wait_recording_done(hass)

    history = await get_instance(hass).async_add_executor_job(
        get_significant_states, hass, NOON - MINUTE, None, [overridden]
    )
    shown = [state.state for state in history[overridden] if isinstance(state, State)]
    assert shown == ["off", "on"]
