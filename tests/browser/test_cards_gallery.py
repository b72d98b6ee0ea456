"""The pictures of the cards in docs/gallery.md, taken anew when the environment variable UPDATE_GALLERY is set."""

from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
import io
from itertools import pairwise
import os
from pathlib import Path
import sqlite3
from typing import Literal

from PIL import Image
from playwright.sync_api import FloatRect, Locator, expect
import pytest

from tests.browser.develop import REPOSITORY, Develop
from tests.browser.house import TYPE_KEYS, WORDS, House, choose, fill_window, send
from tests.browser.test_cards_commands import window

FOLDER = REPOSITORY / "docs" / "images" / "cards"
PAGE = REPOSITORY / "docs" / "gallery.md"
LARGEST = 1_500_000
"""Bytes of all pictures together."""
LEVELS = (62, 57, 53, 50, 47, 45, 44, 48, 55, 63, 70, 73, 74)
"""Of the battery at the last full hours, in percent."""
MARGIN = 12
COLORS = 128

taking = pytest.mark.skipif("UPDATE_GALLERY" not in os.environ, reason="takes the pictures anew only when asked to")


def test_the_gallery_shows_every_picture_and_is_small() -> None:
    pictures = [*FOLDER.iterdir()]
    assert pictures
    assert sum(picture.stat().st_size for picture in pictures) <= LARGEST
    text = PAGE.read_text(encoding="utf-8")
    assert [picture.name for picture in pictures if f"images/cards/{picture.name}" not in text] == []


@taking
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_take_each_type(house: House, scheme: Literal["light", "dark"]) -> None:
    house.page.emulate_media(color_scheme=scheme)
    # In the morning the sun is up, and the vehicle still at home.
    now = datetime.now().astimezone()
    morning = now.replace(hour=7, minute=30) + timedelta(days=1)
    house.advance(seconds=(morning - now).total_seconds())
    house.call("charge", "battery", target_level=90)
    house.call("set_temperature", "hvac", mode="heat", temperature=23)
    house.advance(minutes=5)
    cards = house.show(*map(house.card, TYPE_KEYS))
    expect(cards.first).to_contain_text("Charging to 90%")
    take(house, f"types-{scheme}", *cards.all())


@taking
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_take_the_widths(house: House, home: Develop, scheme: Literal["light", "dark"]) -> None:
    house.page.emulate_media(color_scheme=scheme)
    with_a_history(house, home)
    house.call("charge", "battery", target_level=95, start="23:30", end="05:30")
    card = house.show_card("battery")
    expect(card.get_by_role("img")).to_be_visible()
    take(house, f"wide-{scheme}", card)
    house.page.set_viewport_size({"width": 360, "height": 900})
    card = house.show_card("battery")
    take(house, f"phone-{scheme}", card)
    halves = house.show(*(house.card(kind, grid_options={"columns": 6}) for kind in TYPE_KEYS))
    expect(halves.first.get_by_role("heading")).to_be_visible()
    take(house, f"half-{scheme}", *halves.all())


@taking
def test_take_the_stages(house: House) -> None:
    house.page.set_viewport_size({"width": 420, "height": 1100})
    card = house.show_card("battery")
    form = choose(card, "Charge")
    expect(form).to_contain_text("by")
    take(house, "stage-1-choose", card)
    fill_window(form, *window())
    expect(form.get_by_label("Afterwards")).to_be_visible()
    house.page.wait_for_timeout(1500)
    take(house, "stage-2-window", card)
    send(form)
    expect(card.get_by_role("listitem").first).to_be_visible()
    take(house, "stage-3-scheduled", card)
    send(choose(card, "Charge"))
    asked = house.question("Replace what is planned?")
    take(house, "stage-4-replace", asked.get_by_role("dialog"))
    asked.get_by_role("button", name="Replace").click()
    expect(card).to_contain_text(WORDS["state_acknowledged"])
    take(house, "stage-5-sent", card)
    house.advance(hours=5)
    expect(card).to_contain_text(WORDS["state_completed"])
    take(house, "stage-6-accepted", card)
    house.break_("failed_action", "battery", count=1)
    send(choose(card, "Discharge"))
    house.question("Discharge FoxESS H1-5.0-E?").get_by_role("button", name="Discharge").click()
    expect(card.get_by_role("status")).to_contain_text("failed")
    take(house, "stage-7-failed", card)
    house.break_("fallback", "battery")
    house.advance(minutes=2)
    expect(card.get_by_role("status").first).to_contain_text("Not reachable")
    take(house, "state-not-reachable", card)


def with_a_history(house: House, home: Develop) -> None:
    """Let the statistics have a day that looks like one: a simulated home begins with none, and actions import none."""
    level, last = house.entity("battery", "level"), float(house.state("battery", "level"))
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    metadata = {
        "has_mean": True,
        "has_sum": False,
        "mean_type": 1,
        "name": None,
        "source": "recorder",
        "statistic_id": level,
        "unit_class": None,
        "unit_of_measurement": "%",
    }
    stats = [{"start": now.isoformat(), "mean": last, "min": last, "max": last}]
    house.ws("recorder/import_statistics", metadata=metadata, stats=stats)
    with closing(sqlite3.connect(home.config / "home-assistant_v2.db", timeout=30)) as database:
        find = "SELECT id FROM statistics_meta WHERE statistic_id = ?"
        while (found := database.execute(find, (level,)).fetchone()) is None:
            house.page.wait_for_timeout(200)
        rows = [
            (found[0], (now - timedelta(minutes=5 * (len(LEVELS) * 12 - 12 - step))).timestamp(), value)
            for step, value in enumerate(between([each - LEVELS[-1] + last for each in LEVELS]))
        ]
        database.execute("DELETE FROM statistics_short_term WHERE metadata_id = ?", found)
        insert = "INSERT INTO statistics_short_term (metadata_id, start_ts, created_ts, mean) VALUES (?, ?, ?, ?)"
        database.executemany(insert, [(metadata_id, start, start, mean) for metadata_id, start, mean in rows])
        database.commit()


def between(levels: Sequence[float]) -> list[float]:
    """Return a level for each five minutes between levels of full hours."""
    return [before + (after - before) * step / 12 for before, after in pairwise(levels) for step in range(12)]


def take(house: House, name: str, *elements: Locator) -> None:
    """Take a picture of elements with a little around them, in few colors."""
    house.page.mouse.move(0, 0)
    house.page.wait_for_timeout(700)
    boxes = [box for box in (element.bounding_box() for element in elements) if box is not None]
    x, y = (max(min(box[side] for box in boxes) - MARGIN, 0) for side in ("x", "y"))
    width = max(box["x"] + box["width"] for box in boxes) + MARGIN - x
    height = max(box["y"] + box["height"] for box in boxes) + MARGIN - y
    clip = FloatRect(x=x, y=y, width=width, height=height)
    picture = Image.open(io.BytesIO(house.page.screenshot(clip=clip)))
    FOLDER.mkdir(parents=True, exist_ok=True)
    save(picture, FOLDER / f"{name}.png")


def save(picture: Image.Image, path: Path) -> None:
    """Save a picture as small as it still looks the same."""
    picture.convert("RGB").quantize(COLORS, dither=Image.Dither.NONE).save(path, optimize=True)
