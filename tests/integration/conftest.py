"""A real Home Assistant, a simulated home, and time that is moved."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
import math
from pathlib import Path
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import SOURCE_USER, ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import area_registry as ar, device_registry as dr, entity_registry as er
from homeassistant.helpers.update_coordinator import REQUEST_REFRESH_DEFAULT_COOLDOWN
from homeassistant.setup import async_setup_component
from homeassistant.util.async_ import get_scheduled_timer_handles
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed, get_test_config_dir

from custom_components.amps.const import DOMAIN
from custom_components.amps.diagnostics import async_get_config_entry_diagnostics
from custom_components.amps.rules.schedule import SANDBOX_INTERVAL
from custom_components.amps.simulator import create_simulator, frozen_clock
from custom_components.amps.simulator.server import serve

from .accounts import add_account, add_live_account
from .actions import ActionEvents
from .assistant import assistant
from .broken_service import broken
from .checks import problems
from .commanding import Home, begins_at, environment, home, home_zone, plant_zone, profile
from .interception import Interception, intercept
from .repairs import repairs
from .service import HostClock, ServeHome, Service
from .versions import pytest_collection_modifyitems
from .writes import writes

__all__ = [
    "assistant",
    "begins_at",
    "broken",
    "environment",
    "home",
    "home_zone",
    "plant_zone",
    "problems",
    "profile",
    "pytest_collection_modifyitems",
    "repairs",
    "writes",
]

# Home Assistant copies its example blueprints into a folder that is not there yet. The tests of all processes share it,
# and two of them must not copy at once.
Path(get_test_config_dir("blueprints", "automation")).mkdir(parents=True, exist_ok=True)

SECOND, MINUTE, QUARTER, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(minutes=15), timedelta(hours=1)

NOON = datetime(2026, 6, 14, 12, 0, 0, tzinfo=UTC)
"""A summer noon: the sun shines, and a battery left to itself charges."""

LEVEL_AT_NOON = 69
"""Percent of a battery left to itself, give or take 6: the day of each differs (design §8)."""

type Advance = Callable[[timedelta], Awaitable[None]]
type Skip = Callable[..., Awaitable[None]]
"""Lets a span pass, in another Home Assistant than the first one where that is given."""
type PollNow = Callable[[ConfigEntry], Coroutine[Any, Any, None]]


@pytest.fixture(autouse=True)
def _custom_integrations(enable_custom_integrations: None) -> None:
    """Let Home Assistant load the integration."""


@pytest.fixture(autouse=True)
def _noon(freezer: FrozenDateTimeFactory) -> None:
    """Start every test at the same instant."""
    freezer.move_to(NOON)


@pytest.fixture
def advance(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> Advance:
    """Return what moves time and lets the next poll happen."""

    async def move(span: timedelta) -> None:
        freezer.tick(span)
        async_fire_time_changed(hass)
        await hass.async_block_till_done(wait_background_tasks=True)

    return move


@pytest.fixture
def poll(advance: Advance) -> Callable[[], Awaitable[None]]:
    """Return what waits for the next poll of the sandbox."""

    async def next_poll() -> None:
        await advance(timedelta(seconds=SANDBOX_INTERVAL + 1))

    return next_poll


@pytest.fixture
async def poll_now(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> PollNow:
    """Return what reads all lists of an account out of turn, as the action `homeassistant.update_entity` does.

    Home Assistant serves a second request within ten seconds only at their end, so that they pass before it.
    """
    assert await async_setup_component(hass, "homeassistant", {})
    served_until = -math.inf

    async def update_entity(entry: ConfigEntry) -> None:
        nonlocal served_until
        if (left := served_until - hass.loop.time()) > 0:
            freezer.tick(left)
            async_fire_time_changed(hass)
        registered = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
        sensors = [each.entity_id for each in registered if each.translation_key == "reachable" and not each.disabled]
        data = {"entity_id": min(filter(hass.states.get, sensors))}
        await hass.services.async_call("homeassistant", "update_entity", data, blocking=True)
        served_until = hass.loop.time() + REQUEST_REFRESH_DEFAULT_COOLDOWN + 1

    return update_entity


@pytest.fixture
async def serve_home(socket_enabled: None) -> AsyncGenerator[ServeHome]:
    """Return what serves simulated homes over HTTP, with devices of their own for each seed, in frozen time."""
    async with AsyncExitStack() as running:

        async def one_more(seed: str, fleet: int | None = None) -> Service:
            profile = "fleet" if fleet else "showcase"
            simulator = create_simulator(profile, seed=seed, clock=frozen_clock(NOON), device_count=fleet)
            return Service(simulator, await running.enter_async_context(serve(simulator)))

        yield one_more


@pytest.fixture
async def service(socket_enabled: None) -> AsyncGenerator[Service]:
    """Return a service over HTTP that goes by the time that tests move."""
    simulator = create_simulator("showcase", seed="service", clock=HostClock())
    async with serve(simulator) as url:
        yield Service(simulator, url)


@pytest.fixture
async def account(hass: HomeAssistant, service: Service) -> ConfigEntry:
    """Return a live account at the service."""
    return await add_live_account(hass, service.url)


@pytest.fixture
async def sandbox_account(hass: HomeAssistant, service: Service) -> ConfigEntry:
    """Return an account of the sandbox at the service."""
    return await add_account(hass, service.url)


@pytest.fixture
def sent(service: Service) -> Interception:
    """Return what reaches the service."""
    return intercept(service)


@pytest.fixture
async def settled_account(account: ConfigEntry, service: Service, pass_time: Advance) -> ConfigEntry:
    """Return the live account once it has read its devices, with nothing left to do; what it asked is forgotten."""
    await pass_time(MINUTE)
    service.control("DELETE", "requests")
    return account


@pytest.fixture
def battery(hass: HomeAssistant, settled_account: ConfigEntry) -> dr.DeviceEntry:
    """Return the battery of the live account that can do everything."""
    return battery_of(hass)


@pytest.fixture
def between(service: Service, settled_account: ConfigEntry) -> Interception:
    """Stand between the live account and its service."""
    return intercept(service)


@pytest.fixture
def recorded(hass: HomeAssistant) -> ActionEvents:
    """Return the events that report actions from now on."""
    return ActionEvents.listen(hass)


@pytest.fixture
def pass_time(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> Advance:
    """Return what lets time pass as it does: from one timer to the next, each at its own time."""

    async def move(span: timedelta) -> None:
        await let_pass(hass, freezer, span)

    return move


@pytest.fixture
def skip(home: Home, freezer: FrozenDateTimeFactory) -> Skip:
    """Return what lets time pass at once, but for the last two minutes."""

    async def move(span: timedelta, where: Home = home) -> None:
        freezer.tick(span - 2 * MINUTE)
        async_fire_time_changed(where.hass)
        await where.hass.async_block_till_done(wait_background_tasks=True)
        await let_pass(where.hass, freezer, 2 * MINUTE)

    return move


async def let_pass(hass: HomeAssistant, freezer: FrozenDateTimeFactory, span: timedelta) -> None:
    """Let time pass as it does, in a Home Assistant: from one timer to the next, each at its own time."""
    end = hass.loop.time() + span.total_seconds()
    while (left := end - hass.loop.time()) > 0:
        times = [handle.when() for handle in get_scheduled_timer_handles(hass.loop) if not handle.cancelled()]
        step = min([time - hass.loop.time() for time in times] + [left])
        freezer.tick(timedelta(seconds=min(max(step, 0.001), left)))
        async_fire_time_changed(hass)
        await hass.async_block_till_done(wait_background_tasks=True)


async def patiently[ResultT](call: Awaitable[ResultT], pass_time: Advance, step: timedelta = 5 * SECOND) -> ResultT:
    """Return what comes of a call, letting time pass until it ends, but none while something is on its way."""
    task = asyncio.ensure_future(call)
    await turn()
    while not task.done():
        await pass_time(step)
        await turn()
    return await task


async def turn() -> None:
    """Let what is on its way over the network arrive, in no time."""
    for _ in range(200):
        await asyncio.sleep(0)


@pytest.fixture
def pass_unfinished(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> Advance:
    """Return what lets time pass, second by second, without waiting for what is under way."""

    async def move(span: timedelta) -> None:
        for _ in range(round(span / SECOND)):
            freezer.tick(SECOND)
            async_fire_time_changed(hass)
            await turn()

    return move


@pytest.fixture
async def simulated_home(hass: HomeAssistant) -> ConfigEntry:
    """Return the simulated home that a person adds through the dialog."""
    return await add_simulated_home(hass)


async def add_simulated_home(hass: HomeAssistant, profile: str = "showcase") -> ConfigEntry:
    """Add a simulated home as a person does."""
    flow = hass.config_entries.flow
    menu = await flow.async_init(DOMAIN, context={"source": SOURCE_USER})
    form = await flow.async_configure(menu["flow_id"], {"next_step_id": "simulated_home"})
    result = await flow.async_configure(form["flow_id"], {"profile": profile})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()
    return result["result"]


def put_in_one_area(hass: HomeAssistant, *stored: dr.DeviceEntry) -> dict[str, str]:
    """Put devices into an area, and return the target that reaches them."""
    area = ar.async_get(hass).async_create("Garage")
    for device in stored:
        dr.async_get(hass).async_update_device(device.id, area_id=area.id)
    return {"area_id": area.id}


def devices(hass: HomeAssistant, *, having: str, domain: str = "sensor", without: str = "") -> list[dr.DeviceEntry]:
    """Return the devices that have an entity of this key (and none of another), by identifier."""
    found = [
        device
        for entry in hass.config_entries.async_entries(DOMAIN)
        for device in dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
        if entity_id(hass, device, having, domain) and not (without and entity_id(hass, device, without, domain))
    ]
    return sorted(found, key=lambda device: sorted(device.identifiers))


def entity_id(hass: HomeAssistant, device: dr.DeviceEntry, key: str, domain: str = "sensor") -> str | None:
    """Return the entity of a device by its key, as `<device id>_<key>` (design §3)."""
    registry = er.async_get(hass)
    ids = [registry.async_get_entity_id(domain, DOMAIN, f"{id_}_{key}") for _, id_ in device.identifiers]
    return next((found for found in ids if found), None)


def battery_of(hass: HomeAssistant) -> dr.DeviceEntry:
    """Return the first battery of the model that takes every command, immediate ones included (api §15.2 #50)."""
    return next(device for device in devices(hass, having="level", without="range") if device.model == "H1-5.0-E")


def device_ids(hass: HomeAssistant, entry: ConfigEntry) -> set[str]:
    """Return the ids that Amps knows the devices of an account by."""
    registered = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    return {id_ for device in registered if device.entry_type is None for _, id_ in device.identifiers}


async def readings_of(hass: HomeAssistant, *known: dr.DeviceEntry) -> list[dict[str, Any]]:
    """Return what the action `amps.get_device` returns for devices, which sends no request."""
    data = {"device_id": [device.id for device in known]}
    response = await hass.services.async_call(DOMAIN, "get_device", data, blocking=True, return_response=True)
    assert response is not None
    found: Any = response["devices"]
    return [found[device.id]["reading"] for device in known]


async def refresh(hass: HomeAssistant, device: dr.DeviceEntry) -> None:
    """Read a device as the action `amps.refresh` does: in the sandbox all lists, in live the device by itself.

    In live nothing is read within a minute of the last pull, since Amps could only answer the same (api §10).
    """
    await hass.services.async_call(DOMAIN, "refresh", {"device_id": device.id}, blocking=True)


async def retrieval_of(hass: HomeAssistant, entry: ConfigEntry) -> dict[str, Any]:
    """Return what the diagnostics of an account say about its polls."""
    shown: Any = await async_get_config_entry_diagnostics(hass, entry)
    found: dict[str, Any] = shown["retrieval"]
    return found


def state_of(hass: HomeAssistant, device: dr.DeviceEntry, key: str, domain: str = "sensor") -> str:
    """Return the state of an entity of a device."""
    found = entity_id(hass, device, key, domain)
    assert found is not None, key
    state = hass.states.get(found)
    assert state is not None, f"{found} has no state"
    return state.state
