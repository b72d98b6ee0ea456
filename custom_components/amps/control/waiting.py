"""Waiting for what becomes of an action (design §6, `wait`)."""

import asyncio
from collections.abc import Callable
from enum import StrEnum
from typing import Final

from homeassistant.util import dt as dt_util

from ..account.action_texts import reason_text
from ..account.request_log import Purpose
from ..api import AmpsError, display_text
from ..api.models import Action, ActionState
from ..rules.merge import is_open
from ..rules.schedule import action_poll_interval
from .errors import error
from .targets import Target

_CHECK_INTERVAL: Final = 5.0
"""Seconds after which to look again at what is known: a reload brings other listeners, and a window ends by itself."""
_STARTED: Final = frozenset(
    {ActionState.ACKNOWLEDGED, ActionState.COMPLETED, ActionState.FAILED, ActionState.CANCELLED}
)
_UNSUCCESSFUL: Final = frozenset({ActionState.FAILED, ActionState.CANCELLED})


class Wait(StrEnum):
    """How far an action is to be followed before its caller goes on."""

    ACCEPTED = "accepted"
    STARTED = "started"
    FINISHED = "finished"


async def async_wait_until(target: Target, is_done: Callable[[], bool], seconds: float) -> bool:
    """Wait until something is so, at most for some seconds; return whether it is.

    It is looked at whenever the device changes. Its account may be loaded anew meanwhile.
    """
    deadline = target.coordinator.hass.loop.time() + seconds
    changed = asyncio.Event()
    while not is_done():
        if (left := deadline - target.coordinator.hass.loop.time()) <= 0:
            return False
        coordinator = target.latest.coordinator
        remove = coordinator.state.device_listeners[target.device_id].add(changed.set, lambda record: record)
        try:
            async with asyncio.timeout(min(left, _CHECK_INTERVAL)):
                await changed.wait()
        except TimeoutError:
            continue
        finally:
            changed.clear()
            remove()
    return True


def find_action(target: Target, action: Action) -> Action:
    """Return what is known now of an action."""
    record = target.latest.record
    return record.actions.get(action.id, action) if record else action


async def async_follow(target: Target, action: Action, wait: Wait, seconds: float) -> Action:
    """Return an action once it has come as far as its caller wants to wait.

    Raises HomeAssistantError when it failed or was cancelled, and when the time is over before that is known.
    """
    if wait is Wait.ACCEPTED:
        return action

    def is_done() -> bool:
        known = find_action(target, action)
        if wait is Wait.STARTED or known.state in _UNSUCCESSFUL:
            return known.state in _STARTED
        # Some windows are completed when they open (api §6.4).
        service_time = target.latest.coordinator.state.service_time()
        return known.state is ActionState.COMPLETED and (known.end is None or known.end <= service_time)

    done = await _async_wait(target, action, is_done, seconds, Purpose.ON_DEMAND)
    known = find_action(target, action)
    placeholders = {"device": target.name, "command": known.command or "", "action": display_text(action.id)}
    if known.state is ActionState.FAILED:
        code = known.error_code or "UNKNOWN_ERROR"
        reason = reason_text(target.coordinator.hass, code)
        raise error(key="action_failed", **placeholders, code=code, reason=reason)
    if known.state is ActionState.CANCELLED:
        raise error(key="action_cancelled", **placeholders)
    if not done:
        raise error(key="outcome_not_known_yet", **placeholders, state=known.state or "unknown")
    return known


async def async_wait_for_end(target: Target, action: Action, seconds: float) -> bool:
    """Wait until an action that is in flight is over, at most for some seconds; return whether it is."""
    until = action.end and dt_util.as_utc(action.end)
    service_time = target.coordinator.state.service_time()
    if until is not None and (until - service_time).total_seconds() > seconds:
        return False

    def is_over() -> bool:
        return not is_open(find_action(target, action))

    return await _async_wait(target, action, is_over, seconds, Purpose.CONFLICT)


async def _async_wait(
    target: Target, action: Action, is_done: Callable[[], bool], seconds: float, purpose: Purpose
) -> bool:
    """Wait until an action has come so far, at most for some seconds; return whether it has.

    A wait is a demand: with polling switched off the action is read all the same, and otherwise once more in the end,
    since its last poll may be of a minute ago (design §4).
    """
    loop = target.coordinator.hass.loop
    deadline, rounds = loop.time() + seconds, 0
    while not is_done() and (left := deadline - loop.time()) > 0:
        interval = action_poll_interval(rounds, 0, push_proven=False)
        if await async_wait_until(target, is_done, min(left, interval)):
            return True
        rounds += 1
        if left <= interval or target.latest.coordinator.config_entry.pref_disable_polling:
            await _async_read(target, action, purpose)
    return is_done()


async def _async_read(target: Target, action: Action, purpose: Purpose) -> None:
    """Read an action unless it is over, and apply the answer; without one it stands as it is known."""
    if not is_open(find_action(target, action)):
        return
    coordinator = target.latest.coordinator
    try:
        found = await coordinator.state.client_for(purpose).read_action(action.id)
    except AmpsError as err:
        await coordinator.error_handler.async_handle(err)
    else:
        coordinator.state.apply_action(target.device_id, found)
