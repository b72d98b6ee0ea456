"""Polls that somebody asks for, beside those that are due (design §4)."""

from datetime import timedelta

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.amps.const import DOMAIN

from .accounts import add_account
from .conftest import HOUR, Advance, PollNow, battery_of, devices
from .interception import Interception, error, intercept, is_list
from .service import Service


async def test_polls_after_one_on_demand_are_as_frugal_as_before(
    account: ConfigEntry, between: Interception, pass_time: Advance, poll_now: PollNow
) -> None:
    between.answer = lambda request: (
        error("INSUFFICIENT_PERMISSIONS", 403) if request.path.startswith("/vehicle") else None
    )
    await pass_time(timedelta(minutes=20))
    await poll_now(account)
    between.requests.clear()
    await pass_time(3 * HOUR)
    assert [request.path for request in between.requests].count("/vehicle") <= 3


async def test_polls_after_one_on_demand_back_off(
    account: ConfigEntry, between: Interception, pass_time: Advance, poll_now: PollNow
) -> None:
    await poll_now(account)
    between.answer = lambda _: error("SERVICE_UNAVAILABLE", 503)
    await pass_time(timedelta(minutes=20))
    between.requests.clear()
    await pass_time(HOUR)
    assert sum(is_list(request) for request in between.requests) <= 6


async def test_a_poll_on_demand_is_not_served_by_one_after_a_pause(
    hass: HomeAssistant, service: Service, pass_time: Advance, poll_now: PollNow, freezer: FrozenDateTimeFactory
) -> None:
    account = await add_account(hass, service.url)
    await pass_time(timedelta(minutes=1))
    await poll_now(account)
    between, vehicle = intercept(service), devices(hass, having="range")[0]
    rate_limited = error("RATE_LIMIT_EXCEEDED", 429, **{"Retry-After": "2"})
    between.answer = lambda request: rate_limited if request.method == "POST" else None
    with pytest.raises(HomeAssistantError):
        await hass.services.async_call(DOMAIN, "idle", {"device_id": battery_of(hass).id}, blocking=True)
    between.requests.clear()
    freezer.tick(timedelta(seconds=4))
    async_fire_time_changed(hass)
    await hass.services.async_call(DOMAIN, "refresh", {"device_id": vehicle.id}, blocking=True)
    assert between.count("/vehicle") == 1


async def test_without_polling_a_key_that_is_given_up_is_asked_for(
    hass: HomeAssistant, service: Service, account: ConfigEntry, pass_time: Advance
) -> None:
    hass.config_entries.async_update_entry(account, pref_disable_polling=True)
    await hass.config_entries.async_reload(account.entry_id)
    await pass_time(timedelta(minutes=20))
    between, battery = intercept(service), battery_of(hass)
    between.answer = lambda _: error("INVALID_API_KEY", 401)
    for _ in range(4):
        with pytest.raises(HomeAssistantError):
            await hass.services.async_call(DOMAIN, "refresh", {"device_id": battery.id}, blocking=True)
        await pass_time(timedelta(minutes=2))
    flows = hass.config_entries.flow.async_progress()
    assert [flow["context"]["source"] for flow in flows] == [SOURCE_REAUTH]
    assert len(between.requests) <= 6
