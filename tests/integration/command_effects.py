"""What is shown of a device under each of its commands, by device type (design §5, §6)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

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
        "heat": {
            "climate.thermostat": "heat",
            "climate.thermostat.hvac_action": "heating",
            "climate.thermostat.temperature": 33,
        },
        "cool": {
            "climate.thermostat": "cool",
            "climate.thermostat.hvac_action": "cooling",
            "climate.thermostat.temperature": 11,
        },
        "auto": {
            "climate.thermostat": "heat_cool",
            "climate.thermostat.hvac_action": "heating",
            "climate.thermostat.target_temp_low": 32,
        },
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
