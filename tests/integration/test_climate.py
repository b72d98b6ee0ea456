"""The thermostat: what it is to do, what it does, and what can be asked of it (design §5)."""

from datetime import timedelta
from typing import Any

from homeassistant.components.climate import ClimateEntityFeature as Feature
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import Context, HomeAssistant, State
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import device_registry as dr
from homeassistant.util.unit_system import US_CUSTOMARY_SYSTEM
import pytest

from .actions import ActionEvents
from .conftest import Advance, devices, entity_id
from .controls import bodies, shown, use
from .interception import Interception
from .live import amps_id

HALF_MINUTE = timedelta(seconds=31)


@pytest.fixture
def thermostat(hass: HomeAssistant, sandbox_account: ConfigEntry) -> dr.DeviceEntry:
    """Return a thermostat, which nobody has commanded yet."""
    return devices(hass, having="thermostat", domain="climate")[0]


def rewrite(sent: Interception, thermostat: dr.DeviceEntry, **parts: Any) -> None:  # noqa: ANN401  JSON
    """Have a thermostat report other parts of its state, and other `commands`, from now on."""

    def change(_request: object, body: dict[str, Any]) -> None:
        for item in body["data"].get("items", [body["data"]]):
            if item["id"] == amps_id(thermostat):
                item["state"] |= {name: value for name, value in parts.items() if name != "commands"}
                item["commands"] = parts.get("commands", item["commands"])

    sent.rewrite = change


def climate(hass: HomeAssistant, thermostat: dr.DeviceEntry) -> State:
    """Return what the thermostat shows."""
    return shown(hass, thermostat, "climate", "thermostat")


def setpoints(hass: HomeAssistant, thermostat: dr.DeviceEntry) -> tuple[str, Any, Any, Any]:
    """Return the mode, the one temperature that it has, and the two that it keeps between."""
    state = climate(hass, thermostat)
    names = ("temperature", "target_temp_low", "target_temp_high")
    return (state.state, *(state.attributes[name] for name in names))


def action(command: str, **parameters: float) -> dict[str, Any]:
    """Return the body of a command."""
    given = {name: {"value": value, "unit": "celsius"} for name, value in parameters.items()}
    return {"action": {"command": command} | ({"parameters": given} if given else {})}


async def use_thermostat(
    hass: HomeAssistant, thermostat: dr.DeviceEntry, service: str, context: Context | None = None, **data: object
) -> None:
    """Use the thermostat as a person does."""
    await use(hass, thermostat, "climate.thermostat", service, context, **data)


async def test_it_is_the_main_entity_of_its_device(hass: HomeAssistant, thermostat: dr.DeviceEntry) -> None:
    state = climate(hass, thermostat)
    assert state.attributes["friendly_name"] == thermostat.name
    assert state.attributes["hvac_modes"] == ["heat", "cool", "heat_cool", "off"]
    assert state.attributes["preset_modes"] == ["none", "schedule"]
    assert (state.state, state.attributes["preset_mode"]) == ("heat_cool", "schedule")
    assert (state.attributes["min_temp"], state.attributes["max_temp"]) == (10, 35)
    assert state.attributes["target_temp_step"] == 0.5
    assert state.attributes["supported_features"] == (
        Feature.TARGET_TEMPERATURE
        | Feature.TARGET_TEMPERATURE_RANGE
        | Feature.PRESET_MODE
        | Feature.TURN_ON
        | Feature.TURN_OFF
    )
    assert state.attributes["current_temperature"] is not None


async def test_a_temperature_is_one_command_shown_at_once(
    hass: HomeAssistant, thermostat: dr.DeviceEntry, sent: Interception
) -> None:
    events, context = ActionEvents.listen(hass), Context()
    await use_thermostat(hass, thermostat, "set_temperature", context, temperature=21.5, hvac_mode="heat")
    assert bodies(sent) == [(f"/hvac/{amps_id(thermostat)}", action("heat", target=21.5))]
    assert setpoints(hass, thermostat) == ("heat", 21.5, None, None)
    assert climate(hass, thermostat).attributes["preset_mode"] == "none"
    assert climate(hass, thermostat).context.id == context.id
    assert {event.context.id for event in events.events} == {context.id}


