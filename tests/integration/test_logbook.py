"""The logbook: what became of actions, in words, with who caused it (design §5)."""

from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.recorder import Recorder
from homeassistant.core import Context, Event, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockUser
from pytest_homeassistant_custom_component.components.recorder.common import async_wait_recording_done
from pytest_homeassistant_custom_component.typing import RecorderInstanceContextManager, WebSocketGenerator

from custom_components.amps.const import DOMAIN

from .accounts import add_account, add_live_account
from .conftest import Advance, battery_of, entity_id
from .service import Service

PERCENT, KW, CELSIUS = ("percent", "kw", "celsius")


@pytest.fixture
async def mock_recorder_before_hass(async_test_recorder: RecorderInstanceContextManager) -> None:
    """Prepare the recorder, which has to be before Home Assistant is."""


@pytest.fixture(params=["sandbox", "live"])
async def battery(
    request: pytest.FixtureRequest, recorder_mock: Recorder, hass: HomeAssistant, service: Service
) -> dr.DeviceEntry:
    """Return a battery of a house in Berlin, as its owner calls it."""
    await hass.config.async_set_time_zone("Europe/Berlin")
    hass.config.components.add("frontend")  # which shows the page of the logbook, and is not installed everywhere
    assert await async_setup_component(hass, "logbook", {})
    if request.param == "sandbox":
        await add_account(hass, service.url)
    else:
        await add_live_account(hass, service.url)
    found = dr.async_get(hass).async_update_device(battery_of(hass).id, name_by_user="Home battery")
    assert isinstance(found, dr.DeviceEntry)
    return found


async def lines(
    hass: HomeAssistant, hass_ws_client: WebSocketGenerator, device: dr.DeviceEntry
) -> list[dict[str, Any]]:
    """Return the lines about the actions of a device, the oldest first, as the page of the device shows them."""
    await async_wait_recording_done(hass)
    client = await hass_ws_client(hass)
    command = {"type": "logbook/get_events", "device_ids": [device.id]}
    start = (dt_util.utcnow() - timedelta(hours=2)).isoformat()
    await client.send_json_auto_id({**command, "start_time": start})
    answer = await client.receive_json()
    assert answer["success"]
    return [line for line in answer["result"] if line.get("domain") == DOMAIN]


async def test_a_failed_charge_is_told_with_its_reason_and_the_automation_that_caused_it(
    hass: HomeAssistant,
    service: Service,
    battery: dr.DeviceEntry,
    freezer: FrozenDateTimeFactory,
    pass_time: Advance,
    hass_ws_client: WebSocketGenerator,
) -> None:
    service.control("POST", "faults", {"kind": "failed_action", "errorCode": "SCHEDULER_ACTIVE", "count": 1})
    action = {"action": "amps.charge", "data": {"device_id": battery.id, "target_level": 90}}

    # The logbook tells by the times who came first, and here time stands still unless it is moved.
    @callback
    def move_time(_: Event) -> None:
        freezer.tick(timedelta(seconds=1))

    hass.bus.async_listen("automation_triggered", move_time)
    automation = {"alias": "Cheap", "triggers": {"trigger": "event", "event_type": "cheap"}, "actions": [action]}
    assert await async_setup_component(hass, "automation", {"automation": automation})
    hass.bus.async_fire("cheap")
    await hass.async_block_till_done()
    await pass_time(timedelta(minutes=4))

    entries = await lines(hass, hass_ws_client, battery)
    assert [entry["message"] for entry in entries] == [
        "Charging to 90 % was sent to the device",
        "Charging to 90 % failed: the battery is locked by its own schedule",
    ]
    event = entity_id(hass, battery, "action", "event")
    assert {(entry["name"], entry["entity_id"]) for entry in entries} == {("Home battery", event)}
    assert {(entry["context_event_type"], entry["context_name"]) for entry in entries} == {
        ("automation_triggered", "Cheap")
    }


async def test_a_person_who_asked_is_named(
    hass: HomeAssistant,
    battery: dr.DeviceEntry,
    hass_admin_user: MockUser,
    pass_time: Advance,
    hass_ws_client: WebSocketGenerator,
) -> None:
    data = {"device_id": battery.id, "mode": "auto_balanced"}
    context = Context(user_id=hass_admin_user.id)
    await hass.services.async_call(DOMAIN, "set_mode", data, blocking=True, context=context)
    await pass_time(timedelta(minutes=4))
    entries = await lines(hass, hass_ws_client, battery)
    assert [(entry["message"], entry["context_user_id"]) for entry in entries] == [
        ("Self-consumption was sent to the device", hass_admin_user.id),
        ("Self-consumption was accepted by the device", hass_admin_user.id),
    ]


