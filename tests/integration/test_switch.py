"""Whether a charger may charge: what it was told, whatever it does (design §5)."""

from datetime import timedelta
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers import device_registry as dr
import orjson
import pytest

from custom_components.amps.simulator import Request

from .accounts import KEY
from .actions import ActionEvents
from .conftest import Advance, devices, entity_id
from .controls import bodies, shown, use
from .interception import Interception
from .live import amps_id
from .service import JSON, Service

HALF_MINUTE = timedelta(seconds=31)


@pytest.fixture
def charger(hass: HomeAssistant, sandbox_account: ConfigEntry) -> dr.DeviceEntry:
    """Return a charger that nobody has commanded yet."""
    return devices(hass, having="charging_enabled", domain="switch")[0]


def enabled(hass: HomeAssistant, charger: dr.DeviceEntry) -> str:
    """Return what the switch shows."""
    return shown(hass, charger, "switch", "charging_enabled").state


def report(sent: Interception, charger: dr.DeviceEntry, **parts: Any) -> None:  # noqa: ANN401  JSON
    """Have a charger report other parts of its state from now on."""

    def change(_request: object, body: dict[str, Any]) -> None:
        for item in body["data"].get("items", [body["data"]]):
            if item["id"] == amps_id(charger):
                item["state"] |= parts

    sent.rewrite = change


async def test_it_sends_the_commands_of_the_charger(
    hass: HomeAssistant, charger: dr.DeviceEntry, sent: Interception, advance: Advance
) -> None:
    events, context = ActionEvents.listen(hass), Context()
    await use(hass, charger, "switch.charging_enabled", "turn_off", context)
    assert enabled(hass, charger) == "off"
    await advance(HALF_MINUTE)
    await use(hass, charger, "switch.charging_enabled", "turn_on", context)
    assert enabled(hass, charger) == "on"
    path = f"/ev-charger/{amps_id(charger)}"
    assert bodies(sent) == [(path, {"action": {"command": "idle"}}), (path, {"action": {"command": "charge"}})]
    assert {event.context.id for event in events.events} == {context.id}


async def test_it_stays_on_while_nothing_is_plugged_in(
    hass: HomeAssistant, charger: dr.DeviceEntry, sent: Interception, advance: Advance
) -> None:
    await use(hass, charger, "switch.charging_enabled", "turn_on")
    report(sent, charger, isConnected=False, isCharging=False, status="available", currentPower=0)
    await advance(HALF_MINUTE)
    assert shown(hass, charger, "binary_sensor", "connected").state == "off"
    assert enabled(hass, charger) == "on"


@pytest.mark.parametrize(
    ("connected", "charging", "expected"),
    [(True, True, "on"), (True, False, "off"), (False, False, "unknown"), (None, None, "unknown")],
)
async def test_without_a_command_it_shows_what_the_charger_does(
    hass: HomeAssistant,
    charger: dr.DeviceEntry,
    sent: Interception,
    advance: Advance,
    connected: bool | None,
    charging: bool | None,
    expected: str,
) -> None:
    report(sent, charger, isConnected=connected, isCharging=charging)
    await advance(HALF_MINUTE)
    assert enabled(hass, charger) == expected


async def test_it_is_off_after_a_window(
    hass: HomeAssistant, service: Service, charger: dr.DeviceEntry, advance: Advance
) -> None:
    """For then the charger holds (api §6.3)."""
    push_window(service, charger, start="2026-06-14T13:10:00", end="2026-06-14T13:40:00")
    before = enabled(hass, charger)
    await advance(HALF_MINUTE)
    assert enabled(hass, charger) == before
    await advance(timedelta(minutes=15))
    assert enabled(hass, charger) == "on"
    await advance(timedelta(minutes=30))
    await advance(HALF_MINUTE)
    assert enabled(hass, charger) == "off"


def push_window(service: Service, charger: dr.DeviceEntry, **times: str) -> None:
    """Charge in a window as another program with the same account does."""
    body = orjson.dumps({"action": {"command": "charge", **times}})
    request = Request(
        method="POST",
        path=f"/ev-charger/{amps_id(charger)}",
        query={},
        headers={"x-api-key": KEY, **JSON},
        body=body,
    )
    assert service.simulator.handle(request).status == 202


async def test_it_needs_both_commands(
    hass: HomeAssistant, charger: dr.DeviceEntry, sent: Interception, advance: Advance
) -> None:
    def without_idle(_request: object, body: dict[str, Any]) -> None:
        for item in body["data"].get("items", [body["data"]]):
            if item["id"] == amps_id(charger):
                item["commands"].pop("idle", None)

    sent.rewrite = without_idle
    await advance(HALF_MINUTE)
    assert enabled(hass, charger) == "unavailable"
    await advance(timedelta(hours=1))
    await advance(HALF_MINUTE)
    assert entity_id(hass, charger, "charging_enabled", "switch") is None
