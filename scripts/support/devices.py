"""The devices of a simulated home, as the registries know them."""

from collections.abc import Mapping
from typing import TypedDict, cast

from scripts.support.client import Client
from scripts.support.simulated_home import DOMAIN

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


async def devices_of(client: Client, entry_id: str) -> list[Device]:
    """Return the devices of an entry with the entities that are shown of them."""
    entities: dict[str, dict[str, str]] = {}
    for entity in cast("list[EntityRow]", await client.command("config/entity_registry/list")):
        device_id, key = entity["device_id"], entity["translation_key"]
        if entity["platform"] != DOMAIN or device_id is None or key is None or not _is_shown(entity):
            continue
        entities.setdefault(device_id, {})[key] = entity["entity_id"]
    devices = cast("list[DeviceRow]", await client.command("config/device_registry/list"))
    shown = [device for device in devices if entry_id in device["config_entries"]]
    return [(device["name_by_user"] or device["name"] or "", entities.get(device["id"], {})) for device in shown]


def _is_shown(entity: EntityRow) -> bool:
    return entity["entity_category"] is None and entity["disabled_by"] is None and entity["hidden_by"] is None
