"""scripts/develop, from the first start to a look into the log.

The tests build on one another's Home Assistant, and the one that reads the log comes last: it covers what all others
made Home Assistant do.
"""

import json
import os
from pathlib import Path
import re

from playwright.sync_api import Page, expect
import pytest

from tests.browser.conftest import OPTIONS
from tests.browser.dashboard import HASS, card, device_with, entities, known, open_dashboard, reported
from tests.browser.develop import REPOSITORY, Develop
from tests.browser.energy import bars, energy_text, forget, live, record, yesterday
from tests.browser.log import unexpected_entries

SCREENSHOT = REPOSITORY / "docs" / "images" / "dashboard.png"
UPDATE_SCREENSHOT = "UPDATE_SCREENSHOT"
"""Set this environment variable to have the README's picture of the dashboard taken anew."""

POLL_INTERVAL_MS = 30_000
TRANSLATIONS = REPOSITORY / "custom_components" / "amps" / "translations" / "en.json"


def test_opens_on_the_dashboard_without_login_or_onboarding(page: Page) -> None:
    open_dashboard(page)

    assert re.search(r"/amps/\w+$", page.url)
    battery = device_with(page, "energy_discharged")
    level = float(reported(page, battery["level"]))
    assert 0 < level <= 100
    # A poll may come between two looks.
    near = "|".join(f"{level + step:.0f}" for step in (-1, 0, 1))
    expect(card(page, battery["level"]["device_name"])).to_contain_text(re.compile(rf"\b({near})\b.*%"))


def test_shows_a_plausible_battery_and_inverter(page: Page) -> None:
    open_dashboard(page)

    battery = device_with(page, "energy_discharged")
    power = float(reported(page, battery["power"]))
    assert -25 <= power <= 25
    shown = card(page, battery["power"]["device_name"])
    expect(shown).to_contain_text(reported(page, battery["status"]), ignore_case=True)
    near = "|".join(f"{abs(abs(power) + step):.1f}" for step in (-0.05, 0.05))
    expect(shown).to_contain_text(re.compile(rf"\b({near})"))

    inverter = device_with(page, "producing")
    assert 0 <= float(reported(page, inverter["power"])) <= 25
    assert float(reported(page, inverter["energy"])) > 0
    shown = card(page, inverter["power"]["device_name"])
    expect(shown).to_contain_text(reported(page, inverter["status"]), ignore_case=True)

    if os.environ.get(UPDATE_SCREENSHOT):
        SCREENSHOT.parent.mkdir(parents=True, exist_ok=True)
        SCREENSHOT.write_bytes(page.screenshot())  # by its path a thread would write it, and stay


def test_every_type_of_device_has_a_page_with_its_entities(page: Page) -> None:
    open_dashboard(page)
    names = json.loads(TRANSLATIONS.read_text())["entity"]
    # How the types differ, and what is read off the page of each.
    types = {
        "energy_discharged": names["sensor"]["level"]["name"],
        "connected": names["binary_sensor"]["charging"]["name"],
        "producing": names["binary_sensor"]["producing"]["name"],
        "plugged_in": names["sensor"]["charge_limit"]["name"],
    }
    pages = {device_with(page, key)["reachable"]["device_id"]: text for key, text in types.items()}
    # A thermostat has nothing of its own that is enabled from the start, until it can be controlled.
    thermostat = next(
        entity["device_id"]
        for entity in entities(page)
        if entity["key"] == "overridden"
        and not {other["key"] for other in entities(page) if other["device_id"] == entity["device_id"]} & types.keys()
    )
    pages[thermostat] = names["binary_sensor"]["overridden"]["name"]
    assert len(pages) == 5

    for device_id, text in pages.items():
        page.goto(f"/config/devices/device/{device_id}")
        expect(page.get_by_text(text, exact=True).first).to_be_visible()


def test_energy_dashboard_has_the_battery_the_sun_and_the_charger(page: Page) -> None:
    open_dashboard(page)
    names = [device_with(page, key)["power"]["device_name"] for key in ("energy_discharged", "producing", "connected")]

    page.goto("/config/energy")
    for name in names:
        expect(page.get_by_text(name, exact=True)).to_be_visible()


