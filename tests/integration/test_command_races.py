"""Commands that meet each other, and a device or account that changes meanwhile."""

import asyncio
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import device_registry as dr
import pytest
from pytest_homeassistant_custom_component.test_util.aiohttp import AiohttpClientMocker, AiohttpClientMockResponse
import yarl

from custom_components.amps.const import DOMAIN

from .test_config_flow import URL, error, listing, mock_service, start, submit


def batteries(*ids: str, commands: tuple[str, ...] = ("idle",)) -> dict[str, Any]:
    """Return batteries that take commands at once."""
    answer = listing(*ids)
    for item in answer["data"]["items"]:
        item["commands"] = {name: {"parameters": {}, "execution": ["immediate"]} for name in commands}
    return answer


@pytest.fixture
async def account(hass: HomeAssistant, aioclient_mock: AiohttpClientMocker) -> ConfigEntry:
    """Return an account with two batteries."""
    mock_service(aioclient_mock, batteries("device_1", "device_2", commands=("idle", "charge")))
    result = await submit(hass, await start(hass, "api_key"), api_key="sk_live_canary", advanced={"url": URL})
    await hass.async_block_till_done(wait_background_tasks=True)
    return result["result"]


class Pushes:
    """A service that holds each push until it is told to answer."""

    def __init__(self, aioclient_mock: AiohttpClientMocker, *ids: str) -> None:
        """Stand in for the pushes to these devices."""
        self.sent: list[str] = []
        self.arrived = asyncio.Event()
        self.answer = asyncio.Event()
        for device_id in ids:
            aioclient_mock.post(f"{URL}/battery/{device_id}", side_effect=self._push)

    async def _push(self, method: str, url: yarl.URL, data: bytes | None) -> AiohttpClientMockResponse:
        self.sent.append(url.name)
        self.arrived.set()
        await self.answer.wait()
        body = {"success": True, "data": {"id": f"act_{len(self.sent)}", "command": "idle", "state": "acknowledged"}}
        return AiohttpClientMockResponse(method, url, status=202, json=body)


def command(hass: HomeAssistant, account: ConfigEntry, action: str, *ids: str) -> asyncio.Task[Any]:
    """Call an action without waiting for its end."""
    devices = dr.async_entries_for_config_entry(dr.async_get(hass), account.entry_id)
    registry_ids = [device.id for device in devices for _, id_ in device.identifiers if id_ in ids]
    assert len(registry_ids) == len(ids)
    return hass.async_create_task(
        hass.services.async_call(DOMAIN, action, {"device_id": registry_ids}, blocking=True, return_response=True)
    )


async def test_commands_to_one_device_wait_for_each_other(
    hass: HomeAssistant, account: ConfigEntry, aioclient_mock: AiohttpClientMocker
) -> None:
    pushes = Pushes(aioclient_mock, "device_1", "device_2")
    tasks = [command(hass, account, "idle", id_) for id_ in ("device_1", "device_1", "device_2")]
    await pushes.arrived.wait()
    # One more turn of the event loop, in which the third command arrives too and a waiting one must not.
    await asyncio.sleep(0)
    assert sorted(pushes.sent) == ["device_1", "device_2"]
    pushes.answer.set()
    await asyncio.gather(*tasks)
    assert sorted(pushes.sent) == ["device_1", "device_1", "device_2"]


async def test_a_command_that_waited_is_checked_against_the_device_as_it_is_then(
    hass: HomeAssistant, account: ConfigEntry, aioclient_mock: AiohttpClientMocker, freezer: FrozenDateTimeFactory
) -> None:
    pushes = Pushes(aioclient_mock, "device_1")
    first, second = command(hass, account, "idle", "device_1"), command(hass, account, "charge", "device_1")
    await pushes.arrived.wait()
    freezer.tick()
    aioclient_mock.clear_requests()
    mock_service(aioclient_mock, batteries("device_1", "device_2"))
    await account.runtime_data.async_refresh()
    pushes.answer.set()
    await first
    with pytest.raises(ServiceValidationError) as raised:
        await second
    assert raised.value.translation_key == "command_not_supported"
    assert pushes.sent == ["device_1"]


async def test_a_device_that_goes_meanwhile_costs_no_other_its_answer(
    hass: HomeAssistant, account: ConfigEntry, aioclient_mock: AiohttpClientMocker
) -> None:
    pushes = Pushes(aioclient_mock, "device_1", "device_2")
    task = command(hass, account, "idle", "device_1", "device_2")
    await pushes.arrived.wait()
    (sent,) = pushes.sent
    aioclient_mock.clear_requests()
    mock_service(aioclient_mock, batteries(sent))
    await account.runtime_data.async_refresh()
    pushes.answer.set()
    answers = (await task)["devices"].values()
    assert sorted((answer["ok"], (answer["error"] or {}).get("code")) for answer in answers) == [
        (False, "device_gone"),
        (True, None),
    ]


async def test_nothing_is_sent_for_an_account_that_was_unloaded_meanwhile(
    hass: HomeAssistant, account: ConfigEntry, aioclient_mock: AiohttpClientMocker
) -> None:
    pushes = Pushes(aioclient_mock, "device_1")
    first, second = command(hass, account, "idle", "device_1"), command(hass, account, "idle", "device_1")
    await pushes.arrived.wait()
    await hass.config_entries.async_unload(account.entry_id)
    pushes.answer.set()
    await first
    with pytest.raises(ServiceValidationError) as raised:
        await second
    assert raised.value.translation_key == "account_not_loaded"
    assert pushes.sent == ["device_1"]


@pytest.mark.parametrize(
    ("status", "code", "key"),
    [
        (429, "RATE_LIMIT_EXCEEDED", "command_rate_limited"),
        (401, "INVALID_CREDENTIALS", "relink_device"),
        (403, "INSUFFICIENT_PERMISSIONS", "command_refused"),
        (422, "COMMAND_NOT_SUPPORTED", "command_refused"),
        (409, "CONFLICT", "action_in_the_way"),
    ],
)
async def test_each_refusal_names_device_and_code(
    hass: HomeAssistant,
    account: ConfigEntry,
    aioclient_mock: AiohttpClientMocker,
    status: int,
    code: str,
    key: str,
) -> None:
    aioclient_mock.post(f"{URL}/battery/device_1", status=status, json=error(code))
    with pytest.raises(HomeAssistantError) as raised:
        await command(hass, account, "idle", "device_1")
    assert raised.value.translation_key == key
    assert raised.value.translation_placeholders is not None
    assert raised.value.translation_placeholders["code"] == code
    assert "FoxESS" in str(raised.value)
