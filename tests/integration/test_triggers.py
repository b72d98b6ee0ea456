"""Triggers in automations of the real engine: what they tell, to whom, and when they keep silent (design §7)."""

from datetime import datetime, timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import Context, CoreState, HomeAssistant
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
    floor_registry as fr,
    label_registry as lr,
)
from homeassistant.helpers.trigger import async_validate_trigger_config
from homeassistant.util import dt as dt_util
import pytest
import voluptuous as vol

from custom_components.amps.const import DOMAIN
from custom_components.amps.simulator import Request, Timing, create_simulator
from custom_components.amps.simulator.server import serve

from .accounts import add_live_account
from .actions import charge, push
from .automations import automate, target, trigger
from .commanding import Home, amps_id
from .conftest import HOUR, MINUTE, QUARTER, SECOND, Advance, battery_of, entity_id
from .restart import start, stop
from .service import HostClock, Service

LIVE = pytest.mark.parametrize("environment", ["live"])
BOTH = pytest.mark.parametrize("environment", ["sandbox", "live"])
WINDOW: dict[str, object] = {"start": "14:00", "end": "15:00"}
"""An hour from now, since noon in UTC is one o'clock at home."""
STARTS, ENDS = datetime.fromisoformat("2026-06-14T13:00:00Z"), datetime.fromisoformat("2026-06-14T14:00:00Z")
OF_COMMANDS = ("command_failed", "command_completed", "window_started", "window_ended")
ALL = (*OF_COMMANDS, "overridden", "data_stale")


@pytest.fixture
def skip(advance: Advance, pass_time: Advance) -> Advance:
    """Return what lets time pass at once, but for the last two minutes."""

    async def move(span: timedelta) -> None:
        await advance(span - 2 * MINUTE)
        await pass_time(2 * MINUTE)

    return move


def all_of(device: dr.DeviceEntry) -> list[dict[str, Any]]:
    """Return all triggers of a device."""
    return [trigger(name, target(device)) for name in ALL]


@LIVE
async def test_a_command_that_fails_is_told_with_its_reason_and_who_asked_for_it(
    hass: HomeAssistant, home: Home, pass_time: Advance
) -> None:
    runs = await automate(hass, *all_of(home.battery))
    home.service.control("POST", "faults", {"kind": "failed_action", "errorCode": "SCHEDULER_ACTIVE", "count": 1})
    context = Context()
    (action_id,) = await charge(hass, home.battery, context=context)
    await pass_time(2 * MINUTE)
    (run,) = runs.runs
    assert run.trigger == {
        "id": "command_failed",
        "device_id": home.battery.id,
        "entity_id": entity_id(hass, home.battery, "action", "event"),
        "action_id": action_id,
        "command": "charge",
        "parameters": {"power": {"value": 2, "unit": "kw"}},
        "state": "failed",
        "reason": "SCHEDULER_ACTIVE",
        "description": f"{home.battery.name}: Charging at 2 kW failed",
    }
    assert run.parent_id == context.id


@BOTH
async def test_a_command_that_is_completed_is_told_once(hass: HomeAssistant, home: Home, pass_time: Advance) -> None:
    runs = await automate(
        hass,
        trigger("command_completed", target(home.battery), command=["idle", "auto.balanced"]),
        trigger("command_completed", target(home.thermostat)),
        trigger("command_failed", target(home.battery)),
    )
    await home.call("charge", home.battery)
    await pass_time(5 * MINUTE)
    assert runs.runs == []
    await home.call("set_mode", home.battery, mode="auto_balanced")
    await pass_time(5 * MINUTE)
    assert [(run.trigger["command"], run.trigger["state"]) for run in runs.runs] == [("auto_balanced", "completed")]


@BOTH
async def test_a_window_is_told_as_it_starts_and_as_it_ends(hass: HomeAssistant, home: Home, skip: Advance) -> None:
    runs = await automate(hass, *(trigger(name, target(home.battery)) for name in OF_COMMANDS))
    context = home.context = Context()
    await home.call("charge", home.battery, target_level=90, **WINDOW)
    for _ in range(2):
        await skip(HOUR + MINUTE)
    started, ended = (run for run in runs.runs if run.trigger["id"].startswith("window"))
    assert (started.trigger["id"], ended.trigger["id"]) == ("window_started", "window_ended")
    # A command is on its way for a few seconds before Amps says so; the end needs no word of Amps.
    assert timedelta(0) <= started.at - STARTS <= 5 * SECOND
    assert timedelta(0) <= ended.at - ENDS <= SECOND
    assert started.trigger["state"] == "acknowledged"
    assert started.trigger["description"] == f"{home.battery.name}: Charging to 90 % has begun"
    assert {started.parent_id, ended.parent_id} == {context.id}
    assert [each for each in runs.ids() if not each.startswith("window")] == ["command_completed"]


