"""Cancelling what is still scheduled (design §6; api §6.6)."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Final

from homeassistant.core import Context
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError

from ..account.connection import AmpsNotSentError
from ..account.request_log import Purpose
from ..api import (
    AmpsConflictError,
    AmpsError,
    AmpsNotFoundError,
    display_text,
)
from ..api.models import Action, ActionState
from ..const import DOMAIN, LOGGER
from ..coordinator import AmpsCoordinator
from ..rules.capability import CommandRequest
from ..rules.request_limits import AmpsPausedError
from .errors import ARRIVED_AFTER, UNANSWERED, validation_error
from .outcome import async_current_action, command_error
from .queue import async_run_in_turn
from .targets import Target, find_device

_CANCEL: Final = CommandRequest(command="cancel")
"""What messages name it: Amps has no such command."""


async def async_cancel_scheduled(target: Target, context: Context | None = None) -> list[Action]:
    """Cancel all actions of a device that are still scheduled, and return them; their events have this context.

    All are tried before the first error is raised. Raises ServiceValidationError when nothing is scheduled.
    """
    return await _async_run(target, partial(_async_cancel_all, context=context))


def has_scheduled(target: Target) -> bool:
    """Return whether there is something to cancel: in an area are devices, too, for which nothing is scheduled."""
    record = target.record
    return record is not None and any(each.state is ActionState.SCHEDULED for each in record.actions.values())


async def async_cancel_action(target: Target, action_id: str, context: Context | None = None) -> Action:
    """Cancel an action of a device, and return it; its events have this context.

    Raises ServiceValidationError when the device has no such action, or when that is not scheduled any more.
    """
    return await _async_run(target, partial(_async_cancel_one, action_id=action_id, context=context))


async def _async_run[ResultT](target: Target, cancel: Callable[[Target], Awaitable[ResultT]]) -> ResultT:
    """Run in the turn of the device, by its account as it is loaded then."""

    async def run() -> ResultT:
        current, _ = find_device(target)
        return await cancel(current)

    find_device(target)  # what can never be sent need not wait for its turn
    return await async_run_in_turn(target.coordinator.hass, target.device_id, run, name=target.name)


async def _async_cancel_all(target: Target, *, context: Context | None) -> list[Action]:
    actions = target.coordinator.state.devices[target.device_id].actions
    cancelled: list[Action] = []
    errors: list[HomeAssistantError] = []
    for action_id in [each.id for each in actions.values() if each.state in {None, ActionState.SCHEDULED}]:
        try:
            action = await _async_current(target, action_id)
            if action is not None and action.state is ActionState.SCHEDULED:
                cancelled.append(await async_send_cancel(target, action, context))
        except HomeAssistantError as err:
            errors.append(err)
    if errors:
        raise errors[0]
    if not cancelled:
        raise validation_error(device=target.name, key="nothing_scheduled")
    return cancelled


async def _async_cancel_one(target: Target, *, action_id: str, context: Context | None) -> Action:
    action = await _async_current(target, action_id)
    if action is None:
        raise validation_error(device=target.name, key="action_gone", action=display_text(action_id))
    if action.state is not ActionState.SCHEDULED:
        raise _not_cancellable(target, action, action.state)
    return await async_send_cancel(target, action, context)


async def _async_current(target: Target, action_id: str) -> Action | None:
    """Return an action of the device as it stands now, None if the device has none of that id."""
    coordinator = target.coordinator
    try:
        if action_id in coordinator.state.devices[target.device_id].actions:
            return await async_current_action(coordinator, target.device_id, action_id)
        action = await coordinator.state.client_for(Purpose.CANCEL).read_action(action_id)
    except AmpsNotFoundError:
        return None
    except AmpsError as err:
        await coordinator.error_handler.async_handle(err)
        raise command_error(err, target.name, _CANCEL) from err
    # Who may control this device may not control another one by the id of its action.
    if action.device_id != target.device_id:
        return None
    coordinator.state.apply_action(target.device_id, action)
    return action


async def async_send_cancel(target: Target, action: Action, context: Context | None) -> Action:
    """Cancel an action that was scheduled just now, in the turn of its device; looks up an answer that is lost.

    Raises ServiceValidationError when it is not scheduled any more, HomeAssistantError when it was not cancelled.
    """
    coordinator = target.coordinator
    try:
        answer = await coordinator.state.client_for(Purpose.CANCEL).cancel_action(action.id)
    except (AmpsPausedError, AmpsNotSentError) as err:
        raise command_error(err, target.name, _CANCEL) from err
    except AmpsNotFoundError as err:
        raise validation_error(device=target.name, key="action_gone", action=display_text(action.id)) from err
    except AmpsConflictError as err:
        if (found := await _async_read(coordinator, action.id)) is not None:
            coordinator.state.apply_action(target.device_id, found)
        raise _not_cancellable(target, action, found.state if found else None) from err
    except UNANSWERED as err:
        answer = await _async_find_outcome(target, action, command_error(err, target.name, _CANCEL))
    except AmpsError as err:
        await coordinator.error_handler.async_handle(err)
        raise command_error(err, target.name, _CANCEL) from err
    coordinator = target.latest.coordinator
    if context is not None and answer.state is ActionState.CANCELLED:
        coordinator.action_events.set_context(action.id, context)
    coordinator.state.apply_action(target.device_id, answer)
    if answer.state is ActionState.CANCELLED:
        return answer
    raise _not_cancellable(target, action, answer.state)


async def _async_find_outcome(target: Target, action: Action, unknown: HomeAssistantError) -> Action:
    """Return the action after an attempt to cancel it that was not answered, reading it twice.

    Raises that the outcome is unknown when it cannot be read, and that the attempt was lost when it is still scheduled.
    """
    found = None
    for wait in (0.0, ARRIVED_AFTER):
        await asyncio.sleep(wait)
        found = await _async_read(target.latest.coordinator, action.id)
        if found is not None and found.state is not ActionState.SCHEDULED:
            return found
    if found is None:
        raise unknown
    raise HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key="cancel_lost",
        translation_placeholders={
            **(unknown.translation_placeholders or {}),
            "device": target.name,
            "action": action.command or action.id,
        },
    )


async def _async_read(coordinator: AmpsCoordinator, action_id: str) -> Action | None:
    """Return an action as it is read, None when it cannot be."""
    try:
        return await coordinator.state.client_for(Purpose.CANCEL).read_action(action_id)
    except AmpsError as err:
        LOGGER.debug("%s: an action that was to be cancelled was not read: %s", coordinator.name, err)
        await coordinator.error_handler.async_handle(err)
        return None


def _not_cancellable(target: Target, action: Action, state: ActionState | None) -> ServiceValidationError:
    shown = "unknown" if state in {None, ActionState.UNKNOWN_VALUE} else str(state)
    return validation_error(device=target.name, key="not_cancellable", action=action.command or action.id, state=shown)
