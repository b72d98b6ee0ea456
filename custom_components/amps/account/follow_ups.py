"""What is to follow the windows of an account's devices (design §6, *then*): when, and whether it still may."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import timedelta
import math
from typing import Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers.start import async_at_started

from ..api import AmpsError
from ..api.models import Action, ActionState, Quantity
from ..const import LOGGER
from ..rules import DeviceRecord
from ..rules.follow_up import FollowUp, NextStep, find_window, next_step
from .action_events import ActionEvents
from .error_handler import ErrorHandler
from .request_log import Purpose
from .state import AccountState
from .store import AccountStore
from .timer import Timer

_GRACE: Final = timedelta(seconds=5)
"""How long after a window what follows is sent: by then Amps has closed it, and does not refuse for its sake."""
_RETRY_AFTER: Final = 60.0
"""Seconds."""
_MAX_CHECKED: Final = 5
"""How many of a device's newest actions are looked at before anything is sent."""

_IS_OVER: Final = frozenset({"not_cancellable", "action_gone"})
"""The errors of cancelling what is over already."""

_FINAL: Final = frozenset({"monitor_only", "command_refused"})
"""The errors of sending that will come again: Amps answers the same command alike (api §15.1 #3)."""

type SendFollowUp = Callable[[str, FollowUp, Callable[[], Awaitable[None]]], Awaitable[None]]
"""Sends a command to a device, calling a check whenever it is about to be; raises HomeAssistantError if it fails."""
type RevokeFollowUp = Callable[[str, FollowUp], Awaitable[None]]
"""Cancels what Amps would carry out itself."""


class _NotDueError(Exception):
    """The command must not be sent any more."""


