"""Sensors."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, override

from homeassistant.components.sensor import SensorDeviceClass, SensorEntity, SensorEntityDescription, SensorStateClass
from homeassistant.const import (
    PERCENTAGE,
    EntityCategory,
    UnitOfElectricCurrent,
    UnitOfEnergy,
    UnitOfPower,
    UnitOfTemperature,
    UnitOfTime,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.restore_state import ExtraStoredData, RestoredExtraData
from homeassistant.helpers.typing import StateType
from homeassistant.util import dt as dt_util

from .account.listeners import DeviceContext
from .api.models import (
    DEVICE_CLASSES,
    Action,
    ActionState,
    AnyDevice,
    Battery,
    BatteryMode,
    BatteryStatus,
    EvCharger,
    EvChargerStatus,
    HoldType,
    Hvac,
    LenientEnum,
    SolarInverter,
    SolarInverterStatus,
    Source,
    Vehicle,
)
from .const import CONF_RANGE_UNIT, DEFAULT_RANGE_UNIT, signal_time_jumped
from .coordinator import AmpsCoordinator
from .entity import (
    AmpsAccountEntity,
    AmpsEntity,
    AmpsEntityDescription,
    AmpsRestoreEntity,
    async_add_device_entities,
    has_fields,
    takes_commands,
)
from .rules import DeviceRecord
from .rules.charging import full_at, time_to_full
from .rules.energy import EnergyCounter, LifetimeCounter
from .runtime import AmpsConfigEntry

PARALLEL_UPDATES = 0  # the coordinator reads for all entities, and none of them takes commands

_ENVIRONMENTS: Final = ["live", "sandbox"]
_SAME_TIME: Final = timedelta(seconds=30)
"""By how much a planned time may move and still be the same: plans are made by another clock than they are shown by."""


@dataclass(frozen=True, kw_only=True)
class AmpsSensorDescription[DeviceT: AnyDevice](SensorEntityDescription, AmpsEntityDescription[DeviceT]):
    """A sensor of a device."""

    tolerance: timedelta = timedelta(0)
    """By how much a time may move and still be the same."""


def _newest_action(record: DeviceRecord) -> Action | None:
    return record.action


def _negated(value: float | None) -> float | None:
    return None if value is None else -value


def _positive(value: float | None) -> float | None:
    """Return what a signed power has in the positive direction."""
    return None if value is None else max(0.0, value)  # of equal ones the first: zero has no sign to be shown


def _energy_stored(level: float | None, capacity: float | None) -> float | None:
    """Return kWh from percent and kWh."""
    return None if level is None or capacity is None else level / 100 * capacity


def _energy[DeviceT: AnyDevice](
    key: str, field: str, power_fn: Callable[[DeviceT], float | None]
) -> AmpsSensorDescription[DeviceT]:
    """Describe a counter of the energy of a power in kW; what it reads of the device is that power."""
    return AmpsSensorDescription(
        key=key,
        device_class=SensorDeviceClass.ENERGY,
        state_class=SensorStateClass.TOTAL_INCREASING,
        native_unit_of_measurement=UnitOfEnergy.KILO_WATT_HOUR,
        suggested_display_precision=2,
        always_available=True,
        exists_fn=has_fields(field),
        value_fn=power_fn,
    )


def _enum_sensor[DeviceT: AnyDevice](
    key: str,
    enum: type[LenientEnum],
    field: str,
    value_fn: Callable[[DeviceT], LenientEnum | None],
    *,
    enabled: bool = True,
) -> AmpsSensorDescription[DeviceT]:
    """Describe one word out of a vocabulary."""
    return AmpsSensorDescription(
        key=key,
        device_class=SensorDeviceClass.ENUM,
        options=list(enum),
        entity_registry_enabled_default=enabled,
        exists_fn=has_fields(field),
        value_fn=value_fn,
    )


def _power[DeviceT: AnyDevice](
    key: str, field: str, value_fn: Callable[[DeviceT], float | None], *, enabled: bool = True
) -> AmpsSensorDescription[DeviceT]:
    """Describe a power in kW."""
    return AmpsSensorDescription(
        key=key,
        device_class=SensorDeviceClass.POWER,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfPower.KILO_WATT,
        suggested_display_precision=2,
        entity_registry_enabled_default=enabled,
        exists_fn=has_fields(field),
        value_fn=value_fn,
    )


def _level[DeviceT: AnyDevice](
    field: str, value_fn: Callable[[DeviceT], float | None]
) -> AmpsSensorDescription[DeviceT]:
    """Describe a state of charge in percent."""
    return AmpsSensorDescription(
        key="level",
        device_class=SensorDeviceClass.BATTERY,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=PERCENTAGE,
        suggested_display_precision=0,
        exists_fn=has_fields(field),
        value_fn=value_fn,
    )


def _capacity[DeviceT: AnyDevice](
    field: str, value_fn: Callable[[DeviceT], float | None], *, entity_category: EntityCategory | None = None
) -> AmpsSensorDescription[DeviceT]:
    """Describe how many kWh a device holds when full."""
    return AmpsSensorDescription(
        key="capacity",
        device_class=SensorDeviceClass.ENERGY_STORAGE,
        native_unit_of_measurement=UnitOfEnergy.KILO_WATT_HOUR,
        suggested_display_precision=1,
        entity_category=entity_category,
        entity_registry_enabled_default=False,
        exists_fn=has_fields(field),
        value_fn=value_fn,
    )


def _max_current[DeviceT: AnyDevice](
    field: str, value_fn: Callable[[DeviceT], float | None]
) -> AmpsSensorDescription[DeviceT]:
    """Describe a current in A that is not exceeded."""
    return AmpsSensorDescription(
        key="max_current",
        device_class=SensorDeviceClass.CURRENT,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfElectricCurrent.AMPERE,
        suggested_display_precision=0,
        entity_registry_enabled_default=False,
        exists_fn=has_fields(field),
        value_fn=value_fn,
    )


SHARED: Final[tuple[AmpsSensorDescription[AnyDevice], ...]] = (
    AmpsSensorDescription(
        key="data_source",
        device_class=SensorDeviceClass.ENUM,
        options=list(Source),
        entity_category=EntityCategory.DIAGNOSTIC,
        always_available=True,
        live_only=True,
        record_fn=lambda record: record.source,
    ),
)

SHARED_ACTIONS: Final[tuple[AmpsSensorDescription[AnyDevice], ...]] = (
    AmpsSensorDescription(
        key="last_action",
        device_class=SensorDeviceClass.ENUM,
        options=list(ActionState),
        always_available=True,
        exists_fn=takes_commands,
        record_fn=lambda record: record.action.state if record.action else None,
    ),
)

SHARED_TIMES: Final[tuple[AmpsSensorDescription[AnyDevice], ...]] = (
    AmpsSensorDescription(
        key="last_pulled",
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_category=EntityCategory.DIAGNOSTIC,
        always_available=True,
        tolerance=timedelta(minutes=5) - timedelta.resolution,  # five minutes are enough (design §5)
        live_only=True,
        record_fn=lambda record: record.pulled_at,
    ),
)

BATTERY: Final[tuple[AmpsSensorDescription[Battery], ...]] = (
    _level("level", lambda battery: battery.state.level),
    _enum_sensor("status", BatteryStatus, "status", lambda battery: battery.state.status),
    _power("power", "charge_rate", lambda battery: battery.state.charge_rate),
    _power("charge_power", "charge_rate", lambda battery: _positive(battery.state.charge_rate)),
    _power("discharge_power", "charge_rate", lambda battery: _positive(_negated(battery.state.charge_rate))),
    AmpsSensorDescription(
        key="energy_stored",
        device_class=SensorDeviceClass.ENERGY_STORAGE,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfEnergy.KILO_WATT_HOUR,
        suggested_display_precision=2,
        entity_registry_enabled_default=False,
        exists_fn=has_fields("level", "capacity"),
        value_fn=lambda battery: _energy_stored(battery.state.level, battery.state.capacity),
    ),
    _capacity("capacity", lambda battery: battery.state.capacity, entity_category=EntityCategory.DIAGNOSTIC),
    AmpsSensorDescription(
        key="discharge_limit",
        native_unit_of_measurement=PERCENTAGE,
        suggested_display_precision=0,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        exists_fn=has_fields("discharge_limit"),
        value_fn=lambda battery: battery.state.discharge_limit,
    ),
    _enum_sensor(
        "current_mode", BatteryMode, "current_mode", lambda battery: battery.state.current_mode, enabled=False
    ),
)

BATTERY_ENERGY: Final[tuple[AmpsSensorDescription[Battery], ...]] = (
    _energy("energy_charged", "charge_rate", lambda battery: battery.state.charge_rate),
    _energy("energy_discharged", "charge_rate", lambda battery: _negated(battery.state.charge_rate)),
)

EV_CHARGER: Final[tuple[AmpsSensorDescription[EvCharger], ...]] = (
    _enum_sensor("status", EvChargerStatus, "status", lambda charger: charger.state.status),
    _power("power", "current_power", lambda charger: charger.state.current_power),
    _max_current("max_current", lambda charger: charger.state.max_current),
    _power("power_rate_limit", "power_rate_limit", lambda charger: charger.state.power_rate_limit, enabled=False),
)

EV_CHARGER_ENERGY: Final[tuple[AmpsSensorDescription[EvCharger], ...]] = (
    _energy("energy", "current_power", lambda charger: charger.state.current_power),
)

HVAC: Final[tuple[AmpsSensorDescription[Hvac], ...]] = (
    AmpsSensorDescription(
        key="temperature",
        device_class=SensorDeviceClass.TEMPERATURE,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfTemperature.CELSIUS,
        suggested_display_precision=1,
        entity_registry_enabled_default=False,
        exists_fn=has_fields("temperature"),
        value_fn=lambda hvac: hvac.state.temperature,
    ),
    _enum_sensor("hold", HoldType, "hold_type", lambda hvac: hvac.state.hold_type, enabled=False),
)

SOLAR_INVERTER: Final[tuple[AmpsSensorDescription[SolarInverter], ...]] = (
    _enum_sensor("status", SolarInverterStatus, "status", lambda inverter: inverter.state.status),
    _power("power", "current_power", lambda inverter: inverter.state.current_power),
)

SOLAR_INVERTER_ENERGY: Final[tuple[AmpsSensorDescription[SolarInverter], ...]] = (
    AmpsSensorDescription(
        key="energy",
        device_class=SensorDeviceClass.ENERGY,
        state_class=SensorStateClass.TOTAL_INCREASING,
        native_unit_of_measurement=UnitOfEnergy.KILO_WATT_HOUR,
        suggested_display_precision=1,
        exists_fn=has_fields("energy_total"),
        value_fn=lambda inverter: inverter.state.energy_total,
    ),
)

VEHICLE: Final[tuple[AmpsSensorDescription[Vehicle], ...]] = (
    _level("battery_level", lambda vehicle: vehicle.state.battery_level),
    _power("charge_power", "charge_rate", lambda vehicle: vehicle.state.charge_rate),
    AmpsSensorDescription(
        key="charge_limit",
        native_unit_of_measurement=PERCENTAGE,
        suggested_display_precision=0,
        exists_fn=has_fields("charge_limit"),
        value_fn=lambda vehicle: vehicle.state.charge_limit,
    ),
    _capacity("battery_capacity", lambda vehicle: vehicle.state.battery_capacity),
    AmpsSensorDescription(
        key="time_to_full",
        device_class=SensorDeviceClass.DURATION,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfTime.MINUTES,
        suggested_display_precision=0,
        entity_registry_enabled_default=False,
        exists_fn=has_fields("charge_time_remaining"),
        value_fn=time_to_full,
    ),
    _max_current("max_current", lambda vehicle: vehicle.state.max_current),
)

VEHICLE_RANGE: Final[tuple[AmpsSensorDescription[Vehicle], ...]] = (
    AmpsSensorDescription(
        key="range",
        device_class=SensorDeviceClass.DISTANCE,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=0,
        exists_fn=has_fields("range"),
        value_fn=lambda vehicle: vehicle.state.range,
    ),
)

VEHICLE_TIMES: Final[tuple[AmpsSensorDescription[Vehicle], ...]] = (
    AmpsSensorDescription(
        key="full_at",
        device_class=SensorDeviceClass.TIMESTAMP,
        tolerance=timedelta(minutes=3),
        exists_fn=has_fields("charge_time_remaining"),
        record_fn=full_at,
    ),
)


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


async def async_setup_entry(
    hass: HomeAssistant, entry: AmpsConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Set up the sensors of an account."""
    for descriptions, create in ENTITY_CLASSES:
        async_add_device_entities(entry, async_add_entities, descriptions, create)
    async_add_entities(AmpsAccountSensor(entry.runtime_data.coordinator, description) for description in ACCOUNT)


