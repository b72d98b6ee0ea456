"""Actions, as automations call them."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any

from homeassistant.auth.permissions.const import CAT_ENTITIES
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import ServiceValidationError, Unauthorized
from homeassistant.helpers import area_registry as ar, device_registry as dr, label_registry as lr
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockUser
import voluptuous as vol

from custom_components.amps.const import DOMAIN

from .conftest import Advance, battery_of, devices, entity_id, patiently, readings_of, state_of

pytestmark = pytest.mark.usefixtures("simulated_home")


async def call(hass: HomeAssistant, action: str, **data: object) -> dict[str, Any]:
    """Call an action and return what it answers for each device."""
    response = await hass.services.async_call(DOMAIN, action, data, blocking=True, return_response=True)
    assert isinstance(response, dict)
    found = response["devices"]
    assert isinstance(found, dict)
    return found


async def test_a_charge_is_accepted_shown_and_ends_at_its_target(hass: HomeAssistant, advance: Advance) -> None:
    battery = battery_of(hass)

    answers = await call(hass, "charge", device_id=battery.id, target_level=90, power=3)

    assert answers.keys() == {battery.id}
    answer = answers[battery.id]
    assert answer["ok"] is True
    assert answer["error"] is None
    assert answer["action"]["command"] == "charge"
    assert answer["action"]["state"] == "acknowledged"
    assert answer["action"]["parameters"] == {
        "target": {"value": 90, "unit": "percent"},
        "power": {"value": 3, "unit": "kw"},
    }
    assert state_of(hass, battery, "status") == "charging"
    assert float(state_of(hass, battery, "power")) == 3
    assert state_of(hass, battery, "last_action") == "acknowledged"

    await advance(timedelta(seconds=31))
    assert state_of(hass, battery, "last_action") == "completed"
    assert float(state_of(hass, battery, "power")) == 3

    await advance(timedelta(hours=3))
    assert float(state_of(hass, battery, "level")) == 90
    assert state_of(hass, battery, "status") == "idle"
    assert float(state_of(hass, battery, "power")) == 0


async def test_the_mode_stays_when_the_target_is_reached(hass: HomeAssistant, advance: Advance) -> None:
    battery = battery_of(hass)
    await call(hass, "charge", device_id=battery.id, target_level=90, power=3)
    await advance(timedelta(hours=3))
    (reading,) = await readings_of(hass, battery)
    assert reading["state"]["current_mode"] == "charge"


@pytest.mark.parametrize("by", ["entity", "area", "label"])
async def test_a_target_can_be_anything_that_leads_to_the_device(hass: HomeAssistant, by: str) -> None:
    battery = battery_of(hass)
    inverter = devices(hass, having="producing", domain="binary_sensor")[0]
    area = ar.async_get(hass).async_create("Garage")
    label = lr.async_get(hass).async_create("Power")
    for device in (battery, inverter):
        dr.async_get(hass).async_update_device(device.id, area_id=area.id, labels={label.label_id})
    targets: dict[str, dict[str, object]] = {
        "entity": {"entity_id": entity_id(hass, battery, "level")},
        "area": {"area_id": area.id},
        "label": {"label_id": label.label_id},
    }

    answers = await call(hass, "idle", **targets[by])

    assert {id_: answer["ok"] for id_, answer in answers.items()} == {battery.id: True}
    assert state_of(hass, battery, "status") == "idle"


async def test_a_named_device_that_lacks_the_command_is_an_error_of_its_own(hass: HomeAssistant) -> None:
    battery = battery_of(hass)
    inverter = devices(hass, having="producing", domain="binary_sensor")[0]

    answers = await call(hass, "charge", device_id=[battery.id, inverter.id])

    assert answers[battery.id]["ok"] is True
    assert answers[inverter.id]["ok"] is False
    assert answers[inverter.id]["action"] is None
    assert answers[inverter.id]["error"]["code"] == "no_commands"
    assert str(inverter.name) in answers[inverter.id]["error"]["message"]

    with pytest.raises(ServiceValidationError) as raised:
        await hass.services.async_call(DOMAIN, "charge", {"device_id": inverter.id}, blocking=True)
    assert raised.value.translation_key == "no_commands"
    assert str(raised.value) == f"{inverter.name} takes no commands"


async def test_without_a_response_every_failure_is_named(hass: HomeAssistant) -> None:
    inverters = devices(hass, having="producing", domain="binary_sensor")
    assert len(inverters) > 1
    ids = [inverter.id for inverter in inverters]
    with pytest.raises(ServiceValidationError) as raised:
        await hass.services.async_call(DOMAIN, "charge", {"device_id": [*ids, battery_of(hass).id]}, blocking=True)
    assert raised.value.translation_key == "several_failed"
    assert all(str(inverter.name) in str(raised.value) for inverter in inverters)
    assert state_of(hass, battery_of(hass), "last_action") == "acknowledged"


@pytest.fixture
def garage(hass: HomeAssistant) -> Mapping[str, dr.DeviceEntry]:
    """Return what stands in the garage: a battery, and a charger, which takes no levels."""
    there = {"battery": battery_of(hass), "charger": devices(hass, having="charging_enabled", domain="switch")[0]}
    for device in there.values():
        dr.async_get(hass).async_update_device(device.id, area_id=ar.async_get(hass).async_get_or_create("Garage").id)
    return there


@pytest.mark.parametrize(
    ("action", "data", "meant"),
    [
        ("charge", {"target_level": 90}, ["battery"]),
        ("charge", {"power": 2, "dry_run": True}, ["battery"]),
        ("charge", {}, ["battery", "charger"]),
        ("send_command", {"command": "charge", "parameters": {"target": 90}}, ["battery"]),
    ],
    ids=str,
)
async def test_in_an_area_what_takes_none_of_the_parameters_is_skipped(
    hass: HomeAssistant, garage: Mapping[str, dr.DeviceEntry], action: str, data: dict[str, Any], meant: list[str]
) -> None:
    answers = await call(hass, action, area_id="garage", **data)
    assert {id_: answer["ok"] for id_, answer in answers.items()} == {garage[name].id: True for name in meant}


async def test_what_is_named_or_alone_says_that_it_takes_none_of_the_parameters(
    hass: HomeAssistant, garage: Mapping[str, dr.DeviceEntry]
) -> None:
    battery, charger = garage["battery"], garage["charger"]
    answers = await call(hass, "charge", area_id="garage", device_id=charger.id, target_level=90)
    assert {id_: answer["ok"] for id_, answer in answers.items()} == {battery.id: True, charger.id: False}
    assert answers[charger.id]["error"]["code"] == "no_parameters"
    dr.async_get(hass).async_update_device(battery.id, area_id=None)
    with pytest.raises(ServiceValidationError) as raised:
        await call(hass, "charge", area_id="garage", target_level=90)
    assert raised.value.translation_key == "no_parameters"


async def test_an_area_without_any_capable_device_is_no_target(hass: HomeAssistant) -> None:
    inverter = devices(hass, having="producing", domain="binary_sensor")[0]
    area = ar.async_get(hass).async_create("Roof")
    dr.async_get(hass).async_update_device(inverter.id, area_id=area.id)
    with pytest.raises(ServiceValidationError) as raised:
        await call(hass, "charge", area_id=area.id)
    assert raised.value.translation_key == "no_target"


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("target_level", 101, {"parameter": "target", "value": "101", "min": "10", "max": "100", "unit": "percent"}),
        ("target_level", 9.5, {"parameter": "target", "value": "9.5", "min": "10", "max": "100", "unit": "percent"}),
        ("power", -1, {"parameter": "power", "value": "-1", "min": "0", "max": "5", "unit": "kw"}),
        ("power", float("inf"), {"parameter": "power", "value": "inf", "min": "0", "max": "5", "unit": "kw"}),
        ("power", float("nan"), {"parameter": "power", "value": "nan", "min": "0", "max": "5", "unit": "kw"}),
    ],
)
async def test_what_would_be_refused_is_not_sent(
    hass: HomeAssistant, field: str, value: float, expected: dict[str, str]
) -> None:
    battery = battery_of(hass)
    with pytest.raises(ServiceValidationError) as raised:
        await call(hass, "charge", device_id=battery.id, **{field: value})
    assert raised.value.translation_key == "parameter_out_of_range"
    assert raised.value.translation_placeholders is not None
    assert expected.items() <= raised.value.translation_placeholders.items()
    assert raised.value.translation_placeholders["device"] == battery.name
    assert expected["max"] in str(raised.value)
    assert state_of(hass, battery, "last_action") == "unknown"


async def test_a_windowed_only_battery_says_how_it_can_run(hass: HomeAssistant) -> None:
    batteries = devices(hass, having="level", without="range")
    windowed = next(
        device
        for device, reading in zip(batteries, await readings_of(hass, *batteries), strict=True)
        if reading["commands"]["charge"]["execution"] == ["windowed"]
    )
    with pytest.raises(ServiceValidationError) as raised:
        await call(hass, "charge", device_id=windowed.id, target_level=90)
    assert raised.value.translation_key == "execution_not_supported"
    assert raised.value.translation_placeholders is not None
    assert raised.value.translation_placeholders["supported"] == "windowed"
    assert "as immediate" in str(raised.value)


async def test_what_is_in_flight_is_waited_for(hass: HomeAssistant, pass_time: Advance) -> None:
    battery = battery_of(hass)
    charge = (await call(hass, "charge", device_id=battery.id, target_level=90))[battery.id]["action"]
    idle = (await patiently(call(hass, "idle", device_id=battery.id), pass_time))[battery.id]["action"]
    assert charge["state"] == "acknowledged"
    assert idle["created_at"] > charge["created_at"]
    assert state_of(hass, battery, "status") == "idle"


async def test_any_declared_command_can_be_sent(hass: HomeAssistant, advance: Advance) -> None:
    battery = battery_of(hass)
    answers = await call(
        hass, "send_command", device_id=battery.id, command="discharge", parameters={"target": 20, "power": 2.5}
    )
    assert answers[battery.id]["ok"] is True
    assert float(state_of(hass, battery, "power")) == -2.5
    await advance(timedelta(seconds=31))
    answers = await call(hass, "send_command", device_id=battery.id, command="auto.reserve")
    assert answers[battery.id]["action"]["command"] == "auto_reserve"
    assert answers[battery.id]["action"]["parameters"] is None


@pytest.mark.parametrize(
    ("action", "data", "mode"),
    [
        ("discharge", {"target_level": 20, "power": 2}, "discharge"),
        ("idle", {}, "idle"),
        ("set_mode", {"mode": "auto_export"}, "auto_export"),
    ],
)
async def test_each_action_sets_its_mode(hass: HomeAssistant, action: str, data: dict[str, Any], mode: str) -> None:
    battery = battery_of(hass)
    answers = await call(hass, action, device_id=battery.id, **data)
    assert answers[battery.id]["action"]["command"] == mode


async def test_a_device_of_others_is_refused(hass: HomeAssistant) -> None:
    with pytest.raises(ServiceValidationError) as raised:
        await call(hass, "idle", device_id="no_such_device")
    assert raised.value.translation_key == "device_not_found"


async def test_wrong_fields_never_reach_the_device(hass: HomeAssistant) -> None:
    battery = battery_of(hass)
    for data in ({"target_level": "high"}, {"colour": "blue"}, {"on_conflict": "fight"}):
        with pytest.raises(vol.Invalid):
            await call(hass, "charge", device_id=battery.id, **data)
    with pytest.raises(vol.Invalid):
        await call(hass, "charge", target_level=90)
    assert state_of(hass, battery, "last_action") == "unknown"


async def test_a_user_who_may_not_control_the_device_is_turned_away(hass: HomeAssistant) -> None:
    battery = battery_of(hass)
    user = MockUser().add_to_hass(hass)
    user.mock_policy({CAT_ENTITIES: {"entity_ids": {str(entity_id(hass, battery, "level")): {"read": True}}}})
    with pytest.raises(Unauthorized):
        await hass.services.async_call(
            DOMAIN,
            "idle",
            {"device_id": battery.id},
            blocking=True,
            context=Context(user_id=user.id),
        )
    assert state_of(hass, battery, "last_action") == "unknown"


async def test_an_account_that_is_not_loaded_says_so(
    hass: HomeAssistant, simulated_home: ConfigEntry, poll: Callable[[], Awaitable[None]]
) -> None:
    battery = battery_of(hass)
    await hass.config_entries.async_unload(simulated_home.entry_id)
    with pytest.raises(ServiceValidationError) as raised:
        await call(hass, "idle", device_id=battery.id)
    assert raised.value.translation_key == "account_not_loaded"


async def test_what_amps_refuses_keeps_its_code(hass: HomeAssistant, pass_time: Advance) -> None:
    battery = battery_of(hass)
    inverter = devices(hass, having="producing", domain="binary_sensor")[0]
    others = [device for device in devices(hass, having="level", without="range") if device.id != battery.id]
    other = next(
        device
        for device, reading in zip(others, await readings_of(hass, *others), strict=True)
        if "idle" in reading["commands"]
    )
    end = dt_util.utcnow() + timedelta(hours=1)
    await call(hass, "charge", device_id=battery.id, end=end)
    await pass_time(timedelta(minutes=3))
    answers = await call(hass, "idle", device_id=[battery.id, inverter.id, other.id])
    assert answers[battery.id]["error"]["code"] == "CONFLICT"
    assert answers[inverter.id]["error"]["code"] == "no_commands"
    assert answers[other.id]["ok"] is True


async def test_a_refusal_calls_the_device_what_its_user_does(hass: HomeAssistant) -> None:
    battery = battery_of(hass)
    dr.async_get(hass).async_update_device(battery.id, name_by_user="Garage battery")
    with pytest.raises(ServiceValidationError, match="Garage battery takes power from 0 to 5 kw, not 9"):
        await call(hass, "charge", device_id=battery.id, power=9)


async def test_all_means_all_that_can(hass: HomeAssistant) -> None:
    answers = await call(hass, "idle", entity_id="all")
    everything = devices(hass, having="reachable", domain="binary_sensor")
    able = {
        device.id
        for device, reading in zip(everything, await readings_of(hass, *everything), strict=True)
        if "idle" in reading["commands"]
    }
    assert {id_ for id_, answer in answers.items() if answer["ok"]} == able


async def test_a_disabled_device_is_left_alone(hass: HomeAssistant) -> None:
    battery = battery_of(hass)
    area = ar.async_get(hass).async_create("Cellar")
    dr.async_get(hass).async_update_device(battery.id, area_id=area.id, disabled_by=dr.DeviceEntryDisabler.USER)
    with pytest.raises(ServiceValidationError) as named:
        await call(hass, "idle", device_id=battery.id)
    assert named.value.translation_key == "device_disabled"
    with pytest.raises(ServiceValidationError) as reached:
        await call(hass, "idle", area_id=area.id)
    assert reached.value.translation_key == "no_target"


async def test_a_device_in_an_area_whose_account_is_not_loaded_is_not_passed_over(
    hass: HomeAssistant, simulated_home: ConfigEntry
) -> None:
    battery = battery_of(hass)
    area = ar.async_get(hass).async_create("Cellar")
    dr.async_get(hass).async_update_device(battery.id, area_id=area.id)
    await hass.config_entries.async_unload(simulated_home.entry_id)
    with pytest.raises(ServiceValidationError) as raised:
        await call(hass, "idle", area_id=area.id)
    assert raised.value.translation_key == "account_not_loaded"
