"""Numbers: settings of devices, written once and read afterwards; and the defaults of buttons (design §5, api §7)."""

from datetime import timedelta
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import device_registry as dr, entity_registry as er
import pytest

from custom_components.amps.control.settings import async_write_settings
from custom_components.amps.control.targets import Target

from .accounts import add_account
from .conftest import QUARTER, SECOND, Advance, battery_of, entity_id
from .controls import History, bodies, by_model, control_of, shown, use
from .interception import Interception, error
from .live import amps_id, live
from .service import Service

__all__ = ["live"]


@pytest.fixture
async def account(hass: HomeAssistant, service: Service, advance: Advance) -> ConfigEntry:
    """Return an account of the sandbox whose settings were read."""
    entry = await add_account(hass, service.url)
    await advance(SECOND)
    return entry


@pytest.fixture
def battery(hass: HomeAssistant, account: ConfigEntry) -> dr.DeviceEntry:
    """Return the battery that has every setting."""
    return battery_of(hass)


def limits(hass: HomeAssistant, device: dr.DeviceEntry, key: str) -> tuple[str, Any, Any, Any, Any]:
    """Return what a number shows and allows."""
    state = shown(hass, device, "number", key)
    given = state.attributes
    return state.state, given["min"], given["max"], given["step"], given["unit_of_measurement"]


async def enable(hass: HomeAssistant, account: ConfigEntry, device: dr.DeviceEntry, *keys: str) -> None:
    """Enable entities as a person does, which loads the account anew."""
    for key in keys:
        er.async_get(hass).async_update_entity(control_of(hass, device, "number", key), disabled_by=None)
    await hass.config_entries.async_reload(account.entry_id)


async def test_a_setting_is_written_in_its_unit_and_read_at_once(
    hass: HomeAssistant, battery: dr.DeviceEntry, sent: Interception
) -> None:
    history = History.record(hass, control_of(hass, battery, "number", "discharge_floor"))
    assert limits(hass, battery, "discharge_floor") == ("10.0", 0, 100, 1, "%")
    await use(hass, battery, "number.discharge_floor", "set_value", value=25)
    path = f"/battery/{amps_id(battery)}/settings"
    assert bodies(sent) == [(path, {"discharge_floor": {"value": 25, "unit": "percent"}})]
    assert history.values == ["25.0"]
    assert sent.count(f"/battery/{amps_id(battery)}") == 2


async def test_each_unit_has_its_step_and_usual_bounds(
    hass: HomeAssistant, account: ConfigEntry, advance: Advance
) -> None:
    battery, plain = battery_of(hass), by_model(hass, "Giv-Bat 9.5")
    await enable(hass, account, battery, "export_limit", "max_charge_rate")
    await enable(hass, account, plain, "export_limit")
    await advance(SECOND)
    assert limits(hass, battery, "export_limit") == ("5000.0", 0, 10_000, 100, "W")
    assert limits(hass, battery, "max_charge_rate") == ("100.0", 0, 1000, 1, "A")
    assert limits(hass, plain, "export_limit") == ("3600.0", 0, 20_000, 100, "W")
    assert limits(hass, by_model(hass, "Home Flex"), "max_charge_rate") == ("11.0", 0, 50, 0.1, "kW")


@pytest.mark.parametrize("value", [-1, 101])
async def test_a_value_out_of_bounds_is_refused_before_anything_is_sent(
    hass: HomeAssistant, battery: dr.DeviceEntry, sent: Interception, value: float
) -> None:
    with pytest.raises(ServiceValidationError):
        await use(hass, battery, "number.discharge_floor", "set_value", value=value)
    assert bodies(sent) == []


