"""Keeps one snapshot of all devices of an account."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
import math
from random import random
from typing import Final, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_API_KEY
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryAuthFailed, ConfigEntryError, HomeAssistantError
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator, UpdateFailed
from homeassistant.util.async_ import create_eager_task
from homeassistant.util.hass_dict import HassKey

from .alarm import Alarm
from .api import (
    AmpsApiError,
    AmpsClient,
    AmpsError,
    AmpsInvalidKeyError,
    AmpsLiveAccessDisabledError,
    AmpsRateLimitedError,
    Listing,
    Reading,
    Roster,
    read_listing,
)
from .api.models import DEVICE_CLASSES, ActionSummary, AnyDevice
from .const import CONF_REQUEST_CEILING, CONF_TEMPO, DEFAULT_TEMPO, DOMAIN, LOGGER
from .errors import translation_key
from .following import ActionFollower
from .naming import device_names
from .presence import Presence
from .reads import DeviceReader, outcome_of
from .retrieval import Heard, Known, Verdict, is_newer
from .retrieval.access import Access, Gate, paused
from .retrieval.due import HOUR, MINUTE, Pace, next_list
from .retrieval.merge import hear_of, merge, miss, refuse

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

_JITTER: Final = 0.1
"""How much later than planned a list may be tried again, as a share of the wait: accounts that failed together part."""
_WAKE_MARGIN: Final = 1.0
"""Seconds; the timer of polls may go off that much before the end of a pause."""

_ACCESS: Final[HassKey[dict[str, tuple[str, Access]]]] = HassKey(f"{DOMAIN}_access")
"""By entry id, the key and what is known of it: that outlives the set-ups that fail for it."""

_HORIZON: Final[ContextVar[float | None]] = ContextVar("horizon", default=None)
"""The moment by which lists have to be due to be read, for polls that nobody asked for in person."""

type AmpsConfigEntry = ConfigEntry[AmpsCoordinator]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Snapshot:
    """All devices at one moment. An unchanged snapshot stays the same object."""

    devices: Mapping[str, Known] = field(default_factory=dict)
    """By device id, which is unique over the types."""
    environment: str | None = None
    """`sandbox` or `live`."""


@dataclass(slots=True)
class _List:
    """How the reading of one type's list goes."""

    roster: Roster = field(default_factory=Roster)
    asked: float = -math.inf
    failures: int = 0
    observed: datetime | None = None
    """When the service built the last one, by its own clock."""
    arrived: float = -math.inf
    error: AmpsError | None = None
    """Why it could not be read the last time, if it could not."""
    told: bool = False
    """Whether the log says that it cannot be read."""
    absent: frozenset[str] = frozenset()
    """Devices that are known and not on it."""