async def test_a_window_that_is_completed_as_it_opens_is_told_as_it_ends(
    hass: HomeAssistant, socket_enabled: None, pass_time: Advance
) -> None:
    """Nothing that is asked of Amps would show its end, and here nothing is asked at all."""
    simulator = create_simulator("showcase", seed="early", clock=HostClock(), timing=Timing(windows_settle=True))
    async with serve(simulator) as url:
        account = await add_live_account(hass, url)
        battery = battery_of(hass)
        runs = await automate(hass, *(trigger(name, target(battery)) for name in OF_COMMANDS))
        push(
            Service(simulator, url), amps_id(battery), "charge", start="2026-06-14T14:00:00", end="2026-06-14T14:40:00"
        )
        await pass_time(HOUR + 5 * MINUTE)
        hass.config_entries.async_update_entry(account, pref_disable_polling=True)
        assert await hass.config_entries.async_reload(account.entry_id)
        await pass_time(36 * MINUTE)
        await hass.config_entries.async_unload(account.entry_id)
    assert sorted(runs.ids()) == ["command_completed", "window_ended", "window_started"]
    (ended,) = (run for run in runs.runs if run.trigger["id"] == "window_ended")
    assert timedelta(0) <= ended.at - (STARTS + 40 * MINUTE) <= SECOND


@pytest.mark.parametrize("how", ["cancelled", "failed", "replaced"])
async def test_a_window_that_comes_to_nothing_neither_starts_nor_ends(
    hass: HomeAssistant, home: Home, skip: Advance, how: str
) -> None:
    runs = await automate(hass, *(trigger(each, target(home.battery)) for each in ("window_started", "window_ended")))
    if how == "failed":
        home.service.control("POST", "faults", {"kind": "failed_action", "errorCode": "TIMEOUT", "count": 1})
    await home.call("charge", home.battery, **WINDOW)
    if how == "cancelled":
        await home.call("cancel_action", home.battery)
    if how == "replaced":
        await home.call("idle", home.battery, on_conflict="cancel_and_replace")
    for _ in range(2):
        await skip(HOUR + MINUTE)
    # Of one that fails Amps says first that it was dispatched.
    assert runs.ids() == (["window_started"] if how == "failed" else [])


async def test_what_started_while_home_assistant_was_down_is_not_told_but_its_end_is(
    hass: HomeAssistant, home: Home, freezer: FrozenDateTimeFactory, pass_time: Advance
) -> None:
    runs = await automate(hass, *all_of(home.battery))
    context = home.context = Context()
    await home.call("charge", home.battery, **WINDOW)
    await stop(hass, home)
    freezer.move_to(STARTS + QUARTER)
    await start(hass, home)
    await pass_time(MINUTE)
    assert runs.ids() == []
    await stop(hass, home)
    freezer.move_to(ENDS + QUARTER)
    await start(hass, home)
    await pass_time(MINUTE)
    assert sorted(runs.ids()) == ["command_completed", "window_ended"]
    assert {run.parent_id for run in runs.runs} == {context.id}
    await stop(hass, home)
    await start(hass, home)
    await pass_time(MINUTE)
    assert len(runs.runs) == 2


@LIVE
async def test_a_window_is_told_though_it_opens_at_an_hour_that_the_service_was_wrong_about(
    hass: HomeAssistant, home: Home, pass_time: Advance
) -> None:

    def rewrite(_: Request, answer: dict[str, Any]) -> None:
        answer["meta"]["timestamp"] = (dt_util.utcnow() + HOUR).isoformat()

    home.between.rewrite = rewrite
    assert await hass.config_entries.async_reload(home.account.entry_id)
    await pass_time(MINUTE)
    home.between.rewrite = lambda _request, _answer: None
    await pass_time(31 * MINUTE)
    runs = await automate(hass, trigger("window_started", target(home.battery)))
    home.push(home.battery, "charge", start="2026-06-14T13:36:00", end="2026-06-14T14:30:00")
    await pass_time(QUARTER)
    assert runs.ids() == ["window_started"]


