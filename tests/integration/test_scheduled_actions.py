"""Actions with a start or a window, and those of somebody else: what is asked of them, and when (design §4, §5)."""

from datetime import timedelta

from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr

from custom_components.amps.const import DOMAIN
from custom_components.amps.simulator import Timing, create_simulator
from custom_components.amps.simulator.server import serve

from .accounts import add_live_account
from .actions import ActionEvents, ask, asked, push
from .conftest import MINUTE, QUARTER, SECOND, Advance, battery_of, state_of
from .live import amps_id
from .service import HostClock, Service


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
        account = await add_live_account(hass, service.url)
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
