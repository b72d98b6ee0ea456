"""The actions about actions: what became of them, and cancelling what is still scheduled (design §6)."""

from typing import Final

from homeassistant.auth.permissions.const import POLICY_READ
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import ATTR_AREA_ID, ATTR_DEVICE_ID, ATTR_ENTITY_ID, ATTR_FLOOR_ID, ATTR_LABEL_ID
from homeassistant.core import HomeAssistant, ServiceCall, ServiceResponse, SupportsResponse
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.util.json import JsonValueType
import voluptuous as vol

from ..account.request_log import Purpose
from ..api import AmpsError, AmpsNotFoundError, display_text, read_id
from ..api.models import Action, ActionState
from ..const import DOMAIN
from ..control.cancel import async_cancel_action, async_cancel_scheduled, has_scheduled
from ..control.errors import Messages, request_error, validation_error
from ..control.targets import Target, async_check_permission, find_action_targets
from ..coordinator import AmpsCoordinator
from ..rules.merge import is_open
from .each_device import async_for_each_device
from .responses import build_response
from .service_action import ServiceAction

ATTR_ACTION_ID: Final = "action_id"
ATTR_LIMIT: Final = "limit"
ATTR_STATE: Final = "state"

_ACTION_NOT_READ: Final[Messages] = {AmpsError: "action_not_read"}
_ACTIONS_NOT_READ: Final[Messages] = {AmpsError: "actions_not_read"}
_DEFAULT_LIMIT: Final = 10
_MAX_LIMIT: Final = 200
_TARGETS: Final = (ATTR_DEVICE_ID, ATTR_ENTITY_ID, ATTR_AREA_ID, ATTR_FLOOR_ID, ATTR_LABEL_ID)


async def _async_get_actions(call: ServiceCall) -> ServiceResponse:
    """Return the latest actions of each target, the newest first."""

    async def read(target: Target) -> JsonValueType:
        state = target.coordinator.state
        try:
            actions = await state.client_for(Purpose.ON_DEMAND).list_actions(
                device_id=target.device_id, state=call.data.get(ATTR_STATE), limit=call.data[ATTR_LIMIT]
            )
        except AmpsError as err:
            await target.coordinator.error_handler.async_handle(err)
            raise request_error(err, _ACTIONS_NOT_READ, device=target.name) from err
        for action in actions:
            if action.device_id == target.device_id and is_open(action):
                state.apply_action(target.device_id, action)
        return [_shown(each) for each in actions if each.device_id in {target.device_id, None}]

    return await async_for_each_device(call, "actions", read, is_meant=_takes_commands, policy=POLICY_READ)


async def _async_cancel(call: ServiceCall) -> ServiceResponse:
    """Cancel one action, or all that are scheduled for each target."""
    action_id, has_targets = call.data.get(ATTR_ACTION_ID), any(call.data.get(key) for key in _TARGETS)
    if (action_id is not None) is has_targets:
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="nothing_to_cancel")
    if action_id is not None:
        return await _async_cancel_one(call, action_id)

    async def cancel(target: Target) -> JsonValueType:
        return [_shown(each) for each in await async_cancel_scheduled(target, call.context)]

    return await async_for_each_device(call, "actions", cancel, is_meant=has_scheduled)


async def _async_cancel_one(call: ServiceCall, action_id: str) -> ServiceResponse:
    found = next(find_action_targets(call.hass, action_id), None)
    registry_id, target = found or await _async_look_up(call.hass, action_id)
    await async_check_permission(call.hass, call.context, registry_id)
    cancelled = await async_cancel_action(target, action_id, call.context)
    return build_response(call, {registry_id: {"actions": [_shown(cancelled)]}}, {}, empty={})


async def _async_look_up(hass: HomeAssistant, action_id: str) -> tuple[str, Target]:
    """Return the device of an action that no reading has shown yet, asking each account for it.

    Raises HomeAssistantError when one could not be asked, ServiceValidationError when none has the action.
    """
    unknown: HomeAssistantError | None = None
    entries = hass.config_entries.async_entries(DOMAIN, include_disabled=False)
    for entry in entries if read_id(action_id) is not None else ():
        if entry.state is not ConfigEntryState.LOADED:
            unknown = validation_error(key="account_not_loaded", device=entry.title)
            continue
        coordinator: AmpsCoordinator = entry.runtime_data.coordinator
        state = coordinator.state
        try:
            action = await state.client_for(Purpose.CANCEL).read_action(action_id)
        except AmpsNotFoundError:
            continue
        except AmpsError as err:
            await coordinator.error_handler.async_handle(err)
            unknown = request_error(err, _ACTION_NOT_READ, device=entry.title, action=display_text(action_id))
            continue
        if action.device_id is not None:
            state.apply_action(action.device_id, action)
    if (found := next(find_action_targets(hass, action_id), None)) is not None:
        return found
    raise unknown or ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key="action_not_found",
        translation_placeholders={"action": display_text(action_id)},
    )


def _takes_commands(target: Target) -> bool:
    return target.record is not None and bool(target.record.device.commands)


def _shown(action: Action) -> JsonValueType:
    """Return an action in canonical names, times in UTC."""
    return action.model_dump(mode="json", exclude={"device_id"})


ACTIONS: Final = {
    "get_actions": ServiceAction(
        handler=_async_get_actions,
        schema=cv.make_entity_service_schema(
            {
                vol.Optional(ATTR_STATE): vol.In([each.value for each in ActionState if each != "unknown_value"]),
                vol.Optional(ATTR_LIMIT, default=_DEFAULT_LIMIT): vol.All(
                    vol.Coerce(int), vol.Range(min=1, max=_MAX_LIMIT)
                ),
            }
        ),
        supports_response=SupportsResponse.ONLY,
    ),
    "cancel_action": ServiceAction(
        handler=_async_cancel,
        schema=vol.Schema({vol.Optional(ATTR_ACTION_ID): cv.string, **cv.TARGET_SERVICE_FIELDS}),
        supports_response=SupportsResponse.OPTIONAL,
    ),
}
