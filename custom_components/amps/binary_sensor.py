"""Binary sensors."""

from collections.abc import Mapping
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

from .api.models import AnyDevice, Battery, BatteryStatus, EvCharger, Hvac, SolarInverter, Vehicle
from .coordinator import AmpsConfigEntry
from .entity import AmpsEntity, AmpsEntityDescription, async_add_device_entities, reports

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class AmpsBinarySensorDescription[DeviceT: AnyDevice](BinarySensorEntityDescription, AmpsEntityDescription[DeviceT]):
    """A binary sensor of a device."""


SHARED: Final[tuple[AmpsBinarySensorDescription[AnyDevice], ...]] = (
    AmpsBinarySensorDescription(
        key="reachable",
        device_class=BinarySensorDeviceClass.CONNECTIVITY,
        entity_category=EntityCategory.DIAGNOSTIC,
        always_available=True,
        exists_fn=lambda _: True,
        value_fn=lambda device: device.authoritative,
    ),
)

BATTERY: Final[tuple[AmpsBinarySensorDescription[Battery], ...]] = (
    AmpsBinarySensorDescription(
        key="charging",
        device_class=BinarySensorDeviceClass.BATTERY_CHARGING,
        exists_fn=reports("status"),
        value_fn=lambda battery: battery.state.status and battery.state.status is BatteryStatus.CHARGING,
    ),
)

EV_CHARGER: Final[tuple[AmpsBinarySensorDescription[EvCharger], ...]] = (
    AmpsBinarySensorDescription(
        key="connected",
        device_class=BinarySensorDeviceClass.PLUG,
        exists_fn=reports("is_connected"),
        value_fn=lambda charger: charger.state.is_connected,
    ),
    AmpsBinarySensorDescription(
        key="charging",
        device_class=BinarySensorDeviceClass.BATTERY_CHARGING,
        exists_fn=reports("is_charging"),
        value_fn=lambda charger: charger.state.is_charging,
    ),
)

HVAC: Final[tuple[AmpsBinarySensorDescription[Hvac], ...]] = (
    AmpsBinarySensorDescription(
        key="active",
        device_class=BinarySensorDeviceClass.RUNNING,
        entity_registry_enabled_default=False,
        exists_fn=reports("active"),
        value_fn=lambda hvac: hvac.state.active,
    ),
)

SOLAR_INVERTER: Final[tuple[AmpsBinarySensorDescription[SolarInverter], ...]] = (
    AmpsBinarySensorDescription(
        key="producing",
        device_class=BinarySensorDeviceClass.RUNNING,
        exists_fn=reports("producing"),
        value_fn=lambda inverter: inverter.state.producing,
    ),
)

VEHICLE: Final[tuple[AmpsBinarySensorDescription[Vehicle], ...]] = (
    AmpsBinarySensorDescription(
        key="plugged_in",
        device_class=BinarySensorDeviceClass.PLUG,
        exists_fn=reports("plugged"),
        value_fn=lambda vehicle: vehicle.state.plugged,
    ),
    AmpsBinarySensorDescription(
        key="charging",
        device_class=BinarySensorDeviceClass.BATTERY_CHARGING,
        exists_fn=reports("charging"),
        value_fn=lambda vehicle: vehicle.state.charging,
    ),
    AmpsBinarySensorDescription(
        key="fully_charged",
        exists_fn=reports("fully_charged"),
        value_fn=lambda vehicle: vehicle.state.fully_charged,
    ),
)

DESCRIPTIONS: Final[Mapping[type[AnyDevice], tuple[AmpsBinarySensorDescription[Any], ...]]] = {
    Battery: BATTERY + SHARED,
    EvCharger: EV_CHARGER + SHARED,
    Hvac: HVAC + SHARED,
    SolarInverter: SOLAR_INVERTER + SHARED,
    Vehicle: VEHICLE + SHARED,
}


async def async_setup_entry(
    hass: HomeAssistant, entry: AmpsConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Set up the binary sensors of an account."""
    async_add_device_entities(entry, async_add_entities, DESCRIPTIONS, AmpsBinarySensor)


class AmpsBinarySensor(AmpsEntity[AmpsBinarySensorDescription[Any]], BinarySensorEntity):
    """A binary sensor of a device."""

    entity_description: AmpsBinarySensorDescription[Any]

    @property
    @override
    def is_on(self) -> bool | None:
        return None if self.value is None else bool(self.value)
