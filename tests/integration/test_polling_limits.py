"""What is not read: what nobody wants, and what a ceiling of requests puts off (design §4, due)."""

from datetime import timedelta

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
import pytest

from custom_components.amps.const import DOMAIN
from custom_components.amps.simulator import Request, Response

from .accounts import add_account, add_live_account
from .conftest import Advance, battery_of, devices, state_of
from .interception import CUT_OFF, Interception, error, intercept, is_list, is_read
from .live import amps_id, set_ceiling
from .service import Service


async def test_a_disabled_device_is_never_read_by_itself(
    hass: HomeAssistant, between: Interception, pass_time: Advance
) -> None:
    battery, registry = battery_of(hass), dr.async_get(hass)
    path = f"/battery/{amps_id(battery)}"
    registry.async_update_device(battery.id, disabled_by=dr.DeviceEntryDisabler.USER)
    await pass_time(timedelta(hours=4))
    assert between.count(path) == 0
    assert between.count("/battery/") > 20
    registry.async_update_device(battery.id, disabled_by=None)
    await pass_time(timedelta(minutes=1))
    assert between.count(path) >= 1
    assert float(state_of(hass, battery, "level")) > 0


async def test_a_device_that_was_disabled_before_the_start_is_not_read_either(
    hass: HomeAssistant, between: Interception, account: ConfigEntry, pass_time: Advance
) -> None:
    battery = battery_of(hass)
    dr.async_get(hass).async_update_device(battery.id, disabled_by=dr.DeviceEntryDisabler.USER)
    await hass.config_entries.async_reload(account.entry_id)
    between.requests.clear()
    await pass_time(timedelta(hours=1))
    assert between.count(f"/battery/{amps_id(battery)}") == 0


@pytest.mark.parametrize("sandbox", [True, False])
async def test_without_polling_nothing_is_read_but_on_demand(
    hass: HomeAssistant, service: Service, pass_time: Advance, sandbox: bool
) -> None:
    account = await (add_account(hass, service.url) if sandbox else add_live_account(hass, service.url))
    hass.config_entries.async_update_entry(account, pref_disable_polling=True)
    await hass.config_entries.async_reload(account.entry_id)
    between = intercept(service)
    await pass_time(timedelta(hours=2))
    assert between.requests == []
    battery = battery_of(hass)
    await hass.services.async_call(DOMAIN, "refresh", {"device_id": battery.id}, blocking=True)
    assert float(state_of(hass, battery, "level")) > 0
    hass.config_entries.async_update_entry(account, pref_disable_polling=False)
    await hass.config_entries.async_reload(account.entry_id)
    between.requests.clear()
    await pass_time(timedelta(minutes=16))
    assert any(is_list(request) for request in between.requests)
    assert any(is_read(request) for request in between.requests)


async def test_a_ceiling_makes_nothing_unavailable(hass: HomeAssistant, service: Service, pass_time: Advance) -> None:
    for document in service.control("GET", "devices")["items"][8:]:
        service.control("POST", f"devices/{document['id']}", {"present": False})
    account = await add_live_account(hass, service.url)
    await set_ceiling(hass, account, 30)
    await pass_time(timedelta(hours=2))
    between = intercept(service)
    for _ in range(16):
        await pass_time(timedelta(minutes=30))
        for device in devices(hass, having="reachable", domain="binary_sensor"):
            assert state_of(hass, device, "reachable", "binary_sensor") == "on"
        for state in hass.states.async_all("sensor"):
            assert state.state != STATE_UNAVAILABLE, state.entity_id
    assert len(between.requests) <= 8 * 30 * 1.05


async def test_what_a_ceiling_lets_become_old_is_shown_at_once_after_a_reload(
    hass: HomeAssistant, service: Service, account: ConfigEntry, pass_time: Advance
) -> None:
    await set_ceiling(hass, account, 32)
    await pass_time(timedelta(hours=3))
    everything = devices(hass, having="reachable", domain="binary_sensor")
    assert {state_of(hass, device, "reachable", "binary_sensor") for device in everything} == {"on"}
    await hass.config_entries.async_reload(account.entry_id)
    assert {state_of(hass, device, "reachable", "binary_sensor") for device in everything} == {"on"}
    assert not [state.entity_id for state in hass.states.async_all("sensor") if state.state == STATE_UNAVAILABLE]


# What a failed or settings-only read means for the next ones.


async def test_the_effect_of_a_command_soon_after_a_start_is_read_in_time(
    hass: HomeAssistant, service: Service, pass_time: Advance
) -> None:
    between = intercept(service)
    await add_live_account(hass, service.url)
    await pass_time(timedelta(seconds=20))
    battery = battery_of(hass)
    await hass.services.async_call(DOMAIN, "charge", {"device_id": battery.id, "power": 1}, blocking=True)
    between.requests.clear()
    pulled = []

    def note(request: Request) -> Response | None:
        if request.path == f"/battery/{amps_id(battery)}":
            pulled.append(hass.loop.time())
        return None

    begun, between.answer = hass.loop.time(), note
    await pass_time(timedelta(minutes=2))
    assert pulled
    assert pulled[0] - begun <= 66


async def test_an_unexpected_error_leaves_no_action_unfinished(
    hass: HomeAssistant,
    between: Interception,
    account: ConfigEntry,
    pass_time: Advance,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    battery = battery_of(hass)
    await hass.services.async_call(DOMAIN, "charge", {"device_id": battery.id, "power": 1}, blocking=True)
    # No answer of a service leads there any more, so that the parser itself has to fail.
    with monkeypatch.context() as broken:
        broken.setattr("custom_components.amps.api.client._action", _fail)
        broken.setattr("custom_components.amps.api.client.read_model", _fail)
        await hass.config_entries.async_reload(account.entry_id)
        await pass_time(timedelta(minutes=3))
        assert between.count("/actions") < 20
    await pass_time(timedelta(minutes=20))
    assert state_of(hass, battery, "last_action") == "completed"


def _fail(*_: object) -> None:
    msg = "not foreseen"
    raise RuntimeError(msg)


async def test_a_pause_is_no_failure_of_the_lists(
    hass: HomeAssistant, between: Interception, pass_time: Advance
) -> None:
    """Else a list that always fails is the one that is read after each pause, and nothing else ever is."""
    is_limited = False

    def answer(request: Request) -> Response | None:
        if request.path == "/battery":
            return CUT_OFF
        return error("RATE_LIMIT_EXCEEDED", 429, **{"Retry-After": "900"}) if is_limited else None

    between.answer = answer
    await pass_time(timedelta(minutes=40))
    is_limited = True
    await pass_time(timedelta(minutes=17))
    is_limited = False
    await pass_time(timedelta(minutes=60))
    (inverter, *_) = devices(hass, having="producing", domain="binary_sensor")
    assert state_of(hass, inverter, "power") != STATE_UNAVAILABLE
    between.requests.clear()
    await pass_time(timedelta(minutes=31))
    assert between.count("/hvac") >= 2
