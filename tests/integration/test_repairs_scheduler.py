"""A device that its own scheduler keeps from commands: the repair that replaces that schedule when the user agrees."""

from datetime import datetime, timedelta
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
import pytest

from custom_components.amps.const import DOMAIN

from .accounts import KEY, LIVE_KEY, add_account, add_live_account
from .actions import ActionEvents, ask, asked
from .conftest import HOUR, MINUTE, NOON, QUARTER, Advance, battery_of
from .interception import error, intercept
from .repairs import Repairs
from .scheduler import actions, activate_scheduler, push, wall
from .service import Service

SEEN = timedelta(minutes=18)
"""Until a live account sees in its lists what somebody else has commanded, and what became of that."""
ACTIVE, ELSEWHERE = "scheduler_active", "scheduler_active_elsewhere"

both = pytest.mark.parametrize("key", [KEY, LIVE_KEY], ids=["sandbox", "live"])
"""For tests in both environments."""


@pytest.fixture
def key() -> str:
    """Return the key of the account, which selects the behaviour of the service."""
    return LIVE_KEY


@pytest.fixture
async def account(hass: HomeAssistant, service: Service, key: str, pass_time: Advance) -> ConfigEntry:
    """Return an account in the zone of its plants, with nothing left to do at the moment."""
    await hass.config.async_set_time_zone("Europe/London")
    add = add_account if key == KEY else add_live_account
    entry = await add(hass, service.url, key)
    await pass_time(2 * MINUTE)
    return entry


@pytest.fixture
def battery(hass: HomeAssistant, account: ConfigEntry) -> dr.DeviceEntry:
    """Return the battery that can do everything, as its owner calls it."""
    found = dr.async_get(hass).async_update_device(battery_of(hass).id, name_by_user="Home *battery*")
    assert isinstance(found, dr.DeviceEntry)
    return found


@both
async def test_the_schedule_is_deleted_and_the_command_sent_again(
    hass: HomeAssistant,
    service: Service,
    key: str,
    battery: dr.DeviceEntry,
    repairs: Repairs,
    recorded: ActionEvents,
    pass_time: Advance,
) -> None:
    activate_scheduler(service, battery)
    data = {"device_id": battery.id, "target_level": 90, "power": 2}
    await hass.services.async_call(DOMAIN, "charge", data, blocking=True)
    await pass_time(5 * MINUTE)
    assert await repairs.said(ACTIVE) == {"device": "Home *battery*"}
    service.control("DELETE", "requests")
    form = await repairs.fix(ACTIVE)
    assert form["step_id"] == "confirm"
    said = form["description_placeholders"]
    assert said["device_markdown"] == r"Home \*battery\*"
    assert said["plan_markdown"] == r"charge to 90 \% at 2 kW\, at once"
    assert not asked(service)["push"]

    assert (await repairs.submit(form))["type"] == "create_entry"
    assert await repairs.all() == {}
    assert len(asked(service)["push"]) == 1
    await pass_time(5 * MINUTE)
    again, failed = actions(service, key)
    assert (failed["state"], failed["errorCode"]) == ("failed", "SCHEDULER_ACTIVE")
    assert again["state"] == "completed"
    assert (again["command"], again["parameters"]) == (failed["command"], failed["parameters"])
    assert await repairs.all() == {}
    # Whose command it was can be told.
    first, second = (
        next(event for event in recorded.events if event.data["action_id"] == each["id"]) for each in (failed, again)
    )
    assert second.context.parent_id == first.context.id
    # From now on it takes commands.
    await hass.services.async_call(DOMAIN, "idle", {"device_id": battery.id}, blocking=True)
    await pass_time(5 * MINUTE)
    assert actions(service, key)[0]["state"] == "completed"


@both
async def test_a_window_is_sent_for_what_is_left_of_it(
    service: Service, key: str, battery: dr.DeviceEntry, repairs: Repairs, advance: Advance, pass_time: Advance
) -> None:
    activate_scheduler(service, battery)
    window = {"start": wall(NOON + QUARTER), "end": wall(NOON + 2 * HOUR)}
    push(service, key, battery, "charge", parameters={"power": {"value": 3, "unit": "kw"}}, **window)
    await pass_time(30 * MINUTE)
    form = await repairs.fix(ACTIVE)
    assert form["description_placeholders"]["plan_markdown"].startswith(r"charge at 3 kW\, from now to ")
    assert (await repairs.submit(form))["type"] == "create_entry"
    again, failed = actions(service, key)
    assert again["parameters"] == failed["parameters"]
    assert again["end"] == failed["end"]
    assert NOON + 30 * MINUTE < datetime.fromisoformat(again["start"]) < NOON + 36 * MINUTE
    await advance(2 * HOUR)
    await pass_time(SEEN)
    assert actions(service, key)[0]["state"] == "completed"
    assert await repairs.all() == {}


