"""Two clocks, the service's and the monotonic one, and what happens where they disagree (design §4, time)."""

from datetime import datetime, timedelta
import logging
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import async_capture_events

from custom_components.amps.const import DOMAIN
from custom_components.amps.simulator import Request, create_simulator
from custom_components.amps.simulator.server import serve

from .accounts import add_account, add_live_account
from .conftest import NOON, Advance, battery_of, entity_id, state_of
from .interception import intercept, is_read, page
from .live import amps_id
from .service import Service

QUARTER = timedelta(minutes=15)


class MovedClock:
    """Home Assistant's time and what the service's own clock is ahead of it."""

    ahead = timedelta(0)

    def now(self) -> datetime:
        """Return the instant."""
        return dt_util.utcnow() + self.ahead


@pytest.fixture
def clock() -> MovedClock:
    """Return the clock of the service."""
    return MovedClock()


@pytest.fixture
async def moved_service(socket_enabled: None, clock: MovedClock) -> Any:  # noqa: ANN401  a generator
    """Return a service whose clock can be moved."""
    simulator = create_simulator("showcase", seed="moved", clock=clock)
    async with serve(simulator) as url:
        yield Service(simulator, url)


@pytest.fixture
async def account(hass: HomeAssistant, moved_service: Service, pass_time: Advance) -> ConfigEntry:
    """Return a live account that has read its devices."""
    account = await add_live_account(hass, moved_service.url)
    await pass_time(timedelta(minutes=1))
    return account


async def _watch(hass: HomeAssistant, pass_time: Advance, span: timedelta) -> list[str]:
    """Return the level of the battery minute by minute."""
    battery, shown = battery_of(hass), []
    for _ in range(int(span / timedelta(minutes=1))):
        await pass_time(timedelta(minutes=1))
        shown.append(state_of(hass, battery, "level"))
    return shown


def _move_instants(body: dict[str, Any], by: timedelta) -> None:
    """Move what an answer says of the time at which it was built and at which devices were pulled."""

    def move(where: dict[str, Any], key: str) -> None:
        moved = datetime.fromisoformat(where[key]) + by
        where[key] = moved.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    move(body["meta"], "timestamp")
    data = body["data"]
    for item in data.get("items", [data]):
        if "sync" in item:
            move(item["sync"], "lastPulledAt")


async def test_one_list_of_a_wrong_time_is_survived(
    hass: HomeAssistant,
    moved_service: Service,
    account: ConfigEntry,
    pass_time: Advance,
    caplog: pytest.LogCaptureFixture,
) -> None:
    between, wrong = intercept(moved_service), [1]

    def rewrite(request: Request, body: dict[str, Any]) -> None:
        if request.path == "/battery" and wrong:
            wrong.clear()
            _move_instants(body, timedelta(hours=12))

    between.rewrite = rewrite
    await _watch(hass, pass_time, timedelta(minutes=20))
    assert not wrong
    shown = await _watch(hass, pass_time, timedelta(hours=2))
    assert STATE_UNAVAILABLE not in shown
    assert len(set(shown)) >= 6


