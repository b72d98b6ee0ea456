"""The mode of a battery: what stands, and what can be chosen (design §5)."""

from datetime import timedelta
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import device_registry as dr
import pytest

from custom_components.amps.const import DOMAIN

from .actions import ActionEvents
from .conftest import Advance, battery_of, entity_id
from .controls import History, bodies, by_model, control_of, shown, use
from .interception import Interception
from .live import amps_id
from .service import Service

MODES = ["idle", "auto_balanced", "auto_reserve", "auto_export"]


@pytest.fixture
def battery(hass: HomeAssistant, sandbox_account: ConfigEntry) -> dr.DeviceEntry:
    """Return the battery that takes every command."""
    return battery_of(hass)


def mode(hass: HomeAssistant, battery: dr.DeviceEntry) -> tuple[str, list[str]]:
    """Return the mode that is shown, and those that are offered."""
    state = shown(hass, battery, "select", "mode")
    return state.state, state.attributes["options"]


async def test_a_mode_is_sent_as_it_is_and_shown_at_once(
    hass: HomeAssistant, battery: dr.DeviceEntry, sent: Interception
) -> None:
    events, context = ActionEvents.listen(hass), Context()
    history = History.record(hass, control_of(hass, battery, "select", "mode"))
    assert mode(hass, battery) == ("auto_balanced", MODES)

    await use(hass, battery, "select.mode", "select_option", context, option="auto_reserve")

    assert bodies(sent) == [(f"/battery/{amps_id(battery)}", {"action": {"command": "auto.reserve"}})]
    assert mode(hass, battery) == ("auto_reserve", MODES)
    assert [(state.state, state.context.id) for state in history.states] == [("auto_reserve", context.id)]
    assert {event.context.id for event in events.events} == {context.id}


async def test_a_command_with_parameters_is_shown_and_cannot_be_chosen(
    hass: HomeAssistant, battery: dr.DeviceEntry, sent: Interception
) -> None:
    await hass.services.async_call(DOMAIN, "charge", {"device_id": battery.id, "target_level": 90}, blocking=True)
    assert mode(hass, battery) == ("charge", [*MODES, "charge"])
    sent.requests.clear()
    with pytest.raises(ServiceValidationError) as raised:
        await use(hass, battery, "select.mode", "select_option", option="charge")
    assert raised.value.translation_key == "mode_not_selectable"
    assert "FoxESS H1-5.0-E" in str(raised.value)
    assert bodies(sent) == []


@pytest.mark.parametrize("option", ["discharge", "unknown_value", "auto_lunar"])
async def test_what_is_not_offered_is_refused(
    hass: HomeAssistant, battery: dr.DeviceEntry, sent: Interception, option: str
) -> None:
    with pytest.raises(ServiceValidationError):
        await use(hass, battery, "select.mode", "select_option", option=option)
    assert bodies(sent) == []


async def test_only_modes_that_the_battery_takes_are_offered(hass: HomeAssistant, sandbox_account: ConfigEntry) -> None:
    assert mode(hass, by_model(hass, "Giv-Bat 9.5")) == ("idle", ["idle"])
    assert mode(hass, by_model(hass, "EP11")) == ("auto_balanced", ["idle", "auto_balanced", "auto_reserve"])


async def test_a_mode_that_nobody_knows_is_shown_as_such(
    hass: HomeAssistant, service: Service, battery: dr.DeviceEntry, advance: Advance
) -> None:
    service.control("POST", "faults", {"kind": "unknown_values", "match": {"deviceId": amps_id(battery)}})
    await advance(timedelta(seconds=31))
    assert mode(hass, battery) == ("unknown_value", [*MODES, "unknown_value"])


async def test_modes_come_and_go_with_what_the_battery_declares(
    hass: HomeAssistant, battery: dr.DeviceEntry, sent: Interception, advance: Advance
) -> None:
    def without_modes(_request: object, body: dict[str, Any]) -> None:
        for item in body["data"].get("items", [body["data"]]):
            if item["id"] == amps_id(battery):
                item["commands"] = {"charge": item["commands"]["charge"]}

    sent.rewrite = without_modes
    await advance(timedelta(seconds=31))
    assert shown(hass, battery, "select", "mode").state == "unavailable"
    await advance(timedelta(hours=1))
    await advance(timedelta(seconds=31))
    assert entity_id(hass, battery, "mode", "select") is None
    assert shown(hass, battery, "button", "charge").state != "unavailable"

    sent.rewrite = lambda _request, _body: None
    await advance(timedelta(seconds=31))
    assert mode(hass, battery) == ("auto_balanced", MODES)
