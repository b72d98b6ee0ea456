"""The device card put on a dashboard by clicks, through both tabs of the picker, and edited there."""

import re

from playwright.sync_api import Locator, Page, expect
import pytest

from tests.browser.house import DEVICE_CARD, House

NAME = "FoxESS H1-5.0-E"


@pytest.fixture
def picker(house: House) -> Locator:
    """Open the picker of cards on an empty dashboard."""
    house.ws("config/device_registry/update", device_id=house.devices["battery"], name_by_user="Cellar")
    house.show(query="?edit=1")
    house.page.get_by_role("button", name="Add card").first.click()
    return house.page.locator("hui-dialog-create-card")


def test_is_suggested_for_an_entity_and_saved_as_it_was_shown(house: House, picker: Locator) -> None:
    picker.get_by_placeholder("Search entities").fill("Cellar Level")
    # Whether a name that was just given is below it already is Home Assistant's business.
    picker.get_by_role("button", name=re.compile("^Level")).click()
    suggested = picker.get_by_role("button", name=re.compile("^Amps device"))
    expect(suggested.get_by_role("heading", name="Cellar")).to_be_visible()
    suggested.click(position={"x": 20, "y": 10})

    expect(picker).to_be_hidden()
    assert house.saved() == [house.card("battery")]


def test_is_offered_among_the_cards_and_set_up_in_its_editor(house: House, picker: Locator) -> None:
    picker.get_by_role("tab", name="By card").click(no_wait_after=True)
    picker.get_by_placeholder("Search cards").fill("Amps device")
    expect(picker.get_by_role("heading", level=2)).to_be_visible()
    # Where the picker has a layer of its own above each card, that gets the click.
    picker.get_by_text("Amps device", exact=True).last.click(force=True)
    editor = house.page.locator("hui-dialog-edit-card")
    choose_device(editor, house.page, "Cellar")
    preview = editor.locator("amps-device-card")
    expect(preview.get_by_role("heading", name="Cellar")).to_be_visible()

    editor.get_by_role("textbox", name="Name").fill("Down there")
    expect(preview.get_by_role("heading", name="Down there")).to_be_visible()
    controls = preview.get_by_role("group", name="Controls")
    expect(controls).to_be_visible()
    editor.get_by_role("switch", name="Controls").press("Space")
    expect(controls).to_be_hidden()
    editor.get_by_role("button", name="Save").click()

    expect(editor).to_be_hidden()
    assert house.saved() == [house.card("battery", name="Down there", controls=False)]


def test_says_what_is_missing_and_can_be_mended_in_the_editor(house: House) -> None:
    cards = house.show({"type": DEVICE_CARD}, query="?edit=1")
    expect(cards).to_contain_text("Choose a device in the editor of the card.")

    house.page.locator("hui-card-edit-mode").click()
    editor = house.page.locator("hui-dialog-edit-card")
    choose_device(editor, house.page, "Nest Learning Thermostat")
    expect(editor.locator("amps-device-card").get_by_role("group", name="Controls")).to_be_visible()
    editor.get_by_role("button", name="Save").click()
    expect(editor).to_be_hidden()
    assert house.saved() == [house.card("hvac")]


def choose_device(editor: Locator, page: Page, name: str) -> None:
    """Choose a device in the editor of the card."""
    editor.get_by_role("button", name=re.compile("^Device")).click()
    page.get_by_placeholder("Search").last.fill(name)
    page.get_by_role("option", name=name).last.click()
