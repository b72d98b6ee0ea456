"""Energy that is counted here, because no device tells it."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import async_mock_restore_state_shutdown_restart

from custom_components.amps.const import DOMAIN

from .conftest import Advance, battery_of, state_of

pytestmark = pytest.mark.usefixtures("simulated_home")

type Poll = Callable[[], Awaitable[None]]


async def _charge(hass: HomeAssistant, action: str, power: float) -> None:
    data = {"device_id": battery_of(hass).id, "power": power}
    await hass.services.async_call(DOMAIN, action, data, blocking=True)


async def test_an_hour_of_charging_counts_what_was_charged(hass: HomeAssistant, advance: Advance) -> None:
    battery = battery_of(hass)
    await _charge(hass, "charge", 2)
    start = float(state_of(hass, battery, "energy_charged"))
    level = float(state_of(hass, battery, "level"))
    for _ in range(12):
        await advance(timedelta(minutes=5))
    charged = float(state_of(hass, battery, "energy_charged")) - start
    assert charged == pytest.approx(2, abs=1e-3)
    assert float(state_of(hass, battery, "energy_discharged")) == 0
    capacity = 10.4
    assert (float(state_of(hass, battery, "level")) - level) / 100 * capacity == pytest.approx(charged, abs=0.01)


async def test_a_command_between_two_readings_splits_the_count(hass: HomeAssistant, advance: Advance) -> None:
    battery = battery_of(hass)
    await _charge(hass, "charge", 2)
    await advance(timedelta(minutes=10))
    charged = float(state_of(hass, battery, "energy_charged"))
    await _charge(hass, "discharge", 2)
    await advance(timedelta(minutes=10))
    # Without the split, a straight line from +2 to -2 kW would have charged for another while.
    assert float(state_of(hass, battery, "energy_charged")) == pytest.approx(charged, abs=1e-3)
    assert float(state_of(hass, battery, "energy_discharged")) == pytest.approx(2 / 6, abs=1e-3)


async def test_what_happened_in_a_long_silence_is_not_made_up(
    hass: HomeAssistant, advance: Advance, poll: Poll
) -> None:
    battery = battery_of(hass)
    await _charge(hass, "charge", 1)
    await poll()
    before = float(state_of(hass, battery, "energy_charged"))
    await advance(timedelta(minutes=31))
    assert float(state_of(hass, battery, "energy_charged")) == before
    await advance(timedelta(minutes=6))
    assert float(state_of(hass, battery, "energy_charged")) == pytest.approx(before + 0.1, abs=1e-3)


async def test_a_reading_is_counted_once(hass: HomeAssistant, simulated_home: ConfigEntry, poll: Poll) -> None:
    battery = battery_of(hass)
    await poll()
    before = float(state_of(hass, battery, "energy_charged"))
    for _ in range(3):
        await simulated_home.runtime_data.async_refresh()
    assert float(state_of(hass, battery, "energy_charged")) == before


@pytest.mark.usefixtures("hass_storage")
async def test_the_count_goes_on_after_a_restart(
    hass: HomeAssistant, simulated_home: ConfigEntry, advance: Advance
) -> None:
    battery = battery_of(hass)
    await _charge(hass, "charge", 2)
    await advance(timedelta(minutes=15))
    before = float(state_of(hass, battery, "energy_charged"))
    assert before == pytest.approx(0.5, abs=1e-3)

    assert await hass.config_entries.async_unload(simulated_home.entry_id)
    await async_mock_restore_state_shutdown_restart(hass)
    assert await hass.config_entries.async_setup(simulated_home.entry_id)
    await hass.async_block_till_done()

    assert float(state_of(hass, battery, "energy_charged")) == before
    await advance(timedelta(minutes=6))
    assert float(state_of(hass, battery, "energy_charged")) > before
