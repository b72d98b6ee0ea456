"""A Home Assistant that ends, and another one that goes on with what the first one stored."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from copy import deepcopy
from dataclasses import replace
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.bootstrap import async_load_base_functionality
from homeassistant.core import CoreState, HomeAssistant
from homeassistant.loader import DATA_CUSTOM_COMPONENTS
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import async_test_home_assistant

from custom_components.amps.const import DOMAIN

from .actions import ActionEvents
from .commanding import Home


async def stop(hass: HomeAssistant, home: Home) -> None:
    """Unload the account, as a stop of Home Assistant does."""
    assert await hass.config_entries.async_unload(home.account.entry_id)
    await hass.async_block_till_done()


async def start(hass: HomeAssistant, home: Home) -> None:
    """Set the account up anew."""
    assert await hass.config_entries.async_setup(home.account.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)


async def end(home: Home, disk: dict[str, Any], *, in_order: bool) -> None:
    """End a Home Assistant: as it stops in order, or as by a power cut, after which the disk is as it was before."""
    before = deepcopy(disk)
    await home.hass.async_stop(force=True)
    if in_order:
        before = deepcopy(disk)
    # With its process end its tasks, and nothing that is unloaded for the sake of the test is stored.
    tasks = [task for task in asyncio.all_tasks() if task.get_name() == f"{DOMAIN} command"]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await home.hass.config_entries.async_unload(home.account.entry_id)
    disk.clear()
    disk.update(before)


@asynccontextmanager
async def started_anew(home: Home, state: CoreState = CoreState.running) -> AsyncGenerator[Home]:
    """Start another Home Assistant with what is on the disk, with nothing left to do at the moment."""
    zone = home.hass.config.time_zone
    async with async_test_home_assistant(load_registries=False) as hass:
        hass.set_state(state)
        hass.data.pop(DATA_CUSTOM_COMPONENTS)  # the test helper hides integrations that are not Home Assistant's own
        await hass.config.async_set_time_zone(zone)
        assert await async_load_base_functionality(hass)
        events = ActionEvents.listen(hass)
        assert await async_setup_component(hass, DOMAIN, {})
        await hass.async_block_till_done(wait_background_tasks=True)
        (account,) = hass.config_entries.async_entries(DOMAIN)
        assert account.entry_id == home.account.entry_id
        try:
            yield replace(home, hass=hass, account=account, events=events)
        finally:
            await hass.config_entries.async_unload(account.entry_id)
            await hass.async_stop(force=True)


@asynccontextmanager
async def stopped_until(
    time: str, home: Home, disk: dict[str, Any], freezer: FrozenDateTimeFactory, *, in_order: bool = True
) -> AsyncGenerator[Home]:
    """End Home Assistant, and start another one at a time of the day of the test with nothing but what it stored."""
    await end(home, disk, in_order=in_order)
    freezer.move_to(time)
    async with started_anew(home) as again:
        yield again
