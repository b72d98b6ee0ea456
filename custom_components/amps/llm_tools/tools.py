"""The tools: reading devices, commanding one, and cancelling what is scheduled for one (design §7)."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, override

from homeassistant.auth.permissions.const import POLICY_CONTROL, POLICY_READ
from homeassistant.core import Context, HomeAssistant, callback
from homeassistant.exceptions import ServiceValidationError, Unauthorized
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.intent import is_blank_slot_value
from homeassistant.helpers.llm import (
    LLMContext,
    Tool,
    ToolAnnotations,
    ToolInput,
    ToolResult,
    async_get_match_preferences,
)
from homeassistant.helpers.typing import VolDictType
import voluptuous as vol

from ..account.action_texts import command_text, time_text
from ..api.models import DEVICE_CLASSES
from ..const import DOMAIN
from ..control.cancel import async_cancel_scheduled, has_scheduled
from ..control.runner import CommandResult, async_run_command
from ..control.targets import Target, async_check_permission
from ..rules.capability import HOLD, CommandRequest
from ..rules.follow_up import MODES, PREVIOUS
from ..service_actions import command_fields as fields
from ..service_actions.command_fields import Call
from .exposed import ATTR_AREA, ATTR_DEVICE_TYPE, ATTR_NAME, ExposedDevice, choose, exposed_devices, find_matches
from .states import action_text, number_text, reading_text

_MAX_MINUTES: Final = 31 * 24 * 60
"""No command can end later (api §8.1)."""
_DEVICE: Final[VolDictType] = {
    vol.Optional(ATTR_NAME, description="Name of the device, as it was given to you"): cv.string,
    vol.Optional(ATTR_AREA, description="Name of the area or floor that the device is in"): cv.string,
    vol.Optional(ATTR_DEVICE_TYPE, description="Type of the device; a car is a vehicle"): vol.In(
        [each.device_type for each in DEVICE_CLASSES]
    ),
}
_TIMES: Final[VolDictType] = {
    vol.Optional(
        fields.ATTR_START,
        description=(
            "When to begin: a local time of day as HH:MM, which means its next occurrence, or a local date and time as "
            "YYYY-MM-DD HH:MM. Leave it out to begin now"
        ),
    ): cv.string,
    vol.Optional(
        fields.ATTR_END,
        description="When to end, written as start. Leave it out to go on until the next command",
    ): cv.string,
    vol.Optional(fields.ATTR_DURATION, description="How long in minutes, instead of an end"): vol.All(
        vol.Coerce(float), vol.Range(min=1, max=_MAX_MINUTES)
    ),
}
_LEVELS: Final[VolDictType] = {
    vol.Optional("target_level", description="Level in percent at which to stop"): vol.All(
        vol.Coerce(float), vol.Range(min=0, max=100)
    ),
    vol.Optional("power", description="Power in kW; leave it out to let the device choose"): vol.All(
        vol.Coerce(float), vol.Range(min=0)
    ),
    **_TIMES,
    vol.Optional(
        fields.ATTR_READY_BY,
        description="When the target level is to be reached, written as start: instead of start and duration",
    ): cv.string,
    vol.Optional(
        fields.ATTR_THEN,
        description=f"What to do after the end: {PREVIOUS}, what was done before (the default), or {HOLD}, nothing",
    ): vol.In([PREVIOUS, HOLD]),
}
_ARGUMENTS: Final = vol.Schema(
    {
        **fields.LEVEL_FIELDS,
        **fields.TIME_FIELDS,
        **fields.THEN_FIELD,
        **fields.COMMON_FIELDS,
    },
    extra=vol.REMOVE_EXTRA,
)
"""Reads the arguments of a tool as the actions read their fields, with the same defaults."""

_CONTROL: Final = ToolAnnotations(open_world=False)
"""A command ends what the device does, and a second one like it is another one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandKind:
    """A tool that commands a device."""

    key: str
    title: str
    description: str
    fields: VolDictType
    commands: Collection[str]
    """The commands that it can send; where there are several, the caller chooses one as the mode."""
    follows_up: bool = False
    """Whether the device goes on with what it did before, after an end."""