class AmpsCoordinator(DataUpdateCoordinator[Snapshot]):
    """Polls the lists of an account, and tells each entity only of its own device.

    What is asked when is decided by `retrieval`, which knows neither Home Assistant nor the clock; single reads go
    through `reader`.
    """

    config_entry: AmpsConfigEntry

    def __init__(self, hass: HomeAssistant, entry: AmpsConfigEntry, client: AmpsClient) -> None:
        """Remember whom to ask; the pace is known once the service has told its environment."""
        super().__init__(hass, LOGGER, config_entry=entry, name=entry.title, always_update=False)
        self.data = Snapshot()
        self.client = client
        self.access = _access(hass, entry)
        client.transport = Gate(client.transport, self.access)
        self.pace = Pace(tempo=entry.options.get(CONF_TEMPO, DEFAULT_TEMPO) * MINUTE)
        self.ceiling: float | None = entry.options.get(CONF_REQUEST_CEILING)
        self.reader = DeviceReader(self)
        self.follower = ActionFollower(self)
        self.presence = Presence(self)
        self.push_locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        """One command at a time for each device (design §6)."""
        self.device_names: Mapping[str, str] = {}
        """What each device is called (design §3)."""
        self.changed: tuple[str, ...] = ()
        """The devices whose change listeners are being told of."""
        self.requests_last_hour = 0
        """How many requests went out in the hour before the last poll."""
        self._lists: Mapping[type[AnyDevice], _List] = {device_class: _List() for device_class in DEVICE_CLASSES}
        self._poll: asyncio.Task[None] | None = None
        """The reading of the lists that somebody asked for out of turn."""
        self._device_listeners: defaultdict[object, list[CALLBACK_TYPE]] = defaultdict(list)
        self._service_time: tuple[datetime, float] | None = None
        self._stale: frozenset[str] = frozenset()
        """The devices whose readings are too old, as their listeners were told."""
        self._age_alarm = Alarm(hass, f"{self.name} ages", self._look_at_ages)
        self._doubt_alarm = Alarm(hass, f"{self.name} key in doubt", self._poll_in_doubt)

    # Time: the service's own, never that of the host (design §4).

    def now(self) -> float:
        """Return the present moment, on a clock that only runs forward."""
        return self.hass.loop.time()

    def moment_of(self, instant: datetime) -> float:
        """Return the moment of an instant of the service's clock."""
        if self._service_time is None:
            return self.now()
        observed, arrived = self._service_time
        return arrived + (instant - observed).total_seconds()

    def instant_of(self, moment: float) -> datetime:
        """Return the instant of the service's clock at a moment; before its first answer, that of the epoch."""
        if self._service_time is None:
            return EPOCH
        observed, arrived = self._service_time
        return observed + timedelta(seconds=moment - arrived)

    @callback
    def note_service_time(self, observed: datetime | None) -> None:
        """Learn what time it is at the service from an answer that has just come."""
        if observed is not None:
            self._service_time = observed, self.now()

    def age(self, known: Known) -> float:
        """Return how old the state of a device is, in seconds."""
        if known.read_moment is None or known.instant is None:
            return math.inf
        now = self.now()
        age = now - known.read_moment
        # A service whose clock stands still says the same again without being any older.
        seen = self._lists[type(known.device)]
        if seen.observed is not None and known.absence is None and not is_newer(known.capable, seen.observed):
            age = min(age, (seen.observed - known.instant).total_seconds() + now - seen.arrived)
        return max(age, 0.0)

    def is_available(self, device_id: str) -> bool:
        """Return whether the state of a device may be shown as its present one (design §4)."""
        known = self.data.devices.get(device_id)
        return known is not None and known.sound and device_id not in self._stale

    # Lists.

    @override
    async def _async_update_data(self) -> Snapshot:
        try:
            await self._see_whether_to_ask()
            await self._read_lists()
        except AmpsError as err:
            raise self._failure(err) from err
        finally:
            # With a key that is given up nothing is polled until there is a new one.
            self.update_interval = None if self.access.rejected else timedelta(seconds=self._until_next_poll())
            self.requests_last_hour = self.access.requests_last_hour
            self.tell_account()
        return self.data

    async def _see_whether_to_ask(self) -> None:
        """Raise AmpsError when no list can be asked for now."""
        try:
            if self.access.pause > 0:
                raise paused(self.access)
            if self.access.doubtful:
                await self.async_check_key()
        except AmpsError as err:
            for seen in self._lists.values():
                seen.error = err
            raise

    async def _read_lists(self) -> None:
        """Read the lists that are due, all of them when a person asks out of turn; one that fails costs no other."""
        horizon = _HORIZON.get()
        due_by = max(self.now() + _WAKE_MARGIN, -math.inf if horizon is None else horizon)
        due = [each for each in DEVICE_CLASSES if self._next_list(each) <= due_by]
        if not due and horizon is None:
            due = list(DEVICE_CLASSES)
        LOGGER.debug("%s: reading the lists of %s", self.name, ", ".join(each.label for each in due))
        # Eager: what answers without waiting costs no turn of the event loop.
        reads = [create_eager_task(self._read_list(each)) for each in due]
        try:
            outcomes = [await read for read in reads]
        finally:
            for read in reads:
                read.cancel()
        failure = next((outcome for outcome in outcomes if outcome is not None), None)
        if failure is not None and all(seen.failures for seen in self._lists.values()):
            raise failure
        for device_class, failure in zip(due, outcomes, strict=True):
            seen = self._lists[device_class]
            if (failure is not None) is seen.told:
                continue
            seen.told = not seen.told
            if failure is None:
                LOGGER.info("%s: the list of type %s can be read again", self.name, device_class.label)
            else:
                LOGGER.warning("%s: the list of type %s cannot be read: %s", self.name, device_class.label, failure)

    async def _read_list(self, device_class: type[AnyDevice]) -> AmpsError | None:
        """Read a list and take it in as it comes; return what went wrong."""
        seen = self._lists[device_class]
        try:
            listing = await self.client.list_devices(device_class, seen.roster.items)
            self._note_granted(listing)
            roster, readings = await read_listing(device_class, listing, seen.roster)
        except AmpsError as err:
            seen.asked, seen.failures, seen.error = self.now(), seen.failures + 1, err
            self.heed(err)
            return err
        self._enter(listing.answer.environment)
        if roster.unreadable > seen.roster.unreadable:
            LOGGER.warning("%s: %s items of a list could not be read and are left out", self.name, roster.unreadable)
        self._take_list(device_class, listing, roster, readings)
        return None

    def _take_list(
        self, device_class: type[AnyDevice], listing: Listing, roster: Roster, readings: Mapping[str, Reading]
    ) -> None:
        """Put a complete list together with what is known."""
        seen, now, devices = self._lists[device_class], self.now(), self.data.devices
        changed: dict[str, Known] = {}
        for device_id, reading in readings.items():
            heard = Heard(reading=reading, moment=now, sandbox=self.pace.sandbox, single=False)
            changed[device_id] = merge(devices.get(device_id), heard)
        if roster is not seen.roster or seen.absent:
            seen.absent = frozenset(
                device_id
                for device_id, known in devices.items()
                if type(known.device) is device_class and device_id not in roster.devices
            )
            changed |= {device_id: miss(devices[device_id], now) for device_id in seen.absent}
        seen.roster, seen.asked, seen.failures, seen.error = roster, now, 0, None
        seen.observed, seen.arrived = listing.answer.observed, now
        self._take_in(changed)

    def _enter(self, environment: str | None) -> None:
        """Go at the pace of the environment, which a key never changes (api §1.2)."""
        if environment is None or environment == self.data.environment:
            return
        self.data = Snapshot(devices=self.data.devices, environment=environment)
        self.pace = Pace(sandbox=environment == "sandbox", tempo=self.pace.tempo)

    def _next_list(self, device_class: type[AnyDevice]) -> float:
        seen = self._lists[device_class]
        return next_list(seen.asked, seen.failures, self.pace, empty=not seen.roster.devices and not seen.absent)

    @property
    def unreadable(self) -> int:
        """How many items of the lists could not be read."""
        return sum(seen.roster.unreadable for seen in self._lists.values())

    @property
    def lists_complete(self) -> bool:
        """Whether all lists could be read the last time."""
        return all(seen.error is None for seen in self._lists.values())

    def lists_read_since(self, moment: float) -> bool:
        """Return whether all lists were read after a moment."""
        return all(seen.arrived > moment for seen in self._lists.values())

    @property
    def lists_per_hour(self) -> float:
        """How many lists are asked for in an hour, at the usual pace."""
        return HOUR / self.pace.list_interval * sum(1 for seen in self._lists.values() if seen.roster.devices)

    def _until_next_poll(self) -> float:
        """Return how long nothing needs to be polled, in seconds."""
        wait = min(map(self._next_list, DEVICE_CLASSES)) - self.now()
        if not self.pace.sandbox and any(seen.failures for seen in self._lists.values()):
            wait *= 1 + _JITTER * random()  # noqa: S311  no secret
        pause = self.access.pause
        return max(wait, pause + _WAKE_MARGIN if pause else 0.0, _WAKE_MARGIN)

    async def async_poll(self, device_class: type[AnyDevice]) -> None:
        """Read the lists out of turn, once for all who ask meanwhile; raise AmpsError if that of a type failed."""
        if self._poll is None or self._poll.done():
            self._poll = self.config_entry.async_create_background_task(
                self.hass, self.async_refresh(), f"{self.name} lists on demand"
            )
        await outcome_of(self._poll)
        if (error := self._lists[device_class].error) is not None:
            raise error

    async def async_poll_before(self, moment: float) -> None:
        """Read the lists that are due by a moment: what others had read shows there and need not be read again."""
        if min(map(self._next_list, DEVICE_CLASSES)) > moment:
            return
        token = _HORIZON.set(moment)
        try:
            await self.async_refresh()
        finally:
            _HORIZON.reset(token)

    # Trouble.

    async def async_clear_up(self) -> None:
        """Find out whose key was refused elsewhere, since a list would tell (api §8.2); raise AmpsError if it is ours.

        Then it is asked for again after the pause, long before the next poll may be due.
        """
        try:
            await self.async_check_key()
        except AmpsInvalidKeyError:
            self._doubt_alarm.set(self.now() + (0 if self.access.rejected else self.access.pause + _WAKE_MARGIN))
            raise

    async def async_heed_elsewhere(self, err: AmpsError) -> None:
        """Heed what an error of a request that is no list means for all requests of the account."""
        if isinstance(err, AmpsRateLimitedError):
            self.access.limited(err)
        elif isinstance(err, AmpsInvalidKeyError):
            with suppress(AmpsError):
                await self.async_clear_up()

    @callback
    def _poll_in_doubt(self) -> None:
        self._poll = self.config_entry.async_create_background_task(
            self.hass, self.async_refresh(), f"{self.name} lists in doubt"
        )

    async def async_check_key(self) -> None:
        """Ask for one page of a list, where nobody but Amps itself can refuse the key; raise what it says."""
        try:
            listing = await self.client.check(DEVICE_CLASSES[0])
        except AmpsError as err:
            self.heed(err)
            raise
        self._note_granted(listing)

    def _note_granted(self, listing: Listing) -> None:
        """Note that a list was answered: the key is good, and what waited for that may go on."""
        self.note_service_time(listing.answer.observed)
        was_doubtful = self.access.doubtful
        self.access.granted()
        if was_doubtful:
            self.reader.resume()
            self.follower.resume()

    @callback
    def heed(self, err: AmpsError) -> None:
        """Heed what an error means for all requests of the account; one about the key has to come from a list."""
        if isinstance(err, AmpsRateLimitedError):
            self.access.limited(err)
        elif isinstance(err, AmpsInvalidKeyError):
            self.access.refused(err)

    def _failure(self, err: AmpsError) -> HomeAssistantError:
        """Return what Home Assistant is to do about an error of all lists."""
        key = translation_key(err)
        placeholders = {"error": str(err)}
        if self.access.rejected:
            return ConfigEntryAuthFailed(
                translation_domain=DOMAIN, translation_key=key, translation_placeholders=placeholders
            )
        if isinstance(err, AmpsLiveAccessDisabledError):
            return ConfigEntryError(
                translation_domain=DOMAIN, translation_key=key, translation_placeholders=placeholders
            )
        return UpdateFailed(
            translation_domain=DOMAIN,
            translation_key=key,
            translation_placeholders=placeholders,
            retry_after=pause + _WAKE_MARGIN if (pause := self.access.pause) else None,
        )

    # What is known.

    @callback
    def hear(self, heard: Heard) -> Known:
        """Take in a single reading and return what is known now."""
        device_id = heard.reading.device.id
        known = merge(self.data.devices.get(device_id), heard)
        self._take_in({device_id: known})
        return known

    @callback
    def hear_refused(self, device_id: str, err: AmpsApiError) -> None:
        """Take in that a single reading was refused for good."""
        if known := self.data.devices.get(device_id):
            observed = err.observed or self.instant_of(self.now())
            self._take_in({device_id: refuse(known, err.code, observed)})

    @callback
    def hear_of(self, device_id: str, action: ActionSummary) -> None:
        """Take in an answer about an action of a device."""
        if known := self.data.devices.get(device_id):
            self._take_in({device_id: hear_of(known, action)})

    @callback
    def forget(self, device_id: str) -> None:
        """Forget a device that is gone for good."""
        devices = {id_: known for id_, known in self.data.devices.items() if id_ != device_id}
        self.data = Snapshot(devices=devices, environment=self.data.environment)
        for seen in self._lists.values():
            seen.absent -= {device_id}
        self.reader.forget(device_id)
        self.follower.forget(device_id)
        self._stale -= {device_id}
        self._tell((device_id,))

    def _take_in(self, news: Mapping[str, Known]) -> None:
        """Put what changed into a new snapshot and tell of it."""
        before = self.data.devices
        changed = {device_id: known for device_id, known in news.items() if before.get(device_id) is not known}
        if not changed:
            self._tell_of_ages(self._stale)
            return
        devices = {**before, **changed}
        if len(devices) != len(before):
            self.device_names = device_names((known.device for known in devices.values()), self.device_names)
        self.data = Snapshot(devices=devices, environment=self.data.environment)
        for device_id, known in changed.items():
            self._log_verdict(before.get(device_id), known)
        self.reader.reconsider(changed)
        self._watch_ages()
        self._stale -= changed.keys()
        self._stale |= {device_id for device_id, known in changed.items() if self.age(known) > self.pace.age_limit}
        self._tell(changed)
        self.follower.observe(before, changed)

    def _log_verdict(self, before: Known | None, after: Known) -> None:
        """Say once when trouble with a device starts, and once when it ends."""
        was, is_ = before.verdict if before else Verdict.OK, after.verdict
        if (was is Verdict.OK) == (is_ is Verdict.OK):
            return
        name = self.device_names[after.device.id]
        if is_ is Verdict.OK:
            LOGGER.info("%s: %s can be read again", self.name, name)
        else:
            LOGGER.info("%s: %s cannot be read: %s", self.name, name, after.error_code or is_.value)

    # Who is told.

    @callback
    @override
    def async_add_listener(self, update_callback: CALLBACK_TYPE, context: object = None) -> Callable[[], None]:
        """Listen for changes of one device, whose id is the context, or of anything when there is none.

        With the id of the entry, listen for polls and for other plans: what is about the account as a whole.
        """
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
        """Tell those who listen to no device in particular; the others were told as the answers came."""
        self._tell(())

    def _tell(self, device_ids: Iterable[str]) -> None:
        outer, self.changed = self.changed, tuple(device_ids)
        for context in (None, *self.changed):
            self._tell_those(context)
        self.changed = outer  # whoever is told may cause a change, and the others are still to be told of the first

    @callback
    def tell_account(self) -> None:
        """Tell those who listen to the account as a whole."""
        self._tell_those(self.config_entry.entry_id)

    def _tell_those(self, context: object) -> None:
        for update_callback in tuple(self._device_listeners.get(context, ())):
            try:
                update_callback()
            except Exception:  # noqa: BLE001  as in the method this stands for: the others go on
                LOGGER.exception("Unexpected error telling of a change of %s", self.name)

    # Age, which makes readings unavailable without any answer.

    def _watch_ages(self) -> None:
        """Look again when the first reading becomes too old, unless that is planned already."""
        if self._age_alarm.moment < math.inf:
            return
        ages = [age for known in self.data.devices.values() if (age := self.age(known)) <= self.pace.age_limit]
        if ages:
            self._age_alarm.set(self.now() + self.pace.age_limit - max(ages) + _WAKE_MARGIN)

    @callback
    def _look_at_ages(self) -> None:
        self._watch_ages()
        self._tell_of_ages(self.data.devices)

    def _tell_of_ages(self, device_ids: Iterable[str]) -> None:
        """Tell of devices that became too old, or fresh again, without any news of them."""
        limit, devices = self.pace.age_limit, self.data.devices
        turned = {
            device_id
            for device_id in device_ids
            if (self.age(devices[device_id]) > limit) is not (device_id in self._stale)
        }
        if turned:
            self._stale ^= turned
            self._tell(turned)

    @override
    async def async_shutdown(self) -> None:
        await super().async_shutdown()
        self.reader.shutdown()
        self.follower.shutdown()
        self._age_alarm.stop()
        self._doubt_alarm.stop()


def _access(hass: HomeAssistant, entry: ConfigEntry) -> Access:
    """Return what is known of the entry's key: a set-up that failed for it must not be a fresh start.

    One after the key was given up is, since somebody may have made it good.
    """
    known = hass.data.setdefault(_ACCESS, {})
    key = entry.data.get(CONF_API_KEY, "")
    before, access = known.get(entry.entry_id, (None, None))
    if access is None or before != key or access.rejected:
        access = Access(hass.loop.time)
        known[entry.entry_id] = key, access
    return access


@callback
def forget_access(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Forget the key of an entry that is removed, and what is known of it."""
    hass.data.get(_ACCESS, {}).pop(entry.entry_id, None)