async def test_each_mode_has_its_own_setpoint(
    hass: HomeAssistant, thermostat: dr.DeviceEntry, sent: Interception, advance: Advance
) -> None:
    await use_thermostat(
        hass, thermostat, "set_temperature", hvac_mode="heat_cool", target_temp_low=19, target_temp_high=25
    )
    assert setpoints(hass, thermostat) == ("heat_cool", None, 19, 25)
    await advance(HALF_MINUTE)
    await use_thermostat(hass, thermostat, "set_hvac_mode", hvac_mode="cool")
    assert setpoints(hass, thermostat) == ("cool", 25, None, None)
    await advance(HALF_MINUTE)
    await use_thermostat(hass, thermostat, "set_hvac_mode", hvac_mode="heat")
    assert setpoints(hass, thermostat) == ("heat", 19, None, None)
    await advance(HALF_MINUTE)
    await use_thermostat(hass, thermostat, "set_temperature", temperature=20)
    await advance(HALF_MINUTE)
    await use_thermostat(hass, thermostat, "set_hvac_mode", hvac_mode="heat_cool")
    assert setpoints(hass, thermostat) == ("heat_cool", None, 20, 25)
    assert [body for _, body in bodies(sent)] == [
        action("auto", heatSetpoint=19, coolSetpoint=25),
        action("cool", target=25),
        action("heat", target=19),
        action("heat", target=20),
        action("auto", heatSetpoint=20, coolSetpoint=25),
    ]


async def test_it_returns_to_the_mode_before_it_was_off(
    hass: HomeAssistant, sandbox_account: ConfigEntry, thermostat: dr.DeviceEntry, sent: Interception, advance: Advance
) -> None:
    await use_thermostat(hass, thermostat, "set_temperature", temperature=24, hvac_mode="cool")
    await advance(HALF_MINUTE)
    await use_thermostat(hass, thermostat, "turn_off")
    assert setpoints(hass, thermostat) == ("off", 24, None, None)
    assert climate(hass, thermostat).attributes["hvac_action"] == "off"
    await advance(HALF_MINUTE)
    await hass.config_entries.async_reload(sandbox_account.entry_id)
    assert setpoints(hass, thermostat) == ("off", 24, None, None)
    await use_thermostat(hass, thermostat, "turn_on")
    assert setpoints(hass, thermostat) == ("cool", 24, None, None)
    assert [body for _, body in bodies(sent)] == [action("cool", target=24), action("idle"), action("cool", target=24)]


@pytest.mark.parametrize(
    ("data", "body"),
    [
        ({"temperature": 22}, action("cool", target=22)),
        ({"temperature": 22, "hvac_mode": "heat"}, action("heat", target=22)),
        ({"temperature": 22, "hvac_mode": "off"}, action("idle")),
    ],
)
async def test_a_temperature_set_while_off_turns_it_on(
    hass: HomeAssistant,
    thermostat: dr.DeviceEntry,
    sent: Interception,
    advance: Advance,
    data: dict[str, Any],
    body: dict[str, Any],
) -> None:
    await use_thermostat(hass, thermostat, "set_temperature", temperature=24, hvac_mode="cool")
    await advance(HALF_MINUTE)
    await use_thermostat(hass, thermostat, "turn_off")
    await advance(HALF_MINUTE)
    sent.requests.clear()
    await use_thermostat(hass, thermostat, "set_temperature", **data)
    assert [body for _, body in bodies(sent)] == [body]


