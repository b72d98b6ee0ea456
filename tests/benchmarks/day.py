"""What a day costs the service."""

from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any, Final

from freezegun import freeze_time
from freezegun.api import FrozenDateTimeFactory, StepTickTimeFactory, TickingDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.util import dt as dt_util
from homeassistant.util.async_ import get_scheduled_timer_handles
import orjson
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.amps import simulator
from custom_components.amps.api.models import DEVICE_CLASSES, Battery, Execution
from custom_components.amps.const import DOMAIN

from .account import INSTANT, JSON, Answering, account, home_assistant
from .result import Result

COMMANDS: Final = ("charge", "discharge", "idle")
FLOOR: Final = 480 + 95 * len(DEVICE_CLASSES) + len(COMMANDS) * (1 + 1 + 4)
"""Lists; reads of each device; of each command its push, a read of its effect and four looks at the action."""


type Freezer = FrozenDateTimeFactory | StepTickTimeFactory | TickingDateTimeFactory


class _HostClock:
    """The time of Home Assistant, which is moved."""

    now = staticmethod(dt_util.utcnow)


def _control(home: simulator.Simulator, method: str, path: str, body: object = None) -> dict[str, Any]:
    raw = b"" if body is None else orjson.dumps(body)
    headers = JSON if raw else {}
    request = simulator.Request(method=method, path=f"/_simulator/{path}", query={}, headers=headers, body=raw)
    answer = home.handle(request)
    if answer.status >= 300:
        msg = f"{path} answered {answer.status}"
        raise RuntimeError(msg)
    data: dict[str, Any] = orjson.loads(answer.body)["data"]
    return data


def _one_of_each_type() -> simulator.Simulator:
    """Return a home with the first device of each type."""
    home = simulator.create_simulator("showcase", seed="benchmark", clock=_HostClock())
    seen: set[str] = set()
    for device in _control(home, "GET", "devices")["items"]:
        if device["deviceType"] in seen:
            _control(home, "POST", f"devices/{device['id']}", {"present": False})
        seen.add(device["deviceType"])
    return home


async def _pass(hass: HomeAssistant, freezer: Freezer, span: timedelta) -> None:
    """Let time pass as it does: from one timer to the next, each at its own moment."""
    end = hass.loop.time() + span.total_seconds()
    while (left := end - hass.loop.time()) > 0:
        moments = [handle.when() for handle in get_scheduled_timer_handles(hass.loop) if not handle.cancelled()]
        step = min([moment - hass.loop.time() for moment in moments] + [left])
        freezer.tick(timedelta(seconds=min(max(step, 0.001), left)))
        async_fire_time_changed(hass)
        await hass.async_block_till_done(wait_background_tasks=True)


async def live() -> AsyncIterator[Result]:
    """B5: a day of a live account with one device of each type and three commands."""
    with freeze_time(INSTANT) as freezer:
        home = _one_of_each_type()
        transport = Answering(home, {})
        async with home_assistant() as hass, account(transport, hass) as entry:
            battery = next(
                device_id
                for device_id, record in entry.runtime_data.coordinator.data.items()
                if isinstance(record.device, Battery)
                and all(Execution.IMMEDIATE in record.device.commands[name].execution for name in COMMANDS)
            )
            (device,) = dr.async_get(hass).async_get_devices(identifiers={(DOMAIN, battery)})
            transport.asked.clear()
            for command in COMMANDS:
                await _pass(hass, freezer, timedelta(hours=6))
                await hass.services.async_call(DOMAIN, command, {"device_id": device.id}, blocking=True)
            await _pass(hass, freezer, timedelta(hours=6))
            asked = Counter(transport.asked)
            devices = len(entry.runtime_data.coordinator.data)
    kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(asked.items()))
    yield Result(
        what=f"requests of a live day with {devices} devices and {len(COMMANDS)} commands, without push ({kinds})",
        value=asked.total(),
        unit="requests",
        floor=FLOOR,
        goal=1.05,
        ok_besides=devices == len(DEVICE_CLASSES) and asked["push"] == len(COMMANDS),
    )
