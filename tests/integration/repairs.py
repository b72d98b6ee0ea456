"""Repairs, as a person sees them and has them carried out: by the same interfaces as the frontend."""

from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from aiohttp.test_utils import TestClient
from homeassistant.auth.models import TOKEN_TYPE_LONG_LIVED_ACCESS_TOKEN
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockUser
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator, WebSocketGenerator

from custom_components.amps.const import DOMAIN

_FIX = "/api/repairs/issues/fix"


@dataclass
class Repairs:
    """The page of repairs."""

    hass: HomeAssistant
    connect: WebSocketGenerator
    client: TestClient[Any, Any]
    token: str

    @classmethod
    async def open(
        cls,
        hass: HomeAssistant,
        hass_ws_client: WebSocketGenerator,
        hass_client: ClientSessionGenerator,
        user: MockUser,
    ) -> Repairs:
        """Open the page as a user whose access lasts however much time passes."""
        for domain in ("websocket_api", "repairs", "webhook"):
            assert await async_setup_component(hass, domain, {})
        refresh_token = await hass.auth.async_create_refresh_token(
            user,
            client_name="Repairs",
            token_type=TOKEN_TYPE_LONG_LIVED_ACCESS_TOKEN,
            access_token_expiration=timedelta(days=365),
        )
        token = hass.auth.async_create_access_token(refresh_token)
        return cls(hass, hass_ws_client, await hass_client(token), token)

    async def shown(self) -> dict[str, dict[str, Any]]:
        """Return our repairs that are not ignored, by the key of their text."""
        return {key: issue for key, issue in (await self.all()).items() if not issue["ignored"]}

    async def all(self) -> dict[str, dict[str, Any]]:
        """Return our repairs, those that are ignored too, by the key of their text."""
        issues = (await self._command("repairs/list_issues"))["issues"]
        found = {issue["translation_key"]: issue for issue in issues if issue["domain"] == DOMAIN}
        assert len(found) == sum(issue["domain"] == DOMAIN for issue in issues)
        return found

    async def said(self, key: str) -> dict[str, str]:
        """Return what fills in the title of a repair."""
        given: dict[str, str] = (await self.shown())[key]["translation_placeholders"]
        return {name: text for name, text in given.items() if not name.endswith("_markdown")}

    async def ignore(self, key: str) -> None:
        """Ignore a repair."""
        issue_id = (await self.shown())[key]["issue_id"]
        await self._command("repairs/ignore_issue", domain=DOMAIN, issue_id=issue_id, ignore=True)

    async def fix(self, key: str) -> dict[str, Any]:
        """Open the dialog of a repair."""
        issue_id = (await self.shown())[key]["issue_id"]
        return await self._post(_FIX, {"handler": DOMAIN, "issue_id": issue_id})

    async def submit(self, form: dict[str, Any]) -> dict[str, Any]:
        """Agree to what a dialog asks."""
        assert form["type"] == "form"
        return await self._post(f"{_FIX}/{form['flow_id']}", {})

    async def _command(self, name: str, **fields: object) -> Any:  # noqa: ANN401  whatever it answers
        socket = await self.connect(self.hass, self.token)  # a connection does not outlast the time that tests move
        await socket.send_json_auto_id({"type": name, **fields})
        answer = await socket.receive_json()
        assert answer["success"], answer
        await socket.close()
        return answer["result"]

    async def _post(self, path: str, body: dict[str, str]) -> dict[str, Any]:
        answer = await self.client.post(path, json=body)
        assert answer.status == HTTPStatus.OK, await answer.text()
        shown: dict[str, Any] = await answer.json()
        return shown


@pytest.fixture
async def repairs(
    hass: HomeAssistant,
    hass_ws_client: WebSocketGenerator,
    hass_client: ClientSessionGenerator,
    hass_admin_user: MockUser,
) -> Repairs:
    """Return the page of repairs."""
    return await Repairs.open(hass, hass_ws_client, hass_client, hass_admin_user)
