"""Triggers and conditions in the editor of automations, found and used as a person does, by clicks alone."""

import json
import re
from typing import Any

from playwright.sync_api import Page, expect
import pytest

from tests.browser.dashboard import HASS, device_with, open_dashboard
from tests.browser.develop import REPOSITORY
from tests.browser.test_controls import call, wait_for

TEXTS: dict[str, Any] = json.loads(
    (REPOSITORY / "custom_components" / "amps" / "translations" / "en.json").read_text(encoding="utf-8")
)
TRIGGERS = TEXTS["triggers"]
AUTOMATION = "Tell me when it is charged"


@pytest.mark.parametrize("kind", ["trigger", "condition"])
def test_the_editor_offers_each_by_its_name(page: Page, kind: str) -> None:
    page.goto("/config/automation/edit/new")
    page.get_by_role("button", name=f"Add {kind}").click()
    page.get_by_text("By type", exact=True).click()
    page.get_by_text("Amps", exact=True).last.click()

    offered = TEXTS[f"{kind}s"]
    for each in offered.values():
        expect(page.get_by_text(each["name"], exact=True)).to_be_visible()
        expect(page.get_by_text(each["description"], exact=True)).to_be_visible()
    name, first = next((key, each) for key, each in offered.items() if "command" in each["fields"])
    page.get_by_text(first["name"], exact=True).click()
    expect(page.get_by_text(first["fields"]["command"]["description"], exact=True), name).to_be_visible()


def test_a_device_is_offered_what_can_happen_to_it(page: Page) -> None:
    open_dashboard(page)
    every, stale = {each["name"] for each in TRIGGERS.values()}, {TRIGGERS["data_stale"]["name"]}
    for key, expected in (("energy_discharged", every), ("producing", stale)):
        offer_for(page, device_with(page, key)["reachable"]["device_name"])
        for name in expected:
            expect(page.get_by_text(name)).to_be_visible()
        for name in every - expected:
            expect(page.get_by_text(name)).to_have_count(0)


def test_an_automation_built_by_clicks_runs_when_the_command_is_completed(page: Page) -> None:
    open_dashboard(page)
    battery = device_with(page, "energy_discharged")
    offer_for(page, battery["level"]["device_name"])
    page.get_by_text(TRIGGERS["command_completed"]["name"]).click()
    page.get_by_role("button", name="Save").click()
    page.locator("ha-dialog-automation-save").get_by_role("textbox").first.fill(AUTOMATION)
    page.get_by_role("button", name="Save", exact=True).last.click()
    page.wait_for_url(re.compile(r"/edit/\d+$"))
    automation_id = page.url.rpartition("/")[2]

    call(page, "charge", device_id=battery["level"]["device_id"])
    call(page, "simulator_set_clock", advance={"hours": 12})
    wait_for(page, battery["last_action"], "completed")
    page.wait_for_function(
        f"""(id) => Object.values({HASS}.states).some(
            (state) => state.attributes.id === id && state.attributes.last_triggered
        )""",
        arg=automation_id,
    )
    page.evaluate(f"(id) => {HASS}.callApi('DELETE', `config/automation/config/${{id}}`)", automation_id)
    call(page, "simulator_reset")


def offer_for(page: Page, device_name: str) -> None:
    """Let the editor of a new automation offer the triggers of a device."""
    page.goto("/config/automation/edit/new")
    page.get_by_role("button", name="Add trigger").click()
    page.get_by_placeholder("Search").fill(device_name)
    page.get_by_text("Devices", exact=True).last.wait_for()
    page.get_by_text(device_name, exact=True).last.click()
