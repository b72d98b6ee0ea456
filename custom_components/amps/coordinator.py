"""Keeps one snapshot of all devices of an account."""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from logging import INFO, WARNING
import math
from random import random
from typing import Final, NamedTuple, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_API_KEY
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryAuthFailed, ConfigEntryError, HomeAssistantError
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator, UpdateFailed
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from .account.action_tracker import ActionTracker
from .account.availability import Availability
from .account.cleanup import Cleanup
from .account.disabled_devices import DisabledDevices
from .account.listeners import Audience, Look
from .account.lists import WAKE_MARGIN, ListReader
from .account.naming import DeviceNames, registered_names
from .account.reads import DeviceReader, outcome_of
from .account.store import AccountStore
from .account.timer import Timer
from .api import (
    CREDENTIAL_CODES,
    AmpsApiError,
    AmpsClient,
    AmpsError,
    AmpsInvalidKeyError,
    AmpsLiveAccessDisabledError,
    AmpsRateLimitedError,
    ListPage,
)
from .api.models import ActionSummary, AnyDevice
from .const import CONF_REQUEST_CEILING, CONF_TEMPO, DEFAULT_TEMPO, DOMAIN, LOGGER, signal_time_jumped
from .errors import translation_key
from .rules import DeviceHealth, DeviceRecord, ReceivedReading, is_newer
from .rules.clock import TOLERANCE, ServiceClock
from .rules.merge import apply_action, drop_times_after, mark_credentials_refused, mark_failed, merge
from .rules.request_limits import GatedTransport, RequestLimits, paused
from .rules.schedule import MINUTE, PollPolicy, min_interval

_JITTER: Final = 0.1
"""How much later than planned lists may be tried again, as a share of the wait: accounts that failed together part."""

_ACCESS: Final[HassKey[dict[str, tuple[str, RequestLimits]]]] = HassKey(f"{DOMAIN}_access")
"""By entry id, the key and what is known of it: that outlives the set-ups that fail for it."""


class _Poll(NamedTuple):
    """What a poll of the lists is for."""

    horizon: float | None = None
    """The moment by which lists have to be due to be read; None for those that are due now."""
    on_demand: bool = False
    """Whether somebody waits for it."""


_POLL: Final[ContextVar[_Poll]] = ContextVar("poll")
"""The poll that Home Assistant's coordinator is asked for."""


@contextmanager
def _polling(*, horizon: float | None = None, on_demand: bool = False) -> Iterator[None]:
    """Tell what polls within the context are for."""
    token = _POLL.set(_Poll(horizon, on_demand))
    try:
        yield
    finally:
        _POLL.reset(token)


