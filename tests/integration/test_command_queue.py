"""Many commands at once: one at a time per device, all with an end (design §6)."""

import asyncio
from collections import Counter
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util.async_ import create_eager_task
import pytest
from pytest_homeassistant_custom_component.test_util.aiohttp import AiohttpClientMocker

from custom_components.amps.control.runner import async_run_command
from custom_components.amps.control.targets import Target
from custom_components.amps.rules.capability import CommandRequest

from .commanding import Home, amps_id
from .conftest import Advance, patiently
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


@pytest.mark.parametrize("environment", ["sandbox", "live"])
@pytest.mark.parametrize("profile", ["large_home"])
async def test_a_hundred_automations_on_ten_devices_all_come_to_an_end(home: Home, pass_time: Advance) -> None:
    items = home.service.control("GET", "devices")["items"]
    ids = [each["id"] for each in items if each["deviceType"] == "battery"][:10]
    batteries = [device for device in home.devices if amps_id(device) in ids]
    assert len(batteries) == 10
    calls = [
        home.call("idle" if number % 2 else "charge", battery, **({} if number % 3 else {"duration": 120}))
        for number in range(10)
        for battery in batteries
    ]
    results = await patiently(asyncio.gather(*calls, return_exceptions=True), pass_time)
    assert len(results) == 100
    assert not [
        each for each in results if isinstance(each, BaseException) and not isinstance(each, HomeAssistantError)
    ]
    errors = [each for each in results if isinstance(each, HomeAssistantError)]
    assert all(str(each) and "None" not in str(each) for each in errors)
    accepted = Counter(request.path.rpartition("/")[2] for request in home.between.requests if request.method == "POST")
    assert set(accepted) == set(ids)
    for battery in batteries:
        actions = home.actions(battery)
        assert actions
        known = {each["id"] for each in actions}
        answered = [
            each["action"]["id"] for each in results if isinstance(each, dict) and each["action"]["id"] in known
        ]
        assert len(answered) == len(set(answered)) == len(actions)
