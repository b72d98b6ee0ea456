"""What becomes of actions: their whole life in live behaviour over HTTP, in moved time (design §4, §5)."""

import asyncio
from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.amps.const import DOMAIN
from custom_components.amps.simulator import Timing, create_simulator
from custom_components.amps.simulator.server import serve

from .actions import LIVE_KEY, ActionEvents, ask, asked, counts, push
from .conftest import Advance, PollNow, battery_of, devices, entity_id, readings_of, refresh, state_of
from .service import Service
from .test_config_flow import start, submit

SECOND, MINUTE, QUARTER = timedelta(seconds=1), timedelta(minutes=1), timedelta(minutes=15)


class HostClock:
    """The time of Home Assistant, which tests move."""

    now = staticmethod(dt_util.utcnow)


async def add_account(hass: HomeAssistant, service: Service) -> ConfigEntry:
    """Add the live account of a service."""
    result = await submit(hass, await start(hass, "api_key"), api_key=LIVE_KEY, advanced={"url": service.url})
    await hass.async_block_till_done(wait_background_tasks=True)
    entry: ConfigEntry = result["result"]
    assert entry.state is ConfigEntryState.LOADED
    return entry


@pytest.fixture
async def account(hass: HomeAssistant, service: Service, pass_time: Advance) -> ConfigEntry:
    """Return a live account, with nothing left to do at the moment."""
    entry = await add_account(hass, service)
    await pass_time(2 * MINUTE)
    service.control("DELETE", "requests")
    return entry


@pytest.fixture
def recorded(hass: HomeAssistant) -> ActionEvents:
    """Return the events that report actions from now on."""
    return ActionEvents.listen(hass)


@pytest.fixture
def battery(hass: HomeAssistant, account: ConfigEntry) -> dr.DeviceEntry:
    """Return the battery that can do everything."""
    return battery_of(hass)


def amps_id(device: dr.DeviceEntry) -> str:
    """Return the id that Amps knows a device by."""
    ((_, device_id),) = device.identifiers
    return device_id


async def charge(hass: HomeAssistant, *batteries: dr.DeviceEntry, context: Context | None = None) -> list[str]:
    """Charge batteries at 2 kW and return the ids of the actions."""
    data = {"device_id": [battery.id for battery in batteries], "power": 2}
    answer = await hass.services.async_call(
        DOMAIN, "charge", data, blocking=True, return_response=True, context=context
    )
    assert isinstance(answer, dict)
    found: Any = answer["devices"]
    return [found[battery.id]["action"]["id"] for battery in batteries]


async def turn() -> None:
    """Let what is on its way over the network arrive, in no time."""
    for _ in range(200):
        await asyncio.sleep(0)


def shown(hass: HomeAssistant, battery: dr.DeviceEntry) -> dict[str, Any]:
    """Return the attributes of the event entity."""
    found = entity_id(hass, battery, "action", "event")
    assert found is not None
    state = hass.states.get(found)
    assert state is not None
    return {name: state.attributes[name] for name in ("event_type", "action_id", "command", "parameters", "reason")}


async def test_a_command_is_followed_to_its_end_and_its_effect_read(
    hass: HomeAssistant,
    service: Service,
    battery: dr.DeviceEntry,
    recorded: ActionEvents,
    pass_time: Advance,
    account: ConfigEntry,
) -> None:
    context = Context()
    (action_id,) = await charge(hass, battery, context=context)
    parameters = {"power": {"value": 2, "unit": "kw"}}
    event = {"action_id": action_id, "command": "charge", "parameters": parameters, "reason": None}
    assert state_of(hass, battery, "last_action") == "acknowledged"
    assert shown(hass, battery) == {"event_type": "acknowledged", **event}
    await pass_time(20 * SECOND)
    assert state_of(hass, battery, "last_action") == "completed"
    assert shown(hass, battery) == {"event_type": "completed", **event}
    await pass_time(10 * MINUTE)
    assert float(state_of(hass, battery, "power")) == pytest.approx(2, abs=0.1)

    # The budget: one push, at most four reads of the action, one of its effect, and no lists.
    assert counts(service) == {"push": 1, "action": 3, "device": 1}
    (effect,) = asked(service)["device"]
    assert (effect["query"], effect["pulled"]) == ({"expedite": "true"}, True)

    ids = {"device_id": battery.id, "entity_id": entity_id(hass, battery, "action", "event")}
    assert [each.data for each in recorded.events] == [
        {**ids, **event, "state": "acknowledged", "start": None, "end": None},
        {**ids, **event, "state": "completed", "start": None, "end": None},
    ]
    assert [each.context.id for each in recorded.events] == [context.id] * 2
    for key, domain in (("action", "event"), ("last_action", "sensor")):
        state = hass.states.get(entity_id(hass, battery, key, domain) or "")
        assert state is not None
        assert state.context.id == context.id, key