class FollowUps:
    """Waits for the ends of windows; what is to follow outlives a reload and a restart."""

    def __init__(
        self, state: AccountState, store: AccountStore, error_handler: ErrorHandler, events: ActionEvents
    ) -> None:
        """Wait for nothing, until it is started."""
        self._state = state
        self._store = store
        self._error_handler = error_handler
        self._events = events
        self._send: SendFollowUp | None = None
        self._revoke: RevokeFollowUp | None = None
        self._busy: set[str] = set()
        """The windows that are being sent, and those whose follow-up is being looked for, sent or revoked."""
        self._retry_monotonic: dict[str, float] = {}
        """When to try again, by the window."""
        self._timer = Timer(state.hass, f"{state.name} ends of windows", self._check_all)
        # Each poll may show that the host slept, or that the clock of a simulated home was moved.
        state.account_listeners.add(self._check_all)

    @callback
    def start(self, send: SendFollowUp, revoke: RevokeFollowUp) -> None:
        """Send what is due, once Home Assistant has started: before that no automation learns what was given up."""

        @callback
        def begin(_hass: HomeAssistant) -> None:
            self._send, self._revoke = send, revoke
            self._check_all()

        self._state.entry.async_on_unload(async_at_started(self._state.hass, begin))

    @callback
    def shutdown(self) -> None:
        """Send nothing any more."""
        self._send = self._revoke = None
        self._timer.stop()

    async def async_set(self, device_id: str, follow_up: FollowUp) -> None:
        """Set what is to follow a window and store it at once, since its caller relies on it from then on.

        That of a window which is being sent waits until its action is known, or until it is to be looked for.
        """
        if follow_up.sent_window is not None:
            self._busy.add(follow_up.window_id)
        self._set(device_id, follow_up)
        await self._store.async_save()

    @callback
    def look_for_window(self, follow_up: FollowUp) -> None:
        """Look for the action of a window whose answer was lost."""
        self._busy.discard(follow_up.window_id)
        self._check_all()

    @callback
    def discard(self, device_id: str, window_id: str) -> None:
        """Forget what was to follow a window, if anything: another window has taken its place."""
        self._busy.discard(window_id)
        for each in self._store.follow_ups.get(device_id, ()):
            if each.window_id == window_id:
                self._drop(device_id, each)

    @callback
    def on_change(self, before: Mapping[str, DeviceRecord], changed: Mapping[str, DeviceRecord]) -> None:
        """Check the windows of devices whose actions changed."""
        waiting = self._store.follow_ups
        if any(
            device_id in waiting and ((known := before.get(device_id)) is None or known.actions is not record.actions)
            for device_id, record in changed.items()
        ):
            self._check_all()

    @callback
    def _check_all(self) -> None:
        """Take the next step with each that is due, and wait for the next one."""
        if self._send is None:
            return
        waiting = [(device_id, each) for device_id, follow_ups in self._store.follow_ups.items() for each in follow_ups]
        self._timer.set(min((self._check(*each) for each in waiting), default=math.inf))

    def _check(self, device_id: str, follow_up: FollowUp) -> float:
        """Take the next step if it is due; return when to check again, by the monotonic clock."""
        window_id = follow_up.window_id
        if window_id in self._busy or (record := self._state.devices.get(device_id)) is None:
            return math.inf
        step = self._next_step(follow_up, record)
        if step not in {NextStep.WAIT, NextStep.DONE} and self._retry_monotonic.get(window_id, 0.0) > self._state.now():
            return self._retry_monotonic[window_id]
        match step:
            case NextStep.LOOK:
                self._run(self._async_look, device_id, follow_up)
            case NextStep.WAIT:
                return self._state.clock.monotonic_of(follow_up.ends_at + _GRACE)
            case NextStep.SEND:
                self._run(self._async_send, device_id, follow_up)
            case NextStep.REVOKED if follow_up.queued_id is not None:
                self._run(self._async_revoke, device_id, follow_up)
            case NextStep.LATE | NextStep.OVERTAKEN as reason:
                self._give_up(device_id, follow_up, reason)
            case NextStep.DONE | NextStep.REVOKED:
                self._drop(device_id, follow_up)
        return math.inf

    def _next_step(self, follow_up: FollowUp, record: DeviceRecord) -> NextStep:
        return next_step(follow_up, record.actions, self._state.service_time() - _GRACE)

    def _run(self, step: Callable[[str, FollowUp], Awaitable[None]], device_id: str, follow_up: FollowUp) -> None:
        """Take a step that takes a while."""

        async def run() -> None:
            try:
                await step(device_id, follow_up)
            except _NotDueError:
                pass  # whatever the next step is now is taken below
            except (AmpsError, HomeAssistantError) as err:
                if isinstance(err, AmpsError):
                    await self._error_handler.async_handle(err)
                LOGGER.debug("%s: what is to follow a window failed, and is tried again: %s", self._state.name, err)
                self._retry_monotonic[follow_up.window_id] = self._state.now() + _RETRY_AFTER
            finally:
                self._busy.discard(follow_up.window_id)
            self._check_all()

        self._busy.add(follow_up.window_id)
        _ = self._state.entry.async_create_background_task(
            self._state.hass, run(), f"{self._state.name} {device_id} after a window", eager_start=False
        )

    async def _async_send(self, device_id: str, follow_up: FollowUp) -> None:
        """Send what follows a window, unless somebody has commanded the device since."""

        async def check() -> None:
            """Look at the newest actions, whenever the command is about to be sent."""
            for action in await self._state.client_for(Purpose.FOLLOW_UP).list_actions(
                device_id=device_id, limit=_MAX_CHECKED
            ):
                self._state.apply_action(device_id, action)
            record = self._state.devices.get(device_id)
            if record is None or self._next_step(follow_up, record) is not NextStep.SEND:
                raise _NotDueError

        if self._send is None:
            return
        try:
            await self._send(device_id, follow_up, check)
        except HomeAssistantError as err:
            # Most of what stands against it passes, such as a list that skipped the device; it is tried until too late.
            if err.translation_key not in _FINAL:
                raise
            LOGGER.warning("%s: what was to follow a window cannot be sent: %s", self._state.name, err)
            reason = (err.translation_placeholders or {}).get("code", err.translation_key)
            self._fire(device_id, follow_up, ActionState.FAILED, reason)
        self._drop(device_id, follow_up)

    async def _async_look(self, device_id: str, follow_up: FollowUp) -> None:
        """Look for the action of a window; without one there is nothing to follow."""
        client = self._state.client_for(Purpose.FOLLOW_UP)
        actions = await client.list_actions(device_id=device_id, limit=_MAX_CHECKED)
        for action in actions:
            self._state.apply_action(device_id, action)
        self._drop(device_id, follow_up)
        if (found := find_window(follow_up, actions)) is not None:
            await self.async_set(device_id, found)

    async def _async_revoke(self, device_id: str, follow_up: FollowUp) -> None:
        """Cancel what Amps would carry out though its window came to nothing."""
        if self._revoke is not None:
            try:
                await self._revoke(device_id, follow_up)
            except ServiceValidationError as err:
                if err.translation_key not in _IS_OVER:
                    raise
        self._set(device_id, replace(follow_up, queued_id=None))

    def _give_up(self, device_id: str, follow_up: FollowUp, reason: str) -> None:
        self._fire(device_id, follow_up, ActionState.CANCELLED, reason)
        self._drop(device_id, follow_up)

    def _fire(self, device_id: str, follow_up: FollowUp, state: ActionState, reason: str | None) -> None:
        """Fire the event of a command that Amps never got, under the id of its window."""
        action = Action.model_construct(
            id=follow_up.window_id,
            command=follow_up.command,
            parameters={
                name: Quantity(value=each.value, unit=each.unit or "") for name, each in follow_up.parameters.items()
            },
            state=state,
            error_code=reason,
        )
        self._events.fire(device_id, action)

    def _set(self, device_id: str, follow_up: FollowUp) -> None:
        self._store.set_follow_ups(device_id, (*self._others(device_id, follow_up), follow_up))
        self._check_all()

    def _drop(self, device_id: str, follow_up: FollowUp) -> None:
        self._retry_monotonic.pop(follow_up.window_id, None)
        self._store.set_follow_ups(device_id, self._others(device_id, follow_up))

    def _others(self, device_id: str, follow_up: FollowUp) -> tuple[FollowUp, ...]:
        """Return what is to follow the other windows of a device."""
        known = self._store.follow_ups.get(device_id, ())
        return tuple(each for each in known if each.window_id != follow_up.window_id)
