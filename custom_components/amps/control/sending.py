"""Sends one command, whatever stands in its way for a moment (design §6, api §6.7)."""

from contextlib import suppress
from typing import Final

from homeassistant.core import Context
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError

from ..account.connection import AmpsNotSentError
from ..account.request_log import Purpose
from ..api import (
    AmpsConflictError,
    AmpsError,
    AmpsNotOfferedError,
    AmpsPermissionError,
    CommandPayload,
    slug,
)
from ..api.models import Action, ActionState, AnyDevice
from ..rules.capability import CommandRequest, OnConflict
from ..rules.request_limits import AmpsPausedError
from .cancel import async_send_cancel
from .errors import UNANSWERED
from .outcome import SentCommand, async_find_conflict, async_is_any_in_flight, command_error
from .targets import Target
from .waiting import async_wait_for_end

_MAX_WAIT_LIVE: Final = 60.0
_MAX_WAIT_SANDBOX: Final = 200.0
"""Seconds to wait for an action in flight: failures take half a minute in live, everything three in the sandbox."""


class DeviceFreedError(HomeAssistantError):
    """What was in flight has ended after a wait. What was planned before may be too late, and is planned anew."""


def max_wait(target: Target) -> float:
    """Return for how many seconds an action in flight is waited for (design §6)."""
    return _MAX_WAIT_SANDBOX if target.coordinator.state.policy.sandbox else _MAX_WAIT_LIVE


async def async_send(
    target: Target, request: CommandRequest, payload: CommandPayload, context: Context | None, *, deadline: float
) -> Action:
    """Send a command and return its action, which is applied to the record of the device; its events have this context.

    A command whose answer is lost is looked up, and never sent again. Raises HomeAssistantError for what Amps refused
    or left unanswered; an action in flight is waited for until the deadline, in seconds of the event loop's clock.
    """
    state = target.coordinator.state
    device = state.devices[target.device_id].device
    sent = SentCommand(
        target=target,
        payload=payload,
        sent_at=state.service_time(),
        known=frozenset(state.devices[device.id].actions),
    )
    if request.on_conflict is OnConflict.CANCEL_AND_REPLACE:
        await _async_cancel_others(target, context)
    try:
        action = await _async_send_when_free(target, device, payload, deadline)
    except (AmpsPausedError, AmpsNotSentError) as err:
        raise command_error(err, target.name, request) from err
    except UNANSWERED as err:
        action = await sent.async_find_action(command_error(err, target.name, request))
    except AmpsError as err:
        if isinstance(err, AmpsNotOfferedError | AmpsPermissionError):
            target.latest.coordinator.state.refuse_commands(type(device), err)
        await target.latest.coordinator.error_handler.async_handle(err)
        raise command_error(err, target.name, request) from err
    coordinator = target.latest.coordinator
    if context is not None:
        coordinator.action_events.set_context(action.id, context)
    coordinator.state.apply_action(target.device_id, action)
    return action


async def _async_cancel_others(target: Target, context: Context | None) -> None:
    """Cancel all scheduled actions but one, which Amps itself cancels: it replaces no more than that (design §6).

    While one is in flight none is cancelled, since the command cannot be sent then: the push says so.
    """
    coordinator = target.coordinator
    now, actions = coordinator.state.service_time(), coordinator.state.devices[target.device_id].actions
    others = [each for each in actions.values() if each.state is ActionState.SCHEDULED][1:]
    if not others or await async_is_any_in_flight(coordinator, target.device_id):
        return
    with suppress(ServiceValidationError):  # one has begun meanwhile, the first if any, and so the others stay
        for action in sorted(others, key=lambda each: each.start or now):
            await async_send_cancel(target, action, context)


async def _async_send_when_free(
    target: Target, device: AnyDevice, payload: CommandPayload, deadline: float, *, again: bool = True
) -> Action:
    """Send a command; once more if what was in its way is over by the time that this is known.

    Raises DeviceFreedError once an action in flight is over that was waited for until the deadline.
    """
    coordinator = target.latest.coordinator
    try:
        return await coordinator.state.client_for(Purpose.COMMAND).send_command(device, payload)
    except AmpsConflictError as err:
        conflict = await async_find_conflict(target.latest.coordinator, device.id, err)
        if not (conflict.is_over and again):
            left = deadline - coordinator.state.now()
            if conflict.in_flight is None or left <= 0:
                raise conflict.as_error(target, slug(payload.command)) from err
            if not await async_wait_for_end(target, conflict.in_flight, left):
                raise conflict.as_error(target, slug(payload.command)) from err
            raise DeviceFreedError from err
    return await _async_send_when_free(target, device, payload, deadline, again=False)
