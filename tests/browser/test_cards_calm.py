"""What the device card does while nothing happens, and over many changes: nothing, and no more than at first."""

from playwright.sync_api import CDPSession, Locator, expect

from tests.browser.house import TYPE_KEYS, House

MOVING = """(cards) => {
    const found = [];
    const look = (root) => {
        for (const element of root.querySelectorAll("*")) {
            const { animationName, transitionDuration } = getComputedStyle(element);
            const still = transitionDuration.split(", ").every((duration) => duration === "0s");
            // What surrounds the card is Home Assistant's own.
            if (element.localName !== "ha-card" && (animationName !== "none" || !still)) found.push(element.outerHTML);
            if (element.shadowRoot) look(element.shadowRoot);
        }
    };
    for (const card of cards) look(card.shadowRoot);
    return found;
}"""
COUNT_FRAMES = """
window.framesRequested = 0;
const request = window.requestAnimationFrame.bind(window);
window.requestAnimationFrame = (callback) => { window.framesRequested += 1; return request(callback); };
"""
STEPS = 24
"""How often the clock is moved to see whether memory grows, by an hour each."""


def test_draws_no_frame_while_nothing_changes(house: House) -> None:
    house.page.add_init_script(COUNT_FRAMES)
    house.call("charge", "battery")
    show_twenty(house)
    # Loaded anew, the page has the counter from its first moment.
    house.page.reload()
    expect(house.page.locator("amps-device-card")).to_have_count(20)
    session = house.page.context.new_cdp_session(house.page)
    session.send("Performance.enable")

    def work() -> dict[str, float]:
        metrics = {each["name"]: each["value"] for each in session.send("Performance.getMetrics")["metrics"]}
        frames = house.page.evaluate("window.framesRequested")
        return {"frames": frames, **{name: metrics[name] for name in ("LayoutCount", "RecalcStyleCount")}}

    def works_in_the_next_second() -> bool:
        before = work()
        house.page.wait_for_timeout(1000)
        return work() != before

    # States may change in one of the seconds, but not in all of them.
    assert not all(works_in_the_next_second() for _ in range(10))
    assert house.page.evaluate("document.getAnimations().length") == 0


def test_moves_nothing_for_those_who_asked_for_that(house: House) -> None:
    house.page.emulate_media(reduced_motion="reduce")
    house.call("charge", "battery")
    cards = house.show(*map(house.card, TYPE_KEYS))
    cards.first.get_by_role("button", name="Charge", exact=True).click()
    expect(cards.first.get_by_role("form")).to_be_visible()
    assert cards.evaluate_all(MOVING) == []


def test_shows_twenty_cards_without_an_error(house: House) -> None:
    errors: list[str] = []
    house.page.on("pageerror", lambda error: errors.append(str(error)))
    house.page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    cards = show_twenty(house)
    for index in range(20):
        expect(cards.nth(index).get_by_role("heading", level=2)).not_to_be_empty()
    house.advance(hours=1)
    assert [error for error in errors if "amps" in error] == []


def test_needs_no_more_memory_after_a_day(house: House) -> None:
    house.call("charge", "battery", target_level=90)
    cards = house.show(*map(house.card, TYPE_KEYS))
    expect(cards.first.get_by_role("group", name="Controls")).to_be_visible()
    session = house.page.context.new_cdp_session(house.page)

    # The first hours fill caches, whose size does not matter.
    a_day(house)
    before = counters(session)
    a_day(house)
    after = counters(session)
    assert after["nodes"] <= before["nodes"] * 1.02
    assert after["jsEventListeners"] <= before["jsEventListeners"] * 1.02
    assert after["heap"] <= before["heap"] * 1.03


def show_twenty(house: House) -> Locator:
    """Show each card four times."""
    return house.show(*(house.card(kind) for kind in [*TYPE_KEYS] * 4))


def a_day(house: House) -> None:
    """Let a day pass in steps, each of which changes what the cards show."""
    for step in range(STEPS):
        house.advance(hours=1)
        if step % 6 == 0:
            house.call(("charge", "discharge")[step // 6 % 2], "battery")


def counters(session: CDPSession) -> dict[str, float]:
    """Return how much memory the page needs once all that can go is gone."""
    for _ in range(3):
        session.send("HeapProfiler.collectGarbage")
    return {**session.send("Memory.getDOMCounters"), "heap": session.send("Runtime.getHeapUsage")["usedSize"]}
