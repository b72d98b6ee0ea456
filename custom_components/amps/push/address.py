"""Where the webhook of an account is reached: by a cloud hook where there is one (design §7)."""

from typing import Final, Protocol, cast

from homeassistant.components import webhook
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_WEBHOOK_ID
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.network import NoURLAvailableError
from homeassistant.loader import async_get_loaded_integration

from ..const import LOGGER

_CLOUD: Final = "cloud"
_UNKNOWN_HOST: Final = "https://YOUR-HOME-ASSISTANT"
"""Stands for the address while Home Assistant does not know under which it is reached from the internet."""


class _Cloud(Protocol):
    """What is used of Home Assistant Cloud, whose module it is."""

    def async_active_subscription(self, hass: HomeAssistant) -> bool:
        """Return whether there is a subscription."""

    async def async_get_or_create_cloudhook(self, hass: HomeAssistant, webhook_id: str) -> str:
        """Return the URL of the cloud hook of a webhook."""

    async def async_delete_cloudhook(self, hass: HomeAssistant, webhook_id: str) -> None:
        """Delete the cloud hook of a webhook."""


@callback
def webhook_id(hass: HomeAssistant, entry: ConfigEntry) -> str:
    """Return the id of the webhook of an entry, which stays as long as the entry does."""
    if CONF_WEBHOOK_ID not in entry.data:
        hass.config_entries.async_update_entry(entry, data={**entry.data, CONF_WEBHOOK_ID: webhook.async_generate_id()})
    known: str = entry.data[CONF_WEBHOOK_ID]
    return known


async def async_webhook_url(hass: HomeAssistant, entry: ConfigEntry) -> str:
    """Return the URL at which the webhook of an entry is reached from the internet."""
    id_ = webhook_id(hass, entry)
    if (cloud := _find_cloud(hass)) is not None and cloud.async_active_subscription(hass):
        try:
            return await cloud.async_get_or_create_cloudhook(hass, id_)
        except Exception as err:  # noqa: BLE001  whatever it is, there may be another way
            LOGGER.warning("%s: there is no cloud hook: %s", entry.title, err)
    try:
        return webhook.async_generate_url(hass, id_, allow_internal=False)
    except NoURLAvailableError:
        return f"{_UNKNOWN_HOST}{webhook.async_generate_path(id_)}"


async def async_forget_webhook(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Delete the cloud hook of an entry that is removed, if it has one."""
    if CONF_WEBHOOK_ID not in entry.data or (cloud := _find_cloud(hass)) is None:
        return
    try:
        await cloud.async_delete_cloudhook(hass, entry.data[CONF_WEBHOOK_ID])
    except Exception as err:  # noqa: BLE001  most have none, which is an error like any other
        LOGGER.debug("%s: no cloud hook was deleted: %s", entry.title, err)


@callback
def _find_cloud(hass: HomeAssistant) -> _Cloud | None:
    """Return Home Assistant Cloud where it is loaded.

    It is no dependency, not even one to be loaded first: what it requires would be installed in homes that have none.
    """
    if _CLOUD not in hass.config.components:
        return None
    return cast("_Cloud", async_get_loaded_integration(hass, _CLOUD).get_component())
