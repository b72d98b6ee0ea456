"""Answers of proxies and gateways, which say nothing about keys, devices and actions (design §4, errors)."""

from datetime import timedelta

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
import pytest

from custom_components.amps.const import DOMAIN
from custom_components.amps.simulator import Request, Response

from .conftest import Advance, battery_of, state_of
from .interception import Interception, error, is_list, is_read, page
from .live import reauth_flows

FOREIGN = {
    "empty": page(401, b""),
    "html": page(401),
    "json": page(401, b'{"message": "Unauthorized"}'),
    "code": error("NO_SUCH_CODE", 401),
    "403": page(403),
}


@pytest.mark.parametrize("foreign", FOREIGN.values(), ids=FOREIGN)
async def test_what_stands_before_amps_says_nothing_about_the_key(
    hass: HomeAssistant, between: Interception, pass_time: Advance, foreign: Response
) -> None:
    between.answer = lambda _: foreign
    await pass_time(timedelta(hours=2))
    assert reauth_flows(hass) == 0
    between.answer = lambda _: None
    await pass_time(timedelta(minutes=16))
    assert float(state_of(hass, battery_of(hass), "level")) > 0


@pytest.mark.parametrize("foreign", [page(404), page(404, b""), error("NOT_FOUND", 404), error("NO_SUCH_CODE", 404)])
async def test_only_amps_says_that_a_device_is_gone(
    hass: HomeAssistant, between: Interception, account: ConfigEntry, pass_time: Advance, foreign: Response
) -> None:
    battery = battery_of(hass)
    between.answer = lambda request: foreign if is_read(request) else None
    await pass_time(timedelta(minutes=16))
    assert state_of(hass, battery, "level") != STATE_UNAVAILABLE

    def empty(request: Request, body: dict[str, object]) -> None:
        if is_list(request):
            body["data"] = {"items": [], "pagination": {"limit": 50, "offset": 0, "total": 0, "hasMore": False}}

    between.rewrite = empty
    await hass.config_entries.async_reload(account.entry_id)
    await pass_time(timedelta(hours=2))
    assert dr.async_get(hass).async_get(battery.id) is not None


async def test_a_foreign_404_does_not_end_the_following_of_an_action(
    hass: HomeAssistant, between: Interception, pass_time: Advance
) -> None:
    battery = battery_of(hass)
    between.answer = lambda request: page(404) if request.path.startswith("/actions/") else None
    await hass.services.async_call(DOMAIN, "charge", {"device_id": battery.id, "power": 1}, blocking=True)
    await pass_time(timedelta(minutes=2))
    between.answer = lambda _: None
    await pass_time(timedelta(minutes=5))
    assert state_of(hass, battery, "last_action") == "completed"
