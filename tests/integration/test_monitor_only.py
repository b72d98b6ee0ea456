"""Monitor-only mode: whatever is tried, nothing but reads is sent (design §6)."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceNotSupported, ServiceValidationError
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.util.async_ import create_eager_task
import pytest
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.amps.account.action_texts import outcome_text
from custom_components.amps.api.models import Quantity
from custom_components.amps.const import DOMAIN
from custom_components.amps.control.cancel import async_cancel_action, async_cancel_scheduled
from custom_components.amps.control.targets import Target
from custom_components.amps.rules.request_limits import AmpsMonitorOnlyError

from .accounts import add_account as add_sandbox_account, add_live_account
from .actions import asked, push
from .assistant import Assistant
from .changes import ACTIONS as ALL_ACTIONS, KEPT_HERE, by_actions, by_controls, enable_all, refuse_all
from .commanding import Home
from .conftest import HOUR, MINUTE, SECOND, Advance, battery_of, devices, entity_id, patiently, turn
from .live import amps_id
from .repairs import Repairs
from .scheduler import activate_scheduler
from .service import Service
from .test_calendar import calendar_of

WINDOW = {"start": "2026-06-14T20:00:00", "end": "2026-06-14T21:00:00"}
ACTIONS: Mapping[str, dict[str, Any]] = {
    "charge": {},
    "discharge": {},
    "idle": {},
    "set_mode": {"mode": "auto_balanced"},
    "send_command": {"command": "charge"},
    "apply_settings": {"settings": {"charge_ceiling": 90}},
}
OTHER_ACTIONS: Mapping[str, dict[str, Any]] = {
    "set_temperature": {"mode": "heat", "temperature": 21},
    "cancel_action": {},
}
"""Those that have nothing to do for a battery as it is."""


@pytest.fixture(params=["sandbox", "live"])
async def account(request: pytest.FixtureRequest, hass: HomeAssistant, service: Service) -> ConfigEntry:
    """Return an account that may be controlled."""
    if request.param == "sandbox":
        return await add_sandbox_account(hass, service.url)
    return await add_live_account(hass, service.url)


async def monitor_only(hass: HomeAssistant, account: ConfigEntry, *, on: bool) -> None:
    """Switch the mode as a person does in the options, which reloads the account."""
    form = await hass.config_entries.options.async_init(account.entry_id)
    await hass.config_entries.options.async_configure(form["flow_id"], {"monitor_only": on})
    await hass.async_block_till_done(wait_background_tasks=True)


def target_of(account: ConfigEntry, device: dr.DeviceEntry) -> Target:
    """Return a device as a target."""
    coordinator = account.runtime_data.coordinator
    return Target(coordinator=coordinator, device_id=amps_id(device), name="Home battery", named=True)


@pytest.mark.parametrize("action", ACTIONS)
async def test_no_action_sends_anything(
    hass: HomeAssistant, service: Service, account: ConfigEntry, action: str, pass_time: Advance
) -> None:
    battery = battery_of(hass)
    await monitor_only(hass, account, on=True)
    service.control("DELETE", "requests")
    with pytest.raises(HomeAssistantError) as raised:
        await hass.services.async_call(DOMAIN, action, {"device_id": battery.id, **ACTIONS[action]}, blocking=True)
    assert raised.value.translation_key == "monitor_only"
    assert account.title in str(raised.value)
    assert not asked(service)["push"]

    await monitor_only(hass, account, on=False)
    service.control("DELETE", "requests")
    data = {"device_id": battery.id, **ACTIONS[action]}
    await patiently(hass.services.async_call(DOMAIN, action, data, blocking=True), pass_time)
    assert len(asked(service)["push"]) == 1


@pytest.mark.parametrize("action", OTHER_ACTIONS)
async def test_no_other_action_sends_anything(
    hass: HomeAssistant, service: Service, account: ConfigEntry, action: str
) -> None:
    data = {"device_id": battery_of(hass).id, **OTHER_ACTIONS[action]}
    await monitor_only(hass, account, on=True)
    with pytest.raises(ServiceValidationError) as raised:
        await hass.services.async_call(DOMAIN, action, data, blocking=True)
    assert raised.value.translation_key == "monitor_only"
    assert not asked(service)["push"]


async def test_nothing_is_cancelled(
    hass: HomeAssistant, service: Service, account: ConfigEntry, pass_time: Advance
) -> None:
    battery = battery_of(hass)
    action_id = push(service, amps_id(battery), "charge", **WINDOW)
    await monitor_only(hass, account, on=True)
    await pass_time(timedelta(minutes=15))
    service.control("DELETE", "requests")
    target = target_of(account, battery)
    for attempt in (async_cancel_scheduled(target), async_cancel_action(target, action_id)):
        with pytest.raises(ServiceValidationError) as raised:
            await attempt
        assert raised.value.translation_placeholders == {"device": "Home battery", "account": account.title}
        assert raised.value.translation_key == "monitor_only"
    assert not asked(service)["push"]
    calendar = calendar_of(hass, account)
    assert "supported_features" not in calendar.attributes
    assert "message" in calendar.attributes


async def test_what_passes_all_checks_is_stopped_at_the_gate_and_is_no_failure(
    hass: HomeAssistant, service: Service, account: ConfigEntry
) -> None:
    state = account.runtime_data.coordinator.state
    device = state.devices[amps_id(battery_of(hass))].device
    await monitor_only(hass, account, on=True)
    service.control("DELETE", "requests")
    state = account.runtime_data.coordinator.state
    counted = state.limits.requests_last_hour
    with pytest.raises(AmpsMonitorOnlyError):
        await state.client_for("test").write_settings(device, {"charge_ceiling": Quantity(value=90, unit="percent")})
    assert service.control("GET", "requests")["items"] == []
    assert (state.limits.verified, state.limits.requests_last_hour) == (True, counted)


async def test_controls_leave_the_registry_and_come_back_as_they_were(hass: HomeAssistant, service: Service) -> None:
    account = await add_live_account(hass, service.url)
    battery, registry = battery_of(hass), er.async_get(hass)
    control = entity_id(hass, battery, "charge", "button")
    assert control
    registry.async_update_entity(control, new_entity_id="button.mine", name="Mine")
    before = set(registry.entities)

    await monitor_only(hass, account, on=True)
    gone = {each.split(".")[0] for each in before - set(registry.entities)}
    left = [each for each in registry.entities.values() if each.domain in {"button", "number", "select", "switch"}]
    assert gone == {"button", "number", "select", "switch"}
    assert {each.translation_key for each in left} == {"refresh", "expedited_updates"}
    assert hass.states.get("button.mine") is None

    await monitor_only(hass, account, on=False)
    assert set(registry.entities) == before
    entry = registry.async_get("button.mine")
    assert entry
    assert (entry.name, entity_id(hass, battery, "charge", "button")) == ("Mine", "button.mine")
    assert hass.states.get("button.mine")


async def test_a_thermostat_is_shown_and_cannot_be_turned(hass: HomeAssistant, service: Service) -> None:
    account = await add_live_account(hass, service.url)
    thermostat = devices(hass, having="thermostat", domain="climate")[0]
    shown = str(entity_id(hass, thermostat, "thermostat", "climate"))
    before = hass.states.get(shown)
    await monitor_only(hass, account, on=True)
    after = hass.states.get(shown)
    assert before
    assert after
    assert before.attributes["supported_features"] > 0
    assert after.attributes["supported_features"] == 0
    assert after.state == before.state
    assert after.attributes["current_temperature"] == before.attributes["current_temperature"]
    with pytest.raises(ServiceNotSupported):
        await hass.services.async_call("climate", "turn_off", {"entity_id": shown}, blocking=True)


async def test_what_only_reads_stays(hass: HomeAssistant, service: Service, pass_time: Advance) -> None:
    account = await add_live_account(hass, service.url)
    battery = battery_of(hass)
    await monitor_only(hass, account, on=True)
    await pass_time(timedelta(minutes=2))
    service.control("DELETE", "requests")
    for domain, key, action in (("button", "refresh", "press"), ("switch", "expedited_updates", "turn_on")):
        data = {"entity_id": entity_id(hass, battery, key, domain)}
        await hass.services.async_call(domain, action, data, blocking=True)
    assert [entry["path"] for entry in asked(service)["device"]] == [f"/battery/{amps_id(battery)}"]


# Whatever is tried, and whenever it began.

both = pytest.mark.parametrize("environment", ["sandbox", "live"])
TOOLS: Mapping[str, dict[str, Any]] = {
    "cancel_scheduled": {},
    "charge": {},
    "discharge": {},
    "idle": {},
    "set_mode": {"mode": "auto_balanced"},
}


@both
async def test_whatever_is_tried_nothing_is_sent(
    hass: HomeAssistant, home: Home, assistant: Assistant, hass_ws_client: WebSocketGenerator, pass_time: Advance
) -> None:
    """Each control by the id that it had, each action, each tool, and deleting in the calendar."""
    await enable_all(home, pass_time)
    assistant.expose(home.battery)
    api, client = await assistant.api(), await hass_ws_client()
    for device in (each for each in home.devices if entity_id(hass, each, "cancel_scheduled", "button")):
        await home.call("idle", device, start="20:00")
    action_id = home.actions(home.battery)[0]["id"]
    calendar = calendar_of(hass, home.account).entity_id

    async def delete_in_calendar() -> None:
        await client.send_json_auto_id({"type": "calendar/event/delete", "entity_id": calendar, "uid": action_id})
        assert not (await client.receive_json())["success"]

    def ways() -> Iterator[tuple[str, Callable[[], Awaitable[object]]]]:
        """Yield everything that can be tried, with the control or action that it is for."""
        targets = [{"device_id": device.id} for device in home.devices]
        changes = [change for device in home.devices for change in by_controls(hass, device)]
        changes += [change for target in ({"entity_id": "all"}, *targets) for change in by_actions(target)]
        yield from ((change.what, partial(change.call, hass)) for change in changes)
        by_id = {"action_id": action_id}
        yield "an action", lambda: hass.services.async_call(DOMAIN, "cancel_action", by_id, blocking=True)
        yield from ((f"tool {tool}", partial(assistant.use, tool, api, **args)) for tool, args in TOOLS.items())
        yield "calendar", delete_in_calendar

    tried = list(ways())

    async def try_all() -> Counter[str]:
        """Try everything, and return how much was sent for what."""
        sent = Counter(dict.fromkeys((what for what, _ in tried), 0))
        for what, attempt in tried:
            home.forget()
            with suppress(HomeAssistantError):
                await attempt()
            sent[what] += home.posts
        return sent

    refuse_all(home.between)
    sent = await try_all()
    assert {what for what, count in sent.items() if not count} == {f"number.{key}" for key in KEPT_HERE}
    assert {what.partition(".")[0] for what in sent} >= {"button", "climate", "number", "select", "switch"}

    await monitor_only(hass, home.account, on=True)
    assert +(await try_all()) == Counter()


@both
async def test_what_was_to_follow_a_window_is_not_sent_and_that_is_told(
    hass: HomeAssistant, home: Home, advance: Advance, pass_time: Advance
) -> None:
    device, context = home.thermostat, Context()
    home.context = context
    window = {"mode": "heat", "temperature": 23, "start": "14:00", "end": "15:00"}
    await home.call("set_temperature", device, then="follow_schedule", **window)
    (action,) = home.actions(device)
    await monitor_only(hass, home.account, on=True)
    home.forget()
    await advance(2 * HOUR - MINUTE)
    assert not [reason for _, _, reason in home.reasons() if reason]
    await pass_time(3 * MINUTE)
    (event,) = [event for event in home.events.events if event.data["reason"]]
    assert (event.data["state"], event.data["reason"]) == ("failed", "monitor_only")
    assert (event.data["command"], event.data["device_id"]) == ("follow_schedule", device.id)
    assert (event.data["action_id"], event.context.id) == (action["id"], context.id)
    assert "failed: the account is in monitor-only mode" in outcome_text(hass, event.data)
    shown = hass.states.get(str(entity_id(hass, device, "action", "event")))
    assert shown
    assert (shown.attributes["event_type"], shown.attributes["reason"]) == ("failed", "monitor_only")

    await monitor_only(hass, home.account, on=False)
    await pass_time(5 * MINUTE)
    assert home.posts == 0
    assert len([reason for _, _, reason in home.reasons() if reason]) == 1


@both
async def test_what_amps_was_to_do_after_a_cancelled_window_is_cancelled_once_that_may_be_sent(
    hass: HomeAssistant, home: Home, advance: Advance, pass_time: Advance
) -> None:
    await home.call("charge", home.battery, start="14:00", end="15:00", then="auto_balanced")
    queued, window = home.actions(home.battery)
    await monitor_only(hass, home.account, on=True)
    home.forget()
    home.cancel(window["id"])
    await advance(HOUR)
    await pass_time(5 * MINUTE)
    assert [each["state"] for each in home.actions(home.battery)] == ["scheduled", "cancelled"]
    assert home.posts == 0
    await monitor_only(hass, home.account, on=False)
    await pass_time(2 * MINUTE)
    assert [each["state"] for each in home.actions(home.battery)] == ["cancelled", "cancelled"]
    assert [request.path for request in home.between.requests if request.method == "POST"] == [
        f"/actions/{queued['id']}/cancel"
    ]


@both
async def test_a_repair_that_was_opened_before_sends_nothing(
    hass: HomeAssistant, home: Home, repairs: Repairs, pass_time: Advance
) -> None:
    activate_scheduler(home.service, home.battery)
    await home.call("charge", home.battery, power=2)
    await pass_time(5 * MINUTE)
    form = await repairs.fix("scheduler_active")
    await monitor_only(hass, home.account, on=True)
    home.forget()
    answer = await repairs.submit(form)
    assert (answer["type"], answer["errors"]) == ("form", {"base": "command_not_sent"})
    assert "monitor-only mode" in answer["description_placeholders"]["error"]
    assert home.posts == 0


@both
async def test_what_waits_for_its_turn_is_not_sent_any_more(
    hass: HomeAssistant, home: Home, pass_unfinished: Advance
) -> None:
    """A window is in flight when the mode begins, behind it wait all kinds of changes, and more is to follow it."""
    slow = {"kind": "latency", "seconds": 5, "match": {"method": "POST"}}
    home.service.control("POST", "faults", slow)
    home.forget()
    window = {"start": "14:00", "end": "15:00", "then": "auto_balanced"}
    in_flight = create_eager_task(home.call("charge", home.battery, **window))
    await turn()
    waiting = [
        create_eager_task(change.call(hass))
        for change in by_actions({"device_id": home.battery.id}, *(ALL_ACTIONS.keys() - {"set_temperature"}))
    ]
    await turn()
    assert home.posts == 1
    await monitor_only(hass, home.account, on=True)
    assert not any(each.done() for each in waiting)
    await pass_unfinished(10 * SECOND)
    assert (await in_flight)["ok"]
    assert all(each.done() for each in waiting)
    for err in await asyncio.gather(*waiting, return_exceptions=True):
        assert isinstance(err, ServiceValidationError)
        assert err.translation_key == "monitor_only"
    assert home.posts == 1
