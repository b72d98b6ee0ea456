"""Amps' side of a webhook: the endpoint in its dashboard, and what is delivered from there, genuine or not."""

import asyncio
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
import hmac
from itertools import count
from typing import Any

from aiohttp.test_utils import TestClient
from homeassistant.config_entries import ConfigEntry, ConfigFlowResult
from homeassistant.core import Context, HomeAssistant
from homeassistant.core_config import async_process_ha_core_config
from homeassistant.util import dt as dt_util
import orjson
import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.amps.diagnostics import async_get_config_entry_diagnostics

from .commanding import Home
from .conftest import SECOND, Advance, state_of, turn
from .interception import error

SECRET = "whsec_" + b64encode(b"a secret of the tests").decode()
OTHER_SECRET = "whsec_" + b64encode(b"another secret").decode()
ADDRESS = "https://home.test"
UNAVAILABLE = error("SERVICE_UNAVAILABLE", 503)
COMPLETED = ("completed", ["acknowledged", "completed"])
UNCHANGED = ("acknowledged", ["acknowledged"])
"""What is shown of the action, and the states that were reported of it, with its delivery and without."""


def signature(secret: str, message_id: str, timestamp: int | str, body: bytes) -> str:
    """Return the signature of a delivery (api §12.1)."""
    content = f"{message_id}.{timestamp}.".encode() + body
    digest = hmac.new(b64decode(secret.removeprefix("whsec_")), content, sha256).digest()
    return f"v1,{b64encode(digest).decode()}"


def signed(body: bytes, *secrets: str, message_id: str = "msg_1", sent: float = 0) -> dict[str, str]:
    """Return the headers of a delivery that is sent so many seconds from now."""
    timestamp = int(dt_util.utcnow().timestamp() + sent)
    return {
        "svix-id": message_id,
        "svix-timestamp": str(timestamp),
        "svix-signature": " ".join(signature(secret, message_id, timestamp, body) for secret in secrets),
    }


async def set_external_address(hass: HomeAssistant) -> None:
    """Set the address at which Home Assistant is reached from the internet."""
    await async_process_ha_core_config(hass, {"external_url": ADDRESS})


async def open_webhook_form(hass: HomeAssistant, account: ConfigEntry) -> ConfigFlowResult:
    """Return the step of the options that is about the webhook."""
    form = await hass.config_entries.options.async_init(account.entry_id)
    return await hass.config_entries.options.async_configure(form["flow_id"], {"webhook": True})


async def set_secret(hass: HomeAssistant, account: ConfigEntry, secret: str = SECRET) -> str:
    """Enter the secret of an endpoint as a person does; return the URL that is shown."""
    form = await open_webhook_form(hass, account)
    assert form["step_id"] == "webhook"
    url = (form["description_placeholders"] or {})["webhook_url"]
    await hass.config_entries.options.async_configure(form["flow_id"], {"webhook_secret": secret} if secret else {})
    await hass.async_block_till_done(wait_background_tasks=True)
    return url


async def push_of(home: Home) -> dict[str, Any]:
    """Return what the diagnostics say about deliveries."""
    shown: Any = await async_get_config_entry_diagnostics(home.hass, home.account)
    return {**shown["push"]}


def header_lines(headers: Mapping[str, str]) -> str:
    """Return headers as they are sent."""
    return "".join(f"{name}: {value}\r\n" for name, value in headers.items())


@dataclass(kw_only=True)
class Endpoint:
    """The endpoint of an account that has a webhook."""

    home: Home
    client: TestClient[Any, Any]
    path: str
    numbers: count[int] = field(default_factory=count)

    @property
    def hass(self) -> HomeAssistant:
        """Home Assistant."""
        return self.home.hass

    def subscribe(self, **more: object) -> str:
        """Have the service itself deliver over HTTP; return the path by which that is changed."""
        url = str(self.client.make_url(self.path))
        webhook = self.home.service.control("POST", "webhooks", {"url": url, "secret": SECRET, **more})
        return f"webhooks/{webhook['id']}"

    async def send(self, body: bytes, headers: Mapping[str, str]) -> int:
        """Send a delivery and return the status of the answer."""
        answer = await self.client.post(self.path, data=body, headers=headers)
        return answer.status

    async def deliver(self, body: object, *secrets: str, message_id: str = "", sent: float = 0) -> int:
        """Deliver a body, genuine unless said otherwise; return the status, once all that follows is done."""
        raw = body if isinstance(body, bytes) else orjson.dumps(body)
        id_ = message_id or f"msg_{next(self.numbers)}"
        status = await self.send(raw, signed(raw, *(secrets or (SECRET,)), message_id=id_, sent=sent))
        await self.hass.async_block_till_done(wait_background_tasks=True)
        return status

    async def begin(self, head: str, body: bytes = b"") -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Begin a delivery with header lines and a part of its body; return what carries the rest, and the answer."""
        url = self.client.make_url(self.path)
        reader, writer = await asyncio.open_connection(url.host, url.port)
        writer.write(f"POST {self.path} HTTP/1.1\r\nHost: home.test\r\n{head}\r\n".encode() + body)
        await turn()
        return reader, writer

    def hide_actions(self) -> None:
        """Let no read of an action be answered, so that only deliveries and lists tell of it."""
        self.home.between.answer = lambda request: UNAVAILABLE if request.path.startswith("/actions") else None

    def show_actions(self) -> None:
        """Answer reads of actions again."""
        self.home.between.answer = lambda _: None

    def body(self, action_id: str, **changes: object) -> dict[str, Any]:
        """Return the body about the end of an action, as Amps has it then; `None` leaves out a member."""
        hiding, self.home.between.answer = self.home.between.answer, lambda _: None
        document = self.home.ask("GET", f"/actions/{action_id}")
        self.home.between.answer = hiding
        failure = ("errorCode", "errorMessage") if document["state"] == "failed" else ()
        names = ("deviceId", "deviceType", "command", "parameters", "result", "completedAt", *failure)
        body = {"actionId": action_id, **{name: document[name] for name in names}, **changes}
        return {name: value for name, value in body.items() if value is not None}


@pytest.fixture
async def endpoint(home: Home, hass_client_no_auth: ClientSessionGenerator, pass_time: Advance) -> Endpoint:
    """Return the endpoint of an account that has a webhook, with nothing left to do."""
    hass = home.hass
    await set_external_address(hass)
    url = await set_secret(hass, home.account)
    await pass_time(timedelta(seconds=65))
    home.forget()
    return Endpoint(home=home, client=await hass_client_no_auth(), path=url.removeprefix(ADDRESS))


async def charge(home: Home) -> str:
    """Charge the battery and return the id of the action."""
    action_id: str = (await home.call("charge", home.battery, power=2))["action"]["id"]
    return action_id


@pytest.fixture
async def body(endpoint: Endpoint, advance: Advance) -> dict[str, Any]:
    """Return what is delivered about a command of ours that has ended at Amps, which nobody knows yet."""
    endpoint.hide_actions()
    endpoint.home.context = Context()
    action_id = await charge(endpoint.home)
    await advance(20 * SECOND)
    endpoint.home.forget()
    assert state_of(endpoint.hass, endpoint.home.battery, "last_action") == "acknowledged"
    return endpoint.body(action_id)


def shown(endpoint: Endpoint) -> tuple[str, list[str]]:
    """Return what is shown of the last action, and the states that were reported of it."""
    return state_of(endpoint.hass, endpoint.home.battery, "last_action"), endpoint.home.events.stages()
