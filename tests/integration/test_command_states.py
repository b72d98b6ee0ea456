"""What controls and sensors show before, during and after each command that a device declares (design §5, §6)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.entity import Entity
from homeassistant.util import dt as dt_util
import pytest

from .commanding import Home, amps_id
from .conftest import MINUTE, SECOND, Advance
from .controls import shown

POLL = 31 * SECOND
SETTLE = 2 * MINUTE
"""How long an action stays acknowledged."""

type States = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A device type: what it shows, and what is shown under each of its commands."""

    path: str
    calls: Mapping[str, tuple[str, States]]
    """The action and its data, by the command on the wire."""
    effects: Mapping[str, States]
    """What has to be shown of it, besides what the device itself says."""
    held: States
    """What is shown when a window has ended."""
    shown: tuple[str, ...]
    """The entities as `domain.key`, an attribute after another dot."""
    really: Callable[[States], States] = field(repr=False)
    """Returns what the state of the device itself means for its entities."""


def on(value: bool) -> str:
    """Return the state of a binary sensor."""
    return "on" if value else "off"


def battery(state: States) -> States:
    """Return what the entities of a battery have to show."""
    mode, power = state["currentMode"].replace(".", "_"), state["chargeRate"]
    return {
        "select.mode": mode,
        "sensor.current_mode": mode,
        "sensor.status": state["status"],
        "sensor.power": power,
        "sensor.charge_power": max(power, 0),
        "sensor.discharge_power": max(-power, 0),
        "binary_sensor.charging": on(power > 0),
    }


def charger(state: States) -> States:
    """Return what the entities of a charger have to show."""
    return {
        "sensor.status": state["status"],
        "sensor.power": state["currentPower"],
        "binary_sensor.charging": on(state["isCharging"]),
        "binary_sensor.connected": on(state["isConnected"]),
    }


def thermostat(state: States) -> States:
    """Return what the entities of a thermostat have to show."""
    mode = "heat_cool" if state["mode"] == "auto" else state["mode"]
    heat, cool = state["heatSetpoint"], state["coolSetpoint"]
    setpoints: States = {
        "climate.thermostat.temperature": {"heat": heat, "cool": cool}.get(mode),
        "climate.thermostat.target_temp_low": heat if mode == "heat_cool" else None,
        "climate.thermostat.target_temp_high": cool if mode == "heat_cool" else None,
    }
    return {
        "climate.thermostat": mode,
        "climate.thermostat.preset_mode": "schedule" if state["holdType"] == "follow_schedule" else "none",
        "binary_sensor.active": on(state["active"]),
        "sensor.hold": state["holdType"],
        # While it is off, those of the mode that it returns to are shown.
        **(setpoints if mode != "off" else {}),
    }


