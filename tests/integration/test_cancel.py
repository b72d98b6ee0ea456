"""Cancelling what is scheduled: once, in the device's turn, and never blindly (design §6, api §6.6)."""

from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import device_registry as dr
import pytest

from custom_components.amps.api.models import Action
from custom_components.amps.control.cancel import async_cancel_action, async_cancel_scheduled
from custom_components.amps.control.targets import Target

from .accounts import add_live_account
from .actions import ActionEvents, ask, asked, counts, push
from .conftest import QUARTER, SECOND, Advance, battery_of, devices, patiently
from .interception import error, intercept
from .live import amps_id
from .service import Service

CANCELLING = {"method": "POST", "path": "/actions/*"}
READING = {"method": "GET", "path": "/actions/*"}
WINDOW = {"start": "2026-06-14T20:00:00", "end": "2026-06-14T21:00:00"}


@pytest.fixture
async def account(hass: HomeAssistant, service: Service, pass_time: Advance) -> ConfigEntry:
    """Return a live account."""
    entry = await add_live_account(hass, service.url)
    await pass_time(SECOND)
    return entry


@pytest.fixture
def battery(hass: HomeAssistant, account: ConfigEntry) -> dr.DeviceEntry:
    """Return the battery that can do everything."""
    return battery_of(hass)


@pytest.fixture
def target(account: ConfigEntry, battery: dr.DeviceEntry) -> Target:
    """Return the battery as a target."""
    coordinator = account.runtime_data.coordinator
    return Target(coordinator=coordinator, device_id=amps_id(battery), name="Home battery", named=True)


@pytest.fixture
async def scheduled(service: Service, battery: dr.DeviceEntry, pass_time: Advance) -> str:
    """Return the id of an action that somebody else scheduled and that is known here."""
    action_id = push(service, amps_id(battery), "charge", **WINDOW)
    await pass_time(QUARTER)
    service.control("DELETE", "requests")
    return action_id


def fault(service: Service, kind: str, match: dict[str, str] = CANCELLING, **options: object) -> None:
    """Let something go wrong, once unless said otherwise."""
    service.control("POST", "faults", {"kind": kind, "match": match, "count": 1, **options})


async def test_all_that_is_scheduled_is_cancelled_in_the_context_of_who_asked(
    hass: HomeAssistant, service: Service, battery: dr.DeviceEntry, target: Target, scheduled: str, pass_time: Advance
) -> None:
    after = {"action": {"command": "idle", "start": "2026-06-14T22:00:00"}, "onConflict": "queue_after"}
    second = ask(service, "POST", f"/battery/{amps_id(battery)}", after)["id"]
    await pass_time(QUARTER)
    service.control("DELETE", "requests")
    recorded, context = ActionEvents.listen(hass), Context()

    cancelled = await async_cancel_scheduled(target, context)

    assert {action.id for action in cancelled} == {scheduled, second}
    assert counts(service) == {"push": 2}
    assert {ask(service, "GET", f"/actions/{id_}")["state"] for id_ in (scheduled, second)} == {"cancelled"}
    await hass.async_block_till_done()
    assert [(event.data["state"], event.context.id) for event in recorded.events] == [("cancelled", context.id)] * 2


async def test_where_nothing_is_scheduled_nothing_is_asked(
    service: Service, target: Target, pass_time: Advance
) -> None:
    push(service, target.device_id, "idle")
    await pass_time(QUARTER)
    service.control("DELETE", "requests")
    with pytest.raises(ServiceValidationError) as raised:
        await async_cancel_scheduled(target)
    assert (raised.value.translation_key, raised.value.translation_placeholders) == (
        "nothing_scheduled",
        {"device": "Home battery"},
    )
    assert counts(service) == {}


async def test_one_that_somebody_else_has_cancelled_meanwhile_is_named_with_its_state(
    service: Service, target: Target, scheduled: str
) -> None:
    ask(service, "POST", f"/actions/{scheduled}/cancel")
    service.control("DELETE", "requests")
    with pytest.raises(ServiceValidationError, match="its state is cancelled") as raised:
        await async_cancel_scheduled(target)
    assert raised.value.translation_key == "not_cancellable"
    assert counts(service) == {"push": 1, "action": 1}

    service.control("DELETE", "requests")
    with pytest.raises(ServiceValidationError, match="its state is cancelled"):
        await async_cancel_action(target, scheduled)
    assert counts(service) == {}


