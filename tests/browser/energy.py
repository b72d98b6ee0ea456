"""A day of the simulated home in the recorder's statistics, and the bars that the energy dashboard makes of it.

A counter counts no energy over a jump of the home's clock, and nobody waits for a day. What the home does in each hour
of one is imported, as hourly statistics of the same counters that the recorder keeps them of.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
import re
from typing import cast
from zoneinfo import ZoneInfo

from playwright.sync_api import Page

from tests.browser.dashboard import HASS, Entity, device_with, reported

HOUR = timedelta(hours=1)

type Day = Mapping[str, list[float]]
"""The kWh of each hour of a day, by the counter's entity id."""

BARS = """([ids, begins]) => {
    const found = {};
    const look = (root) => {
        for (const element of root.querySelectorAll("*")) {
            if (element.localName === "ha-chart-base") {
                for (const { id, type, data } of [element.data ?? []].flat()) {
                    // What follows the entity says which part of a stack it is.
                    const counter = String(id).split("-")[0];
                    if (type !== "bar" || !ids.includes(counter) || !data.length) continue;
                    found[counter] = data.map((item) => item.value ?? item);
                }
            }
            if (element.shadowRoot) look(element.shadowRoot);
        }
    };
    look(document);
    // Each bar begins with its time: until the day is loaded there are those of another one, or none.
    const isDay = ids.every((id) => found[id] && found[id][0][0] >= begins && found[id][0][0] < begins + 3_600_000);
    return isDay && Object.fromEntries(ids.map((id) => [id, found[id].map(([, energy]) => energy)]));
}"""


@dataclass(frozen=True)
class Counter:
    """A counter of energy, and the power that it counts."""

    entity: Entity
    power: Entity
    sign: int
    """Of the power that is counted."""

    def flows(self, page: Page) -> float:
        """Return the kW that it counts now."""
        return max(self.sign * float(reported(page, self.power)), 0)


def counters(page: Page) -> list[Counter]:
    """Return the counters of the sun, the battery and the charger."""
    sun, battery, charger = (device_with(page, key) for key in ("producing", "energy_discharged", "connected"))
    return [
        Counter(sun["energy"], sun["power"], 1),
        Counter(battery["energy_charged"], battery["power"], 1),
        Counter(battery["energy_discharged"], battery["power"], -1),
        Counter(charger["energy"], charger["power"], 1),
    ]


def yesterday(zone: str) -> list[datetime]:
    """Return the hours of yesterday, which are not always 24."""
    today = datetime.now(ZoneInfo(zone)).replace(hour=0, minute=0, second=0, microsecond=0)
    begins, ends = ((today - timedelta(days=days)).astimezone(UTC) for days in (1, 0))
    return [begins + hour * HOUR for hour in range(int((ends - begins) / HOUR))]


def live(page: Page, hours: int) -> Day:
    """Move the home's clock hour by hour, and return what flowed."""
    found = counters(page)
    day: dict[str, list[float]] = {each.entity["entity_id"]: [] for each in found}
    for _ in range(hours):
        page.evaluate(f"{HASS}.callService('amps', 'simulator_set_clock', {{advance: {{hours: 1}}}})")
        for each in found:
            day[each.entity["entity_id"]].append(each.flows(page))
    return day


def record(page: Page, day: Day, hours: list[datetime]) -> None:
    """Have the recorder import the energy of a day, as it has it of its own."""
    for statistic_id, energies in day.items():
        sums = [sum(energies[: index + 1]) for index in range(len(energies))]
        rows = [
            {"start": hour.isoformat(), "state": total, "sum": total} for hour, total in zip(hours, sums, strict=True)
        ]
        metadata = {
            "statistic_id": statistic_id,
            "source": "recorder",
            "name": None,
            "mean_type": 0,
            "has_sum": True,
            "unit_class": "energy",
            "unit_of_measurement": "kWh",
        }
        message = {"type": "recorder/import_statistics", "metadata": metadata, "stats": rows}
        page.evaluate(f"(message) => {HASS}.callWS(message)", message)


def energy_text(energy: float) -> re.Pattern[str]:
    """Return what the page writes for an energy in kWh, whichever way it is rounded."""
    near = (f"{energy + step:.2f}".rstrip("0").rstrip(".") for step in (-0.004, 0.004))
    return re.compile(rf"\D({'|'.join(map(re.escape, near))})[.0]*\s*kWh")


def forget(page: Page, day: Day) -> None:
    """Remove the statistics of the counters."""
    message = {"type": "recorder/clear_statistics", "statistic_ids": list(day)}
    page.evaluate(f"(message) => {HASS}.callWS(message)", message)


def bars(page: Page, day: Day, begins: datetime) -> Day:
    """Return the bars that the charts on the page show of these counters, once they are those of a day.

    What charges the battery is shown below zero.
    """
    shown = page.wait_for_function(BARS, arg=[list(day), begins.timestamp() * 1000])
    return cast("Day", shown.json_value())
