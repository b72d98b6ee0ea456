"""Amps: home-energy devices of many manufacturers behind one key."""

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.device_registry import AnyDeviceEntry
from homeassistant.helpers.typing import ConfigType

from .account.claims import async_setup_claims
from .account.connection import async_connect
from .account.gate import forget_limits
from .account.issues import async_setup_issues
from .account.request_log import forget_requests
from .account.simulated_home import async_forget_home
from .account.store import async_remove_account_store
from .cards import async_update_cards
from .const import CONF_PROFILE, CONF_SEED, DOMAIN
from .control.after_windows import start_follow_ups
from .coordinator import AmpsCoordinator
from .push.address import async_forget_webhook
from .push.registration import start_webhook
from .runtime import AmpsConfigEntry, AmpsRuntime
from .services import async_setup_services

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)

PLATFORMS = [
    Platform.BINARY_SENSOR,
    Platform.BUTTON,
    Platform.CALENDAR,
    Platform.CLIMATE,
    Platform.EVENT,
    Platform.NUMBER,
    Platform.SELECT,
    Platform.SENSOR,
    Platform.SWITCH,
]


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Prepare what all accounts share, and register the actions, which are there whether or not one is loaded."""
    async_setup_claims(hass)
    async_setup_issues(hass)
    async_setup_services(hass)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: AmpsConfigEntry) -> bool:
    """Set up an account. The cards are there even if it has to wait for Amps."""
    await async_update_cards(hass)
    coordinator = AmpsCoordinator(hass, entry, await async_connect(hass, entry))
    await coordinator.store.async_load()
    await coordinator.async_config_entry_first_refresh()
    entry.runtime_data = AmpsRuntime(coordinator=coordinator)
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    # What was delivered before this is among the actions that are read after it.
    start_webhook(coordinator)
    coordinator.start()
    start_follow_ups(coordinator)
    return True


async def async_migrate_entry(hass: HomeAssistant, entry: AmpsConfigEntry) -> bool:
    """Bring an entry up to date: up to version 1.1 the profile of eleven devices was called `home`."""
    if entry.minor_version == 1:
        data = {**entry.data, CONF_PROFILE: "showcase"} if entry.data.get(CONF_PROFILE) == "home" else entry.data
        hass.config_entries.async_update_entry(entry, data=data, minor_version=2)
    return True


async def async_unload_entry(hass: HomeAssistant, entry: AmpsConfigEntry) -> bool:
    """Unload an account, be it that it is disabled."""
    unloaded = await hass.config_entries.async_unload_platforms(entry, PLATFORMS)
    await async_update_cards(hass)
    return unloaded


async def async_remove_config_entry_device(hass: HomeAssistant, entry: AmpsConfigEntry, device: AnyDeviceEntry) -> bool:
    """Let a person delete a device that is in no list now."""
    return entry.state is ConfigEntryState.LOADED and entry.runtime_data.coordinator.cleanup.may_remove(device)


async def async_remove_entry(hass: HomeAssistant, entry: AmpsConfigEntry) -> None:
    """Forget what is kept of an account outside its entry."""
    forget_limits(hass, entry)
    forget_requests(hass, entry)
    await async_forget_webhook(hass, entry)
    await async_remove_account_store(hass, entry)
    if CONF_SEED in entry.data:
        await async_forget_home(hass, entry)
    await async_update_cards(hass)