async def test_the_schedule_is_a_preset_and_none_holds_what_is(
    hass: HomeAssistant, thermostat: dr.DeviceEntry, sent: Interception, advance: Advance
) -> None:
    before = setpoints(hass, thermostat)
    await use_thermostat(hass, thermostat, "set_preset_mode", preset_mode="none")
    assert setpoints(hass, thermostat) == before
    assert climate(hass, thermostat).attributes["preset_mode"] == "none"
    await advance(HALF_MINUTE)
    await use_thermostat(hass, thermostat, "set_preset_mode", preset_mode="none")  # which it is already
    await advance(HALF_MINUTE)
    await use_thermostat(hass, thermostat, "set_preset_mode", preset_mode="schedule")
    assert climate(hass, thermostat).attributes["preset_mode"] == "schedule"
    _, _, low, high = before
    assert [body for _, body in bodies(sent)] == [
        action("auto", heatSetpoint=low, coolSetpoint=high),
        action("follow_schedule"),
    ]


@pytest.mark.parametrize(
    ("data", "key"),
    [
        ({"hvac_mode": "heat_cool", "temperature": 21}, "range_needed"),
        ({"hvac_mode": "heat", "target_temp_low": 20, "target_temp_high": 22}, "temperature_needed"),
        ({"hvac_mode": "heat", "temperature": 36}, "temp_out_of_range"),
        ({"hvac_mode": "heat_cool", "target_temp_low": 23, "target_temp_high": 22}, "low_temp_higher_than_high_temp"),
    ],
)
async def test_what_makes_no_sense_is_refused(
    hass: HomeAssistant, thermostat: dr.DeviceEntry, sent: Interception, data: dict[str, Any], key: str
) -> None:
    with pytest.raises(ServiceValidationError) as raised:
        await use_thermostat(hass, thermostat, "set_temperature", **data)
    assert raised.value.translation_key == key
    assert bodies(sent) == []


async def test_both_temperatures_must_differ(hass: HomeAssistant, thermostat: dr.DeviceEntry) -> None:
    before = setpoints(hass, thermostat)
    data: dict[str, Any] = {"hvac_mode": "heat_cool", "target_temp_low": 22, "target_temp_high": 22}
    with pytest.raises(HomeAssistantError):
        await use_thermostat(hass, thermostat, "set_temperature", **data)
    assert setpoints(hass, thermostat) == before


@pytest.mark.parametrize("hvac_mode", ["dry", "fan_only", "auto"])
async def test_modes_that_it_does_not_have_are_refused(
    hass: HomeAssistant, thermostat: dr.DeviceEntry, sent: Interception, hvac_mode: str
) -> None:
    calls: dict[str, dict[str, Any]] = {"set_hvac_mode": {}, "set_temperature": {"temperature": 21}}
    for service, data in calls.items():
        with pytest.raises(ServiceValidationError):
            await use_thermostat(hass, thermostat, service, hvac_mode=hvac_mode, **data)
    assert bodies(sent) == []


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ({"mode": "heat", "active": True}, "heating"),
        ({"mode": "cool", "active": True}, "cooling"),
        ({"mode": "heat", "active": False}, "idle"),
        ({"mode": "off", "active": False}, "off"),
        ({"mode": "auto", "active": True, "temperature": 18, "heatSetpoint": 20, "coolSetpoint": 24}, "heating"),
        ({"mode": "auto", "active": True, "temperature": 26, "heatSetpoint": 20, "coolSetpoint": 24}, "cooling"),
        ({"mode": "auto", "active": True, "temperature": None}, None),
        ({"mode": "heat", "active": None}, None),
    ],
)
async def test_what_it_does_is_told_from_its_reading(
    hass: HomeAssistant,
    thermostat: dr.DeviceEntry,
    sent: Interception,
    advance: Advance,
    state: dict[str, Any],
    expected: str | None,
) -> None:
    rewrite(sent, thermostat, **state)
    await advance(HALF_MINUTE)
    assert climate(hass, thermostat).attributes.get("hvac_action") == expected


