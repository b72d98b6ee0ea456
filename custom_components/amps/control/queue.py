"""One command at a time per device (design §6)."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Final
from weakref import WeakValueDictionary

from homeassistant.core import HomeAssistant
from homeassistant.util.async_ import create_eager_task
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN

_LOCKS: Final[HassKey[WeakValueDictionary[str, asyncio.Lock]]] = HassKey(f"{DOMAIN}_command_locks")
"""By device id, for as long as a command holds it or waits for it: an account that is reloaded has the same."""

_RUNNING: Final[HassKey[set[asyncio.Task[Any]]]] = HassKey(f"{DOMAIN}_running_commands")
"""Commands in flight: each goes on when nobody waits for it, and the event loop alone would drop it."""


async def async_run_in_turn[ResultT](
    hass: HomeAssistant, device_id: str, command: Callable[[], Coroutine[Any, Any, ResultT]]
) -> ResultT:
    """Run a command once no other one to its device is in flight, and return its result.

    What is in flight goes on to its end even when nobody waits for it any more: no other command may overtake it.
    """
    locks = hass.data.setdefault(_LOCKS, WeakValueDictionary())
    lock = locks.setdefault(device_id, asyncio.Lock())
    await lock.acquire()
    task = create_eager_task(command(), name=f"{DOMAIN} command")
    running = hass.data.setdefault(_RUNNING, set())
    running.add(task)

    def done(task: asyncio.Task[ResultT]) -> None:
        running.discard(task)
        lock.release()
        if not task.cancelled():
            task.exception()  # nobody may be waiting for it any more

    task.add_done_callback(done)
    await asyncio.wait((task,))
    return task.result()
