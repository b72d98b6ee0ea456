"""Numbers: the settings of devices, and the defaults of their buttons."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, NamedTuple, override

from homeassistant.components.number import (
    DEFAULT_MAX_VALUE,
    DEFAULT_MIN_VALUE,
    NumberDeviceClass,
    NumberEntity,
    NumberEntityDescription,
    RestoreNumber,
)
from homeassistant.const import PERCENTAGE, EntityCategory, UnitOfElectricCurrent, UnitOfPower, UnitOfTime
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .account.listeners import DeviceContext
from .api.models import AnyDevice, Battery, Capabilities, Command, EvCharger, Setting
from .control.defaults import FIRST_WINDOW_DURATION, KEY_WINDOW_DURATION, LocalDefaults
from .control.settings import async_write_settings
from .coordinator import AmpsCoordinator
from .entity import AmpsEntity, AmpsEntityDescription, AmpsRestoreEntity, async_add_device_entities
from .rules import DeviceRecord
from .rules.capability import bounds, runs_in_windows_only
from .rules.defaults import find_parameter, first_value
from .rules.settings import is_writable
from .runtime import AmpsConfigEntry

PARALLEL_UPDATES = 0  # what is written to one device waits in its queue


class _Unit(NamedTuple):
    """How numbers in a unit of Amps are shown."""

    unit: str
    device_class: NumberDeviceClass | None
    step: float
    """As api §15.2 #22 has it."""


_UNITS: Final[Mapping[str | None, _Unit]] = {
    "percent": _Unit(PERCENTAGE, None, 1),
    "kw": _Unit(UnitOfPower.KILO_WATT, NumberDeviceClass.POWER, 0.1),
    "watts": _Unit(UnitOfPower.WATT, NumberDeviceClass.POWER, 100),
    "amps": _Unit(UnitOfElectricCurrent.AMPERE, NumberDeviceClass.CURRENT, 1),
    "minutes": _Unit(UnitOfTime.MINUTES, NumberDeviceClass.DURATION, 5),
}
"""By Amps' names; numbers in others are not shown, since nobody knows their bounds (api §15.2 #23)."""


@dataclass(frozen=True, kw_only=True)
class AmpsNumberDescription[DeviceT: AnyDevice](NumberEntityDescription, AmpsEntityDescription[DeviceT]):
    """A number of a device."""

    needs_control: bool = True


class Default(NamedTuple):
    """A default, and what it may be."""

    value: float
    low: float
    high: float
    unit: str
    """As Amps calls it."""


_WINDOW_DURATION: Final = Default(FIRST_WINDOW_DURATION, low=5, high=24 * 60, unit="minutes")


def _setting(
    key: str, *, enabled: bool = True, entity_category: EntityCategory | None = EntityCategory.CONFIG
) -> AmpsNumberDescription[AnyDevice]:
    """Describe a setting of Amps' name; names outside the tables of api §7 are not offered (api §15.2 #21)."""

    def find(settings: Mapping[str, Setting] | None) -> Setting | None:
        """Return the setting if it can be written."""
        setting = settings and settings.get(key)
        return setting if setting and is_writable(setting) and setting.unit in _UNITS else None

    return AmpsNumberDescription(
        key=key,
        entity_category=entity_category,
        entity_registry_enabled_default=enabled,
        exists_fn=lambda capabilities: find(capabilities.settings) is not None,
        record_fn=lambda record: find(record.settings),
    )


def _default(key: str, *, enabled: bool = True) -> AmpsNumberDescription[AnyDevice]:
    """Describe the default of a parameter."""

    def exists(capabilities: Capabilities) -> bool:
        parameter = find_parameter(capabilities.commands, key)
        return parameter is not None and parameter.unit in _UNITS

    def read_default(record: DeviceRecord) -> Default | None:
        """Return the default that nobody has set."""
        parameter = find_parameter(record.device.commands, key)
        if parameter is None or parameter.unit is None:
            return None
        return Default(first_value(record.device, key, parameter), *bounds(parameter), parameter.unit)

    return AmpsNumberDescription(
        key=key,
        entity_category=EntityCategory.CONFIG,
        entity_registry_enabled_default=enabled,
        always_available=True,
        exists_fn=exists,
        record_fn=read_default,
    )


def _commands(record: DeviceRecord) -> Mapping[str, Command]:
    return record.device.commands


def _is_windowed(capabilities: Capabilities) -> bool:
    """Return whether a button of the device has to run its command in a window."""
    return any(runs_in_windows_only(capabilities.commands, command) for command in ("charge", "discharge"))


BATTERY_SETTINGS: Final = (
    _setting("discharge_floor"),
    _setting("charge_ceiling"),
    _setting("safety_reserve", enabled=False),
    _setting("export_limit", enabled=False),
    _setting("max_charge_rate", enabled=False),
    _setting("max_discharge_rate", enabled=False),
)
EV_CHARGER_SETTINGS: Final = (_setting("max_charge_rate", entity_category=None),)

