"""What entities hold over restarts and changes of their ids: their own, whatever is stored under the id (design §2)."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import device_registry as dr, entity_registry as er, restore_state
from homeassistant.util import dt as dt_util
import pytest

from custom_components.amps.const import DOMAIN

from .accounts import add_live_account
from .conftest import Advance, add_simulated_home, battery_of, entity_id, state_of
from .live import amps_id, clear_requests, inverter_of, requests
from .service import Service

QUARTER = timedelta(minutes=15)
ENERGY = "sensor.battery_energy_charged"


def register(hass: HomeAssistant, device: dr.DeviceEntry, key: str, domain: str = "sensor") -> str:
    """Return the id of an entity."""
    found = entity_id(hass, device, key, domain)
    assert found
    return found


async def rename(hass: HomeAssistant, old: str, new: str) -> None:
    """Give an entity another id, as a person does."""
    er.async_get(hass).async_update_entity(old, new_entity_id=new)
    await hass.async_block_till_done(wait_background_tasks=True)


async def swap(hass: HomeAssistant, one: str, other: str) -> None:
    """Let two entities swap their ids."""
    domain, _ = one.split(".")
    await rename(hass, one, f"{domain}.on_the_way")
    await rename(hass, other, one)
    await rename(hass, f"{domain}.on_the_way", other)


def shown(hass: HomeAssistant, found: str) -> str:
    """Return the state of an entity by its id."""
    state = hass.states.get(found)
    assert state, found
    return state.state


async def test_a_switch_stays_on_under_another_id(hass: HomeAssistant, service: Service, pass_time: Advance) -> None:
    await add_live_account(hass, service.url)
    inverter = inverter_of(hass)
    switch = register(hass, inverter, "expedited_updates", "switch")
    await hass.services.async_call("switch", "turn_on", {"entity_id": switch}, blocking=True)
    await rename(hass, switch, "switch.hurry")
    assert shown(hass, "switch.hurry") == "on"
    await pass_time(timedelta(minutes=2))
    clear_requests(service)
    await pass_time(timedelta(minutes=5))
    assert len(requests(service, amps_id(inverter))) >= 4
    # Nor does it read on when it is off, under whatever id.
    await hass.services.async_call("switch", "turn_off", {"entity_id": "switch.hurry"}, blocking=True)
    await rename(hass, "switch.hurry", switch)
    assert shown(hass, switch) == "off"
    clear_requests(service)
    await pass_time(timedelta(minutes=5))
    assert not requests(service, amps_id(inverter))


@pytest.mark.usefixtures("simulated_home")
async def test_counters_that_swap_ids_keep_their_energy(hass: HomeAssistant, advance: Advance) -> None:
    battery = battery_of(hass)
    await hass.services.async_call(DOMAIN, "charge", {"device_id": battery.id, "power": 2}, blocking=True)
    await advance(QUARTER)
    charged, discharged = (register(hass, battery, key) for key in ("energy_charged", "energy_discharged"))
    assert (shown(hass, charged), shown(hass, discharged)) == ("0.5", "0.0")
    await swap(hass, charged, discharged)
    assert state_of(hass, battery, "energy_charged") == "0.5"
    assert state_of(hass, battery, "energy_discharged") == "0.0"
    assert (shown(hass, discharged), shown(hass, charged)) == ("0.5", "0.0")
    await advance(QUARTER)
    assert float(state_of(hass, battery, "energy_charged")) == pytest.approx(1, abs=1e-3)
    assert state_of(hass, battery, "energy_discharged") == "0.0"


@pytest.mark.usefixtures("simulated_home")
async def test_events_that_swap_ids_keep_what_they_showed(hass: HomeAssistant) -> None:
    battery = battery_of(hass)
    await hass.services.async_call(DOMAIN, "charge", {"device_id": battery.id}, blocking=True)
    used = register(hass, battery, "action", "event")
    silent = next(each for each in hass.states.async_entity_ids("event") if each != used)
    before = hass.states.get(used)
    assert before
    assert shown(hass, silent) == "unknown"
    await swap(hass, used, silent)
    assert (shown(hass, silent), shown(hass, used)) == (before.state, "unknown")


RIEMANN = {"native_value": {"__type": "<class 'decimal.Decimal'>", "decimal_str": "7"}, "last_valid_state": "7"}
UNUSABLE: list[dict[str, Any]] = [
    {},
    RIEMANN,
    {"total": None},
    {"total": -1.0},
    {"total": float("nan")},
    {"total": None, "at": "yesterday", "power": 2},
    {"total": None, "at": "2026-06-14T11:50:00", "power": 2},
]


type Store = Callable[[Mapping[str, Mapping[str, Any]]], Awaitable[None]]


@pytest.fixture
def store(hass: HomeAssistant, hass_storage: dict[str, Any]) -> Store:
    """Return what lets Home Assistant have stored this of entities, by their ids."""

    async def load(stored: Mapping[str, Mapping[str, Any]]) -> None:
        hass_storage[restore_state.STORAGE_KEY] = {
            "version": restore_state.STORAGE_VERSION,
            "data": [
                {"state": State(id_, "7").as_dict(), "extra_data": data, "last_seen": dt_util.utcnow().isoformat()}
                for id_, data in stored.items()
            ],
        }
        await restore_state.async_get(hass).async_load()

    return load


@pytest.mark.parametrize("data", UNUSABLE, ids=str)
async def test_a_counter_takes_the_id_of_a_helper_that_is_gone(
    hass: HomeAssistant, simulated_home: ConfigEntry, advance: Advance, store: Store, data: dict[str, Any]
) -> None:
    battery = battery_of(hass)
    await hass.services.async_call(DOMAIN, "charge", {"device_id": battery.id, "power": 2}, blocking=True)
    await advance(QUARTER)
    await store({ENERGY: data})
    await rename(hass, register(hass, battery, "energy_charged"), ENERGY)
    assert shown(hass, ENERGY) == "0.5"
    await advance(QUARTER)
    assert float(shown(hass, ENERGY)) == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize(
    ("data", "total"),
    [*((data, 0.0) for data in UNUSABLE), ({"total": 7.5, "at": "2026-06-14T11:50:00", "power": 2}, 7.5)],
    ids=str,
)
async def test_what_was_stored_before_a_start_is_checked(
    hass: HomeAssistant, simulated_home: ConfigEntry, advance: Advance, store: Store, data: dict[str, Any], total: float
) -> None:
    battery = battery_of(hass)
    energy, counter = (register(hass, battery, key) for key in ("energy_charged", "energy_discharged"))
    inverter = register(hass, inverter_of(hass), "energy")
    before = shown(hass, inverter)
    assert await hass.config_entries.async_unload(simulated_home.entry_id)
    await store(dict.fromkeys((energy, counter, inverter), data))
    assert await hass.config_entries.async_setup(simulated_home.entry_id)
    await hass.async_block_till_done()
    assert [float(shown(hass, each)) for each in (energy, counter)] == [total, total]
    assert shown(hass, inverter) == before
    await advance(QUARTER)
    assert float(shown(hass, energy)) > total


async def test_a_counter_goes_on_from_what_was_stored(hass: HomeAssistant, store: Store) -> None:
    home = await add_simulated_home(hass)
    energy = register(hass, battery_of(hass), "energy_charged")
    assert await hass.config_entries.async_unload(home.entry_id)
    at = (dt_util.utcnow() - QUARTER).isoformat()
    await store({energy: {"total": 7.5, "at": at, "power": 0.0}})
    assert await hass.config_entries.async_setup(home.entry_id)
    await hass.async_block_till_done()
    assert float(shown(hass, energy)) > 7.5
