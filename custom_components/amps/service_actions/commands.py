"""The actions that send commands (design §6)."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from homeassistant.core import Context, ServiceCall, ServiceResponse, SupportsResponse
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.typing import VolDictType
from homeassistant.util.async_ import create_eager_task
from homeassistant.util.json import JsonObjectType
import voluptuous as vol

from ..api import slug
from ..api.models import Action
from ..const import DOMAIN
from ..control.runner import async_run_command
from ..control.targets import Target, async_resolve_targets
from ..rules.capability import CommandRequest, OnConflict, ParameterValue
from .responses import build_response
from .service_action import ServiceAction

ATTR_COMMAND: Final = "command"
ATTR_MODE: Final = "mode"
ATTR_ON_CONFLICT: Final = "on_conflict"
ATTR_PARAMETERS: Final = "parameters"

LEVELS: Final[Mapping[str, tuple[str, str]]] = {
    "target_level": ("target", "percent"),
    "power": ("power", "kw"),
    "reserve_level": ("reserve", "percent"),
}
"""The fields of charge and discharge: the parameter each is, and the unit it is in (api §4.3)."""

COMMON_FIELDS: Final[VolDictType] = {
    vol.Optional(ATTR_ON_CONFLICT, default=OnConflict.FAIL): vol.Coerce(OnConflict),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandAction:
    """An action that sends one command to each of its targets."""

    fields: VolDictType = field(default_factory=dict)
    command_fn: Callable[[Mapping[str, Any]], str]
    """Returns the command, a slug."""
    parameters_fn: Callable[[Mapping[str, Any]], dict[str, ParameterValue]] = lambda _: {}
    """Returns its parameters, by slug."""


def _levels(data: Mapping[str, Any]) -> dict[str, ParameterValue]:
    return {name: ParameterValue(value=data[key], unit=unit) for key, (name, unit) in LEVELS.items() if key in data}


def _declared(data: Mapping[str, Any]) -> dict[str, ParameterValue]:
    return {name: ParameterValue(value=value) for name, value in data[ATTR_PARAMETERS].items()}


LEVEL_FIELDS: Final[VolDictType] = {vol.Optional(key): vol.Coerce(float) for key in LEVELS}

_COMMANDS: Final[Mapping[str, CommandAction]] = {
    "charge": CommandAction(fields=LEVEL_FIELDS, command_fn=lambda _: "charge", parameters_fn=_levels),
    "discharge": CommandAction(fields=LEVEL_FIELDS, command_fn=lambda _: "discharge", parameters_fn=_levels),
    "idle": CommandAction(command_fn=lambda _: "idle"),
    "set_mode": CommandAction(
        fields={
            vol.Required(ATTR_MODE): vol.In(["auto_balanced", "auto_reserve", "auto_export", "follow_schedule"]),
        },
        command_fn=lambda data: str(data[ATTR_MODE]),
    ),
    "send_command": CommandAction(
        fields={
            vol.Required(ATTR_COMMAND): vol.All(cv.string, slug),
            vol.Optional(ATTR_PARAMETERS, default=dict): {vol.All(cv.string, slug): vol.Coerce(float)},
        },
        command_fn=lambda data: str(data[ATTR_COMMAND]),
        parameters_fn=_declared,
    ),
}


async def _async_send_command(action: CommandAction, call: ServiceCall) -> ServiceResponse:
    """Send a command to each target and return what became of it, device by device."""
    request = CommandRequest(
        command=action.command_fn(call.data),
        parameters=action.parameters_fn(call.data),
        on_conflict=call.data[ATTR_ON_CONFLICT],
    )
    targets = await async_resolve_targets(call)
    errors: dict[str, HomeAssistantError] = {}
    meant: dict[str, Target] = {}
    for registry_id, target in targets.items():
        if isinstance(target, HomeAssistantError):
            errors[registry_id] = target
        elif _is_meant(target, request):
            meant[registry_id] = target
    if not meant and not errors:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="no_target",
            translation_placeholders={"command": request.command},
        )
    actions: dict[str, Action] = {}
    for registry_id, outcome in (await _async_run_all(meant, request, call.context)).items():
        if isinstance(outcome, HomeAssistantError):
            errors[registry_id] = outcome
        else:
            actions[registry_id] = outcome
    return build_response(call, "action", {id_: _shown(sent) for id_, sent in actions.items()}, errors)


async def _async_run_all(
    targets: Mapping[str, Target], request: CommandRequest, context: Context
) -> dict[str, Action | HomeAssistantError]:
    """Command all targets at the same time and return what became of each: one that is held up holds up no other."""

    async def run(target: Target) -> Action | HomeAssistantError:
        try:
            return await async_run_command(target, request, context)
        except HomeAssistantError as err:
            return err

    runs = {create_eager_task(run(target)): registry_id for registry_id, target in targets.items()}
    pending = set(runs)
    try:
        while pending:
            done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
            # In the sandbox an effect shows at once (api §11.1); once for each account, however many were commanded.
            accepted = [
                targets[runs[each]] for each in done if not each.exception() and isinstance(each.result(), Action)
            ]
            for coordinator in {now.coordinator for target in accepted if (now := target.current())}:
                if coordinator.state.policy.sandbox:
                    await coordinator.async_refresh()
    finally:
        for each in pending:
            each.cancel()
    return {registry_id: each.result() for each, registry_id in runs.items()}


def _is_meant(target: Target, request: CommandRequest) -> bool:
    """Return whether the caller means this device; one without the command stands in the area for other reasons."""
    return target.named or target.device is None or request.command in target.device.commands


def _shown(action: Action) -> JsonObjectType:
    shown = {"id", "command", "parameters", "state", "created_at", "start", "end"}
    return action.model_dump(mode="json", include=shown)


ACTIONS: Final[Mapping[str, ServiceAction]] = {
    name: ServiceAction(
        handler=partial(_async_send_command, action),
        schema=cv.make_entity_service_schema({**action.fields, **COMMON_FIELDS}),
        supports_response=SupportsResponse.OPTIONAL,
    )
    for name, action in _COMMANDS.items()
}
