"""What a person reads off the Amps dashboard, and what Home Assistant's API says about the same."""

from typing import TypedDict, cast

from playwright.sync_api import Locator, Page

HASS = "document.querySelector('home-assistant').hass"


class Entity(TypedDict):
    """An entity of the integration, found as cards find it: by platform and translation key."""

    entity_id: str
    key: str
    device_id: str
    device_name: str


def open_dashboard(page: Page) -> None:
    """Open the address that scripts/develop names, and wait for the cards."""
    page.goto("/")
    page.locator("amps-device-card").first.wait_for()


def entities(page: Page) -> list[Entity]:
    """Return the integration's entities as this page knows them."""
    script = f"""() => Object.values({HASS}.entities)
        .filter((entity) => entity.platform === "amps" && entity.device_id)
        .map((entity) => ({{
            entity_id: entity.entity_id,
            key: entity.translation_key,
            device_id: entity.device_id,
            device_name: {HASS}.devices[entity.device_id].name,
        }}))"""
    return cast("list[Entity]", page.evaluate(script))


def device_with(page: Page, key: str) -> dict[str, Entity]:
    """Return the entities of one device that has this one, by key."""
    found = entities(page)
    device_id = next(entity["device_id"] for entity in found if entity["key"] == key)
    return {entity["key"]: entity for entity in found if entity["device_id"] == device_id}


def card(page: Page, name: str) -> Locator:
    """Return the card of a device."""
    return page.locator("amps-device-card").filter(has_text=name)


def reported(page: Page, entity: Entity) -> str:
    """Return the state that the REST API reports now."""
    script = f"async (entity_id) => (await {HASS}.callApi('GET', `states/${{entity_id}}`)).state"
    return cast("str", page.evaluate(script, entity["entity_id"]))


def known(page: Page, entity: Entity) -> str:
    """Return the state that this page received last."""
    return cast("str", page.evaluate(f"(entity_id) => {HASS}.states[entity_id].state", entity["entity_id"]))