def test_energy_dashboard_shows_bars_of_a_simulated_day(page: Page) -> None:
    open_dashboard(page)
    battery, charger = device_with(page, "energy_discharged"), device_with(page, "connected")["power"]["device_name"]
    name, charged = battery["level"]["device_name"], battery["energy_charged"]["entity_id"]
    # Other tests may have left the battery with a command.
    set_mode = f"(id) => {HASS}.callService('amps', 'set_mode', {{device_id: id, mode: 'auto_balanced'}})"
    page.evaluate(set_mode, battery["level"]["device_id"])
    hours = yesterday(OPTIONS["timezone_id"])
    day = live(page, len(hours))
    totals = [sum(energies) for energies in day.values()]
    assert min(totals) > 1, day
    record(page, day, hours)
    try:
        page.goto("/energy/electricity")
        page.get_by_role("button", name="Previous").click()

        shown = bars(page, day, hours[0])
        for id_, energies in day.items():
            sign = -1 if id_ == charged else 1
            assert shown[id_] == pytest.approx([sign * energy for energy in energies], abs=1e-6), id_
        table = page.locator("hui-energy-sources-table-card").get_by_role("row")
        legend = page.locator("hui-energy-devices-detail-graph-card").get_by_role("listitem")
        for each, total in zip(
            (
                table.filter(has_text="Solar total"),
                table.filter(has_text=f"{name} charged"),
                table.filter(has_text=f"{name} discharged"),
                legend.filter(has_text=charger),
            ),
            totals,
            strict=True,
        ):
            expect(each).to_have_text(energy_text(total))
    finally:
        forget(page, day)


def test_level_moves_without_a_reload(page: Page) -> None:
    open_dashboard(page)
    level = device_with(page, "energy_discharged")["level"]
    before = known(page, level)

    # A simulated battery charges or discharges at every hour, so that the next poll but one shows another level.
    page.wait_for_function(
        f"([entity_id, before]) => {HASS}.states[entity_id].state !== before",
        arg=[level["entity_id"], before],
        timeout=2.5 * POLL_INTERVAL_MS,
    )

    assert abs(float(known(page, level)) - float(before)) < 2


def test_second_start_is_quick_and_changes_nothing_of_what_a_person_has_changed(home: Develop, page: Page) -> None:
    open_dashboard(page)
    as_it_was = page.evaluate(f"() => {HASS}.callWS({{type: 'lovelace/config', url_path: 'amps'}})")
    own = {"views": [{"title": "My home", "cards": [{"type": "markdown", "content": "My card"}]}]}
    _save(page, own)

    assert home.stop() == 0
    before = _configuration(home.config)
    seconds = home.start()

    assert seconds < 30
    assert _configuration(home.config) == before
    page.goto("/")
    expect(page.get_by_text("My card", exact=True)).to_be_visible()
    _save(page, as_it_was)


def test_dialog_names_a_wrong_key_and_stays_open(page: Page, simulator_url: str) -> None:
    texts = json.loads(TRANSLATIONS.read_text())["config"]
    menu = texts["step"]["user"]["menu_options"]
    open_dashboard(page)

    page.goto("/config/integrations/dashboard")
    page.get_by_role("button", name="Add integration").click()
    page.get_by_placeholder("Search for a brand name").fill("Amps")
    page.locator("ha-integration-list-item").filter(has_text="Amps").click()
    expect(page.get_by_text(menu["simulated_home"])).to_be_visible()

    page.get_by_text(menu["api_key"]).click()
    page.locator("input[name=api_key]").fill("no-such-key")
    page.get_by_text(texts["step"]["api_key"]["sections"]["advanced"]["name"]).click()
    page.locator("input[name=url]").fill(simulator_url)
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_text(texts["error"]["invalid_auth"])).to_be_visible()
    expect(page.locator("input[name=api_key]")).to_be_editable()


def test_log_has_no_error_and_no_unexpected_warning(home: Develop) -> None:
    unexpected = unexpected_entries(home.output)
    assert not unexpected, "".join(unexpected)


def _save(page: Page, config: object) -> None:
    """Save the configuration of the dashboard, as its editor does."""
    script = f"(config) => {HASS}.callWS({{type: 'lovelace/config/save', url_path: 'amps', config}})"
    page.evaluate(script, config)


def _configuration(folder: Path) -> dict[str, object]:
    """Return what scripts/develop writes, directly or through Home Assistant."""
    storage = folder / ".storage"
    files = [
        folder / "configuration.yaml",
        folder / "develop.json",
        *(storage / name for name in ("core.config", "energy", "frontend.system_data", "http", "lovelace.amps")),
        *(storage / name for name in ("lovelace_dashboards", "lovelace_resources", "onboarding", "person")),
    ]
    entries = json.loads((storage / "core.config_entries").read_text())["data"]["entries"]
    return {
        **{file.name: file.read_text() for file in files},
        "entries": [entry for entry in entries if entry["domain"] == "amps"],
    }