class AmpsSensor(AmpsEntity[AmpsSensorDescription[Any]], SensorEntity):
    """A sensor of a device."""

    entity_description: AmpsSensorDescription[Any]

    @property
    @override
    def native_value(self) -> StateType | datetime:
        return self.shown


class AmpsRangeSensor(AmpsSensor):
    """A distance in the unit that the user says Amps means: it documents none (api §15.2 #14)."""

    def __init__(self, coordinator: AmpsCoordinator, device_id: str, description: AmpsSensorDescription[Any]) -> None:
        """Read the unit from the options, which reload the entry when they change."""
        super().__init__(coordinator, device_id, description)
        options = coordinator.config_entry.options
        self._attr_native_unit_of_measurement = options.get(CONF_RANGE_UNIT, DEFAULT_RANGE_UNIT)


class AmpsTimeSensor(AmpsSensor):
    """A time that every reading computes anew, and that is written only when it has moved by its tolerance."""

    @override
    def _compute_value(self, record: DeviceRecord) -> StateType | datetime:
        value: StateType | datetime = self.entity_description.shown_fn(record)
        shown = self.shown
        if isinstance(value, datetime) and isinstance(shown, datetime):
            return shown if abs(value - shown) <= self.entity_description.tolerance else value
        return value


class AmpsLastPulledSensor(AmpsTimeSensor):
    """When the manufacturer was last asked, to the second once somebody has asked for a reading (design §5)."""

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        self.async_on_remove(self._state.requested_listeners[self.device_id].add(self._show_exact))

    @callback
    def _show_exact(self) -> None:
        if (record := self._state.devices.get(self.device_id)) is not None:
            self._show(record.pulled_at)