async def test_one_that_may_have_begun_is_read_first(
    service: Service, target: Target, scheduled: str, freezer: FrozenDateTimeFactory
) -> None:
    # Time passes and no poll has come yet, so that only the clock says that it may have begun.
    freezer.tick(timedelta(hours=6, minutes=46))
    service.control("DELETE", "requests")
    with pytest.raises(ServiceValidationError) as raised:
        await async_cancel_scheduled(target)
    assert raised.value.translation_key == "nothing_scheduled"
    assert asked(service)["action"]
    with pytest.raises(ServiceValidationError, match="its state is acknowledged"):
        await async_cancel_action(target, scheduled)
    assert not asked(service)["push"]


@pytest.mark.parametrize("kind", ["disconnect", "truncated", "invalid_json"])
async def test_a_lost_answer_is_looked_up_and_nothing_is_cancelled_twice(
    service: Service, target: Target, scheduled: str, pass_time: Advance, kind: str
) -> None:
    fault(service, kind)
    cancelled = await patiently(async_cancel_action(target, scheduled), pass_time, SECOND)
    assert (cancelled.id, cancelled.state) == (scheduled, "cancelled")
    assert counts(service) == {"push": 1, "action": 1}


async def test_what_never_arrived_is_said_to_be_scheduled_still(
    service: Service, target: Target, scheduled: str, pass_time: Advance
) -> None:
    fault(service, "error", code="SERVICE_UNAVAILABLE")
    with pytest.raises(HomeAssistantError, match="still scheduled") as raised:
        await patiently(async_cancel_action(target, scheduled), pass_time, SECOND)
    assert raised.value.translation_key == "cancel_lost"
    assert counts(service) == {"push": 1, "action": 2}


async def test_an_outcome_that_cannot_be_read_is_unknown(
    service: Service, target: Target, scheduled: str, pass_time: Advance
) -> None:
    fault(service, "disconnect")
    fault(service, "error", READING, count=9, code="SERVICE_UNAVAILABLE")
    with pytest.raises(HomeAssistantError) as raised:
        await patiently(async_cancel_action(target, scheduled), pass_time, SECOND)
    assert raised.value.translation_key == "outcome_unknown"
    assert counts(service)["push"] == 1


@pytest.mark.parametrize(
    ("code", "status", "key"),
    [
        ("NOT_FOUND", 404, "action_gone"),
        ("INSUFFICIENT_PERMISSIONS", 403, "command_refused"),
        ("RATE_LIMIT_EXCEEDED", 429, "command_rate_limited"),
    ],
)
async def test_a_refusal_says_why(
    service: Service, target: Target, scheduled: str, code: str, status: int, key: str
) -> None:
    interception = intercept(service)
    interception.answer = lambda request: error(code, status) if request.method == "POST" else None
    with pytest.raises(HomeAssistantError) as raised:
        await async_cancel_action(target, scheduled)
    assert raised.value.translation_key == key
    assert target.name in str(raised.value)


async def test_the_action_of_another_device_is_none_of_this_one(
    hass: HomeAssistant, service: Service, target: Target
) -> None:
    other = next(device for device in devices(hass, having="level", without="range") if device.model == "EP11")
    action_id = push(service, amps_id(other), "charge", **WINDOW)
    with pytest.raises(ServiceValidationError) as raised:
        await async_cancel_action(target, action_id)
    assert raised.value.translation_key == "action_gone"
    assert ask(service, "GET", f"/actions/{action_id}")["state"] == "scheduled"
    known: Any = target.coordinator.state.devices[target.device_id].actions
    assert action_id not in known


async def test_an_action_that_only_amps_knows_can_be_cancelled(service: Service, target: Target) -> None:
    action_id = push(service, target.device_id, "charge", **WINDOW)
    cancelled: Action = await async_cancel_action(target, action_id)
    assert cancelled.state == "cancelled"
    assert counts(service) == {"action": 1, "push": 1}


async def test_an_account_that_is_not_loaded_cancels_nothing(
    hass: HomeAssistant, service: Service, account: ConfigEntry, target: Target, scheduled: str
) -> None:
    await hass.config_entries.async_unload(account.entry_id)
    service.control("DELETE", "requests")
    with pytest.raises(ServiceValidationError) as raised:
        await async_cancel_scheduled(target)
    assert raised.value.translation_key == "account_not_loaded"
    assert counts(service) == {}
