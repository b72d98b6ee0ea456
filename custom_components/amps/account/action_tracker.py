"""Reads actions until nothing more can become of them, whoever asked for them (design §4, §5; api §6.4)."""

import asyncio
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from datetime import datetime
import math
from typing import Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.start import async_at_started

from ..api import AmpsError, AmpsNotFoundError, AmpsNotOfferedError, AmpsPermissionError
from ..api.models import Action, ActionState
from ..const import LOGGER
from ..rules import DeviceRecord
from ..rules.merge import is_open
from ..rules.request_limits import AmpsPausedError
from ..rules.schedule import action_poll_interval, backoff, next_action_poll
from .action_events import ActionEvents
from .deliveries import Deliveries
from .error_handler import ErrorHandler
from .read_scheduler import ReadScheduler
from .request_log import Purpose
from .state import AccountState
from .store import AccountStore
from .timer import Timer

_HISTORY_LIMIT: Final = 50
"""How many of the latest actions are read at a set-up: one page."""
_PARALLEL: Final = 3
"""Actions read at once, since Amps limits requests."""

_PERMANENT: Final = (AmpsNotFoundError, AmpsPermissionError, AmpsNotOfferedError)
"""Refusals that stay: what the lists show of the action has to do."""


@dataclass(slots=True)
class _TrackedAction:
    """What is still to be learned or reported of an action."""

    device_id: str
    polled_monotonic: float
    """When it was last read, or first seen."""
    polls: int = 0
    failures: int = 0
    """How many of the latest polls were not answered."""
    not_before_monotonic: float = -math.inf
    """When to read it again at the earliest, where the service asked to wait."""
    polled_state: ActionState | None = None
    """The state in which it was last read by itself."""
    unreported: bool = False
    """Whether it has come to a state that no event was fired for yet."""
    is_polling: bool = False
    """Whether it is being read."""
    maybe_cancelled: bool = False
    """Whether it may have been cancelled, for another action took its place."""
    refused: bool = False
    """Whether it cannot be read by itself."""

    def soon(self, action: Action) -> float:
        """Return when to read it if there is something to be learned: at once, unless that was tried just now.

        One that only a webhook reported may be ours, with its answer still under way: that says all, and who asked.
        """
        polls = self.polls if action.created_at is None else self.polls - 1
        if polls < 0:
            return self.polled_monotonic
        return self.polled_monotonic + action_poll_interval(polls, self.failures, push_proven=False)

    def is_incomplete(self, action: Action) -> bool:
        """Return whether there is more to report than is known.

        Lists leave out parameters and reasons (api §4.8), webhooks when it was created and whether it has a window.
        """
        if self.refused or self.polled_state is action.state or not (self.unreported or is_open(action)):
            return False
        is_failed_for_unknown = action.state is ActionState.FAILED and action.error_code is None
        return action.device_id is None or action.created_at is None or is_failed_for_unknown


