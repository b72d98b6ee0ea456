"""What the cards cost the browser, measured in Chromium on the dashboard of a real Home Assistant."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
import gzip
from pathlib import Path
from statistics import quantiles
import tempfile
from typing import Final, cast

from playwright.sync_api import sync_playwright

from tests.browser.conftest import CHROMIUM, CHROMIUM_ARGUMENTS, OPTIONS
from tests.browser.dashboard import HASS
from tests.browser.develop import REPOSITORY, Develop, free_port
from tests.browser.house import TYPE_KEYS, House

from .result import Result

MODULES: Final = REPOSITORY / "custom_components" / "amps" / "frontend"
CARDS: Final = 20
KILOBYTE: Final = 1000

UNRELATED: Final = f"""([configs, changes]) => {{
    const hass = {HASS};
    const cards = configs.map((config) => {{
        const card = document.createElement(config.type.replace("custom:", ""));
        card.setConfig(config);
        card.hass = hass;
        document.body.append(card);
        return card;
    }});
    const states = Array.from({{ length: changes }}, (_, index) => ({{
        ...hass,
        states: {{ ...hass.states, "sensor.unrelated": {{ entity_id: "sensor.unrelated", state: `${{index}}` }} }},
    }}));
    return new Promise((resolve) => setTimeout(async () => {{
        const times = [];
        for (const changed of states) {{
            const start = performance.now();
            for (const card of cards) card.hass = changed;
            // What an update would do comes in a microtask.
            await Promise.all(cards.map((card) => card.updateComplete));
            times.push((performance.now() - start) / cards.length);
        }}
        for (const card of cards) card.remove();
        resolve(times);
    }}, 2000));
}}"""
"""Returns for each state change the milliseconds that it cost a card."""

FIRST_RENDER: Final = f"""async ([configs, rounds]) => {{
    const hass = {HASS};
    const grid = document.createElement("div");
    grid.style = "display: grid; grid-template-columns: repeat(3, 340px); gap: 8px";
    document.body.append(grid);
    const rendered = async (elements) => {{
        grid.append(...elements);
        for (const element of elements) {{
            await element.updateComplete;
            for (const inner of element.shadowRoot.querySelectorAll("*")) await inner.updateComplete;
        }}
        return grid.offsetHeight;
    }};
    const ours = () => configs.map((config) => {{
        const card = document.createElement(config.type.replace("custom:", ""));
        card.setConfig(config);
        card.hass = hass;
        return card;
    }});
    const plain = () => configs.map(() => {{
        const card = document.createElement("ha-card");
        card.append("FoxESS H1-5.0-E");
        return card;
    }});
    const times = [[], []];
    for (let round = 0; round < rounds; round++)
        for (const [index, make] of [ours, plain].entries()) {{
            const start = performance.now();
            await rendered(make());
            times[index].push(performance.now() - start);
            grid.replaceChildren();
            await new Promise((resolve) => setTimeout(resolve, 20));
        }}
    grid.remove();
    return times;
}}"""
"""Returns the milliseconds of each first render of our cards, and of plain ones."""


async def size() -> AsyncIterator[Result]:
    """B7: what a browser loads, in the language for which that is most."""
    main = MODULES / "amps-cards.js"
    languages = [path for path in MODULES.glob("*.js") if path != main]
    value = _compressed(main) + max(map(_compressed, languages), default=0)
    yield Result(
        what=f"gzip of the module and of the largest of {len(languages)} languages",
        value=value / KILOBYTE,
        unit="kB",
        floor=1,
        goal=40,
    )


async def browser() -> AsyncIterator[Result]:
    """B7: unrelated state changes, and the first render."""
    for result in await asyncio.to_thread(_measure_in_browser):
        yield result


def _compressed(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), 9))


def _measure_in_browser() -> list[Result]:
    with _house() as house:
        kinds = [*TYPE_KEYS] * (CARDS // len(TYPE_KEYS))
        configs = [house.card(kind) for kind in kinds]
        house.show(*map(house.card, TYPE_KEYS)).first.get_by_role("group", name="Controls").wait_for()
        changes = cast("list[float]", house.page.evaluate(UNRELATED, [configs, 500]))
        ours, plain = cast("list[list[float]]", house.page.evaluate(FIRST_RENDER, [configs, 40]))
        return [
            Result(
                what=f"script time of a card per unrelated state change, {CARDS} cards",
                value=sum(changes) / len(changes),
                unit="ms",
                floor=1,
                goal=0.1,
            ),
            Result(
                what=f"first render of {CARDS} device cards of {len(TYPE_KEYS)} types, "
                "against an ha-card with a text each",
                value=quantiles(ours, n=10)[0],
                unit="ms",
                floor=quantiles(plain, n=10)[0],
                goal=3,
            ),
        ]


@contextmanager
def _house() -> Iterator[House]:
    """Run scripts/develop and a browser in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        develop = Develop(Path(folder), free_port())
        develop.start()
        try:
            with (
                sync_playwright() as playwright,
                playwright.chromium.launch_persistent_context(
                    Path(folder) / "profile",
                    executable_path=CHROMIUM,
                    args=CHROMIUM_ARGUMENTS,
                    base_url=develop.url,
                    **OPTIONS,
                ) as context,
            ):
                yield House(context.pages[0])
        finally:
            develop.stop()
