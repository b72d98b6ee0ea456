"""Sends what follows the windows of an account's devices, as they end (design §6, *then*)."""

from collections.abc import Awaitable, Callable

from homeassistant.core import callback

from ..coordinator import AmpsCoordinator
from ..rules.follow_up import FollowUp
from .cancel import async_cancel_action
from .runner import async_run_command
from .targets import Target


@callback
def start_follow_ups(coordinator: AmpsCoordinator) -> None:
    """Start to send what follows windows, by the way of every command."""

    def target_of(device_id: str) -> Target:
        name = coordinator.state.names.get(device_id, device_id)
        return Target(coordinator=coordinator, device_id=device_id, name=name, named=True)

    async def send(device_id: str, follow_up: FollowUp, check: Callable[[], Awaitable[None]]) -> None:
        context = coordinator.action_events.context_for(follow_up.window_id)
        await async_run_command(target_of(device_id), follow_up.request, context, check=check)

    async def revoke(device_id: str, follow_up: FollowUp) -> None:
        if follow_up.queued_id is not None:
            context = coordinator.action_events.context_for(follow_up.window_id)
            await async_cancel_action(target_of(device_id), follow_up.queued_id, context)

    coordinator.follow_ups.start(send, revoke)
