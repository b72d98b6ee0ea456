"""Texts of a service, which may be long or made to lure: shown as text, and in short."""

from datetime import timedelta
from typing import Any, Final

from aiohttp import web
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
import pytest

from custom_components.amps.const import DOMAIN

from ..api.mutation import encode
from .accounts import add_account, add_live_account
from .broken_service import BrokenService, device_of, in_batteries
from .conftest import Advance

LURE: Final = "Fox\n[free](http://lure.test) <img src=x> jane@lure.test \x1b[31m\u202e" + "x" * 200_000


async def test_texts_of_the_service_are_shown_as_text(
    hass: HomeAssistant, broken: BrokenService, pass_time: Advance, caplog: pytest.LogCaptureFixture
) -> None:
    first = broken.devices_of("/battery")[0]

    def change(path: str, answer: Any) -> bytes | web.Response | None:  # noqa: ANN401  JSON
        if path == "/battery":
            answer["data"]["items"][0] |= {"vendor": LURE, "metadata": {"model": LURE, "source": "cache"}}
        if path == f"/battery/{first}":
            refused = {"success": False, "error": {"code": "INVALID_CREDENTIALS", "message": LURE}}
            return web.json_response(refused, status=401)
        return encode(answer)

    broken.change = change
    await add_live_account(hass, broken.url)
    device = device_of(hass, first)
    for text in (device.name, device.manufacturer, device.model):
        assert text is not None
        assert text.isprintable()
        assert len(text) <= 210
    await pass_time(timedelta(hours=2))
    (issue,) = [issue for issue in ir.async_get(hass).issues.values() if issue.translation_key == "relink_device"]
    placeholders = issue.translation_placeholders or {}
    assert placeholders["device"] == device.name
    assert placeholders["code"] == "INVALID_CREDENTIALS"
    assert r"\[free\]\(http\:\/\/lure\.test\) \<img src\=x\> jane\@lure\.test" in placeholders["device_markdown"]
    assert placeholders["code_markdown"] == r"INVALID\_CREDENTIALS"
    assert max(len(record.getMessage()) for record in caplog.records if "custom_components.amps" in record.name) < 1000


@pytest.mark.parametrize(
    ("ids", "named"),
    [
        ([LURE], f"({LURE[:3]} [free]"),
        ([f"act_{number}" for number in range(5000)], "(act_0, act_1, act_2"),
        ({"id": LURE}, "Something other than an action of Amps"),
    ],
    ids=["a lure", "many", "no list"],
)
async def test_what_is_in_the_way_is_named_in_short(
    hass: HomeAssistant, broken: BrokenService, ids: object, named: str
) -> None:
    first = broken.devices_of("/battery")[0]
    await add_account(hass, broken.url)
    error = {"code": "CONFLICT", "message": LURE, "details": {"conflictingActionIds": ids}}

    def change(path: str, _answer: object) -> web.Response | None:
        if path == f"/battery/{first}":
            return web.json_response({"success": False, "error": error}, status=409)
        action_id = path.removeprefix("/actions/")
        return None if action_id == path else web.json_response({"id": action_id, "state": "scheduled"})

    broken.change = change
    with pytest.raises(HomeAssistantError) as raised:
        await hass.services.async_call(DOMAIN, "idle", {"device_id": device_of(hass, first).id}, blocking=True)
    message = str(raised.value)
    assert named in message
    assert message.isprintable()
    assert len(message) < 1000


async def test_the_commands_of_a_device_are_named_in_short(hass: HomeAssistant, broken: BrokenService) -> None:
    first = broken.devices_of("/battery")[0]
    names = [f"command_{number}" for number in range(5000)]
    commands = {name: {"parameters": {}, "execution": ["immediate"]} for name in (LURE, *names)}
    broken.change = in_batteries(broken, ("commands",), commands)
    await add_account(hass, broken.url)
    target = {"device_id": device_of(hass, first).id}
    with pytest.raises(HomeAssistantError) as raised:
        await hass.services.async_call(DOMAIN, "send_command", {**target, "command": LURE}, blocking=True)
    message = str(raised.value)
    assert "command_0, command_1" in message
    assert message.isprintable()
    assert len(message) < 1000
