"""What became of a command: what was in its way, what a lost answer left open, what an error means (design §6)."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util

from ..account.action_texts import text
from ..account.connection import AmpsNotSentError
from ..account.request_log import Purpose
from ..api import (
    AmpsApiError,
    AmpsConflictError,
    AmpsError,
    AmpsNotFoundError,
    AmpsRateLimitedError,
    AmpsRelinkError,
    AmpsTransientError,
    CommandPayload,
    display_texts,
    slug,
)
from ..api.models import Action, ActionState
from ..const import DOMAIN, LOGGER
from ..coordinator import AmpsCoordinator
from ..rules.capability import CommandRequest
from ..rules.merge import is_open
from ..rules.native_scheduler import is_of_scheduler
from ..rules.request_limits import AmpsKeyInvalidError, AmpsMonitorOnlyError, AmpsPausedError
from .errors import ARRIVED_AFTER, Messages, request_error
from .targets import Target

_REASONS: Final = frozenset({None, "no_strategy_supplied", "open_ended_conflict"})
"""The reasons, or none, with which Amps names actions of its own; any other is about something else (api §15.3 #29)."""
_MAX_IDS: Final = 10
"""How many actions to check: there is one at most that is neither scheduled nor over (api §6.7)."""
_MAX_CHECKED: Final = 5
"""How many of a device's newest actions to check: somebody else's may have come after ours."""
SENT_TOLERANCE: Final = timedelta(seconds=2)
"""By how much the service's clock, as it is known here, may be wrong."""

_REFUSALS: Final[Messages] = {
    AmpsTransientError: "outcome_unknown",
    AmpsKeyInvalidError: "invalid_auth",
    AmpsMonitorOnlyError: "monitor_only",
    AmpsPausedError: "command_rate_limited",
    AmpsNotSentError: "command_not_sent",
    AmpsRateLimitedError: "command_rate_limited",
    AmpsRelinkError: "relink_device",
    AmpsApiError: "command_refused",
    AmpsError: "outcome_unknown",
}
"""The message of each refusal; what was no answer of Amps leaves open whether the command was carried out."""


class SchedulerActiveError(HomeAssistantError):
    """The device's own scheduler is in the way (api §6.7)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """What is in the way: the actions that are not over, as far as that is known."""

    code: str
    foreign: bool
    """Whether it is something other than an action of Amps."""
    is_scheduler: bool = False
    """Whether that is known to be the device's own scheduler."""
    ids: tuple[str, ...] = ()
    """Of the actions that are not over, or of which nobody knows."""
    in_flight: Action | None = None
    """The one of them that has been dispatched, which nothing can cancel."""

    @property
    def is_over(self) -> bool:
        """Whether nothing is in the way any more."""
        return not self.foreign and not self.ids

    def as_error(self, target: Target, command: str) -> HomeAssistantError:
        """Return what the caller has to know: what is in the way, and what can be done about it."""
        key = "action_in_the_way"
        ids = self.ids if self.in_flight is None else (self.in_flight.id,)
        placeholders = {"device": target.name, "command": command, "code": self.code, "actions": display_texts(ids)}
        if self.foreign:
            key = "other_in_the_way"
        elif self.is_over:
            key = "conflict_persists"
        elif self.in_flight is not None:
            key = "device_busy"
            placeholders["until"] = _until_text(target.coordinator.hass, self.in_flight.end)
        kind = SchedulerActiveError if self.is_scheduler else HomeAssistantError
        return kind(translation_domain=DOMAIN, translation_key=key, translation_placeholders=placeholders)


def _until_text(hass: HomeAssistant, end: datetime | None) -> str:
    """Return a sentence that says how long an action in flight goes on, as far as that is known."""
    if end is None:
        return text(hass, "busy_until_unknown") or ""
    return text(hass, "busy_until", until=dt_util.as_local(end).isoformat(" ", "minutes")) or ""


async def async_find_conflict(coordinator: AmpsCoordinator, device_id: str, err: AmpsConflictError) -> Conflict:
    """Return what is in the way of a command to a device.

    Whether an action is in flight is learnt from its own state alone, and that is read where it is not known: what an
    answer leaves out says nothing.
    """
    reason, ids = err.details.get("reason"), _action_ids(err)
    if not ids or (reason is not None and not isinstance(reason, str)) or reason not in _REASONS:
        return Conflict(code=err.code, foreign=True, is_scheduler=is_of_scheduler(reason))
    unfinished: list[str] = []
    in_flight: Action | None = None
    for action_id in ids:
        try:
            action = await async_current_action(coordinator, device_id, action_id)
        except AmpsNotFoundError:
            continue  # gone, and so over (api §15.1 #4)
        except AmpsError as failure:
            LOGGER.debug("%s: an action in the way was not read: %s", coordinator.name, failure)
            await coordinator.error_handler.async_handle(failure)
            unfinished.append(action_id)
            continue
        if is_open(action):
            unfinished.append(action_id)
            in_flight = action if action.state is ActionState.ACKNOWLEDGED else in_flight
    return Conflict(code=err.code, foreign=False, ids=tuple(unfinished), in_flight=in_flight)


async def async_is_any_in_flight(coordinator: AmpsCoordinator, device_id: str) -> bool:
    """Return whether a known action of a device is in flight, or may be as far as can be read.

    One that was in flight is read again, since it may have ended after its last poll.
    """
    for known in [each for each in coordinator.state.devices[device_id].actions.values() if is_open(each)]:
        read = _async_read_action if known.state is ActionState.ACKNOWLEDGED else async_current_action
        try:
            action = await read(coordinator, device_id, known.id)
        except AmpsNotFoundError:
            continue
        except AmpsError as err:
            await coordinator.error_handler.async_handle(err)
            return True
        if action.state is ActionState.ACKNOWLEDGED:
            return True
    return False


async def async_current_action(coordinator: AmpsCoordinator, device_id: str, action_id: str) -> Action:
    """Return an action of a device as it is known to stand now, else as it is read; raise AmpsError if it cannot be."""
    record = coordinator.state.devices.get(device_id)
    known = record.actions.get(action_id) if record else None
    if known is not None and known.state is not None and not _may_have_begun(coordinator, known):
        return known
    return await _async_read_action(coordinator, device_id, action_id)


async def _async_read_action(coordinator: AmpsCoordinator, device_id: str, action_id: str) -> Action:
    """Return an action of a device as it is read, and apply it; raise AmpsError if it cannot be."""
    action = await coordinator.state.client_for(Purpose.CONFLICT).read_action(action_id)
    coordinator.state.apply_action(device_id, action)
    return action


def _may_have_begun(coordinator: AmpsCoordinator, action: Action) -> bool:
    """Return whether an action that is known to be scheduled may be in flight by now."""
    if action.state is not ActionState.SCHEDULED:
        return False
    return action.start is None or action.start <= coordinator.state.service_time()


def _action_ids(err: AmpsConflictError) -> tuple[str, ...]:
    """Return the ids that an error names, without those that would be another path (design §4, bounds)."""
    ids = err.names("conflictingActionIds")
    return tuple(dict.fromkeys(id_ for id_ in ids if id_ not in {"", ".", ".."}))[:_MAX_IDS]


@dataclass(frozen=True, slots=True, kw_only=True)
class SentCommand:
    """A command as it was sent: when, by the service's clock, and which actions were known before."""

    target: Target
    payload: CommandPayload
    sent_at: datetime
    known: frozenset[str]

    async def async_find_action(self, unknown: HomeAssistantError) -> Action:
        """Return the action that it made though no answer came, looking it up twice.

        Raises that the outcome is unknown when Amps does not say, else that there is no such action.
        """
        actions = None
        for wait in (0.0, ARRIVED_AFTER):
            await asyncio.sleep(wait)
            coordinator = self.target.latest.coordinator
            state = coordinator.state
            try:
                actions = await state.client_for(Purpose.LOST_ANSWER).list_actions(
                    device_id=self.target.device_id, limit=_MAX_CHECKED
                )
            except AmpsError as err:
                LOGGER.debug("%s: what became of a command is unknown: %s", state.name, err)
                await coordinator.error_handler.async_handle(err)
                actions = None
            if found := next(filter(self._matches, actions or ()), None):
                return found
        if actions is None:
            raise unknown
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="command_lost",
            translation_placeholders=unknown.translation_placeholders,
        )

    def _matches(self, action: Action) -> bool:
        """Return whether an action is of this command: new, with the same command and parameters."""
        return (
            action.id not in self.known
            and action.command == slug(self.payload.command)
            and (action.parameters or {}) == {slug(name): value for name, value in self.payload.parameters.items()}
            and action.created_at is not None
            and action.created_at >= self.sent_at - SENT_TOLERANCE
        )


def command_error(err: AmpsError, name: str, request: CommandRequest) -> HomeAssistantError:
    """Return what a push that failed means to the caller."""
    return request_error(err, _REFUSALS, device=name, command=request.command)
