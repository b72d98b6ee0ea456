"""The actions that send commands (design §6)."""

import asyncio
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final

from homeassistant.core import ServiceCall, ServiceResponse, SupportsResponse
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.typing import VolDictType
from homeassistant.util.async_ import create_eager_task
from homeassistant.util.json import JsonObjectType

from ..api.models import Action
from ..const import DOMAIN
from ..control.runner import CommandResult, async_run_command
from ..control.targets import Target, async_resolve_targets
from ..control.waiting import async_follow
from ..rules.capability import CommandRequest, ParameterValue, declares
from . import command_fields as fields
from .command_fields import Call
from .dry_run import dry_run
from .responses import build_response
from .service_action import ServiceAction


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandAction:
    """An action that sends one command to each of its targets."""

    fields: VolDictType = field(default_factory=dict)
    command_fn: Callable[[Call], str]
    """Returns the command, a slug."""
    parameters_fn: Callable[[Call], dict[str, ParameterValue]] = lambda _: {}
    """Returns its parameters, by slug."""


_LEVELS: Final[VolDictType] = {**fields.LEVEL_FIELDS, **fields.THEN_FIELD}

_COMMANDS: Final[Mapping[str, CommandAction]] = {
    "charge": CommandAction(fields=_LEVELS, command_fn=lambda _: "charge", parameters_fn=fields.levels),
    "discharge": CommandAction(fields=_LEVELS, command_fn=lambda _: "discharge", parameters_fn=fields.levels),
    "idle": CommandAction(command_fn=lambda _: "idle"),
    "set_mode": CommandAction(
        fields=fields.MODE_FIELD,
        command_fn=lambda call: str(call.data[fields.ATTR_MODE]),
    ),
    "set_temperature": CommandAction(
        fields={**fields.TEMPERATURE_FIELDS, **fields.THEN_FIELD},
        command_fn=lambda call: str(call.data[fields.ATTR_MODE]),
        parameters_fn=fields.setpoints,
    ),
    "send_command": CommandAction(
        fields=fields.ANY_COMMAND_FIELDS,
        command_fn=lambda call: str(call.data[fields.ATTR_COMMAND]),
        parameters_fn=fields.declared,
    ),
}


async def _async_send_command(action: CommandAction, service_call: ServiceCall) -> ServiceResponse:
    """Send a command to each target and return what became of it, device by device."""
    call = Call(data=service_call.data, temperature_unit=service_call.hass.config.units.temperature_unit)
    request = fields.build_request(call, action.command_fn(call), action.parameters_fn(call))
    errors: dict[str, HomeAssistantError] = {}
    meant: dict[str, Target] = {}
    for registry_id, target in (await async_resolve_targets(service_call)).items():
        if isinstance(target, HomeAssistantError):
            errors[registry_id] = target
        elif _is_meant(target, request.command):
            meant[registry_id] = target
    # What Amps takes no commands for, or none of the parameters, is left out, unless that goes for all: then each says
    # what is wrong.
    meant = {id_: target for id_, target in meant.items() if _is_offered(target)} or meant
    meant = {id_: each for id_, each in meant.items() if _is_meant(each, request.command, request.parameters)} or meant
    if not meant and not errors:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="no_target",
            translation_placeholders={"command": request.command},
        )
    if service_call.data[fields.ATTR_DRY_RUN]:
        return dry_run(service_call, meant, request, errors)
    results: dict[str, JsonObjectType] = {}
    for registry_id, outcome in (await _async_run_all(meant, request, service_call)).items():
        if isinstance(outcome, HomeAssistantError):
            errors[registry_id] = outcome
        else:
            results[registry_id] = _shown(outcome, request)
    return build_response(service_call, results, errors, empty={"action": None})


async def _async_run_all(
    targets: Mapping[str, Target], request: CommandRequest, call: ServiceCall
) -> dict[str, CommandResult | HomeAssistantError]:
    """Command all targets at the same time and return what became of each: one that is held up holds up no other."""

    async def run(target: Target) -> CommandResult | HomeAssistantError:
        try:
            result = await async_run_command(target, request, call.context)
            if result.action is None:
                return result
            wait, seconds = call.data[fields.ATTR_WAIT], call.data[fields.ATTR_WAIT_TIMEOUT].total_seconds()
            return replace(result, action=await async_follow(target, result.action, wait, seconds))
        except HomeAssistantError as err:
            return err

    runs = [create_eager_task(run(target)) for target in targets.values()]
    try:
        return dict(zip(targets, await asyncio.gather(*runs), strict=True))
    finally:
        for each in runs:
            each.cancel()


def _is_meant(target: Target, command: str, parameters: Collection[str] = ()) -> bool:
    """Return whether the caller means this device; one without the command stands in the area for other reasons.

    So does one that takes it with none of the parameters given: a charger beside a battery that is charged to a level.
    One that no list shows any more may still be meant: what it declared then counts.
    """
    record = target.record
    return target.named or (record is not None and declares(record.device.commands, command, parameters))


def _is_offered(target: Target) -> bool:
    """Return whether Amps takes commands for the type of a device, or the caller named it (design §6)."""
    record = target.record
    return target.named or (record is not None and target.coordinator.state.takes_commands(type(record.device)))


def _shown(result: CommandResult, request: CommandRequest) -> JsonObjectType:
    shown: JsonObjectType = {"action": None if result.action is None else shown_action(result.action)}
    if request.times.ready_by is not None:
        shown["ready_at"] = result.ready_at.isoformat() if result.ready_at else None
    return shown


def shown_action(action: Action) -> JsonObjectType:
    """Return what a response says of an action."""
    shown = {"id", "command", "parameters", "state", "created_at", "start", "end"}
    return action.model_dump(mode="json", include=shown)


ACTIONS: Final[Mapping[str, ServiceAction]] = {
    name: ServiceAction(
        handler=partial(_async_send_command, action),
        schema=cv.make_entity_service_schema({**action.fields, **fields.TIME_FIELDS, **fields.COMMON_FIELDS}),
        supports_response=SupportsResponse.OPTIONAL,
    )
    for name, action in _COMMANDS.items()
}
