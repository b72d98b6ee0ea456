"""What the system information of Home Assistant shows of all accounts together; nothing in it names one."""

import asyncio
from collections.abc import Awaitable, Collection
from typing import Final

from homeassistant.components import system_health
from homeassistant.const import CONF_URL
from homeassistant.core import HomeAssistant, callback

from .const import CONF_SEED, DOMAIN
from .runtime import AmpsConfigEntry

type Reachable = str | dict[str, str]
"""`ok`, or what failed, as Home Assistant says it."""

_OK: Final = "ok"


@callback
def async_register(hass: HomeAssistant, register: system_health.SystemHealthRegistration) -> None:
    """Register what returns the information."""
    register.async_register_info(system_health_info)


async def system_health_info(hass: HomeAssistant) -> dict[str, int | Awaitable[Reachable]]:
    """Return how much there is, and whether it can be reached; a home inside this Home Assistant is never far away."""
    entries: list[AmpsConfigEntry] = hass.config_entries.async_entries(DOMAIN, include_disabled=False)
    loaded: list[AmpsConfigEntry] = hass.config_entries.async_loaded_entries(DOMAIN)
    info: dict[str, int | Awaitable[Reachable]] = {
        "accounts": len(entries),
        "devices": sum(len(entry.runtime_data.coordinator.state.devices) for entry in loaded),
        "requests_last_hour": sum(
            entry.runtime_data.coordinator.state.limits.requests_last_hour for entry in loaded if _is_remote(entry)
        ),
    }
    if urls := {entry.data[CONF_URL] for entry in entries if _is_remote(entry)}:
        info["can_reach_server"] = _async_check(hass, urls)
    return info


def _is_remote(entry: AmpsConfigEntry) -> bool:
    """Return whether the requests of an account leave this Home Assistant."""
    return CONF_SEED not in entry.data


async def _async_check(hass: HomeAssistant, urls: Collection[str]) -> Reachable:
    """Return whether all services can be reached, without a key; else what is wrong with one of them."""
    checks = [system_health.async_check_can_reach_url(hass, url) for url in sorted(urls)]
    return next((found for found in await asyncio.gather(*checks) if found != _OK), _OK)
