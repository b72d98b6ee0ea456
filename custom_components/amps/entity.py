"""What the entities of all platforms share."""

from abc import abstractmethod
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, partial
import math
from typing import Any, Final, override

from homeassistant.core import State, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo
from homeassistant.helpers.entity import Entity, EntityDescription
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback, async_get_current_platform
from homeassistant.helpers.restore_state import ExtraStoredData, RestoreEntity
from homeassistant.helpers.typing import StateType
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from .account.gate import is_monitor_only
from .account.identity import known_devices
from .account.listeners import DeviceContext
from .account.timer import Timer
from .api.models import Action, AnyDevice, Capabilities
from .const import DOMAIN
from .control.runner import async_run_command
from .control.targets import Target
from .coordinator import AmpsCoordinator
from .rules import DeviceRecord
from .rules.capability import CommandRequest, ParameterValue
from .rules.pending import PendingAction, pending_action
from .rules.timing import IMMEDIATELY, Times
from .runtime import AmpsConfigEntry

_MARGIN: Final = 0.001
"""Seconds; the two clocks round."""


@dataclass(frozen=True, kw_only=True)
class AmpsEntityDescription[DeviceT: AnyDevice](EntityDescription):
    """What an entity shows of a device."""

    exists_fn: Callable[[Capabilities], bool] = lambda _: True
    """Whether the device has what the entity shows; asked again whenever what it has changes."""
    live_only: bool = False
    """For what devices of the sandbox do not have: their readings have no tier and no age (api §10, §11.1)."""
    value_fn: Callable[[DeviceT], Any] = lambda _: None
    """What it shows of the device; None is unknown."""
    record_fn: Callable[[DeviceRecord[DeviceT]], Any] | None = None
    """What it shows of what is known about the device, instead of something in its reading."""
    always_available: bool = False
    """For what is about the reading rather than in it."""
    needs_control: bool = False
    """For what sends something to the device, or is for that alone: there is none in monitor-only mode (design §6)."""

    @cached_property
    def shown_fn(self) -> Callable[[DeviceRecord[DeviceT]], Any]:
        """What it shows of what is known; one function for the entities of all devices."""
        if self.record_fn is not None:
            return self.record_fn
        value_fn = self.value_fn
        return lambda record: value_fn(record.reading.device)


def has_fields(*fields: str) -> Callable[[Capabilities], bool]:
    """Return an exists_fn for fields of the state: a null value is unknown, a missing one is no entity."""
    needed = frozenset(fields)
    return lambda capabilities: needed <= capabilities.fields


def takes_commands(capabilities: Capabilities) -> bool:
    """Return whether a device takes any commands."""
    return bool(capabilities.commands)


