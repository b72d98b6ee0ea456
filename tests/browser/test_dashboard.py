"""The home card, the buttons of tiles and the dashboard of the strategy, used as a person uses them."""

from collections.abc import Iterator
import json
from typing import Any, Final

from playwright.sync_api import Page, expect
import pytest

from tests.browser.dashboard import HASS, Entity, device_with, entities, open_dashboard, reported
from tests.browser.develop import REPOSITORY

MODES: Final[dict[str, str]] = json.loads(
    (REPOSITORY / "custom_components" / "amps" / "translations" / "en.json").read_text(encoding="utf-8")
)["entity"]["select"]["mode"]["state"]
TILES: Final = "amps-tiles"


@pytest.fixture
def battery(page: Page) -> Iterator[dict[str, Entity]]:
    """Return the entities of the battery, and leave the home as it was found."""
    open_dashboard(page)
    yield device_with(page, "energy_discharged")
    page.evaluate(f"() => {HASS}.callService('amps', 'simulator_reset')")


@pytest.fixture
def tiles(page: Page, battery: dict[str, Entity]) -> Iterator[Page]:
    """Open a dashboard with the buttons on the tile of the battery's mode."""
    command(page, "lovelace/dashboards/create", url_path=TILES, title="Tiles", icon="mdi:view-dashboard")
    tile = {"type": "tile", "entity": battery["mode"]["entity_id"], "features": [{"type": "custom:amps-commands"}]}
    command(page, "lovelace/config/save", url_path=TILES, config={"views": [{"cards": [tile]}]})
    page.goto(f"/{TILES}")
    yield page
    dashboards = command(page, "lovelace/dashboards/list")
    mine = next(dashboard for dashboard in dashboards if dashboard["url_path"] == TILES)
    command(page, "lovelace/dashboards/delete", dashboard_id=mine["id"])


def test_the_home_card_has_every_device_and_opens_it_by_keyboard(page: Page, battery: dict[str, Entity]) -> None:
    card = page.locator("amps-home-card")
    names = {entity["device_name"] for entity in entities(page) if entity["key"] == "reachable"}
    for name in names:
        expect(card.get_by_role("button", name=name)).to_be_visible()

    row = card.get_by_role("button", name=battery["level"]["device_name"])
    expect(row).to_contain_text(MODES[reported(page, battery["mode"])])
    row.focus()
    page.keyboard.press("Enter")

    expect(page.locator("ha-more-info-dialog")).to_contain_text(battery["level"]["device_name"])


def test_the_dashboard_has_a_card_for_each_device(page: Page, battery: dict[str, Entity]) -> None:
    devices = {entity["device_id"] for entity in entities(page) if entity["key"] == "reachable"}

    expect(page.locator("amps-device-card")).to_have_count(len(devices))


def test_buttons_of_a_tile_command_the_battery_and_ask_before_it_discharges(
    tiles: Page, battery: dict[str, Entity]
) -> None:
    buttons = tiles.locator("amps-commands")
    idle, discharge = (buttons.get_by_role("button", name=MODES[mode]) for mode in ("idle", "discharge"))

    idle.click()
    expect(idle).to_have_attribute("aria-pressed", "true")
    assert reported(tiles, battery["mode"]) == "idle"

    discharge.click()
    tiles.get_by_role("button", name="Keep").click()
    expect(idle).to_have_attribute("aria-pressed", "true")
    discharge.click()
    tiles.locator("dialog-box").get_by_role("button", name=MODES["discharge"]).click()
    expect(discharge).to_have_attribute("aria-pressed", "true")
    assert reported(tiles, battery["mode"]) == "discharge"


def command(page: Page, command_type: str, **fields: object) -> Any:  # noqa: ANN401  each has its own answer
    """Send a websocket command, as the page does for a person."""
    return page.evaluate(f"(message) => {HASS}.callWS(message)", {"type": command_type, **fields})
