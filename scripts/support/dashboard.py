"""The Amps dashboard: a view for each simulated home, a section for each of its devices.

A view is written when it is missing, and again when the devices would give another one, but never over the edits of a
person: what is there has to be what was written last.
"""

from collections.abc import Callable, Mapping, Sequence
import hashlib
from itertools import chain
import json
from typing import TypedDict, cast

from scripts.support.client import Client, Json
from scripts.support.failure import DevelopError
from scripts.support.notes import Notes
from scripts.support.output import say
from scripts.support.simulated_home import DOMAIN

URL_PATH = "amps"
# More sections than this no browser shows at ease, and nobody reads.
MAX_DEVICES = 24

type Entities = Mapping[str, str]
"""The entity ids of a device by translation key."""

type Device = tuple[str, Entities]
"""The name of a device and its entities."""


class DeviceRow(TypedDict):
    """A row of the device registry, as far as it matters here."""

    id: str
    name: str | None
    name_by_user: str | None
    config_entries: list[str]


class EntityRow(TypedDict):
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
    await _make_start_page(client)
    config = await _config(client)
    if "views" not in config:  # somebody has handed it to a dashboard strategy
        return
    views = cast("list[Json]", config["views"])
    there = next((view for view in views if view.get("path") == profile), None)

    fingerprint = _fingerprint(view)
    if there is None or _fingerprint(there) == home["view"]:
        changed = [view, *(other for other in views if other is not there)]
        home["view"] = fingerprint
    else:
        if fingerprint != home["view"]:
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


async def _devices(client: Client, entry_id: str) -> list[Device]:
    """Return the devices of an entry that have something to show, by name."""
    entities: dict[str, dict[str, str]] = {}
    for entity in cast("list[EntityRow]", await client.command("config/entity_registry/list")):
        device_id, key = entity["device_id"], entity["translation_key"]
        if entity["platform"] != DOMAIN or device_id is None or key is None or not _is_shown(entity):
            continue
        entities.setdefault(device_id, {})[key] = entity["entity_id"]
    devices = cast("list[DeviceRow]", await client.command("config/device_registry/list"))
    shown = [device for device in devices if entry_id in device["config_entries"]]
    named = [(device["name_by_user"] or device["name"] or "", entities.get(device["id"], {})) for device in shown]
    return [device for device in named if CARDS.keys() & device[1]]


def _is_shown(entity: EntityRow) -> bool:
    return entity["entity_category"] is None and entity["disabled_by"] is None and entity["hidden_by"] is None


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


def _fingerprint(view: Json) -> str:
    return hashlib.sha256(json.dumps(view, sort_keys=True).encode()).hexdigest()
