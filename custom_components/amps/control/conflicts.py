"""What is in the way of a command that Amps refused for a conflict (design §6; api §6.7)."""

from dataclasses import dataclass
from typing import Final

from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util

from ..api import AmpsConflictError, AmpsError, AmpsNotFoundError, display_texts
from ..api.models import Action, ActionState
from ..const import DOMAIN, LOGGER
from ..coordinator import AmpsCoordinator
from ..rules.merge import is_open

_REASONS: Final = frozenset({None, "no_strategy_supplied", "open_ended_conflict"})
"""The reasons, or none, with which Amps names actions of its own; any other is about something else (api §15.3 #29)."""
_MOST_IDS: Final = 10
"""How many actions to look at: there is one at most that is neither scheduled nor over (api §6.7)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """What is in the way: the actions that are not over, as far as that is known."""

    code: str
    foreign: bool
    """Whether it is something other than an action of Amps."""
    ids: tuple[str, ...] = ()
    """Of the actions that are not over, or of which nobody knows."""
    in_flight: Action | None = None
    """The one of them that has been dispatched, which nothing can cancel."""

    @property
    def is_over(self) -> bool:
        """Whether nothing is in the way any more."""
        return not self.foreign and not self.ids

    def as_error(self, device: str, command: str) -> HomeAssistantError:
        """Return what the caller has to know: what is in the way, and what can be done about it."""
        key = "action_in_the_way"
        placeholders = {"device": device, "command": command, "code": self.code, "actions": display_texts(self.ids)}
        if self.foreign:
            key = "other_in_the_way"
        elif self.is_over:
            key = "conflict_persists"
        elif self.in_flight is not None and self.in_flight.end is not None:
            key = "device_busy_until"
            placeholders["until"] = dt_util.as_local(self.in_flight.end).isoformat(" ", "minutes")
        elif self.in_flight is not None:
            key = "device_busy"
        return HomeAssistantError(translation_domain=DOMAIN, translation_key=key, translation_placeholders=placeholders)


async def async_find_conflict(coordinator: AmpsCoordinator, device_id: str, err: AmpsConflictError) -> Conflict:
    """Return what is in the way of a command to a device.

    Whether an action is in flight is learnt from its own state alone, and that is read where it is not known: what an
    answer leaves out says nothing.
    """
    reason, ids = err.details.get("reason"), _action_ids(err)
    if not ids or (reason is not None and not isinstance(reason, str)) or reason not in _REASONS:
        return Conflict(code=err.code, foreign=True)
    unfinished: list[str] = []
    in_flight: Action | None = None
    for action_id in ids:
        try:
            action = await _async_action(coordinator, device_id, action_id)
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


async def _async_action(coordinator: AmpsCoordinator, device_id: str, action_id: str) -> Action:
    """Return an action of a device as it is known to stand now, else as it is read; raise AmpsError if it cannot be."""
    record = coordinator.state.devices.get(device_id)
    known = record.actions.get(action_id) if record else None
    if known is not None and known.state is not None and not _may_have_begun(coordinator, known):
        return known
    action = await coordinator.state.client.read_action(action_id)
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
    return tuple(dict.fromkeys(id_ for id_ in ids if id_ not in {"", ".", ".."}))[:_MOST_IDS]