@pytest.mark.parametrize("sandbox", [True, False])
async def test_a_service_clock_that_is_set_back_counts_after_two_polls(
    hass: HomeAssistant,
    service: Service,
    pass_time: Advance,
    caplog: pytest.LogCaptureFixture,
    sandbox: bool,
) -> None:
    between, ahead = intercept(service), [timedelta(hours=12)]
    between.rewrite = lambda _, body: _move_instants(body, ahead[0])
    await (add_account(hass, service.url) if sandbox else add_live_account(hass, service.url))
    await pass_time(timedelta(minutes=20))
    caplog.clear()
    ahead[0] = timedelta(0)
    gap, span = (2, timedelta(minutes=5)) if sandbox else (25, timedelta(hours=2))
    shown = await _watch(hass, pass_time, span)
    assert shown.count(STATE_UNAVAILABLE) <= gap
    assert STATE_UNAVAILABLE not in shown[len(shown) // 2 :]
    assert len(set(shown[len(shown) // 2 :])) >= 2
    logged = [record for record in caplog.records if "clock of the service" in record.getMessage()]
    assert [record.levelno for record in logged] == [logging.WARNING]


async def test_a_service_clock_that_is_put_forward_changes_nothing(
    hass: HomeAssistant, account: ConfigEntry, clock: MovedClock, pass_time: Advance
) -> None:
    await pass_time(QUARTER)
    clock.ahead = timedelta(days=400)
    shown = await _watch(hass, pass_time, timedelta(hours=2))
    assert len(set(shown)) >= 6
    assert shown.count(STATE_UNAVAILABLE) <= 16


async def test_what_the_host_slept_through_counts_as_age(
    hass: HomeAssistant, moved_service: Service, account: ConfigEntry, clock: MovedClock, pass_time: Advance
) -> None:
    battery = battery_of(hass)
    await pass_time(timedelta(minutes=10))
    between = intercept(moved_service)
    between.answer = lambda request: page(502) if is_read(request) else None
    assert await async_setup_component(hass, "homeassistant", {})
    clock.ahead = timedelta(hours=8)  # the monotonic clock stood still
    await hass.services.async_call(
        "homeassistant", "update_entity", {"entity_id": entity_id(hass, battery, "level")}, blocking=True
    )
    await hass.async_block_till_done(wait_background_tasks=True)
    answer = await _get(hass, battery.id)
    assert answer["age_seconds"] >= 8 * 3600
    assert state_of(hass, battery, "level") == STATE_UNAVAILABLE
    between.answer = lambda _: None
    between.requests.clear()
    answer = await _get(hass, battery.id, max_age=300)
    assert between.count(f"/battery/{amps_id(battery)}") == 1
    assert answer["age_seconds"] < 60
    assert float(state_of(hass, battery, "level")) > 0


async def _get(hass: HomeAssistant, device_id: str, **data: float) -> dict[str, Any]:
    answer = await hass.services.async_call(
        DOMAIN, "get_device", {"device_id": device_id, **data}, blocking=True, return_response=True
    )
    assert answer is not None
    reading: dict[str, Any] = answer["devices"][device_id]["reading"]  # type: ignore[index, call-overload, assignment]  # JSON of a known shape
    return reading


async def test_without_a_time_of_the_service_the_age_of_a_reading_goes_by_that_of_the_host(
    hass: HomeAssistant, moved_service: Service, pass_time: Advance
) -> None:
    between = intercept(moved_service)

    def rewrite(request: Request, body: dict[str, Any]) -> None:
        if isinstance(body.get("data"), dict) and "items" in body["data"]:
            for item in body["data"]["items"]:
                item.get("sync", {})["lastPulledAt"] = (NOON - timedelta(days=1)).isoformat()
        elif "sync" in body.get("data", {}):
            body["data"]["sync"]["lastPulledAt"] = (NOON - timedelta(days=1)).isoformat()
        environment = body["meta"].get("environment")
        body["meta"] = {"environment": environment}

    between.rewrite = rewrite
    await add_live_account(hass, moved_service.url)
    await pass_time(timedelta(minutes=1))
    battery = battery_of(hass)
    assert state_of(hass, battery, "level") == STATE_UNAVAILABLE
    assert (await _get(hass, battery.id))["age_seconds"] == pytest.approx(86_400, abs=120)


@pytest.mark.parametrize("year", ["9999-12-31T23:59:59.999Z", "0001-01-01T00:00:00.000Z"])
async def test_a_time_at_the_end_of_the_calendar_is_none(
    hass: HomeAssistant, moved_service: Service, pass_time: Advance, caplog: pytest.LogCaptureFixture, year: str
) -> None:
    between = intercept(moved_service)
    between.rewrite = lambda _, body: body["meta"].update(timestamp=year)
    await add_live_account(hass, moved_service.url)
    await pass_time(timedelta(minutes=20))
    assert float(state_of(hass, battery_of(hass), "level")) > 0
    assert "Unexpected error" not in caplog.text


async def test_without_polling_a_service_clock_that_is_put_back_is_gone_by(
    hass: HomeAssistant, service: Service, pass_time: Advance
) -> None:
    between, ahead = intercept(service), [timedelta(hours=12)]
    between.rewrite = lambda _, body: _move_instants(body, ahead[0])
    account = await add_live_account(hass, service.url)
    hass.config_entries.async_update_entry(account, pref_disable_polling=True)
    await hass.config_entries.async_reload(account.entry_id)
    await pass_time(timedelta(minutes=20))
    battery = battery_of(hass)
    ahead[0] = timedelta(0)
    between.requests.clear()
    for _ in range(4):
        await hass.services.async_call(DOMAIN, "refresh", {"device_id": battery.id}, blocking=True)
        await pass_time(timedelta(minutes=5))
    assert float(state_of(hass, battery, "level")) > 0
    assert (await _get(hass, battery.id))["age_seconds"] <= 600
    assert {request.path for request in between.requests} == {f"/battery/{amps_id(battery)}"}


async def test_what_a_list_shows_to_be_old_after_a_sleep_of_the_host_is_read_soon(
    hass: HomeAssistant, moved_service: Service, account: ConfigEntry, clock: MovedClock, pass_time: Advance
) -> None:
    form = await hass.config_entries.options.async_init(account.entry_id)
    await hass.config_entries.options.async_configure(form["flow_id"], {"tempo": 240})
    await pass_time(timedelta(minutes=10))
    battery = battery_of(hass)
    assert await async_setup_component(hass, "homeassistant", {})
    clock.ahead = timedelta(hours=10)  # the monotonic clock stood still
    data = {"entity_id": entity_id(hass, battery, "level")}
    await hass.services.async_call("homeassistant", "update_entity", data, blocking=True)
    await pass_time(timedelta(minutes=5))
    assert float(state_of(hass, battery, "level")) > 0


async def test_actions_are_reported_after_a_service_clock_was_set_back(
    hass: HomeAssistant, service: Service, pass_time: Advance
) -> None:
    between, ahead = intercept(service), [timedelta(hours=12)]
    between.rewrite = lambda request, body: None if "actions" in request.path else _move_instants(body, ahead[0])
    await add_live_account(hass, service.url)
    await pass_time(timedelta(minutes=20))
    ahead[0] = timedelta(0)
    await pass_time(timedelta(minutes=35))
    battery, events = battery_of(hass), async_capture_events(hass, "amps_action")
    between.rewrite = lambda _request, _body: None
    await hass.services.async_call(DOMAIN, "charge", {"device_id": battery.id, "power": 1}, blocking=True)
    await pass_time(timedelta(minutes=5))
    assert [event.data["state"] for event in events] == ["acknowledged", "completed"]