COMMANDS: Final = (
    CommandKind(
        key="charge",
        title="Charge",
        description="Charges a battery or an EV charger's vehicle, now or in a window of time.",
        fields=_LEVELS,
        commands=("charge",),
        follows_up=True,
    ),
    CommandKind(
        key="discharge",
        title="Discharge",
        description="Discharges a battery, now or in a window of time.",
        fields=_LEVELS,
        commands=("discharge",),
        follows_up=True,
    ),
    CommandKind(
        key="idle",
        title="Idle",
        description=(
            "Stops a device from charging, discharging, heating or cooling: it rests until its next command. "
            "What is only scheduled goes on being scheduled."
        ),
        fields=_TIMES,
        commands=("idle",),
    ),
    CommandKind(
        key="set_mode",
        title="Set mode",
        description=(
            "Hands a device to one of its automatic modes: auto_balanced (self-consumption), auto_reserve (backup), "
            "auto_export (export), follow_schedule (its own schedule)."
        ),
        fields=_TIMES,
        commands=MODES,
    ),
)


class GetDevicesTool(Tool):
    """Tells what devices do, how full they are and what is scheduled, without any request."""

    name = f"{DOMAIN}__get_devices"
    title = "Get energy devices"
    description = (
        "Tells what batteries, EV chargers, HVAC, solar inverters and vehicles do now: level, power, mode, last "
        "command, what is scheduled, and how old each reading is. Without arguments it tells of all of them."
    )
    parameters = vol.Schema(_DEVICE)
    annotations = ToolAnnotations(read_only=True, destructive=False, idempotent=True, open_world=False)
    integration = DOMAIN

    @override
    async def async_call(self, hass: HomeAssistant, tool_input: ToolInput, llm_context: LLMContext) -> ToolResult:
        args = _arguments(self, tool_input)
        devices = await _async_devices(hass, llm_context, POLICY_READ)
        return ToolResult(data={"devices": [_description(each) for each in find_matches(hass, devices, args)]})


class CommandTool(Tool):
    """Commands one device, on the way of every command."""

    annotations = _CONTROL
    integration = DOMAIN

    def __init__(self, kind: CommandKind, commands: Collection[str]) -> None:
        """Offer those commands of a kind that there is a device for."""
        self.name = f"{DOMAIN}__{kind.key}"
        self.title = kind.title
        self.description = kind.description
        self._kind = kind
        mode: VolDictType = (
            {vol.Required(fields.ATTR_MODE, description="The mode to set"): vol.In(sorted(commands))}
            if len(kind.commands) > 1
            else {}
        )
        self.parameters = vol.Schema({**_DEVICE, **mode, **kind.fields})

    @override
    async def async_call(self, hass: HomeAssistant, tool_input: ToolInput, llm_context: LLMContext) -> ToolResult:
        args = _arguments(self, tool_input)
        command = args.get(fields.ATTR_MODE, self._kind.key)
        devices = await _async_devices(hass, llm_context, POLICY_READ, POLICY_CONTROL)
        chosen, target = choose(
            find_matches(hass, devices, args),
            devices,
            command,
            lambda each: each.takes(command),
            async_get_match_preferences(hass, llm_context).area_id,
        )
        await _async_check_control(hass, llm_context, chosen)
        result = await async_run_command(target, _request(hass, self._kind, command, args), llm_context.context)
        return ToolResult(data={"result": " ".join(_outcome(hass, target, result))})


class CancelTool(Tool):
    """Cancels what is still scheduled for one device."""

    name = f"{DOMAIN}__cancel_scheduled"
    title = "Cancel scheduled commands"
    description = (
        "Cancels all commands of a device that are still scheduled. What has begun is not cancelled by this: "
        f"{DOMAIN}__idle stops it."
    )
    parameters = vol.Schema(_DEVICE)
    annotations = _CONTROL
    integration = DOMAIN

    @override
    async def async_call(self, hass: HomeAssistant, tool_input: ToolInput, llm_context: LLMContext) -> ToolResult:
        args = _arguments(self, tool_input)
        devices = await _async_devices(hass, llm_context, POLICY_READ, POLICY_CONTROL)
        matches = find_matches(hass, devices, args)
        chosen, target = choose(
            [each for each in matches if isinstance(each.target, Target) and has_scheduled(each.target)] or matches,
            devices,
            "cancel",
            lambda each: each.device is not None and bool(each.device.commands),
            async_get_match_preferences(hass, llm_context).area_id,
        )
        await _async_check_control(hass, llm_context, chosen)
        cancelled = await async_cancel_scheduled(target, llm_context.context)
        cancelled_texts = " ".join(f"{action_text(hass, each)}." for each in cancelled)
        return ToolResult(data={"result": f"{target.name}: {cancelled_texts}"})


