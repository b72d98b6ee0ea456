"""One command at a time per device (design §6)."""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, Final

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util.async_ import create_eager_task
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN

MAX_WAITING: Final = 10
"""How many commands of actions and settings wait for a device behind the one in flight."""


@dataclass(slots=True, eq=False)
class _Waiting:
    """A command that waits for its turn."""

    run: Callable[[], Coroutine[Any, Any, Any]]
    replaceable: bool
    callers: list[asyncio.Future[Any]]
    """Whoever waits for its result: of commands that it replaced, too."""


@dataclass(slots=True, eq=False)
class _DeviceQueue:
    """What is in flight and what waits for one device."""

    in_flight: asyncio.Task[Any] | None = None
    """The task goes on when nobody waits for it; the event loop alone would drop it."""
    waiting: deque[_Waiting] = field(default_factory=deque)


_QUEUES: Final[HassKey[dict[str, _DeviceQueue]]] = HassKey(f"{DOMAIN}_command_queues")
"""By device id, for as long as a command is in flight: an account that is reloaded has the same."""


async def async_run_in_turn[ResultT](
    hass: HomeAssistant,
    device_id: str,
    command: Callable[[], Coroutine[Any, Any, ResultT]],
    *,
    name: str,
    replaceable: bool = False,
) -> ResultT:
    """Run a command once no other one to its device is in flight, and return its result.

    Of replaceable ones, which controls send, only the newest waits: whoever asked for an older one gets the result of
    the one that replaced it. Of the others `MAX_WAITING` wait; one more raises HomeAssistantError.
    What is in flight goes on to its end even when nobody waits for it any more: no other command may overtake it.
    """
    caller: asyncio.Future[ResultT] = hass.loop.create_future()
    queues = hass.data.setdefault(_QUEUES, {})
    queue = queues.setdefault(device_id, _DeviceQueue())
    entry = _Waiting(command, replaceable, [caller])
    replaced = next((each for each in queue.waiting if each.replaceable), None) if replaceable else None
    if replaced is not None:
        queue.waiting.remove(replaced)
        entry.callers += replaced.callers
    elif len(queue.waiting) >= MAX_WAITING and not replaceable:
        raise HomeAssistantError(
            translation_domain=DOMAIN, translation_key="too_many_waiting", translation_placeholders={"device": name}
        )
    queue.waiting.append(entry)
    _start_next(hass, device_id, queue)
    try:
        return await caller
    except asyncio.CancelledError:
        # What has not begun is not wanted any more.
        if entry in queue.waiting and all(each.done() for each in entry.callers):
            queue.waiting.remove(entry)
        raise


def _start_next(hass: HomeAssistant, device_id: str, queue: _DeviceQueue) -> None:
    """Start the command that waits first, unless one is in flight; forget a queue that is empty."""
    if queue.in_flight is not None:
        return
    if not queue.waiting:
        hass.data[_QUEUES].pop(device_id, None)
        return
    entry = queue.waiting.popleft()

    def done(task: asyncio.Task[Any]) -> None:
        queue.in_flight = None
        if not task.cancelled():
            task.exception()  # nobody may be waiting for it any more
        for caller in entry.callers:
            if not caller.done():
                _hand_over(task, caller)
        _start_next(hass, device_id, queue)

    queue.in_flight = create_eager_task(entry.run(), name=f"{DOMAIN} command")
    queue.in_flight.add_done_callback(done)


def _hand_over(task: asyncio.Task[Any], caller: asyncio.Future[Any]) -> None:
    """Give a caller the result of a command."""
    if task.cancelled():
        caller.cancel()
    elif (error := task.exception()) is not None:
        caller.set_exception(error)
    else:
        caller.set_result(task.result())