async def test_what_an_automation_does_is_traced_to_it(
    hass: HomeAssistant, battery: dr.DeviceEntry, recorded: ActionEvents, pass_time: Advance
) -> None:
    runs = ActionEvents.listen(hass)
    hass.bus.async_listen("automation_triggered", runs.events.append)
    action = {"action": "amps.charge", "data": {"device_id": battery.id}}
    automation = {"alias": "Cheap", "triggers": {"trigger": "event", "event_type": "cheap"}, "actions": [action]}
    assert await async_setup_component(hass, "automation", {"automation": automation})
    cheap = Context()
    hass.bus.async_fire("cheap", context=cheap)
    await hass.async_block_till_done()
    await pass_time(20 * SECOND)
    assert recorded.stages() == ["acknowledged", "completed"]
    (run,) = [event for event in runs.events if event.event_type == "automation_triggered"]
    assert {event.context.id for event in recorded.events} == {run.context.id}
    assert {event.context.parent_id for event in recorded.events} == {cheap.id}


async def test_a_failure_is_reported_with_its_reason(
    hass: HomeAssistant, service: Service, battery: dr.DeviceEntry, recorded: ActionEvents, pass_time: Advance
) -> None:
    service.control("POST", "faults", {"kind": "failed_action", "errorCode": "SCHEDULER_ACTIVE", "count": 1})
    await charge(hass, battery)
    await pass_time(5 * MINUTE)
    assert recorded.stages() == ["acknowledged", "failed"]
    assert [event.data["reason"] for event in recorded.events] == [None, "SCHEDULER_ACTIVE"]
    state = hass.states.get(entity_id(hass, battery, "last_action") or "")
    assert state is not None
    assert (state.state, state.attributes["command"], state.attributes["reason"]) == (
        "failed",
        "charge",
        "SCHEDULER_ACTIVE",
    )
    # A device that was not moved has no effect to read.
    assert counts(service) == {"push": 1, "action": 4}


async def test_a_failure_that_a_list_shows_has_its_reason_too(
    hass: HomeAssistant, service: Service, battery: dr.DeviceEntry, recorded: ActionEvents, pass_time: Advance
) -> None:
    service.control("POST", "faults", {"kind": "failed_action", "errorCode": "DEVICE_OFFLINE", "count": 1})
    push(service, amps_id(battery), "discharge")
    await pass_time(QUARTER)
    assert [(event.data["state"], event.data["reason"]) for event in recorded.events] == [("failed", "DEVICE_OFFLINE")]


async def test_a_reason_that_a_list_leaves_out_is_waited_for(
    hass: HomeAssistant,
    service: Service,
    account: ConfigEntry,
    battery: dr.DeviceEntry,
    recorded: ActionEvents,
    pass_time: Advance,
    poll_now: PollNow,
) -> None:
    service.control("POST", "faults", {"kind": "failed_action", "errorCode": "DEVICE_OFFLINE", "count": 1})
    error = {"kind": "error", "code": "INTERNAL_ERROR", "match": {"path": "/actions/*"}, "count": 4}
    service.control("POST", "faults", error)
    await charge(hass, battery)
    await pass_time(40 * SECOND)
    await poll_now(account)
    assert state_of(hass, battery, "last_action") == "failed"
    await pass_time(MINUTE)
    assert [(event.data["state"], event.data["reason"]) for event in recorded.events] == [
        ("acknowledged", None),
        ("failed", "DEVICE_OFFLINE"),
    ]


