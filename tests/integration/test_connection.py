"""Sessions: each account has one of its own, which keeps no cookies and ends with the account or Home Assistant."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from datetime import timedelta
from socket import AF_INET
from typing import Any

from aiohttp import ClientSession, web
from aiohttp.resolver import AsyncResolver
from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.const import EVENT_HOMEASSISTANT_CLOSE
from homeassistant.core import CoreState, HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import aiohttp_client
import pytest

from custom_components.amps.const import DOMAIN

from .accounts import add_live_account
from .conftest import battery_of
from .flow import start, submit
from .mocked_service import error, listing
from .service import Service


@dataclass
class CookieService:
    """A service that gives each key a cookie, and notes which cookies come back."""

    url: str = ""
    refusing: bool = False
    received: list[str | None] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.Response:
        """Answer any list call."""
        self.received.append(request.headers.get("Cookie"))
        key = request.headers["x-api-key"]
        document = listing(f"device_of_{key}") if request.path == "/battery" else listing()
        answer = web.json_response(
            error("INTERNAL_ERROR") if self.refusing else document, status=500 * self.refusing or 200
        )
        answer.set_cookie("session", key)
        return answer


async def resolve(_resolver: object, host: str, port: int = 0, family: int = AF_INET) -> list[dict[str, Any]]:
    """Find every name on this machine."""
    return [{"hostname": host, "host": "127.0.0.1", "port": port, "family": AF_INET, "proto": 0, "flags": 0}]


@pytest.fixture
async def cookie_service(socket_enabled: None, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[CookieService]:
    """Return the service, at a name: no session keeps cookies of an address."""
    monkeypatch.setattr(AsyncResolver, "resolve", resolve)
    service = CookieService()
    app = web.Application()
    app.router.add_get("/{path:.*}", service.answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    _, port = runner.addresses[0]
    service.url = f"http://localhost:{port}"
    yield service
    await runner.cleanup()


@pytest.fixture
def sessions(monkeypatch: pytest.MonkeyPatch) -> list[ClientSession]:
    """Return the sessions that are made from now on."""
    made: list[ClientSession] = []
    create = aiohttp_client._async_create_clientsession  # noqa: SLF001  every session is made by it

    def note(*args: Any, **kwargs: Any) -> ClientSession:  # noqa: ANN401  handed on as they come
        made.append(create(*args, **kwargs))
        return made[-1]

    monkeypatch.setattr(aiohttp_client, "_async_create_clientsession", note)
    return made


async def add(hass: HomeAssistant, service: CookieService, key: str) -> ConfigEntry | None:
    """Add an account as a person does; return None when the dialog shows an error."""
    result = await submit(hass, await start(hass, "api_key"), api_key=key, advanced={"url": service.url})
    await hass.async_block_till_done(wait_background_tasks=True)
    return result["result"] if result["type"] is FlowResultType.CREATE_ENTRY else None


async def test_no_account_is_asked_with_cookies_of_any(hass: HomeAssistant, cookie_service: CookieService) -> None:
    entries = [await add(hass, cookie_service, key) for key in ("sk_live_one", "sk_live_two")]
    for entry in entries:
        assert entry is not None
        assert entry.state is ConfigEntryState.LOADED
        await hass.config_entries.async_reload(entry.entry_id)
    assert len(cookie_service.received) > 20
    assert set(cookie_service.received) == {None}


async def test_sessions_end_with_the_dialog_the_account_and_home_assistant(
    hass: HomeAssistant,
    cookie_service: CookieService,
    sessions: list[ClientSession],
    freezer: FrozenDateTimeFactory,
) -> None:
    cookie_service.refusing = True
    assert await add(hass, cookie_service, "sk_live_refused") is None
    assert sessions
    assert all(session.closed for session in sessions)

    cookie_service.refusing = False
    entry = await add(hass, cookie_service, "sk_live_one")
    assert entry is not None
    assert [session.closed for session in sessions].count(False) == 1
    await hass.config_entries.async_reload(entry.entry_id)
    assert [session.closed for session in sessions].count(False) == 1
    # Nor does a set-up that fails leave one.
    await hass.config_entries.async_unload(entry.entry_id)
    cookie_service.refusing = True
    await hass.config_entries.async_setup(entry.entry_id)
    assert all(session.closed for session in sessions)
    cookie_service.refusing = False
    freezer.tick(timedelta(hours=1))  # whatever it backed off for
    await hass.config_entries.async_reload(entry.entry_id)
    assert entry.state is ConfigEntryState.LOADED
    assert [session.closed for session in sessions].count(False) == 1
    await hass.async_stop(force=True)
    assert all(session.closed for session in sessions)


@pytest.mark.parametrize("action", ["idle", "refresh", "get_device"])
async def test_what_is_asked_of_a_home_assistant_that_has_stopped_is_refused_in_words(
    hass: HomeAssistant, service: Service, freezer: FrozenDateTimeFactory, action: str
) -> None:
    await add_live_account(hass, service.url)
    data: dict[str, object] = {"device_id": battery_of(hass).id}
    if action != "idle":
        data["max_age"] = 60
    freezer.tick(timedelta(minutes=2))
    hass.set_state(CoreState.not_running)
    hass.bus.async_fire_internal(EVENT_HOMEASSISTANT_CLOSE)
    service.control("DELETE", "requests")
    with pytest.raises(HomeAssistantError) as raised:
        await hass.services.async_call(DOMAIN, action, data, blocking=True, return_response=True)
    assert raised.value.translation_key == ("command_not_sent" if action == "idle" else "device_not_read")
    assert "FoxESS" in str(raised.value)
    assert not service.control("GET", "requests")["items"]