@pytest.mark.parametrize(
    ("times", "plan"),
    [
        ({"start": NOON + 5 * HOUR}, r"charge\, from 2026\-06\-14 18\:00"),
        (
            {"start": NOON + 5 * HOUR, "end": NOON + 6 * HOUR},
            r"charge\, from 2026\-06\-14 18\:00 to 19\:00",
        ),
    ],
    ids=["scheduled", "windowed"],
)
async def test_a_command_that_failed_before_its_time_is_sent_for_that(
    service: Service,
    key: str,
    battery: dr.DeviceEntry,
    repairs: Repairs,
    pass_time: Advance,
    times: dict[str, datetime],
    plan: str,
) -> None:
    between = intercept(service)

    def fail_early(_request: object, body: dict[str, Any]) -> None:
        data = body.get("data") or {}
        for action in data.get("items", [data]):
            if action.get("errorCode") == "SCHEDULER_ACTIVE":
                action.update({name: time.isoformat() for name, time in times.items()})

    between.rewrite = fail_early
    activate_scheduler(service, battery)
    push(service, key, battery, "charge")
    await pass_time(SEEN)
    form = await repairs.fix(ACTIVE)
    assert form["description_placeholders"]["plan_markdown"] == plan
    assert (await repairs.submit(form))["type"] == "create_entry"
    again, _failed = actions(service, key)
    sent = {name: again.get(name) for name in ("start", "end")}
    assert {name: datetime.fromisoformat(text) for name, text in sent.items() if text} == times


async def test_a_window_that_is_over_is_not_sent(
    service: Service, key: str, battery: dr.DeviceEntry, repairs: Repairs, pass_time: Advance
) -> None:
    activate_scheduler(service, battery)
    push(service, key, battery, "charge", start=wall(NOON + QUARTER), end=wall(NOON + HOUR))
    await pass_time(30 * MINUTE)
    form = await repairs.fix(ACTIVE)
    await pass_time(HOUR)
    service.control("DELETE", "requests")
    ended = await repairs.submit(form)
    assert (ended["type"], ended["reason"]) == ("abort", "window_over")
    assert not asked(service)["push"]
    assert (await repairs.fix(ACTIVE))["reason"] == "window_over"


@both
async def test_an_error_is_shown_and_the_command_tried_again(
    service: Service, key: str, battery: dr.DeviceEntry, repairs: Repairs, pass_time: Advance
) -> None:
    activate_scheduler(service, battery)
    push(service, key, battery, "discharge")
    await pass_time(SEEN)
    between = intercept(service)
    between.answer = lambda request: error("UNSUPPORTED_MODE", 422) if request.method == "POST" else None
    form = await repairs.fix(ACTIVE)
    again = await repairs.submit(form)
    assert (again["type"], again["errors"]) == ("form", {"base": "command_not_sent"})
    assert "Home *battery*" in again["description_placeholders"]["error"]
    assert "UNSUPPORTED_MODE" in again["description_placeholders"]["error"]
    assert len(actions(service, key)) == 1
    assert ACTIVE in await repairs.shown()
    between.answer = lambda _: None
    assert (await repairs.submit(again))["type"] == "create_entry"
    assert actions(service, key)[0]["command"] == "discharge"
    assert await repairs.all() == {}


async def test_a_schedule_that_stays_active_is_reported_again(
    service: Service, key: str, battery: dr.DeviceEntry, repairs: Repairs, pass_time: Advance
) -> None:
    service.control("POST", "faults", {"kind": "failed_action", "errorCode": "SCHEDULER_ACTIVE"})
    push(service, key, battery, "charge")
    await pass_time(SEEN)
    assert (await repairs.submit(await repairs.fix(ACTIVE)))["type"] == "create_entry"
    assert await repairs.all() == {}
    await pass_time(SEEN)
    assert [action["state"] for action in actions(service, key)] == ["failed", "failed"]
    form = await repairs.fix(ACTIVE)
    service.control("DELETE", "faults")
    assert (await repairs.submit(form))["type"] == "create_entry"
    await pass_time(SEEN)
    assert await repairs.all() == {}


async def test_what_has_changed_since_the_question_is_asked_again(
    service: Service, key: str, battery: dr.DeviceEntry, repairs: Repairs, pass_time: Advance
) -> None:
    activate_scheduler(service, battery)
    push(service, key, battery, "discharge")
    await pass_time(SEEN)
    form = await repairs.fix(ACTIVE)
    push(service, key, battery, "charge")
    await pass_time(SEEN)
    asks_again = await repairs.submit(form)
    assert asks_again["type"] == "form"
    assert not asks_again["errors"]
    assert asks_again["description_placeholders"]["plan_markdown"].startswith("charge")
    assert len(actions(service, key)) == 2
    service.control("DELETE", "faults")
    push(service, key, battery, "idle")
    await pass_time(SEEN)
    assert (await repairs.submit(asks_again))["reason"] == "scheduler_not_in_the_way"
    assert len(actions(service, key)) == 3
    assert await repairs.all() == {}


