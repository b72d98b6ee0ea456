"""The actions (design §6)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from homeassistant.core import HomeAssistant, ServiceCall, ServiceResponse, SupportsResponse, callback
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.typing import VolDictType
from homeassistant.util.json import JsonObjectType
import voluptuous as vol

from .api import slug
from .api.models import Action
from .commands import Amount, CommandRequest, OnConflict, async_push
from .const import DOMAIN
from .targets import Target, async_resolve_targets

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

    fields: VolDictType
    request_fn: Callable[[Mapping[str, Any]], CommandRequest]


def _levels(data: Mapping[str, Any]) -> dict[str, Amount]:
    return {
        parameter: Amount(value=data[field], unit=unit) for field, (parameter, unit) in LEVELS.items() if field in data
    }


LEVEL_FIELDS: Final[VolDictType] = {vol.Optional(field): vol.Coerce(float) for field in LEVELS}

ACTIONS: Final[Mapping[str, CommandAction]] = {
    "charge": CommandAction(
        fields=LEVEL_FIELDS,
        request_fn=lambda data: CommandRequest(
            command="charge", parameters=_levels(data), on_conflict=data[ATTR_ON_CONFLICT]
        ),
    ),
    "discharge": CommandAction(
        fields=LEVEL_FIELDS,
        request_fn=lambda data: CommandRequest(
            command="discharge", parameters=_levels(data), on_conflict=data[ATTR_ON_CONFLICT]
        ),
    ),
    "idle": CommandAction(
        fields={},
        request_fn=lambda data: CommandRequest(command="idle", on_conflict=data[ATTR_ON_CONFLICT]),
    ),
    "set_mode": CommandAction(
        fields={
            vol.Required(ATTR_MODE): vol.In(["auto_balanced", "auto_reserve", "auto_export", "follow_schedule"]),
        },
        request_fn=lambda data: CommandRequest(command=data[ATTR_MODE], on_conflict=data[ATTR_ON_CONFLICT]),
    ),
    "send_command": CommandAction(
        fields={
            vol.Required(ATTR_COMMAND): vol.All(cv.string, slug),
            vol.Optional(ATTR_PARAMETERS, default=dict): {vol.All(cv.string, slug): vol.Coerce(float)},
        },
        request_fn=lambda data: CommandRequest(
            command=data[ATTR_COMMAND],
            parameters={name: Amount(value=value) for name, value in data[ATTR_PARAMETERS].items()},
            on_conflict=data[ATTR_ON_CONFLICT],
        ),
    ),
}


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register the actions."""
    for name, action in ACTIONS.items():
        hass.services.async_register(
            DOMAIN,
            name,
            partial(_async_send_command, hass, action),
            schema=cv.make_entity_service_schema({**action.fields, **COMMON_FIELDS}),
            supports_response=SupportsResponse.OPTIONAL,
        )


async def _async_send_command(hass: HomeAssistant, action: CommandAction, call: ServiceCall) -> ServiceResponse:
    """Send a command to each target and return what became of it, device by device."""
    request = action.request_fn(call.data)
    actions: dict[str, Action] = {}
    errors: dict[str, HomeAssistantError] = {}
    for registry_id, target in (await async_resolve_targets(hass, call)).items():
        if isinstance(target, HomeAssistantError):
            errors[registry_id] = target
        elif _is_meant(target, request):
            try:
                actions[registry_id] = await async_push(target.coordinator, target.device_id, request)
            except HomeAssistantError as err:
                errors[registry_id] = err
    if not actions and not errors:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="no_target",
            translation_placeholders={"command": request.command},
        )
    if errors and not (call.return_response and actions):
        raise _as_one(list(errors.values()))
    if not call.return_response:
        return None
    return {"devices": {**{id_: _success(sent) for id_, sent in actions.items()}, **_failures(errors)}}


def _is_meant(target: Target, request: CommandRequest) -> bool:
    """Return whether the caller means this device; one without the command stands in the area for other reasons."""
    return target.named or request.command in target.device.commands


def _as_one(errors: list[HomeAssistantError]) -> HomeAssistantError:
    if len(errors) == 1:
        return errors[0]
    only_wrong_use = all(isinstance(err, ServiceValidationError) for err in errors)
    kind = ServiceValidationError if only_wrong_use else HomeAssistantError
    return kind(
        translation_domain=DOMAIN,
        translation_key="several_failed",
        translation_placeholders={"errors": " ".join(str(err) for err in errors)},
    )


def _success(action: Action) -> JsonObjectType:
    shown = {"id", "command", "parameters", "state", "created_at", "start", "end"}
    return {"ok": True, "action": action.model_dump(mode="json", include=shown), "error": None}


def _failures(errors: Mapping[str, HomeAssistantError]) -> JsonObjectType:
    return {
        id_: {"ok": False, "action": None, "error": {"code": _code(err), "message": str(err)}}
        for id_, err in errors.items()
    }


def _code(err: HomeAssistantError) -> str:
    """Return Amps' own code where Amps refused, else the key of our message."""
    return (err.translation_placeholders or {}).get("code") or err.translation_key or "unknown"
