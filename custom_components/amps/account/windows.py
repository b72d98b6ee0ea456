"""The windows of an account's devices: when each starts and ends, as triggers say it (design §7).

Neither the clock nor the state of an action says that by itself. A command that Amps did not get through has started
nothing at its start, and one may be completed as early as its window opens. So a window starts when its time has come
and its action is acknowledged or completed, whichever is later, and ends likewise.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
import math
from typing import Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.start import async_at_started

from ..rules import DeviceRecord
from ..rules.window import WindowPhase, follow_windows
from .device_events import DeviceEvents, DeviceEventType
from .state import AccountState
from .store import AccountStore
from .timer import Timer

_MARGIN: Final = 0.001
"""Seconds; the two clocks round."""


class WindowTracker:
    """Follows windows to their ends; which ones it follows outlives a reload and a restart.

    What began before the set-up is not reported, nor what ended before it unless it was followed.
    """

    def __init__(self, state: AccountState, store: AccountStore, events: DeviceEvents) -> None:
        """Follow nothing until it is started."""
        self._state = state
        self._store = store
        self._events = events
        self._phases: dict[str, dict[str, WindowPhase]] = {}
        """By device id and action id."""
        self._set_up_at: datetime | None = None
        """When the set-up was, by the service's clock; None before it."""
        self._timer = Timer(state.hass, f"{state.name} windows", self._on_timer)
        state.removal_listeners.add(self._remove)
        # Each poll may show that the clock was moved.
        state.account_listeners.add(self._on_timer)

    @callback
    def start(self) -> None:
        """Follow the windows that there are, once Home Assistant has started: before that no automation is there."""
        set_up_at = self._state.service_time()

        @callback
        def follow(_hass: HomeAssistant) -> None:
            self._set_up_at = set_up_at
            self._check(self._state.devices)

        self._state.entry.async_on_unload(async_at_started(self._state.hass, follow))

    @callback
    def shutdown(self) -> None:
        """Follow nothing any more."""
        self._set_up_at = None
        self._timer.stop()

    @callback
    def on_change(self, before: Mapping[str, DeviceRecord], changed: Mapping[str, DeviceRecord]) -> None:
        """Check the windows of devices whose actions changed."""
        moved = [
            device_id
            for device_id, record in changed.items()
            if (known := before.get(device_id)) is None or known.actions is not record.actions
        ]
        if moved:
            self._check(moved)

    @callback
    def _remove(self, device_id: str) -> None:
        self._phases.pop(device_id, None)

    @callback
    def _on_timer(self) -> None:
        self._check(tuple(self._phases))

    def _check(self, device_ids: Iterable[str]) -> None:
        """Send which windows have started or ended, and wait for the next one to."""
        for device_id in device_ids:
            if self._set_up_at is not None and (record := self._state.devices.get(device_id)) is not None:
                self._check_device(record, self._set_up_at)
        self._timer.set(min(map(self._next_due, tuple(self._phases)), default=math.inf))

    def _check_device(self, record: DeviceRecord, set_up_at: datetime) -> None:
        device_id = record.device.id
        # What was followed before the set-up may have started before it.
        known = self._phases.get(device_id) or dict.fromkeys(self._store.windows(device_id), WindowPhase.OPEN)
        followed = follow_windows(known, record.actions, self._state.service_time(), set_up_at)
        self._phases[device_id] = followed.phases
        if not followed.phases:
            del self._phases[device_id]
        self._store.set_windows(device_id, frozenset(followed.phases))
        # Whatever is done about it may change the windows in turn, and so comes last.
        for action in followed.ended:
            self._events.send(DeviceEventType.WINDOW_ENDED, device_id, action)
        for action in followed.started:
            self._events.send(DeviceEventType.WINDOW_STARTED, device_id, action)

    def _next_due(self, device_id: str) -> float:
        """Return when a window of a device is to start or to end, by the monotonic clock."""
        record, now = self._state.devices.get(device_id), self._state.now()
        due_times = [math.inf]
        for action_id, phase in self._phases[device_id].items():
            action = record.actions.get(action_id) if record else None
            if action is None:
                continue
            time = action.end if phase is WindowPhase.OPEN else action.start
            # One whose time has come while it is ahead starts when its action is known to be dispatched.
            if time is not None and (due := self._state.clock.monotonic_of(time) + _MARGIN) > now:
                due_times.append(due)
        return min(due_times)
