"""Commands from the device card, followed to their end; the home's clock is moved for what takes hours."""

from datetime import datetime, timedelta
import re
from zoneinfo import ZoneInfo

from playwright.sync_api import Locator, expect

from tests.browser.conftest import OPTIONS
from tests.browser.house import TEXTS, WORDS, House, choose, fill_window, level_of, send


def test_charges_and_shows_each_stage_to_the_end(house: House) -> None:
    # A battery that is full by chance would have nothing to show.
    house.call("discharge", "battery", target_level=30)
    house.advance(hours=4)
    card = house.show_card("battery")
    before = level_of(card)

    form = choose(card, "Charge")
    target = form.get_by_label(re.compile("^To"))
    target.fill("80")
    target.press("Tab")
    expect(form).to_contain_text(re.compile(r"80% by .*, about [\d.]+\skWh"))
    send(form)
    expect(form).to_be_hidden()
    expect(card).to_contain_text("Charging to 80%")
    expect(card).to_contain_text(WORDS["state_acknowledged"])
    expect(card).to_contain_text(re.compile(r"Charging at [\d.]+\skW"))
    expect(card.get_by_role("button", name="Charge", exact=True)).to_have_attribute("aria-current", "true")

    house.advance(hours=6)
    expect(card).to_contain_text(WORDS["state_completed"])
    expect(card).not_to_contain_text(WORDS["state_acknowledged"])
    assert before < 80 == level_of(card)


def test_shows_a_planned_window_until_it_is_over(house: House) -> None:
    card = house.show_card("battery")
    start, end = window()
    form = choose(card, "Charge")
    fill_window(form, start, end)
    form.get_by_label("Afterwards").select_option(TEXTS["selector"]["then"]["options"]["hold"])
    send(form)

    plan = card.get_by_role("listitem").filter(has_text="Charge to 100%")
    expect(plan).to_contain_text(start)
    expect(plan).to_contain_text(end)
    expect(plan).not_to_contain_text("Now")
    # Whether it has begun is read off the clock of the browser, which is that of the home.
    house.page.clock.set_system_time(datetime.now().astimezone() + timedelta(hours=2, minutes=10))
    house.advance(hours=2, minutes=10)
    expect(plan).to_contain_text("Now")
    house.advance(hours=2)
    expect(plan).to_be_hidden()


def test_says_the_day_of_a_window_that_is_not_today_as_it_is_planned_then(house: House) -> None:
    card = house.show_card("battery")
    form = choose(card, "Charge")
    start = datetime.now(ZoneInfo(OPTIONS["timezone_id"]))  # the next time that a clock shows this is tomorrow
    end = start + timedelta(minutes=30)
    fill_window(form, f"{start:%H:%M}", f"{end:%H:%M}")
    form.get_by_label("Afterwards").focus()
    expect(form.locator("label[for=start]")).to_have_text("Start (tomorrow)")
    expect(form.locator("label[for=end]")).to_have_text(f"End ({'tomorrow' if end.day == start.day else 'in 2 days'})")

    send(form)
    plan = card.get_by_role("listitem").filter(has_text="Charge to 100%")
    expect(plan).to_contain_text(re.compile(rf"tomorrow {start:%H:%M}\s*–\s*{end:%H:%M}"))


def test_cancels_what_is_planned(house: House) -> None:
    card = house.show_card("battery")
    form = choose(card, "Charge")
    fill_window(form, *window())
    send(form)

    plan = card.get_by_role("listitem").filter(has_text="Charge to 100%")
    plan.get_by_role("button", name="Cancel").click()
    expect(plan).to_be_hidden()
    expect(card).to_contain_text(TEXTS["entity"]["sensor"]["last_action"]["state"]["cancelled"])


def test_replaces_what_is_in_the_way_only_after_saying_what_that_may_delete(house: House) -> None:
    tomorrow = datetime.now().astimezone() + timedelta(days=1)
    house.call("discharge", "battery", start=tomorrow.isoformat(), end=(tomorrow + timedelta(hours=1)).isoformat())
    card = house.show_card("battery")
    plan = card.get_by_role("listitem").filter(has_text="Discharge")
    expect(plan).to_be_visible()
    form = choose(card, "Charge")
    send(form)
    question = house.question("Replace what is planned?")
    expect(question).to_contain_text("may also delete a schedule that was set in the manufacturer's app")
    question.get_by_role("button", name="Keep").click()
    expect(form.get_by_role("alert")).to_contain_text("has another action")
    expect(plan).to_be_visible()

    send(form)
    house.question("Replace what is planned?").get_by_role("button", name="Replace").click()
    expect(form).to_be_hidden()
    expect(card).to_contain_text("Charging to 100%")
    expect(plan).to_be_hidden()


