"""A simulated home goes on where it was, over reloads and restarts (design §8)."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
import json
from pathlib import Path
import threading
from typing import Any
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.const import EVENT_HOMEASSISTANT_FINAL_WRITE, STATE_ON
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, json as json_helper
from homeassistant.helpers.storage import Store
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_mock_restore_state_shutdown_restart

from custom_components.amps.account.simulated_home import SAVE_DELAY
from custom_components.amps.const import DOMAIN
from custom_components.amps.simulator.saving import document, state

from .conftest import Advance, add_simulated_home, battery_of, device_ids, devices, state_of

type Storage = dict[str, Any]
_LOAD, _WRITE = Store._async_load, Store._async_write_data  # noqa: SLF001  before the tests put something in their place


def _key(entry: ConfigEntry) -> str:
    return f"amps.simulated_home.{entry.entry_id}"


async def _charge(hass: HomeAssistant, **data: float) -> None:
    await hass.services.async_call(DOMAIN, "charge", {"device_id": battery_of(hass).id, **data}, blocking=True)


async def _set_up(hass: HomeAssistant, entry: ConfigEntry) -> None:
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()


async def _unload(hass: HomeAssistant, entry: ConfigEntry) -> None:
    assert await hass.config_entries.async_unload(entry.entry_id)
    await hass.async_block_till_done()


async def test_a_standing_charge_goes_on_after_a_restart(
    hass: HomeAssistant, advance: Advance, freezer: FrozenDateTimeFactory, hass_storage: Storage
) -> None:
    """Home Assistant is away for ten minutes; the home is not, and the counter of energy knows no jump."""
    entry = await add_simulated_home(hass)
    await _charge(hass, power=1.2)
    for _ in range(20):
        await advance(timedelta(minutes=1))
    battery = battery_of(hass)
    level, charged = float(state_of(hass, battery, "level")), float(state_of(hass, battery, "energy_charged"))
    assert charged == pytest.approx(0.4, abs=0.02)

    await async_mock_restore_state_shutdown_restart(hass)
    await _unload(hass, entry)
    freezer.tick(timedelta(minutes=10))
    await _set_up(hass, entry)

    assert state_of(hass, battery, "status") == "charging"
    assert float(state_of(hass, battery, "power")) == pytest.approx(1.2)
    assert float(state_of(hass, battery, "level")) > level
    assert state_of(hass, battery, "last_action") == "completed"
    again = float(state_of(hass, battery, "energy_charged"))
    assert again - charged == pytest.approx(0.2, abs=0.01)
    await advance(timedelta(minutes=5))
    assert float(state_of(hass, battery, "energy_charged")) - again == pytest.approx(0.1, abs=0.01)


async def test_after_a_reload_everything_shows_what_it_did(
    hass: HomeAssistant, advance: Advance, hass_storage: Storage
) -> None:
    entry = await add_simulated_home(hass)
    await _charge(hass, target_level=80)
    await advance(timedelta(minutes=31))
    before = {state.entity_id: state.state for state in hass.states.async_all()}
    await _unload(hass, entry)
    await _set_up(hass, entry)
    await advance(timedelta(0))  # settings come by single reads
    assert {state.entity_id: state.state for state in hass.states.async_all()} == before


async def test_it_is_saved_a_while_after_a_change_and_not_before(
    hass: HomeAssistant, advance: Advance, hass_storage: Storage
) -> None:
    entry = await add_simulated_home(hass)
    await advance(timedelta(minutes=5))
    assert _key(entry) not in hass_storage
    await _charge(hass)
    assert _key(entry) not in hass_storage
    await advance(timedelta(seconds=SAVE_DELAY + 1))
    log = hass_storage[_key(entry)]["data"]["state"]["log"]
    assert [entry["action"]["directive"]["command"] for entry in log] == ["charge"]


async def test_it_is_saved_when_home_assistant_stops(hass: HomeAssistant, hass_storage: Storage) -> None:
    entry = await add_simulated_home(hass)
    hass.bus.async_fire(EVENT_HOMEASSISTANT_FINAL_WRITE)
    await hass.async_block_till_done()
    assert hass_storage[_key(entry)]["data"]["state"]["at"] == dt_util.utcnow().isoformat()


async def test_nothing_is_kept_of_a_home_that_is_removed(
    hass: HomeAssistant, advance: Advance, hass_storage: Storage
) -> None:
    entry = await add_simulated_home(hass)
    await _charge(hass)
    await advance(timedelta(seconds=SAVE_DELAY + 1))
    assert _key(entry) in hass_storage
    await hass.services.async_call(
        DOMAIN, "set_mode", {"device_id": battery_of(hass).id, "mode": "auto_export"}, blocking=True
    )
    await hass.config_entries.async_remove(entry.entry_id)
    await advance(timedelta(seconds=SAVE_DELAY + 1))
    assert _key(entry) not in hass_storage


@pytest.mark.parametrize(
    "kept",
    [
        {},
        {"ahead": "far", "state": []},
        {"ahead": -5, "state": {"version": 1}},
        {"ahead": 1e300, "state": None},
        {"ahead": True, "state": {"version": 99}},
    ],
)
async def test_what_cannot_be_used_is_left_and_logged(
    hass: HomeAssistant, hass_storage: Storage, caplog: pytest.LogCaptureFixture, kept: dict[str, object]
) -> None:
    entry = MockConfigEntry(domain=DOMAIN, title="Our home", data={"profile": "showcase", "seed": "abc"})
    entry.add_to_hass(hass)
    hass_storage[_key(entry)] = {"version": 1, "minor_version": 1, "key": _key(entry), "data": kept}
    await _set_up(hass, entry)
    assert entry.state is ConfigEntryState.LOADED
    assert len(devices(hass, having="level")) > 0
    assert [record.levelname for record in caplog.records if "Our home begins anew" in record.message] == ["WARNING"]


@pytest.mark.parametrize("stored", [["a list"], {"version": 2, "minor_version": 1, "data": {}}])
async def test_storage_of_another_kind_is_left_and_logged(
    hass: HomeAssistant, hass_storage: Storage, caplog: pytest.LogCaptureFixture, stored: object
) -> None:
    entry = MockConfigEntry(domain=DOMAIN, title="Our home", data={"profile": "showcase", "seed": "abc"})
    entry.add_to_hass(hass)
    kept = stored if isinstance(stored, dict) else {"version": 1, "minor_version": 1, "data": stored}
    hass_storage[_key(entry)] = {"key": _key(entry), **kept}
    await _set_up(hass, entry)
    assert entry.state is ConfigEntryState.LOADED
    assert "Our home begins anew" in caplog.text


async def test_it_is_saved_and_restored_outside_the_event_loop(
    hass: HomeAssistant, advance: Advance, tmp_path: Path, loop_debug: None
) -> None:
    """All that takes long with a long history: to make the document, to write it, to read it and to go on from it."""
    hass.config.config_dir = str(tmp_path)
    threads: list[tuple[str, bool]] = []

    def watched[**P, T](function: Callable[P, T]) -> Callable[P, T]:
        def called(*args: P.args, **kwargs: P.kwargs) -> T:
            threads.append((function.__name__, threading.current_thread() is threading.main_thread()))
            return function(*args, **kwargs)

        return called

    with (
        patch.object(Store, "_async_load", _LOAD),
        patch.object(Store, "_async_write_data", _WRITE),
        patch(f"{state.__name__}.write_document", watched(document.write_document)),
        patch(f"{state.__name__}.read_document", watched(document.read_document)),
        patch.object(json_helper, "prepare_save_json", watched(json_helper.prepare_save_json)),
    ):
        entry = await add_simulated_home(hass)
        await _charge(hass, target_level=77)
        await advance(timedelta(seconds=SAVE_DELAY + 1))
        saved = json.loads((tmp_path / ".storage" / _key(entry)).read_text())["data"]["state"]
        assert [entry["action"]["directive"]["values"] for entry in saved["log"]] == [{"target": 77}]
        await advance(timedelta(minutes=5))
        await _unload(hass, entry)
        await _set_up(hass, entry)
        assert state_of(hass, battery_of(hass), "last_action") == "completed"
    ours = {(name, in_loop) for name, in_loop in threads if name in ("write_document", "read_document")}
    assert ours == {("write_document", False), ("read_document", False)}
    assert ("prepare_save_json", False) in threads


@patch("custom_components.amps.simulator.home.home.KEPT_ACTIONS", 40)
async def test_what_was_done_in_a_year_is_kept_in_bounded_space(
    hass: HomeAssistant, advance: Advance, hass_storage: Storage, freezer: FrozenDateTimeFactory
) -> None:
    entry = await add_simulated_home(hass)
    sizes = []
    for commands in (45, 20, 20):
        for number in range(commands):
            await _charge(hass, target_level=50 + number % 50)
            freezer.tick(timedelta(minutes=20))
        await advance(timedelta(seconds=SAVE_DELAY + 1))
        kept = hass_storage[_key(entry)]["data"]["state"]
        sizes.append((len(kept["log"]), round(len(json.dumps(kept)), -4)))
    assert sizes == [sizes[0]] * 3
    assert sizes[0][0] == 40 + 1, "the last is under way"
    level = state_of(hass, battery_of(hass), "level")
    await _unload(hass, entry)
    await _set_up(hass, entry)
    assert state_of(hass, battery_of(hass), "level") == level


type SetBack = Callable[[timedelta], None]


@pytest.fixture
def set_back(monkeypatch: pytest.MonkeyPatch) -> SetBack:
    """Return what sets the clock of the host back, by so much in all; what counts seconds alone goes on."""

    def by(span: timedelta) -> None:
        monkeypatch.setattr(dt_util, "utcnow", lambda: datetime.now(UTC) - span)

    return by


@pytest.fixture
def count_logged(caplog: pytest.LogCaptureFixture) -> Callable[[], int]:
    """Return what counts the entries of the log about a clock that was set back."""
    return lambda: len([record for record in caplog.records if "set back" in record.getMessage()])


async def test_home_goes_on_while_the_clock_of_the_host_is_set_back(
    hass: HomeAssistant,
    advance: Advance,
    poll: Callable[[], Awaitable[None]],
    set_back: SetBack,
    count_logged: Callable[[], int],
) -> None:
    await add_simulated_home(hass)
    await _charge(hass, power=1.0, target_level=100)
    await poll()
    battery = battery_of(hass)
    for times, span in enumerate((timedelta(hours=6), timedelta(days=400)), 1):
        level = float(state_of(hass, battery, "level"))
        set_back(span)
        for _ in range(4):
            await advance(timedelta(minutes=2))
        reached = float(state_of(hass, battery, "level"))
        assert level < reached < level + 3
        assert state_of(hass, battery, "status") == "charging"
        assert count_logged() == times


async def test_home_goes_on_when_the_clock_was_set_back_while_it_was_away(
    hass: HomeAssistant,
    poll: Callable[[], Awaitable[None]],
    set_back: SetBack,
    hass_storage: Storage,
    count_logged: Callable[[], int],
) -> None:
    """It is logged once, and the home is where the clock is again as soon as that has caught up."""
    entry = await add_simulated_home(hass)
    await _charge(hass, power=1.0, target_level=100)
    await poll()
    battery = battery_of(hass)
    for _ in range(2):
        level = float(state_of(hass, battery, "level"))
        await _unload(hass, entry)
        set_back(timedelta(hours=6))
        await _set_up(hass, entry)
        for _ in range(10):
            await poll()
        assert level < float(state_of(hass, battery, "level")) < level + 3
        assert count_logged() == 1
    await _unload(hass, entry)
    assert hass_storage[_key(entry)]["data"]["state"]["at"] == datetime.now(UTC).isoformat()
    set_back(timedelta(0))
    await _set_up(hass, entry)
    await poll()
    await _unload(hass, entry)
    kept = hass_storage[_key(entry)]["data"]
    assert (kept["set_back"], kept["state"]["at"]) == (0, dt_util.utcnow().isoformat())
    assert count_logged() == 1


@pytest.mark.parametrize(("seconds", "logged"), [(0.9, 0), (1.1, 1)])
async def test_clock_that_is_put_right_by_less_than_a_second_is_not_logged(
    hass: HomeAssistant, set_back: SetBack, count_logged: Callable[[], int], seconds: float, logged: int
) -> None:
    await add_simulated_home(hass)
    set_back(timedelta(seconds=seconds))
    await _charge(hass)
    assert count_logged() == logged


async def test_home_of_eleven_devices_stays_one(hass: HomeAssistant, hass_storage: Storage) -> None:
    """The profile that was called `home` before there was a smaller one, with a charge that somebody left standing."""
    before = await add_simulated_home(hass, "showcase")
    await _charge(hass)
    ids = device_ids(hass, before)
    await _unload(hass, before)
    kept = hass_storage[_key(before)]
    seed = before.data["seed"]
    await hass.config_entries.async_remove(before.entry_id)

    entry = MockConfigEntry(domain=DOMAIN, data={"profile": "home", "seed": seed}, minor_version=1)
    entry.add_to_hass(hass)
    hass_storage[_key(entry)] = {**kept, "key": _key(entry)}
    await _set_up(hass, entry)

    assert entry.data["profile"] == "showcase"
    assert device_ids(hass, entry) == ids
    assert len(ids) == 11
    assert float(state_of(hass, battery_of(hass), "power")) > 4


async def test_home_that_is_added_now_is_one_household(hass: HomeAssistant) -> None:
    entry = await add_simulated_home(hass, "home")
    await _unload(hass, entry)
    await _set_up(hass, entry)
    assert entry.data["profile"] == "home"
    names = {device.name for device in dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)}
    assert names == {
        "Simulated home",
        "ChargePoint Home Flex",
        "Enphase IQ8+",
        "FoxESS H1-5.0-E",
        "Nest Learning Thermostat",
        "Tesla Model 3 Long Range",
    }


def _listed(hass: HomeAssistant) -> list[dr.DeviceEntry]:
    registered = devices(hass, having="reachable", domain="binary_sensor")
    return [each for each in registered if state_of(hass, each, "reachable", "binary_sensor") == STATE_ON]


async def test_homes_of_all_profiles_are_kept(hass: HomeAssistant, hass_storage: Storage) -> None:
    for profile in ("home", "showcase", "large_home"):
        entry = await add_simulated_home(hass, profile)
        listed = _listed(hass)
        assert listed
        await _unload(hass, entry)
        await _set_up(hass, entry)
        assert _listed(hass) == listed
        await hass.config_entries.async_remove(entry.entry_id)
