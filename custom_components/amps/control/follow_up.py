"""What a device does after a window: Amps carries it out itself where it can, else it is sent when the window ends."""

from homeassistant.core import Context
from homeassistant.exceptions import HomeAssistantError

from ..api.models import Action, AnyDevice
from ..const import LOGGER
from ..rules.capability import CommandRequest, OnConflict, build_payload
from ..rules.follow_up import FollowUp, can_queue
from .sending import async_send
from .targets import Target


async def async_add_follow_up(
    target: Target, device: AnyDevice, window: Action, request: CommandRequest, context: Context | None
) -> None:
    """Have a command follow the window of an action that was just accepted."""
    if window.created_at is None or window.end is None:
        return
    queued = await _async_queue(target, device, request, context) if can_queue(device, request) else None
    follow_up = FollowUp(
        window_id=window.id,
        window_created_at=window.created_at,
        ends_at=window.end,
        command=request.command,
        parameters=request.parameters,
        queued_id=queued.id if queued else None,
    )
    (target.current() or target).coordinator.follow_ups.add(target.device_id, follow_up)


async def _async_queue(
    target: Target, device: AnyDevice, request: CommandRequest, context: Context | None
) -> Action | None:
    """Have Amps carry a command out after what is scheduled; None if it does not."""
    queued = CommandRequest(command=request.command, parameters=request.parameters, on_conflict=OnConflict.QUEUE_AFTER)
    try:
        return await async_send(target, device, queued, build_payload(device, queued), context)
    except HomeAssistantError as err:
        LOGGER.info("%s: Amps does not queue what is to follow a window, so it is sent then: %s", target.name, err)
        return None
