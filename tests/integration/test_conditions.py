"""Conditions in automations of the real engine (design §7)."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.condition import async_validate_condition_config
import pytest
import voluptuous as vol

from .automations import automate_conditions, condition
from .commanding import Home, amps_id
from .conftest import HOUR, MINUTE, QUARTER, Advance, devices, put_in_one_area
from .restart import start, stop

LIVE = pytest.mark.parametrize("environment", ["live"])
BOTH = pytest.mark.parametrize("environment", ["sandbox", "live"])
NAMES = ("is_authoritative", "is_following_command")


def following(*known: dr.DeviceEntry, **options: object) -> dict[str, Any]:
    """Return the condition that devices follow their commands."""
    return condition("is_following_command", {"device_id": [each.id for each in known]}, **options)


def authoritative(*known: dr.DeviceEntry, **options: object) -> dict[str, Any]:
    """Return the condition that the readings of devices are authoritative."""
    return condition("is_authoritative", {"device_id": [each.id for each in known]}, **options)


@BOTH
async def test_a_device_follows_a_command_until_its_window_ends(
    hass: HomeAssistant, home: Home, pass_time: Advance
) -> None:
    conditions = await automate_conditions(
        hass,
        {
            "following": following(home.battery),
            "charging": following(home.battery, command="charge"),
            "idling": following(home.battery, command=["idle", "auto_balanced"]),
        },
    )
    assert await conditions.met() == set()
    await home.call("idle", home.battery)
    await pass_time(5 * MINUTE)
    assert await conditions.met() == {"following", "idling"}
    # It is idle until the window opens, as if there was none.
    await home.call("charge", home.battery, target_level=90, start="14:00", end="15:00")
    await pass_time(40 * MINUTE)
    assert await conditions.met() == {"following", "idling"}
    await pass_time(20 * MINUTE)
    assert await conditions.met() == {"following", "charging"}
    await pass_time(HOUR)
    assert await conditions.met() == set()


@LIVE
async def test_a_device_that_somebody_else_steers_does_not_follow_its_command(
    hass: HomeAssistant, home: Home, pass_time: Advance
) -> None:
    conditions = await automate_conditions(hass, {"following": following(home.battery)})
    await home.call("charge", home.battery)
    await pass_time(QUARTER)
    assert await conditions.met() == {"following"}
    home.service.control("POST", f"devices/{amps_id(home.battery)}/override", {"command": "discharge"})
    await pass_time(3 * QUARTER)
    assert await conditions.met() == set()
    home.service.control("POST", f"devices/{amps_id(home.battery)}/override", {"command": "charge"})
    await pass_time(2 * QUARTER)
    assert await conditions.met() == {"following"}


@LIVE
async def test_nothing_is_said_of_a_device_that_cannot_be_read(
    hass: HomeAssistant, home: Home, pass_time: Advance
) -> None:
    await home.call("charge", home.battery)
    await pass_time(QUARTER)
    conditions = await automate_conditions(
        hass,
        {
            "following": following(home.battery),
            "authoritative": authoritative(home.battery),
            "any": authoritative(home.battery, home.thermostat),
            "all": authoritative(home.battery, home.thermostat, behavior="all"),
        },
    )
    everything = {"following", "authoritative", "any", "all"}
    assert await conditions.met() == everything
    home.service.control("POST", "faults", {"kind": "fallback", "match": {"deviceId": amps_id(home.battery)}})
    await pass_time(3 * QUARTER)
    assert await conditions.met() == {"any"}
    home.service.control("DELETE", "faults")
    await pass_time(HOUR)
    assert await conditions.met() == everything


async def test_conditions_outlive_a_reload_and_are_not_met_while_the_account_is_not_loaded(
    hass: HomeAssistant, home: Home, pass_time: Advance
) -> None:
    await home.call("charge", home.battery)
    await pass_time(5 * MINUTE)
    await stop(hass, home)
    conditions = await automate_conditions(
        hass, {"following": following(home.battery), "authoritative": authoritative(home.battery)}
    )
    assert await conditions.met() == set()
    await start(hass, home)
    assert await conditions.met() == {"following", "authoritative"}
    await stop(hass, home)
    assert await conditions.met() == set()


async def test_in_an_area_only_devices_count_that_a_condition_is_about(
    hass: HomeAssistant, home: Home, pass_time: Advance
) -> None:
    vehicle = devices(hass, having="range")[0]
    in_garage = put_in_one_area(hass, home.battery, vehicle)
    conditions = await automate_conditions(
        hass,
        {
            "all follow": condition("is_following_command", in_garage, behavior="all"),
            "all authoritative": condition("is_authoritative", in_garage, behavior="all"),
            "vehicle follows": following(vehicle, behavior="all"),
            "nobody": condition("is_authoritative", {"device_id": "nobody"}, behavior="all"),
        },
    )
    assert await conditions.met() == {"all authoritative"}
    await home.call("charge", home.battery)
    await pass_time(5 * MINUTE)
    assert await conditions.met() == {"all follow", "all authoritative"}
    dr.async_get(hass).async_update_device(home.battery.id, disabled_by=dr.DeviceEntryDisabler.USER)
    assert await conditions.met() == {"all authoritative"}


@LIVE
async def test_only_devices_count_that_take_the_command(hass: HomeAssistant, home: Home, pass_time: Advance) -> None:
    there = {"battery": home.battery, "charger": home.charger, "inverter": home.first("solar_inverter")}
    options: dict[str, dict[str, Any]] = {
        "all": {},
        "charge": {"command": "charge"},
        "others": {"command": ["auto.balanced", "heat"], "parameter": []},
        "target": {"command": "charge", "parameter": "target"},
    }
    in_garage = put_in_one_area(hass, *there.values())
    conditions = await automate_conditions(
        hass, {name: condition("is_authoritative", in_garage, behavior="all", **each) for name, each in options.items()}
    )
    assert await conditions.met() == set(options)
    still_met = {"battery": set[str](), "charger": {"others", "target"}, "inverter": {"charge", "others", "target"}}
    for name, device in there.items():
        home.service.control("POST", "faults", {"kind": "fallback", "match": {"deviceId": amps_id(device)}})
        await pass_time(2 * QUARTER)
        assert await conditions.met() == still_met[name], name
        home.service.control("DELETE", "faults")
        await pass_time(2 * QUARTER)
    assert await conditions.met() == set(options)


@LIVE
async def test_what_is_in_no_list_any_more_counts_by_what_it_took(
    hass: HomeAssistant, home: Home, pass_time: Advance
) -> None:
    vehicle = devices(hass, having="range")[0]
    in_garage = put_in_one_area(hass, home.battery, vehicle)
    conditions = await automate_conditions(
        hass,
        {
            "follow": condition("is_following_command", in_garage, behavior="all"),
            "authoritative": condition("is_authoritative", in_garage, behavior="all", command="charge"),
        },
    )
    await home.call("charge", home.battery)
    await pass_time(QUARTER)
    assert await conditions.met() == {"follow", "authoritative"}
    unlist(home, vehicle)
    await pass_time(3 * QUARTER)
    assert await conditions.met() == {"follow", "authoritative"}
    unlist(home, home.battery)
    await pass_time(3 * QUARTER)
    assert await conditions.met() == set()


def unlist(home: Home, device: dr.DeviceEntry) -> None:
    """Let a device be in no list any more, while it cannot be read either."""
    away = amps_id(device)

    def rewrite(_request: object, body: dict[str, Any]) -> None:
        if isinstance(data := body.get("data"), dict) and "items" in data:
            data["items"] = [item for item in data["items"] if item["id"] != away]

    home.between.rewrite = rewrite


@pytest.mark.parametrize("name", NAMES)
async def test_a_condition_needs_a_target_and_one_of_two_behaviours(hass: HomeAssistant, name: str) -> None:
    one = {"device_id": "one"}
    for wrong in ({}, {"target": one, "options": {"behavior": "most"}}, {"target": one, "options": {"colour": "red"}}):
        with pytest.raises(vol.Invalid):
            await async_validate_condition_config(hass, {"condition": f"amps.{name}", **wrong})
