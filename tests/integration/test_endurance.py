"""What must not depend on how long it goes on, nor on what the host's clock says."""

from collections import Counter
from datetime import datetime, timedelta
import gc
import logging
from unittest.mock import patch

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import EVENT_STATE_CHANGED, EVENT_STATE_REPORTED, STATE_UNAVAILABLE
from homeassistant.core import Event, EventStateChangedData, EventStateReportedData, HomeAssistant, callback
from homeassistant.util import dt as dt_util
import pytest

from custom_components.amps.const import DOMAIN
from custom_components.amps.simulator import create_simulator
from custom_components.amps.simulator.server import serve

from .conftest import NOON, Advance, battery_of, state_of
from .service import Service
from .test_config_flow import start, submit
from .test_retrieval import KEY, forget_requests, requests


async def add_live_account(hass: HomeAssistant, service: Service) -> ConfigEntry:
    """Add a live account as a person does."""
    result = await submit(hass, await start(hass, "api_key"), api_key=KEY, advanced={"url": service.url})
    await hass.async_block_till_done(wait_background_tasks=True)
    return result["result"]


async def test_hundreds_of_polls_that_bring_nothing_new(hass: HomeAssistant, service: Service) -> None:
    account = await add_live_account(hass, service)
    coordinator = account.runtime_data
    writes: list[str] = []

    @callback
    def note(event: Event[EventStateChangedData] | Event[EventStateReportedData]) -> None:
        writes.append(event.data["entity_id"])

    hass.bus.async_listen(EVENT_STATE_CHANGED, note)
    hass.bus.async_listen(EVENT_STATE_REPORTED, note, event_filter=callback(lambda _: True))
    await coordinator.async_refresh()
    forget_requests(service)
    before, snapshot = _objects(), coordinator.data
    for _ in range(300):
        await coordinator.async_refresh()
    forget_requests(service)
    assert writes == []
    assert coordinator.data is snapshot
    # Nothing is kept of a poll: what a single object each would leave is three times the allowance.
    assert _objects() - before < 100


def _objects() -> int:
    """Return how many objects there are of the integration's own types and of those that JSON is made of.

    The event loop keeps some cancelled timers for a while, with all that belongs to them.
    """
    gc.collect()
    kinds = map(type, gc.get_objects())
    return sum(kind in {dict, list, set} or kind.__module__.startswith("custom_components.amps") for kind in kinds)


@pytest.mark.parametrize("askew", [timedelta(hours=-7), timedelta(hours=5), timedelta(days=400)])
async def test_a_host_whose_clock_is_off_sees_the_same(
    hass: HomeAssistant, pass_time: Advance, socket_enabled: None, askew: timedelta
) -> None:
    begun = hass.loop.time()

    class Clock:
        """The service's own time, which runs as the host's does, from elsewhere."""

        def now(self) -> datetime:
            """Return the instant."""
            return NOON + askew + timedelta(seconds=hass.loop.time() - begun)

    simulator = create_simulator("showcase", seed="askew", clock=Clock())
    async with serve(simulator) as url:
        await _live_through_an_hour(hass, Service(simulator, url), pass_time)


async def _live_through_an_hour(hass: HomeAssistant, service: Service, pass_time: Advance) -> None:
    await add_live_account(hass, service)
    battery = battery_of(hass)
    await pass_time(timedelta(seconds=1))
    forget_requests(service)
    shown = set()
    for _ in range(6):
        await pass_time(timedelta(minutes=10))
        shown.add(state_of(hass, battery, "level"))
    assert STATE_UNAVAILABLE not in shown
    assert len(shown) >= 4
    paths = Counter(entry["path"].count("/") for entry in requests(service))
    assert paths[1] == 4 * 5
    assert paths[2] == 3 * 11


async def test_a_clock_of_the_host_that_jumps_changes_nothing(
    hass: HomeAssistant, service: Service, pass_time: Advance
) -> None:
    account = await add_live_account(hass, service)
    battery = battery_of(hass)
    await pass_time(timedelta(minutes=16))
    level = state_of(hass, battery, "level")
    forget_requests(service)
    for jump in (timedelta(hours=3), timedelta(hours=-3)):
        with (
            patch("time.time", return_value=(dt_util.utcnow() + jump).timestamp()),
            patch("homeassistant.util.dt.utcnow", return_value=dt_util.utcnow() + jump),
        ):
            account.runtime_data.reader.reschedule(account.runtime_data.data.devices)
            await hass.async_block_till_done(wait_background_tasks=True)
            coordinator = account.runtime_data
            assert all(device_id in coordinator.availability for device_id in coordinator.data.devices)
    assert state_of(hass, battery, "level") == level
    assert requests(service) == []


async def test_a_live_day_costs_what_it_must(
    hass: HomeAssistant,
    service: Service,
    pass_time: Advance,
    caplog: pytest.LogCaptureFixture,
) -> None:
    seen: Counter[str] = Counter()
    for document in service.control("GET", "devices")["items"]:
        seen[document["deviceType"]] += 1
        if seen[document["deviceType"]] > 1:
            service.control("POST", f"devices/{document['id']}", {"present": False})
    await add_live_account(hass, service)
    battery = battery_of(hass)
    caplog.set_level(logging.DEBUG, "custom_components.amps")
    forget_requests(service)
    for action in ("charge", "discharge", "idle"):
        await pass_time(timedelta(hours=6))
        await hass.services.async_call(DOMAIN, action, {"device_id": battery.id}, blocking=True)
    await pass_time(timedelta(hours=6))

    asked = [*requests(service), *requests(service, "POST")]
    by_kind = Counter(_kind(entry["method"], entry["path"]) for entry in asked)
    assert by_kind["push"] == 3
    assert by_kind["list"] <= 480
    assert by_kind["action"] <= 3 * 4
    # B5 of the design: 480 lists, 95 reads of each device, and a push, an effect and 4 looks for each command.
    assert len(asked) <= 1.05 * (480 + 95 * 5 + 3 * (1 + 1 + 4)), by_kind
    # Every single read asked the manufacturer, but the first one, which is for the settings; and the log says why.
    reads = [entry for entry in asked if _kind(entry["method"], entry["path"]) == "read"]
    assert sum(not entry["pulled"] for entry in reads) <= 2
    told = [record.getMessage() for record in caplog.records]
    reasons = ("its reading is old enough", "a command has taken effect", "its settings are not known")
    assert sum(any(reason in line for reason in reasons) for line in told) == len(reads)


def _kind(method: str, path: str) -> str:
    if method == "POST":
        return "push"
    if path.startswith("/actions"):
        return "action"
    return "list" if path.count("/") == 1 else "read"