@callback
def offered_tools(devices: Collection[ExposedDevice]) -> list[Tool]:
    """Return the tools that these devices, of which there is one at least, are reason for."""
    tools: list[Tool] = [GetDevicesTool()]
    declared = {command for each in devices if each.controllable and each.device for command in each.device.commands}
    tools += [CommandTool(kind, offered) for kind in COMMANDS if (offered := declared & set(kind.commands))]
    return [*tools, CancelTool()] if declared else tools


def _arguments(tool: Tool, tool_input: ToolInput) -> Mapping[str, Any]:
    """Return the arguments of a call without the blank ones, which language models often send."""
    given = {name: value for name, value in tool_input.tool_args.items() if not is_blank_slot_value(value)}
    arguments: Mapping[str, Any] = tool.parameters(given)
    return arguments


def _request(hass: HomeAssistant, kind: CommandKind, command: str, args: Mapping[str, Any]) -> CommandRequest:
    """Return what the actions would make of the arguments.

    After a window the device goes on with what it did before, as a person expects who says until when (design §9).
    """
    given = dict(args)
    if (minutes := args.get(fields.ATTR_DURATION)) is not None:
        given[fields.ATTR_DURATION] = {"minutes": minutes}
    if kind.follows_up and given.keys() & {fields.ATTR_END, fields.ATTR_DURATION}:
        given.setdefault(fields.ATTR_THEN, PREVIOUS)
    call = Call(data=_ARGUMENTS(given), temperature_unit=hass.config.units.temperature_unit)
    return fields.build_request(call, command, fields.levels(call))


def _description(exposed: ExposedDevice) -> str:
    target = exposed.target
    record = target.coordinator.state.devices.get(target.device_id) if isinstance(target, Target) else None
    if not isinstance(target, Target) or record is None:
        return f"{exposed.name}: unavailable. {target}"
    return f"{exposed.label}: {reading_text(target, record)}"


def _outcome(hass: HomeAssistant, target: Target, result: CommandResult) -> Iterator[str]:
    """Yield what a command came to, what to expect of it, and what follows."""
    action, plan = result.action, result.plan
    if action is None:
        level = "there" if plan.change is None else f"at {number_text(plan.change.level)} %"
        yield f"{target.name}: the level is {level} already, so nothing was sent."
        return
    yield f"{target.name}: {action_text(hass, action)}{'' if action.end else ', until the next command'}."
    expected = plan.expected
    if expected.level is not None and plan.change is not None and not plan.change.is_reached:
        when = f" at {time_text(expected.reached_at)}" if expected.reached_at else " at the end"
        yield f"Expected level: {number_text(expected.level)} %{when}."
    if plan.follow_up is not None:
        yield f"After that: {command_text(hass, 'plan', plan.follow_up.command, None)}."
    elif action.end is not None:
        yield "After that it rests until its next command."


async def _async_devices(hass: HomeAssistant, llm_context: LLMContext, *policies: str) -> list[ExposedDevice]:
    """Return the exposed devices that the user who speaks is permitted one of these for; others are left out."""
    return [
        each
        for each in exposed_devices(hass, llm_context.assistant)
        if any([await _async_is_permitted(hass, llm_context, each, policy) for policy in policies])
    ]


async def _async_is_permitted(
    hass: HomeAssistant, llm_context: LLMContext, exposed: ExposedDevice, policy: str
) -> bool:
    try:
        await async_check_permission(hass, llm_context.context or Context(), exposed.registry_id, policy)
    except Unauthorized:
        return False
    return True


async def _async_check_control(hass: HomeAssistant, llm_context: LLMContext, exposed: ExposedDevice) -> None:
    """Raise, in words, unless the user who speaks may control a device."""
    if not await _async_is_permitted(hass, llm_context, exposed, POLICY_CONTROL):
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="not_permitted",
            translation_placeholders={"device": exposed.name},
        )
