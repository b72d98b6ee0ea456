"""The device card for eyes, for screen readers, and on a narrow screen."""

from collections.abc import Sequence
from typing import Any, Literal, cast

from playwright.sync_api import Locator, Page, ViewportSize, expect
import pytest

from tests.browser.develop import REPOSITORY
from tests.browser.house import TYPE_KEYS, House, choose, fill_window, send
from tests.browser.test_cards_commands import window

AXE = REPOSITORY / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
PHONE = ViewportSize(width=360, height=740)
LONG_NAME = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbatterie"

WIDER_THAN_ITS_CARD = """(card) => {
    const outer = card.getBoundingClientRect();
    const found = [];
    const look = (root) => {
        for (const element of root.querySelectorAll("*")) {
            const { left, right, width } = element.getBoundingClientRect();
            if (width && (left < outer.left - 1 || right > outer.right + 1)) found.push(element.outerHTML);
            if (element.shadowRoot) look(element.shadowRoot);
        }
    };
    look(card.shadowRoot);
    return found;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_has_nothing_that_axe_objects_to(house: House, scheme: Literal["light", "dark"]) -> None:
    house.page.emulate_media(color_scheme=scheme)
    house.break_("fallback", "vehicle")
    house.break_("failed_action", "ev_charger", count=1)
    house.call("charge", "ev_charger")
    house.advance(minutes=5)
    house.show(*map(house.card, TYPE_KEYS), house.card("battery", grid_options={"columns": 6}))
    cards = house.page.locator("amps-device-card")
    form = choose(cards.first, "Charge")
    fill_window(form, *window())
    send(form)
    expect(cards.first.get_by_role("listitem").first).to_be_visible()
    form = choose(cards.first, "Discharge")
    fill_window(form, *window())
    form = choose(cards.nth(2), "Automatic")
    expect(cards.nth(1).get_by_role("status")).to_contain_text("failed")
    expect(cards.nth(4).get_by_role("status")).to_contain_text("Not reachable")
    background = cards.first.locator("ha-card").evaluate("(card) => getComputedStyle(card).backgroundColor")
    assert background == {"light": "rgb(255, 255, 255)", "dark": "rgb(28, 28, 28)"}[scheme]

    assert violations(house.page, "amps-device-card") == []


def test_fits_the_width_of_a_phone(house: House) -> None:
    house.page.set_viewport_size(PHONE)
    house.ws("config/device_registry/update", device_id=house.devices["battery"], name_by_user=LONG_NAME)
    halves = [house.card("battery", grid_options={"columns": 6}), house.card("hvac", grid_options={"columns": 6})]
    cards = house.show(*map(house.card, TYPE_KEYS), *halves)
    fill_window(choose(cards.first, "Charge"), *window())
    choose(cards.nth(2), "Automatic")

    assert house.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    for index in range(cards.count()):
        expect(cards.nth(index).get_by_role("heading", level=2)).to_be_visible()
        assert cards.nth(index).evaluate(WIDER_THAN_ITS_CARD) == []


def test_can_be_touched(house: House) -> None:
    """No target is smaller than a finger needs (WCAG 2.5.8), or loses its name."""
    house.page.set_viewport_size(PHONE)
    card = house.show_card("battery")
    fill_window(choose(card, "Charge"), *window())
    for target in named_targets(card):
        assert target["name"], target
        assert min(target["width"], target["height"]) >= 24, target


def named_targets(card: Locator) -> Sequence[dict[str, Any]]:
    """Return the name and the size of all that can be pressed or filled in."""
    found = card.locator("button, input:not([type=radio]), select")
    return [
        {
            **element.evaluate(
                "(e) => { const { width, height } = e.getBoundingClientRect(); return {width, height}; }"
            ),
            "name": element.evaluate("(e) => e.ariaLabel || e.labels?.[0]?.textContent.trim() || e.textContent.trim()"),
        }
        for element in found.all()
    ]


def violations(page: Page, tag: str) -> list[str]:
    """Return what axe objects to in all elements with a tag, each as a rule with the place."""
    page.add_script_tag(content=AXE.read_text(encoding="utf-8"))  # by its path a thread would read it, and stay
    script = """async (tag) => {
        const elements = [];
        const look = (root) => {
            elements.push(...root.querySelectorAll(tag));
            for (const element of root.querySelectorAll("*")) if (element.shadowRoot) look(element.shadowRoot);
        };
        look(document);
        const { violations, passes } = await axe.run(elements);
        if (passes.length < 10) throw new Error(`axe looked at nothing: ${passes.length}`);
        return violations.flatMap(({ id, nodes }) => nodes.map(({ html, any }) =>
            `${id}: ${html.slice(0, 200)} ${any.map(({ message }) => message).join("; ")}`));
    }"""
    return cast("list[str]", page.evaluate(script, tag))