class AmpsLastActionSensor(AmpsSensor):
    """The stage of the newest action; whoever asked for it is who changed this."""

    _action: Action | None = None

    @override
    def _shown_part(self, description: AmpsSensorDescription[Any]) -> DeviceContext:
        return DeviceContext(self.device_id, _newest_action)

    @property
    @override
    def extra_state_attributes(self) -> dict[str, str | None] | None:
        return {"command": self._action.command, "reason": self._action.error_code} if self._action else None

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        before = self.extra_state_attributes
        if (self._update_from_record() or before != self.extra_state_attributes) and self._action:
            self.async_set_context(self.coordinator.action_events.context_for(self._action.id))
            self.async_write_ha_state()

    @override
    def _compute_value(self, record: DeviceRecord) -> StateType | datetime:
        self._action = record.action
        return super()._compute_value(record)


class _AmpsCounterSensor[CounterT: (EnergyCounter, LifetimeCounter)](AmpsSensor, AmpsRestoreEntity):
    """A counter, which goes on from where it was before the restart."""

    _counter: CounterT

    @property
    @override
    def extra_restore_state_data(self) -> ExtraStoredData:
        return RestoredExtraData(self._counter.as_dict())

    @override
    async def async_added_to_hass(self) -> None:
        if stored := await self.async_get_last_extra_data():
            self._counter = type(self._counter).from_dict(stored.as_dict())
        await super().async_added_to_hass()


