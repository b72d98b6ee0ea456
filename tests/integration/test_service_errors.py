"""What the errors of a service cost, and which of them concern one device (design §4, errors of the service)."""

from datetime import timedelta
from itertools import cycle

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest

from custom_components.amps.const import DOMAIN
from custom_components.amps.simulator import Response

from .conftest import HOUR, Advance, battery_of, devices, state_of
from .interception import CUT_OFF, Interception, error, is_list, is_read, page
from .live import amps_id, reauth_flows


@pytest.fixture
async def healthy_hour(between: Interception, pass_time: Advance) -> int:
    """Return how many requests an hour costs in which nothing fails."""
    await pass_time(HOUR)
    healthy = len(between.requests)
    between.requests.clear()
    return healthy


FAILURES = {
    "500": error("INTERNAL_ERROR", 500),
    "reset": CUT_OFF,
    "html": page(200),
    "403": error("INSUFFICIENT_PERMISSIONS", 403),
    "403-html": page(403),
    "404": error("NOT_FOUND", 404),
    "404-html": page(404),
    "429": error("RATE_LIMIT_EXCEEDED", 429),
    "1s": error("RATE_LIMIT_EXCEEDED", 429, **{"Retry-After": "1"}),
    "0s": error("SERVICE_UNAVAILABLE", 503, **{"Retry-After": "0"}),
}


@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES)
async def test_lists_that_fail_after_a_refusal_are_not_asked_for_all_the_time(
    hass: HomeAssistant, between: Interception, healthy_hour: int, pass_time: Advance, failure: Response
) -> None:
    refused = iter([error("UNAUTHORIZED", 401)] * 5)
    between.answer = lambda request: next(refused, failure) if is_list(request) else None
    await pass_time(HOUR)
    assert len(between.requests) < healthy_hour
    between.answer = lambda _: None
    await pass_time(timedelta(minutes=16))
    assert float(state_of(hass, battery_of(hass), "level")) > 0
    assert reauth_flows(hass) == 0


@pytest.mark.parametrize("shift", range(3))
async def test_an_hour_of_any_mixture_of_failures_costs_less_than_a_healthy_one(
    hass: HomeAssistant, between: Interception, healthy_hour: int, pass_time: Advance, shift: int
) -> None:
    mixture = cycle([*list(FAILURES.values())[shift:], error("UNAUTHORIZED", 401), error("TIMEOUT", 504)])
    between.answer = lambda _: next(mixture)
    await pass_time(HOUR)
    assert len(between.requests) < healthy_hour
    between.answer = lambda _: None
    await pass_time(timedelta(minutes=31))
    assert float(state_of(hass, battery_of(hass), "level")) > 0
    assert reauth_flows(hass) == 0


async def test_single_reads_that_all_fail_cost_less_than_those_that_succeed(
    between: Interception, healthy_hour: int, pass_time: Advance
) -> None:
    between.answer = lambda request: error("SERVICE_UNAVAILABLE", 503) if is_read(request) else None
    await pass_time(HOUR)
    assert len(between.requests) < healthy_hour


@pytest.mark.parametrize("failure", ["500", "reset", "html", "0s"])
async def test_a_set_up_that_fails_is_not_tried_all_the_time(
    hass: HomeAssistant,
    between: Interception,
    account: ConfigEntry,
    healthy_hour: int,
    pass_time: Advance,
    failure: str,
) -> None:
    between.answer = lambda _: FAILURES[failure]
    await hass.config_entries.async_reload(account.entry_id)
    await pass_time(HOUR)
    before, costs = account.state, len(between.requests)
    between.answer = lambda _: None
    await pass_time(timedelta(minutes=6))
    assert (before, account.state) == (ConfigEntryState.SETUP_RETRY, ConfigEntryState.LOADED)
    assert costs < healthy_hour


async def test_a_manufacturer_that_limits_requests_concerns_one_device(
    hass: HomeAssistant, between: Interception, pass_time: Advance
) -> None:
    battery, vehicle = battery_of(hass), devices(hass, having="range")[0]
    path = f"/vehicle/{amps_id(vehicle)}"
    between.answer = lambda request: error("RATE_LIMITED", 429) if request.path == path else None
    for _ in range(8):
        await pass_time(timedelta(minutes=30))
        await hass.services.async_call(DOMAIN, "idle", {"device_id": battery.id}, blocking=True)
    assert between.count(path) <= 4 * 4 + 4


async def test_a_device_whose_link_is_refused_is_shown_until_its_reading_is_too_old(
    hass: HomeAssistant, between: Interception, pass_time: Advance
) -> None:
    battery = battery_of(hass)
    path = f"/battery/{amps_id(battery)}"
    between.answer = lambda request: error("INVALID_CREDENTIALS", 401) if request.path == path else None
    await pass_time(timedelta(minutes=14, seconds=45))
    issue = (DOMAIN, f"relink_device_{amps_id(battery)}")
    assert between.count(path) == 1
    assert state_of(hass, battery, "level") != STATE_UNAVAILABLE
    assert issue not in ir.async_get(hass).issues
    await pass_time(timedelta(minutes=5))
    assert issue in ir.async_get(hass).issues
    await pass_time(timedelta(minutes=20))
    assert state_of(hass, battery, "level") == STATE_UNAVAILABLE
    between.answer = lambda _: None
    await pass_time(timedelta(minutes=16))
    assert float(state_of(hass, battery, "level")) > 0
    assert issue not in ir.async_get(hass).issues