@pytest.mark.parametrize(
    ("values", "key"),
    [
        ({"discharge_floor": 101.0}, "setting_out_of_range"),
        ({"discharge_floor": float("nan")}, "setting_out_of_range"),
        ({"discharge_floor": 20.0, "charge_ceiling": float("inf")}, "setting_out_of_range"),
        ({"scheduler_enabled": 1.0}, "setting_read_only"),
        ({"discharge_roof": 20.0}, "setting_not_supported"),
    ],
)
async def test_what_the_device_would_refuse_is_not_sent(
    hass: HomeAssistant, account: ConfigEntry, sent: Interception, values: dict[str, float], key: str
) -> None:
    target = target_of(account, battery_of(hass))
    with pytest.raises(ServiceValidationError) as raised:
        await async_write_settings(target, values)
    assert raised.value.translation_key == key
    assert "FoxESS H1-5.0-E" in str(raised.value)
    assert bodies(sent) == []


async def test_a_device_without_settings_says_so(hass: HomeAssistant, account: ConfigEntry, sent: Interception) -> None:
    with pytest.raises(ServiceValidationError) as raised:
        await async_write_settings(target_of(account, by_model(hass, "Learning Thermostat")), {"max_charge_rate": 7})
    assert raised.value.translation_key == "no_settings"
    assert bodies(sent) == []


def target_of(account: ConfigEntry, device: dr.DeviceEntry) -> Target:
    """Return a device as actions address it."""
    coordinator = account.runtime_data.coordinator
    return Target(coordinator=coordinator, device_id=amps_id(device), name=str(device.name), named=True)


async def test_several_settings_are_one_request(
    hass: HomeAssistant, account: ConfigEntry, battery: dr.DeviceEntry, sent: Interception
) -> None:
    record = await async_write_settings(target_of(account, battery), {"discharge_floor": 20, "charge_ceiling": 90})
    assert [body for _, body in bodies(sent)] == [
        {"discharge_floor": {"value": 20, "unit": "percent"}, "charge_ceiling": {"value": 90, "unit": "percent"}}
    ]
    assert record.settings is not None
    assert (record.settings["discharge_floor"].value, record.settings["charge_ceiling"].value) == (20, 90)


async def test_what_amps_leaves_out_is_named(
    hass: HomeAssistant, account: ConfigEntry, battery: dr.DeviceEntry, sent: Interception
) -> None:
    def leave_out(request: object, body: dict[str, Any]) -> None:
        if "updated" in body["data"]:
            body["data"]["updated"].remove("charge_ceiling")

    sent.rewrite = leave_out
    with pytest.raises(HomeAssistantError) as raised:
        await async_write_settings(target_of(account, battery), {"discharge_floor": 20, "charge_ceiling": 90})
    assert raised.value.translation_key == "settings_left_out"
    assert "charge_ceiling" in str(raised.value)
    assert "discharge_floor" not in str(raised.value)
    assert shown(hass, battery, "number", "discharge_floor").state == "20.0"


@pytest.mark.parametrize(
    ("code", "status", "key"),
    [
        ("SETTING_OUT_OF_RANGE", 422, "settings_refused"),
        ("RATE_LIMIT_EXCEEDED", 429, "settings_rate_limited"),
        ("INVALID_CREDENTIALS", 401, "relink_device"),
    ],
)
async def test_each_refusal_says_why(
    hass: HomeAssistant, battery: dr.DeviceEntry, sent: Interception, code: str, status: int, key: str
) -> None:
    sent.answer = lambda request: error(code, status) if request.method == "POST" else None
    with pytest.raises(HomeAssistantError) as raised:
        await use(hass, battery, "number.discharge_floor", "set_value", value=25)
    assert raised.value.translation_key == key
    assert raised.value.translation_placeholders is not None
    assert raised.value.translation_placeholders["code"] == code
    assert shown(hass, battery, "number", "discharge_floor").state == "10.0"
    assert len(bodies(sent)) == 1


