"""The Amps dashboard: the strategy `custom:amps` builds it from the devices that there are, so that it never ages.

It is added when it is missing; whatever a person makes of it later is left alone.
"""

from typing import Final, cast

from scripts.support.client import Client, Json
from scripts.support.failure import DevelopError
from scripts.support.output import say

URL_PATH: Final = "amps"
CONFIG: Final[Json] = {"strategy": {"type": "custom:amps"}}


async def show_dashboard(client: Client) -> None:
    """Add the dashboard when it is missing, and make it the start page unless somebody has chosen one."""
    dashboards = cast("list[Json]", await client.command("lovelace/dashboards/list"))
    if not any(dashboard["url_path"] == URL_PATH for dashboard in dashboards):
        say("adding the Amps dashboard")
        await client.command(
            "lovelace/dashboards/create",
            url_path=URL_PATH,
            allow_single_word=True,
            title="Amps",
            icon="mdi:home-lightning-bolt",
        )
    if not await _has_config(client):
        await client.command("lovelace/config/save", url_path=URL_PATH, config=CONFIG)
    data = cast("Json", await client.command("frontend/get_system_data", key="core"))
    core = cast("Json | None", data["value"]) or {}
    if core.get("default_panel") is None:
        await client.command("frontend/set_system_data", key="core", value={**core, "default_panel": URL_PATH})


async def _has_config(client: Client) -> bool:
    try:
        await client.command("lovelace/config", url_path=URL_PATH)
    except DevelopError:
        return False
    return True
