"""Thermostats."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
import math
from typing import Any, Final, NamedTuple, override

from homeassistant.components.climate import (
    ATTR_HVAC_MODE,
    ATTR_TARGET_TEMP_HIGH,
    ATTR_TARGET_TEMP_LOW,
    PRESET_NONE,
    ClimateEntity,
    ClimateEntityDescription,
    ClimateEntityFeature,
    HVACAction,
    HVACMode,
)
from homeassistant.const import ATTR_TEMPERATURE, UnitOfTemperature
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.restore_state import ExtraStoredData, RestoredExtraData
from homeassistant.util.unit_conversion import TemperatureConverter

from .account.gate import is_monitor_only
from .api.models import Action, AnyDevice, Capabilities, Command, Hvac, HvacMode, Parameter
from .const import DOMAIN
from .entity import AmpsEntityDescription, AmpsPendingEntity, AmpsRestoreEntity, async_add_device_entities
from .rules import DeviceRecord
from .rules.capability import bounds, runs_at_once
from .rules.record import NOTHING
from .rules.thermostat import (
    CELSIUS,
    COMMANDS,
    FOLLOW_SCHEDULE,
    RequestedState,
    is_heating,
    mode_request,
    requested_state,
)
from .runtime import AmpsConfigEntry

PARALLEL_UPDATES = 0  # commands to one device wait for each other in its queue

_MODES: Final[Mapping[HvacMode, HVACMode]] = {
    HvacMode.HEAT: HVACMode.HEAT,
    HvacMode.COOL: HVACMode.COOL,
    HvacMode.AUTO: HVACMode.HEAT_COOL,
    HvacMode.OFF: HVACMode.OFF,
}
"""Home Assistant's modes; its own `auto` follows a schedule, while Amps' keeps between two setpoints (api §4.5)."""
_AMPS_MODES: Final[Mapping[HVACMode, HvacMode]] = {mode: amps_mode for amps_mode, mode in _MODES.items()}
_PRESET_SCHEDULE: Final = "schedule"
_ANY_TEMPERATURE: Final = Parameter(name="", unit=CELSIUS)
_KEY_LAST_MODE: Final = "last_mode"
_RESTORED_WITHIN: Final = 10.0
"""Seconds in which a scene sets the rest of a state after its mode: at once, but for what else the host has to do."""


@dataclass(frozen=True, kw_only=True)
class AmpsClimateDescription(ClimateEntityDescription, AmpsEntityDescription[Hvac]):
    """A thermostat."""


class ShownThermostat(NamedTuple):
    """What a thermostat is to do, does and takes."""

    requested: RequestedState
    mode: HvacMode | None
    """That of the setpoints: while it is off, the one that it returns to."""
    action: HVACAction | None
    temperature: float | None
    commands: Mapping[str, Command]


def _is_thermostat(capabilities: Capabilities) -> bool:
    """Return whether a device shows something of a thermostat, or takes its commands."""
    return bool({"mode", "temperature"} & capabilities.fields or capabilities.commands)


THERMOSTAT: Final = AmpsClimateDescription(key="thermostat", name=None, exists_fn=_is_thermostat)


async def async_setup_entry(
    hass: HomeAssistant, entry: AmpsConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Set up the thermostats of an account."""
    async_add_device_entities(entry, async_add_entities, {Hvac: (THERMOSTAT,)}, AmpsThermostat)


