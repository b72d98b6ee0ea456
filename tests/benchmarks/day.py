"""What a day costs the service."""

from collections import Counter
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from http import HTTPStatus
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
from custom_components.amps.const import CONF_WEBHOOK_SECRET, DOMAIN

from .account import INSTANT, JSON, Answering, account, home_assistant
from .endpoint import SECRET, Endpoint
from .result import Result

COMMANDS: Final = ("charge", "discharge", "idle")
ACTION_READS: Final[Mapping[bool, int]] = {False: 4, True: 0}
"""How often each action has to be read, without webhooks and with them."""


def _floor(*, push: bool) -> int:
    """Return the lists, the reads of each device, and of each command its push, a read of its effect and of its end."""
    return 480 + 95 * len(DEVICE_CLASSES) + len(COMMANDS) * (1 + 1 + ACTION_READS[push])


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


async def _pass(hass: HomeAssistant, freezer: Freezer, endpoint: Endpoint, span: timedelta) -> None:
    """Let time pass as it does: from one timer or delivery to the next, each at its own time."""
    end = hass.loop.time() + span.total_seconds()
    while (left := end - hass.loop.time()) > 0:
        times = [handle.when() for handle in get_scheduled_timer_handles(hass.loop) if not handle.cancelled()]
        step = min([time - hass.loop.time() for time in times] + [left, endpoint.next_delivery])
        freezer.tick(timedelta(seconds=min(max(step, 0.001), left)))
        await endpoint.deliver()
        async_fire_time_changed(hass)
        await hass.async_block_till_done(wait_background_tasks=True)


async def live() -> AsyncIterator[Result]:
    """B5: a day of a live account with one device of each type and three commands, without webhooks and with them."""
    for push in (False, True):
        yield await _day(push=push)


async def _day(*, push: bool) -> Result:
    with freeze_time(INSTANT) as freezer:
        home = _one_of_each_type()
        transport = Answering(home, {})
        options = {CONF_WEBHOOK_SECRET: SECRET} if push else {}
        async with home_assistant() as hass, account(transport, hass, options=options) as entry:
            endpoint = Endpoint(hass, entry, home)
            battery = next(
                device_id
                for device_id, record in entry.runtime_data.coordinator.data.items()
                if isinstance(record.device, Battery)
                and all(Execution.IMMEDIATE in record.device.commands[name].execution for name in COMMANDS)
            )
            (device,) = dr.async_get(hass).async_get_devices(identifiers={(DOMAIN, battery)})
            transport.asked.clear()
            for command in COMMANDS:
                await _pass(hass, freezer, endpoint, timedelta(hours=6))
                await hass.services.async_call(DOMAIN, command, {"device_id": device.id}, blocking=True)
            await _pass(hass, freezer, endpoint, timedelta(hours=6))
            asked = Counter(transport.asked)
            devices = len(entry.runtime_data.coordinator.data)
            delivered = endpoint.statuses == [HTTPStatus.OK] * (len(COMMANDS) if push else 0)
    kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(asked.items()))
    how = "with" if push else "without"
    return Result(
        what=f"requests of a live day with {devices} devices and {len(COMMANDS)} commands, {how} webhooks ({kinds})",
        value=asked.total(),
        unit="requests",
        floor=_floor(push=push),
        goal=1.05,
        ok_besides=devices == len(DEVICE_CLASSES) and asked["push"] == len(COMMANDS) and delivered,
    )
