"""Triggers of what comes to be and may last: overrides and stale readings (design §7)."""

from homeassistant.core import HomeAssistant
import pytest

from .automations import automate, target, trigger
from .commanding import Home, amps_id
from .conftest import HOUR, MINUTE, QUARTER, Advance, entity_id, state_of

LIVE = pytest.mark.parametrize("environment", ["live"])


@LIVE
async def test_a_command_that_is_overridden_is_told_once(hass: HomeAssistant, home: Home, pass_time: Advance) -> None:
    runs = await automate(
        hass,
        trigger("overridden", target(home.battery), command="charge"),
        trigger("overridden", target(home.thermostat)),
    )
    await home.call("charge", home.battery, power=2)
    await pass_time(3 * QUARTER)
    assert runs.runs == []
    home.service.control("POST", f"devices/{amps_id(home.battery)}/override", {"command": "discharge"})
    await pass_time(3 * QUARTER)
    (run,) = runs.runs
    assert run.trigger["entity_id"] == entity_id(hass, home.battery, "overridden", "binary_sensor")
    assert run.trigger["command"] == "charge"
    assert run.trigger["description"] == f"{home.battery.name}: Charging at 2 kW was overridden"
    # It goes on, and is found again after a reload, and after a time in which nobody could say.
    assert await hass.config_entries.async_reload(home.account.entry_id)
    await pass_time(3 * QUARTER)
    fail(home, kind="fallback")
    await pass_time(2 * QUARTER)
    assert state_of(hass, home.battery, "overridden", "binary_sensor") == "unavailable"
    home.service.control("DELETE", "faults")
    await pass_time(3 * QUARTER)
    assert state_of(hass, home.battery, "overridden", "binary_sensor") == "on"
    assert len(runs.runs) == 1


def fail(home: Home, **fault: object) -> None:
    """Let something go wrong with the battery."""
    home.service.control("POST", "faults", {"match": {"deviceId": amps_id(home.battery)}, **fault})


@LIVE
@pytest.mark.parametrize(
    ("fault", "reason"),
    [({"kind": "fallback"}, "fallback"), ({"kind": "offline", "code": "DEVICE_OFFLINE"}, "DEVICE_OFFLINE")],
)
async def test_readings_that_cease_to_be_authoritative_are_told(
    hass: HomeAssistant, home: Home, pass_time: Advance, fault: dict[str, object], reason: str
) -> None:
    runs = await automate(hass, trigger("data_stale", target(home.battery)))
    await pass_time(QUARTER)
    fail(home, **fault)
    await pass_time(3 * QUARTER)
    (run,) = runs.runs
    assert run.trigger["entity_id"] == entity_id(hass, home.battery, "reachable", "binary_sensor")
    assert (run.trigger["reason"], run.trigger["command"]) == (reason, None)
    assert run.trigger["description"] == f"{home.battery.name}: its readings became stale"
    # The first data after a start says nothing of when that came to be.
    assert await hass.config_entries.async_reload(home.account.entry_id)
    await pass_time(QUARTER)
    assert len(runs.runs) == 1
    home.service.control("DELETE", "faults")
    await pass_time(HOUR)
    fail(home, **fault)
    await pass_time(3 * QUARTER)
    assert len(runs.runs) == 2


async def test_readings_that_become_too_old_are_told(hass: HomeAssistant, home: Home, pass_time: Advance) -> None:
    runs = await automate(hass, trigger("data_stale", target(home.battery)))
    home.service.control("POST", "faults", {"kind": "error", "code": "SERVICE_UNAVAILABLE"})
    await pass_time(3 * MINUTE)
    assert [run.trigger["reason"] for run in runs.runs] == ["too_old"]


@LIVE
async def test_what_has_to_last_triggers_when_it_has(hass: HomeAssistant, home: Home, pass_time: Advance) -> None:
    runs = await automate(
        hass,
        *(
            trigger(name, target(home.battery), **{"for": {"minutes": minutes}}) | {"id": f"{name} {minutes}"}
            for name in ("data_stale", "overridden")
            for minutes in (20, 300)
        ),
    )
    fail(home, kind="fallback")
    await pass_time(QUARTER + MINUTE)
    assert state_of(hass, home.battery, "reachable", "binary_sensor") == "off"
    home.service.control("DELETE", "faults")
    await pass_time(2 * QUARTER)
    assert runs.ids() == []
    fail(home, kind="fallback")
    await pass_time(3 * QUARTER)
    home.service.control("DELETE", "faults")
    await pass_time(HOUR)
    assert runs.ids() == ["data_stale 20"]
    runs.clear()
    await home.call("charge", home.battery)
    await pass_time(QUARTER)
    home.service.control("POST", f"devices/{amps_id(home.battery)}/override", {"command": "discharge"})
    await pass_time(4 * QUARTER)
    assert runs.ids() == ["overridden 20"]


@LIVE
async def test_a_wait_for_what_lasts_is_over_with_the_command(
    hass: HomeAssistant, home: Home, pass_time: Advance
) -> None:
    lasting = {"for": {"minutes": 30}}
    runs = await automate(hass, trigger("overridden", target(home.battery), command="charge", **lasting))
    override = f"devices/{amps_id(home.battery)}/override"
    await home.call("charge", home.battery)
    await pass_time(QUARTER)
    home.service.control("POST", override, {"command": "discharge"})
    await pass_time(2 * QUARTER + 2 * MINUTE)
    assert state_of(hass, home.battery, "overridden", "binary_sensor") == "on"
    await home.call("idle", home.battery)
    home.service.control("POST", override, {"command": "discharge"})
    await pass_time(4 * QUARTER)
    assert state_of(hass, home.battery, "overridden", "binary_sensor") == "on"
    assert runs.ids() == []


@LIVE
async def test_a_wait_goes_on_while_the_account_is_loaded_anew(
    hass: HomeAssistant, home: Home, pass_time: Advance
) -> None:
    runs = await automate(hass, trigger("data_stale", target(home.battery), **{"for": {"minutes": 20}}))
    fail(home, kind="fallback")
    await pass_time(QUARTER + MINUTE)
    assert state_of(hass, home.battery, "reachable", "binary_sensor") == "off"
    await hass.config_entries.async_unload(home.account.entry_id)
    await pass_time(QUARTER)
    assert await hass.config_entries.async_setup(home.account.entry_id)
    await pass_time(QUARTER)
    assert len(runs.runs) == 1
