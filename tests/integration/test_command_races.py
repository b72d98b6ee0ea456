"""Several commands at once, and a device or account that changes meanwhile."""

import asyncio
from copy import deepcopy
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import device_registry as dr
from homeassistant.util import dt as dt_util
from homeassistant.util.async_ import create_eager_task
import pytest
from pytest_homeassistant_custom_component.test_util.aiohttp import AiohttpClientMocker, AiohttpClientMockResponse
import yarl

from custom_components.amps.const import DOMAIN

from .accounts import add_live_account
from .conftest import MINUTE, Advance, PollNow, put_in_one_area, state_of
from .live import storage_key
from .mocked_service import URL, error, listing, mock_service


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
    return await add_live_account(hass, URL)


def accepted(name: str) -> dict[str, Any]:
    """Return the answer to a push, with an action of this name."""
    now = dt_util.utcnow().isoformat()
    action = {"id": f"act_{name}", "command": "idle", "state": "acknowledged", "createdAt": now}
    return {"success": True, "data": action}


def batteries_of(hass: HomeAssistant, account: ConfigEntry) -> list[dr.DeviceEntry]:
    """Return the devices of an account, but for the account itself."""
    found = dr.async_entries_for_config_entry(dr.async_get(hass), account.entry_id)
    return [device for device in found if device.entry_type is None]


def by_amps_id(hass: HomeAssistant, account: ConfigEntry) -> dict[str, dr.DeviceEntry]:
    """Return the devices of an account by Amps' id."""
    return {id_: device for device in batteries_of(hass, account) for _, id_ in device.identifiers}


class Pushes:
    """A service that holds each push until it is to answer."""

    def __init__(self, aioclient_mock: AiohttpClientMocker, *ids: str) -> None:
        """Stand in for the pushes to these devices."""
        self.sent: list[str] = []
        self.most_at_once = 0
        self._at_once = 0
        self.arrived = asyncio.Event()
        self.answer = asyncio.Event()
        for device_id in ids:
            aioclient_mock.post(f"{URL}/battery/{device_id}", side_effect=self._push)

    async def _push(self, method: str, url: yarl.URL, data: bytes | None) -> AiohttpClientMockResponse:
        self.sent.append(url.name)
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        self.arrived.set()
        await self.answer.wait()
        await asyncio.sleep(0)
        self._at_once -= 1
        return AiohttpClientMockResponse(method, url, status=202, json=accepted(str(len(self.sent))))


def command(hass: HomeAssistant, account: ConfigEntry, action: str, *ids: str) -> asyncio.Task[Any]:
    """Call an action without waiting for its end."""
    devices = dr.async_entries_for_config_entry(dr.async_get(hass), account.entry_id)
    registry_ids = [device.id for device in devices for _, id_ in device.identifiers if id_ in ids]
    assert len(registry_ids) == len(ids)
    return create_eager_task(
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
    hass: HomeAssistant,
    account: ConfigEntry,
    aioclient_mock: AiohttpClientMocker,
    freezer: FrozenDateTimeFactory,
    poll_now: PollNow,
) -> None:
    pushes = Pushes(aioclient_mock, "device_1")
    first, second = command(hass, account, "idle", "device_1"), command(hass, account, "charge", "device_1")
    await pushes.arrived.wait()
    freezer.tick()
    aioclient_mock.clear_requests()
    mock_service(aioclient_mock, batteries("device_1", "device_2"))
    await poll_now(account)
    pushes.answer.set()
    await first
    with pytest.raises(ServiceValidationError) as raised:
        await second
    assert raised.value.translation_key == "command_not_supported"
    assert pushes.sent == ["device_1"]


async def test_a_device_that_goes_meanwhile_costs_no_other_its_answer(
    hass: HomeAssistant, account: ConfigEntry, aioclient_mock: AiohttpClientMocker, poll_now: PollNow
) -> None:
    pushes = Pushes(aioclient_mock, "device_1", "device_2")
    first = command(hass, account, "idle", "device_1")
    await pushes.arrived.wait()
    task = command(hass, account, "idle", "device_1", "device_2")
    aioclient_mock.clear_requests()
    mock_service(aioclient_mock, batteries("device_2"))
    await poll_now(account)
    pushes.answer.set()
    await first
    answers = (await task)["devices"].values()
    assert sorted((answer["ok"], (answer["error"] or {}).get("code")) for answer in answers) == [
        (False, "device_gone"),
        (True, None),
    ]