class AmpsEnergySensor(_AmpsCounterSensor[EnergyCounter]):
    """Counts the energy of the power that its description reads."""

    def __init__(self, coordinator: AmpsCoordinator, device_id: str, description: AmpsSensorDescription[Any]) -> None:
        """Start at zero, until what was counted before the restart is restored."""
        super().__init__(coordinator, device_id, description)
        self._counter = EnergyCounter()

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        jumped = signal_time_jumped(self.coordinator.config_entry.entry_id)
        self.async_on_remove(async_dispatcher_connect(self.hass, jumped, self._handle_time_jump))

    @callback
    def _handle_time_jump(self, to: datetime) -> None:
        """Note the jump before any reading of after it comes in: a thread of the executor might be late for that."""
        self._counter.rebase(to)

    @override
    def _compute_value(self, record: DeviceRecord) -> float:
        power = super()._compute_value(record)
        longest_gap = timedelta(seconds=self.coordinator.state.policy.longest_gap)
        self._counter.add_sample(record, power if isinstance(power, float) else None, longest_gap=longest_gap)
        return round(self._counter.total, 4)


class AmpsLifetimeEnergySensor(_AmpsCounterSensor[LifetimeCounter]):
    """Shows the energy that the device counts itself."""

    def __init__(self, coordinator: AmpsCoordinator, device_id: str, description: AmpsSensorDescription[Any]) -> None:
        """Start without a value to compare readings with, until what was shown before the restart is restored."""
        super().__init__(coordinator, device_id, description)
        self._counter = LifetimeCounter()

    @override
    def _compute_value(self, record: DeviceRecord) -> float | None:
        total = super()._compute_value(record)
        return self._counter.add_sample(record.state_at, total if isinstance(total, float) else None)