@pytest.mark.parametrize("mode", [None, "emergency"])
async def test_a_mode_that_nobody_knows_is_unknown(
    hass: HomeAssistant, thermostat: dr.DeviceEntry, sent: Interception, advance: Advance, mode: str | None
) -> None:
    rewrite(sent, thermostat, mode=mode, holdType=None)
    await advance(HALF_MINUTE)
    assert climate(hass, thermostat).state == "unknown"
    assert climate(hass, thermostat).attributes["preset_mode"] is None


async def test_without_commands_it_only_shows(
    hass: HomeAssistant, thermostat: dr.DeviceEntry, sent: Interception, advance: Advance
) -> None:
    rewrite(sent, thermostat, commands={}, mode="heat", heatSetpoint=21)
    await advance(HALF_MINUTE)
    state = climate(hass, thermostat)
    assert (state.state, state.attributes["hvac_modes"], state.attributes["supported_features"]) == ("heat", [], 0)
    with pytest.raises(ServiceValidationError):
        await use_thermostat(hass, thermostat, "set_hvac_mode", hvac_mode="cool")
    with pytest.raises(HomeAssistantError):
        await use_thermostat(hass, thermostat, "set_temperature", temperature=21)
    assert bodies(sent) == []


async def test_modes_and_bounds_are_those_of_its_commands(
    hass: HomeAssistant, thermostat: dr.DeviceEntry, sent: Interception, advance: Advance
) -> None:
    immediate = {"execution": ["immediate"]}
    heat = {"parameters": {"target": {"unit": "celsius", "min": 12, "max": 28}}, **immediate}
    cool = {"parameters": {"target": {"unit": "celsius", "min": 18}}, "execution": ["scheduled"]}
    rewrite(sent, thermostat, commands={"heat": heat, "cool": cool}, mode="heat")
    await advance(HALF_MINUTE)
    state = climate(hass, thermostat)
    assert state.attributes["hvac_modes"] == ["heat"]
    assert (state.attributes["min_temp"], state.attributes["max_temp"]) == (12, 28)
    assert state.attributes["supported_features"] == Feature.TARGET_TEMPERATURE | Feature.TURN_ON
    with pytest.raises(ServiceValidationError):
        await use_thermostat(hass, thermostat, "set_temperature", temperature=29)
    assert bodies(sent) == []


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


async def test_a_paused_thermostat_is_off_whatever_mode_it_reports(
    hass: HomeAssistant, thermostat: dr.DeviceEntry, sent: Interception, advance: Advance
) -> None:
    """What it reports is not documented; only that it is active contradicts the command (api §4.5)."""
    await use_thermostat(hass, thermostat, "set_temperature", temperature=23, hvac_mode="heat")
    await advance(HALF_MINUTE)
    await use_thermostat(hass, thermostat, "turn_off")
    rewrite(sent, thermostat, mode="heat")
    await advance(HALF_MINUTE)
    assert climate(hass, thermostat).state == "off"
    assert climate(hass, thermostat).attributes["hvac_action"] == "off"
    rewrite(sent, thermostat, mode="heat", active=True)
    await advance(HALF_MINUTE)
    assert climate(hass, thermostat).state == "heat"
    assert climate(hass, thermostat).attributes["hvac_action"] == "heating"


async def test_it_leaves_with_what_it_shows(
    hass: HomeAssistant, thermostat: dr.DeviceEntry, sent: Interception, advance: Advance
) -> None:
    def without_anything(_request: object, body: dict[str, Any]) -> None:
        for item in body["data"].get("items", [body["data"]]):
            if item["id"] == amps_id(thermostat):
                item["state"], item["commands"] = {}, {}

    sent.rewrite = without_anything
    await advance(HALF_MINUTE)
    assert climate(hass, thermostat).state == "unavailable"
    await advance(timedelta(hours=1))
    await advance(HALF_MINUTE)
    assert entity_id(hass, thermostat, "thermostat", "climate") is None