class ActionTracker:
    """Tracks the actions of all devices of an account.

    It learns of them from the records, so that it does not matter which answer brought a state first. A state is
    reported when it was reached after the set-up, or while the action was tracked, be it before a restart. Nothing is
    reported before Home Assistant has started, since only then automations are there.
    """

    def __init__(  # noqa: PLR0913, PLR0917  each part is given what it uses
        self,
        state: AccountState,
        store: AccountStore,
        error_handler: ErrorHandler,
        scheduler: ReadScheduler,
        events: ActionEvents,
        deliveries: Deliveries,
    ) -> None:
        """Start without anything to track."""
        self._state = state
        self._store = store
        self._deliveries = deliveries
        self._error_handler = error_handler
        self._scheduler = scheduler
        self._events = events
        self._tracked: dict[str, _TrackedAction] = {}
        """By action id."""
        self._started_at: datetime | None = None
        """When the set-up was, by the service's clock."""
        self._is_reporting = False
        self._history_due: float | None = math.inf
        """When to read the latest actions: never before the start, None when that is done."""
        self._history_failures = 0
        self._slots = asyncio.Semaphore(_PARALLEL)
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_running = True
        self._timer = Timer(state.hass, f"{state.name} actions", self._on_timer)
        state.removal_listeners.add(self._remove)
        # While the key is in doubt only lists are read, which prove it.
        state.verified_listeners.add(self._set_timer)
        state.set_back_listeners.add(self._on_clock_set_back)
        deliveries.listeners.add(self._set_timer)

    @callback
    def start(self) -> None:
        """Read what became of actions before the set-up; from now on, what becomes of them is reported."""
        self._history_due = self._state.now()
        self._started_at = self._state.clock.time_at(self._history_due)
        self._state.entry.async_on_unload(async_at_started(self._state.hass, self._start_reporting))
        self._set_timer()

    @callback
    def _start_reporting(self, _hass: HomeAssistant) -> None:
        self._is_reporting = True
        for action_id in tuple(self._tracked):
            self._report(action_id)
        self._set_timer()

    @callback
    def _on_clock_set_back(self) -> None:
        """Go on at a time that is earlier than the set-up seemed to be."""
        if self._started_at is not None:
            self._started_at = min(self._started_at, self._state.service_time())

    @callback
    def shutdown(self) -> None:
        """Track nothing more."""
        self._is_running = False
        self._timer.stop()

    @callback
    def _remove(self, device_id: str) -> None:
        self._tracked = {id_: each for id_, each in self._tracked.items() if each.device_id != device_id}

    # What becomes of actions.

    @callback
    def on_change(self, before: Mapping[str, DeviceRecord], changed: Mapping[str, DeviceRecord]) -> None:
        """Track what is new about the actions of devices that changed."""
        if not self._is_running:
            return
        for device_id, after in changed.items():
            record = before.get(device_id)
            if record is None or record.actions is not after.actions:
                self._track(record, after)
        self._set_timer()

    def _track(self, before: DeviceRecord | None, after: DeviceRecord) -> None:
        restored = self._store.take_restored_actions(after.device.id)
        known: Mapping[str, Action] = before.actions if before else restored
        for action in after.actions.values():
            was = known.get(action.id)
            if action is was and before is not None:
                continue
            tracked = self._tracked.setdefault(action.id, _TrackedAction(after.device.id, self._state.now()))
            if was is not None:
                tracked.unreported |= was.state is not action.state
            elif before is not None:
                tracked.unreported |= self._is_after_start(action)
            # Of one whose place another takes, lists show nothing any more (api §6.7).
            for other in known.values() if was is None else ():
                if other.state is ActionState.SCHEDULED and other.id in self._tracked:
                    self._tracked[other.id].maybe_cancelled = True
        for action_id in after.actions:
            self._report(action_id)

    def _is_after_start(self, action: Action) -> bool:
        """Return whether an action moved since the set-up, as far as it says: what did before is history."""
        moved_at = action.updated_at or action.created_at
        return self._started_at is not None and (moved_at is None or moved_at >= self._started_at)

    def _report(self, action_id: str) -> None:
        """Report a state that is new and known in full, and stop tracking when nothing more can come."""
        if not self._is_reporting or (tracked := self._tracked.get(action_id)) is None:
            return
        action = self._action(action_id, tracked)
        if action is not None and tracked.unreported and not self._is_incomplete(action, tracked):
            tracked.unreported = False
            if action.state is ActionState.COMPLETED or (action.state is ActionState.ACKNOWLEDGED and action.end):
                self._read_effect(tracked.device_id, action.updated_at)
            self._events.fire(tracked.device_id, action)
        if action is None or self._due(action, tracked) is None:
            self._tracked.pop(action_id, None)

    def _read_effect(self, device_id: str, action_at: datetime | None) -> None:
        self._scheduler.read_effect_after(device_id, action_at or self._state.service_time())

    # What is due.

    def _action(self, action_id: str, tracked: _TrackedAction) -> Action | None:
        record = self._state.devices.get(tracked.device_id)
        return record.actions.get(action_id) if record else None

    def _is_incomplete(self, action: Action, tracked: _TrackedAction) -> bool:
        """Return whether there is more to report than is known, and will be: with polling off it is never read."""
        return not self._state.entry.pref_disable_polling and tracked.is_incomplete(action)

    def _due(self, action: Action, tracked: _TrackedAction) -> float | None:
        """Return when an action is due, by the monotonic clock, None when nothing more is to be learned of it."""
        due = self._due_by_state(action, tracked)
        return None if due is None else max(due, tracked.not_before_monotonic)

    def _due_by_state(self, action: Action, tracked: _TrackedAction) -> float | None:
        clock = self._state.clock
        if tracked.is_polling or tracked.device_id in self._state.disabled_devices:
            return math.inf
        if self._is_incomplete(action, tracked):
            # The history will spare most of these reads.
            return tracked.soon(action) if self._history_due is None else math.inf
        end = clock.monotonic_of(action.end) if action.end else -math.inf
        if is_open(action) and not tracked.refused:
            if tracked.maybe_cancelled:
                return tracked.soon(action)
            start = clock.monotonic_of(action.start) if action.start else tracked.polled_monotonic
            # Only ends are pushed: that a scheduled one has begun is not (api §12.2).
            push_proven = self._deliveries.is_proven and action.state is ActionState.ACKNOWLEDGED
            interval = action_poll_interval(tracked.polls, tracked.failures, push_proven=push_proven)
            return next_action_poll(action, tracked.polled_monotonic + interval, start=start, end=end)
        # A window that was completed when it opened still closes, and then the device holds (api §6.3, §15.3 #27).
        is_early = action.updated_at and action.end and action.updated_at < action.end
        if action.state is ActionState.COMPLETED and is_early and end > tracked.polled_monotonic:
            return end
        return None

    @callback
    def _on_timer(self) -> None:
        if self._wait() == 0:
            now = self._state.now()
            if self._history_due is not None and self._history_due <= now:
                self._history_due = math.inf
                self._run(self._read_history())
            for action_id, tracked in tuple(self._tracked.items()):
                self._poll_if_due(action_id, tracked, now)
        self._set_timer()

    def _poll_if_due(self, action_id: str, tracked: _TrackedAction, now: float) -> None:
        """Read an action that is due, or the effect of a window that has ended."""
        action = self._action(action_id, tracked)
        due = None if action is None else self._due(action, tracked)
        if action is None or due is None:
            del self._tracked[action_id]
        elif due > now:
            return
        elif is_open(action) or self._is_incomplete(action, tracked):
            tracked.is_polling = True
            self._run(self._poll(action_id, tracked))
        else:
            del self._tracked[action_id]
            self._read_effect(tracked.device_id, action.end)

    def _run(self, work: Coroutine[None, None, None]) -> None:
        state = self._state
        task = state.entry.async_create_background_task(state.hass, work, f"{state.name} actions")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _poll(self, action_id: str, tracked: _TrackedAction) -> None:
        """Read an action and apply the answer."""
        try:
            async with self._slots:
                action = await self._state.polling_client_for(Purpose.ACTION_POLL).read_action(action_id)
            if self._state.is_unloading:
                return
            tracked.polls, tracked.failures = tracked.polls + 1, 0
            tracked.polled_monotonic, tracked.polled_state = self._state.now(), action.state
            tracked.maybe_cancelled = False
            self._state.apply_action(tracked.device_id, action)
        except Exception as err:  # noqa: BLE001  whatever it is, the next poll comes later
            await self._on_poll_error(action_id, tracked, err)
        finally:
            tracked.is_polling = False
        self._report(action_id)
        self._set_timer()

    async def _on_poll_error(self, action_id: str, tracked: _TrackedAction, err: Exception) -> None:
        if isinstance(err, AmpsError):
            LOGGER.debug("%s: action %s was not read: %s", self._state.name, action_id, err)
            tracked.not_before_monotonic = -math.inf if err.retry_after is None else self._state.now() + err.retry_after
            if isinstance(err, AmpsPausedError):
                return  # nothing was sent, and so it is read after the pause
            tracked.refused = isinstance(err, _PERMANENT)
            await self._error_handler.async_handle(err)
        else:
            LOGGER.error("%s: unexpected error reading an action", self._state.name, exc_info=err)
        tracked.polls += 1
        tracked.failures += 1
        tracked.polled_monotonic = self._state.now()

    async def _read_history(self) -> None:
        """Read the latest actions: what became of them meanwhile, and what exactly they are (design §4)."""
        state = self._state
        try:
            latest = await state.polling_client_for(Purpose.HISTORY).list_actions(limit=_HISTORY_LIMIT)
            if state.is_unloading:
                return
            for action in latest:
                if action.device_id is not None:
                    state.apply_action(action.device_id, action)
            self._history_due = None
        except _PERMANENT:
            self._history_due = None
        except Exception as err:  # noqa: BLE001  whatever it is, actions must not stay incomplete for it
            wait = backoff(self._history_failures + 1)
            if isinstance(err, AmpsError):
                await self._error_handler.async_handle(err)
                wait = max(wait, err.retry_after or 0.0)
            else:
                LOGGER.error("%s: unexpected error reading the latest actions", state.name, exc_info=err)
            self._history_failures += 1
            self._history_due = state.now() + wait
        self._set_timer()

    def _wait(self) -> float:
        limits = self._state.limits
        return limits.retry_in if limits.verified else math.inf

    @callback
    def _set_timer(self) -> None:
        """Set the timer for when the next action is due and the account lets it be read."""
        state = self._state
        if not self._is_running or self._started_at is None or state.entry.pref_disable_polling:
            return
        due_times = [] if self._history_due is None else [self._history_due]
        for action_id, tracked in self._tracked.items():
            action = self._action(action_id, tracked)
            due = self._due(action, tracked) if action else None
            due_times.append(math.inf if due is None else due)
        self._timer.set(max(min(due_times, default=math.inf), state.now() + self._wait()))