async def test_a_window_nobody_followed_is_not_told(
    hass: HomeAssistant, home: Home, freezer: FrozenDateTimeFactory, pass_time: Advance
) -> None:
    runs = await automate(hass, *all_of(home.battery))
    await stop(hass, home)
    home.push(home.battery, "charge", start="2026-06-14T14:00:00", end="2026-06-14T15:00:00")
    freezer.move_to(ENDS + MINUTE)
    await start(hass, home)
    await pass_time(MINUTE)
    assert runs.runs == []


async def test_automations_are_told_of_what_ended_before_they_were_armed(
    hass: HomeAssistant, home: Home, freezer: FrozenDateTimeFactory, pass_time: Advance
) -> None:
    """At a start of Home Assistant accounts are loaded first, and automations are armed at its end."""
    await home.call("charge", home.battery, **WINDOW)
    await stop(hass, home)
    freezer.move_to(ENDS + MINUTE)
    hass.set_state(CoreState.not_running)
    runs = await automate(hass, *all_of(home.battery))
    await start(hass, home)
    assert (runs.runs, home.reasons()) == ([], [("charge", "scheduled", None)])
    await hass.async_start()
    await hass.async_block_till_done(wait_background_tasks=True)
    assert sorted(runs.ids()) == ["command_completed", "window_ended"]


def account_calendar(hass: HomeAssistant, home: Home) -> str:
    """Return an entity that is of no device."""
    found = er.async_get(hass).async_get_entity_id("calendar", DOMAIN, f"{home.account.entry_id}_schedule")
    assert found
    return found


async def test_a_device_is_reached_by_all_that_it_belongs_to(
    hass: HomeAssistant, home: Home, pass_time: Advance
) -> None:
    floor = fr.async_get(hass).async_create("Ground floor")
    garage = ar.async_get(hass).async_create("Garage", floor_id=floor.floor_id)
    attic = ar.async_get(hass).async_create("Attic")
    label = lr.async_get(hass).async_create("Storage")
    targets: dict[str, dict[str, Any]] = {
        "device": target(home.battery),
        "entity": {"entity_id": entity_id(hass, home.battery, "level")},
        "area": {"area_id": garage.id},
        "floor": {"floor_id": floor.floor_id},
        "label": {"label_id": label.label_id},
        "elsewhere": {"area_id": attic.id},
        "nothing": {"device_id": "nothing"},
        "account": {"entity_id": account_calendar(hass, home)},
    }
    runs = await automate(hass, *(trigger("command_completed", each) | {"id": name} for name, each in targets.items()))
    # Where a device belongs is looked up when something happens to it, not when the automation is set up.
    dr.async_get(hass).async_update_device(home.battery.id, area_id=garage.id, labels={label.label_id})
    await home.call("charge", home.battery)
    await pass_time(5 * MINUTE)
    assert sorted(runs.ids()) == ["area", "device", "entity", "floor", "label"]
    runs.clear()
    dr.async_get(hass).async_update_device(home.battery.id, area_id=attic.id, labels=set())
    await home.call("idle", home.battery)
    await pass_time(5 * MINUTE)
    assert sorted(runs.ids()) == ["device", "elsewhere", "entity"]


async def test_an_automation_that_is_there_before_the_account_is_told(
    hass: HomeAssistant, home: Home, pass_time: Advance
) -> None:
    await stop(hass, home)
    runs = await automate(hass, trigger("command_completed", target(home.battery)))
    await start(hass, home)
    for times in (1, 2):
        await home.call("charge", home.battery)
        await pass_time(5 * MINUTE)
        assert len(runs.runs) == times
        assert await hass.config_entries.async_reload(home.account.entry_id)
    await hass.services.async_call("automation", "turn_off", {"entity_id": "all"}, blocking=True)
    await home.call("charge", home.battery)
    await pass_time(5 * MINUTE)
    assert len(runs.runs) == 2


async def test_a_disabled_device_is_not_told_of(hass: HomeAssistant, home: Home, pass_time: Advance) -> None:
    runs = await automate(hass, *all_of(home.battery))
    await home.call("charge", home.battery)
    dr.async_get(hass).async_update_device(home.battery.id, disabled_by=dr.DeviceEntryDisabler.USER)
    await pass_time(10 * MINUTE)
    assert runs.runs == []


@pytest.mark.parametrize("name", ALL)
async def test_a_trigger_needs_a_target(hass: HomeAssistant, name: str) -> None:
    for wrong in ({}, {"target": {"device_id": "one"}, "options": {"colour": "red"}}):
        with pytest.raises(vol.Invalid):
            await async_validate_trigger_config(hass, [{"platform": f"amps.{name}", **wrong}])