BATTERY_DEFAULTS: Final = (
    _default("charge_target"),
    _default("discharge_target"),
    _default("charge_power_limit", enabled=False),
    _default("discharge_power_limit", enabled=False),
)
WINDOW: Final[AmpsNumberDescription[AnyDevice]] = AmpsNumberDescription(
    key=KEY_WINDOW_DURATION,
    entity_category=EntityCategory.CONFIG,
    always_available=True,
    exists_fn=_is_windowed,
    record_fn=lambda _: _WINDOW_DURATION,
)


async def async_setup_entry(
    hass: HomeAssistant, entry: AmpsConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Set up the numbers of an account."""
    settings: Mapping[type[AnyDevice], tuple[AmpsNumberDescription[AnyDevice], ...]] = {
        Battery: BATTERY_SETTINGS,
        EvCharger: EV_CHARGER_SETTINGS,
    }
    async_add_device_entities(entry, async_add_entities, settings, AmpsSettingNumber)
    create = partial(AmpsDefaultNumber, entry.runtime_data.defaults)
    async_add_device_entities(entry, async_add_entities, {Battery: (*BATTERY_DEFAULTS, WINDOW)}, create)


class _AmpsNumber[ValueT: (Setting, Default)](AmpsEntity[AmpsNumberDescription[Any], ValueT], NumberEntity):
    """A number in a unit of Amps, within its bounds."""

    entity_description: AmpsNumberDescription[Any]

    def __init__(self, coordinator: AmpsCoordinator, device_id: str, description: AmpsNumberDescription[Any]) -> None:
        """Show what is known at once, for the registry keeps units and bounds."""
        super().__init__(coordinator, device_id, description)
        self._update_from_record()

    @property
    @override
    def native_value(self) -> float | None:
        value = self.shown and self.shown.value
        return value if isinstance(value, float) else None

    @property
    @override
    def native_step(self) -> float | None:
        return _UNITS[self.shown.unit].step if self.shown else None

    @property
    @override
    def native_unit_of_measurement(self) -> str | None:
        return _UNITS[self.shown.unit].unit if self.shown else None

    @property
    @override
    def device_class(self) -> NumberDeviceClass | None:
        return _UNITS[self.shown.unit].device_class if self.shown else None


class AmpsSettingNumber(_AmpsNumber[Setting]):
    """A setting of a device, as it was last read or written."""

    @property
    @override
    def native_min_value(self) -> float:
        return bounds(self.shown)[0] if self.shown else DEFAULT_MIN_VALUE

    @property
    @override
    def native_max_value(self) -> float:
        return bounds(self.shown)[1] if self.shown else DEFAULT_MAX_VALUE

    @override
    async def async_set_native_value(self, value: float) -> None:
        await async_write_settings(self.target, {self.entity_description.key: value})


class AmpsDefaultNumber(AmpsRestoreEntity, _AmpsNumber[Default], RestoreNumber):
    """What a button sends; nobody but this number remembers it."""

    _number: float | None = None

    def __init__(
        self,
        defaults: LocalDefaults,
        coordinator: AmpsCoordinator,
        device_id: str,
        description: AmpsNumberDescription[Any],
    ) -> None:
        """Start as far as the device goes, until what was set is restored."""
        self._defaults = defaults
        super().__init__(coordinator, device_id, description)

    @override
    def _shown_part(self, description: AmpsNumberDescription[Any]) -> DeviceContext:
        """Return that of the commands, which bounds come with and which hardly ever change."""
        return DeviceContext(self.device_id, _commands)

    @override
    async def async_added_to_hass(self) -> None:
        stored = await self.async_get_last_number_data()
        if stored and stored.native_unit_of_measurement == self.native_unit_of_measurement:
            self._number = stored.native_value if stored.native_value is None else float(stored.native_value)
        await super().async_added_to_hass()

    @property
    @override
    def native_min_value(self) -> float:
        return self.shown.low if self.shown else DEFAULT_MIN_VALUE

    @property
    @override
    def native_max_value(self) -> float:
        return self.shown.high if self.shown else DEFAULT_MAX_VALUE

    @override
    def _compute_value(self, record: DeviceRecord) -> Default | None:
        """Return the default within the bounds there are now; the last ones where the parameter is gone."""
        if (offered := super()._compute_value(record) or self.shown) is None:
            return None
        number = offered.value if self._number is None else min(max(self._number, offered.low), offered.high)
        self._number = number
        self._defaults.set(self.device_id, self.entity_description.key, number)
        return offered._replace(value=number)

    @override
    async def async_set_native_value(self, value: float) -> None:
        self._number = value
        self._update_from_record()
        self.async_write_ha_state()