CHARGING = {"sensor.status": "charging", "binary_sensor.charging": "on"}
STILL = {"sensor.status": "idle", "sensor.power": 0, "select.mode": "idle"}
BATTERY = Kind(
    path="battery",
    calls={
        "charge": ("charge", {"target_level": 100}),
        "discharge": ("discharge", {"target_level": 10}),
        "idle": ("idle", {}),
        "auto.balanced": ("set_mode", {"mode": "auto_balanced"}),
        "auto.reserve": ("set_mode", {"mode": "auto_reserve"}),
        "auto.export": ("set_mode", {"mode": "auto_export"}),
    },
    effects={
        "charge": {**CHARGING, "select.mode": "charge", "sensor.discharge_power": 0},
        "discharge": {"sensor.status": "discharging", "select.mode": "discharge", "sensor.charge_power": 0},
        "idle": STILL,
        "auto.balanced": {"select.mode": "auto_balanced"},
        "auto.reserve": {**CHARGING, "select.mode": "auto_reserve"},
        "auto.export": {"select.mode": "auto_export"},
    },
    held=STILL,
    shown=tuple(battery({"currentMode": "idle", "chargeRate": 0, "status": "idle"})),
    really=battery,
)
CHARGER = Kind(
    path="ev-charger",
    calls={"charge": ("charge", {}), "idle": ("idle", {})},
    effects={
        "charge": {"switch.charging_enabled": "on"},
        "idle": {"switch.charging_enabled": "off", "sensor.power": 0},
    },
    held={"switch.charging_enabled": "off", "sensor.power": 0, "binary_sensor.charging": "off"},
    shown=(
        "switch.charging_enabled",
        "sensor.status",
        "sensor.power",
        "binary_sensor.charging",
        "binary_sensor.connected",
    ),
    really=charger,
)
HVAC = Kind(
    path="hvac",
    calls={
        "heat": ("set_temperature", {"mode": "heat", "temperature": 33}),
        "cool": ("set_temperature", {"mode": "cool", "temperature": 11}),
        "auto": ("set_temperature", {"mode": "auto", "heat_setpoint": 32, "cool_setpoint": 34}),
        "idle": ("idle", {}),
        "follow_schedule": ("set_mode", {"mode": "follow_schedule"}),
    },
    effects={
        "heat": {"climate.thermostat.hvac_action": "heating", "climate.thermostat.temperature": 33},
        "cool": {"climate.thermostat.hvac_action": "cooling", "climate.thermostat.temperature": 11},
        "auto": {"climate.thermostat.hvac_action": "heating", "climate.thermostat.target_temp_low": 32},
        "idle": {"climate.thermostat": "off", "climate.thermostat.hvac_action": "off"},
        "follow_schedule": {"climate.thermostat.preset_mode": "schedule"},
    },
    held={"climate.thermostat": "off", "climate.thermostat.hvac_action": "off", "binary_sensor.active": "off"},
    shown=(
        "climate.thermostat",
        *(
            f"climate.thermostat.{name}"
            for name in ("hvac_action", "preset_mode", "temperature", "target_temp_low", "target_temp_high")
        ),
        "binary_sensor.active",
        "sensor.hold",
    ),
    really=thermostat,
)
EACH_KIND = pytest.mark.parametrize("kind", [BATTERY, CHARGER, HVAC], ids=["battery", "charger", "thermostat"])


@dataclass(frozen=True, kw_only=True)
class Watched:
    """The devices of one type that declare a command in one shape, and what they show."""

    home: Home
    kind: Kind
    devices: list[dr.DeviceEntry]

    async def call(self, command: str, **times: str) -> None:
        """Give all of them a command."""
        action, data = self.kind.calls[command]
        for device in self.devices:
            assert (await self.home.call(action, device, **data, **times))["ok"]

    def states(self) -> list[States]:
        """Return what each shows, having made sure that it is what the device does."""
        states = [self._states(device) for device in self.devices]
        for device, found in zip(self.devices, states, strict=True):
            really = self.kind.really(self.home.state(device))
            assert {key: found[key] for key in really} == pytest.approx(really, abs=0.01), device.model
        return states

    def shows(self, expected: States) -> bool:
        """Return whether each shows this, having compared it with what the device does."""
        return all(found | expected == found for found in self.states())

    def stages(self) -> set[str]:
        """Return how far the last actions have come."""
        return {shown(self.home.hass, device, "sensor", "last_action").state for device in self.devices}

    def _states(self, device: dr.DeviceEntry) -> States:
        found: States = {}
        for name in self.kind.shown:
            domain, key, *attribute = name.split(".")
            state = shown(self.home.hass, device, domain, key)
            found[name] = state.attributes.get(*attribute) if attribute else _value(state.state)
        return found


def _value(text: str) -> str | float:
    try:
        return float(text)
    except ValueError:
        return text


def each_command(home: Home, kind: Kind, shape: str) -> Iterable[tuple[str, Watched]]:
    """Yield each command that any device of a type declares in a shape, with the devices that do."""
    items = home.ask("GET", f"/{kind.path}")["items"]
    declared = {command for item in items for command, each in item["commands"].items() if shape in each["execution"]}
    assert declared <= kind.calls.keys()
    by_id = {amps_id(device): device for device in home.devices}
    for command in [each for each in kind.calls if each in declared]:
        able = [item["id"] for item in items if shape in item["commands"].get(command, {"execution": ()})["execution"]]
        yield command, Watched(home=home, kind=kind, devices=[by_id[id_] for id_ in able])


