"""What the device card says when a device, its data, its registry entry or the user's rights are not as they were."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
import re
import time

from playwright.sync_api import expect
import pytest

from tests.browser.dashboard import HASS
from tests.browser.house import DEVICE_CARD, TYPE_KEYS, House, choose, send

GONE = "This device is not in Home Assistant any more, or all of its entities are disabled."
NOT_LOADED = "The account is not loaded"
NASTY = "<img src=x onerror='window.broken = true'> & <b>Cellar</b> ${1}"

TURN = """(hidden) => {
    Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
    document.dispatchEvent(new Event("visibilitychange"));
}"""
"""Has a page be hidden, or not: a browser without a screen has no tab in the background."""
COUNT_HISTORIES = f"""() => {{
    const {{ connection }} = {HASS};
    const send = connection.sendMessagePromise.bind(connection);
    window.histories = 0;
    connection.sendMessagePromise = (message) => {{
        if (message.type === "recorder/statistics_during_period") window.histories += 1;
        return send(message);
    }};
}}"""


def test_shows_no_old_value_of_a_device_that_is_not_reachable(house: House) -> None:
    card = house.show_card("battery")
    house.break_("fallback", "battery")
    house.advance(minutes=2)
    notice = card.get_by_role("status")
    expect(notice).to_contain_text("Not reachable")
    expect(card).not_to_contain_text(re.compile(r"\d\s*%"))
    expect(card.get_by_role("group", name="Controls")).to_be_hidden()

    house.mend()
    expect(notice).to_be_hidden()
    expect(card).to_contain_text(re.compile(r"\d\s*%"))
    expect(card.get_by_role("group", name="Controls")).to_be_visible()


@pytest.mark.parametrize("fault", ["null_fields", "unknown_values"])
def test_shows_what_is_known_of_a_device_that_is_half_known(house: House, fault: str) -> None:
    errors: list[str] = []
    house.page.on("pageerror", lambda error: errors.append(str(error)))
    cards = house.show(*map(house.card, TYPE_KEYS))
    house.break_(fault)
    house.advance(minutes=5)
    house.page.wait_for_function(
        f"(id) => ['unknown', 'unknown_value'].includes({HASS}.states[id].state)", arg=house.entity("battery", "status")
    )

    for index in range(len(TYPE_KEYS)):
        expect(cards.nth(index).get_by_role("heading", level=2)).to_be_visible()
        expect(cards.nth(index)).not_to_contain_text(re.compile(r"null|undefined|NaN|Invalid|\[object"))
    assert errors == []


def test_shows_the_history_of_now_as_soon_as_a_hidden_page_is_shown(house: House) -> None:
    house.page.evaluate(COUNT_HISTORIES)
    house.show_card("battery").get_by_role("img", name="Course of the day.").wait_for()
    house.page.wait_for_function("window.histories === 1")

    house.page.evaluate(TURN, arg=True)
    house.page.clock.set_system_time(datetime.now().astimezone() + timedelta(minutes=6))
    house.page.evaluate(TURN, arg=False)
    house.page.wait_for_function("window.histories === 2")


def test_follows_its_device_through_the_registry(house: House) -> None:
    card = house.show_card("battery")
    update = {"type_": "config/device_registry/update", "device_id": house.devices["battery"]}
    house.ws(**update, name_by_user="Cellar")
    expect(card.get_by_role("heading", name="Cellar")).to_be_visible()

    house.ws(**update, disabled_by="user")
    expect(card).to_contain_text(GONE)
    house.ws(**update, disabled_by=None)
    house.api("POST", f"config/config_entries/entry/{house.entry_id}/reload")
    expect(card.get_by_role("group", name="Controls")).to_be_visible()

    house.ws("config_entries/disable", entry_id=house.entry_id, disabled_by="user")
    expect(card).to_contain_text(re.compile(f"{GONE}|{NOT_LOADED}"))
    house.ws("config_entries/disable", entry_id=house.entry_id, disabled_by=None)
    expect(card.get_by_role("group", name="Controls")).to_be_visible()
    expect(card).not_to_contain_text(NOT_LOADED)


def test_says_that_a_device_does_not_exist(house: House) -> None:
    card = house.show({"type": DEVICE_CARD, "device": "not-a-device"})
    expect(card).to_contain_text(GONE)


def test_shows_names_as_text_whatever_they_hold(house: House) -> None:
    house.ws("config/device_registry/update", device_id=house.devices["battery"], name_by_user=NASTY)
    cards = house.show(house.card("battery"), house.card("vehicle", name=NASTY))
    for index in range(2):
        expect(cards.nth(index).get_by_role("heading", level=2)).to_have_text(NASTY)
    form = choose(cards.first, "Discharge")
    send(form)
    question = house.question(f"Discharge {NASTY}?")
    question.get_by_role("button", name="Keep").click()
    assert house.page.evaluate("window.broken") is None
    assert cards.locator("img[src=x], b").count() == 0


def test_tells_a_user_who_may_only_read_in_plain_words(house: House) -> None:
    card = house.show_card("battery")
    with signed_in_as_reader(house):
        house.page.reload()
        form = choose(card, "Charge")
        send(form)
        expect(form.get_by_role("alert")).to_have_text("You may look at this device, but not control it.")
    assert house.state("battery", "last_action") == "unknown"


@contextmanager
def signed_in_as_reader(house: House) -> Iterator[None]:
    """Have the page belong to another user, of the group that may only read."""
    page = house.page
    user = house.ws("config/auth/create", name="Reader", group_ids=["system-read-only"], local_only=False)["user"]
    owner = page.evaluate("localStorage.getItem('hassTokens')")
    url = page.evaluate("location.origin")
    client_id = f"{url}/"

    post = page.context.request.post
    begin = {"client_id": client_id, "redirect_uri": client_id, "handler": ["trusted_networks", None]}
    flow_id = post("/auth/login_flow", data=begin).json()["flow_id"]
    choice = {"client_id": client_id, "user": user["id"]}
    code = post(f"/auth/login_flow/{flow_id}", data=choice).json()["result"]
    exchange: dict[str, str | float | bool] = {
        "client_id": client_id,
        "grant_type": "authorization_code",
        "code": code,
    }
    tokens = post("/auth/token", form=exchange).json()
    expires = {"hassUrl": url, "clientId": client_id, "expires": (time.time() + 1800) * 1000}
    page.evaluate("(tokens) => localStorage.setItem('hassTokens', JSON.stringify(tokens))", {**tokens, **expires})
    yield
    page.evaluate("(tokens) => localStorage.setItem('hassTokens', tokens)", owner)
    page.reload()
    page.wait_for_function(f"{HASS}?.user?.is_owner")
    house.ws("config/auth/delete", user_id=user["id"])