async def test_two_devices_are_followed_each_for_itself(
    hass: HomeAssistant, service: Service, battery: dr.DeviceEntry, recorded: ActionEvents, pass_time: Advance
) -> None:
    others = [device for device in devices(hass, having="level", without="range") if device.id != battery.id]
    other = next(
        device
        for device, reading in zip(others, await readings_of(hass, *others), strict=True)
        if "immediate" in reading["commands"].get("idle", {}).get("execution", ())
    )
    data = {"device_id": [battery.id, other.id]}
    service.control("POST", "faults", {"kind": "failed_action", "match": {"deviceId": amps_id(other)}, "count": 1})
    answer = await hass.services.async_call(DOMAIN, "idle", data, blocking=True, return_response=True)
    assert isinstance(answer, dict)
    await pass_time(5 * MINUTE)
    stages = {
        device.id: [event.data["state"] for event in recorded.events if event.data["device_id"] == device.id]
        for device in (battery, other)
    }
    assert stages == {battery.id: ["acknowledged", "completed"], other.id: ["acknowledged", "failed"]}
    assert counts(service) == {"push": 2, "action": 7, "device": 1}


async def test_what_somebody_else_commands_is_read_in_full_once(
    hass: HomeAssistant, service: Service, battery: dr.DeviceEntry, recorded: ActionEvents, pass_time: Advance
) -> None:
    action_id = push(service, amps_id(battery), "idle")
    await pass_time(QUARTER)
    assert recorded.stages() == ["completed"]
    assert (recorded.events[0].data["action_id"], recorded.events[0].data["command"]) == (action_id, "idle")
    assert (recorded.events[0].context.user_id, recorded.events[0].context.parent_id) == (None, None)
    assert [entry["path"] for entry in asked(service)["action"]] == [f"/actions/{action_id}"]
    await pass_time(QUARTER)
    assert len(asked(service)["action"]) == 1


async def test_a_scheduled_action_is_not_asked_after_before_its_start(
    hass: HomeAssistant, service: Service, battery: dr.DeviceEntry, recorded: ActionEvents, pass_time: Advance
) -> None:
    push(service, amps_id(battery), "charge", start="2h")
    await pass_time(QUARTER)
    assert recorded.stages() == ["scheduled"]
    assert len(asked(service)["action"]) == 1
    await pass_time(timedelta(hours=2) - QUARTER + 2 * SECOND)
    assert len(asked(service)["action"]) == 1
    await pass_time(2 * SECOND)
    assert recorded.stages() == ["scheduled", "acknowledged"]
    await pass_time(5 * MINUTE)
    assert recorded.stages() == ["scheduled", "acknowledged", "completed"]
    assert {event.context.id for event in recorded.events} == {recorded.events[0].context.id}
    assert len(asked(service)["action"]) <= 4


async def test_a_window_is_followed_to_its_end_without_asking_all_night(
    hass: HomeAssistant, service: Service, battery: dr.DeviceEntry, recorded: ActionEvents, pass_time: Advance
) -> None:
    # The plants of the home are in London, where it is 13:02.
    push(service, amps_id(battery), "charge", start="2026-06-14T14:00:00", end="2026-06-14T17:00:00")
    await pass_time(58 * MINUTE)
    service.control("DELETE", "requests")
    await pass_time(2 * MINUTE)
    assert recorded.stages() == ["scheduled", "acknowledged"]
    assert state_of(hass, battery, "status") == "charging"
    await pass_time(timedelta(hours=2, minutes=57))
    assert recorded.stages() == ["scheduled", "acknowledged"]
    assert len(asked(service)["action"]) == 4
    await pass_time(3 * MINUTE)
    assert recorded.stages() == ["scheduled", "acknowledged", "completed"]
    assert len(asked(service)["action"]) == 5
    assert state_of(hass, battery, "status") == "idle"