def test_asks_before_energy_leaves_the_battery(house: House) -> None:
    card = house.show_card("battery")
    form = choose(card, "Discharge")
    send(form)
    question = house.question("Discharge FoxESS H1-5.0-E?")
    question.get_by_role("button", name="Keep").click()
    expect(question).to_be_hidden()
    assert house.state("battery", "last_action") == "unknown"

    send(form)
    question.get_by_role("button", name="Discharge").click()
    expect(form).to_be_hidden()
    expect(card).to_contain_text(re.compile(r"Discharging to \d+%"))


def test_says_why_a_command_failed_and_takes_the_next(house: House) -> None:
    house.break_("offline", "battery")
    card = house.show_card("battery")
    send(choose(card, "Charge"))
    notice = card.get_by_role("status")
    expect(notice).to_contain_text("Charging to 100% failed")
    expect(notice).to_contain_text("The device is offline")

    house.mend()
    send(choose(card, "Charge"))
    expect(notice).to_be_hidden()
    expect(card).to_contain_text(WORDS["state_acknowledged"])


def test_heats_to_a_temperature(house: House) -> None:
    card = house.show_card("hvac")
    form = choose(card, "Heat")
    form.get_by_label(re.compile("^Temperature")).fill("21.5")
    send(form)
    expect(card).to_contain_text("Heating to 21.5 °C")
    expect(card.get_by_role("button", name="Heat", exact=True)).to_have_attribute("aria-current", "true")


def test_needs_no_mouse(house: House) -> None:
    house.call("discharge", "battery", target_level=30)
    house.advance(hours=4)
    card = house.show_card("battery")
    tab_to(card.get_by_role("button", name="Charge", exact=True))
    house.page.keyboard.press("Enter")
    form = card.get_by_role("form", name="Charge")
    expect(form.locator(":focus")).to_have_count(1)

    house.page.keyboard.press("Escape")
    expect(form).to_be_hidden()
    expect(card.get_by_role("button", name="Charge", exact=True)).to_be_focused()
    house.page.keyboard.press("Enter")
    tab_to(form.get_by_label(re.compile("^To")))
    house.page.keyboard.type("70")
    tab_to(form.get_by_role("radio", name="Now"))
    house.page.keyboard.press("ArrowRight")
    expect(form.get_by_label("Start")).to_be_visible()
    expect(form.get_by_label("End")).to_be_hidden()
    house.page.keyboard.press("ArrowLeft")
    tab_to(form.get_by_role("button", name="Send"))
    house.page.keyboard.press("Space")
    expect(card).to_contain_text("Charging to 70%")
    expect(card.get_by_role("button", name="Charge", exact=True)).to_be_focused()

    tab_to(card.get_by_role("button", name="Discharge"))
    house.page.keyboard.press("Enter")
    tab_to(card.get_by_role("button", name="Send"))
    house.page.keyboard.press("Enter")
    question = house.question("Discharge FoxESS H1-5.0-E?")
    tab_to(question.get_by_role("button", name="Discharge"))
    house.page.keyboard.press("Enter")
    expect(card).to_contain_text(re.compile(r"Discharging to \d+%"))


def tab_to(element: Locator) -> None:
    """Press the tabulator until an element has the focus."""
    expect(element).to_be_visible()
    for _ in range(60):
        if element.evaluate("(element) => element.matches(':focus, :has(:focus)')"):
            # What cannot be seen to have the focus is of no use.
            assert element.evaluate("(element) => element.matches(':focus-visible, :has(:focus-visible)')")
            return
        element.page.keyboard.press("Tab")
    message = f"{element} cannot be reached with the keyboard"
    raise AssertionError(message)


def window() -> tuple[str, str]:
    """Return times of day for a window of an hour that begins in two hours, to the minute."""
    start = datetime.now().astimezone() + timedelta(hours=2)
    return f"{start:%H:%M}", f"{start + timedelta(hours=1):%H:%M}"