class AmpsEntity[DescriptionT: AmpsEntityDescription[Any], ValueT = StateType | datetime](
    CoordinatorEntity[AmpsCoordinator]
):
    """An entity that shows one thing of one device."""

    _attr_has_entity_name = True
    entity_description: DescriptionT
    shown: ValueT | None = None
    """What the entity shows; None is unknown."""

    def __init__(self, coordinator: AmpsCoordinator, device_id: str, description: DescriptionT) -> None:
        """Name the entity after the device and the thing."""
        self.device_id = device_id
        super().__init__(coordinator, context=self._shown_part(description))
        self.entity_description = description
        self._state = coordinator.state
        self._availability = coordinator.availability
        self._attr_translation_key = description.key
        self._attr_unique_id = f"{device_id}_{description.key}"
        self._available = False  # not `_attr_available`, which is made for other changes than at every reading

    def _shown_part(self, description: DescriptionT) -> DeviceContext:
        """Return what the entity wants to know of: another value, or each reading if it makes more of it."""
        if type(self)._compute_value is AmpsEntity._compute_value:  # noqa: SLF001  its own
            return DeviceContext(self.device_id, description.shown_fn, self._show)
        return DeviceContext(self.device_id, show=self._show_record)

    @property
    @override
    def device_info(self) -> DeviceInfo | None:
        """The device; asked for once, when the entity is added."""
        if (device := self.device) is None:
            return None
        return DeviceInfo(
            identifiers={(DOMAIN, self.device_id)},
            name=self._state.names[self.device_id],
            manufacturer=device.vendor,
            model=device.metadata.model,
        )

    @property
    def device(self) -> AnyDevice | None:
        """The device as far as it is known, None when it is gone."""
        record = self._state.devices.get(self.device_id)
        return record.device if record else None

    @property
    def target(self) -> Target:
        """The device as commands address it."""
        registered = self.device_entry
        name = registered and (registered.name_by_user or registered.name)
        return Target(coordinator=self.coordinator, device_id=self.device_id, name=name or self.device_id, named=True)

    @property
    @override
    def available(self) -> bool:
        """What is too old, or not the device's own, is not shown (design §4)."""
        return self._available

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        self._update_from_record()

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        """Write the state only when it shows something else: a reading may be new without saying anything new."""
        if self._update_from_record():
            self.async_write_ha_state()

    @callback
    def _show(self, value: ValueT | None) -> None:
        """Show another value; availability and capabilities are the same (`DeviceListeners`)."""
        if value != self.shown:
            self.shown = value
            self.async_write_ha_state()

    @callback
    def _show_record(self, record: DeviceRecord) -> None:
        """Show what another record says; availability and capabilities are the same."""
        self._show(self._compute_value(record))

    def _update_from_record(self) -> bool:
        """Update from the record of the device and return whether that shows."""
        before = self._available, self.shown
        record = self._state.devices.get(self.device_id)
        if record is not None:
            self.shown = self._compute_value(record)
        self._available = self._is_available(record)
        return before != (self._available, self.shown)

    def _compute_value(self, record: DeviceRecord) -> ValueT | None:
        """Return what is to be shown of the record."""
        value: ValueT | None = self.entity_description.shown_fn(record)
        return value

    def _is_available(self, record: DeviceRecord | None) -> bool:
        """Return whether what is shown of the record is the device's own present."""
        description = self.entity_description
        return description.always_available or (
            record is not None and self.device_id in self._availability and description.exists_fn(record.capabilities)
        )


class AmpsControlEntity[DescriptionT: AmpsEntityDescription[Any], ValueT = StateType | datetime](
    AmpsEntity[DescriptionT, ValueT]
):
    """An entity that sends commands, by the one path that all commands take (design §6)."""

    def __init__(self, coordinator: AmpsCoordinator, device_id: str, description: DescriptionT) -> None:
        """Show what is known at once, for the registry keeps what can be chosen."""
        super().__init__(coordinator, device_id, description)
        self._update_from_record()

    async def _async_run(
        self, command: str, parameters: Mapping[str, ParameterValue] | None = None, times: Times = IMMEDIATELY
    ) -> None:
        """Run a command in the context of whoever uses the control; the newest one replaces one that still waits."""
        request = CommandRequest(command=command, parameters=parameters or {}, times=times)
        await async_run_command(self.target, request, self._context, replaceable=True)

    @override
    def _is_available(self, record: DeviceRecord | None) -> bool:
        """Return whether the device can be commanded as it is shown: Amps may refuse the commands of a type."""
        return super()._is_available(record) and (record is None or self._state.takes_commands(type(record.device)))


class AmpsPendingEntity[DescriptionT: AmpsEntityDescription[Any], ValueT](AmpsControlEntity[DescriptionT, ValueT]):
    """A control that shows what was asked for until a reading can show it (design §5, pending)."""

    _pending: PendingAction | None = None
    _timer: Timer | None = None

    @override
    async def async_added_to_hass(self) -> None:
        self._timer = Timer(self.hass, f"{self.entity_id} pending", self._handle_coordinator_update)
        self.async_on_remove(self._timer.stop)
        await super().async_added_to_hass()

    @override
    def _compute_value(self, record: DeviceRecord) -> ValueT | None:
        state, before = self._state, self._pending
        self._pending = (
            pending_action(record, state.service_time(), sandbox=state.policy.sandbox) if record.actions else None
        )
        if self._pending is not None and self._pending != before:
            # What is written now is due to whoever asked for it.
            self.async_set_context(self.coordinator.action_events.context_for(self._pending.action.id))
        if self._timer is not None:
            due = math.inf if self._pending is None else state.clock.monotonic_of(self._pending.until) + _MARGIN
            self._timer.set(due)
        return self._compute_shown(record, self._pending and self._pending.action)

    @abstractmethod
    def _compute_shown(self, record: DeviceRecord, pending: Action | None) -> ValueT | None:
        """Return what is to be shown of the record while an action is pending, or none."""