async def test_a_window_that_is_completed_as_it_opens_is_seen_to_close(
    hass: HomeAssistant, socket_enabled: None, recorded: ActionEvents, pass_time: Advance
) -> None:
    timing = Timing(windows_settle=True)
    simulator = create_simulator("showcase", seed="early", clock=HostClock(), timing=timing)
    async with serve(simulator) as url:
        service = Service(simulator, url)
        account = await add_account(hass, service)
        battery = battery_of(hass)
        push(service, amps_id(battery), "charge", start="2026-06-14T14:00:00", end="2026-06-14T14:40:00")
        await pass_time(timedelta(hours=1, minutes=2))
        assert recorded.stages() == ["scheduled", "acknowledged", "completed"]
        assert state_of(hass, battery, "status") == "charging"
        await pass_time(39 * MINUTE)
        assert state_of(hass, battery, "status") == "idle"
        await hass.config_entries.async_unload(account.entry_id)


async def test_cancelling_by_somebody_else_shows(
    hass: HomeAssistant, service: Service, battery: dr.DeviceEntry, recorded: ActionEvents, pass_time: Advance
) -> None:
    action_id = push(service, amps_id(battery), "charge", start="3h")
    await pass_time(QUARTER)
    ask(service, "POST", f"/actions/{action_id}/cancel")
    await pass_time(QUARTER)
    assert recorded.stages() == ["scheduled", "cancelled"]
    assert state_of(hass, battery, "last_action") == "cancelled"
    await pass_time(timedelta(hours=3))
    assert recorded.stages() == ["scheduled", "cancelled"]
    assert len(asked(service)["action"]) == 1


async def test_an_action_that_another_replaces_is_seen_to_be_cancelled(
    hass: HomeAssistant, service: Service, battery: dr.DeviceEntry, recorded: ActionEvents, pass_time: Advance
) -> None:
    first = push(service, amps_id(battery), "charge", start="3h")
    await pass_time(QUARTER)
    data = {"device_id": battery.id, "on_conflict": "cancel_and_replace"}
    await hass.services.async_call(DOMAIN, "idle", data, blocking=True)
    await pass_time(MINUTE)
    assert recorded.stages(first) == ["scheduled", "cancelled"]
    assert recorded.stages() == ["scheduled", "acknowledged", "cancelled", "completed"]
    assert state_of(hass, battery, "last_action") == "completed"


async def test_a_restart_loses_nothing_and_repeats_nothing(
    hass: HomeAssistant,
    service: Service,
    account: ConfigEntry,
    battery: dr.DeviceEntry,
    recorded: ActionEvents,
    pass_time: Advance,
) -> None:
    (action_id,) = await charge(hass, battery)
    await pass_time(4 * SECOND)
    assert await hass.config_entries.async_reload(account.entry_id)
    service.control("DELETE", "requests")
    await pass_time(10 * SECOND)
    assert recorded.stages() == ["acknowledged", "completed"]
    assert counts(service)["history"] == 1
    assert shown(hass, battery)["action_id"] == action_id

    await pass_time(QUARTER)
    assert await hass.config_entries.async_reload(account.entry_id)
    await pass_time(QUARTER)
    assert recorded.stages() == ["acknowledged", "completed"]
    assert shown(hass, battery)["event_type"] == "completed"
    assert state_of(hass, battery, "last_action") == "completed"
    # What the action was is known again, and so whether somebody overrode it.
    assert state_of(hass, battery, "overridden", "binary_sensor") == "off"
    service.control("POST", f"devices/{amps_id(battery)}/override", {"command": "discharge"})
    await pass_time(3 * QUARTER)
    assert state_of(hass, battery, "overridden", "binary_sensor") == "on"


async def test_history_that_cannot_be_read_at_the_start_is_read_later(
    hass: HomeAssistant,
    service: Service,
    account: ConfigEntry,
    battery: dr.DeviceEntry,
    recorded: ActionEvents,
    pass_time: Advance,
) -> None:
    push(service, amps_id(battery), "idle")
    await pass_time(MINUTE)
    fault = {"kind": "error", "code": "SERVICE_UNAVAILABLE", "match": {"path": "/actions"}, "count": 2}
    service.control("POST", "faults", fault)
    assert await hass.config_entries.async_reload(account.entry_id)
    service.control("DELETE", "requests")
    await pass_time(5 * MINUTE)
    assert [entry["status"] for entry in asked(service)["history"]] == [503, 503, 200]
    assert recorded.stages() == []
    assert "action" not in counts(service)