async def test_nothing_is_sent_while_the_account_is_not_loaded(
    hass: HomeAssistant,
    service: Service,
    key: str,
    account: ConfigEntry,
    battery: dr.DeviceEntry,
    repairs: Repairs,
    pass_time: Advance,
) -> None:
    activate_scheduler(service, battery)
    push(service, key, battery, "charge")
    await pass_time(SEEN)
    form = await repairs.fix(ACTIVE)
    await hass.config_entries.async_unload(account.entry_id)
    assert await repairs.all() == {}
    assert (await repairs.submit(form))["reason"] == "account_not_loaded"
    assert len(actions(service, key)) == 1
    await hass.config_entries.async_setup(account.entry_id)
    await pass_time(MINUTE)
    assert ACTIVE in await repairs.shown()


async def test_one_that_is_ignored_stays_so_until_a_command_is_carried_out(
    hass: HomeAssistant,
    service: Service,
    key: str,
    account: ConfigEntry,
    battery: dr.DeviceEntry,
    repairs: Repairs,
    pass_time: Advance,
) -> None:
    activate_scheduler(service, battery)
    push(service, key, battery, "charge")
    await pass_time(SEEN)
    await repairs.ignore(ACTIVE)
    for _ in range(2):
        await hass.config_entries.async_reload(account.entry_id)
        push(service, key, battery, "charge")
        await pass_time(SEEN)
        assert await repairs.shown() == {}
    assert ACTIVE in await repairs.all()
    service.control("DELETE", "faults")
    push(service, key, battery, "charge")
    await pass_time(SEEN)
    assert await repairs.all() == {}
    activate_scheduler(service, battery)
    push(service, key, battery, "idle")
    await pass_time(SEEN)
    assert ACTIVE in await repairs.shown()
    await repairs.ignore(ACTIVE)
    await hass.config_entries.async_remove(account.entry_id)
    assert await repairs.all() == {}


async def test_other_failures_and_cancelled_commands_say_nothing_of_a_scheduler(
    service: Service, key: str, battery: dr.DeviceEntry, repairs: Repairs, pass_time: Advance
) -> None:
    service.control("POST", "faults", {"kind": "failed_action", "errorCode": "DEVICE_OFFLINE"})
    push(service, key, battery, "charge")
    await pass_time(SEEN)
    assert await repairs.all() == {}
    service.control("DELETE", "faults")
    activate_scheduler(service, battery)
    push(service, key, battery, "charge")
    await pass_time(SEEN)
    assert ACTIVE in await repairs.shown()
    planned = push(service, key, battery, "charge", start=wall(NOON + 9 * HOUR), end=wall(NOON + 10 * HOUR))
    await pass_time(SEEN)
    assert ACTIVE in await repairs.shown()
    ask(service, "POST", f"/actions/{planned}/cancel", key=key)
    await pass_time(SEEN)
    assert ACTIVE in await repairs.shown()


@both
async def test_where_a_schedule_cannot_be_deleted_the_user_is_told_to(
    hass: HomeAssistant, service: Service, key: str, battery: dr.DeviceEntry, repairs: Repairs, pass_time: Advance
) -> None:
    between = intercept(service)

    def without_strategies(_request: object, body: dict[str, Any]) -> None:
        data = body.get("data") or {}
        for device in data.get("items", [data]):
            if "conflictStrategies" in device:
                device["conflictStrategies"] = []

    between.rewrite = without_strategies
    activate_scheduler(service, battery)
    await pass_time(QUARTER + MINUTE)
    push(service, key, battery, "charge")
    await pass_time(SEEN)
    shown = await repairs.shown()
    assert list(shown) == [ELSEWHERE]
    assert not shown[ELSEWHERE]["is_fixable"]
    service.control("DELETE", "faults")
    push(service, key, battery, "charge")
    await pass_time(SEEN)
    assert await repairs.all() == {}


async def test_an_account_that_only_monitors_is_not_asked_to_command(
    hass: HomeAssistant,
    service: Service,
    key: str,
    account: ConfigEntry,
    battery: dr.DeviceEntry,
    repairs: Repairs,
    pass_time: Advance,
) -> None:
    activate_scheduler(service, battery)
    push(service, key, battery, "charge")
    await pass_time(SEEN)
    assert ACTIVE in await repairs.shown()
    form = await hass.config_entries.options.async_init(account.entry_id)
    await hass.config_entries.options.async_configure(form["flow_id"], {"monitor_only": True})
    await hass.async_block_till_done(wait_background_tasks=True)
    await pass_time(5 * MINUTE)
    assert await repairs.all() == {}
