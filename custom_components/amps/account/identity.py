"""What an account is told by: the service that has it, and the devices that a key lists (design §3)."""

import asyncio
from collections.abc import AsyncGenerator, Sequence, Set as AbstractSet
from contextlib import aclosing
from ipaddress import ip_address
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.util.network import is_local
from yarl import URL

from ..api import (
    AmpsApiError,
    AmpsClient,
    AmpsError,
    AmpsInvalidKeyError,
    AmpsLiveAccessDisabledError,
    AmpsPermissionError,
    AmpsRateLimitedError,
    AmpsTransientError,
    AmpsUnexpectedAnswerError,
    ListPage,
)
from ..api.models import DEVICE_CLASSES, AnyDevice
from ..const import DOMAIN

_LOCAL_NAMES: Final = (".localhost", ".local", ".home.arpa", ".internal")
"""Names that no public name server may answer for, nor for what ends in them (RFC 6761, 6762, 8375, ICANN 2024).

Any other name may lead out of the house, now or later: one without a dot by a search domain, or because it is an
address written as a number, such as 134744072 for 8.8.8.8.
"""

_TELLING: Final = (
    AmpsInvalidKeyError,
    AmpsLiveAccessDisabledError,
    AmpsPermissionError,
    AmpsRateLimitedError,
    AmpsUnexpectedAnswerError,
    AmpsTransientError,
    AmpsApiError,
    AmpsError,
)
"""Errors, the first of which says the most about what a person can do."""


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


def is_insecure(url: str) -> bool:
    """Return whether a key that is sent to a URL could be read on its way: plain HTTP beyond the own network."""
    parsed = URL(url)
    host = parsed.raw_host or ""
    if parsed.scheme == "https" or f".{host}".removesuffix(".").endswith(_LOCAL_NAMES):
        return False
    try:
        return not is_local(ip_address(host))
    except ValueError:
        return True


def is_same_origin(one: str, other: str) -> bool:
    """Return whether two URLs are of one service: a key that is meant for it must not reach any other."""
    first, second = URL(one), URL(other)
    return (first.scheme, first.raw_host, first.port) == (second.scheme, second.raw_host, second.port)


async def probe_account(client: AmpsClient) -> ListPage:
    """Return a list that has devices, the first one that answers if none has.

    One cheap call, for all but the rarest account. Raises AmpsError when no list answers: any that does proves the key.
    """
    answered: list[ListPage] = []
    errors: list[AmpsError] = []
    async with aclosing(_first_pages(client)) as pages:
        async for _, page in pages:
            if isinstance(page, AmpsError):
                errors.append(page)
            elif page.items:
                return page
            else:
                answered.append(page)
    if not answered:
        raise _most_telling(errors)
    return answered[0]


async def find_known_device(client: AmpsClient, device_ids: AbstractSet[str]) -> ListPage | None:
    """Return a list that shows one of these devices, None if none does.

    The first page of each type mostly settles it; only then the long lists are read to their ends. Raises AmpsError
    when one that cannot be read might show them.
    """
    errors: list[AmpsError] = []
    long: list[type[AnyDevice]] = []
    async with aclosing(_first_pages(client)) as pages:
        async for device_class, page in pages:
            if isinstance(page, AmpsError):
                errors.append(page)
            elif not device_ids.isdisjoint(page.device_ids):
                return page
            elif page.has_more:
                long.append(device_class)
    for device_class in long:
        try:
            listing = await client.list_devices(device_class)
        except AmpsError as err:
            errors.append(err)
            continue
        if not device_ids.isdisjoint(listing.device_ids):
            return listing
    if errors:
        raise _most_telling(errors)
    return None


async def _first_pages(client: AmpsClient) -> AsyncGenerator[tuple[type[AnyDevice], ListPage | AmpsError]]:
    """Yield the first page of each type, or why it cannot be read: one by itself, and all others at the same time.

    A service that asks for fewer requests is asked for no more.
    """

    async def page(device_class: type[AnyDevice]) -> tuple[type[AnyDevice], ListPage | AmpsError]:
        try:
            return device_class, await client.check(device_class)
        except AmpsError as err:
            return device_class, err

    first, *others = DEVICE_CLASSES
    found = await page(first)
    yield found
    if isinstance(found[1], AmpsRateLimitedError):
        return
    for found in await asyncio.gather(*map(page, others)):
        yield found


def _most_telling(errors: Sequence[AmpsError]) -> AmpsError:
    return min(errors, key=lambda err: next(rank for rank, kind in enumerate(_TELLING) if isinstance(err, kind)))


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
def devices_elsewhere(hass: HomeAssistant, entry: ConfigEntry | None) -> AbstractSet[str]:
    """Return the ids of the devices of all entries but this one."""
    others = (other for other in hass.config_entries.async_entries(DOMAIN) if other is not entry)
    return frozenset().union(*(known_devices(hass, other) for other in others))