@pytest.mark.parametrize("kind", ["error", "invalid_json", "truncated"])
async def test_an_action_that_cannot_be_read_is_only_delayed(
    hass: HomeAssistant,
    service: Service,
    battery: dr.DeviceEntry,
    recorded: ActionEvents,
    pass_time: Advance,
    kind: str,
) -> None:
    fault: dict[str, object] = {"kind": kind, "match": {"path": "/actions/*"}, "count": 4}
    service.control("POST", "faults", fault | ({"code": "INTERNAL_ERROR"} if kind == "error" else {}))
    await charge(hass, battery)
    await pass_time(70 * SECOND)
    assert recorded.stages() == ["acknowledged"]
    await pass_time(20 * SECOND)
    assert recorded.stages() == ["acknowledged", "completed"]
    assert counts(service)["action"] == 5


async def test_an_action_that_is_gone_is_followed_no_more(
    hass: HomeAssistant, service: Service, battery: dr.DeviceEntry, recorded: ActionEvents, pass_time: Advance
) -> None:
    service.control("POST", "faults", {"kind": "error", "code": "NOT_FOUND", "match": {"path": "/actions/*"}})
    await charge(hass, battery)
    await pass_time(10 * MINUTE)
    assert counts(service)["action"] == 1
    # What lists show of it is reported all the same.
    await pass_time(QUARTER)
    assert recorded.stages() == ["acknowledged", "completed"]


async def test_a_time_to_wait_is_kept_while_following(
    hass: HomeAssistant, service: Service, battery: dr.DeviceEntry, recorded: ActionEvents, pass_time: Advance
) -> None:
    fault = {"kind": "error", "code": "RATE_LIMIT_EXCEEDED", "retryAfter": 100, "match": {"path": "/actions/*"}}
    service.control("POST", "faults", {**fault, "count": 1})
    await charge(hass, battery)
    await pass_time(3 * SECOND)
    before = sum(counts(service).values())
    await pass_time(99 * SECOND)
    assert sum(counts(service).values()) == before
    await pass_time(5 * SECOND)
    assert recorded.stages() == ["acknowledged", "completed"]


async def test_a_read_that_began_before_a_push_is_not_taken_for_its_effect(
    hass: HomeAssistant,
    service: Service,
    battery: dr.DeviceEntry,
    pass_time: Advance,
    freezer: FrozenDateTimeFactory,
) -> None:
    late = {"kind": "latency", "seconds": 20, "match": {"path": f"/battery/{amps_id(battery)}"}, "count": 1}
    service.control("POST", "faults", late)
    reading = asyncio.ensure_future(refresh(hass, battery))
    await turn()
    assert len(asked(service)["device"]) == 1
    await charge(hass, battery)
    for _ in range(21):
        freezer.tick(SECOND)
        async_fire_time_changed(hass)
        await turn()
    assert state_of(hass, battery, "last_action") == "completed"
    await reading
    assert float(state_of(hass, battery, "power")) != pytest.approx(2, abs=0.01)
    await pass_time(5 * MINUTE)
    assert float(state_of(hass, battery, "power")) == pytest.approx(2, abs=0.01)
    assert [entry["query"] for entry in asked(service)["device"]] == [{"expedite": "true"}] * 2


async def test_nothing_is_requested_or_reported_after_an_unload(
    hass: HomeAssistant,
    service: Service,
    account: ConfigEntry,
    battery: dr.DeviceEntry,
    recorded: ActionEvents,
    pass_time: Advance,
) -> None:
    await charge(hass, battery)
    assert await hass.config_entries.async_unload(account.entry_id)
    service.control("DELETE", "requests")
    await pass_time(timedelta(hours=1))
    assert counts(service) == {}
    assert recorded.stages() == ["acknowledged"]


async def test_the_sandbox_is_followed_likewise(
    hass: HomeAssistant, simulated_home: ConfigEntry, recorded: ActionEvents, pass_time: Advance
) -> None:
    battery = battery_of(hass)
    await charge(hass, battery)
    assert float(state_of(hass, battery, "power")) == 2
    await pass_time(2 * MINUTE)
    assert recorded.stages() == ["acknowledged", "completed"]
    assert shown(hass, battery)["event_type"] == "completed"
