"""Triggers of automations: what happened to devices, and what generic triggers cannot say (design §7)."""

from abc import abstractmethod
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import ClassVar, Final, override

from homeassistant.const import CONF_FOR, CONF_OPTIONS, CONF_TARGET
from homeassistant.core import CALLBACK_TYPE, HassJob, HomeAssistant, callback
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.event import async_call_later
from homeassistant.helpers.trigger import Trigger, TriggerActionRunner, TriggerConfig, TriggerNotTriggeredReporter
from homeassistant.helpers.typing import ConfigType, VolDictType
import voluptuous as vol

from .account.device_events import SIGNAL_DEVICE_EVENT, DeviceEvent, DeviceEventType
from .api import slug
from .control.targets import Target, devices_of_target
from .rules.effective import standing_action

_COMMAND: Final = "command"
_COMMANDS: Final[VolDictType] = {vol.Optional(_COMMAND): vol.All(cv.ensure_list, [cv.string], [slug])}
"""Commands as slugs, or as Amps writes them; none are all."""
_RETRY: Final = timedelta(minutes=1)
_DURATION: Final[VolDictType] = {vol.Optional(CONF_FOR): cv.positive_time_period}


class DeviceTrigger(Trigger):
    """A trigger of something that happens to devices; its target is looked up whenever that does."""

    _options: ClassVar[VolDictType] = _COMMANDS

    @classmethod
    @override
    async def async_validate_config(cls, hass: HomeAssistant, config: ConfigType) -> ConfigType:
        schema = vol.Schema(
            {vol.Required(CONF_TARGET): cv.TARGET_FIELDS, vol.Required(CONF_OPTIONS, default={}): cls._options}
        )
        validated: ConfigType = schema(config)
        return validated

    def __init__(self, hass: HomeAssistant, config: TriggerConfig) -> None:
        """Take what to trigger at from the key: `amps.command_failed`."""
        super().__init__(hass, config)
        self._type = DeviceEventType(config.key.rpartition(".")[2])
        self._target = config.target or {}
        self._options_given = config.options or {}
        self._commands: frozenset[str] = frozenset(self._options_given.get(_COMMAND, ()))

    @override
    async def async_attach_runner(
        self, run_action: TriggerActionRunner, did_not_trigger: TriggerNotTriggeredReporter | None = None
    ) -> CALLBACK_TYPE:
        @callback
        def on_event(event: DeviceEvent) -> None:
            if (
                event.type is self._type
                and (not self._commands or event.command in self._commands)
                and event.registry_id in devices_of_target(self._hass, self._target)
            ):
                self._on_event(event, run_action)

        return async_dispatcher_connect(self._hass, SIGNAL_DEVICE_EVENT, on_event)

    def _on_event(self, event: DeviceEvent, run_action: TriggerActionRunner) -> None:
        _ = run_action(dict(event.data), event.description, event.context)


class LastingTrigger(DeviceTrigger):
    """A trigger of what comes to be and lasts, at once or when it has lasted for some time."""

    def __init__(self, hass: HomeAssistant, config: TriggerConfig) -> None:
        """Wait for nothing yet."""
        super().__init__(hass, config)
        self._duration: timedelta = self._options_given.get(CONF_FOR, timedelta())
        self._waiting: dict[str, CALLBACK_TYPE] = {}
        """What ends the wait, by the id of Home Assistant's device."""

    @override
    async def async_attach_runner(
        self, run_action: TriggerActionRunner, did_not_trigger: TriggerNotTriggeredReporter | None = None
    ) -> CALLBACK_TYPE:
        detach = await super().async_attach_runner(run_action, did_not_trigger)

        @callback
        def remove() -> None:
            detach()
            while self._waiting:
                self._waiting.popitem()[1]()

        return remove

    @override
    def _on_event(self, event: DeviceEvent, run_action: TriggerActionRunner) -> None:
        """Trigger now, or wait: what came to be anew was over meanwhile, and so its wait begins anew."""
        if stop := self._waiting.pop(event.registry_id, None):
            stop()
        if not self._duration:
            super()._on_event(event, run_action)
            return
        self._wait(self._duration, event, run_action)

    def _wait(self, duration: timedelta, event: DeviceEvent, run_action: TriggerActionRunner) -> None:
        lasted = HassJob(
            partial(self._on_lasted, event, run_action), f"{event.description} for a while", cancel_on_shutdown=True
        )
        self._waiting[event.registry_id] = async_call_later(self._hass, duration, lasted)

    @callback
    def _on_lasted(self, event: DeviceEvent, run_action: TriggerActionRunner, _now: datetime) -> None:
        del self._waiting[event.registry_id]
        if (target := devices_of_target(self._hass, self._target).get(event.registry_id)) is None:
            return
        if not isinstance(target, Target):
            self._wait(_RETRY, event, run_action)  # its account is being loaded
        elif self._lasts(target, event):
            super()._on_event(event, run_action)

    @abstractmethod
    def _lasts(self, target: Target, event: DeviceEvent) -> bool:
        """Return whether it is still so."""


class OverriddenTrigger(LastingTrigger):
    """A trigger of commands that are overridden."""

    _options = _COMMANDS | _DURATION

    @override
    def _lasts(self, target: Target, event: DeviceEvent) -> bool:
        coordinator, device_id = target.coordinator, target.device_id
        record = coordinator.state.devices[device_id]
        standing = standing_action(record.actions, coordinator.state.service_time())
        return (
            standing is not None
            and standing.id == event.data["action_id"]
            and device_id in coordinator.availability
            and coordinator.store.evaluate_override(record) is True
        )


class DataStaleTrigger(LastingTrigger):
    """A trigger of readings that cease to be authoritative."""

    _options = _DURATION

    @override
    def _lasts(self, target: Target, event: DeviceEvent) -> bool:
        return target.device_id not in target.coordinator.availability


TRIGGERS: Final[Mapping[str, type[Trigger]]] = {
    **dict.fromkeys(map(str, DeviceEventType), DeviceTrigger),
    DeviceEventType.OVERRIDDEN: OverriddenTrigger,
    DeviceEventType.DATA_STALE: DataStaleTrigger,
}


async def async_get_triggers(hass: HomeAssistant) -> dict[str, type[Trigger]]:
    """Return the triggers by their names."""
    return dict(TRIGGERS)
