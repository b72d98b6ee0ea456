"""Devices as the API declares them, and their records."""

from datetime import UTC, datetime
from typing import Any, Final

from custom_components.amps.api import Reading
from custom_components.amps.api.json import JsonObject
from custom_components.amps.api.models import AnyDevice, Battery, EvCharger, Hvac, Setting, Vehicle
from custom_components.amps.api.models.lenient import read_model
from custom_components.amps.rules import DeviceRecord

NOW: Final = datetime(2026, 6, 14, 12, tzinfo=UTC)
ANY: Final = ["immediate", "scheduled", "windowed"]
OPEN_ENDED: Final = ["immediate", "scheduled"]


def _command(execution: list[str], **parameters: tuple[str, float, float]) -> dict[str, Any]:
    return {
        "execution": execution,
        "parameters": {name: {"unit": unit, "min": low, "max": high} for name, (unit, low, high) in parameters.items()},
    }


def _moving(execution: list[str]) -> dict[str, Any]:
    levels = {"target": ("percent", 10.0, 100.0), "reserve": ("percent", 0.0, 100.0)}
    return _command(execution, power=("kw", 0.0, 5.0), **levels)


def battery(execution: list[str] = ANY, *, strategies: tuple[str, ...] = (), **state: object) -> Battery:
    """Return a battery of 10 kWh and 5 kW."""
    raw: JsonObject = {
        "id": "device_1",
        "state": {"level": 50, "capacity": 10, "dischargeLimit": 10, "currentMode": "auto.balanced", **state},  # type: ignore[dict-item]  # whatever a test wants to be in it
        "conflictStrategies": list(strategies),
        "commands": {
            "charge": _moving(execution),
            "discharge": _moving(execution),
            "idle": _command(OPEN_ENDED),
            "auto.balanced": _command(OPEN_ENDED),
        },
    }
    return read_model(Battery, raw)


def hvac(**state: object) -> Hvac:
    """Return a thermostat."""
    celsius = ("celsius", 10.0, 35.0)
    raw: JsonObject = {
        "id": "device_2",
        "state": {"mode": "heat", "heatSetpoint": 21, "coolSetpoint": 25, "holdType": "permanent", **state},  # type: ignore[dict-item]  # whatever a test wants to be in it
        "commands": {
            "heat": _command(ANY, target=celsius),
            "cool": _command(ANY, target=celsius),
            "auto": _command(ANY, heatSetpoint=celsius, coolSetpoint=celsius),
            "idle": _command(OPEN_ENDED),
            "follow_schedule": _command(["immediate"]),
        },
    }
    return read_model(Hvac, raw)


def charger(**state: object) -> EvCharger:
    """Return a charger of 7.4 kW."""
    raw: JsonObject = {
        "id": "device_3",
        "state": {"isConnected": True, "isCharging": False, "powerRateLimit": 7.4, **state},  # type: ignore[dict-item]  # whatever a test wants to be in it
        "commands": {"charge": _command(ANY), "idle": _command(OPEN_ENDED)},
    }
    return read_model(EvCharger, raw)


def vehicle(**state: object) -> Vehicle:
    """Return a vehicle of 75 kWh that is charged to 80 %."""
    raw: JsonObject = {
        "id": "device_4",
        "state": {"batteryLevel": 40, "batteryCapacity": 75, "chargeLimit": 80, "plugged": True, **state},  # type: ignore[dict-item]  # whatever a test wants to be in it
    }
    return read_model(Vehicle, raw)


def record_of[DeviceT: AnyDevice](device: DeviceT, **settings: tuple[float, str]) -> DeviceRecord[DeviceT]:
    """Return what is known of a device, with settings by name: value and unit."""
    return DeviceRecord(
        reading=Reading(device=device, raw={}, served_at=NOW),
        state_at=NOW,
        state_monotonic=0.0,
        capabilities_at=NOW,
        settings={name: Setting(name=name, value=value, unit=unit) for name, (value, unit) in settings.items()},
    )
