"""Accounts at a service, and what has to stay of them whatever is typed in."""

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er

from .flow import start, submit

KEY = "sk_test_canary_7d20"
NEW_KEY = "sk_test_canary_8e31"
LIVE_KEY = "sk_live_canary"


async def add_account(hass: HomeAssistant, url: str, api_key: str = KEY, user_id: str = "") -> ConfigEntry:
    """Add an account of the sandbox as a person does, at the service of this URL."""
    advanced = {"url": url, "user_id": user_id}
    form = await submit(hass, await start(hass, "api_key"), api_key=api_key, advanced=advanced)
    result = await submit(hass, form, sandbox_host="hosted")
    await hass.async_block_till_done(wait_background_tasks=True)
    return result["result"]


async def add_live_account(hass: HomeAssistant, url: str, api_key: str = LIVE_KEY, user_id: str = "") -> ConfigEntry:
    """Add a live account as a person does, at the service of this URL."""
    advanced = {"url": url, "user_id": user_id}
    result = await submit(hass, await start(hass, "api_key"), api_key=api_key, advanced=advanced)
    await hass.async_block_till_done(wait_background_tasks=True)
    return result["result"]


def states_of(entry: ConfigEntry) -> list[ConfigEntryState]:
    """Return the states that an entry takes from now on: none, unless it is loaded anew."""
    states: list[ConfigEntryState] = []
    entry.async_on_state_change(lambda: states.append(entry.state))
    return states


def entities_of(hass: HomeAssistant, entry: ConfigEntry) -> dict[str, tuple[str, str, str | None]]:
    """Return what history and automations know the entities of an account by."""
    return {
        found.entity_id: (found.id, found.unique_id, found.device_id)
        for found in er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    }
