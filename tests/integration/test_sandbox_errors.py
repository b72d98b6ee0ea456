"""Errors of a service in the sandbox, where lists decide (design §4, errors of the service)."""

from datetime import timedelta

from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest

from .accounts import add_account
from .conftest import Advance, battery_of, devices, state_of
from .interception import CUT_OFF, Interception, error, intercept, is_read
from .live import amps_id
from .service import Service


async def _add_sandbox(hass: HomeAssistant, service: Service, pass_time: Advance) -> Interception:
    await add_account(hass, service.url)
    await pass_time(timedelta(minutes=1))
    return intercept(service)


@pytest.mark.parametrize(
    ("code", "status"),
    [("INVALID_API_KEY", 401), ("NOT_FOUND", 404), ("DEVICE_NOT_FOUND", 404), ("DEVICE_OFFLINE", 404)],
)
async def test_in_the_sandbox_lists_decide(
    hass: HomeAssistant,
    service: Service,
    pass_time: Advance,
    caplog: pytest.LogCaptureFixture,
    code: str,
    status: int,
) -> None:
    between = intercept(service)
    between.answer = lambda request: error(code, status) if is_read(request) else None
    await add_account(hass, service.url)
    battery = battery_of(hass)
    caplog.clear()
    for _ in range(40):
        await pass_time(timedelta(seconds=30))
        assert state_of(hass, battery, "level") != STATE_UNAVAILABLE
        assert state_of(hass, battery, "reachable", "binary_sensor") == "on"
    assert "cannot be read" not in caplog.text
    assert not ir.async_get(hass).issues
    assert between.count(f"/battery/{amps_id(battery)}") <= 5


async def test_a_list_of_the_sandbox_that_fails_is_one_outage_and_one_gap(
    hass: HomeAssistant, service: Service, pass_time: Advance
) -> None:
    between = await _add_sandbox(hass, service, pass_time)
    battery = battery_of(hass)
    between.answer = lambda request: CUT_OFF if request.path == "/battery" else None
    shown = []
    for _ in range(65):
        await pass_time(timedelta(minutes=1))
        shown.append(state_of(hass, battery, "level") == STATE_UNAVAILABLE)
    assert shown.index(True) <= 2
    assert all(shown[2:])
    between.answer = lambda _: None
    between.requests.clear()
    await pass_time(timedelta(seconds=31))
    assert state_of(hass, battery, "level") != STATE_UNAVAILABLE
    await pass_time(timedelta(minutes=1))
    assert between.count("/battery/") == 3


async def test_a_limit_on_the_read_of_one_device_costs_no_other(
    hass: HomeAssistant, service: Service, pass_time: Advance, caplog: pytest.LogCaptureFixture
) -> None:
    between = await _add_sandbox(hass, service, pass_time)
    battery, *others = devices(hass, having="level", without="range")
    path = f"/battery/{amps_id(battery)}"
    between.answer = lambda request: error("RATE_LIMIT_EXCEEDED", 429) if request.path == path else None
    for _ in range(150):
        await pass_time(timedelta(seconds=30))
        for device in others:
            assert state_of(hass, device, "level") != STATE_UNAVAILABLE
    assert between.count(path) <= 10
    assert "Error fetching" not in caplog.text
