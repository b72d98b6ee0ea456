"""What is stored of an account: unusable contents, bounds, and what it goes with."""

from logging import WARNING
from typing import Any

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.const import STATE_ON, STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
import pytest

from custom_components.amps.const import DOMAIN

from .actions import ask
from .conftest import MINUTE, QUARTER, SECOND, Advance, add_simulated_home, battery_of, state_of
from .live import amps_id, inverter_of, storage_key
from .service import Service


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"devices": None},
        {"devices": []},
        {"devices": {"device_1": None}},
        {"devices": {"*": []}},
        {"devices": {"*": {"failure": "yes"}}},
        {"devices": {"*": {"failure": {"failed_at": "yesterday"}}}},
        {"devices": {"*": {"actions": [{"state": "scheduled"}]}}},
        {"devices": {"*": {"contexts": {"action_1": [1, 2]}}}},
        {"devices": {"*": {"overridden": "perhaps"}}},
        [],
    ],
    ids=str,
)
async def test_what_was_kept_and_cannot_be_used_counts_as_nothing(
    hass: HomeAssistant,
    hass_storage: dict[str, Any],
    account: ConfigEntry,
    battery: dr.DeviceEntry,
    pass_time: Advance,
    caplog: pytest.LogCaptureFixture,
    data: Any,  # noqa: ANN401  whatever can stand in a file
) -> None:
    await pass_time(MINUTE)
    await hass.config_entries.async_unload(account.entry_id)
    caplog.clear()
    if isinstance(data, dict) and isinstance(data.get("devices"), dict):
        data = {"devices": {amps_id(battery) if id_ == "*" else id_: each for id_, each in data["devices"].items()}}
    hass_storage[storage_key(account)] = {"version": 1, "minor_version": 1, "key": storage_key(account), "data": data}
    assert await hass.config_entries.async_setup(account.entry_id)
    await pass_time(MINUTE)
    assert account.state is ConfigEntryState.LOADED
    assert state_of(hass, battery, "level") not in {STATE_UNAVAILABLE, STATE_UNKNOWN}
    assert state_of(hass, battery, "reachable", "binary_sensor") == STATE_ON
    complaints = [record for record in caplog.records if record.levelno >= WARNING and record.name != "asyncio"]
    assert complaints == []


async def test_what_a_newer_version_kept_counts_as_nothing(
    hass: HomeAssistant, hass_storage: dict[str, Any], account: ConfigEntry, battery: dr.DeviceEntry
) -> None:
    await hass.config_entries.async_unload(account.entry_id)
    hass_storage[storage_key(account)] = {"version": 99, "minor_version": 1, "key": storage_key(account), "data": {}}
    assert await hass.config_entries.async_setup(account.entry_id)
    assert state_of(hass, battery, "level") != STATE_UNAVAILABLE


async def test_a_failure_of_a_clock_that_was_set_back_is_over(
    hass: HomeAssistant, hass_storage: dict[str, Any], service: Service, account: ConfigEntry, pass_time: Advance
) -> None:
    inverter = inverter_of(hass)
    fault = service.control("POST", "faults", {"kind": "fallback", "match": {"deviceId": amps_id(inverter)}})
    await pass_time(QUARTER + MINUTE)
    await hass.config_entries.async_unload(account.entry_id)
    service.control("DELETE", f"faults/{fault['id']}")
    failure = hass_storage[storage_key(account)]["data"]["devices"][amps_id(inverter)]["failure"]
    for name, instant in failure.items():
        failure[name] = instant and instant.replace("2026-06-14", "2026-06-15")
    await hass.config_entries.async_setup(account.entry_id)
    await pass_time(MINUTE)
    assert state_of(hass, inverter, "power") != STATE_UNAVAILABLE


async def test_what_is_kept_is_bounded(
    hass: HomeAssistant,
    hass_storage: dict[str, Any],
    service: Service,
    account: ConfigEntry,
    battery: dr.DeviceEntry,
    pass_time: Advance,
) -> None:
    for hour in range(20):
        window = {"start": f"2026-06-15T{hour:02}:00:00", "end": f"2026-06-15T{hour:02}:30:00"}
        body = {"action": {"command": "charge", **window}, "onConflict": "queue_after"}
        ask(service, "POST", f"/battery/{amps_id(battery)}", body)
    # A set-up reads the open actions.
    await hass.config_entries.async_reload(account.entry_id)
    await pass_time(15 * SECOND)
    assert len(hass_storage[storage_key(account)]["data"]["devices"][amps_id(battery)]["actions"]) == 10


async def test_what_changes_all_the_time_is_saved_nevertheless(
    hass: HomeAssistant,
    hass_storage: dict[str, Any],
    service: Service,
    account: ConfigEntry,
    battery: dr.DeviceEntry,
    pass_time: Advance,
) -> None:
    """A power cut loses ten seconds at most, however often something is to be saved."""
    await pass_time(MINUTE)
    for number in range(1, 6):
        # Nothing is read between: the answers alone change what is kept.
        data = {"device_id": battery.id, "start": f"2026-06-15T{number:02}:00:00", "duration": 600}
        await hass.services.async_call(DOMAIN, "charge", {**data, "on_conflict": "queue_after"}, blocking=True)
        await pass_time(4 * SECOND)
    assert len(hass_storage[storage_key(account)]["data"]["devices"][amps_id(battery)]["actions"]) >= 3


async def test_what_is_kept_goes_with_the_account(
    hass: HomeAssistant, hass_storage: dict[str, Any], account: ConfigEntry, battery: dr.DeviceEntry, pass_time: Advance
) -> None:
    await hass.services.async_call(DOMAIN, "charge", {"device_id": battery.id}, blocking=True)
    await pass_time(MINUTE)
    assert amps_id(battery) in hass_storage[storage_key(account)]["data"]["devices"]
    await hass.config_entries.async_remove(account.entry_id)
    await pass_time(MINUTE)
    assert storage_key(account) not in hass_storage


async def test_what_is_kept_of_a_device_goes_with_it(
    hass: HomeAssistant, hass_storage: dict[str, Any], service: Service, account: ConfigEntry, pass_time: Advance
) -> None:
    inverter = inverter_of(hass)
    fault = {"kind": "offline", "code": "DEVICE_OFFLINE", "match": {"deviceId": amps_id(inverter)}}
    fault = service.control("POST", "faults", fault)
    await pass_time(QUARTER + MINUTE)
    assert amps_id(inverter) in hass_storage[storage_key(account)]["data"]["devices"]
    service.control("DELETE", f"faults/{fault['id']}")
    service.control("POST", f"devices/{amps_id(inverter)}", {"present": False})
    await pass_time(6 * QUARTER)
    assert dr.async_get(hass).async_get(inverter.id) is None
    assert amps_id(inverter) not in hass_storage[storage_key(account)]["data"]["devices"]


async def test_nothing_is_kept_of_a_simulated_home_that_is_reset(hass: HomeAssistant, pass_time: Advance) -> None:
    await add_simulated_home(hass)
    battery = battery_of(hass)
    before = state_of(hass, battery, "last_action")
    await hass.services.async_call(DOMAIN, "charge", {"device_id": battery.id}, blocking=True)
    await pass_time(MINUTE)
    assert state_of(hass, battery, "last_action") != before
    await hass.services.async_call(DOMAIN, "simulator_reset", {}, blocking=True)
    await pass_time(MINUTE)
    assert state_of(hass, battery, "last_action") == before
