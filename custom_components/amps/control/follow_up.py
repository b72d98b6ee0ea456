"""What a device does after a window: Amps carries it out itself where it can, else it is sent when the window ends."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from typing import Final

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import Context
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util.ulid import ulid_now

from ..api.models import Action, AnyDevice
from ..const import LOGGER
from ..rules.capability import CommandRequest, OnConflict, build_payload, convert_parameters
from ..rules.follow_up import FollowUp, SentWindow, can_queue
from ..rules.plan import Plan
from .outcome import SENT_TOLERANCE
from .sending import async_send
from .targets import Target

_MAX_RELOAD: Final = 60.0
"""Seconds to wait for an account that is being loaded anew."""


@asynccontextmanager
async def async_keep_follow_up(target: Target, device: AnyDevice, plan: Plan) -> AsyncGenerator[None]:
    """Keep what is to follow a window while that is sent: a stop before its answer must not lose it.

    If the answer is lost and what became of the window cannot be learned now, it is looked for later on.
    """
    if plan.follow_up is None or plan.window.end is None:
        yield
        return
    parameters = {name: each.value for name, each in convert_parameters(device, plan.request).items()}
    follow_up = FollowUp(
        window_id=ulid_now(),
        window_created_at=target.coordinator.state.service_time() - SENT_TOLERANCE,
        ends_at=plan.window.end,
        command=plan.follow_up.command,
        parameters=plan.follow_up.parameters,
        sent_window=SentWindow(command=plan.request.command, parameters=parameters),
    )
    await target.coordinator.follow_ups.async_set(target.device_id, follow_up)
    try:
        yield
    except HomeAssistantError as err:
        follow_ups = (await _async_loaded(target)).coordinator.follow_ups
        if err.translation_key == "outcome_unknown":
            follow_ups.look_for_window(follow_up)
        else:
            follow_ups.discard(target.device_id, follow_up.window_id)
        raise
    (await _async_loaded(target)).coordinator.follow_ups.discard(target.device_id, follow_up.window_id)


async def async_add_follow_up(
    target: Target, device: AnyDevice, window: Action, request: CommandRequest, context: Context | None
) -> None:
    """Have a command follow the window of an action that was just accepted."""
    if window.created_at is None or window.end is None:
        return
    target = await _async_loaded(target)
    follow_up = FollowUp(
        window_id=window.id,
        window_created_at=window.created_at,
        ends_at=window.end,
        command=request.command,
        parameters=request.parameters,
    )
    # Known before it is queued: a stop in between must not lose it.
    await target.coordinator.follow_ups.async_set(target.device_id, follow_up)
    if can_queue(device, request) and (queued := await _async_queue(target, device, request, context)) is not None:
        target = await _async_loaded(target)
        await target.coordinator.follow_ups.async_set(target.device_id, replace(follow_up, queued_id=queued.id))


async def _async_loaded(target: Target) -> Target:
    """Return a target by its account as it is loaded; one that is being loaded anew is waited for: it stores things."""
    entry, loaded = target.coordinator.config_entry, asyncio.Event()

    def on_state() -> None:
        if entry.state is ConfigEntryState.LOADED:
            loaded.set()

    remove = entry.async_on_state_change(on_state)
    try:
        if target.current() is None:
            with suppress(TimeoutError):
                async with asyncio.timeout(_MAX_RELOAD):
                    await loaded.wait()
    finally:
        remove()
    return target.latest


async def _async_queue(
    target: Target, device: AnyDevice, request: CommandRequest, context: Context | None
) -> Action | None:
    """Have Amps carry a command out after what is scheduled; None if it does not."""
    queued = CommandRequest(command=request.command, parameters=request.parameters, on_conflict=OnConflict.QUEUE_AFTER)
    try:
        payload, deadline = build_payload(device, queued), target.coordinator.hass.loop.time()
        return await async_send(target, queued, payload, context, deadline=deadline)
    except HomeAssistantError as err:
        LOGGER.info("%s: Amps does not queue what is to follow a window, so it is sent then: %s", target.name, err)
        return None
