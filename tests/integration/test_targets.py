"""Which devices of a target an action is for: what is excluded, and what is there for other reasons (design §6)."""

from collections.abc import Callable
from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import area_registry as ar, device_registry as dr, label_registry as lr
from homeassistant.helpers.target import TargetSelection
import pytest

from custom_components.amps.simulator import Request, Response

from .commanding import Home, amps_id
from .conftest import MINUTE, Advance, entity_id
from .controls import control_of
from .interception import error
from .test_actions import call

BOTH = pytest.mark.parametrize("environment", ["sandbox", "live"])
EXCLUDES = pytest.mark.skipif(not hasattr(TargetSelection, "exclude"), reason="Home Assistant 2026.11 has it first")


@pytest.fixture
def profile() -> str:
    """Return a home with one device of each type."""
    return "home"


type Gather = Callable[..., str]


@pytest.fixture
def gather(hass: HomeAssistant) -> Gather:
    """Return what brings devices to an area, and returns its id."""

    def gather(*found: dr.DeviceEntry, name: str = "Garage") -> str:
        area_id = ar.async_get(hass).async_get_or_create(name).id
        for device in found:
            dr.async_get(hass).async_update_device(device.id, area_id=area_id)
        return area_id

    return gather


async def reload(home: Home, failing: str = "") -> None:
    """Load the account anew, while a list cannot be had."""
    home.between.answer = lambda request: error("SERVICE_UNAVAILABLE", 503) if request.path == failing else None
    assert await home.hass.config_entries.async_reload(home.account.entry_id)
    await home.hass.async_block_till_done(wait_background_tasks=True)
    assert home.account.state is ConfigEntryState.LOADED


def commanded(home: Home) -> list[str]:
    """Return Amps' ids of the devices that were sent something."""
    return [each.path.split("/")[2] for each in home.between.requests if each.method == "POST"]


@EXCLUDES
@pytest.mark.parametrize("by", ["all", "area", "devices", "entities"])
@pytest.mark.parametrize("excluded", ["device", "entity", "area", "label"])
async def test_what_is_excluded_is_left_alone(
    hass: HomeAssistant, home: Home, gather: Gather, by: str, excluded: str
) -> None:
    battery, thermostat = home.first("battery"), home.thermostat
    label = lr.async_get(hass).async_create("On holiday").label_id
    dr.async_get(hass).async_update_device(battery.id, labels={label})
    mode, climate = control_of(hass, battery, "select", "mode"), control_of(hass, thermostat, "climate", "thermostat")
    gather(thermostat, name="Hall")
    cellar = gather(battery, name="Cellar")
    targets: dict[str, dict[str, Any]] = {
        "all": {"entity_id": "all"},
        "area": {"area_id": ["hall", "cellar"]},
        "devices": {"device_id": [battery.id, thermostat.id]},
        "entities": {"entity_id": [mode, climate]},
    }
    excludes: dict[str, dict[str, Any]] = {
        "device": {"device_id": battery.id},
        "entity": {"entity_id": str(entity_id(hass, battery, "level"))},
        "area": {"area_id": cellar},
        "label": {"label_id": label},
    }
    answers = await call(hass, "idle", **targets[by], exclude=excludes[excluded])
    assert battery.id not in answers
    assert answers[thermostat.id]["ok"]
    assert amps_id(thermostat) in commanded(home)
    assert amps_id(battery) not in commanded(home)


@EXCLUDES
async def test_where_all_is_excluded_there_is_no_target(hass: HomeAssistant, home: Home) -> None:
    with pytest.raises(ServiceValidationError) as raised:
        await call(hass, "idle", device_id=home.thermostat.id, exclude={"device_id": home.thermostat.id})
    assert raised.value.translation_key == "no_target"
    assert not commanded(home)


CALLS = pytest.mark.parametrize(
    ("action", "data"),
    [
        ("idle", {}),
        ("charge", {"target_level": 90}),
        ("apply_settings", {"settings": {"discharge_floor": 20}}),
    ],
    ids=["idle", "charge", "apply_settings"],
)


@BOTH
@CALLS
async def test_what_could_never_take_it_does_not_stand_in_the_way_when_no_list_shows_it(
    hass: HomeAssistant, home: Home, gather: Gather, pass_time: Advance, action: str, data: dict[str, Any]
) -> None:
    battery, inverter = home.first("battery"), home.first("solar_inverter")
    area_id = gather(battery, inverter)
    home.service.control("POST", f"devices/{amps_id(inverter)}", {"present": False})
    await pass_time(16 * MINUTE)
    home.forget()
    await hass.services.async_call("amps", action, {"area_id": area_id, **data}, blocking=True)
    assert commanded(home) == [amps_id(battery)]


