"""Reads of actions that fail, come late or leave something out (design §4, §5)."""

import asyncio

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
import pytest

from .actions import ActionEvents, asked, charge, counts, push
from .conftest import MINUTE, QUARTER, SECOND, Advance, PollNow, refresh, state_of, turn
from .live import amps_id
from .service import Service


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
    pass_unfinished: Advance,
) -> None:
    await pass_time(MINUTE)  # within a minute of the last pull nothing is read (api §10)
    service.control("DELETE", "requests")
    late = {"kind": "latency", "seconds": 20, "match": {"path": f"/battery/{amps_id(battery)}"}, "count": 1}
    service.control("POST", "faults", late)
    reading = asyncio.ensure_future(refresh(hass, battery))
    await turn()
    assert len(asked(service)["device"]) == 1
    await charge(hass, battery)
    await pass_unfinished(21 * SECOND)
    assert state_of(hass, battery, "last_action") == "completed"
    await reading
    assert float(state_of(hass, battery, "power")) != pytest.approx(2, abs=0.01)
    await pass_time(5 * MINUTE)
    assert float(state_of(hass, battery, "power")) == pytest.approx(2, abs=0.01)
    assert [entry["query"] for entry in asked(service)["device"]] == [{"expedite": "true"}] * 2
