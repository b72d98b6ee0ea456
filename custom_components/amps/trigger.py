"""Triggers of automations: what happened to devices, and what generic triggers cannot say (design §7)."""

from collections.abc import Mapping
from typing import ClassVar, Final, override

from homeassistant.const import CONF_OPTIONS, CONF_TARGET
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.trigger import Trigger, TriggerActionRunner, TriggerConfig, TriggerNotTriggeredReporter
from homeassistant.helpers.typing import ConfigType, VolDictType
import voluptuous as vol

from .account.device_events import SIGNAL_DEVICE_EVENT, DeviceEvent, DeviceEventType
from .api import slug
from .control.targets import devices_of_target

_COMMAND: Final = "command"


class DeviceTrigger(Trigger):
    """A trigger of something that happens to devices; its target is looked up whenever that does."""

    _options: ClassVar[VolDictType] = {}

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
        self._commands: frozenset[str] = frozenset((config.options or {}).get(_COMMAND, ()))

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
                _ = run_action(dict(event.data), event.description, event.context)

        return async_dispatcher_connect(self._hass, SIGNAL_DEVICE_EVENT, on_event)


class CommandTrigger(DeviceTrigger):
    """A trigger of what becomes of commands: of all, or of those that are named, as slugs or as Amps writes them."""

    _options: ClassVar[VolDictType] = {vol.Optional(_COMMAND): vol.All(cv.ensure_list, [cv.string], [slug])}


TRIGGERS: Final[Mapping[str, type[Trigger]]] = {
    each: DeviceTrigger if each is DeviceEventType.DATA_STALE else CommandTrigger for each in DeviceEventType
}


async def async_get_triggers(hass: HomeAssistant) -> dict[str, type[Trigger]]:
    """Return the triggers by their names."""
    return dict(TRIGGERS)