async def test_a_setting_that_is_gone_leaves(
    hass: HomeAssistant, battery: dr.DeviceEntry, sent: Interception, advance: Advance
) -> None:
    def without_floor(_request: object, body: dict[str, Any]) -> None:
        for item in body["data"].get("items", [body["data"]]):
            item.get("settings", {}).pop("discharge_floor", None)

    sent.rewrite = without_floor
    await advance(timedelta(hours=1, seconds=1))
    assert shown(hass, battery, "number", "discharge_floor").state == "unavailable"
    assert shown(hass, battery, "number", "charge_ceiling").state == "100.0"
    await advance(timedelta(seconds=31))
    await advance(timedelta(hours=1, seconds=1))
    assert entity_id(hass, battery, "discharge_floor", "number") is None

    sent.rewrite = lambda _request, _body: None
    await advance(timedelta(hours=1, seconds=1))
    assert shown(hass, battery, "number", "discharge_floor").state == "10.0"


# Defaults.


async def test_defaults_begin_as_far_as_the_device_goes(hass: HomeAssistant, account: ConfigEntry) -> None:
    battery = battery_of(hass)
    await enable(hass, account, battery, "charge_power_limit", "discharge_power_limit")
    assert limits(hass, battery, "charge_target") == ("100.0", 10, 100, 1, "%")
    assert limits(hass, battery, "discharge_target") == ("10.0", 10, 100, 1, "%")
    assert limits(hass, battery, "charge_power_limit") == ("5.0", 0, 5, 0.1, "kW")
    assert limits(hass, battery, "discharge_power_limit") == ("5.0", 0, 5, 0.1, "kW")
    windowed = by_model(hass, "EP11")
    assert limits(hass, windowed, "window_duration") == ("60.0", 5, 1440, 5, "min")
    assert entity_id(hass, battery, "window_duration", "number") is None
    assert entity_id(hass, by_model(hass, "Giv-Bat 9.5"), "charge_power_limit", "number") is None


async def test_a_default_costs_no_request_and_outlives_a_reload(
    hass: HomeAssistant, account: ConfigEntry, battery: dr.DeviceEntry, sent: Interception
) -> None:
    await use(hass, battery, "number.charge_target", "set_value", value=80)
    assert shown(hass, battery, "number", "charge_target").state == "80.0"
    assert sent.requests == []
    await hass.config_entries.async_reload(account.entry_id)
    assert shown(hass, battery, "number", "charge_target").state == "80.0"


async def test_a_default_follows_the_bounds(
    hass: HomeAssistant, battery: dr.DeviceEntry, sent: Interception, advance: Advance
) -> None:
    def lower(_request: object, body: dict[str, Any]) -> None:
        for item in body["data"].get("items", [body["data"]]):
            for command in item.get("commands", {}).values():
                command["parameters"].get("target", {})["max"] = 85

    await use(hass, battery, "number.charge_target", "set_value", value=95)
    sent.rewrite = lower
    await advance(timedelta(seconds=31))
    assert limits(hass, battery, "charge_target")[:3] == ("85.0", 10, 85)


async def test_defaults_stay_while_the_device_is_not_reached(
    hass: HomeAssistant, service: Service, live: ConfigEntry, pass_time: Advance
) -> None:
    battery = battery_of(hass)
    service.control("POST", "faults", {"kind": "fallback", "match": {"deviceId": amps_id(battery)}})
    await pass_time(QUARTER)
    assert shown(hass, battery, "number", "discharge_floor").state == "unavailable"
    await use(hass, battery, "number.charge_target", "set_value", value=70)
    assert shown(hass, battery, "number", "charge_target").state == "70.0"


async def test_what_was_stored_in_another_unit_is_not_taken(
    hass: HomeAssistant, account: ConfigEntry, battery: dr.DeviceEntry, sent: Interception
) -> None:
    def in_watts(_request: object, body: dict[str, Any]) -> None:
        for item in body["data"].get("items", [body["data"]]):
            if "power" in item.get("commands", {}).get("charge", {}).get("parameters", {}):
                item["commands"]["charge"]["parameters"]["power"] = {"unit": "watts", "min": 0, "max": 5000}

    await enable(hass, account, battery, "charge_power_limit")
    await use(hass, battery, "number.charge_power_limit", "set_value", value=2.5)
    sent.rewrite = in_watts
    await hass.config_entries.async_reload(account.entry_id)
    assert limits(hass, battery, "charge_power_limit") == ("5000.0", 0, 5000, 100, "W")
