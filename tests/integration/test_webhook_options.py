"""How a webhook is switched on and off, and where it is reached (design §3, §7)."""

from homeassistant.components import webhook
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.setup import async_setup_component
from homeassistant.util.aiohttp import MockRequest
import orjson
import pytest
from pytest_homeassistant_custom_component.common import MockModule, mock_integration

from custom_components.amps.diagnostics import async_get_config_entry_diagnostics

from .commanding import Home
from .deliveries import (
    ADDRESS,
    OTHER_SECRET,
    SECRET,
    Endpoint,
    endpoint,
    open_webhook_form,
    set_external_address,
    set_secret,
    signed,
)

__all__ = ["endpoint"]

DEVICE_EVENT = {"deviceId": "device_1", "deviceType": "battery", "timestamp": "2026-06-14T12:00:00Z"}


async def push_of(home: Home) -> dict[str, object]:
    """Return what the diagnostics say about deliveries."""
    pushed = (await async_get_config_entry_diagnostics(home.hass, home.account))["push"]
    assert isinstance(pushed, dict)
    return {**pushed}


async def test_the_secret_of_an_endpoint_is_asked_for_and_checked(home: Home) -> None:
    await set_external_address(home.hass)
    form = await open_webhook_form(home.hass, home.account)
    assert form["description_placeholders"]
    assert form["description_placeholders"]["webhook_url"].startswith(f"{ADDRESS}/api/webhook/")
    configure = home.hass.config_entries.options.async_configure
    for wrong in ("secret", "whsec_", "whsec_?", SECRET.removeprefix("whsec_")):
        form = await configure(form["flow_id"], {"webhook_secret": wrong})
        assert form["errors"] == {"webhook_secret": "invalid_webhook_secret"}
    result = await configure(form["flow_id"], {"webhook_secret": f" {SECRET}\n"})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await home.hass.async_block_till_done(wait_background_tasks=True)
    assert home.account.options["webhook_secret"] == SECRET
    assert await push_of(home) == {
        "configured": True,
        "proven": False,
        "silent": False,
        "last_delivery": None,
        "deliveries": {},
    }


async def test_another_secret_replaces_the_one_before_and_none_is_the_end(endpoint: Endpoint) -> None:
    hass, account = endpoint.hass, endpoint.home.account
    assert await endpoint.deliver(DEVICE_EVENT) == 200
    assert await endpoint.deliver(DEVICE_EVENT, OTHER_SECRET) == 401
    # For a day Amps signs with both; the URL stays.
    assert await set_secret(hass, account, OTHER_SECRET) == f"{ADDRESS}{endpoint.path}"
    assert await endpoint.deliver(DEVICE_EVENT, SECRET, OTHER_SECRET) == 200
    assert await endpoint.deliver(DEVICE_EVENT, SECRET) == 401
    pushed = await push_of(endpoint.home)
    assert pushed["deliveries"] == {"device": 1, "forged": 1}
    assert "whsec" not in repr(pushed)
    assert await set_secret(hass, account, "") == f"{ADDRESS}{endpoint.path}"
    assert "webhook_secret" not in account.options
    assert not (await push_of(endpoint.home))["configured"]
    assert await endpoint.deliver(DEVICE_EVENT, SECRET) == 200  # Home Assistant answers so whatever nobody takes
    assert (await push_of(endpoint.home))["last_delivery"] is None


async def test_the_address_is_left_open_where_home_assistant_does_not_know_it(home: Home) -> None:
    assert (await set_secret(home.hass, home.account)).startswith("https://YOUR-HOME-ASSISTANT/api/webhook/")


class Cloud(MockModule):  # type: ignore[misc]  # the helpers have no types that are known
    """Home Assistant Cloud, with a subscription."""

    def __init__(self, *, connected: bool = True) -> None:
        """Begin without hooks."""
        super().__init__("cloud")
        self.connected = connected
        self.hooks: dict[str, str] = {}

    def async_active_subscription(self, _hass: HomeAssistant) -> bool:
        """Return whether there is a subscription."""
        return True

    async def async_get_or_create_cloudhook(self, _hass: HomeAssistant, webhook_id: str) -> str:
        """Return the URL of a hook."""
        if not self.connected:
            raise ConnectionError
        self.hooks[webhook_id] = "https://hooks.test/hook"
        return self.hooks[webhook_id]

    async def async_delete_cloudhook(self, _hass: HomeAssistant, webhook_id: str) -> None:
        """Delete a hook, which has to exist."""
        del self.hooks[webhook_id]


async def load(hass: HomeAssistant, cloud: Cloud) -> dict[str, str]:
    """Load the cloud and return its hooks by webhook."""
    mock_integration(hass, cloud)
    assert await async_setup_component(hass, "cloud", {})
    return cloud.hooks


async def test_a_cloud_hook_is_used_where_there_is_one_and_deleted_with_the_account(endpoint: Endpoint) -> None:
    hass, account = endpoint.hass, endpoint.home.account
    hooks = await load(hass, Cloud())
    assert await set_secret(hass, account, OTHER_SECRET) == "https://hooks.test/hook"
    (webhook_id,) = hooks
    raw = orjson.dumps(DEVICE_EVENT)
    for secret, status in ((SECRET, 401), (OTHER_SECRET, 200)):
        request = MockRequest(content=raw, mock_source="cloud", method="POST", headers=signed(raw, secret))
        answer = await webhook.async_handle_webhook(hass, webhook_id, request)
        assert answer.status == status
    await hass.config_entries.async_remove(account.entry_id)
    assert not hooks


async def test_trouble_with_the_cloud_or_the_webhook_costs_nothing_else(
    endpoint: Endpoint, caplog: pytest.LogCaptureFixture
) -> None:
    hass, account = endpoint.hass, endpoint.home.account
    await load(hass, Cloud(connected=False))
    assert await set_secret(hass, account, OTHER_SECRET) == f"{ADDRESS}{endpoint.path}"
    assert "there is no cloud hook" in caplog.text
    await hass.config_entries.async_unload(account.entry_id)
    webhook.async_register(hass, "other", "Other", account.data["webhook_id"], lambda *_: None)  # type: ignore[arg-type]  # never called
    await hass.config_entries.async_setup(account.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert account.state is ConfigEntryState.LOADED
    assert "its webhook cannot be used" in caplog.text
    await hass.config_entries.async_remove(account.entry_id)
