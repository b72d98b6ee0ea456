"""The coordinator of an account: composes its parts, schedules the polls, turns errors into Home Assistant's."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import replace
from datetime import timedelta
from random import random
from typing import Final, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryAuthFailed, ConfigEntryError, HomeAssistantError
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator, UpdateFailed

from .account.action_events import ActionEvents
from .account.action_tracker import ActionTracker
from .account.availability import Availability
from .account.cleanup import Cleanup
from .account.deliveries import Deliveries
from .account.device_events import DeviceEvents
from .account.error_handler import ErrorHandler
from .account.follow_ups import FollowUps
from .account.issues import AccountIssues
from .account.listeners import DeviceContext
from .account.lists import WAKE_MARGIN, ListReader
from .account.read_scheduler import ReadScheduler
from .account.reads import DeviceReader, result_of
from .account.state import AccountState
from .account.store import AccountStore
from .account.windows import WindowTracker
from .api import AmpsClient, AmpsError, AmpsLiveAccessDisabledError
from .api.models import AnyDevice
from .const import DOMAIN, LOGGER, signal_devices_released
from .errors import translation_key
from .rules import DeviceRecord
from .rules.request_limits import paused_error
from .rules.schedule import min_interval

_JITTER: Final = 0.1
"""How much later than planned lists may be tried again, as a share of the wait: accounts that failed together part."""


class AmpsCoordinator(DataUpdateCoordinator[Mapping[str, DeviceRecord]]):
    """Polls the lists of an account; its data are the records of the devices by id."""

    config_entry: ConfigEntry

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry, client: AmpsClient) -> None:
        """Compose the parts of the account, each given what it uses."""
        super().__init__(hass, LOGGER, config_entry=entry, name=entry.title, always_update=False)
        self.state = state = AccountState(hass, entry, client)
        self.action_events = ActionEvents(hass)
        self.store = AccountStore(state, self.action_events)
        self.availability = Availability(state)
        self.lists = ListReader(state, self.availability, self.store)
        self.error_handler = ErrorHandler(state, self.lists, self._poll_now)
        self.reads = DeviceReader(state, self.error_handler)
        self.read_scheduler = ReadScheduler(state, self.availability, self.lists, self.error_handler, self.reads)
        self.device_events = DeviceEvents(state, self.store, self.action_events)
        self.windows = WindowTracker(state, self.store, self.device_events)
        self.deliveries = Deliveries(state, self.store)
        self.action_tracker = ActionTracker(
            state, self.store, self.error_handler, self.read_scheduler, self.action_events, self.deliveries
        )
        self.follow_ups = FollowUps(state, self.store, self.error_handler, self.action_events)
        self.cleanup = Cleanup(state, self.lists, self.error_handler)
        self.issues = AccountIssues(state, self.store, self.cleanup, self.deliveries)
        # Events come after the states that they are about.
        for listener in (
            self.availability.on_change,
            self.read_scheduler.on_change,
            state.notify_changes,
            self.action_tracker.on_change,
            self.windows.on_change,
            self.follow_ups.on_change,
            self.deliveries.on_change,
            self.store.on_change,
        ):
            # A command that is in flight at an unload must not store anything after it.
            entry.async_on_unload(state.change_listeners.add(listener))
        self.lists.done_listeners.add(self._on_lists_done)
        self.data = state.devices
        self.requests_last_hour = 0
        """How many requests were sent in the hour before the last poll."""
        self._waiting = 0
        """How many wait for all lists to be read."""
        self._is_requested = False
        """Whether all lists are to be read at the next poll."""
        self._requested_poll: asyncio.Task[None] | None = None
        self._effect_poll: asyncio.Task[None] | None = None
        """The one that is about to begin."""
        entry.async_on_unload(
            async_dispatcher_connect(hass, signal_devices_released(entry.entry_id), self._refresh_soon)
        )

    @callback
    def start(self) -> None:
        """Start what needs the entities."""
        self.action_tracker.start()
        self.windows.start()
        self.cleanup.start()
        # Without a listener there are no polls, and an account without entities needs them, too.
        self.config_entry.async_on_unload(self.async_add_listener(self.cleanup.count_unseen_devices))
        self.issues.start()

    # Polls.

    @override
    async def async_refresh(self) -> None:
        """Read all lists, since somebody asks for them."""
        self._waiting += 1
        try:
            await super().async_refresh()
        finally:
            self._waiting -= 1

    @override
    async def async_request_refresh(self) -> None:
        """Read all lists soon, since somebody asks for them; several who do so at once are served together."""
        self._is_requested = True
        await super().async_request_refresh()

    async def async_read_lists(self, device_class: type[AnyDevice]) -> None:
        """Read all lists once for all who ask meanwhile; raise AmpsError if that of a type failed."""
        if self._requested_poll is None or self._requested_poll.done():
            self._requested_poll = self._start_poll(self.async_refresh(), "on demand")
        await result_of(self._requested_poll)
        if (error := self.lists.error_of(device_class)) is not None:
            raise error

    async def async_show_effect(self) -> None:
        """Read all lists once for all commands that were accepted meanwhile: in the sandbox they show it at once."""
        if self._effect_poll is None:
            self._effect_poll = self._start_poll(self._poll_effect(), "after a command", eager_start=False)
        await result_of(self._effect_poll)

    async def _poll_effect(self) -> None:
        self._effect_poll = None  # whatever is accepted from now on may not be in its answers
        await self.async_refresh()

    @callback
    def _poll_now(self) -> None:
        """Read the lists that are due."""
        _ = self._start_poll(super().async_refresh(), "after a pause")

    @callback
    def refresh_after_webhook(self) -> None:
        """Read all lists soon, since a webhook has news; several at once are served together.

        It is a poll like any other, which waits while requests are not answered: nobody asks for it in person.
        """
        if not self.config_entry.pref_disable_polling:
            _ = self._start_poll(self._poll_news(), "after a webhook", eager_start=False)

    async def _poll_news(self) -> None:
        await self.lists.async_mark_due()
        await super().async_request_refresh()

    @callback
    def _refresh_soon(self) -> None:
        _ = self._start_poll(self.async_refresh(), "of other accounts' devices", eager_start=False)

    def _start_poll(
        self, poll: Coroutine[None, None, None], reason: str, *, eager_start: bool = True
    ) -> asyncio.Task[None]:
        return self.config_entry.async_create_background_task(
            self.hass, poll, f"{self.name} lists {reason}", eager_start=eager_start
        )

    @override
    async def _async_update_data(self) -> Mapping[str, DeviceRecord]:
        state, limits = self.state, self.state.limits
        try:
            if self._is_requested or self._waiting:
                await self.lists.async_read_all()
            elif limits.retry_in == 0:
                await self.lists.async_read_due()
            elif not self._is_postponed:
                raise paused_error(limits)
        except AmpsError as err:
            if isinstance(err, AmpsLiveAccessDisabledError):
                self.issues.report_live_access(enabled=False)
            raise self._failure(err) from err
        finally:
            self._is_requested = False
            # With a key that is given up nothing is polled until there is a new one.
            self.update_interval = None if limits.key_invalid else timedelta(seconds=self._until_next_poll())
            if limits.retry_in > 0:
                self._on_lists_done()
        self.issues.report_live_access(enabled=True)
        return state.devices

    @callback
    def _on_lists_done(self) -> None:
        """Note what lists mean for the account as a whole, whoever had them read."""
        self.requests_last_hour = self.state.limits.requests_last_hour
        self.state.drop_future_times()
        self._stretch_interval()
        self.state.account_listeners.notify()

    @property
    def _is_postponed(self) -> bool:
        """Whether a poll in a pause is merely made later, since it was no list that failed: then there is no error."""
        return self.last_update_success and self.state.environment is not None and not self.state.limits.key_invalid

    def _until_next_poll(self) -> float:
        """Return how long nothing needs to be polled, in seconds."""
        wait, retry_in = self._until_list(), self.state.limits.retry_in
        if not self.state.policy.sandbox and not (self.state.limits.verified and self.lists.is_complete):
            wait *= 1 + _JITTER * random()  # noqa: S311  no secret
        return max(wait, retry_in + WAKE_MARGIN if retry_in else WAKE_MARGIN)

    def _until_list(self) -> float:
        """Return how many seconds no list is to be read; while it is open whether any is answered, may be read."""
        limits, now = self.state.limits, self.state.now()
        if limits.verified:
            return self.lists.next_due - now
        return max(self.lists.next_probe - now, limits.retry_in)

    def _stretch_interval(self) -> None:
        """Allow readings to become as old as the ceiling of requests makes them (design §4)."""
        state = self.state
        if state.ceiling is not None:
            apart = min_interval(state.ceiling, self.lists.per_hour)
            policy = replace(state.policy, stretched_interval=apart * len(state.devices))
            if policy != state.policy:
                state.policy = policy
                self.availability.on_list(everything=True)

    def _failure(self, err: AmpsError) -> HomeAssistantError:
        """Return the error of Home Assistant for an error of all lists."""
        key, placeholders = translation_key(err), {"error": str(err)}
        if self.state.limits.key_invalid:
            return ConfigEntryAuthFailed(
                translation_domain=DOMAIN, translation_key=key, translation_placeholders=placeholders
            )
        if isinstance(err, AmpsLiveAccessDisabledError):
            return ConfigEntryError(
                translation_domain=DOMAIN, translation_key=key, translation_placeholders=placeholders
            )
        # One list may have to wait for long: that must not hold up the others.
        is_timed = self.state.limits.retry_in > 0 or err.retry_after is not None
        return UpdateFailed(
            translation_domain=DOMAIN,
            translation_key=key,
            translation_placeholders=placeholders,
            retry_after=max(self._until_list(), 0.0) + WAKE_MARGIN if is_timed else None,
        )

    # Listeners.

    @callback
    @override
    def async_add_listener(
        self, update_callback: CALLBACK_TYPE, context: DeviceContext | None = None
    ) -> Callable[[], None]:
        """Listen to a device, or without a context to the account as a whole.

        Polls go on as long as the account has a listener (`start`); those of devices need not be known here as well.
        """
        if context is not None:
            return self.state.device_listeners[context.device_id].add(update_callback, context.part_fn, context.show)
        remove_from_state = self.state.account_listeners.add(update_callback)
        remove = super().async_add_listener(update_callback)

        @callback
        def remove_listener() -> None:
            remove()
            remove_from_state()

        return remove_listener

    @callback
    @override
    def async_update_listeners(self) -> None:
        """Notify nobody after a poll: the state notified of each change when its answer came."""

    @override
    async def async_shutdown(self) -> None:
        await super().async_shutdown()
        for part in (
            self.read_scheduler,
            self.action_tracker,
            self.windows,
            self.follow_ups,
            self.deliveries,
            self.availability,
            self.error_handler,
        ):
            part.shutdown()
