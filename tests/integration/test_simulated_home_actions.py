"""The actions that steer a simulated home (design §6)."""

from datetime import datetime, timedelta

from homeassistant.auth.models import User
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import ServiceValidationError, Unauthorized
from homeassistant.helpers import device_registry as dr
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
import voluptuous as vol

from custom_components.amps.api import Reading
from custom_components.amps.api.models import Battery
from custom_components.amps.const import DOMAIN
from custom_components.amps.rules import DeviceRecord, ReceivedReading
from custom_components.amps.rules.energy import EnergyCounter
from custom_components.amps.rules.merge import merge
from custom_components.amps.service_actions.simulator import FAULTS
from custom_components.amps.simulator import LATEST

from .conftest import NOON, Advance, add_simulated_home, battery_of, devices, readings_of, state_of

_CLOCK, _FAULT, _RESET = "simulator_set_clock", "simulator_inject_fault", "simulator_reset"
_CALLS = [(_CLOCK, {"advance": 60}), (_FAULT, {"fault": "offline"}), (_RESET, {})]


async def _call(hass: HomeAssistant, action: str, **data: object) -> None:
    await hass.services.async_call(DOMAIN, action, data, blocking=True)
    await hass.async_block_till_done()


async def _charge(hass: HomeAssistant, **data: float) -> None:
    await _call(hass, "charge", device_id=battery_of(hass).id, **data)


async def _time(hass: HomeAssistant) -> datetime:
    """Return what time it is in the home: that at which it takes a command."""
    await _call(hass, "idle", device_id=battery_of(hass).id)
    (reading,) = await readings_of(hass, battery_of(hass))
    return datetime.fromisoformat(reading["last_action"]["created_at"])


async def test_the_clock_moves_forward_and_is_seen_at_once(hass: HomeAssistant) -> None:
    await add_simulated_home(hass)
    await _charge(hass, power=1.0, target_level=100)
    battery = battery_of(hass)
    level = float(state_of(hass, battery, "level"))
    await _call(hass, _CLOCK, advance={"hours": 1})
    assert float(state_of(hass, battery, "level")) > level + 3
    assert state_of(hass, battery, "last_action") == "completed"
    await _call(hass, _CLOCK, time=(NOON + timedelta(hours=20)).isoformat())
    assert await _time(hass) == NOON + timedelta(hours=20)


async def test_a_time_without_an_offset_is_the_local_one(hass: HomeAssistant) -> None:
    await add_simulated_home(hass)
    local = dt_util.as_local(NOON + timedelta(hours=3))
    await _call(hass, _CLOCK, time=local.replace(tzinfo=None).isoformat())
    assert await _time(hass) == NOON + timedelta(hours=3)


@pytest.mark.parametrize("minutes", [1, 10, 29, 31, 60 * 24 * 365])
async def test_a_jump_counts_no_energy(hass: HomeAssistant, advance: Advance, minutes: int) -> None:
    await add_simulated_home(hass)
    await _charge(hass, power=1.0, target_level=100)
    await advance(timedelta(minutes=3))
    battery = battery_of(hass)
    charged = float(state_of(hass, battery, "energy_charged"))
    assert charged > 0
    await advance(timedelta(seconds=20))
    await _call(hass, _CLOCK, advance={"minutes": minutes})
    counted = float(state_of(hass, battery, "energy_charged")) - charged
    assert 0 <= counted <= 1.1 * 20 / 3600
    await advance(timedelta(seconds=31))
    assert float(state_of(hass, battery, "energy_charged")) - charged - counted <= 1.1 * 31 / 3600


def test_what_was_read_before_a_jump_and_comes_after_it_counts_nothing() -> None:
    """As when a poll is under way while the clock jumps."""
    counter, half_an_hour = EnergyCounter(), timedelta(minutes=30)
    counter.add_sample(_reading(0), 2.0, longest_gap=half_an_hour)
    counter.rebase(NOON + timedelta(minutes=20))
    counter.add_sample(_reading(1), 2.0, longest_gap=half_an_hour)
    counter.add_sample(_reading(20), 2.0, longest_gap=half_an_hour)
    assert counter.total == 0
    counter.add_sample(_reading(50), 2.0, longest_gap=half_an_hour)
    assert counter.total == pytest.approx(1)


