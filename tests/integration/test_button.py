"""The buttons of devices: commands with local defaults, and what cancels them (design §5)."""

from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr
import pytest

from .accounts import add_account, add_live_account
from .actions import ActionEvents, push
from .conftest import MINUTE, QUARTER, SECOND, Advance, battery_of, entity_id
from .controls import bodies, by_model, shown, use
from .interception import Interception
from .live import amps_id
from .service import Service
from .test_number import enable


@pytest.fixture
def battery(hass: HomeAssistant, sandbox_account: ConfigEntry) -> dr.DeviceEntry:
    """Return the battery that takes every command."""
    return battery_of(hass)


def action(command: str, **parameters: tuple[float, str]) -> dict[str, Any]:
    """Return the body of a command."""
    given = {name: {"value": value, "unit": unit} for name, (value, unit) in parameters.items()}
    return {"action": {"command": command, "parameters": given}}


@pytest.mark.parametrize(("command", "target"), [("charge", 100), ("discharge", 10)])
async def test_a_button_goes_as_far_as_the_device_does(
    hass: HomeAssistant, battery: dr.DeviceEntry, sent: Interception, command: str, target: float
) -> None:
    events, context = ActionEvents.listen(hass), Context()
    await use(hass, battery, f"button.{command}", "press", context)
    body = action(command, target=(target, "percent"), power=(5, "kw"))
    assert bodies(sent) == [(f"/battery/{amps_id(battery)}", body)]
    assert shown(hass, battery, "sensor", "status").state == f"{command.removesuffix('e')}ing"
    assert shown(hass, battery, "select", "mode").state == command
    assert {event.context.id for event in events.events} == {context.id}


async def test_a_button_sends_what_was_set(
    hass: HomeAssistant, sandbox_account: ConfigEntry, battery: dr.DeviceEntry, sent: Interception, advance: Advance
) -> None:
    await enable(hass, sandbox_account, battery, "charge_power_limit")
    await use(hass, battery, "number.charge_target", "set_value", value=85)
    await use(hass, battery, "number.charge_power_limit", "set_value", value=2.5)
    await use(hass, battery, "number.discharge_target", "set_value", value=40)
    await hass.config_entries.async_reload(sandbox_account.entry_id)
    await use(hass, battery, "button.charge", "press")
    await advance(31 * SECOND)
    await use(hass, battery, "button.discharge", "press")
    assert [body for _, body in bodies(sent)] == [
        action("charge", target=(85, "percent"), power=(2.5, "kw")),
        action("discharge", target=(40, "percent"), power=(5, "kw")),
    ]


async def test_only_declared_parameters_are_sent(
    hass: HomeAssistant, sandbox_account: ConfigEntry, sent: Interception
) -> None:
    await use(hass, by_model(hass, "Giv-Bat 9.5"), "button.charge", "press")
    assert [body for _, body in bodies(sent)] == [action("charge", target=(100, "percent"))]


async def test_a_battery_that_takes_windows_only_runs_one(
    hass: HomeAssistant, sandbox_account: ConfigEntry, sent: Interception, advance: Advance
) -> None:
    await hass.config.async_set_time_zone("Europe/London")  # where the plant is
    battery = by_model(hass, "EP11")
    await use(hass, battery, "number.window_duration", "set_value", value=45)
    await use(hass, battery, "number.charge_target", "set_value", value=90)
    await use(hass, battery, "button.charge", "press")
    # From the next full minute that is a minute ahead.
    times = {"start": "2026-06-14T13:01:00", "end": "2026-06-14T13:46:00"}
    body = action("charge", target=(90, "percent"), power=(6, "kw"))["action"] | times
    assert bodies(sent) == [(f"/battery/{amps_id(battery)}", {"action": body})]
    before = shown(hass, battery, "select", "mode").state
    await advance(31 * SECOND)
    assert shown(hass, battery, "select", "mode").state == before
    await advance(MINUTE)
    assert shown(hass, battery, "select", "mode").state == "charge"
    await advance(45 * MINUTE)
    assert shown(hass, battery, "select", "mode").state == "idle"


async def test_a_command_that_can_only_be_scheduled_has_no_button(
    hass: HomeAssistant, service: Service, sent: Interception
) -> None:
    def scheduled_only(_request: object, body: dict[str, Any]) -> None:
        for item in body["data"].get("items", [body["data"]]):
            if "discharge" in item.get("commands", {}):
                item["commands"]["discharge"]["execution"] = ["scheduled"]

    sent.rewrite = scheduled_only
    await add_account(hass, service.url)
    assert entity_id(hass, battery_of(hass), "charge", "button") is not None
    assert entity_id(hass, battery_of(hass), "discharge", "button") is None


async def test_a_refusal_is_shown_to_whoever_pressed(
    hass: HomeAssistant, service: Service, battery: dr.DeviceEntry
) -> None:
    match = {"method": "POST", "path": "/battery/*"}
    service.control("POST", "faults", {"kind": "error", "code": "RATE_LIMIT_EXCEEDED", "match": match})
    with pytest.raises(HomeAssistantError) as raised:
        await use(hass, battery, "button.charge", "press")
    assert raised.value.translation_key == "command_rate_limited"


async def test_buttons_are_unavailable_while_the_device_is_not_reached(
    hass: HomeAssistant, service: Service, pass_time: Advance
) -> None:
    await add_live_account(hass, service.url)
    battery = battery_of(hass)
    service.control("POST", "faults", {"kind": "fallback", "match": {"deviceId": amps_id(battery)}})
    await pass_time(2 * QUARTER)
    assert shown(hass, battery, "button", "charge").state == "unavailable"
    assert shown(hass, battery, "button", "cancel_scheduled").state != "unavailable"
    service.control("DELETE", "faults")
    await pass_time(2 * QUARTER)
    assert shown(hass, battery, "button", "charge").state != "unavailable"


async def test_what_is_scheduled_can_be_cancelled(
    hass: HomeAssistant, battery: dr.DeviceEntry, service: Service, sent: Interception, advance: Advance
) -> None:
    events, context = ActionEvents.listen(hass), Context()
    push(service, amps_id(battery), "idle", start="2h")
    await advance(31 * SECOND)
    assert shown(hass, battery, "sensor", "last_action").state == "scheduled"
    sent.requests.clear()
    await use(hass, battery, "button.cancel_scheduled", "press", context)
    assert [path.rpartition("/")[2] for path, _ in bodies(sent)] == ["cancel"]
    assert shown(hass, battery, "sensor", "last_action").state == "cancelled"
    assert [event.data["state"] for event in events.events if event.context.id == context.id] == ["cancelled"]
