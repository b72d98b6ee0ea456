"""The thermostat in a home that shows °F: its bounds and steps are whole degrees there (design §5)."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.util.unit_system import US_CUSTOMARY_SYSTEM
import pytest

from .conftest import Advance
from .controls import bodies
from .interception import Interception
from .thermostats import HALF_MINUTE, climate, rewrite, setpoints, thermostat, use_thermostat

__all__ = ["thermostat"]


@pytest.fixture
async def fahrenheit(hass: HomeAssistant) -> None:
    """Have the home show °F."""
    hass.config.units = US_CUSTOMARY_SYSTEM


@pytest.mark.usefixtures("fahrenheit")
@pytest.mark.parametrize(
    ("mode", "steps", "shown_after", "on_the_wire"),
    [
        ({"hvac_mode": "heat", "temperature": 70}, {"temperature": [1]}, (71, None, None), {"target": 21.667}),
        ({"hvac_mode": "heat", "temperature": 70}, {"temperature": [1, 1, 1]}, (73, None, None), {"target": 22.778}),
        ({"hvac_mode": "cool", "temperature": 72}, {"temperature": [-1]}, (71, None, None), {"target": 21.667}),
        ({"hvac_mode": "heat", "temperature": 52}, {"temperature": [-1, -1, -1]}, (50, None, None), {"target": 10}),
        ({"hvac_mode": "cool", "temperature": 94}, {"temperature": [1, 1]}, (95, None, None), {"target": 35}),
        (
            {"hvac_mode": "heat_cool", "target_temp_low": 66, "target_temp_high": 76},
            {"target_temp_low": [-1], "target_temp_high": [1, 1]},
            (None, 65, 78),
            {"heatSetpoint": 18.333, "coolSetpoint": 25.556},
        ),
    ],
    ids=["up", "up_again", "down", "lowest", "highest", "range"],
)
async def test_steps_move_what_is_shown_in_fahrenheit(
    hass: HomeAssistant,
    thermostat: dr.DeviceEntry,
    sent: Interception,
    advance: Advance,
    mode: dict[str, Any],
    steps: dict[str, list[int]],
    shown_after: tuple[float | None, ...],
    on_the_wire: dict[str, float],
) -> None:
    await use_thermostat(hass, thermostat, "set_temperature", **mode)
    await advance(HALF_MINUTE)
    for name, directions in steps.items():
        for direction in directions:
            await press(hass, thermostat, name, direction)
            await advance(HALF_MINUTE)
    assert setpoints(hass, thermostat)[1:] == shown_after
    parameters = bodies(sent)[-1][1]["action"]["parameters"]
    assert {name: round(each["value"], 3) for name, each in parameters.items()} == on_the_wire
    assert {each["unit"] for each in parameters.values()} == {"celsius"}


async def press(hass: HomeAssistant, thermostat: dr.DeviceEntry, name: str, direction: int) -> None:
    """Press + or - as the frontend does: from what is shown, by the step, no further than the bounds that are shown."""
    state = climate(hass, thermostat).attributes
    step = state["target_temp_step"] * direction
    pressed = min(max(state[name] + step, state["min_temp"]), state["max_temp"])
    shown_names = ("temperature", "target_temp_low", "target_temp_high")
    data = {each: state[each] for each in shown_names if state[each] is not None} | {name: pressed}
    await use_thermostat(hass, thermostat, "set_temperature", **data)


@pytest.mark.usefixtures("fahrenheit")
@pytest.mark.parametrize(("low", "high"), [(10, 35), (12, 28.5), (10.2, 30.5), (15, 30)])
async def test_all_that_is_shown_in_fahrenheit_can_be_set(
    hass: HomeAssistant, thermostat: dr.DeviceEntry, sent: Interception, advance: Advance, low: float, high: float
) -> None:
    target = {"unit": "celsius", "min": low, "max": high}
    heat = {"parameters": {"target": target}, "execution": ["immediate"]}
    rewrite(sent, thermostat, commands={"heat": heat}, mode="heat")
    await advance(HALF_MINUTE)
    for bound in ("min_temp", "max_temp"):
        shown_bound = climate(hass, thermostat).attributes[bound]
        assert shown_bound == round(shown_bound)
        await use_thermostat(hass, thermostat, "set_temperature", temperature=shown_bound)
        (*_, (_, body)) = bodies(sent)
        assert low <= body["action"]["parameters"]["target"]["value"] <= high
        await advance(HALF_MINUTE)
    assert len(bodies(sent)) == 2
