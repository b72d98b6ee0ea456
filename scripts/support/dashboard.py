"""The Amps dashboard: a view for each simulated home, a section for each of its devices.

A view is written when it is missing, and again when the devices would give another one, but never over the edits of a
person: what is there has to be what was written last.
"""

from collections.abc import Callable, Sequence
from itertools import chain
from typing import cast

from scripts.support.client import Client, Json
from scripts.support.devices import Device, Entities, devices_of
from scripts.support.failure import DevelopError
from scripts.support.notes import Notes, fingerprint
from scripts.support.output import say

URL_PATH = "amps"
# More sections than this no browser shows at ease, and nobody reads.
MAX_DEVICES = 24


async def show_dashboard(client: Client, notes: Notes, profile: str) -> None:
    """Have the view of this home in the dashboard, as its first, and the dashboard as the start page."""
    home = notes.homes[profile]
    devices = [device for device in await devices_of(client, home["entry_id"]) if CARDS.keys() & device[1]]
    view = build_view(profile, devices)
    await _make_start_page(client)
    config = await _config(client)
    if "views" not in config:  # somebody has handed it to a dashboard strategy
        return
    views = cast("list[Json]", config["views"])
    there = next((view for view in views if view.get("path") == profile), None)

    written = fingerprint(view)
    if there is None or fingerprint(there) == home["view"]:
        changed = [view, *(other for other in views if other is not there)]
        home["view"] = written
    else:
        if written != home["view"]:
            say(f"the devices have changed, but not the view {profile} of the dashboard: it has your edits")
        changed = [there, *(other for other in views if other is not there)]
    if changed != views:
        say(f"writing the view {profile} of the Amps dashboard")
        await client.command("lovelace/config/save", url_path=URL_PATH, config={**config, "views": changed})
    notes.save()


def build_view(profile: str, devices: Sequence[Device]) -> Json:
    """Return the view of a home with these devices."""
    shown = _some_of_every_kind(devices)
    sections = [_section(name, entities) for name, entities in shown]
    if (left_out := len(devices) - len(shown)) > 0:
        text = f"{left_out} more devices are in [Settings](/config/devices/dashboard)."
        sections.append({"type": "grid", "cards": [{"type": "markdown", "content": text}]})
    return {
        "path": profile,
        "title": profile.replace("_", " ").capitalize(),
        "type": "sections",
        "max_columns": 4,
        "sections": sections,
    }


def _some_of_every_kind(devices: Sequence[Device]) -> list[Device]:
    """Return the devices in the order in which they are shown: all, or as many of each kind as there is room for."""
    kinds: dict[str, list[Device]] = {key: [] for key in ICONS}
    for device in sorted(devices, key=lambda device: device[0].casefold()):
        kinds[_main_key(device[1])].append(device)
    if len(devices) > MAX_DEVICES:
        room = MAX_DEVICES // sum(bool(kind) for kind in kinds.values())
        kinds = {key: kind[:room] for key, kind in kinds.items()}
    return list(chain.from_iterable(kinds.values()))


def _section(name: str, entities: Entities) -> Json:
    keys = [key for key in CARDS if key in entities and SAID_BY.get(key) not in entities]
    cards = [CARDS[key](entities[key]) for key in keys]
    return {"type": "grid", "cards": [_heading(name, entities), *cards]}


def _heading(name: str, entities: Entities) -> Json:
    heading: Json = {"type": "heading", "heading": name, "icon": ICONS[_main_key(entities)]}
    if (last_action := entities.get("last_action")) is None:
        return heading
    return {**heading, "badges": [{"type": "entity", "entity": last_action, "visibility": _once_known(last_action)}]}


def _once_known(entity_id: str) -> list[Json]:
    """Return the condition under which something is shown that mostly has nothing to say."""
    return [{"condition": "state", "entity": entity_id, "state_not": ["unknown", "unavailable"]}]


def _main_key(entities: Entities) -> str:
    """Return what tells best which kind of device this is."""
    return next(key for key in ICONS if key in entities or not key)


def _tile(entity_id: str) -> Json:
    return {"type": "tile", "entity": entity_id, "name": {"type": "entity"}}


def _thermostat(entity_id: str) -> Json:
    features = [{"type": "target-temperature"}, {"type": "climate-hvac-modes"}]
    return {"type": "tile", "entity": entity_id, "features": features, "grid_options": {"columns": 12}}


def _named(name: str) -> Callable[[str], Json]:
    """Return what makes a tile whose entity has too long a name for half of a section."""
    return lambda entity_id: {**_tile(entity_id), "name": name}


def _wide(*features: Json) -> Callable[[str], Json]:
    """Return what makes a tile across the whole section, with its features beside the name."""
    return lambda entity_id: {
        **_tile(entity_id),
        "features": list(features),
        "features_position": "inline",
        "grid_options": {"columns": 12},
    }


def _wide_once_known(entity_id: str) -> Json:
    return {**_wide()(entity_id), "visibility": _once_known(entity_id)}


def _gauge(entity_id: str) -> Json:
    """Return a gauge with room for two tiles beside it."""
    return {
        "type": "gauge",
        "entity": entity_id,
        "name": {"type": "entity"},
        "severity": {"green": 40, "yellow": 20, "red": 0},
        "grid_options": {"columns": 6, "rows": 2},
    }


CARDS: dict[str, Callable[[str], Json]] = {
    "thermostat": _thermostat,
    "level": _gauge,
    "status": _tile,
    "power": _tile,
    "charge_power": _tile,
    "range": _tile,
    "full_at": _wide_once_known,
    "charging_enabled": _wide({"type": "toggle"}),
    "energy": _wide(),
    "energy_charged": _named("Charged"),
    "energy_discharged": _named("Discharged"),
    "mode": _wide({"type": "select-options"}),
}
"""What is shown of a device that has it, in this order."""

SAID_BY = {"charge_power": "power"}
"""What is not shown of a device that has the other, which says it too."""

ICONS = {
    "mode": "mdi:home-battery",
    "energy_charged": "mdi:home-battery",
    "producing": "mdi:solar-power-variant",
    "connected": "mdi:ev-station",
    "plugged_in": "mdi:car-electric",
    "thermostat": "mdi:thermostat",
    "": "mdi:flash",
}
"""The icon of a device, by the first of these keys that it has, which is also the order of the devices."""


async def _make_start_page(client: Client) -> None:
    """Add the dashboard when it is missing, and make it the start page unless somebody has chosen one."""
    dashboards = cast("list[Json]", await client.command("lovelace/dashboards/list"))
    if not any(dashboard["url_path"] == URL_PATH for dashboard in dashboards):
        await client.command(
            "lovelace/dashboards/create",
            url_path=URL_PATH,
            allow_single_word=True,
            title="Amps",
            icon="mdi:home-lightning-bolt",
        )
    data = cast("Json", await client.command("frontend/get_system_data", key="core"))
    core = cast("Json | None", data["value"]) or {}
    if core.get("default_panel") is None:
        await client.command("frontend/set_system_data", key="core", value={**core, "default_panel": URL_PATH})


async def _config(client: Client) -> Json:
    try:
        return cast("Json", await client.command("lovelace/config", url_path=URL_PATH))
    except DevelopError:  # it has none yet
        return {"views": []}
