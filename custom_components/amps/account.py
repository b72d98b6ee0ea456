"""What an account is told by: the service that has it, and the devices that a key lists (design §3)."""

from collections.abc import Set as AbstractSet

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from yarl import URL

from .api import AmpsClient, Listing
from .api.models import DEVICE_CLASSES
from .const import DOMAIN


def service_url(text: str) -> str | None:
    """Return the URL of a service as it is stored, None for what is none."""
    text = text.strip()
    if not text.isprintable() or any(character in text for character in " ?#"):
        return None
    try:
        url = URL(text)
    except ValueError:
        return None
    if url.scheme not in ("http", "https") or not url.host or not url.port or url.user or url.password:
        return None
    return str(url).rstrip("/")


def is_header_value(key: str) -> bool:
    """Return whether a key can be sent at all: what cannot stand in a header is no key."""
    return bool(key) and key.isascii() and key.isprintable()


async def first_devices(client: AmpsClient) -> Listing:
    """Return a list that has devices, the first one if none has: one cheap call, for all but the rarest account."""
    first = listing = await client.check(DEVICE_CLASSES[0])
    for device_class in DEVICE_CLASSES[1:]:
        if listing.items:
            return listing
        listing = await client.check(device_class)
    return listing if listing.items else first


async def list_showing(client: AmpsClient, device_ids: AbstractSet[str]) -> Listing | None:
    """Return a list that shows one of these devices, None if none does.

    The first page of each type mostly settles it; only then the long lists are read to their ends.
    """
    long = []
    for device_class in DEVICE_CLASSES:
        page = await client.check(device_class)
        if not device_ids.isdisjoint(page.device_ids):
            return page
        if page.has_more:
            long.append(device_class)
    for device_class in long:
        listing = await client.list_devices(device_class)
        if not device_ids.isdisjoint(listing.device_ids):
            return listing
    return None


@callback
def known_devices(hass: HomeAssistant, entry: ConfigEntry) -> AbstractSet[str]:
    """Return the ids of the devices that an entry has ever shown and not removed; the account itself is none."""
    return {
        device_id
        for device in dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
        if device.entry_type is None
        for domain, device_id in device.identifiers
        if domain == DOMAIN
    }


@callback
def is_elsewhere(hass: HomeAssistant, listing: Listing, entry: ConfigEntry | None) -> bool:
    """Return whether an entry other than this one has a device of a list: the same account by another key."""
    identifiers = {(DOMAIN, device_id) for device_id in listing.device_ids}
    return any(
        entry is None or device.config_entry_id != entry.entry_id
        for device in dr.async_get(hass).async_get_devices(identifiers=identifiers)
    )
