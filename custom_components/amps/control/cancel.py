"""Cancelling what is still scheduled (design §6; api §6.6)."""

from homeassistant.core import Context

from ..api import AmpsError
from ..api.models import Action, ActionState
from ..rules.capability import CommandRequest
from .outcome import command_error
from .targets import Target


async def async_cancel_scheduled(target: Target, context: Context | None = None) -> list[Action]:
    """Cancel all actions of a device that are still scheduled, and return them; their events have this context."""
    coordinator = target.coordinator
    cancelled: list[Action] = []
    for action in coordinator.state.devices[target.device_id].actions.values():
        if action.state is not ActionState.SCHEDULED:
            continue
        try:
            answer = await coordinator.state.client.cancel_action(action.id)
        except AmpsError as err:
            raise command_error(err, target.name, CommandRequest(command="cancel")) from err
        if context is not None:
            coordinator.action_events.set_context(action.id, context)
        coordinator.state.apply_action(target.device_id, answer)
        cancelled.append(answer)
    return cancelled
