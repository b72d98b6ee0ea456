"""A simulated home inside this Home Assistant: its time, and what is kept of it over restarts (design §8)."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import EVENT_HOMEASSISTANT_FINAL_WRITE
from homeassistant.core import Event, HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.storage import Store
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from .. import simulator
from ..api import Request, Response
from ..const import CONF_PROFILE, CONF_SEED, DOMAIN, LOGGER
from .listeners import Listeners

SAVE_DELAY: Final = 10.0
"""Seconds in which several changes are saved as one."""

_HOMES: Final[HassKey[dict[str, SimulatedHome]]] = HassKey(f"{DOMAIN}_simulated_homes")
"""Those of the entries that are set up, by entry id."""
_STORAGE_VERSION: Final = 1
_MIN_REPORTED_SET_BACK: Final = timedelta(seconds=1)
"""A clock that is corrected goes back by less, many times a day."""


class HomeClock:
    """Home Assistant's own time, which is what makes a simulated home move.

    `ahead` is how far the home was moved ahead of it, `set_back` how far Home Assistant's own clock was set back since:
    then the home goes on from where it is, since its time neither runs backward nor stands still.
    """

    def __init__(self, name: str) -> None:
        """Begin with Home Assistant's time; `name` is what a log entry calls the home."""
        self._name = name
        self._latest = dt_util.utcnow()
        self.ahead = timedelta(0)
        self.set_back = timedelta(0)

    def now(self) -> datetime:
        """Return the present time in UTC."""
        host = dt_util.utcnow()
        if host < self._latest:
            self._make_up_for(self._latest - host)
        self._latest = host
        return host + self.ahead + self.set_back

    def set(self, to: datetime) -> None:
        """Move forward to a time; raise ClockError for one that has passed or is beyond the latest."""
        if not self.now() <= to <= simulator.LATEST:
            msg = f"the clock moves forward only, and not beyond {simulator.LATEST.year}"
            raise simulator.ClockError(msg)
        self.ahead += to - self.now()

    def continue_from(self, last: datetime) -> None:
        """Continue from the time that the home had last, unless that has passed."""
        record, self.set_back = self.set_back, timedelta(0)
        behind = last - self.now()
        if behind > timedelta(0):
            self.set_back = min(record, behind)
            self._make_up_for(behind - self.set_back)

    def _make_up_for(self, span: timedelta) -> None:
        """Make up for a span by which the clock was set back, and log it unless it is a mere correction."""
        self.set_back += span
        if span >= _MIN_REPORTED_SET_BACK:
            LOGGER.warning(
                "The clock of this machine was set back by %s; %s goes on from where it is", span, self._name
            )


class SimulatedHome:
    """A simulator, and who is called when something was done to it."""

    def __init__(self, data: Mapping[str, Any], name: str = "The simulated home") -> None:
        """Make the home of an entry's data, in which nothing has happened yet."""
        self.clock = HomeClock(name)
        self.simulator = simulator.create_simulator(
            data[CONF_PROFILE], seed=data[CONF_SEED], clock=self.clock, zone=dt_util.get_default_time_zone()
        )
        self.change_listeners = Listeners[[]]()

    def changed(self) -> None:
        """Note that something was done to it."""
        self.change_listeners.notify()

    async def answer(self, request: Request) -> Response:
        """Answer a request, late or not at all where a fault says so."""
        response = self.simulator.handle(
            simulator.Request(
                method=request.method,
                path=request.path,
                query=request.query,
                headers=request.headers,
                body=request.body or b"",
            )
        )
        if request.method == "POST":
            self.changed()
        await asyncio.sleep(response.delay)
        if response.outcome is simulator.Outcome.NEVER_COMES:
            await asyncio.Event().wait()
        if response.outcome is simulator.Outcome.IS_CUT_OFF:
            raise ConnectionResetError
        return Response(status=response.status, headers=response.headers, body=response.body)

    def capture(self) -> Callable[[], dict[str, Any]]:
        """Return what makes the document of its state, which can be called outside the event loop."""
        ahead, set_back = self.clock.ahead.total_seconds(), self.clock.set_back.total_seconds()
        state = self.simulator.capture()
        return lambda: {"ahead": ahead, "set_back": set_back, "state": state()}

    def restore(self, kept: object) -> None:
        """Continue from a saved document; raise StateError when it cannot be used, but restore the time in any case."""
        members = kept if isinstance(kept, dict) else {}
        self.clock.ahead = _span(members.get("ahead"))
        self.clock.set_back = _span(members.get("set_back"))
        self.clock.continue_from(self.simulator.restore(members.get("state")))


async def async_open_home(hass: HomeAssistant, entry: ConfigEntry) -> SimulatedHome:
    """Return the home of an entry, restored; it is saved as it changes, and closed with the entry."""
    store = _store(hass, entry)
    home = await _async_restored(hass, store, entry)
    stop_saving = home.change_listeners.add(lambda: store.async_delay_save(home.capture(), SAVE_DELAY))
    homes = hass.data.setdefault(_HOMES, {})
    homes[entry.entry_id] = home

    async def save(_event: Event | None = None) -> None:
        await store.async_save(await hass.async_add_executor_job(home.capture()))

    async def close() -> None:
        stop_saving()
        del homes[entry.entry_id]
        await save()

    entry.async_on_unload(close)
    entry.async_on_unload(hass.bus.async_listen(EVENT_HOMEASSISTANT_FINAL_WRITE, save))
    return home


def opened_home(hass: HomeAssistant, entry_id: str) -> SimulatedHome | None:
    """Return the home of an entry that is set up, None when that has none."""
    homes = hass.data.get(_HOMES)
    return homes.get(entry_id) if homes else None


def opened_homes(hass: HomeAssistant) -> list[str]:
    """Return the ids of the entries that are set up and have one."""
    homes = hass.data.get(_HOMES)
    return list(homes) if homes else []


async def async_forget_home(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Remove what is stored of the home of an entry."""
    await _store(hass, entry).async_remove()


def _store(hass: HomeAssistant, entry: ConfigEntry) -> Store[dict[str, Any]]:
    key = f"{DOMAIN}.simulated_home.{entry.entry_id}"
    return Store(hass, _STORAGE_VERSION, key, serialize_in_event_loop=False)


async def _async_restored(hass: HomeAssistant, store: Store[dict[str, Any]], entry: ConfigEntry) -> SimulatedHome:
    """Return a home restored from the store, or a new one."""
    home = await hass.async_add_executor_job(SimulatedHome, entry.data, entry.title)
    try:
        if (kept := await store.async_load()) is not None:
            await hass.async_add_executor_job(home.restore, kept)
    except (HomeAssistantError, simulator.StateError) as err:
        LOGGER.warning("%s begins anew, what was kept of it cannot be used: %s", entry.title, err)
    return home


def _span(seconds: object) -> timedelta:
    """Return how far a clock is ahead, not at all for anything but a valid span."""
    most = (simulator.LATEST - dt_util.utcnow()).total_seconds()
    if isinstance(seconds, int | float) and 0 <= seconds <= most:
        return timedelta(seconds=seconds)
    return timedelta(0)
