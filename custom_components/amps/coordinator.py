"""Keeps one snapshot of all devices of an account."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
import operator
from typing import Final, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryError
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator, UpdateFailed
from homeassistant.util.async_ import create_eager_task

from .api import (
    AmpsClient,
    AmpsError,
    AmpsLiveAccessDisabledError,
    AmpsRateLimitedError,
    Reading,
    Roster,
    read_listing,
)
from .api.models import DEVICE_CLASSES, Action, AnyDevice
from .const import DOMAIN, LOGGER
from .errors import translation_key
from .naming import device_names

SANDBOX_INTERVAL: Final = timedelta(seconds=30)
"""The sandbox is as fresh as each request, so its devices move before the user's eyes (api §10)."""
LIVE_INTERVAL: Final = timedelta(minutes=15)
"""Amps itself asks a manufacturer no more often (api §10)."""

type AmpsConfigEntry = ConfigEntry[AmpsCoordinator]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Snapshot:
    """All devices at one moment. An unchanged snapshot stays the same object."""

    rosters: tuple[Roster, ...] = (Roster(),) * len(DEVICE_CLASSES)
    """By type, in the order of DEVICE_CLASSES."""
    devices: Mapping[str, Reading] = field(default_factory=dict)
    """By device id, which is unique over the types."""
    environment: str | None = None
    """`sandbox` or `live`."""


class AmpsCoordinator(DataUpdateCoordinator[Snapshot]):
    """Polls the lists of an account and tells each entity only of its own device."""

    config_entry: AmpsConfigEntry

    def __init__(self, hass: HomeAssistant, entry: AmpsConfigEntry, client: AmpsClient) -> None:
        """Remember whom to ask; the interval is known once the service has told its environment."""
        super().__init__(hass, LOGGER, config_entry=entry, name=entry.title, always_update=False)
        self.data = Snapshot()
        self.client = client
        self.push_locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        """One command at a time for each device (design §6)."""
        self.actions: dict[str, Action] = {}
        """The newest action that we pushed to each device, in full: readings only summarise theirs."""
        self._device_listeners: defaultdict[object, list[CALLBACK_TYPE]] = defaultdict(list)
        self._told = (self.data, self.last_update_success)
        self.device_names: Mapping[str, str] = {}
        """What each device is called (design §3)."""
        self.changed: tuple[str, ...] = ()
        """The devices whose change listeners are being told of."""

    @override
    async def _async_update_data(self) -> Snapshot:
        # Eager: what answers without waiting costs no turn of the event loop.
        reads = [
            create_eager_task(self._read_roster(device_class, roster))
            for device_class, roster in zip(DEVICE_CLASSES, self.data.rosters, strict=True)
        ]
        try:
            with _update_errors():
                answers = [await read for read in reads]
        finally:
            for read in reads:
                # What is still going on after a failure is of no use; a second failure is no news.
                if not read.cancel() and not read.cancelled():
                    read.exception()
        environment = next((environment for _, environment in answers if environment), None)
        self.update_interval = SANDBOX_INTERVAL if environment == "sandbox" else LIVE_INTERVAL
        return self._snapshot(tuple(roster for roster, _ in answers), environment)

    async def _read_roster(self, device_class: type[AnyDevice], before: Roster) -> tuple[Roster, str | None]:
        """Return what the list of a type shows, and the environment; each list is read as it comes."""
        listing = await self.client.list_devices(device_class)
        return read_listing(device_class, listing, before), listing.answer.environment

    def _snapshot(self, rosters: tuple[Roster, ...], environment: str | None) -> Snapshot:
        before = self.data
        if environment == before.environment and all(map(operator.is_, rosters, before.rosters, strict=True)):
            return before
        devices = {device_id: reading for roster in rosters for device_id, reading in roster.readings.items()}
        if devices.keys() != before.devices.keys():
            self.device_names = device_names((reading.device for reading in devices.values()), self.device_names)
        unreadable = sum(roster.unreadable for roster in rosters)
        if unreadable > sum(roster.unreadable for roster in before.rosters):
            LOGGER.warning("%s: %s items of the device lists could not be read and are left out", self.name, unreadable)
        return Snapshot(rosters=rosters, devices=devices, environment=environment)

    @callback
    @override
    def async_add_listener(self, update_callback: CALLBACK_TYPE, context: object = None) -> Callable[[], None]:
        """Listen for changes of one device, whose id is the context, or of anything when there is none."""
        remove = super().async_add_listener(update_callback, context)
        listeners = self._device_listeners[context]
        listeners.append(update_callback)

        @callback
        def remove_listener() -> None:
            remove()
            listeners.remove(update_callback)

        return remove_listener

    @callback
    @override
    def async_update_listeners(self) -> None:
        """Tell those whose device changed; everybody when the connection came or went."""
        (before, was_connected), self._told = self._told, (self.data, self.last_update_success)
        then, now = before.devices, self.data.devices
        self.changed = tuple(
            device_id for device_id in then.keys() | now.keys() if then.get(device_id) is not now.get(device_id)
        )
        if self.last_update_success != was_connected:
            super().async_update_listeners()
            return
        for context in (None, *self.changed):
            for update_callback in tuple(self._device_listeners.get(context, ())):
                try:
                    update_callback()
                except Exception:  # noqa: BLE001  as in the method this replaces: the others go on
                    LOGGER.exception("Unexpected error telling of a change of %s", self.name)


@contextmanager
def _update_errors() -> Iterator[None]:
    """Turn the client's errors into what Home Assistant does about them.

    A key that is refused is tried again at the next poll: a burst of requests is refused in the same way (api §1.3).
    """
    try:
        yield
    except AmpsLiveAccessDisabledError as err:
        raise ConfigEntryError(translation_domain=DOMAIN, translation_key=translation_key(err)) from err
    except AmpsError as err:
        raise UpdateFailed(
            translation_domain=DOMAIN,
            translation_key=translation_key(err),
            translation_placeholders={"error": str(err)},
            retry_after=err.retry_after if isinstance(err, AmpsRateLimitedError) else None,
        ) from err
