"""Which account a key belongs to: by the devices that it lists and those that Home Assistant has (design §3)."""

import asyncio
from collections.abc import AsyncGenerator, Sequence, Set as AbstractSet
from contextlib import aclosing
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr

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

_BY_PRIORITY: Final = (
    AmpsInvalidKeyError,
    AmpsLiveAccessDisabledError,
    AmpsPermissionError,
    AmpsRateLimitedError,
    AmpsUnexpectedAnswerError,
    AmpsTransientError,
    AmpsApiError,
    AmpsError,
)
"""Errors, those first that say the most about what a person can do."""


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
        raise _most_important(errors)
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
        raise _most_important(errors)
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


def _most_important(errors: Sequence[AmpsError]) -> AmpsError:
    return min(errors, key=lambda err: next(rank for rank, kind in enumerate(_BY_PRIORITY) if isinstance(err, kind)))


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


@callback
def registered_names(hass: HomeAssistant, entry: ConfigEntry) -> dict[str, str]:
    """Return by device id what the devices of an entry are called in the device registry."""
    return {
        device_id: device.name
        for device in dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
        if device.name and device.entry_type is None
        for domain, device_id in device.identifiers
        if domain == DOMAIN
    }
