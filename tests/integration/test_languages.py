"""A home whose people speak another language: Home Assistant's is that of names and of sentences (design §5)."""

from datetime import timedelta
from typing import Any

from homeassistant.components.recorder import Recorder
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.components.recorder.common import async_wait_recording_done
from pytest_homeassistant_custom_component.typing import RecorderInstanceContextManager, WebSocketGenerator

from custom_components.amps.const import DOMAIN

from .conftest import Advance
from .flow import start, submit

both = pytest.mark.parametrize("language", ["de", "nl"])


@pytest.fixture
async def mock_recorder_before_hass(async_test_recorder: RecorderInstanceContextManager) -> None:
    """Prepare the recorder, which has to be before Home Assistant is."""


@pytest.fixture
async def home(hass: HomeAssistant, language: str) -> ConfigEntry:
    """Return a simulated home in Berlin whose people speak a language."""
    await hass.config.async_update(language=language, time_zone="Europe/Berlin")
    result = await submit(hass, await start(hass, "simulated_home"), profile="home")
    await hass.async_block_till_done(wait_background_tasks=True)
    return result["result"]


@pytest.fixture
def battery(hass: HomeAssistant, home: ConfigEntry) -> dr.DeviceEntry:
    """Return the battery of the home."""
    devices = dr.async_entries_for_config_entry(dr.async_get(hass), home.entry_id)
    return next(device for device in devices if device.model == "H1-5.0-E")


def names(hass: HomeAssistant, device: dr.DeviceEntry) -> dict[str, str | None]:
    """Return what the entities of a device are called, without the device, by their domains and translation keys."""
    registered = er.async_entries_for_device(er.async_get(hass), device.id, include_disabled_entities=True)
    return {f"{entity.domain}.{entity.translation_key}": entity.original_name for entity in registered}


NAMES: dict[str, dict[str, str]] = {
    "de": {
        "sensor.level": "Ladezustand",
        "sensor.discharge_power": "Entladeleistung",
        "button.discharge": "Entladen",
        "select.mode": "Modus",
        "binary_sensor.overridden": "Übersteuert",
    },
    "nl": {
        "sensor.level": "Laadniveau",
        "sensor.discharge_power": "Ontlaadvermogen",
        "button.discharge": "Ontladen",
        "select.mode": "Modus",
        "binary_sensor.overridden": "Overschreven",
    },
}
TITLES = {"de": "Simuliertes Zuhause", "nl": "Gesimuleerd huis"}


@both
async def test_a_home_and_its_entities_are_named(
    hass: HomeAssistant, home: ConfigEntry, battery: dr.DeviceEntry, language: str
) -> None:
    assert home.title == TITLES[language]
    assert names(hass, battery).items() >= NAMES[language].items()
    state = hass.states.get(f"sensor.foxess_h1_5_0_e_{NAMES[language]['sensor.level'].lower()}")
    assert state is not None
    assert state.name == f"FoxESS H1-5.0-E {NAMES[language]['sensor.level']}"


TO_90 = {"command": "charge", "parameters": {"target": {"value": 90, "unit": "percent"}}}
AUTO = {
    "command": "auto",
    "parameters": {
        "heat_setpoint": {"value": 20, "unit": "celsius"},
        "cool_setpoint": {"value": 25, "unit": "celsius"},
    },
}
SAID: dict[str, list[str]] = {
    "de": [
        "Laden bis 90 % ist geplant von 2026-06-14 23:30 bis 2026-06-15 05:30",
        "Laden bis 90 % ist fehlgeschlagen: das Gerät ist offline",
        "Heizen/Kühlen von 20 °C bis 25 °C wurde an das Gerät gesendet",
        "Betrieb nach eigenem Zeitplan wurde abgesagt",
    ],
    "nl": [
        "Laden tot 90 % is gepland van 2026-06-14 23:30 tot 2026-06-15 05:30",
        "Laden tot 90 % is mislukt: het apparaat is offline",
        "Verwarmen/koelen van 20 °C tot 25 °C is naar het apparaat verstuurd",
        "Eigen schema volgen is geannuleerd",
    ],
}


@both
async def test_what_became_of_commands_is_said_in_sentences(
    recorder_mock: Recorder,
    hass: HomeAssistant,
    battery: dr.DeviceEntry,
    language: str,
    advance: Advance,
    hass_ws_client: WebSocketGenerator,
) -> None:
    hass.config.components.add("frontend")  # which shows the page of the logbook, and is not installed everywhere
    assert await async_setup_component(hass, "logbook", {})
    night = {"start": "2026-06-14T21:30:00+00:00", "end": "2026-06-15T03:30:00+00:00"}
    events: list[dict[str, Any]] = [
        {**TO_90, **night, "state": "scheduled"},
        {**TO_90, "state": "failed", "reason": "DEVICE_OFFLINE"},
        {**AUTO, "state": "acknowledged"},
        {"command": "follow_schedule", "state": "cancelled"},
    ]
    for event in events:
        hass.bus.async_fire("amps_action", {"device_id": battery.id, **event})
    await advance(timedelta(seconds=1))
    assert await messages(hass, hass_ws_client, battery) == SAID[language]


PLANNED = {
    "de": ("FoxESS H1-5.0-E: laden bis 90 %", "Von 2026-06-14 23:30 bis 2026-06-15 05:30\nGeplant"),
    "nl": ("FoxESS H1-5.0-E: laden tot 90 %", "Van 2026-06-14 23:30 tot 2026-06-15 05:30\nGepland"),
}


@both
async def test_what_is_planned_stands_in_the_calendar(
    hass: HomeAssistant, home: ConfigEntry, battery: dr.DeviceEntry, language: str
) -> None:
    data = {"device_id": battery.id, "target_level": 90, "start": "23:30", "end": "05:30"}
    await hass.services.async_call(DOMAIN, "charge", data, blocking=True)
    await hass.async_block_till_done()
    found = er.async_get(hass).async_get_entity_id("calendar", DOMAIN, f"{home.entry_id}_schedule")
    assert found is not None
    state = hass.states.get(found)
    assert state is not None
    assert (state.attributes["message"], state.attributes["description"]) == PLANNED[language]


async def messages(hass: HomeAssistant, hass_ws_client: WebSocketGenerator, device: dr.DeviceEntry) -> list[str]:
    """Return what the logbook says of the actions of a device, the oldest first."""
    await async_wait_recording_done(hass)
    client = await hass_ws_client(hass)
    command = {"type": "logbook/get_events", "device_ids": [device.id]}
    await client.send_json_auto_id({**command, "start_time": "2026-06-14T00:00:00+00:00"})
    answer = await client.receive_json()
    assert answer["success"]
    return [line["message"] for line in answer["result"] if line.get("domain") == DOMAIN]
