"""Sensors of an account as a whole, for whoever wants to see how it is asked (design §5)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, override

from homeassistant.components.sensor import SensorDeviceClass, SensorEntity, SensorEntityDescription, SensorStateClass
from homeassistant.const import EntityCategory
from homeassistant.core import callback
from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo
from homeassistant.helpers.typing import StateType
from homeassistant.helpers.update_coordinator import CoordinatorEntity
from homeassistant.util import dt as dt_util

from .const import DOMAIN
from .coordinator import AmpsCoordinator

_SAME_INSTANT: Final = timedelta(seconds=30)
"""By how much an instant may move and still be the same: plans are made by another clock than they are shown by."""
_ENVIRONMENTS: Final = ["live", "sandbox"]


@dataclass(frozen=True, kw_only=True)
class AmpsAccountSensorDescription(SensorEntityDescription):
    """A sensor of an account."""

    value_fn: Callable[[AmpsCoordinator], StateType | datetime]
    """What it shows; None is unknown."""


def _next_read(coordinator: AmpsCoordinator) -> datetime | None:
    """Return when a device is to be read next, by the clock that people see."""
    if (due := coordinator.read_scheduler.next_due) is None:
        return None
    return dt_util.utcnow() + timedelta(seconds=due - coordinator.state.now())


def _environment(coordinator: AmpsCoordinator) -> str | None:
    environment = coordinator.state.environment
    return environment if environment in _ENVIRONMENTS else None


ACCOUNT: Final[tuple[AmpsAccountSensorDescription, ...]] = (
    AmpsAccountSensorDescription(
        key="requests_last_hour",
        state_class=SensorStateClass.MEASUREMENT,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value_fn=lambda coordinator: coordinator.requests_last_hour,
    ),
    AmpsAccountSensorDescription(
        key="next_read",
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value_fn=_next_read,
    ),
    AmpsAccountSensorDescription(
        key="environment",
        device_class=SensorDeviceClass.ENUM,
        options=_ENVIRONMENTS,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value_fn=_environment,
    ),
)


class AmpsAccountSensor(CoordinatorEntity[AmpsCoordinator], SensorEntity):
    """A sensor of an account; what it shows needs no answer of Amps, so it is always available."""

    _attr_has_entity_name = True
    entity_description: AmpsAccountSensorDescription

    def __init__(self, coordinator: AmpsCoordinator, description: AmpsAccountSensorDescription) -> None:
        """Name the sensor after the account, which is a service and no device of its own."""
        entry = coordinator.config_entry
        super().__init__(coordinator)
        self.entity_description = description
        self._attr_translation_key = description.key
        self._attr_unique_id = f"{entry.entry_id}_{description.key}"
        self._attr_device_info = DeviceInfo(
            identifiers={(DOMAIN, entry.entry_id)},
            name=entry.title,
            manufacturer="Amps",
            entry_type=DeviceEntryType.SERVICE,
        )
        self._attr_native_value = description.value_fn(coordinator)

    @property
    @override
    def available(self) -> bool:
        return True

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        """Write the state only when it shows something else."""
        shown, value = self._attr_native_value, self.entity_description.value_fn(self.coordinator)
        if isinstance(shown, datetime) and isinstance(value, datetime) and abs(value - shown) <= _SAME_INSTANT:
            return
        if value != shown:
            self._attr_native_value = value
            self.async_write_ha_state()
