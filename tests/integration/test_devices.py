"""Devices and their entities, as Home Assistant shows them."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from logging import WARNING
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.const import STATE_OFF, STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
import pytest
from pytest_homeassistant_custom_component.test_util.aiohttp import AiohttpClientMocker

from .accounts import add_live_account
from .conftest import (
    LEVEL_AT_NOON,
    NOON,
    Advance,
    PollNow,
    battery_of,
    devices,
    entity_id,
    readings_of,
    refresh,
    state_of,
)
from .flow import start, submit
from .mocked_service import URL, listing, mock_service
from .writes import Writes


@pytest.mark.usefixtures("simulated_home")
async def test_a_battery_left_to_itself_follows_its_day(hass: HomeAssistant, advance: Advance) -> None:
    battery = battery_of(hass)
    assert float(state_of(hass, battery, "level")) == pytest.approx(LEVEL_AT_NOON, abs=6)
    assert state_of(hass, battery, "status") == "charging"
    assert state_of(hass, battery, "charging", "binary_sensor") == "on"
    power = float(state_of(hass, battery, "power"))
    assert power > 0
    assert float(state_of(hass, battery, "charge_power")) == power
    assert float(state_of(hass, battery, "discharge_power")) == 0

    await advance(timedelta(hours=6))
    # Some 90 % at 15 to some 30 % at 21 (api §15.2 #57).
    assert float(state_of(hass, battery, "level")) == pytest.approx(61, abs=8)
    assert state_of(hass, battery, "status") == "discharging"
    assert state_of(hass, battery, "charging", "binary_sensor") == "off"
    power = float(state_of(hass, battery, "power"))
    assert power < 0
    assert float(state_of(hass, battery, "discharge_power")) == -power


@pytest.mark.usefixtures("simulated_home")
async def test_the_power_of_a_battery_at_rest_has_no_sign(hass: HomeAssistant, advance: Advance) -> None:
    battery = battery_of(hass)
    await advance(timedelta(hours=6))
    assert state_of(hass, battery, "status") == "discharging"
    await hass.services.async_call("amps", "idle", {"device_id": battery.id}, blocking=True)
    assert {state_of(hass, battery, key) for key in ("power", "charge_power", "discharge_power")} == {"0.0"}


@pytest.mark.usefixtures("simulated_home")
async def test_an_inverter_produces_by_day_and_rests_by_night(hass: HomeAssistant, advance: Advance) -> None:
    inverter = devices(hass, having="producing", domain="binary_sensor")[0]
    assert state_of(hass, inverter, "status") == "producing"
    assert state_of(hass, inverter, "producing", "binary_sensor") == "on"
    assert float(state_of(hass, inverter, "power")) > 0
    energy = float(state_of(hass, inverter, "energy"))

    await advance(timedelta(hours=10))
    assert state_of(hass, inverter, "status") == "idle"
    assert state_of(hass, inverter, "producing", "binary_sensor") == "off"
    assert float(state_of(hass, inverter, "power")) == 0
    assert float(state_of(hass, inverter, "energy")) > energy


async def test_devices_have_identity_and_a_name_of_their_own(hass: HomeAssistant, simulated_home: ConfigEntry) -> None:
    everything = dr.async_entries_for_config_entry(dr.async_get(hass), simulated_home.entry_id)
    registered = [device for device in everything if device.entry_type is None]
    readings = await readings_of(hass, *registered)
    assert [device.identifiers for device in registered] == [{("amps", reading["id"])} for reading in readings]
    assert len({reading["id"] for reading in readings}) == 11
    names = [device.name for device in registered]
    assert len(set(names)) == len(names)
    assert all(device.manufacturer and device.model for device in registered)
    for entity in er.async_entries_for_config_entry(er.async_get(hass), simulated_home.entry_id):
        assert entity.unique_id.endswith(f"_{entity.translation_key}")
        assert entity.has_entity_name


async def test_a_null_field_is_unknown_not_unavailable(hass: HomeAssistant, simulated_home: ConfigEntry) -> None:
    readings = await readings_of(hass, *devices(hass, having="reachable", domain="binary_sensor"))
    nulls = {
        (reading["id"], field) for reading in readings for field, value in reading["state"].items() if value is None
    }
    assert len(nulls) > 2
    (device_id,) = {device_id for device_id, _ in nulls}
    shown = {
        entity.translation_key: state.state
        for entity in er.async_entries_for_config_entry(er.async_get(hass), simulated_home.entry_id)
        if entity.unique_id.startswith(device_id) and (state := hass.states.get(entity.entity_id))
    }
    assert len([key for key, state in shown.items() if state == STATE_UNKNOWN]) > 1
    assert STATE_UNAVAILABLE not in shown.values()
    assert shown["reachable"] == "on"


async def test_words_not_known_yet_read_unknown_value(
    hass: HomeAssistant, aioclient_mock: AiohttpClientMocker, caplog: pytest.LogCaptureFixture
) -> None:
    batteries = listing("device_1")
    batteries["data"]["items"][0] |= {
        "metadata": {"source": "telepathy"},
        "state": {"status": "meditating", "currentMode": "auto.lunar", "level": 58},
        "commands": {"dance": {"parameters": {}, "execution": ["someday"]}},
        "lastAction": {"id": "act_1", "command": "dance", "state": "postponed"},
    }
    mock_service(aioclient_mock, batteries)
    await add_live_account(hass, URL)
    for key in ("status", "data_source", "last_action"):
        assert hass.states.is_state(f"sensor.foxess_{key}", "unknown_value"), key
    assert hass.states.is_state("sensor.foxess_level", "58.0")
    assert [record.message for record in caplog.records if record.levelno >= WARNING and "amps" in record.name] == []


async def test_devices_come_to_have_more_and_lose_it_again(
    hass: HomeAssistant, aioclient_mock: AiohttpClientMocker, freezer: FrozenDateTimeFactory, poll_now: PollNow
) -> None:
    mock_service(aioclient_mock, listing("device_1"))
    await add_live_account(hass, URL)
    (entry,) = hass.config_entries.async_entries("amps")
    assert hass.states.get("sensor.foxess_status") is None

    async def answer(*ids: str, **state: object) -> None:
        freezer.tick(timedelta(seconds=1))
        batteries = listing(*ids)
        for item in batteries["data"]["items"]:
            item["state"] |= state
        aioclient_mock.clear_requests()
        mock_service(aioclient_mock, batteries)
        await poll_now(entry)
        await hass.async_block_till_done()

    await answer("device_1", "device_2", status="idle")
    assert hass.states.is_state("sensor.foxess_status", "idle")
    assert hass.states.is_state("sensor.foxess_ce_2_status", "idle")
    await answer("device_1")
    assert hass.states.is_state("sensor.foxess_status", STATE_UNAVAILABLE)
    assert hass.states.is_state("sensor.foxess_level", "58.0")
    assert hass.states.is_state("sensor.foxess_ce_2_level", STATE_UNAVAILABLE)
    assert hass.states.is_state("binary_sensor.foxess_ce_2_reachable", STATE_OFF)
    await answer("device_1", "device_2", status="charging")
    assert hass.states.is_state("sensor.foxess_status", "charging")
    assert hass.states.is_state("sensor.foxess_ce_2_status", "charging")


@pytest.mark.usefixtures("simulated_home")
async def test_nothing_is_written_when_nothing_changed(hass: HomeAssistant, writes: Writes) -> None:
    await refresh(hass, battery_of(hass))
    await hass.async_block_till_done()
    assert writes == Writes()


@pytest.mark.usefixtures("simulated_home")
async def test_only_what_changed_is_written(
    hass: HomeAssistant, poll: Callable[[], Awaitable[None]], writes: Writes
) -> None:
    await poll()
    battery = battery_of(hass)
    assert entity_id(hass, battery, "level") in writes.changed
    assert entity_id(hass, battery, "status") not in writes.changed
    assert not writes.unchanged


async def test_an_account_unloads_and_loads_again(hass: HomeAssistant, simulated_home: ConfigEntry) -> None:
    before = state_of(hass, battery_of(hass), "level")
    assert await hass.config_entries.async_unload(simulated_home.entry_id)
    assert simulated_home.state is ConfigEntryState.NOT_LOADED
    assert {state.state for state in hass.states.async_all()} == {STATE_UNAVAILABLE}
    assert await hass.config_entries.async_setup(simulated_home.entry_id)
    await hass.async_block_till_done()
    assert state_of(hass, battery_of(hass), "level") == before


async def test_a_fallback_makes_the_device_unavailable_until_it_is_read_again(
    hass: HomeAssistant, aioclient_mock: AiohttpClientMocker, freezer: FrozenDateTimeFactory, poll_now: PollNow
) -> None:
    def batteries(source: str) -> dict[str, Any]:
        freezer.tick(timedelta(seconds=1))
        answer = listing("device_1")
        item = answer["data"]["items"][0]
        item["metadata"] = {"source": source}
        if source == "fallback":
            item["sync"] = {"available": False, "lastPulledAt": "2026-06-14T12:00:00.000Z"}
        return answer

    mock_service(aioclient_mock, batteries("live"))
    await add_live_account(hass, URL)
    (entry,) = hass.config_entries.async_entries("amps")
    shown = []
    for source in ("live", "fallback", "live"):
        aioclient_mock.clear_requests()
        mock_service(aioclient_mock, batteries(source))
        await poll_now(entry)
        states = [hass.states.get(f"{key}") for key in ("sensor.foxess_level", "binary_sensor.foxess_reachable")]
        shown.append([state.state for state in states if state])
        assert hass.states.is_state("sensor.foxess_data_source", source)
    assert shown == [["58.0", "on"], [STATE_UNAVAILABLE, "off"], ["58.0", "on"]]


async def test_numbers_beyond_reason_cost_only_themselves(
    hass: HomeAssistant, aioclient_mock: AiohttpClientMocker
) -> None:
    vehicles = listing("device_9")
    vehicles["data"]["items"][0] |= {
        "state": {"batteryLevel": 58, "chargeTimeRemaining": 4294967295},
    }
    aioclient_mock.get(f"{URL}/vehicle", json=vehicles)
    answer = listing("device_1")
    answer["meta"]["timestamp"] = "0001-01-01T00:00:00+14:00"
    mock_service(aioclient_mock, answer)
    await add_live_account(hass, URL)
    assert hass.states.is_state("sensor.foxess_level", "58.0")
    assert hass.states.is_state("sensor.foxess_ce_9_level", "58.0")
    assert hass.states.is_state("sensor.foxess_ce_9_full_at", STATE_UNKNOWN)


@pytest.mark.parametrize(
    ("charging", "minutes", "shown"),
    [
        (True, 90, "90.0"),
        (True, 10_079, "10079.0"),
        (True, 10_080, STATE_UNKNOWN),
        (True, 65_535, STATE_UNKNOWN),
        (True, 0, STATE_UNKNOWN),
        (True, -1, STATE_UNKNOWN),
        (True, None, STATE_UNKNOWN),
        (False, 65_535, STATE_UNKNOWN),
        (False, 90, STATE_UNKNOWN),
        (False, -1, STATE_UNKNOWN),
        (None, 90, STATE_UNKNOWN),
    ],
)
async def test_only_a_vehicle_that_charges_says_when_it_is_full(
    hass: HomeAssistant,
    aioclient_mock: AiohttpClientMocker,
    charging: bool | None,
    minutes: int | None,
    shown: str,
) -> None:
    # Known to the registry and not disabled, as after somebody enabled it.
    registry = er.async_get(hass)
    registry.async_get_or_create("sensor", "amps", "device_9_time_to_full", suggested_object_id="time_to_full")
    vehicles = listing("device_9")
    vehicles["data"]["items"][0]["state"] = {"charging": charging, "chargeTimeRemaining": minutes}
    aioclient_mock.get(f"{URL}/vehicle", json=vehicles)
    mock_service(aioclient_mock, listing())
    await add_live_account(hass, URL)
    assert hass.states.is_state("sensor.time_to_full", shown)
    full_at = hass.states.get("sensor.foxess_full_at")
    assert full_at
    if shown == STATE_UNKNOWN:
        assert full_at.state == STATE_UNKNOWN
    else:
        assert datetime.fromisoformat(full_at.state) == NOON + timedelta(minutes=float(shown))


async def test_the_last_pull_is_shown_anew_every_five_minutes_at_most(
    hass: HomeAssistant, aioclient_mock: AiohttpClientMocker, poll_now: PollNow
) -> None:
    shown = []
    for minute in range(0, 8, 2):
        answer = listing("device_1")
        answer["data"]["items"][0]["sync"] = {"available": True, "lastPulledAt": f"2026-06-14T11:0{minute}:00.000Z"}
        aioclient_mock.clear_requests()
        mock_service(aioclient_mock, answer)
        if not hass.config_entries.async_entries("amps"):
            await add_live_account(hass, URL)
        (entry,) = hass.config_entries.async_entries("amps")
        await poll_now(entry)
        state = hass.states.get("sensor.foxess_last_pulled")
        assert state is not None
        shown.append(state.state[11:16])
    assert shown == ["11:00", "11:00", "11:00", "11:06"]


async def test_the_log_is_clean(
    hass: HomeAssistant,
    simulated_home: ConfigEntry,
    poll: Callable[[], Awaitable[None]],
    caplog: pytest.LogCaptureFixture,
) -> None:
    form = await submit(hass, await start(hass, "api_key"), api_key="sk_test_canary")
    await submit(hass, form, sandbox_host="embedded")
    await poll()
    await hass.services.async_call("amps", "idle", {"device_id": battery_of(hass).id}, blocking=True)
    await hass.config_entries.async_unload(simulated_home.entry_id)
    # Home Assistant's own complaints about an integration name it in the message.
    ours = [
        record.getMessage()
        for record in caplog.records
        if record.levelno >= WARNING and ("amps" in record.name or "amps" in record.getMessage())
    ]
    assert [line for line in ours if "has not been tested" not in line and "Executing <Task" not in line] == []
