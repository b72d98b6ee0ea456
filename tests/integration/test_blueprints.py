"""The blueprints of automations: each does with a simulated home what it says."""

from pathlib import Path
from typing import Any

from homeassistant.components.automation.helpers import async_get_blueprints
from homeassistant.components.blueprint.models import Blueprint
from homeassistant.core import HomeAssistant, ServiceCall, callback
from homeassistant.helpers import area_registry as ar, device_registry as dr
from homeassistant.setup import async_setup_component
import pytest

from .commanding import Home, amps_id
from .conftest import HOUR, MINUTE, QUARTER, Advance

BLUEPRINTS = Path(__file__).parents[2] / "blueprints"
FOLDER = BLUEPRINTS / "automation" / "amps"


@pytest.fixture
def messages(hass: HomeAssistant) -> list[str]:
    """Return the notifications from now on that blueprints send unless they are asked to do something else."""
    messages: list[str] = []

    @callback
    def note(call: ServiceCall) -> None:
        messages.append(call.data["message"])

    hass.services.async_register("notify", "persistent_notification", note)
    return messages


async def use(hass: HomeAssistant, folder: Path, name: str, **inputs: object) -> None:
    """Set up an automation from a blueprint that was put into the configuration."""
    (folder / "blueprints").symlink_to(BLUEPRINTS)
    hass.config.config_dir = str(folder)
    blueprint = {"path": f"amps/{name}.yaml", "input": inputs}
    assert await async_setup_component(hass, "automation", {"automation": {"use_blueprint": blueprint}})
    (state,) = hass.states.async_all("automation")
    assert state.state == "on"


async def disuse(hass: HomeAssistant) -> None:
    """Turn the automation off, which ends what it waits for."""
    await hass.services.async_call("automation", "turn_off", {"entity_id": "all"}, blocking=True)


@pytest.mark.parametrize("path", sorted(FOLDER.iterdir()), ids=lambda path: path.stem)
async def test_home_assistant_takes_each(hass: HomeAssistant, tmp_path: Path, path: Path) -> None:
    (tmp_path / "blueprints").symlink_to(BLUEPRINTS)
    hass.config.config_dir = str(tmp_path)
    assert await async_setup_component(hass, "automation", {})
    found: dict[str, Any] = await async_get_blueprints(hass).async_get_blueprints()
    blueprint = found[f"amps/{path.name}"]
    assert isinstance(blueprint, Blueprint), blueprint
    assert blueprint.validate() is None
    assert blueprint.metadata["description"]


@pytest.mark.parametrize("environment", ["live"])
@pytest.mark.parametrize("asleep", ["inverter", "charger", "battery"])
async def test_what_sleeps_beside_a_battery_does_not_keep_it_from_charging(
    hass: HomeAssistant, home: Home, tmp_path: Path, pass_time: Advance, asleep: str
) -> None:
    garage = ar.async_get(hass).async_create("Garage")
    there = {
        "battery": home.battery,
        "charger": home.charger,
        "inverter": home.first("solar_inverter"),
    }
    for device in there.values():
        dr.async_get(hass).async_update_device(device.id, area_id=garage.id)
    await use(hass, tmp_path, "charge_at_night", batteries={"area_id": garage.id}, start="14:00:00", end="15:00:00")
    home.service.control("POST", "faults", {"kind": "fallback", "match": {"deviceId": amps_id(there[asleep])}})
    await pass_time(HOUR + 5 * MINUTE)
    charged = [] if asleep == "battery" else ["charge"]
    assert [body["action"]["command"] for body in home.pushed][:1] == charged, "its then may follow"
    assert {request.path.split("/")[1] for request in home.between.requests if request.method == "POST"} <= {"battery"}
    await disuse(hass)


@pytest.mark.parametrize("environment", ["live"])
async def test_a_command_that_failed_is_told(
    hass: HomeAssistant, home: Home, tmp_path: Path, messages: list[str], pass_time: Advance
) -> None:
    dr.async_get(hass).async_update_device(home.battery.id, name_by_user="![My](http://battery)")
    await use(hass, tmp_path, "command_failed", devices={"device_id": home.battery.id})
    home.service.control("POST", "faults", {"kind": "failed_action", "errorCode": "SCHEDULER_ACTIVE", "count": 1})
    await home.call("charge", home.battery)
    await pass_time(2 * MINUTE)
    assert messages == [r"\!\[My\]\(http://battery\): Charging failed (SCHEDULER_ACTIVE)"], "as text, not as Markdown"


async def test_readings_that_stay_stale_are_told(
    hass: HomeAssistant, home: Home, tmp_path: Path, messages: list[str], pass_time: Advance
) -> None:
    await use(hass, tmp_path, "readings_stale", devices={"device_id": home.battery.id}, patience={"minutes": 20})
    fault = {"kind": "fallback", "match": {"deviceId": amps_id(home.battery)}}
    home.service.control("POST", "faults", fault)
    await pass_time(QUARTER)
    home.service.control("DELETE", "faults")
    await pass_time(QUARTER)
    assert not messages
    home.service.control("POST", "faults", fault)
    await pass_time(2 * QUARTER)
    assert messages == [f"{home.battery.name}: its readings became stale (fallback)"]


async def test_batteries_charge_in_the_cheap_hours(
    hass: HomeAssistant, home: Home, tmp_path: Path, pass_time: Advance
) -> None:
    times = {"start": "13:10:00", "end": "13:40:00"}
    await home.call("set_mode", home.battery, mode="auto_balanced")
    await pass_time(5 * MINUTE)
    await use(hass, tmp_path, "charge_at_night", batteries={"device_id": home.battery.id}, target_level=95, **times)
    await pass_time(QUARTER)
    assert home.state(home.battery)["currentMode"] == "charge"
    await pass_time(2 * QUARTER)
    assert home.state(home.battery)["currentMode"] == "auto.balanced"
    await disuse(hass)