def quantities(**values: tuple[float, str]) -> dict[str, dict[str, object]]:
    """Return parameters as events have them."""
    return {name: {"value": value, "unit": unit} for name, (value, unit) in values.items()}


WINDOW = {"start": "2026-06-14T21:30:00+00:00", "end": "2026-06-15T03:30:00+00:00"}
COMMANDS: list[tuple[str, dict[str, object]]] = [
    (
        "Discharging to 20 % at 3.5 kW",
        {"command": "discharge", "parameters": quantities(target=(20, PERCENT), power=(3.5, KW))},
    ),
    ("Charging with 30 % in reserve", {"command": "charge", "parameters": quantities(reserve=(30, PERCENT))}),
    ("Idling", {"command": "idle", "parameters": None}),
    ("Self-consumption", {"command": "auto_balanced"}),
    ("Backup", {"command": "auto_reserve"}),
    ("Export", {"command": "auto_export"}),
    ("Following its own schedule", {"command": "follow_schedule"}),
    ("Heating to 21.5 °C", {"command": "heat", "parameters": quantities(heat_setpoint=(21.5, CELSIUS))}),
    ("Cooling to 25 °C", {"command": "cool", "parameters": quantities(cool_setpoint=(25, CELSIUS))}),
    (
        "Heating and cooling from 20 °C to 25 °C",
        {"command": "auto", "parameters": quantities(heat_setpoint=(20, CELSIUS), cool_setpoint=(25, CELSIUS))},
    ),
    ("Auto lunar phase 3 moons", {"command": "auto_lunar", "parameters": quantities(phase=(3, "moons"))}),
    ("A command", {"command": None}),
]
ENDS: list[tuple[str, dict[str, object]]] = [
    ("Charging is scheduled", {"state": "scheduled"}),
    ("Charging is scheduled for 2026-06-14 23:30", {"state": "scheduled", "start": WINDOW["start"]}),
    ("Charging is scheduled from 2026-06-14 23:30 to 2026-06-15 05:30", {"state": "scheduled", **WINDOW}),
    (
        "Charging is scheduled from 2026-06-14 23:30 to 23:45",
        {"state": "scheduled", "start": WINDOW["start"], "end": "2026-06-14T21:45:00+00:00"},
    ),
    ("Charging was sent to the device", {"state": "acknowledged", "start": WINDOW["start"]}),
    ("Charging was sent to the device, until 2026-06-15 05:30", {"state": "acknowledged", **WINDOW}),
    ("Charging was accepted by the device", {"state": "completed", **WINDOW}),
    ("Charging failed", {"state": "failed"}),
    ("Charging failed: the device is offline", {"state": "failed", "reason": "DEVICE_OFFLINE"}),
    ("Charging failed: moon in the way", {"state": "failed", "reason": "MOON_IN_THE_WAY"}),
    ("Charging was cancelled", {"state": "cancelled", **WINDOW}),
    (
        "Charging was cancelled: Home Assistant was not running when it was due",
        {"state": "cancelled", "reason": "then_late"},
    ),
    (
        "Charging was cancelled: another action came after the window",
        {"state": "cancelled", "reason": "then_overtaken"},
    ),
    ("Charging: postponed", {"state": "postponed"}),
]


@pytest.mark.parametrize("battery", ["sandbox"], indirect=True)
async def test_each_command_and_each_stage_has_its_words(
    hass: HomeAssistant, battery: dr.DeviceEntry, advance: Advance, hass_ws_client: WebSocketGenerator
) -> None:
    events = [data | {"state": "failed"} for _, data in COMMANDS] + [{"command": "charge", **data} for _, data in ENDS]
    for event in events:
        hass.bus.async_fire("amps_action", {"device_id": battery.id, **event})
    await advance(timedelta(seconds=1))
    entries = await lines(hass, hass_ws_client, battery)
    assert [entry["message"] for entry in entries] == [f"{command} failed" for command, _ in COMMANDS] + [
        end for end, _ in ENDS
    ]
    assert {entry["name"] for entry in entries} == {"Home battery"}