@pytest.fixture(autouse=True)
def _everything_enabled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Enable all entities, those too that are disabled at first."""
    monkeypatch.setattr(Entity, "entity_registry_enabled_default", True)


@pytest.fixture(autouse=True)
def _calm(_everything_enabled: None, home: Home) -> None:
    """Let actions take a while, and the event loop not check everything that it does."""
    home.service.control("POST", "timing", {"settleSeconds": SETTLE.total_seconds()})
    home.hass.loop.set_debug(False)


def at(span: timedelta) -> str:
    """Return the time after a span, as an action takes it."""
    return (dt_util.utcnow() + span).isoformat()


@EACH_KIND
async def test_at_once(home: Home, advance: Advance, kind: Kind) -> None:
    for command, watched in each_command(home, kind, "immediate"):
        before = watched.states()
        await watched.call(command)
        assert watched.stages() == {"acknowledged"}
        assert watched.shows(kind.effects[command]), command
        assert all(one != other for one, other in zip(before, watched.states(), strict=True)), command
        await advance(SETTLE + POLL)
        assert watched.stages() == {"completed"}
        assert watched.shows(kind.effects[command]), command


@EACH_KIND
async def test_with_a_start(home: Home, advance: Advance, kind: Kind) -> None:
    for command, watched in each_command(home, kind, "scheduled"):
        before = watched.states()
        await watched.call(command, start=at(5 * MINUTE))
        assert watched.stages() == {"scheduled"}
        assert watched.states() == before, command
        await advance(4 * MINUTE)
        assert watched.stages() == {"scheduled"}
        assert not watched.shows(kind.effects[command]), command
        await advance(MINUTE + POLL)
        assert watched.stages() == {"acknowledged"}
        assert watched.shows(kind.effects[command]), command
        await advance(SETTLE)
        assert watched.stages() == {"completed"}
        assert watched.shows(kind.effects[command]), command


@EACH_KIND
async def test_with_a_window(home: Home, advance: Advance, kind: Kind) -> None:
    for command, watched in each_command(home, kind, "windowed"):
        before = watched.states()
        await watched.call(command, start=at(5 * MINUTE), end=at(15 * MINUTE))
        assert watched.stages() == {"scheduled"}
        assert watched.states() == before, command
        await advance(4 * MINUTE)
        assert not watched.shows(kind.effects[command]), command
        for span in (MINUTE + POLL, 9 * MINUTE):
            await advance(span)
            assert watched.stages() == {"acknowledged"}
            assert watched.shows(kind.effects[command]), command
        await advance(POLL)
        assert watched.stages() == {"completed"}
        assert watched.shows(kind.held), command


@pytest.mark.parametrize("environment", ["live"])
async def test_in_live_controls_follow_at_once_and_sensors_with_the_reading(home: Home, pass_time: Advance) -> None:
    """The manufacturer is asked a minute after it was asked last, at the earliest (api §10)."""
    device = home.battery

    def found() -> tuple[str, ...]:
        keys = ("select.mode", "sensor.status", "sensor.current_mode", "sensor.last_action")
        return tuple(shown(home.hass, device, *key.split(".")).state for key in keys)

    await pass_time(2 * MINUTE)
    assert found() == ("auto_balanced", "charging", "auto_balanced", "unknown")
    await home.call("idle", device)
    assert found() == ("idle", "charging", "auto_balanced", "acknowledged")
    await pass_time(80 * SECOND)
    assert found() == ("idle", "idle", "idle", "completed")

    await home.call("discharge", device, power=2, start=at(5 * MINUTE), end=at(25 * MINUTE))
    assert found() == ("idle", "idle", "idle", "scheduled")
    await pass_time(5 * MINUTE - 5 * SECOND)
    assert found() == ("idle", "idle", "idle", "scheduled")
    await pass_time(10 * SECOND)
    assert found()[::3] == ("discharge", "acknowledged")
    await pass_time(70 * SECOND)
    assert found() == ("discharge", "discharging", "discharge", "acknowledged")
    assert float(shown(home.hass, device, "sensor", "power").state) == -2
    await pass_time(18 * MINUTE)
    assert found() == ("discharge", "discharging", "discharge", "acknowledged")
    await pass_time(2 * MINUTE)
    assert found() == ("idle", "idle", "idle", "completed")
    assert float(shown(home.hass, device, "sensor", "power").state) == 0