type AmpsConfigEntry = ConfigEntry[AmpsCoordinator]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Snapshot:
    """All devices at one moment. An unchanged snapshot stays the same object."""

    devices: Mapping[str, DeviceRecord] = field(default_factory=dict)
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
        self.limits = _limits(hass, entry)
        self.client = client.through(GatedTransport(client.transport, self.limits, dt_util.utcnow, on_demand=True))
        """Asks for what people and automations want now."""
        self.polling_client = client.through(
            GatedTransport(client.transport, self.limits, dt_util.utcnow, on_demand=False)
        )
        """Asks for whatever is due."""
        self.policy = PollPolicy(tempo=entry.options.get(CONF_TEMPO, DEFAULT_TEMPO) * MINUTE)
        self.ceiling: float | None = entry.options.get(CONF_REQUEST_CEILING)
        self.clock = ServiceClock(self.now)
        self.disabled_devices = DisabledDevices(hass, entry)
        self.lists = ListReader(self)
        self.reader = DeviceReader(self)
        self.action_tracker = ActionTracker(self)
        self.availability = Availability(self)
        self.cleanup = Cleanup(self)
        self.requests_last_hour = 0
        """How many requests went out in the hour before the last poll."""
        self._names = DeviceNames(registered_names(hass, entry))
        self.device_names = self._names.by_id
        """What each device is called (design §3)."""
        self.audience = Audience()
        self.store = AccountStore(self)
        self._poll: asyncio.Task[None] | None = None
        """The reading of the lists that somebody asked for out of turn."""
        self._key_checked = -math.inf
        self._probe_timer = Timer(hass, f"{self.name} lists after a pause", self._poll_after_pause)
        entry.async_on_unload(
            async_dispatcher_connect(hass, signal_time_jumped(entry.entry_id), self._forget_service_time)
        )

    # Time: the service's own, never that of the host (design §4).

    def now(self) -> float:
        """Return the present moment, on a clock that only runs forward."""
        return self.hass.loop.time()

    def monotonic_of(self, instant: datetime) -> float:
        """Return the moment of an instant of the service's clock."""
        return self.clock.monotonic_of(instant)

    def time_at(self, moment: float) -> datetime:
        """Return the instant of the service's clock at a moment; before its first answer, that of the epoch."""
        return self.clock.time_at(moment)

    @callback
    def sync_clock(self, served_at: datetime | None) -> None:
        """Learn what time it is at the service from an answer that has just come."""
        if served_at is None or (shift := self.clock.sync(served_at)) is None:
            return
        is_ahead = shift > timedelta(0)  # as after a sleep of the host, too
        LOGGER.log(INFO if is_ahead else WARNING, "%s: the clock of the service was moved by %s", self.name, shift)
        if is_ahead:
            return
        self._drop_wrong_instants()
        self.action_tracker.set_back(self.time_at(self.now()))
        self.lists.read_anew()
        if not self.config_entry.pref_disable_polling:
            self._probe_timer.set(self.now() + WAKE_MARGIN)

    def _drop_wrong_instants(self) -> None:
        """Drop instants that lie ahead of the service's time: a single answer of a wrong one must not win for ever."""
        if not self.clock.may_be_ahead:
            return
        self.clock.may_be_ahead = False
        limit = self.time_at(self.now()) + TOLERANCE
        self.take_in(
            {
                device_id: drop_times_after(record, limit)
                for device_id, record in self.data.devices.items()
                if is_newer(record.capabilities_at, limit) or is_newer(record.state_at, limit)
            }
        )

    @callback
    def _forget_service_time(self, _instant: datetime) -> None:
        """Learn the time anew, since that of a simulated home was moved."""
        self.clock.reset()

    # Polls.

    @override
    async def _async_update_data(self) -> Snapshot:
        poll = _POLL.get(_Poll())
        # Timers inherit the context in which they are set, and the next poll is none that somebody asked for.
        _POLL.set(_Poll())
        self.clock.start_poll()
        try:
            if self.limits.retry_in > 0 and not poll.on_demand:
                if self._is_put_off:
                    return self.data
                raise paused(self.limits)
            await self.lists.async_read_due(poll.horizon, on_demand=poll.on_demand)
        except AmpsError as err:
            raise self._failure(err) from err
        finally:
            # With a key that is given up nothing is polled until there is a new one.
            self.update_interval = None if self.limits.key_invalid else timedelta(seconds=self._until_next_poll())
            self.requests_last_hour = self.limits.requests_last_hour
            self._drop_wrong_instants()
            self._stretch_tempo()
            self.tell_account()
        return self.data

    @property
    def _is_put_off(self) -> bool:
        """Whether a poll in a pause is merely made later, since it was no list that failed: then there is no error."""
        return self.last_update_success and self.data.environment is not None and not self.limits.key_invalid

    def _until_next_poll(self) -> float:
        """Return how long nothing needs to be polled, in seconds."""
        wait = self._until_list()
        if not self.policy.sandbox and not (self.limits.verified and self.lists.complete):
            wait *= 1 + _JITTER * random()  # noqa: S311  no secret
        retry_in = self.limits.retry_in
        return max(wait, retry_in + WAKE_MARGIN if retry_in else WAKE_MARGIN)

    def _until_list(self) -> float:
        """Return how many seconds no list is to be read; while it is open whether any is answered, may be read."""
        if self.limits.verified:
            return self.lists.next_due - self.now()
        return max(self.lists.next_probe - self.now(), self.limits.retry_in)

    @property
    def longest_backoff(self) -> float | None:
        """How many seconds to wait at most before a list is tried again, None before any was answered."""
        return None if self.data.environment is None else self.policy.list_interval

    def _stretch_tempo(self) -> None:
        """Allow readings to become as old as the ceiling of requests makes them (design §4)."""
        if self.ceiling is None:
            return
        apart = min_interval(self.ceiling, self.lists.per_hour)
        self.policy = replace(self.policy, stretched_tempo=apart * len(self.data.devices))

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
        if self.lists.next_due <= moment:
            with _polling(horizon=moment):
                await super().async_refresh()

    @override
    async def async_refresh(self) -> None:
        """Read all lists, since somebody asks; polls that are due are none of this."""
        with _polling(on_demand=True):
            await super().async_refresh()

    @override
    async def async_request_refresh(self) -> None:
        """Read all lists soon, since somebody asks; several who do so at once are served together."""
        with _polling(on_demand=True):
            await super().async_request_refresh()

    # Trouble.

    async def async_verify_key(self, sent: float = math.inf) -> None:
        """Find out whose key was refused by a request sent at a moment, since a list would tell (api §8.2).

        Any list that was answered since then tells, and many refusals at once are asked about once. Raises AmpsError
        when no list is answered.
        """
        now = self.now()
        if self.lists.answered_since(sent) or now - self._key_checked < MINUTE:
            return
        self._key_checked = now
        try:
            await self.lists.async_probe(self.client)
        finally:
            self._plan_probe()

    async def async_handle_error(self, err: AmpsError) -> None:
        """Heed what an error of a request that is no list means for all requests of the account."""
        if isinstance(err, AmpsRateLimitedError):
            self.limits.rate_limited(err)
            self._plan_probe()
        elif isinstance(err, AmpsInvalidKeyError):
            with suppress(AmpsError):
                await self.async_verify_key()

    def _plan_probe(self) -> None:
        """Have a list read after the pause, long before the next poll may be due, unless nobody wants any polls.

        One with a key that is given up asks nobody but the person who has to give a new one.
        """
        if self.limits.key_invalid:
            self._probe_timer.set(self.now())
        elif not self.limits.verified and not self.config_entry.pref_disable_polling:
            self._probe_timer.set(self.now() + self.limits.retry_in + WAKE_MARGIN)

    @callback
    def _poll_after_pause(self) -> None:
        _ = self.config_entry.async_create_background_task(
            self.hass, super().async_refresh(), f"{self.name} lists after a pause"
        )

    @callback
    def on_list_success(self, listing: ListPage) -> None:
        """Note that a list was answered: the key is good, and what waited for that may go on."""
        answer = listing.answer
        if answer.served_at is not None:
            self.sync_clock(answer.served_at + listing.span)
        if answer.environment is not None and answer.environment != self.data.environment:
            self._enter(answer.environment)
        was_proven = self.limits.verified
        self.limits.key_accepted()
        if self.limits.verified and not was_proven:
            self.reader.resume()
            self.action_tracker.resume()

    def _enter(self, environment: str) -> None:
        """Go at the pace of the environment, which a key never changes (api §1.2)."""
        self.data = Snapshot(devices=self.data.devices, environment=environment)
        self.policy = replace(self.policy, sandbox=environment == "sandbox")

    def _failure(self, err: AmpsError) -> HomeAssistantError:
        """Return what Home Assistant is to do about an error of all lists."""
        key = translation_key(err)
        placeholders = {"error": str(err)}
        if self.limits.key_invalid:
            return ConfigEntryAuthFailed(
                translation_domain=DOMAIN, translation_key=key, translation_placeholders=placeholders
            )
        if isinstance(err, AmpsLiveAccessDisabledError):
            return ConfigEntryError(
                translation_domain=DOMAIN, translation_key=key, translation_placeholders=placeholders
            )
        # One list may have to wait for long: that must not hold up the others.
        is_timed = self.limits.retry_in > 0 or err.retry_after is not None
        return UpdateFailed(
            translation_domain=DOMAIN,
            translation_key=key,
            translation_placeholders=placeholders,
            retry_after=max(self._until_list(), 0.0) + WAKE_MARGIN if is_timed else None,
        )

    # What is known.

    @callback
    def apply_reading(self, received: ReceivedReading) -> DeviceRecord:
        """Take in a single reading and return what is known now."""
        device_id = received.reading.device.id
        record = merge(self.data.devices.get(device_id), received)
        self.take_in({device_id: record})
        return record

    @callback
    def apply_read_error(self, device_id: str, err: AmpsApiError) -> None:
        """Take in that a single reading was refused for good, or for the owner's link to the manufacturer."""
        if (record := self.data.devices.get(device_id)) is None:
            return
        if err.code in CREDENTIAL_CODES:
            refused = mark_credentials_refused(record, err.code)
        else:
            refused = mark_failed(record, err.code, err.served_at or self.time_at(self.now()))
        self.take_in({device_id: refused})

    @callback
    def apply_action(self, device_id: str, action: ActionSummary) -> None:
        """Take in an answer about an action of a device."""
        if record := self.data.devices.get(device_id):
            self.take_in({device_id: apply_action(record, action)})

    @callback
    def forget(self, device_id: str) -> None:
        """Forget a device that is gone for good."""
        devices = {id_: record for id_, record in self.data.devices.items() if id_ != device_id}
        self.data = Snapshot(devices=devices, environment=self.data.environment)
        for each in (self.lists, self.reader, self.action_tracker, self.availability, self.store):
            each.forget(device_id)
        self._names.remove(device_id)
        self.tell_all(device_id)

    @callback
    def assign_names(self, devices: Iterable[AnyDevice]) -> None:
        """Name devices that have no name yet: of equal ones met together the first by id has the shortest."""
        self._names.add(devices)

    @callback
    def take_in(self, news: Mapping[str, DeviceRecord]) -> None:
        """Put what changed into a new snapshot and tell of it."""
        before = self.data.devices
        changed = {
            device_id: record if device_id in before else self.store.restore(record)
            for device_id, record in news.items()
            if before.get(device_id) is not record
        }
        if not changed:
            return
        self.data = Snapshot(devices={**before, **changed}, environment=self.data.environment)
        self.assign_names(record.device for device_id, record in changed.items() if device_id not in before)
        for device_id, record in changed.items():
            self._log_verdict(before.get(device_id), record)
        turned = self.availability.judge(changed)
        self.reader.observe(before, changed)
        declared = {device_id for device_id, record in changed.items() if _declares_anew(before.get(device_id), record)}
        if declared:
            self.audience.tell_of_capabilities(declared)
        self.audience.tell_news(changed)
        for device_id in changed:
            everybody = device_id in turned or device_id in declared
            self.audience.tell(device_id, self.data.devices.get(device_id), everybody=everybody)
        self.action_tracker.observe(before, changed)

    def _log_verdict(self, before: DeviceRecord | None, after: DeviceRecord) -> None:
        """Say once when trouble with a device starts, and once when it ends."""
        was, is_ = _trouble(before), _trouble(after)
        if (was is None) == (is_ is None):
            return
        name = self.device_names[after.device.id]
        if is_ is None:
            LOGGER.info("%s: %s can be read again", self.name, name)
        else:
            LOGGER.info("%s: %s cannot be read: %s", self.name, name, is_)

    # Who is told.

    @callback
    @override
    def async_add_listener(self, update_callback: CALLBACK_TYPE, context: Look | None = None) -> Callable[[], None]:
        """Listen for what one looks at, or without that for what is about the account as a whole: polls and plans."""
        record = self.data.devices.get(context.device_id) if context else None
        remove_look = self.audience.add(update_callback, context, record)
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
        self.action_tracker.shutdown()
        self.availability.shutdown()
        self._probe_timer.stop()


def _trouble(record: DeviceRecord | None) -> str | None:
    """Return what keeps a device from being read, None if nothing does."""
    if record is None or (record.failure is None and record.credential_refusals is None):
        return None
    health = None if record.health is DeviceHealth.OK else record.health.value
    return record.error_code or record.relink_code or health


def _declares_anew(before: DeviceRecord | None, after: DeviceRecord) -> bool:
    return before is None or before.reading.capabilities != after.reading.capabilities


def _limits(hass: HomeAssistant, entry: AmpsConfigEntry) -> RequestLimits:
    """Return what is known of the entry's key: a set-up that failed for it must not be a fresh start.

    One after the key was given up is, since somebody may have made it good.
    """
    record = hass.data.setdefault(_ACCESS, {})
    key = entry.data.get(CONF_API_KEY, "")
    before, limits = record.get(entry.entry_id, (None, None))
    if limits is None or before != key or limits.key_invalid:
        limits = RequestLimits(hass.loop.time)
        record[entry.entry_id] = key, limits
    return limits


@callback
def forget_limits(hass: HomeAssistant, entry: AmpsConfigEntry) -> None:
    """Forget the key of an entry that is removed, and what is known of it."""
    hass.data.get(_ACCESS, {}).pop(entry.entry_id, None)