class AmpsThermostat(AmpsPendingEntity[AmpsClimateDescription, ShownThermostat], AmpsRestoreEntity, ClimateEntity):
    """A thermostat: the main entity of its device."""

    entity_description: AmpsClimateDescription
    _last_mode: HvacMode | None = None
    """The last one that was not off, which turning on returns to."""
    _attr_hvac_modes: list[HVACMode] = []  # noqa: RUF012  replaced as a whole
    _attr_preset_modes: list[str] | None = None
    _commands: Mapping[str, Command] = NOTHING
    """What is offered."""
    _turned_off: tuple[Context | None, float] = (None, -math.inf)
    """In which context it was turned off last, and when, in seconds of the event loop's clock."""

    @property
    @override
    def extra_restore_state_data(self) -> ExtraStoredData:
        return RestoredExtraData({_KEY_LAST_MODE: self._last_mode})

    @override
    async def async_added_to_hass(self) -> None:
        if stored := await self.async_get_last_extra_data():
            last_mode = stored.as_dict().get(_KEY_LAST_MODE)
            self._last_mode = next((mode for mode in COMMANDS if mode == last_mode), None)
        await super().async_added_to_hass()

    # What is shown.

    @override
    def _compute_shown(self, record: DeviceRecord, pending: Action | None) -> ShownThermostat:
        requested = requested_state(record, pending, self._state.service_time())
        commands = NOTHING if is_monitor_only(self._state.entry) else record.device.commands
        if commands is not self._commands:
            self._update_features(commands)
        if requested.mode not in {None, HvacMode.OFF}:
            self._last_mode = requested.mode
        mode = requested.mode
        if mode in {None, HvacMode.OFF}:
            mode = _mode_to_return_to(self._last_mode, commands)
        return ShownThermostat(
            requested, mode, _action(record.device, requested), record.device.state.temperature, commands
        )

    @property
    @override
    def native_temperature_unit(self) -> str:
        """The unit of all temperatures (api §4.5)."""
        return UnitOfTemperature.CELSIUS

    @property
    @override
    def native_current_temperature(self) -> float | None:
        """The measured temperature."""
        return self.shown and self.shown.temperature

    @property
    @override
    def native_target_temperature(self) -> float | None:
        """The setpoint of the wanted mode, if it has one."""
        if self.shown is None:
            return None
        return {HvacMode.HEAT: self.shown.requested.heat, HvacMode.COOL: self.shown.requested.cool}.get(
            self.shown.mode or HvacMode.OFF
        )

    @property
    @override
    def native_target_temperature_low(self) -> float | None:
        """The setpoint for heating where there are two."""
        return self.shown.requested.heat if self.shown and self.shown.mode is HvacMode.AUTO else None

    @property
    @override
    def native_target_temperature_high(self) -> float | None:
        """The setpoint for cooling where there are two."""
        return self.shown.requested.cool if self.shown and self.shown.mode is HvacMode.AUTO else None

    @property
    @override
    def target_temperature_step(self) -> float:
        """Half a degree (api §15.2 #22), a whole one where Home Assistant shows no halves, in the home's unit."""
        return 0.5 if self._is_celsius_shown else 1

    @property
    @override
    def min_temp(self) -> float:
        return self._shown_bound(min(low for low, _ in self._bounds()), math.ceil)

    @property
    @override
    def max_temp(self) -> float:
        return self._shown_bound(max(high for _, high in self._bounds()), math.floor)

    @property
    def _is_celsius_shown(self) -> bool:
        return self.hass.config.units.temperature_unit == UnitOfTemperature.CELSIUS

    def _shown_bound(self, celsius: float, inward: Callable[[float], int]) -> float:
        """Return a bound in °C as it can be set: in whole degrees where Home Assistant shows no others."""
        if self._is_celsius_shown:
            return celsius
        unit = self.hass.config.units.temperature_unit
        converted = TemperatureConverter.convert(celsius, UnitOfTemperature.CELSIUS, unit)
        shown = inward(round(converted, 3))  # a whole degree may come out a hair beside itself
        return TemperatureConverter.convert(shown, unit, UnitOfTemperature.CELSIUS)

    @property
    @override
    def hvac_mode(self) -> HVACMode | None:
        mode = self.shown and self.shown.requested.mode
        return None if mode is None else _MODES[mode]

    @property
    @override
    def hvac_action(self) -> HVACAction | None:
        return self.shown and self.shown.action

    @property
    @override
    def preset_mode(self) -> str | None:
        if self.shown is None or self.shown.requested.schedule is None:
            return None
        return _PRESET_SCHEDULE if self.shown.requested.schedule else PRESET_NONE

    def _update_features(self, commands: Mapping[str, Command]) -> None:
        """Offer what the device declares; devices that declare the same share the object (`api/models/base.py`)."""
        self._commands = commands
        modes = [mode for amps_mode, mode in _MODES.items() if runs_at_once(commands, COMMANDS[amps_mode])]
        features = ClimateEntityFeature(0)
        if {HVACMode.HEAT, HVACMode.COOL}.intersection(modes):
            features |= ClimateEntityFeature.TARGET_TEMPERATURE | ClimateEntityFeature.TURN_ON
        if HVACMode.HEAT_COOL in modes:
            features |= ClimateEntityFeature.TARGET_TEMPERATURE_RANGE | ClimateEntityFeature.TURN_ON
        if HVACMode.OFF in modes:
            features |= ClimateEntityFeature.TURN_OFF
        self._attr_preset_modes = None
        if runs_at_once(commands, FOLLOW_SCHEDULE):
            features |= ClimateEntityFeature.PRESET_MODE
            self._attr_preset_modes = [PRESET_NONE, _PRESET_SCHEDULE]
        self._attr_hvac_modes = modes
        self._attr_supported_features = features

    def _bounds(self) -> list[tuple[float, float]]:
        """Return the bounds of the temperatures of the wanted mode, those usual for any where it declares none."""
        mode = self.shown and self.shown.mode
        command = self.shown.commands.get(COMMANDS[mode]) if self.shown and mode else None
        parameters = command.parameters.values() if command else ()
        return [bounds(each) for each in parameters if each.unit == CELSIUS] or [bounds(_ANY_TEMPERATURE)]

    # What can be done.

    @override
    async def async_set_hvac_mode(self, hvac_mode: HVACMode) -> None:
        await self._async_hold(_AMPS_MODES[hvac_mode])

    @override
    async def async_turn_on(self) -> None:
        if self.shown is None or self.shown.mode is None:
            raise self._error(key="mode_unknown")
        await self._async_hold(self.shown.mode)

    @override
    async def async_turn_off(self) -> None:
        await self._async_hold(HvacMode.OFF)

    @override
    async def async_set_preset_mode(self, preset_mode: str) -> None:
        if preset_mode == _PRESET_SCHEDULE:
            await self._async_run(FOLLOW_SCHEDULE)
            return
        if self.preset_mode == PRESET_NONE:
            return  # it follows no schedule already
        if self.shown is None or (mode := self.shown.requested.mode or self.shown.mode) is None:
            raise self._error(key="mode_unknown")
        await self._async_hold(mode)

    @override
    async def async_set_temperature(self, **kwargs: Any) -> None:
        if ATTR_HVAC_MODE not in kwargs and self._is_restored_off:
            return
        mode = self.shown and self.shown.mode
        if (hvac_mode := kwargs.get(ATTR_HVAC_MODE)) is not None:
            mode = _AMPS_MODES.get(hvac_mode)
        if mode is None:
            raise self._error(key="mode_unknown")
        temperature = kwargs.get(ATTR_TEMPERATURE)
        low, high = kwargs.get(ATTR_TARGET_TEMP_LOW), kwargs.get(ATTR_TARGET_TEMP_HIGH)
        if mode is HvacMode.AUTO and (low is None or high is None):
            raise self._error(key="range_needed")
        if mode in {HvacMode.HEAT, HvacMode.COOL} and temperature is None:
            raise self._error(key="temperature_needed")
        if mode is HvacMode.AUTO:
            await self._async_set(mode, low, high)
        else:
            await self._async_set(mode, temperature, temperature)

    @property
    def _is_restored_off(self) -> bool:
        """Return whether its caller has just turned it off: a scene sets the mode, then the temperature shown."""
        context, turned_off_monotonic = self._turned_off
        return (
            self.hvac_mode is HVACMode.OFF
            and context == self._context
            and self.hass.loop.time() - turned_off_monotonic < _RESTORED_WITHIN
        )

    async def _async_hold(self, mode: HvacMode) -> None:
        """Set a mode with the setpoints that are shown."""
        heat, cool = (self.shown.requested.heat, self.shown.requested.cool) if self.shown else (None, None)
        await self._async_set(mode, heat, cool)

    async def _async_set(self, mode: HvacMode, heat: float | None, cool: float | None) -> None:
        """Set a mode with the setpoints that it needs."""
        context, request = self._context, mode_request(mode, heat, cool)
        await self._async_run(request.command, request.parameters)
        if mode is HvacMode.OFF:
            self._turned_off = context, self.hass.loop.time()

    def _error(self, *, key: str) -> ServiceValidationError:
        return ServiceValidationError(
            translation_domain=DOMAIN, translation_key=key, translation_placeholders={"device": self.target.name}
        )


if not hasattr(ClimateEntity, "native_temperature_unit"):  # Home Assistant up to 2026.10 has other names
    for _name in (
        "native_temperature_unit",
        "native_current_temperature",
        "native_target_temperature",
        "native_target_temperature_low",
        "native_target_temperature_high",
    ):
        setattr(AmpsThermostat, _name.removeprefix("native_"), vars(AmpsThermostat)[_name])


def _mode_to_return_to(last: HvacMode | None, commands: Mapping[str, Command]) -> HvacMode | None:
    """Return the mode that turning on leads to: the last one if the device takes it, else the first that it takes."""
    modes = (last, HvacMode.HEAT, HvacMode.COOL, HvacMode.AUTO)
    takes = (mode for mode in modes if mode is not None and runs_at_once(commands, COMMANDS[mode]))
    return next(takes, last)


def _action(device: AnyDevice, requested: RequestedState) -> HVACAction | None:
    """Return what a thermostat does, as far as its reading says so."""
    active = device.state.active
    if active is None:
        return None
    if not active:
        return HVACAction.OFF if requested.mode is HvacMode.OFF else HVACAction.IDLE
    heating = is_heating(device, requested.mode)
    return None if heating is None else HVACAction.HEATING if heating else HVACAction.COOLING
