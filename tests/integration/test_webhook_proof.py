"""What follows from whether the ends of actions are delivered: fewer requests, or a repair (design §4, §7)."""

from homeassistant.helpers import issue_registry as ir
import pytest

from custom_components.amps.const import DOMAIN

from .conftest import MINUTE, SECOND, Advance, state_of
from .deliveries import Endpoint, endpoint

__all__ = ["endpoint"]

pytestmark = pytest.mark.parametrize("environment", ["live"])


async def test_where_ends_are_delivered_actions_are_polled_no_more(
    endpoint: Endpoint, pass_unfinished: Advance
) -> None:
    """The service delivers by itself, and on demand disorderly."""
    home, path = endpoint.home, endpoint.subscribe()
    await home.call("charge", home.battery)
    await pass_unfinished(30 * SECOND)
    assert home.between.count("/actions/") == 2  # before it ended
    disorder = {"mischief": {"duplicates": 2, "delaySeconds": 20}}
    home.service.control("POST", path, disorder)
    for command in ("discharge", "idle"):
        home.forget()
        await home.call(command, home.battery)
        await pass_unfinished(45 * SECOND)
        assert state_of(endpoint.hass, home.battery, "last_action") == "completed"
        assert home.between.count("/actions/") == 0
    assert home.events.stages() == ["acknowledged", "completed"] * 3
    # One end that is not delivered takes the proof away, and one that is forged is none.
    home.service.control("POST", path, {"mischief": {"forged": True}})
    home.forget()
    await home.call("charge", home.battery)
    await pass_unfinished(6 * MINUTE)
    assert home.between.count("/actions/") <= 1  # none if a read of the device tells of the end
    assert state_of(endpoint.hass, home.battery, "last_action") == "completed"
    await pass_unfinished(11 * MINUTE)
    home.forget()
    await home.call("idle", home.battery)
    await pass_unfinished(30 * SECOND)
    assert home.between.count("/actions/") >= 2


async def test_a_webhook_that_stays_silent_is_reported_until_something_is_delivered(
    endpoint: Endpoint, pass_time: Advance
) -> None:
    hass, home = endpoint.hass, endpoint.home

    def is_reported() -> bool:
        return (DOMAIN, f"webhook_silent_{home.account.entry_id}") in ir.async_get(hass).issues

    for command in ("charge", "idle", "charge"):
        await home.call(command, home.battery)
        await pass_time(MINUTE)
    await pass_time(8 * MINUTE)
    assert not is_reported()
    await pass_time(2 * MINUTE)
    assert is_reported()
    event = {"deviceId": "device_1", "deviceType": "battery", "timestamp": "2026-06-14T12:00:00Z"}
    assert await endpoint.deliver(event, "whsec_AAEC") == 401
    # It outlives a reload, but not the next delivery.
    await hass.config_entries.async_reload(home.account.entry_id)
    assert is_reported()
    assert await endpoint.deliver(event) == 200
    assert not is_reported()
    await pass_time(12 * MINUTE)
    assert not is_reported()
