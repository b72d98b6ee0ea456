"""Keeps one snapshot of all devices of an account."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_API_KEY
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryAuthFailed, ConfigEntryError, HomeAssistantError
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator, UpdateFailed
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
)
from .api.models import DEVICE_CLASSES, ActionSummary, AnyDevice
from .audience import Audience, Look
from .availability import Availability
from .const import CONF_REQUEST_CEILING, CONF_TEMPO, DEFAULT_TEMPO, DOMAIN, LOGGER
from .errors import translation_key
from .following import ActionFollower
from .lists import WAKE_MARGIN, ListReader
from .naming import DeviceNames
from .presence import Presence
from .reads import DeviceReader, outcome_of
from .retrieval import Heard, Known, Verdict
from .retrieval.access import Access, Gate, paused
from .retrieval.due import MINUTE, Pace
from .retrieval.merge import hear_of, merge, refuse

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

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


class AmpsCoordinator(DataUpdateCoordinator[Snapshot]):
    """Puts together what is heard of the devices of an account, and has everybody told who looks at what changed.

    What is asked when is decided by `retrieval`, which knows neither Home Assistant nor the clock; it is asked by
    `lists`, `reader` and `follower`.
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
        self.lists = ListReader(self)
        self.reader = DeviceReader(self)
        self.follower = ActionFollower(self)
        self.availability = Availability(self)
        self.presence = Presence(self)
        self.push_locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        """One command at a time for each device (design §6)."""
        self.requests_last_hour = 0
        """How many requests went out in the hour before the last poll."""
        self._names = DeviceNames()
        self.device_names = self._names.by_id
        """What each device is called (design §3)."""
        self.audience = Audience()
        self._poll: asyncio.Task[None] | None = None
        """The reading of the lists that somebody asked for out of turn."""
        self._service_time: tuple[datetime, float] | None = None
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

    # Polls.

    @override
    async def _async_update_data(self) -> Snapshot:
        try:
            await self._see_whether_to_ask()
            await self.lists.async_read_due(_HORIZON.get())
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
            self.lists.note_not_asked(err)
            raise

    def _until_next_poll(self) -> float:
        """Return how long nothing needs to be polled, in seconds."""
        pause = self.access.pause
        return max(self.lists.until_next(), pause + WAKE_MARGIN if pause else 0.0)

    async def async_poll(self, device_class: type[AnyDevice]) -> None:
        """Read the lists out of turn, once for all who ask meanwhile; raise AmpsError if that of a type failed."""
        if self._poll is None or self._poll.done():
            self._poll = self.config_entry.async_create_background_task(
                self.hass, self.async_refresh(), f"{self.name} lists on demand"
            )
        await outcome_of(self._poll)
        if (error := self.lists.error_of(device_class)) is not None:
            raise error

    async def async_poll_before(self, moment: float) -> None:
        """Read the lists that are due by a moment: what others had read shows there and need not be read again."""
        if self.lists.next_moment > moment:
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
            self._doubt_alarm.set(self.now() + (0 if self.access.rejected else self.access.pause + WAKE_MARGIN))
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
        self.note_granted(listing)

    @callback
    def note_granted(self, listing: Listing) -> None:
        """Note that a list was answered: the key is good, and what waited for that may go on."""
        answer = listing.answer
        if answer.observed is not None:
            self.note_service_time(answer.observed + listing.span)
        if answer.environment is not None and answer.environment != self.data.environment:
            self._enter(answer.environment)
        was_doubtful = self.access.doubtful
        self.access.granted()
        if was_doubtful:
            self.reader.resume()
            self.follower.resume()

    def _enter(self, environment: str) -> None:
        """Go at the pace of the environment, which a key never changes (api §1.2)."""
        self.data = Snapshot(devices=self.data.devices, environment=environment)
        self.pace = Pace(sandbox=environment == "sandbox", tempo=self.pace.tempo)

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
            retry_after=pause + WAKE_MARGIN if (pause := self.access.pause) else None,
        )

    # What is known.

    @callback
    def hear(self, heard: Heard) -> Known:
        """Take in a single reading and return what is known now."""
        device_id = heard.reading.device.id
        known = merge(self.data.devices.get(device_id), heard)
        self.take_in({device_id: known})
        return known

    @callback
    def hear_refused(self, device_id: str, err: AmpsApiError) -> None:
        """Take in that a single reading was refused for good."""
        if known := self.data.devices.get(device_id):
            observed = err.observed or self.instant_of(self.now())
            self.take_in({device_id: refuse(known, err.code, observed)})

    @callback
    def hear_of(self, device_id: str, action: ActionSummary) -> None:
        """Take in an answer about an action of a device."""
        if known := self.data.devices.get(device_id):
            self.take_in({device_id: hear_of(known, action)})

    @callback
    def forget(self, device_id: str) -> None:
        """Forget a device that is gone for good."""
        devices = {id_: known for id_, known in self.data.devices.items() if id_ != device_id}
        self.data = Snapshot(devices=devices, environment=self.data.environment)
        for each in (self.lists, self.reader, self.follower, self.availability):
            each.forget(device_id)
        self._names.remove(device_id)
        self.tell_all(device_id)

    @callback
    def meet(self, devices: Iterable[AnyDevice]) -> None:
        """Name devices that have no name yet: of equal ones met together the first by id has the shortest."""
        self._names.add(devices)

    @callback
    def take_in(self, news: Mapping[str, Known]) -> None:
        """Put what changed into a new snapshot and tell of it."""
        before = self.data.devices
        changed = {device_id: known for device_id, known in news.items() if before.get(device_id) is not known}
        if not changed:
            return
        self.data = Snapshot(devices={**before, **changed}, environment=self.data.environment)
        self.meet(known.device for device_id, known in changed.items() if device_id not in before)
        for device_id, known in changed.items():
            self._log_verdict(before.get(device_id), known)
        turned = self.availability.judge(changed)
        self.reader.observe(before, changed)
        declared = {device_id for device_id, known in changed.items() if _declares_anew(before.get(device_id), known)}
        if declared:
            self.audience.tell_of_capabilities(declared)
        self.audience.tell_news(changed)
        for device_id in changed:
            everybody = device_id in turned or device_id in declared
            self.audience.tell(device_id, self.data.devices.get(device_id), everybody=everybody)
        self.follower.observe(before, changed)

    def _log_verdict(self, before: Known | None, after: Known) -> None:
        """Say once when trouble with a device starts, and once when it ends."""
        if after.failure is None:
            return
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
    def async_add_listener(self, update_callback: CALLBACK_TYPE, context: Look | None = None) -> Callable[[], None]:
        """Listen for what one looks at, or without that for what is about the account as a whole: polls and plans."""
        known = self.data.devices.get(context.device_id) if context else None
        remove_look = self.audience.add(update_callback, context, known)
        remove = super().async_add_listener(update_callback, context)

        @callback
        def remove_listener() -> None:
            remove()
            remove_look()

        return remove_listener

    @callback
    @override
    def async_update_listeners(self) -> None:
        """Tell nobody after a poll: all were told as the answers came."""

    @callback
    def tell_account(self) -> None:
        """Tell those who listen to the account as a whole."""
        self.audience.tell_account()

    @callback
    def tell_all(self, device_id: str) -> None:
        """Tell everybody who looks at a device, whatever they see."""
        self.audience.tell(device_id, self.data.devices.get(device_id), everybody=True)

    @override
    async def async_shutdown(self) -> None:
        await super().async_shutdown()
        self.reader.shutdown()
        self.follower.shutdown()
        self.availability.shutdown()
        self._doubt_alarm.stop()


def _declares_anew(before: Known | None, after: Known) -> bool:
    return before is None or before.reading.capabilities != after.reading.capabilities


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