class AmpsAccountEntity(CoordinatorEntity[AmpsCoordinator]):
    """An entity of an account; what it shows needs no answer of Amps, so it is always available."""

    _attr_has_entity_name = True

    def __init__(self, coordinator: AmpsCoordinator, description: EntityDescription) -> None:
        """Name the entity after the account, which is a service and no device of its own."""
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

    @property
    @override
    def available(self) -> bool:
        return True


class AmpsRestoreEntity(RestoreEntity):
    """An entity that goes on after a restart from what was stored of it.

    That is done once: when its id changes an entity is removed and added, and what is stored under the new id may be of
    another one, while it still holds what is its own (design §2).
    """

    _restored = False

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        self._restored = True

    @override
    async def async_get_last_state(self) -> State | None:
        return None if self._restored else await super().async_get_last_state()

    @override
    async def async_get_last_extra_data(self) -> ExtraStoredData | None:
        return None if self._restored else await super().async_get_last_extra_data()


@callback
def async_add_device_entities[DescriptionT: AmpsEntityDescription[Any]](
    entry: AmpsConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
    descriptions: Mapping[type[AnyDevice], Sequence[DescriptionT]],
    create: Callable[[AmpsCoordinator, str, DescriptionT], Entity],
) -> None:
    """Add an entity for each thing that a device has, now and whenever it comes to have it."""
    coordinator = entry.runtime_data.coordinator
    state, cleanup, domain = coordinator.state, coordinator.cleanup, async_get_current_platform().domain
    descriptions = _without_controls(entry, domain, descriptions)

    def exists(description: DescriptionT, capabilities: Capabilities) -> bool:
        return not (description.live_only and state.policy.sandbox) and description.exists_fn(capabilities)

    for device_class, offered in descriptions.items():
        for description in offered:
            cleanup.register_entity(device_class, domain, description.key, partial(exists, description))

    @callback
    def add_missing(device_ids: Collection[str]) -> None:
        entities = []
        for device_id in device_ids:
            if (record := state.devices.get(device_id)) is None:
                continue
            capabilities = record.capabilities
            for description in descriptions.get(type(record.device), ()):
                id_ = (domain, device_id, description.key)
                if id_ in cleanup.added or not exists(description, capabilities):
                    continue
                cleanup.added.add(id_)
                entities.append(create(coordinator, device_id, description))
        if entities:
            async_add_entities(entities)

    add_missing(state.devices.keys())
    entry.async_on_unload(state.capability_listeners.add(add_missing))


def _without_controls[DescriptionT: AmpsEntityDescription[Any]](
    entry: AmpsConfigEntry, domain: str, descriptions: Mapping[type[AnyDevice], Sequence[DescriptionT]]
) -> Mapping[type[AnyDevice], Sequence[DescriptionT]]:
    """Return what there is in the mode of the account; in monitor-only mode, controls leave the registry.

    When they come back, Home Assistant gives them the ids and names that they had.
    """
    if not is_monitor_only(entry):
        return descriptions
    coordinator = entry.runtime_data.coordinator
    registry, device_ids = er.async_get(coordinator.hass), known_devices(coordinator.hass, entry)
    for key in {each.key for offered in descriptions.values() for each in offered if each.needs_control}:
        for device_id in device_ids:
            if entity_id := registry.async_get_entity_id(domain, DOMAIN, f"{device_id}_{key}"):
                registry.async_remove(entity_id)
    return {
        device_class: [each for each in offered if not each.needs_control]
        for device_class, offered in descriptions.items()
    }
