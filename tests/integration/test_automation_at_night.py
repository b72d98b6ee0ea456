"""The automation that a person built in the editor by clicks alone, at its own time, to its end (design §5, §6)."""

from datetime import UTC, datetime, timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.recorder import Recorder
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockUser
from pytest_homeassistant_custom_component.components.recorder.common import async_wait_recording_done
from pytest_homeassistant_custom_component.typing import RecorderInstanceContextManager, WebSocketGenerator

from custom_components.amps.const import DOMAIN
from tests.browser.automation import AUTOMATION, charge_at_night

from .commanding import Home
from .conftest import HOUR, MINUTE, SECOND, Advance, state_of

HALF_PAST_ELEVEN = datetime(2026, 6, 14, 22, 30, tzinfo=UTC)
"""On the clock of a home in London."""


@pytest.fixture
async def mock_recorder_before_hass(async_test_recorder: RecorderInstanceContextManager) -> None:
    """Prepare the recorder, which has to be before Home Assistant is."""


@pytest.fixture
def begins_at() -> str:
    """Return when the account is added: some minutes before the automation runs."""
    return (HALF_PAST_ELEVEN - 5 * MINUTE).isoformat()


@pytest.mark.parametrize("environment", ["sandbox", "live"])
async def test_what_the_editor_saved_charges_from_half_past_eleven_until_half_past_five(
    recorder_mock: Recorder,
    hass: HomeAssistant,
    home: Home,
    freezer: FrozenDateTimeFactory,
    pass_time: Advance,
    advance: Advance,
    hass_admin_user: MockUser,
    hass_ws_client: WebSocketGenerator,
) -> None:
    triggered = await automate(hass, freezer, charge_at_night(home.battery.id))
    await pass_time(4 * MINUTE)
    assert (triggered, home.pushed) == ([], [])

    await pass_time(MINUTE + 30 * SECOND)
    assert triggered == [HALF_PAST_ELEVEN]
    target = {"target": {"value": 90, "unit": "percent"}}
    # Amps takes windows that begin in the future: the next full minute that is at least one away.
    window = {"start": "2026-06-14T23:32:00", "end": "2026-06-15T05:30:00"}
    assert home.pushed == [{"action": {"command": "charge", "parameters": target, **window}}]
    assert float(state_of(hass, home.battery, "level")) < 50

    await pass_time(15 * MINUTE)
    assert state_of(hass, home.battery, "status") == "charging"
    assert state_of(hass, home.battery, "power") == "5.0"
    await advance(2 * HOUR)
    await pass_time(MINUTE)
    assert float(state_of(hass, home.battery, "level")) == 90
    await advance(HALF_PAST_ELEVEN + 6 * HOUR - MINUTE - dt_util.utcnow())
    await pass_time(30 * SECOND)
    assert home.state(home.battery)["currentMode"] == "charge", "until 05:30"

    await pass_time(5 * MINUTE)
    assert home.state(home.battery)["currentMode"] == "idle"
    assert float(state_of(hass, home.battery, "level")) == 90
    assert home.posts == 1
    lines = await logbook(hass, home, hass_admin_user, hass_ws_client)
    assert [line["message"] for line in lines] == [
        "Charging to 90 % is scheduled from 2026-06-14 23:32 to 2026-06-15 05:30",
        "Charging to 90 % was sent to the device, until 2026-06-15 05:30",
        "Charging to 90 % was accepted by the device",
    ]
    assert {(line["context_event_type"], line["context_name"]) for line in lines} == {
        ("automation_triggered", AUTOMATION)
    }
    await hass.services.async_call("automation", "turn_off", {"entity_id": "all"}, blocking=True)


async def automate(hass: HomeAssistant, freezer: FrozenDateTimeFactory, saved: dict[str, Any]) -> list[datetime]:
    """Set up an automation as it was saved, and the logbook; returns when it is triggered from now on."""
    triggered: list[datetime] = []

    @callback
    def note(event: Event) -> None:
        triggered.append(event.time_fired.replace(microsecond=0))
        # The logbook tells by the times who came first, and here time stands still unless it is moved.
        freezer.tick(SECOND)

    hass.bus.async_listen("automation_triggered", note)
    hass.config.components.add("frontend")  # which shows the page of the logbook, and is not installed everywhere
    assert await async_setup_component(hass, "logbook", {})
    assert await async_setup_component(hass, "automation", {"automation": [{"id": "1", **saved}]})
    return triggered


async def logbook(
    hass: HomeAssistant, home: Home, user: MockUser, hass_ws_client: WebSocketGenerator
) -> list[dict[str, Any]]:
    """Return the lines about the actions of the battery, the oldest first, as the page of the device shows them."""
    await async_wait_recording_done(hass)
    # No token lasts for a night.
    (refresh_token,) = user.refresh_tokens.values()
    client = await hass_ws_client(hass, hass.auth.async_create_access_token(refresh_token))
    start = (dt_util.utcnow() - timedelta(hours=8)).isoformat()
    command = {"type": "logbook/get_events", "device_ids": [home.battery.id], "start_time": start}
    await client.send_json_auto_id(command)
    answer = await client.receive_json()
    assert answer["success"], answer
    return [line for line in answer["result"] if line.get("domain") == DOMAIN]
