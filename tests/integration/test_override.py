"""A device that somebody else commands, as its states show it (design §5)."""

from datetime import timedelta
from typing import Any

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.test_util.aiohttp import AiohttpClientMocker

from custom_components.amps.const import DOMAIN

from .accounts import add_live_account
from .actions import push
from .conftest import NOON, Advance, battery_of, state_of
from .live import amps_id
from .mocked_service import URL, listing, mock_service
from .service import Service


def at(minutes: float) -> str:
    """Return an instant, in minutes from noon, as the wire has it."""
    return (NOON + timedelta(minutes=minutes)).isoformat()


@pytest.mark.parametrize(
    ("environment", "source", "expected"),
    [
        ("live", "live", ["off", "on", "off"]),
        ("live", "projection", ["off", "on", "off"]),
        # In the sandbox commands are the device, whatever an item says of its source (api §11.1).
        ("sandbox", "projection", ["off", "off", "off"]),
        ("sandbox", "live", ["off", "off", "off"]),
    ],
)
async def test_a_battery_that_somebody_else_commands_shows_it(
    hass: HomeAssistant,
    aioclient_mock: AiohttpClientMocker,
    advance: Advance,
    environment: str,
    source: str,
    expected: list[str],
) -> None:
    def batteries(pulled: float, status: str) -> dict[str, Any]:
        answer = listing("device_1", environment=environment)
        answer["meta"]["timestamp"] = at(pulled)
        answer["data"]["items"][0] |= {
            "sync": {"available": True, "lastPulledAt": at(pulled)},
            "metadata": {"source": source},
            "state": {"status": status},
            "commands": {"charge": {"parameters": {}, "execution": ["immediate"]}},
            "lastAction": {"id": "act_1", "state": "completed", "createdAt": at(0), "updatedAt": at(0)},
        }
        return answer

    mock_service(aioclient_mock, batteries(0, "idle"))
    await add_live_account(hass, URL)
    sent = {
        "id": "act_1",
        "deviceId": "device_1",
        "command": "charge",
        "state": "acknowledged",
        "createdAt": at(0),
    }
    aioclient_mock.post(f"{URL}/battery/device_1", status=202, json={"success": True, "data": sent})
    state = hass.states.get("binary_sensor.foxess_overridden")
    assert state is not None
    # There is an action, but nobody here knows what it was to do.
    assert state.state == ("unknown" if environment == "live" else "off")
    await hass.services.async_call(DOMAIN, "charge", {"entity_id": "sensor.foxess_status"}, blocking=True)

    shown = []
    for pulled, status in ((15, "discharging"), (30, "discharging"), (45, "charging")):
        aioclient_mock.clear_requests()
        mock_service(aioclient_mock, batteries(pulled, status))
        await advance(timedelta(minutes=15, seconds=1))
        state = hass.states.get("binary_sensor.foxess_overridden")
        assert state is not None
        shown.append(state.state)
    assert shown == expected


async def test_a_battery_stays_overridden_whatever_is_planned_or_fails(
    hass: HomeAssistant, service: Service, pass_time: Advance
) -> None:
    await add_live_account(hass, service.url)
    battery = battery_of(hass)
    shown = []

    async def look() -> None:
        await pass_time(timedelta(minutes=45))
        shown.append(state_of(hass, battery, "overridden", "binary_sensor"))

    await hass.services.async_call(DOMAIN, "charge", {"device_id": battery.id}, blocking=True)
    await look()
    service.control("POST", f"devices/{amps_id(battery)}/override", {"command": "discharge"})
    await look()
    service.control("POST", "faults", {"kind": "failed_action", "errorCode": "DEVICE_OFFLINE", "count": 1})
    push(service, amps_id(battery), "idle")
    await look()
    assert state_of(hass, battery, "last_action") == "failed"
    push(service, amps_id(battery), "discharge", start="9h")
    await look()
    assert state_of(hass, battery, "last_action") == "scheduled"
    assert shown == ["off", "on", "on", "on"]
