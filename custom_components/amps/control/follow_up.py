"""What a device does after a window: Amps carries it out itself where it can, else it is sent when the window ends."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from typing import Final

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import Context
from homeassistant.exceptions import HomeAssistantError

from ..api.models import Action, AnyDevice
from ..const import LOGGER
from ..rules.capability import CommandRequest, OnConflict, build_payload
from ..rules.follow_up import FollowUp, can_queue
from .sending import async_send
from .targets import Target

_MAX_RELOAD: Final = 60.0
"""Seconds to wait for an account that is being loaded anew."""


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
    target.coordinator.follow_ups.set(target.device_id, follow_up)
    if can_queue(device, request) and (queued := await _async_queue(target, device, request, context)) is not None:
        target = await _async_loaded(target)
        target.coordinator.follow_ups.set(target.device_id, replace(follow_up, queued_id=queued.id))


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
    return target.current() or target


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
