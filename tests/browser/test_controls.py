"""The controls of a simulated home, used as a person uses them, by clicks alone.

The home's clock is moved for what takes hours, never Home Assistant's: a command is followed to its end by it.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
import json
import re
from typing import Any
from zoneinfo import ZoneInfo

from playwright.sync_api import Locator, Page, expect
import pytest

from tests.browser.automation import AUTOMATION, charge_at_night
from tests.browser.dashboard import HASS, Entity, device_with, open_dashboard, reported
from tests.browser.develop import REPOSITORY

TEXTS: dict[str, Any] = json.loads(
    (REPOSITORY / "custom_components" / "amps" / "translations" / "en.json").read_text(encoding="utf-8")
)
NAMES = TEXTS["entity"]
CHARGE = TEXTS["services"]["charge"]
SAVING = timedelta(seconds=3)
"""How long it may take until an automation that is saved waits for its trigger."""
TWO_MINUTES = 120_000
"""In milliseconds."""
DATE, TIME = r"\d{4}-\d\d-\d\d", r"\d\d:\d\d"


@pytest.fixture
def battery(page: Page) -> Iterator[dict[str, Entity]]:
    """Return the entities of the battery, and leave the home as it was found."""
    open_dashboard(page)
    yield device_with(page, "energy_discharged")
    call(page, "simulator_reset")


def test_deleting_an_event_of_the_calendar_cancels_the_scheduled_action(page: Page, battery: dict[str, Entity]) -> None:
    start = datetime.now().astimezone() + timedelta(hours=1)
    end = start + timedelta(hours=1)
    times = {"start": start.isoformat(), "end": end.isoformat()}
    call(page, "charge", device_id=battery["level"]["device_id"], target_level=80, **times)
    page.goto("/calendar")

    page.get_by_text(f"{battery['level']['device_name']}: charge to 80 %").first.click()
    page.get_by_role("button", name="Delete event").click()
    page.get_by_role("button", name="Delete", exact=True).click()

    wait_for(page, battery["last_action"], "cancelled")
    expect(page.get_by_text(f"{battery['level']['device_name']}: charge to 80 %")).to_have_count(0)


def test_the_charge_button_charges_until_the_battery_is_full(page: Page, battery: dict[str, Entity]) -> None:
    page.goto(f"/config/devices/device/{battery['level']['device_id']}")
    row(page, NAMES["button"]["charge"]["name"]).get_by_text("Press", exact=True).click()

    status = NAMES["sensor"]["status"]
    last_action = NAMES["sensor"]["last_action"]
    expect(row(page, status["name"])).to_contain_text(status["state"]["charging"])
    expect(row(page, last_action["name"])).to_contain_text(last_action["state"]["acknowledged"])

    call(page, "simulator_set_clock", advance={"hours": 12})
    expect(row(page, last_action["name"])).to_contain_text(last_action["state"]["completed"])
    expect(row(page, NAMES["sensor"]["level"]["name"])).to_contain_text("100%")
    expect(row(page, status["name"])).to_contain_text(status["state"]["idle"])


def test_the_thermostat_takes_a_mode_and_a_temperature(page: Page, battery: dict[str, Entity]) -> None:
    thermostat = device_with(page, "thermostat")["thermostat"]
    page.goto(f"/config/devices/device/{thermostat['device_id']}")
    page.locator("hui-climate-entity-row").click(position={"x": 20, "y": 20})

    page.get_by_role("button", name="Mode").click()
    page.get_by_role("menuitem").get_by_text("Heat", exact=True).click()
    wait_for(page, thermostat, "heat")
    before = float(attribute(page, thermostat, "temperature"))
    page.get_by_role("button", name="Increase temperature").click()

    wait_for(page, thermostat, before + 0.5, "temperature")
    assert reported(page, thermostat) == "heat"


def test_an_automation_built_by_clicks_charges_until_half_past_five(page: Page, battery: dict[str, Entity]) -> None:
    page.goto("/config/automation/edit/new")
    page.get_by_role("button", name="Add trigger").click()
    page.get_by_text("Time", exact=True).first.click()
    page.get_by_text("Triggers at a specific time, or on a specific date.").click()
    fill_time(page.locator("ha-automation-trigger-time"), "23:30")
    page.get_by_role("button", name="Add action").click()
    page.get_by_placeholder("Search").fill(CHARGE["name"])
    page.get_by_text(CHARGE["description"]).click()
    page.get_by_role("button", name="Add target").click()
    page.get_by_placeholder("Search").fill(battery["level"]["device_name"])
    page.get_by_text("Devices", exact=True).first.click()
    page.get_by_text(battery["level"]["device_name"], exact=True).last.click()
    target_level, end = field(page, "target_level"), field(page, "end")
    target_level.locator("ha-checkbox").click()
    target_level.get_by_role("spinbutton").fill("90")
    end.locator("ha-checkbox").click()
    fill_time(end, "05:30")
    page.get_by_role("button", name="Save").click()
    page.locator("ha-dialog-automation-save").get_by_role("textbox").first.fill(AUTOMATION)
    page.get_by_role("button", name="Save", exact=True).last.click()
    page.wait_for_url(re.compile(r"/edit/\d+$"))
    automation_id = page.url.rpartition("/")[2]
    # What was saved runs at its own time in tests/integration/test_automation_at_night.py.
    saved = page.evaluate(f"(id) => {HASS}.callApi('GET', `config/automation/config/${{id}}`)", automation_id)
    assert saved == {"id": automation_id, **charge_at_night(battery["level"]["device_id"])}

    run_at_next_minute(page, automation_id)
    wait_for(page, battery["last_action"], "scheduled", timeout=TWO_MINUTES)
    call(page, "simulator_set_clock", advance={"minutes": 2})
    wait_for(page, battery["last_action"], "acknowledged")
    call(page, "simulator_set_clock", advance={"hours": 24})
    wait_for(page, battery["last_action"], "completed")

    page.goto(f"/logbook?entity_id={battery['action']['entity_id']}")
    scheduled = page.get_by_text(re.compile(rf"Charging to 90 % is scheduled from {DATE} {TIME} to"))
    # The date of the end is left out where it is that of the start.
    text = re.search(rf"from ({DATE}) ({TIME}) to (?:({DATE}) )?({TIME})", scheduled.text_content() or "")
    assert text is not None
    start = datetime.fromisoformat(f"{text[1]} {text[2]}")
    until = datetime.fromisoformat(f"{text[3] or text[1]} {text[4]}")
    assert f"{until:%H:%M}" == "05:30"
    assert timedelta(0) < until - start <= timedelta(hours=24)
    expect(page.get_by_text("Charging to 90 % was sent to the device")).to_be_visible()
    expect(page.get_by_text("Charging to 90 % was accepted by the device")).to_be_visible()
    expect(page.get_by_text(AUTOMATION).first).to_be_visible()
    page.evaluate(f"(id) => {HASS}.callApi('DELETE', `config/automation/config/${{id}}`)", automation_id)


def call(page: Page, action: str, **data: object) -> None:
    """Call an action of the integration, as the page does for a person."""
    page.evaluate(f"([action, data]) => {HASS}.callService('amps', action, data)", [action, data])


def attribute(page: Page, entity: Entity, name: str) -> Any:  # noqa: ANN401  each has its own type
    """Return an attribute as this page knows it."""
    return page.evaluate(f"([id, name]) => {HASS}.states[id].attributes[name]", [entity["entity_id"], name])


def run_at_next_minute(page: Page, automation_id: str) -> None:
    """Have the automation in the editor run by its own trigger, at a minute that begins after it is saved.

    Nobody can move the clock of this Home Assistant.
    """
    zone = ZoneInfo(page.evaluate(f"{HASS}.config.time_zone"))
    while True:
        at = (datetime.now(zone) + timedelta(seconds=70)).replace(second=0, microsecond=0)
        page.locator("ha-automation-trigger-row").first.click()
        fill_time(page.locator("ha-automation-trigger-time"), f"{at:%H:%M}")
        page.get_by_role("button", name="Save").click()
        page.wait_for_function(
            f"""async ([id, at]) => {{
                const saved = await {HASS}.callApi("GET", `config/automation/config/${{id}}`);
                return saved.triggers[0].at === at;
            }}""",
            arg=[automation_id, f"{at:%H:%M:%S}"],
            polling=500,
        )
        if datetime.now(zone) < at - SAVING:
            return


def wait_for(page: Page, entity: Entity, value: object, name: str = "", timeout: float | None = None) -> None:
    """Wait until the page knows this state of an entity, or this value of one of its attributes."""
    page.wait_for_function(
        f"""([id, value, name]) => {{
            const state = {HASS}.states[id];
            return (name ? state.attributes[name] : state.state) === value;
        }}""",
        arg=[entity["entity_id"], value, name],
        timeout=timeout,
    )


def row(page: Page, name: str) -> Locator:
    """Return the row of an entity on the page of its device."""
    return page.locator("ha-device-entities-card hui-generic-entity-row").filter(has=page.get_by_text(name, exact=True))


def field(page: Page, key: str) -> Locator:
    """Return the row of a field of the action `amps.charge` in the editor of automations."""
    name = page.get_by_text(CHARGE["fields"][key]["name"], exact=True)
    return page.locator("ha-service-control ha-settings-row").filter(has=name)


def fill_time(within: Locator, time: str) -> None:
    """Type a time of day; a form that is still being set up drops what was typed, and then it is typed again."""
    for name, value in zip(("hours", "minutes"), time.split(":"), strict=True):
        part = within.locator(f"input[name={name}]")
        for _ in range(5):
            part.fill(value)
            part.press("Tab")
            part.page.wait_for_timeout(300)
            if part.input_value().zfill(2) == value:
                break
        expect(part).to_have_value(re.compile(rf"0?{int(value)}"))
