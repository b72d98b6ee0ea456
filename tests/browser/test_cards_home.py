"""The home card, the buttons of tiles and the dashboard of the strategy, used as a person uses them."""

from typing import Any, Final, Literal

from playwright.sync_api import Page, expect
import pytest

from tests.browser.dashboard import entities, open_dashboard
from tests.browser.house import TEXTS, House, Json
from tests.browser.test_cards_looks import LONG_NAME, PHONE, WIDER_THAN_ITS_CARD, violations

MODES: Final = TEXTS["entity"]["select"]["mode"]["state"]


def test_the_dashboard_has_the_home_and_a_card_for_each_device(page: Page) -> None:
    open_dashboard(page)
    devices = [entity for entity in entities(page) if entity["key"] == "reachable"]

    expect(page.locator("amps-home-card")).to_have_count(1)
    expect(page.locator("amps-device-card")).to_have_count(len(devices))


def test_the_home_card_has_every_device_and_opens_it_by_keyboard(house: House) -> None:
    house.show(home_card(house))
    rows = house.page.locator("amps-home-card").get_by_role("listitem").get_by_role("button")
    expect(rows).to_have_count(len(house.devices))

    battery = rows.filter(has_text=MODES[house.state("battery", "mode")])
    battery.focus()
    house.page.keyboard.press("Enter")

    name = battery.locator(".name").text_content() or ""
    expect(house.page.locator("ha-more-info-dialog")).to_contain_text(name)


def test_buttons_of_a_tile_command_the_battery_and_ask_before_it_discharges(house: House) -> None:
    house.show(tile(house))
    buttons = house.page.locator("amps-commands")
    idle, discharge = (buttons.get_by_role("button", name=MODES[mode]) for mode in ("idle", "discharge"))

    idle.click()
    expect(idle).to_have_attribute("aria-pressed", "true")
    assert house.state("battery", "mode") == "idle"

    discharge.click()
    question = house.page.locator("dialog-box")
    question.get_by_role("button", name="Keep").click()
    expect(idle).to_have_attribute("aria-pressed", "true")
    discharge.click()
    question.get_by_role("button", name=MODES["discharge"]).click()
    expect(discharge).to_have_attribute("aria-pressed", "true")
    assert house.state("battery", "mode") == "discharge"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_has_nothing_that_axe_objects_to(house: House, scheme: Literal["light", "dark"]) -> None:
    house.page.emulate_media(color_scheme=scheme)
    house.break_("fallback", "vehicle")
    house.break_("failed_action", "ev_charger", count=1)
    house.call("charge", "ev_charger")
    house.advance(minutes=5)
    house.show(home_card(house), home_card(house, columns=6), tile(house))
    cards = house.page.locator("amps-home-card")
    expect(cards.first).to_contain_text("Not reachable")
    expect(cards.first).to_contain_text("failed")

    assert violations(house.page, "amps-home-card") == []
    assert violations(house.page, "amps-commands") == []


def test_fits_the_width_of_a_phone(house: House) -> None:
    house.page.set_viewport_size(PHONE)
    house.ws("config/device_registry/update", device_id=house.devices["battery"], name_by_user=LONG_NAME)
    house.show(home_card(house), home_card(house, columns=6))
    cards = house.page.locator("amps-home-card")

    for card in (cards.first, cards.last):
        expect(card).to_contain_text(LONG_NAME)
        assert card.evaluate(WIDER_THAN_ITS_CARD) == []
    assert house.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def home_card(house: House, **grid_options: int) -> Json:
    """Return the card of the home."""
    card: dict[str, Any] = {"type": "custom:amps-home-card", "config_entry": house.entry_id}
    return {**card, "grid_options": grid_options} if grid_options else card


def tile(house: House) -> Json:
    """Return the tile of the battery's mode with the buttons."""
    features = [{"type": "custom:amps-commands"}]
    return {"type": "tile", "entity": house.entity("battery", "mode"), "features": features}
