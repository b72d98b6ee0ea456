"""What must not depend on how long it goes on, nor on what the host's clock says."""

from collections import Counter
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
import gc
import logging

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import EVENT_STATE_CHANGED, EVENT_STATE_REPORTED, STATE_UNAVAILABLE
from homeassistant.core import Event, EventStateChangedData, EventStateReportedData, HomeAssistant, callback
import pytest

from custom_components.amps.const import DOMAIN
from custom_components.amps.simulator import create_simulator
from custom_components.amps.simulator.server import serve

from .accounts import add_account, add_live_account
from .conftest import NOON, Advance, battery_of, refresh, state_of
from .live import clear_requests, leave_one_of_each_type, requests
from .service import Service


async def test_hundreds_of_polls_that_bring_nothing_new(hass: HomeAssistant, service: Service) -> None:
    await add_account(hass, service.url)
    battery = battery_of(hass)
    writes: list[str] = []

    @callback
    def note(event: Event[EventStateChangedData] | Event[EventStateReportedData]) -> None:
        writes.append(event.data["entity_id"])

    hass.bus.async_listen(EVENT_STATE_CHANGED, note)
    hass.bus.async_listen(EVENT_STATE_REPORTED, note, event_filter=callback(lambda _: True))
    await refresh(hass, battery)
    clear_requests(service)
    before = _objects()
    for _ in range(300):
        await refresh(hass, battery)
    assert len(requests(service)) == 300 * 5
    clear_requests(service)
    assert writes == []
    # Nothing is kept of a poll: what a single object each would leave is three times the allowance.
    assert _objects() - before < 100


def _objects() -> int:
    """Return how many objects there are of the integration's own types and of those that JSON is made of.

    The event loop keeps some cancelled timers for a while, with all that belongs to them.
    """
    gc.collect()
    kinds = map(type, gc.get_objects())
    return sum(kind in {dict, list, set} or kind.__module__.startswith("custom_components.amps") for kind in kinds)


type SetClock = Callable[[timedelta], None]


@pytest.fixture
def set_clock(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, monkeypatch: pytest.MonkeyPatch
) -> Generator[SetClock]:
    """Return what sets the wall clock of the host ahead or back, while its monotonic clock goes on as before."""
    monotonic, ahead = hass.loop.time, timedelta(0)
    monkeypatch.setattr(hass.loop, "time", lambda: monotonic() - ahead.total_seconds())

    def set_by(span: timedelta) -> None:
        nonlocal ahead
        ahead += span
        freezer.tick(span)

    yield set_by
    set_by(-ahead)


@asynccontextmanager
async def _service_of_its_own_time(hass: HomeAssistant, begin: datetime) -> AsyncGenerator[Service]:
    """Serve a showcase whose clock shows an instant now, and runs as the monotonic clock of the host does."""
    begun = hass.loop.time()

    class Clock:
        """The service's own time."""

        def now(self) -> datetime:
            """Return the instant."""
            return begin + timedelta(seconds=hass.loop.time() - begun)

    simulator = create_simulator("showcase", seed="clock", clock=Clock())
    async with serve(simulator) as url:
        yield Service(simulator, url)


@pytest.mark.parametrize("ahead", [timedelta(hours=-7), timedelta(hours=5), timedelta(days=400)])
@pytest.mark.usefixtures("socket_enabled")
async def test_a_host_whose_clock_is_wrong_sees_the_same(
    hass: HomeAssistant, pass_time: Advance, ahead: timedelta
) -> None:
    async with _service_of_its_own_time(hass, NOON + ahead) as service:
        await add_live_account(hass, service.url)
        await _live_through_an_hour(hass, service, pass_time)


@pytest.mark.parametrize("offset", [timedelta(hours=3), timedelta(hours=-3)])
@pytest.mark.usefixtures("socket_enabled")
async def test_a_clock_of_the_host_that_jumps_changes_nothing(
    hass: HomeAssistant, pass_time: Advance, set_clock: SetClock, offset: timedelta
) -> None:
    async with _service_of_its_own_time(hass, NOON) as service:
        await add_live_account(hass, service.url)
        await _live_through_an_hour(hass, service, pass_time, lambda: set_clock(offset))


async def _live_through_an_hour(
    hass: HomeAssistant, service: Service, pass_time: Advance, disturb: Callable[[], None] = lambda: None
) -> None:
    """Expect an hour as any other, whatever is done in each of its parts."""
    battery = battery_of(hass)
    await pass_time(timedelta(seconds=1))
    clear_requests(service)
    shown = set()
    for _ in range(6):
        disturb()
        await pass_time(timedelta(minutes=10))
        shown.add(state_of(hass, battery, "level"))
    assert STATE_UNAVAILABLE not in shown
    assert len(shown) >= 4
    paths = Counter(entry["path"].count("/") for entry in requests(service))
    assert paths[1] == 4 * 5
    assert paths[2] == 3 * 11


async def test_a_live_day_costs_what_it_must(
    hass: HomeAssistant,
    service: Service,
    pass_time: Advance,
    caplog: pytest.LogCaptureFixture,
) -> None:
    leave_one_of_each_type(service)
    await add_live_account(hass, service.url)
    battery = battery_of(hass)
    caplog.set_level(logging.DEBUG, "custom_components.amps")
    clear_requests(service)
    for action in ("charge", "discharge", "idle"):
        await pass_time(timedelta(hours=6))
        await hass.services.async_call(DOMAIN, action, {"device_id": battery.id}, blocking=True)
    await pass_time(timedelta(hours=6))

    asked = requests(service)
    by_kind = Counter(_kind(entry["method"], entry["path"]) for entry in asked)
    assert by_kind["push"] == 3
    assert by_kind["list"] <= 480
    assert by_kind["action"] <= 3 * 4
    # B5 of the design: 480 lists, 95 reads of each device, and a push, an effect and 4 looks for each command.
    assert len(asked) <= 1.05 * (480 + 95 * 5 + 3 * (1 + 1 + 4)), by_kind
    # Every single read asked the manufacturer, but the first one, which is for the settings; and the log says why.
    reads = [entry for entry in asked if _kind(entry["method"], entry["path"]) == "read"]
    assert sum(not entry["pulled"] for entry in reads) <= 2
    logged = [record.getMessage() for record in caplog.records]
    reasons = ("its reading is old enough", "a command has taken effect", "its settings are not known")
    assert sum(any(reason in line for reason in reasons) for line in logged) == len(reads)


def _kind(method: str, path: str) -> str:
    if method == "POST":
        return "push"
    if path.startswith("/actions"):
        return "action"
    return "list" if path.count("/") == 1 else "read"
