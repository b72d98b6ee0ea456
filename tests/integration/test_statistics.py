"""What the recorder's statistics, and so the energy dashboard, make of a device's own counter (design §5)."""

from datetime import timedelta
import logging
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.recorder import Recorder, get_instance
from homeassistant.components.recorder.statistics import statistics_during_period
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
    do_adhoc_statistics,
)
from pytest_homeassistant_custom_component.test_util.aiohttp import AiohttpClientMocker
from pytest_homeassistant_custom_component.typing import RecorderInstanceContextManager

from .conftest import NOON, PollNow
from .flow import start, submit
from .mocked_service import URL, listing, mock_service

ENERGY = "sensor.foxess_energy"


@pytest.fixture
async def mock_recorder_before_hass(async_test_recorder: RecorderInstanceContextManager) -> None:
    """Prepare the recorder, which has to be before Home Assistant is."""


def inverter(energy: float | None) -> dict[str, Any]:
    """Return a list of one inverter whose counter stands at so many kWh, as of now."""
    inverters = listing("device_1")
    inverters["data"]["items"][0]["state"] = {"energyTotal": energy}
    return inverters


async def read(
    hass: HomeAssistant,
    aioclient_mock: AiohttpClientMocker,
    freezer: FrozenDateTimeFactory,
    poll_now: PollNow,
    energy: float | None,
) -> str:
    """Read an inverter a minute later, and return what is shown of its counter."""
    freezer.tick(timedelta(minutes=1))
    aioclient_mock.clear_requests()
    aioclient_mock.get(f"{URL}/solar-inverter", json=inverter(energy))
    mock_service(aioclient_mock, listing())
    entry: ConfigEntry
    if entries := hass.config_entries.async_entries("amps"):
        (entry,) = entries
        await poll_now(entry)
    else:
        await submit(hass, await start(hass, "api_key"), api_key="sk_live_canary", advanced={"url": URL})
    await hass.async_block_till_done()
    state = hass.states.get(ENERGY)
    assert state
    return state.state


async def counted(hass: HomeAssistant) -> float:
    """Return the kWh that the statistics hold since the counter was first shown."""
    await async_wait_recording_done(hass)
    do_adhoc_statistics(hass, start=NOON)
    await async_wait_recording_done(hass)
    rows = await get_instance(hass).async_add_executor_job(
        statistics_during_period, hass, NOON, None, {ENERGY}, "5minute", None, {"sum"}
    )
    last = rows[ENERGY][-1]["sum"]
    assert last is not None
    return last


@pytest.mark.parametrize(
    ("readings", "shown", "energy"),
    [
        ([8413.8, 0, 8413.9], ["8413.8", "8413.8", "8413.9"], 0.1),
        ([8413.8, -0.4, 8413.9], ["8413.8", "8413.8", "8413.9"], 0.1),
        ([8413.8, None, 0, 8413.9], ["8413.8", STATE_UNKNOWN, "8413.8", "8413.9"], 0.1),
        ([8413.8, 8413.7, 8413.9], ["8413.8", "8413.8", "8413.9"], 0.1),
        # A counter that begins anew has counted what it shows.
        ([8413.8, 0, 0.3, 0.5], ["8413.8", "8413.8", "0.3", "0.5"], 0.5),
    ],
)
async def test_the_statistics_count_nothing_too_much(
    recorder_mock: Recorder,
    hass: HomeAssistant,
    aioclient_mock: AiohttpClientMocker,
    freezer: FrozenDateTimeFactory,
    poll_now: PollNow,
    caplog: pytest.LogCaptureFixture,
    readings: list[float | None],
    shown: list[str],
    energy: float,
) -> None:
    assert await async_setup_component(hass, "sensor", {})
    assert [await read(hass, aioclient_mock, freezer, poll_now, each) for each in readings] == shown
    assert await counted(hass) == pytest.approx(energy)
    # Nor does Home Assistant ask for a bug report.
    complaints = [record for record in caplog.records if record.levelno >= logging.WARNING and ENERGY in record.message]
    assert complaints == []


async def test_a_glitch_right_after_a_reload_is_none(
    recorder_mock: Recorder,
    hass: HomeAssistant,
    aioclient_mock: AiohttpClientMocker,
    freezer: FrozenDateTimeFactory,
    poll_now: PollNow,
) -> None:
    assert await async_setup_component(hass, "sensor", {})
    assert await read(hass, aioclient_mock, freezer, poll_now, 8413.8) == "8413.8"
    (entry,) = hass.config_entries.async_entries("amps")
    assert await hass.config_entries.async_unload(entry.entry_id)
    aioclient_mock.clear_requests()
    freezer.tick(timedelta(minutes=1))
    aioclient_mock.get(f"{URL}/solar-inverter", json=inverter(0))
    mock_service(aioclient_mock, listing())
    assert await hass.config_entries.async_setup(entry.entry_id)
    assert hass.states.is_state(ENERGY, "8413.8")
    assert await read(hass, aioclient_mock, freezer, poll_now, 8413.9) == "8413.9"
    assert await counted(hass) == pytest.approx(0.1)