def _reading(minute: float) -> DeviceRecord:
    at = (NOON + timedelta(minutes=minute)).isoformat()
    raw = {"id": "device_1", "sync": {"lastPulledAt": at}, "state": {}}
    reading = Reading(device=Battery.model_validate(raw), raw={}, served_at=NOON + timedelta(days=1))
    return merge(None, ReceivedReading(reading=reading, received_monotonic=0.0, sandbox=False, single=False))


@pytest.mark.parametrize(
    "data",
    [
        {"time": (NOON - timedelta(seconds=1)).isoformat()},
        {"time": (LATEST + timedelta(days=1)).isoformat()},
        {"advance": {"days": 365 * 300}},
    ],
)
async def test_the_clock_never_goes_back_nor_out_of_bounds(hass: HomeAssistant, data: dict[str, object]) -> None:
    await add_simulated_home(hass)
    with pytest.raises(ServiceValidationError) as refused:
        await _call(hass, _CLOCK, **data)
    assert refused.value.translation_key == "clock_moves_forward_only"
    assert await _time(hass) == NOON


@pytest.mark.parametrize("data", [{}, {"advance": 5, "time": "2027-01-01 00:00:00"}, {"advance": -5}, {"time": "soon"}])
async def test_a_clock_is_set_in_one_way_at_a_time(hass: HomeAssistant, data: dict[str, object]) -> None:
    await add_simulated_home(hass)
    with pytest.raises(vol.Invalid):
        await _call(hass, _CLOCK, **data)


async def test_the_clock_stays_ahead_after_a_reload_and_a_reset(hass: HomeAssistant, advance: Advance) -> None:
    entry = await add_simulated_home(hass)
    await _call(hass, _CLOCK, advance={"days": 40})
    await hass.config_entries.async_reload(entry.entry_id)
    assert await _time(hass) == NOON + timedelta(days=40)
    await _call(hass, _RESET)
    await advance(timedelta(seconds=31))
    assert await _time(hass) == NOON + timedelta(days=40, seconds=31)


async def test_a_fault_strikes_one_device_for_a_while(hass: HomeAssistant, advance: Advance) -> None:
    await add_simulated_home(hass)
    battery = battery_of(hass)
    others = [device for device in devices(hass, having="level") if device.id != battery.id]
    await _call(hass, _FAULT, fault="fallback", device_id=battery.id, duration={"minutes": 10})
    assert state_of(hass, battery, "level") == "unavailable"
    assert all(state_of(hass, other, "level") != "unavailable" for other in others)
    await advance(timedelta(minutes=11))
    await advance(timedelta(seconds=31))
    assert state_of(hass, battery, "level") != "unavailable"


async def test_a_fault_occurs_as_often_as_it_is_asked_for(hass: HomeAssistant, advance: Advance) -> None:
    await add_simulated_home(hass)
    await _call(hass, _FAULT, fault="failed_action", count=1)
    await _charge(hass)
    await advance(timedelta(seconds=31))
    assert state_of(hass, battery_of(hass), "last_action") == "failed"
    await _charge(hass)
    await advance(timedelta(seconds=31))
    assert state_of(hass, battery_of(hass), "last_action") == "completed"


@pytest.mark.parametrize("fault", sorted(set(FAULTS) - {"timeout", "latency"}))
async def test_every_fault_that_is_offered_can_be_made_and_ends(
    hass: HomeAssistant, advance: Advance, fault: str
) -> None:
    """Not those that let one wait; they are the same call."""
    entry = await add_simulated_home(hass)
    await _call(hass, _FAULT, fault=fault, duration={"minutes": 1})
    await _call(hass, _RESET)
    await advance(timedelta(minutes=2))
    assert entry.state is ConfigEntryState.LOADED
    assert state_of(hass, battery_of(hass), "level") not in ("unavailable", "unknown")


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"fault": "explosion"},
        {"fault": "offline", "count": 0},
        {"fault": "offline", "duration": {"days": 366}},
        {"fault": "offline", "probability": 1},
    ],
)
async def test_a_fault_of_another_shape_is_refused(hass: HomeAssistant, data: dict[str, object]) -> None:
    await add_simulated_home(hass)
    with pytest.raises(vol.Invalid):
        await _call(hass, _FAULT, **data)


