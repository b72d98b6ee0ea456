"""The entry of a simulated home, added the way a person adds it."""

import asyncio
import time
from typing import TypedDict, cast

from scripts.support.client import POLL_INTERVAL, Client, Json
from scripts.support.failure import DevelopError
from scripts.support.notes import Notes
from scripts.support.output import say

DOMAIN = "amps"
FLOW = "/api/config/config_entries/flow"
# A fleet registers tens of thousands of entities.
LOAD_TIMEOUT = 300


class Entry(TypedDict):
    """What Home Assistant tells about an entry, as far as it matters here."""

    entry_id: str
    title: str
    state: str
    reason: str | None
    disabled_by: str | None


async def show_home(client: Client, notes: Notes, profile: str) -> None:
    """Leave exactly the home of this profile running, of those that scripts/develop has set up."""
    entries = await _entries(client)
    for other, home in notes.homes.items():
        entry = entries.get(home["entry_id"])
        if other != profile and entry is not None and entry["disabled_by"] is None:
            say(f"switching off the simulated home of profile {other}; its entities and history are kept")
            await client.command("config_entries/disable", entry_id=entry["entry_id"], disabled_by="user")

    known = notes.homes.get(profile)
    entry = entries.get(known["entry_id"]) if known is not None else None
    if entry is None:
        say(f"adding a simulated home of profile {profile}")
        entry_id = await _add(client, profile)
        notes.homes[profile] = {"entry_id": entry_id}
        notes.save()
    else:
        entry_id = entry["entry_id"]
        if entry["disabled_by"] is not None:
            say(f"switching on the simulated home of profile {profile}")
            await client.command("config_entries/disable", entry_id=entry_id, disabled_by=None)
    await _wait_until_loaded(client, entry_id)


async def _add(client: Client, profile: str) -> str:
    step = await client.post(FLOW, {"handler": DOMAIN})
    flow = f"{FLOW}/{step['flow_id']}"
    await client.post(flow, {"next_step_id": "simulated_home"})
    step = await client.post(flow, {"profile": profile})
    if step["type"] != "create_entry":
        message = f"The simulated home could not be added, the dialog ended with {step}"
        raise DevelopError(message)
    return str(cast("Json", step["result"])["entry_id"])


async def _wait_until_loaded(client: Client, entry_id: str) -> None:
    deadline = time.monotonic() + LOAD_TIMEOUT
    entry = (await _entries(client))[entry_id]
    while entry["state"] != "loaded":
        if entry["state"] in ("setup_error", "migration_error", "failed_unload") or time.monotonic() > deadline:
            message = f"{entry['title']} is not there ({entry['state']}: {entry['reason']}): see the log."
            raise DevelopError(message)
        await asyncio.sleep(POLL_INTERVAL)
        entry = (await _entries(client))[entry_id]


async def _entries(client: Client) -> dict[str, Entry]:
    entries = cast("list[Entry]", await client.command("config_entries/get", domain=DOMAIN))
    return {entry["entry_id"]: entry for entry in entries}
