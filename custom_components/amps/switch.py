"""Switches."""

from dataclasses import dataclass
from typing import Any, Final, override

from homeassistant.components.switch import SwitchEntity, SwitchEntityDescription
from homeassistant.const import STATE_ON, EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .api.models import DEVICE_CLASSES, AnyDevice, EvCharger
from .entity import (
    AmpsControlEntity,
    AmpsEntity,
    AmpsEntityDescription,
    AmpsRestoreEntity,
    async_add_device_entities,
)
from .rules import DeviceRecord
from .rules.capability import runs_at_once
from .rules.charging import CHARGE, IDLE, is_charging_enabled
from .runtime import AmpsConfigEntry

PARALLEL_UPDATES = 0  # commands to one device wait for each other in its queue


@dataclass(frozen=True, kw_only=True)
class AmpsSwitchDescription(SwitchEntityDescription, AmpsEntityDescription[AnyDevice]):
    """A switch of a device."""


EXPEDITED_UPDATES: Final = AmpsSwitchDescription(
    key="expedited_updates",
    entity_category=EntityCategory.CONFIG,
    always_available=True,
    live_only=True,
)
CHARGING_ENABLED: Final = AmpsSwitchDescription(
    key="charging_enabled",
    needs_control=True,
    exists_fn=lambda capabilities: all(runs_at_once(capabilities.commands, each) for each in (CHARGE, IDLE)),
)


async def async_setup_entry(
    hass: HomeAssistant, entry: AmpsConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Set up the switches of an account."""
    async_add_device_entities(
        entry, async_add_entities, dict.fromkeys(DEVICE_CLASSES, (EXPEDITED_UPDATES,)), AmpsExpeditedUpdatesSwitch
    )
    async_add_device_entities(entry, async_add_entities, {EvCharger: (CHARGING_ENABLED,)}, AmpsChargingSwitch)


class AmpsExpeditedUpdatesSwitch(AmpsEntity[AmpsSwitchDescription], AmpsRestoreEntity, SwitchEntity):
    """Whether the device is read at the expedited interval (api §10); nobody but this switch remembers it."""

    entity_description: AmpsSwitchDescription
    _attr_is_on = False

    @override
    async def async_added_to_hass(self) -> None:
        if last := await self.async_get_last_state():
            self._attr_is_on = last.state == STATE_ON
        await super().async_added_to_hass()
        if self.is_on:
            self._set_expedited(expedited=True)

    @override
    async def async_will_remove_from_hass(self) -> None:
        """Let no switch that nobody sees go on costing requests."""
        await super().async_will_remove_from_hass()
        if self.is_on and self.device is not None:
            self._set_expedited(expedited=False)

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        self._turn(on=True)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        self._turn(on=False)

    def _turn(self, *, on: bool) -> None:
        self._attr_is_on = on
        self._set_expedited(expedited=on)
        self.async_write_ha_state()

    def _set_expedited(self, *, expedited: bool) -> None:
        self.coordinator.read_scheduler.set_expedited(self.device_id, expedited=expedited)


class AmpsChargingSwitch(AmpsControlEntity[AmpsSwitchDescription, bool], SwitchEntity):
    """Whether a charger may charge: as it was commanded last, whether or not a vehicle takes anything (design §5)."""

    entity_description: AmpsSwitchDescription

    @property
    @override
    def is_on(self) -> bool | None:
        return self.shown

    @override
    def _compute_value(self, record: DeviceRecord) -> bool | None:
        return is_charging_enabled(record, self._state.service_time())

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        await self._async_run(CHARGE)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        await self._async_run(IDLE)