async def test_a_fault_is_of_a_device_of_the_home(hass: HomeAssistant) -> None:
    home = await add_simulated_home(hass)
    known = {device.id for device in devices(hass, having="level")}
    other = await add_simulated_home(hass)
    stranger = next(device for device in devices(hass, having="level") if device.id not in known)
    for device_id in (stranger.id, "nonsense"):
        with pytest.raises(ServiceValidationError) as refused:
            await _call(hass, _FAULT, fault="offline", device_id=device_id, config_entry_id=home.entry_id)
        assert refused.value.translation_key == "not_in_simulated_home"
    await _call(hass, _FAULT, fault="fallback", device_id=stranger.id, config_entry_id=other.entry_id)
    assert state_of(hass, stranger, "level") == "unavailable"


async def test_a_reset_forgets_commands_settings_and_faults(hass: HomeAssistant, advance: Advance) -> None:
    await add_simulated_home(hass)
    battery = battery_of(hass)
    await _charge(hass, power=1.0)
    await _call(hass, _FAULT, fault="fallback")
    await advance(timedelta(minutes=1))
    assert state_of(hass, battery, "level") == "unavailable"
    await _call(hass, _RESET)
    assert state_of(hass, battery, "level") != "unavailable"
    assert state_of(hass, battery, "last_action") == "unknown"
    (reading,) = await readings_of(hass, battery)
    assert reading["last_action"] is None


@pytest.mark.parametrize(("action", "data"), _CALLS)
async def test_only_administrators_may_steer(
    hass: HomeAssistant, hass_read_only_user: User, hass_admin_user: User, action: str, data: dict[str, object]
) -> None:
    await add_simulated_home(hass)

    async def call_as(user: User) -> None:
        await hass.services.async_call(DOMAIN, action, data, blocking=True, context=Context(user_id=user.id))

    with pytest.raises(Unauthorized):
        await call_as(hass_read_only_user)
    assert await _time(hass) == NOON
    await call_as(hass_admin_user)


@pytest.mark.parametrize(("action", "data"), _CALLS)
async def test_the_home_that_is_meant_is_found_or_asked_for(
    hass: HomeAssistant, action: str, data: dict[str, object]
) -> None:
    assert await async_setup_component(hass, DOMAIN, {})
    account = MockConfigEntry(domain=DOMAIN, title="Account", data={"api_key": "sk_live_abcd", "url": "http://x.test"})
    account.add_to_hass(hass)

    async def refusal(**named: str) -> str | None:
        with pytest.raises(ServiceValidationError) as refused:
            await _call(hass, action, **data, **named)
        return refused.value.translation_key

    assert await refusal() == "no_simulated_home"
    assert await refusal(config_entry_id="nonsense") == "service_config_entry_not_found"
    assert await refusal(config_entry_id=account.entry_id) == "service_config_entry_not_loaded"
    account.mock_state(hass, ConfigEntryState.LOADED)
    assert await refusal(config_entry_id=account.entry_id) == "not_simulated"
    account.mock_state(hass, ConfigEntryState.NOT_LOADED)
    home, other = await add_simulated_home(hass), await add_simulated_home(hass)
    assert await refusal() == "several_simulated_homes"
    await _call(hass, action, **data, config_entry_id=home.entry_id)
    await hass.config_entries.async_unload(other.entry_id)
    assert await refusal(config_entry_id=other.entry_id) == "service_config_entry_not_loaded"
    await _call(hass, action, **data)


async def test_devices_stay_the_same_over_a_reset(hass: HomeAssistant) -> None:
    entry = await add_simulated_home(hass)
    registry = dr.async_get(hass)
    before = {device.id for device in dr.async_entries_for_config_entry(registry, entry.entry_id)}
    await _call(hass, _RESET)
    assert {device.id for device in dr.async_entries_for_config_entry(registry, entry.entry_id)} == before
