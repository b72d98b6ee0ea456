"""The entities of each type, as design §5 lists them; a change here changes what automations rely on."""

from datetime import timedelta

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
import pytest

from .conftest import Advance, devices, readings_of

# platform.key: enabled from the start, category, device class, state class, unit
type Row = tuple[bool, str | None, str | None, str | None, str | None]

REACHABLE: dict[str, Row] = {"binary_sensor.reachable": (True, "diagnostic", "connectivity", None, None)}
COMMANDABLE: dict[str, Row] = {
    "sensor.last_action": (True, None, "enum", None, None),
    "event.action": (True, None, None, None, None),
    "binary_sensor.overridden": (True, None, "problem", None, None),
    "button.cancel_scheduled": (True, None, None, None, None),
}
EXPECTED: dict[str, dict[str, Row]] = {
    "battery": REACHABLE
    | COMMANDABLE
    | {
        "sensor.level": (True, None, "battery", "measurement", "%"),
        "sensor.status": (True, None, "enum", None, None),
        "sensor.power": (True, None, "power", "measurement", "kW"),
        "sensor.charge_power": (True, None, "power", "measurement", "kW"),
        "sensor.discharge_power": (True, None, "power", "measurement", "kW"),
        "sensor.energy_charged": (True, None, "energy", "total_increasing", "kWh"),
        "sensor.energy_discharged": (True, None, "energy", "total_increasing", "kWh"),
        "sensor.energy_stored": (False, None, "energy_storage", "measurement", "kWh"),
        "sensor.capacity": (False, "diagnostic", "energy_storage", None, "kWh"),
        "sensor.discharge_limit": (False, "diagnostic", None, None, "%"),
        "sensor.current_mode": (False, None, "enum", None, None),
        "binary_sensor.charging": (True, None, "battery_charging", None, None),
        "button.charge": (True, None, None, None, None),
        "button.discharge": (True, None, None, None, None),
        "number.charge_target": (True, "config", None, None, "%"),
        "number.discharge_target": (True, "config", None, None, "%"),
    },
    "ev_charger": REACHABLE
    | COMMANDABLE
    | {
        "sensor.status": (True, None, "enum", None, None),
        "sensor.power": (True, None, "power", "measurement", "kW"),
        "sensor.energy": (True, None, "energy", "total_increasing", "kWh"),
        "sensor.max_current": (False, None, "current", "measurement", "A"),
        "sensor.power_rate_limit": (False, None, "power", "measurement", "kW"),
        "binary_sensor.connected": (True, None, "plug", None, None),
        "binary_sensor.charging": (True, None, "battery_charging", None, None),
        "switch.charging_enabled": (True, None, None, None, None),
        "number.max_charge_rate": (True, None, "power", None, "kW"),
    },
    "hvac": REACHABLE
    | COMMANDABLE
    | {
        "sensor.temperature": (False, None, "temperature", "measurement", "°C"),
        "sensor.hold": (False, None, "enum", None, None),
        "binary_sensor.active": (False, None, "running", None, None),
        "climate.thermostat": (True, None, None, None, None),
    },
    "solar_inverter": REACHABLE
    | {
        "sensor.status": (True, None, "enum", None, None),
        "sensor.power": (True, None, "power", "measurement", "kW"),
        "sensor.energy": (True, None, "energy", "total_increasing", "kWh"),
        "binary_sensor.producing": (True, None, "running", None, None),
    },
    "vehicle": REACHABLE
    | {
        "sensor.level": (True, None, "battery", "measurement", "%"),
        "sensor.range": (True, None, "distance", "measurement", "km"),
        "sensor.charge_power": (True, None, "power", "measurement", "kW"),
        "sensor.charge_limit": (True, None, None, None, "%"),
        "sensor.capacity": (False, None, "energy_storage", None, "kWh"),
        "sensor.time_to_full": (False, None, "duration", "measurement", "min"),
        "sensor.full_at": (True, None, "timestamp", None, None),
        "sensor.max_current": (False, None, "current", "measurement", "A"),
        "binary_sensor.plugged_in": (True, None, "plug", None, None),
        "binary_sensor.charging": (True, None, "battery_charging", None, None),
        "binary_sensor.fully_charged": (True, None, None, None, None),
    },
}

FLOOR: dict[str, Row] = {"number.discharge_floor": (True, "config", None, None, "%")}
CEILING: dict[str, Row] = {"number.charge_ceiling": (True, "config", None, None, "%")}
EXPORT_LIMIT: dict[str, Row] = {"number.export_limit": (False, "config", "power", None, "W")}
POWER_LIMITS: dict[str, Row] = {
    "number.charge_power_limit": (False, "config", "power", None, "kW"),
    "number.discharge_power_limit": (False, "config", "power", None, "kW"),
}
MODE: dict[str, Row] = {"select.mode": (True, None, None, None, None)}
OF_MODEL: dict[str, dict[str, Row]] = {
    "H1-5.0-E": MODE
    | POWER_LIMITS
    | FLOOR
    | CEILING
    | EXPORT_LIMIT
    | {
        "number.safety_reserve": (False, "config", None, None, "%"),
        "number.max_charge_rate": (False, "config", "current", None, "A"),
        "number.max_discharge_rate": (False, "config", "current", None, "A"),
    },
    # Takes charge and discharge in windows only.
    "EP11": MODE
    | POWER_LIMITS
    | FLOOR
    | CEILING
    | {"number.window_duration": (True, "config", "duration", None, "min")},
    # Takes no power and no automatic mode.
    "Giv-Bat 9.5": MODE | FLOOR | EXPORT_LIMIT,
}
"""What not every device of the type has."""


@pytest.mark.parametrize("device_type", EXPECTED)
async def test_each_type_has_its_entities(
    hass: HomeAssistant, simulated_home: ConfigEntry, advance: Advance, device_type: str
) -> None:
    await advance(timedelta(seconds=1))  # settings come by single reads
    readings = await readings_of(hass, *devices(hass, having="reachable", domain="binary_sensor"))
    of_type = {reading["id"]: reading["model"] for reading in readings if reading["type"] == device_type}
    assert len(of_type) >= 2
    entities = er.async_entries_for_config_entry(er.async_get(hass), simulated_home.entry_id)
    for device_id, model in of_type.items():
        found = {
            f"{entity.domain}.{entity.unique_id.removeprefix(f'{device_id}_')}": _row(entity)
            for entity in entities
            if entity.unique_id.startswith(f"{device_id}_")
        }
        assert found == EXPECTED[device_type] | OF_MODEL.get(model, {})


def _row(entity: er.RegistryEntry) -> Row:
    capabilities = entity.capabilities or {}
    return (
        not entity.disabled,
        entity.entity_category and entity.entity_category.value,
        entity.original_device_class,
        capabilities.get("state_class"),
        entity.unit_of_measurement,
    )
