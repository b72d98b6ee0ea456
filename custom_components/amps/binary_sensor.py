"""Binary sensors."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, override

from homeassistant.components.binary_sensor import (
    BinarySensorDeviceClass,
    BinarySensorEntity,
    BinarySensorEntityDescription,
)
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .account.listeners import DeviceContext
from .api.models import DEVICE_CLASSES, AnyDevice, Battery, BatteryStatus, EvCharger, Hvac, SolarInverter, Vehicle
from .entity import AmpsEntity, AmpsEntityDescription, async_add_device_entities, has_fields, takes_commands
from .rules import DeviceRecord
from .runtime import AmpsConfigEntry

PARALLEL_UPDATES = 0  # the coordinator reads for all entities, and none of them takes commands


@dataclass(frozen=True, kw_only=True)
class AmpsBinarySensorDescription[DeviceT: AnyDevice](BinarySensorEntityDescription, AmpsEntityDescription[DeviceT]):
    """A binary sensor of a device."""


def _is_charging(status: BatteryStatus | None) -> bool | None:
    return None if status in (None, BatteryStatus.UNKNOWN_VALUE) else status is BatteryStatus.CHARGING


OVERRIDDEN: Final[tuple[AmpsBinarySensorDescription[AnyDevice], ...]] = (
    AmpsBinarySensorDescription(
        key="overridden",
        device_class=BinarySensorDeviceClass.PROBLEM,
        exists_fn=takes_commands,
    ),
)

REACHABLE: Final[tuple[AmpsBinarySensorDescription[AnyDevice], ...]] = (
    AmpsBinarySensorDescription(
        key="reachable",
        device_class=BinarySensorDeviceClass.CONNECTIVITY,
        entity_category=EntityCategory.DIAGNOSTIC,
        always_available=True,
        record_fn=lambda record: record.authoritative,
    ),
)

BATTERY: Final[tuple[AmpsBinarySensorDescription[Battery], ...]] = (
    AmpsBinarySensorDescription(
        key="charging",
        device_class=BinarySensorDeviceClass.BATTERY_CHARGING,
        exists_fn=has_fields("status"),
        value_fn=lambda battery: _is_charging(battery.state.status),
    ),
)

EV_CHARGER: Final[tuple[AmpsBinarySensorDescription[EvCharger], ...]] = (
    AmpsBinarySensorDescription(
        key="connected",
        device_class=BinarySensorDeviceClass.PLUG,
        exists_fn=has_fields("is_connected"),
        value_fn=lambda charger: charger.state.is_connected,
    ),
    AmpsBinarySensorDescription(
        key="charging",
        device_class=BinarySensorDeviceClass.BATTERY_CHARGING,
        exists_fn=has_fields("is_charging"),
        value_fn=lambda charger: charger.state.is_charging,
    ),
)

HVAC: Final[tuple[AmpsBinarySensorDescription[Hvac], ...]] = (
    AmpsBinarySensorDescription(
        key="active",
        device_class=BinarySensorDeviceClass.RUNNING,
        entity_registry_enabled_default=False,
        exists_fn=has_fields("active"),
        value_fn=lambda hvac: hvac.state.active,
    ),
)

SOLAR_INVERTER: Final[tuple[AmpsBinarySensorDescription[SolarInverter], ...]] = (
    AmpsBinarySensorDescription(
        key="producing",
        device_class=BinarySensorDeviceClass.RUNNING,
        exists_fn=has_fields("producing"),
        value_fn=lambda inverter: inverter.state.producing,
    ),
)

VEHICLE: Final[tuple[AmpsBinarySensorDescription[Vehicle], ...]] = (
    AmpsBinarySensorDescription(
        key="plugged_in",
        device_class=BinarySensorDeviceClass.PLUG,
        exists_fn=has_fields("plugged"),
        value_fn=lambda vehicle: vehicle.state.plugged,
    ),
    AmpsBinarySensorDescription(
        key="charging",
        device_class=BinarySensorDeviceClass.BATTERY_CHARGING,
        exists_fn=has_fields("charging"),
        value_fn=lambda vehicle: vehicle.state.charging,
    ),
    AmpsBinarySensorDescription(
        key="fully_charged",
        exists_fn=has_fields("fully_charged"),
        value_fn=lambda vehicle: vehicle.state.fully_charged,
    ),
)


async def async_setup_entry(
    hass: HomeAssistant, entry: AmpsConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Set up the binary sensors of an account."""
    for descriptions, create in ENTITY_CLASSES:
        async_add_device_entities(entry, async_add_entities, descriptions, create)


class AmpsBinarySensor(AmpsEntity[AmpsBinarySensorDescription[Any]], BinarySensorEntity):
    """A binary sensor of a device."""

    entity_description: AmpsBinarySensorDescription[Any]

    @property
    @override
    def is_on(self) -> bool | None:
        return None if self.shown is None else bool(self.shown)


class AmpsReachableSensor(AmpsBinarySensor):
    """Whether the manufacturer reaches the device; nobody can say once the reading is too old (design §4)."""

    @override
    def _shown_part(self, description: AmpsBinarySensorDescription[Any]) -> DeviceContext:
        return DeviceContext(self.device_id, description.shown_fn)

    @override
    def _compute_value(self, record: DeviceRecord) -> bool | None:
        return None if record.authoritative and self.device_id not in self._availability else record.authoritative


class AmpsOverriddenSensor(AmpsBinarySensor):
    """Whether somebody else overrode the last command; one reading is not enough to say so."""

    @override
    def _compute_value(self, record: DeviceRecord) -> bool | None:
        return self.coordinator.store.evaluate_override(record)


ENTITY_CLASSES: Final[
    tuple[tuple[Mapping[type[AnyDevice], Sequence[AmpsBinarySensorDescription[Any]]], type[AmpsBinarySensor]], ...]
] = (
    (
        {
            Battery: BATTERY,
            EvCharger: EV_CHARGER,
            Hvac: HVAC,
            SolarInverter: SOLAR_INVERTER,
            Vehicle: VEHICLE,
        },
        AmpsBinarySensor,
    ),
    (dict.fromkeys(DEVICE_CLASSES, REACHABLE), AmpsReachableSensor),
    (dict.fromkeys((Battery, EvCharger, Hvac), OVERRIDDEN), AmpsOverriddenSensor),
)
"""Which entity shows which things."""
