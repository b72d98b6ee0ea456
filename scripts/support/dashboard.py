"""The Amps dashboard: a view for each simulated home, a section for each of its devices.

A view is written when it is missing, and again when the devices would give another one, but never over the edits of a
person: what is there has to be what was written last.
"""

from collections.abc import Callable, Mapping, Sequence
import hashlib
import json
from typing import TypedDict, cast

from scripts.support.client import Client, Json
from scripts.support.notes import Notes
from scripts.support.output import say
from scripts.support.simulated_home import DOMAIN

URL_PATH = "amps"
# More sections than this no browser shows at ease, and nobody reads.
MAX_DEVICES = 24


type Entities = Mapping[str, str]


class Device(TypedDict):
    """A row of the device registry, as far as it matters here."""

    id: str
    name: str | None
    name_by_user: str | None
    config_entries: list[str]


class Entity(TypedDict):
    """A row of the entity registry, as far as it matters here."""

    entity_id: str
    device_id: str | None
    platform: str
    translation_key: str | None
    entity_category: str | None
    disabled_by: str | None
    hidden_by: str | None


async def show_dashboard(client: Client, notes: Notes, profile: str) -> None:
    """Have the view of this home in the dashboard, as its first, and the dashboard as the start page."""
    home = notes.homes[profile]
    view = build_view(profile, await _devices(client, home["entry_id"]))
    config = await _dashboard(client)
    views = cast("list[Json]", config["views"])
    there = next((view for view in views if view["path"] == profile), None)

    fingerprint = _fingerprint(view)
    if there is None or _fingerprint(there) == home["view"]:
        changed = [view, *(view for view in views if view["path"] != profile)]
        home["view"] = fingerprint
    else:
        if fingerprint != home["view"]:
            say(f"the devices have changed, but not the view {profile} of the dashboard: it has your edits")
        changed = [there, *(view for view in views if view is not there)]
    if changed != views:
        say(f"writing the view {profile} of the Amps dashboard")
        await client.command("lovelace/config/save", url_path=URL_PATH, config={**config, "views": changed})
    notes.save()


def build_view(profile: str, devices: Sequence[tuple[str, Entities]]) -> Json:
    """Return the view of a home whose devices are given by name, with their entity ids by translation key."""
    ordered = sorted(devices, key=lambda device: (list(ICONS).index(_main_key(device[1])), device[0].casefold()))
    sections = [_section(name, entities) for name, entities in ordered[:MAX_DEVICES] if CARDS.keys() & entities]
    if (left_out := len(ordered) - MAX_DEVICES) > 0:
        text = f"{left_out} more devices are in [Settings](/config/devices/dashboard)."
        sections.append({"type": "grid", "cards": [{"type": "markdown", "content": text}]})
    return {
        "path": profile,
        "title": profile.replace("_", " ").capitalize(),
        "type": "sections",
        "max_columns": 4,
        "sections": sections,
    }


def _section(name: str, entities: Entities) -> Json:
    keys = [key for key in CARDS if key in entities and SAID_BY.get(key) not in entities]
    cards = [CARDS[key](entities[key]) for key in keys]
    return {"type": "grid", "cards": [_heading(name, entities), *cards]}


def _heading(name: str, entities: Entities) -> Json:
    heading: Json = {"type": "heading", "heading": name, "icon": ICONS[_main_key(entities)]}
    if (last_action := entities.get("last_action")) is None:
        return heading
    once_there_is_one = {"condition": "state", "entity": last_action, "state_not": ["unknown", "unavailable"]}
    return {**heading, "badges": [{"type": "entity", "entity": last_action, "visibility": [once_there_is_one]}]}


def _main_key(entities: Entities) -> str:
    """Return what tells best which kind of device this is."""
    return next(key for key in ICONS if key in entities or not key)


def _tile(entity_id: str) -> Json:
    return {"type": "tile", "entity": entity_id, "name": {"type": "entity"}}


def _thermostat(entity_id: str) -> Json:
    features = [{"type": "target-temperature"}, {"type": "climate-hvac-modes"}]
    return {"type": "tile", "entity": entity_id, "features": features, "grid_options": {"columns": 12}}


def _gauge(entity_id: str) -> Json:
    """Return a gauge that leaves room for three tiles beside it."""
    return {
        "type": "gauge",
        "entity": entity_id,
        "name": {"type": "entity"},
        "severity": {"green": 40, "yellow": 20, "red": 0},
        "grid_options": {"columns": 6, "rows": 3},
    }


CARDS: dict[str, Callable[[str], Json]] = {
    "thermostat": _thermostat,
    "level": _gauge,
    "status": _tile,
    "power": _tile,
    "charge_power": _tile,
    "range": _tile,
    "full_at": _tile,
    "mode": _tile,
    "charging_enabled": _tile,
    "energy": _tile,
    "energy_charged": _tile,
    "energy_discharged": _tile,
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


async def _devices(client: Client, entry_id: str) -> list[tuple[str, Entities]]:
    """Return the devices of an entry that have something to show, by name."""
    entities: dict[str, dict[str, str]] = {}
    for entity in cast("list[Entity]", await client.command("config/entity_registry/list")):
        device_id, key = entity["device_id"], entity["translation_key"]
        if entity["platform"] != DOMAIN or device_id is None or key is None or not _is_shown(entity):
            continue
        entities.setdefault(device_id, {})[key] = entity["entity_id"]
    devices = cast("list[Device]", await client.command("config/device_registry/list"))
    shown = [device for device in devices if entry_id in device["config_entries"] and device["id"] in entities]
    return [(device["name_by_user"] or device["name"] or "", entities[device["id"]]) for device in shown]


def _is_shown(entity: Entity) -> bool:
    return entity["entity_category"] is None and entity["disabled_by"] is None and entity["hidden_by"] is None


async def _dashboard(client: Client) -> Json:
    """Return the configuration of the dashboard, which is made and becomes the start page when it is missing."""
    dashboards = cast("list[Json]", await client.command("lovelace/dashboards/list"))
    if any(dashboard["url_path"] == URL_PATH for dashboard in dashboards):
        return cast("Json", await client.command("lovelace/config", url_path=URL_PATH))
    await client.command(
        "lovelace/dashboards/create",
        url_path=URL_PATH,
        allow_single_word=True,
        title="Amps",
        icon="mdi:home-lightning-bolt",
        require_admin=False,
        show_in_sidebar=True,
    )
    data = cast("Json", await client.command("frontend/get_system_data", key="core"))
    core = cast("Json | None", data["value"]) or {}
    await client.command("frontend/set_system_data", key="core", value={**core, "default_panel": URL_PATH})
    return {"views": []}


def _fingerprint(view: Json) -> str:
    return hashlib.sha256(json.dumps(view, sort_keys=True).encode()).hexdigest()
