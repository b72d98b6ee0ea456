"""What a set-up costs."""

from collections.abc import AsyncIterator
import gc
from statistics import median
from time import perf_counter_ns
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant

from custom_components.amps.api.models import DEVICE_CLASSES

from .account import Answering, account, home_assistant, pages
from .peer import peer_entry
from .plain import entities_of, plain_entry
from .poll import large_home
from .result import Result

ROUNDS: Final = 20


async def set_up() -> AsyncIterator[Result]:
    """B3: the set-up of an account that was set up before, to the first states."""
    home, _ = large_home()
    transport = Answering(home, pages(home))
    async with home_assistant() as hass, account(transport, hass) as entry:
        client = entry.runtime_data.coordinator.state.client_for("benchmark")
        ours = len(entities_of(hass))
        others, plain = plain_entry(hass)
        peer, peers = peer_entry(hass, Answering(home, pages(home)))
        values, floors, peer_values, lists = [], [], [], []
        for device_class in DEVICE_CLASSES:
            start = perf_counter_ns()
            await client.list_devices(device_class)
            lists.append((perf_counter_ns() - start) / 1e6)
        for each in (others, peer):
            await hass.config_entries.async_setup(each.entry_id)
        for _ in range(ROUNDS):
            values.append(await _again(hass, entry))
            floors.append(await _again(hass, others))
            peer_values.append(await _again(hass, peer))
        states = [state for state in hass.states.async_all() if not state.attributes.get("restored")]
        yield Result(
            what=f"set-up of {len(entry.runtime_data.coordinator.data)} devices and {ours} entities, "
            "registered before, to their first states",
            value=median(values),
            unit="ms",
            floor=max(lists) + median(floors),
            goal=1.3,
            peer=median(peer_values),
            ok_besides=len(entities_of(hass)) == ours == len(plain) == len(peers) and len(states) >= 3 * ours,
        )


async def _again(hass: HomeAssistant, entry: ConfigEntry) -> float:
    """Unload an entry, set it up again and return how long the latter took, in ms."""
    await hass.config_entries.async_unload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    gc.collect()
    start = perf_counter_ns()
    await hass.config_entries.async_setup(entry.entry_id)
    took = (perf_counter_ns() - start) / 1e6
    await hass.async_block_till_done(wait_background_tasks=True)
    return took
