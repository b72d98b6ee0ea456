"""Follows actions to their ends, whoever asked for them, and tells of each stage once (design §4, §5; api §6.4)."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from datetime import datetime
import math
from typing import TYPE_CHECKING, Final

from homeassistant.const import ATTR_DEVICE_ID, ATTR_ENTITY_ID, Platform
from homeassistant.core import CALLBACK_TYPE, Context, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.util.event_type import EventType

from ..api import (
    AmpsError,
    AmpsNotFoundError,
    AmpsNotOfferedError,
    AmpsPermissionError,
)
from ..api.models import Action, ActionState
from ..const import DOMAIN, LOGGER
from ..rules import DeviceRecord
from ..rules.merge import is_open
from ..rules.request_limits import AmpsPausedError
from ..rules.schedule import action_poll_interval, backoff, next_action_poll
from .timer import Timer

if TYPE_CHECKING:
    from ..coordinator import AmpsCoordinator

EVENT_ACTION: Final[EventType[dict[str, object]]] = EventType(f"{DOMAIN}_action")
KEY_ACTION: Final = "action"
"""The key of the entities that show these events."""

EVENT_TYPES: Final = tuple(state for state in ActionState if state is not ActionState.UNKNOWN_VALUE)
"""The stages that are told of."""

_HISTORY: Final = 50
"""How many of the latest actions are read at a set-up: one page."""
_PARALLEL: Final = 3
"""Actions read at once, since Amps limits requests."""
_KEPT_CONTEXTS: Final = 1000

_FOR_GOOD: Final = (AmpsNotFoundError, AmpsPermissionError, AmpsNotOfferedError)
"""Refusals that stay: what the lists show of the action has to do."""


@dataclass(slots=True)
class _TrackedAction:
    """What is still to be learned or told of an action."""

    device_id: str
    last: float
    """When it was last read, or first heard of."""
    looks: int = 0
    failures: int = 0
    """How many of the latest looks were not answered."""
    not_before: float = -math.inf
    """When to look again at the earliest, where the service asked to wait."""
    seen: ActionState | None = None
    """The stage at which it was last read by itself."""
    news: bool = False
    """Whether it has come to a stage that nobody was told of yet."""
    busy: bool = False
    """Whether it is being read."""
    maybe_cancelled: bool = False
    """Whether it may have been cancelled, for another action took its place."""
    refused: bool = False
    """Whether it cannot be read by itself."""

    @property
    def soon(self) -> float:
        """When to read it if there is something to be learned: at once, unless that was tried just now."""
        return self.last + (action_poll_interval(self.looks - 1, self.failures, push_proven=False) if self.looks else 0)

    def is_incomplete(self, action: Action) -> bool:
        """Return whether there is more to be told of a stage than is known: lists leave out what and why (api §4.8)."""
        if self.refused or self.seen is action.state or not (self.news or is_open(action)):
            return False
        return action.device_id is None or (action.state is ActionState.FAILED and action.error_code is None)


class ActionTracker:
    """Reads actions until nothing more can become of them.

    It learns of them from all that the coordinator takes in, so that it does not matter which answer told of a stage
    first. A stage is news when it was reached after the set-up, or while the action was followed.
    """

    def __init__(self, coordinator: AmpsCoordinator) -> None:
        """Begin without anything to follow."""
        self._coordinator = coordinator
        self._tracked: dict[str, _TrackedAction] = {}
        """By action id."""
        self._listeners: defaultdict[str, list[Callable[[Action], None]]] = defaultdict(list)
        self._contexts: dict[str, Context] = {}
        self._begun: datetime | None = None
        """When the set-up was, by the service's clock."""
        self._history: float | None = math.inf
        """When to read the history: never before the start, None when that is done."""
        self._history_failures = 0
        self._slots = asyncio.Semaphore(_PARALLEL)
        self._tasks: set[asyncio.Task[None]] = set()
        self._running = True
        self._timer = Timer(coordinator.hass, f"{coordinator.name} actions", self._wake)

    @callback
    def start(self) -> None:
        """Read what became of actions before the set-up; from now on, what becomes of them is news."""
        coordinator = self._coordinator
        self._history = coordinator.now()
        self._begun = coordinator.time_at(self._history)
        self._arm()

    @callback
    def set_back(self, instant: datetime) -> None:
        """Go on at an instant after the service's clock was put back: the set-up was no later than that."""
        if self._begun is not None:
            self._begun = min(self._begun, instant)

    @callback
    def resume(self) -> None:
        """Go on after the key was in doubt: until then only lists are asked for, which clear that up."""
        self._arm()

    @callback
    def shutdown(self) -> None:
        """Follow nothing more."""
        self._running = False
        self._timer.stop()

    @callback
    def forget(self, device_id: str) -> None:
        """Forget the actions of a device that is gone."""
        self._tracked = {id_: each for id_, each in self._tracked.items() if each.device_id != device_id}

    @callback
    def async_listen(self, device_id: str, listener: Callable[[Action], None]) -> CALLBACK_TYPE:
        """Be told of each stage that an action of a device comes to."""
        self._listeners[device_id].append(listener)
        return lambda: self._listeners[device_id].remove(listener)

    # Who asked for it.

    @callback
    def set_context(self, action_id: str, context: Context) -> None:
        """Remember who asked for an action, so that all that becomes of it can be traced to them."""
        self._contexts[action_id] = context
        if len(self._contexts) > _KEPT_CONTEXTS:
            del self._contexts[next(iter(self._contexts))]

    @callback
    def context_for(self, action_id: str) -> Context:
        """Return the context of an action; all that becomes of one by somebody else shares a new one."""
        if action_id not in self._contexts:
            self.set_context(action_id, Context())
        return self._contexts[action_id]

    # What becomes of it.

    @callback
    def observe(self, before: Mapping[str, DeviceRecord], changed: Mapping[str, DeviceRecord]) -> None:
        """Take note of what is new about actions: all that was known, and what is known now of devices that changed."""
        if not self._running:
            return
        for device_id, after in changed.items():
            record = before.get(device_id)
            if record is None or record.actions is not after.actions:
                self._note(record, after)
        self._arm()

    def _note(self, before: DeviceRecord | None, after: DeviceRecord) -> None:
        record: Mapping[str, Action] = before.actions if before else {}
        for action in after.actions.values():
            was = record.get(action.id)
            if action is was:
                continue
            tracked = self._tracked.setdefault(action.id, _TrackedAction(after.device.id, last=self._coordinator.now()))
            if before is not None and (was is None or was.state is not action.state):
                tracked.news |= was is not None or self._is_recent(action)
            # Of one whose place another takes, lists show nothing any more (api §6.7).
            for other in record.values() if was is None else ():
                if other.state is ActionState.SCHEDULED and other.id in self._tracked:
                    self._tracked[other.id].maybe_cancelled = True
        for action_id in after.actions:
            self._settle(action_id)

    def _is_recent(self, action: Action) -> bool:
        """Return whether an action moved since the set-up, as far as it says: what did before is history."""
        moved = action.updated_at or action.created_at
        return self._begun is not None and (moved is None or moved >= self._begun)

    def _settle(self, action_id: str) -> None:
        """Tell of an action what is news and known in full, and let it go when nothing more can come."""
        if (tracked := self._tracked.get(action_id)) is None:
            return
        action = self._action(action_id, tracked)
        if action is not None and tracked.news and not tracked.is_incomplete(action):
            tracked.news = False
            self._tell(tracked.device_id, action)
        if action is None or self._due(action, tracked) is None:
            self._tracked.pop(action_id, None)

    def _tell(self, device_id: str, action: Action) -> None:
        """Tell of a stage that an action came to, and have its effect on the device read."""
        if action.state is ActionState.COMPLETED or (action.state is ActionState.ACKNOWLEDGED and action.end):
            self._expect_effect(device_id, action.updated_at)
        if action.state not in EVENT_TYPES:
            return
        for listener in tuple(self._listeners[device_id]):
            listener(action)
        registry = er.async_get(self._coordinator.hass)
        entity_id = registry.async_get_entity_id(Platform.EVENT, DOMAIN, f"{device_id}_{KEY_ACTION}")
        entity = registry.async_get(entity_id) if entity_id else None
        self._coordinator.hass.bus.async_fire(
            EVENT_ACTION,
            {
                ATTR_DEVICE_ID: entity and entity.device_id,
                ATTR_ENTITY_ID: entity_id,
                **event_data(action),
                "state": action.state.value,
            },
            context=self.context_for(action.id),
        )

    def _expect_effect(self, device_id: str, instant: datetime | None) -> None:
        coordinator = self._coordinator
        coordinator.reader.read_effect_after(device_id, instant or coordinator.time_at(coordinator.now()))

    # What is due.

    def _action(self, action_id: str, tracked: _TrackedAction) -> Action | None:
        record = self._coordinator.data.devices.get(tracked.device_id)
        return record.actions.get(action_id) if record else None

    def _due(self, action: Action, tracked: _TrackedAction) -> float | None:
        """Return when to attend to an action again, None when nothing more is to be learned of it."""
        due = self._due_by_stage(action, tracked)
        return None if due is None else max(due, tracked.not_before)

    def _due_by_stage(self, action: Action, tracked: _TrackedAction) -> float | None:
        coordinator = self._coordinator
        if tracked.busy or tracked.device_id in coordinator.disabled_devices:
            return math.inf
        if tracked.is_incomplete(action):
            if self._history is not None:
                return math.inf  # which will spare most of these reads
            return tracked.soon
        end = coordinator.monotonic_of(action.end) if action.end else -math.inf
        if is_open(action) and not tracked.refused:
            if tracked.maybe_cancelled:
                return tracked.soon
            start = coordinator.monotonic_of(action.start) if action.start else tracked.last
            usual = tracked.last + action_poll_interval(tracked.looks, tracked.failures, push_proven=False)
            return next_action_poll(action, usual, start=start, end=end)
        # A window that was completed when it opened still closes, and then the device holds (api §6.3, §15.3 #27).
        early = action.updated_at and action.end and action.updated_at < action.end
        return end if action.state is ActionState.COMPLETED and early and end > tracked.last else None

    @callback
    def _wake(self) -> None:
        if self._wait() == 0:
            now = self._coordinator.now()
            if self._history is not None and self._history <= now:
                self._history = math.inf
                self._run(self._read_history())
            for action_id, tracked in tuple(self._tracked.items()):
                self._attend(action_id, tracked, now)
        self._arm()

    def _attend(self, action_id: str, tracked: _TrackedAction, now: float) -> None:
        """Do what is due about an action."""
        action = self._action(action_id, tracked)
        due = None if action is None else self._due(action, tracked)
        if action is None or due is None:
            del self._tracked[action_id]
        elif due > now:
            return
        elif is_open(action) or tracked.is_incomplete(action):
            tracked.busy = True
            self._run(self._look(action_id, tracked))
        else:
            del self._tracked[action_id]
            self._expect_effect(tracked.device_id, action.end)

    def _run(self, work: Coroutine[None, None, None]) -> None:
        hass, entry = self._coordinator.hass, self._coordinator.config_entry
        self._tasks.add(task := entry.async_create_background_task(hass, work, f"{entry.title} following actions"))
        task.add_done_callback(self._tasks.discard)

    async def _look(self, action_id: str, tracked: _TrackedAction) -> None:
        """Read an action and take in what comes."""
        coordinator = self._coordinator
        try:
            async with self._slots:
                action = await coordinator.polling_client.read_action(action_id)
            tracked.looks, tracked.failures = tracked.looks + 1, 0
            tracked.last, tracked.seen, tracked.maybe_cancelled = coordinator.now(), action.state, False
            coordinator.apply_action(tracked.device_id, action)
        except Exception as err:  # noqa: BLE001  whatever it is, the next look comes later
            await self._handle_error(action_id, tracked, err)
        finally:
            tracked.busy = False
        self._settle(action_id)
        self._arm()

    async def _handle_error(self, action_id: str, tracked: _TrackedAction, err: Exception) -> None:
        coordinator = self._coordinator
        if isinstance(err, AmpsError):
            LOGGER.debug("%s: action %s was not read: %s", coordinator.name, action_id, err)
            tracked.not_before = -math.inf if err.retry_after is None else coordinator.now() + err.retry_after
            if isinstance(err, AmpsPausedError):
                return  # not asked, and so asked again after the pause
            tracked.refused = isinstance(err, _FOR_GOOD)
            await coordinator.async_handle_error(err)
        else:
            LOGGER.error("%s: unexpected error reading an action", coordinator.name, exc_info=err)
        tracked.looks += 1
        tracked.failures += 1
        tracked.last = coordinator.now()

    async def _read_history(self) -> None:
        """Read the latest actions: what became of them meanwhile, and what exactly they are (design §4)."""
        coordinator = self._coordinator
        try:
            for action in await coordinator.polling_client.list_actions(limit=_HISTORY):
                if action.device_id is not None:
                    coordinator.apply_action(action.device_id, action)
            self._history = None
        except _FOR_GOOD:
            self._history = None
        except Exception as err:  # noqa: BLE001  whatever it is, actions must not be left unfinished for it
            wait = backoff(self._history_failures + 1)
            if isinstance(err, AmpsError):
                await coordinator.async_handle_error(err)
                wait = max(wait, err.retry_after or 0.0)
            else:
                LOGGER.error("%s: unexpected error reading the latest actions", coordinator.name, exc_info=err)
            self._history_failures += 1
            self._history = coordinator.now() + wait
        self._arm()

    def _wait(self) -> float:
        limits = self._coordinator.limits
        return limits.retry_in if limits.verified else math.inf

    def _arm(self) -> None:
        """Plan to wake when the next action is due and the account lets it be read."""
        coordinator = self._coordinator
        if not self._running or self._begun is None or coordinator.config_entry.pref_disable_polling:
            return
        moments = [self._history] if self._history is not None else []
        for action_id, tracked in self._tracked.items():
            action = self._action(action_id, tracked)
            due = self._due(action, tracked) if action else None
            moments.append(math.inf if due is None else due)
        now = coordinator.now()
        self._timer.set(max(min(moments, default=math.inf), now + self._wait()))


def event_data(action: Action) -> dict[str, object]:
    """Return what an event tells of an action, besides its stage."""
    return {
        "action_id": action.id,
        "command": action.command,
        "parameters": {name: quantity.model_dump() for name, quantity in (action.parameters or {}).items()} or None,
        "reason": action.error_code,
    }