@BOTH
async def test_settings_of_an_area_are_those_of_the_devices_that_have_them(
    hass: HomeAssistant, home: Home, gather: Gather, pass_time: Advance
) -> None:
    battery, charger = home.first("battery"), home.first("ev_charger")
    area_id = gather(battery, charger, home.thermostat)
    await pass_time(2 * MINUTE)  # until each was read by itself: lists show no settings
    home.forget()
    floor = {"settings": {"discharge_floor": 20}}

    await hass.services.async_call("amps", "apply_settings", {"area_id": area_id, **floor}, blocking=True)
    assert commanded(home) == [amps_id(battery)]

    with pytest.raises(ServiceValidationError) as raised:
        await call(hass, "apply_settings", device_id=charger.id, **floor)
    assert raised.value.translation_key == "setting_not_supported"
    with pytest.raises(ServiceValidationError) as raised:
        await call(hass, "apply_settings", area_id=gather(charger, name="Street"), **floor)
    assert raised.value.translation_key == "no_target"
    assert commanded(home) == [amps_id(battery)]


@BOTH
@CALLS
async def test_what_could_never_take_it_does_not_stand_in_the_way_when_it_was_not_read_yet(
    hass: HomeAssistant, home: Home, gather: Gather, action: str, data: dict[str, Any]
) -> None:
    battery, inverter = home.first("battery"), home.first("solar_inverter")
    area_id = gather(battery, inverter)
    await reload(home, failing="/solar-inverter")
    home.forget()
    await hass.services.async_call("amps", action, {"area_id": area_id, **data}, blocking=True)
    assert commanded(home) == [amps_id(battery)]


@BOTH
@pytest.mark.parametrize("named", [True, False])
async def test_what_takes_commands_and_was_not_read_yet_is_an_error_of_its_own(
    hass: HomeAssistant, home: Home, gather: Gather, named: bool
) -> None:
    battery, thermostat = home.first("battery"), home.thermostat
    area_id = gather(battery, thermostat)
    await reload(home, failing="/battery")
    home.forget()
    target = {"device_id": [battery.id, thermostat.id]} if named else {"area_id": area_id}
    answers = await call(hass, "idle", **target)
    assert answers[battery.id]["error"]["code"] == "device_not_read_yet"
    assert str(battery.name) in answers[battery.id]["error"]["message"]
    assert answers[thermostat.id]["ok"]
    assert commanded(home) == [amps_id(thermostat)]


async def test_what_is_missing_though_all_lists_came_is_gone(hass: HomeAssistant, home: Home, gather: Gather) -> None:
    battery, thermostat = home.first("battery"), home.thermostat
    home.service.control("POST", f"devices/{amps_id(battery)}", {"present": False})
    await reload(home)
    answers = await call(hass, "idle", area_id=gather(battery, thermostat))
    assert answers[battery.id]["error"]["code"] == "device_gone"
    assert answers[thermostat.id]["ok"]


async def test_readings_of_an_area_name_what_was_not_read_yet(hass: HomeAssistant, home: Home, gather: Gather) -> None:
    inverter = home.first("solar_inverter")
    area_id = gather(inverter, home.thermostat)
    await reload(home, failing="/solar-inverter")
    answers = await call(hass, "get_device", area_id=area_id)
    assert answers[inverter.id]["error"]["code"] == "device_not_read_yet"
    assert answers[home.thermostat.id]["ok"]


@pytest.mark.parametrize("environment", ["live"])
async def test_a_type_that_amps_takes_no_commands_for_is_skipped_unless_it_is_named_or_alone(
    hass: HomeAssistant, home: Home, gather: Gather
) -> None:
    def refuse_pushes(request: Request) -> Response | None:
        is_push = request.method == "POST" and request.path.startswith("/ev-charger/")
        return error("COMMAND_NOT_SUPPORTED", 422) if is_push else None

    battery, charger = home.first("battery"), home.first("ev_charger")
    area_id = gather(battery, charger)
    home.between.answer = refuse_pushes
    with pytest.raises(HomeAssistantError, match="COMMAND_NOT_SUPPORTED"):
        await home.call("charge", charger)
    home.forget()

    await hass.services.async_call("amps", "charge", {"area_id": area_id}, blocking=True)
    assert commanded(home) == [amps_id(battery)]

    answers = await call(hass, "charge", area_id=area_id, device_id=charger.id, dry_run=True)
    assert {id_: each["ok"] for id_, each in answers.items()} == {battery.id: True, charger.id: False}
    assert answers[charger.id]["error"]["code"] == "commands_not_offered"

    with pytest.raises(ServiceValidationError) as raised:
        await call(hass, "charge", area_id=gather(charger, name="Street"))
    assert raised.value.translation_key == "commands_not_offered"
    assert commanded(home) == [amps_id(battery)]