class AmpsAccountSensor(AmpsAccountEntity, SensorEntity):
    """A sensor of an account."""

    entity_description: AmpsAccountSensorDescription

    def __init__(self, coordinator: AmpsCoordinator, description: AmpsAccountSensorDescription) -> None:
        """Show what is known now."""
        super().__init__(coordinator, description)
        self._attr_native_value = description.value_fn(coordinator)

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        """Write the state only when it shows something else."""
        shown, value = self._attr_native_value, self.entity_description.value_fn(self.coordinator)
        if isinstance(shown, datetime) and isinstance(value, datetime) and abs(value - shown) <= _SAME_TIME:
            return
        if value != shown:
            self._attr_native_value = value
            self.async_write_ha_state()


ENTITY_CLASSES: Final[
    tuple[tuple[Mapping[type[AnyDevice], Sequence[AmpsSensorDescription[Any]]], type[AmpsSensor]], ...]
] = (
    (
        {
            Battery: BATTERY + SHARED,
            EvCharger: EV_CHARGER + SHARED,
            Hvac: HVAC + SHARED,
            SolarInverter: SOLAR_INVERTER + SHARED,
            Vehicle: VEHICLE + SHARED,
        },
        AmpsSensor,
    ),
    (dict.fromkeys(DEVICE_CLASSES, SHARED_ACTIONS), AmpsLastActionSensor),
    ({Vehicle: VEHICLE_RANGE}, AmpsRangeSensor),
    ({Battery: BATTERY_ENERGY, EvCharger: EV_CHARGER_ENERGY}, AmpsEnergySensor),
    ({SolarInverter: SOLAR_INVERTER_ENERGY}, AmpsLifetimeEnergySensor),
    (dict.fromkeys(DEVICE_CLASSES, SHARED_TIMES), AmpsLastPulledSensor),
    ({Vehicle: VEHICLE_TIMES}, AmpsTimeSensor),
)
"""Which entity shows which things."""
