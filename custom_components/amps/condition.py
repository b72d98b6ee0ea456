"""Conditions of automations: what can be said of devices, and generic conditions cannot say (design §7)."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import ClassVar, Final, Unpack, override

from homeassistant.const import CONF_OPTIONS, CONF_TARGET
from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.condition import (
    ATTR_BEHAVIOR,
    BEHAVIOR_ALL,
    BEHAVIOR_ANY,
    Condition,
    ConditionCheckParams,
    ConditionConfig,
)
from homeassistant.helpers.typing import ConfigType, VolDictType
import voluptuous as vol

from .api import slug
from .api.models import Command
from .control.targets import Target, devices_of_target
from .rules.capability import declares
from .rules.effective import standing_action

_COMMAND: Final = "command"
_PARAMETER: Final = "parameter"
_SLUGS: Final = vol.All(cv.ensure_list, [cv.string], [slug])
_BEHAVIOR: Final[VolDictType] = {
    vol.Required(ATTR_BEHAVIOR, default=BEHAVIOR_ANY): vol.In([BEHAVIOR_ANY, BEHAVIOR_ALL])
}


class DeviceCondition(Condition):
    """A condition that any of the target's devices meets, or all; one that nothing is known of meets none."""

    _options: ClassVar[VolDictType] = _BEHAVIOR

    @classmethod
    @override
    async def async_validate_config(cls, hass: HomeAssistant, config: ConfigType) -> ConfigType:
        schema = vol.Schema(
            {vol.Required(CONF_TARGET): cv.TARGET_FIELDS, vol.Required(CONF_OPTIONS, default={}): cls._options}
        )
        validated: ConfigType = schema(config)
        return validated

    def __init__(self, hass: HomeAssistant, config: ConditionConfig) -> None:
        """Take target and options as they were validated."""
        super().__init__(hass, config)
        options = config.options or {}
        self._target = config.target or {}
        self._needs_all = options.get(ATTR_BEHAVIOR) == BEHAVIOR_ALL
        self._commands: frozenset[str] = frozenset(options.get(_COMMAND, ()))
        self._parameters: frozenset[str] = frozenset(options.get(_PARAMETER, ()))

    @override
    def _async_check(self, **kwargs: Unpack[ConditionCheckParams]) -> bool:
        """Check the devices of the target; without any of ours there is none that could meet it."""
        targets = devices_of_target(self._hass, self._target).values()
        met = [
            isinstance(each, Target) and self._is_met(each)
            for each in targets
            if not isinstance(each, Target) or self._concerns(each)
        ]
        return bool(met) and (all(met) if self._needs_all else any(met))

    def _concerns(self, target: Target) -> bool:
        """Return whether a device counts; one that is in the area for other reasons may not."""
        return True

    @abstractmethod
    def _is_met(self, target: Target) -> bool:
        """Return whether a device meets the condition."""


class AuthoritativeCondition(DeviceCondition):
    """Whether what is shown of a device is its own present state.

    With commands or parameters only devices count that take any of them: what an action skips in an area must not
    stand in its way.
    """

    _options: ClassVar[VolDictType] = {**_BEHAVIOR, vol.Optional(_COMMAND): _SLUGS, vol.Optional(_PARAMETER): _SLUGS}

    @override
    def _concerns(self, target: Target) -> bool:
        commands = _declared(target)
        names = self._commands or commands.keys()
        return not (self._commands or self._parameters) or any(
            declares(commands, name, self._parameters) for name in names
        )

    @override
    def _is_met(self, target: Target) -> bool:
        return target.device_id in target.coordinator.availability


class FollowingCommandCondition(DeviceCondition):
    """Whether a device does what it was commanded last.

    That command stands or its window is open, and nothing overrides it; nobody knows while the reading is too old.
    """

    _options: ClassVar[VolDictType] = {
        **_BEHAVIOR,
        vol.Optional(_COMMAND): _SLUGS,
    }

    @override
    def _concerns(self, target: Target) -> bool:
        return bool(_declared(target))

    @override
    def _is_met(self, target: Target) -> bool:
        coordinator, device_id = target.coordinator, target.device_id
        record = coordinator.state.devices.get(device_id)
        if record is None or device_id not in coordinator.availability:
            return False
        action = standing_action(record.actions, coordinator.state.service_time())
        return (
            action is not None
            and (not self._commands or action.command in self._commands)
            and coordinator.store.evaluate_override(record) is False
        )


def _declared(target: Target) -> Mapping[str, Command]:
    """Return the commands that a device declares, or did while it was listed."""
    return target.coordinator.state.devices[target.device_id].device.commands


CONDITIONS: Final[Mapping[str, type[Condition]]] = {
    "is_authoritative": AuthoritativeCondition,
    "is_following_command": FollowingCommandCondition,
}


async def async_get_conditions(hass: HomeAssistant) -> dict[str, type[Condition]]:
    """Return the conditions by their names."""
    return dict(CONDITIONS)
