"""Many commands at once: one at a time per device, all with an end (design §6)."""

import asyncio
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr
from homeassistant.setup import async_setup_component
from homeassistant.util.async_ import create_eager_task
import pytest
from pytest_homeassistant_custom_component.common import async_capture_events
from pytest_homeassistant_custom_component.test_util.aiohttp import AiohttpClientMocker

from custom_components.amps.control.runner import async_run_command
from custom_components.amps.control.targets import Target
from custom_components.amps.rules.capability import CommandRequest
from custom_components.amps.simulator import Request

from .commanding import Home, amps_id
from .conftest import SECOND, Advance, devices
from .test_command_races import Pushes, account, command

__all__ = ["account"]


async def test_ten_wait_and_the_next_is_told_so(
    hass: HomeAssistant,
    account: ConfigEntry,
    aioclient_mock: AiohttpClientMocker,
) -> None:
    pushes = Pushes(aioclient_mock, "device_1")
    tasks = [command(hass, account, "idle", "device_1") for _ in range(11)]
    await pushes.arrived.wait()
    with pytest.raises(HomeAssistantError) as raised:
        await command(hass, account, "idle", "device_1")
    assert raised.value.translation_key == "too_many_waiting"
    pushes.answer.set()
    for task in tasks:
        assert all(answer["ok"] for answer in (await task)["devices"].values())
    assert len(pushes.sent) == 11
    assert pushes.most_at_once == 1


async def test_of_what_controls_send_only_the_newest_waits(
    hass: HomeAssistant,
    account: ConfigEntry,
    aioclient_mock: AiohttpClientMocker,
) -> None:
    pushes = Pushes(aioclient_mock, "device_1")
    coordinator = account.runtime_data.coordinator
    target = Target(coordinator=coordinator, device_id="device_1", name="Battery", named=True)

    def press(name: str) -> asyncio.Task[Any]:
        return create_eager_task(async_run_command(target, CommandRequest(command=name), replaceable=True))

    first = press("idle")
    await pushes.arrived.wait()
    automation = command(hass, account, "idle", "device_1")
    pressed = [press(name) for name in ("idle", "charge", "idle", "charge")]
    pushes.answer.set()
    await asyncio.gather(first, automation, *pressed)
    assert len(pushes.sent) == 3
    assert len({task.result().action.id for task in pressed}) == 1


LATENCY = 2.0
"""Seconds after which each answer comes."""
COMMANDS: tuple[dict[str, Any], ...] = (
    {"action": "amps.idle"},
    {"action": "amps.charge", "data": {"duration": 120}},
    {"action": "amps.discharge"},
    {"action": "amps.idle", "data": {"on_conflict": "cancel_and_replace", "wait": "finished"}},
    {"action": "amps.set_mode", "data": {"mode": "auto_reserve", "wait": "finished"}},
)
"""What is commanded in turn; some are in the way of others, and some batteries know no such mode."""


def automation(number: int, battery: dr.DeviceEntry) -> dict[str, Any]:
    """Return an automation that commands a battery, and fires an event once it knows what came of that."""
    command = COMMANDS[number % len(COMMANDS)]
    return {
        "alias": f"{number} {battery.id}",
        "triggers": {"trigger": "event", "event_type": "all_at_once"},
        "actions": [
            {
                **command,
                "target": {"device_id": battery.id},
                "response_variable": "answer",
                "continue_on_error": True,
            },
            {"event": "ended", "event_data": {"answer": "{{ answer | default(none) }}"}},
        ],
    }


@dataclass(frozen=True)
class Posted:
    """A request that changes something, with its answer."""

    device_id: str
    action_id: str | None
    """The action that it made, None where it was refused."""
    at: float
    """When it arrived; its answer came `LATENCY` later."""


@pytest.fixture
def posted(home: Home) -> list[Posted]:
    """Return what changes something from now on, while every answer takes its time."""
    found: list[Posted] = []

    def note(request: Request, body: dict[str, Any]) -> None:
        if request.method == "POST":
            action: dict[str, str] = body.get("data") or {}
            found.append(Posted(request.path.rpartition("/")[2], action.get("id"), home.hass.loop.time()))

    home.between.rewrite = note
    home.service.control("POST", "faults", {"kind": "latency", "seconds": LATENCY})
    return found


@pytest.mark.parametrize("environment", ["sandbox", "live"])
@pytest.mark.parametrize("profile", ["large_home"])
async def test_a_hundred_automations_on_ten_devices_all_come_to_an_end(
    hass: HomeAssistant,
    home: Home,
    posted: list[Posted],
    pass_unfinished: Advance,
    caplog: pytest.LogCaptureFixture,
) -> None:
    batteries = devices(hass, having="mode", domain="select")[:10]
    automations = [automation(number, battery) for battery in batteries for number in range(10)]
    assert await async_setup_component(hass, "automation", {"automation": automations})
    await hass.async_block_till_done()
    ended = async_capture_events(hass, "ended")

    hass.bus.async_fire("all_at_once")
    for _ in range(30):
        await pass_unfinished(10 * SECOND)
        if len(ended) == len(automations):
            break
    assert len(ended) == len(automations) == 100
    assert {each.attributes["current"] for each in hass.states.async_all("automation")} == {0}

    # Each has a result of its own, or an error that a person understands.
    answers = [event.data["answer"]["devices"] for event in ended if event.data["answer"]]
    made = [each["action"]["id"] for answer in answers for each in answer.values()]
    assert sorted(made) == sorted(each.action_id for each in posted if each.action_id is not None)
    assert len(made) == len(set(made)) > 50
    errors = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    assert len(errors) == len(ended) - len(answers) > 10
    names = [str(battery.name) for battery in batteries]
    assert not [each for each in errors if "None" in each or not any(f": {name} " in each for name in names)]

    # One at a time per device, and all devices side by side.
    times = {amps_id(each): [post.at for post in posted if post.device_id == amps_id(each)] for each in batteries}
    assert sum(map(len, times.values())) == len(posted)
    assert min(later - at for each in times.values() for at, later in pairwise(each)) >= LATENCY
    assert len({each[0] for each in times.values()}) == 1
