"""A simulated home of its own, and a dashboard that shows cards of its devices."""

from collections.abc import Mapping, Sequence
import json
import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser.dashboard import HASS
from tests.browser.develop import REPOSITORY

TEXTS: Mapping[str, Any] = json.loads(
    (REPOSITORY / "custom_components" / "amps" / "translations" / "en.json").read_text(encoding="utf-8")
)
WORDS: Mapping[str, str] = TEXTS["common"]
URL_PATH = "card-tests"
DEVICE_CARD = "custom:amps-device-card"
LEVEL = re.compile(r"([\d.]+)\s*%$")

TYPE_KEYS = {
    "battery": "energy_discharged",
    "ev_charger": "connected",
    "hvac": "thermostat",
    "solar_inverter": "producing",
    "vehicle": "plugged_in",
}
"""By type, the translation key of an entity that only such a device has."""

type Json = Mapping[str, object]


class House:
    """A home with one device of each type; its clock is moved, never Home Assistant's."""

    def __init__(self, page: Page) -> None:
        """Add a home as the dialog does, with devices that no other test has."""
        self.page = page
        page.goto("/profile/general")
        page.locator("ha-panel-profile").wait_for(state="attached")
        self._dashboard: str = self.ws("lovelace/dashboards/create", url_path=URL_PATH, title="Cards", mode="storage")[
            "id"
        ]
        flow = self.api("POST", "config/config_entries/flow", handler="amps")
        path = f"config/config_entries/flow/{flow['flow_id']}"
        self.api("POST", path, next_step_id="simulated_home")
        self.entry_id: str = self.api("POST", path, profile="home")["result"]["entry_id"]
        page.wait_for_function(
            f"""([entry, keys]) => {{
                const keysOf = (device) => Object.values({HASS}.entities)
                    .filter((entity) => entity.device_id === device.id && {HASS}.states[entity.entity_id])
                    .map((entity) => entity.translation_key);
                const of = Object.values({HASS}.devices).filter((device) => device.config_entries.includes(entry));
                const found = new Set(of.flatMap(keysOf));
                return keys.every((key) => found.has(key));
            }}""",
            arg=[self.entry_id, list(TYPE_KEYS.values())],
        )
        self.devices = {kind: self._device(key) for kind, key in TYPE_KEYS.items()}

    def remove(self) -> None:
        """Leave the dashboard, and remove it and the home with all that belongs to them."""
        self._navigate("/profile/general")
        expect(self.page.locator("amps-device-card")).to_have_count(0)
        self.api("DELETE", f"config/config_entries/entry/{self.entry_id}")
        self.ws("lovelace/dashboards/delete", dashboard_id=self._dashboard)

    def _device(self, key: str) -> str:
        script = f"""([entry, key]) => Object.values({HASS}.entities).find((entity) =>
            entity.platform === "amps" && entity.translation_key === key
            && {HASS}.devices[entity.device_id]?.config_entries.includes(entry)).device_id"""
        return str(self.page.evaluate(script, [self.entry_id, key]))

    # What Home Assistant's own pages use.

    def ws(self, type_: str, **fields: object) -> Any:  # noqa: ANN401  each has its own answer
        """Send a websocket command."""
        return self.page.evaluate(f"(message) => {HASS}.callWS(message)", {"type": type_, **fields})

    def api(self, method: str, path: str, **payload: object) -> Any:  # noqa: ANN401  each has its own answer
        """Send a request."""
        return self.page.evaluate(
            f"([method, path, payload]) => {HASS}.callApi(method, path, payload)",
            [method, path, payload if method == "POST" else None],
        )

    def call(self, action: str, kind: str | None = None, **data: object) -> None:
        """Call an action, on the device of a type."""
        target = {"device_id": self.devices[kind]} if kind else {}
        script = f"([action, data]) => {HASS}.callService('amps', action, data)"
        self.page.evaluate(script, [action, {**target, **data}])

    def advance(self, **span: float) -> None:
        """Move the clock of the home."""
        self.call("simulator_set_clock", advance=span, config_entry_id=self.entry_id)

    def break_(self, fault: str, kind: str | None = None, **options: object) -> None:
        """Have something go wrong, with the device of a type or the whole home."""
        self.call("simulator_inject_fault", kind, fault=fault, config_entry_id=self.entry_id, **options)

    def mend(self) -> None:
        """Have nothing go wrong any more."""
        self.call("simulator_reset", config_entry_id=self.entry_id)

    def entity(self, kind: str, key: str) -> str:
        """Return the id of an entity of the device of a type."""
        script = f"""([device, key]) => Object.values({HASS}.entities).find((entity) =>
            entity.device_id === device && entity.translation_key === key).entity_id"""
        return str(self.page.evaluate(script, [self.devices[kind], key]))

    def state(self, kind: str, key: str) -> str:
        """Return the state of an entity of the device of a type, as the page knows it."""
        return str(self.page.evaluate(f"(id) => {HASS}.states[id].state", self.entity(kind, key)))

    # The dashboard.

    def show(self, *cards: Json, query: str = "") -> Locator:
        """Open a dashboard of these cards, each in a section of its own, and return the device cards on it."""
        self.save(cards)
        self._go(f"/{URL_PATH}/0{query}")
        found = self.page.locator("amps-device-card")
        expect(found).to_have_count(sum(card["type"] == DEVICE_CARD for card in cards))
        return found

    def _go(self, path: str) -> None:
        """Go to a page: as a click does, or by loading all anew where it is open already."""
        if f"/{URL_PATH}/" in self.page.url:
            self.page.goto(path)
            return
        self._navigate(path)

    def _navigate(self, path: str) -> None:
        script = """(path) => {
            history.pushState(null, "", path);
            window.dispatchEvent(new CustomEvent("location-changed", {detail: {replace: false}}));
        }"""
        self.page.evaluate(script, path)

    def save(self, cards: Sequence[Json]) -> None:
        """Save the dashboard, without opening it."""
        sections = [{"type": "grid", "cards": [card]} for card in cards]
        view = {"type": "sections", "max_columns": 4, "sections": sections or [{"type": "grid", "cards": []}]}
        self.ws("lovelace/config/save", url_path=URL_PATH, config={"views": [view]})

    def saved(self) -> list[dict[str, Any]]:
        """Return the cards of the dashboard as they are saved."""
        (view,) = self.ws("lovelace/config", url_path=URL_PATH, force=True)["views"]
        return [card for section in view["sections"] for card in section["cards"]]

    def card(self, kind: str, **options: object) -> Json:
        """Return the card of the device of a type."""
        return {"type": DEVICE_CARD, "device": self.devices[kind], **options}

    def show_card(self, kind: str, **options: object) -> Locator:
        """Show one card, and return it once it knows what can be done."""
        card = self.show(self.card(kind, **options)).first
        if kind in ("battery", "ev_charger", "hvac"):
            card.get_by_role("group", name="Controls").wait_for()
        return card

    def question(self, title: str) -> Locator:
        """Return the dialog that asks a question."""
        asked = self.page.locator("dialog-box")
        expect(asked.get_by_role("heading", name=title)).to_be_visible()
        return asked


def choose(card: Locator, command: str) -> Locator:
    """Open the form of a command, and return it."""
    card.get_by_role("button", name=command, exact=True).click()
    return card.get_by_role("form", name=command)


def fill_window(form: Locator, start: str, end: str) -> None:
    """Choose a window in the form of a command."""
    form.get_by_text("Window", exact=True).click()
    form.get_by_label("Start").fill(start)
    form.get_by_label("End").fill(end)


def send(form: Locator) -> None:
    """Send the command of a form."""
    form.get_by_role("button", name="Send").click()


def level_of(card: Locator) -> float:
    """Return the level that a card shows, in percent."""
    button = card.get_by_role("button", name=LEVEL)
    shown = LEVEL.search((button.text_content() or "").strip())
    assert shown is not None
    return float(shown[1])