@pytest.mark.parametrize(("held", "other"), [("device_1", "device_2"), ("device_2", "device_1")])
async def test_a_device_whose_answer_is_awaited_holds_up_no_other(
    hass: HomeAssistant, account: ConfigEntry, aioclient_mock: AiohttpClientMocker, held: str, other: str
) -> None:
    aioclient_mock.post(f"{URL}/battery/{other}", status=202, json=accepted(other))
    pushes = Pushes(aioclient_mock, held)
    garage = put_in_one_area(hass, *batteries_of(hass, account))
    task: asyncio.Task[Any] = hass.async_create_task(
        hass.services.async_call(DOMAIN, "idle", garage, blocking=True, return_response=True)
    )
    await pushes.arrived.wait()
    await asyncio.sleep(0)
    assert {call[1].name for call in aioclient_mock.mock_calls if call[0] == "POST"} == {"device_1", "device_2"}
    shown = {device: state_of(hass, battery, "last_action") for device, battery in by_amps_id(hass, account).items()}
    assert shown == {held: "unknown", other: "acknowledged"}
    assert not task.done()
    pushes.answer.set()
    assert all(answer["ok"] for answer in (await task)["devices"].values())


async def test_an_account_that_is_loaded_anew_still_knows_what_is_under_way(
    hass: HomeAssistant, account: ConfigEntry, aioclient_mock: AiohttpClientMocker
) -> None:
    pushes = Pushes(aioclient_mock, "device_1")
    first, second = command(hass, account, "idle", "device_1"), command(hass, account, "idle", "device_1")
    await pushes.arrived.wait()
    await hass.config_entries.async_reload(account.entry_id)
    third = command(hass, account, "charge", "device_1")
    for _ in range(10):
        await asyncio.sleep(0)
    assert pushes.sent == ["device_1"]
    assert not second.done()
    assert not third.done()
    pushes.answer.set()
    for task in (first, second, third):
        assert all(answer["ok"] for answer in (await task)["devices"].values())
    assert pushes.sent == ["device_1"] * 3
    assert pushes.most_at_once == 1
    assert state_of(hass, by_amps_id(hass, account)["device_1"], "last_action") == "acknowledged"


async def test_a_command_under_way_is_not_overtaken_when_its_caller_has_gone(
    hass: HomeAssistant, account: ConfigEntry, aioclient_mock: AiohttpClientMocker
) -> None:
    """As an automation does that starts anew."""
    pushes = Pushes(aioclient_mock, "device_1")
    first, waiting = command(hass, account, "idle", "device_1"), command(hass, account, "idle", "device_1")
    await pushes.arrived.wait()
    for task in (first, waiting):
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    third = command(hass, account, "charge", "device_1")
    for _ in range(10):
        await asyncio.sleep(0)
    assert pushes.sent == ["device_1"]
    pushes.answer.set()
    assert all(answer["ok"] for answer in (await third)["devices"].values())
    assert pushes.sent == ["device_1"] * 2
    assert pushes.most_at_once == 1


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


async def test_a_command_in_flight_when_its_account_is_unloaded_stores_nothing_after_it(
    hass: HomeAssistant,
    hass_storage: dict[str, Any],
    account: ConfigEntry,
    aioclient_mock: AiohttpClientMocker,
    pass_time: Advance,
) -> None:
    pushes = Pushes(aioclient_mock, "device_1")
    task = command(hass, account, "idle", "device_1")
    await pushes.arrived.wait()
    await hass.config_entries.async_unload(account.entry_id)
    stored = deepcopy(hass_storage.get(storage_key(account)))
    pushes.answer.set()
    assert all(answer["ok"] for answer in (await task)["devices"].values())
    await pass_time(MINUTE)
    assert hass_storage.get(storage_key(account)) == stored


@pytest.mark.parametrize(
    ("status", "code", "key"),
    [
        (429, "RATE_LIMIT_EXCEEDED", "command_rate_limited"),
        (401, "INVALID_CREDENTIALS", "relink_device"),
        (403, "INSUFFICIENT_PERMISSIONS", "command_refused"),
        (422, "COMMAND_NOT_SUPPORTED", "command_refused"),
        (422, "STRATEGY_NOT_SUPPORTED", "command_refused"),
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
