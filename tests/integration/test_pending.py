"""What controls show until a reading can show it, in live behaviour over HTTP (design §5, pending)."""

from dataclasses import replace
from datetime import datetime, timedelta

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
import pytest

from custom_components.amps.simulator import Request, Response

from .accounts import add_live_account
from .actions import push
from .conftest import MINUTE, NOON, QUARTER, SECOND, Advance, battery_of, devices, refresh
from .controls import History, control_of, shown, use
from .live import amps_id
from .service import Service


@pytest.fixture
async def account(hass: HomeAssistant, service: Service, pass_time: Advance) -> ConfigEntry:
    """Return a live account whose thermostats take commands, too, and whose readings are minutes old."""
    service.control("POST", "live", {"allTypesPushable": True})
    entry = await add_live_account(hass, service.url)
    await pass_time(5 * MINUTE)
    return entry


@pytest.fixture
def battery(hass: HomeAssistant, account: ConfigEntry) -> dr.DeviceEntry:
    """Return the battery that takes every command."""
    return battery_of(hass)


@pytest.fixture
def thermostat(hass: HomeAssistant, account: ConfigEntry) -> dr.DeviceEntry:
    """Return a thermostat."""
    return devices(hass, having="thermostat", domain="climate")[0]


@pytest.fixture
def mode(hass: HomeAssistant, battery: dr.DeviceEntry) -> History:
    """Return what the mode of the battery shows from now on."""
    return History.record(hass, control_of(hass, battery, "select", "mode"))


def fault(service: Service, kind: str, device: dr.DeviceEntry, **options: object) -> None:
    """Let something go wrong with a device."""
    service.control("POST", "faults", {"kind": kind, "match": {"deviceId": amps_id(device)}, **options})


def keep_readings(service: Service) -> None:
    """Have the service answer every read of a device from its cache, whatever it was asked for."""
    handle = service.simulator.handle

    def handle_from_cache(request: Request) -> Response:
        query = {name: value for name, value in request.query.items() if name != "expedite"}
        return handle(replace(request, query=query))

    service.simulator.handle = handle_from_cache  # type: ignore[method-assign]  # whoever serves it calls this


async def test_a_reload_in_the_middle_moves_no_control(
    hass: HomeAssistant,
    account: ConfigEntry,
    battery: dr.DeviceEntry,
    thermostat: dr.DeviceEntry,
    mode: History,
    pass_time: Advance,
) -> None:
    floor = History.record(hass, control_of(hass, battery, "number", "discharge_floor"))
    climate = History.record(hass, control_of(hass, thermostat, "climate", "thermostat"))
    await use(hass, battery, "select.mode", "select_option", option="idle")
    await use(hass, battery, "number.discharge_floor", "set_value", value=25)
    await use(hass, thermostat, "climate.thermostat", "set_temperature", temperature=23.5, hvac_mode="heat")
    await hass.config_entries.async_reload(account.entry_id)
    await pass_time(2 * QUARTER)
    assert [value for value in mode.values if value != "unavailable"] == ["idle", "idle"]
    assert [value for value in floor.values if value != "unavailable"] == ["25.0", "25.0"]
    shown_targets = [value for value in climate.attributes("temperature") if value is not None]
    assert set(shown_targets) == {23.5}


async def test_a_failure_ends_it_at_once(
    hass: HomeAssistant, service: Service, battery: dr.DeviceEntry, mode: History, pass_time: Advance
) -> None:
    fault(service, "failed_action", battery, count=1)
    await use(hass, battery, "select.mode", "select_option", option="idle")
    assert mode.values == ["idle"]
    await pass_time(MINUTE)
    assert mode.values == ["idle", "auto_balanced"]
    assert shown(hass, battery, "sensor", "last_action").state == "failed"


async def test_it_ends_after_five_minutes_when_no_reading_comes(
    hass: HomeAssistant, service: Service, battery: dr.DeviceEntry, mode: History, pass_time: Advance
) -> None:
    """Even expedited reads answer what was before: then nobody knows better, and what was asked for ends (design §5).

    So this is the one case in which a control goes back: after five minutes at most.
    """
    keep_readings(service)
    await use(hass, battery, "select.mode", "select_option", option="idle")
    await pass_time(5 * MINUTE - SECOND)
    assert mode.values == ["idle"]
    await pass_time(2 * SECOND)
    assert mode.values == ["idle", "auto_balanced"]


async def test_a_device_that_does_not_follow_is_shown_once_a_reading_can_tell(
    hass: HomeAssistant, service: Service, battery: dr.DeviceEntry, mode: History, pass_time: Advance
) -> None:
    fault(service, "silent_refusal", battery, count=1)
    await use(hass, battery, "select.mode", "select_option", option="idle")
    await pass_time(90 * SECOND)
    # What was read within a minute may be of a device on its way.
    assert mode.values == ["idle"]
    await refresh(hass, battery)
    assert mode.values == ["idle", "auto_balanced"]


async def test_a_command_counts_from_when_it_starts(
    hass: HomeAssistant, service: Service, battery: dr.DeviceEntry, mode: History, pass_time: Advance
) -> None:
    await pass_time(_until(NOON + timedelta(minutes=6)))
    # The plant is in London: an hour ahead of the time at the service.
    push(service, amps_id(battery), "auto.reserve", start="2026-06-14T13:30:00")
    await pass_time(20 * MINUTE)
    assert shown(hass, battery, "sensor", "last_action").state == "scheduled"
    assert mode.values == []
    await pass_time(QUARTER)
    assert mode.values == ["auto_reserve"]


def _until(time: datetime) -> timedelta:
    return time - (NOON + 5 * MINUTE)


async def test_the_newest_command_is_the_one_that_is_shown(
    hass: HomeAssistant, battery: dr.DeviceEntry, mode: History, pass_time: Advance
) -> None:
    await use(hass, battery, "select.mode", "select_option", option="idle")
    await pass_time(30 * SECOND)
    await use(hass, battery, "select.mode", "select_option", option="auto_export")
    await pass_time(2 * QUARTER)
    assert mode.values == ["idle", "auto_export"]
