"""The one path of every command: check it against what the device declares, then send it (design §6)."""

from functools import partial
from typing import Final

from homeassistant.core import Context
from homeassistant.exceptions import ServiceValidationError

from ..account.connection import AmpsNotSentError
from ..account.request_log import Purpose
from ..api import (
    AmpsConflictError,
    AmpsConnectionError,
    AmpsError,
    AmpsTransientError,
    AmpsUnexpectedAnswerError,
    CommandPayload,
    display_text,
    display_texts,
    slug,
)
from ..api.models import Action, AnyDevice
from ..const import DOMAIN
from ..rules.capability import CommandRequest, Objection, build_payload, find_objections
from ..rules.request_limits import AmpsPausedError
from .outcome import SentCommand, async_find_conflict, command_error
from .queue import async_run_in_turn
from .targets import Target

_UNANSWERED: Final = (AmpsConnectionError, AmpsTransientError, AmpsUnexpectedAnswerError)
"""What leaves open whether a command was carried out; a gateway that gave up may have passed it on (api §15.1 #10)."""


async def async_run_command(
    target: Target, request: CommandRequest, context: Context | None = None, *, replaceable: bool = False
) -> Action:
    """Check a command, send it and return the action that Amps made of it; its events have this context.

    Controls send `replaceable` commands: of those only the newest waits for its turn (design §6).

    A command whose answer is lost is looked up, and never sent again.
    Raises ServiceValidationError for what the device would refuse, before anything is sent, and HomeAssistantError for
    what Amps refused or left unanswered. The declared capabilities are checked when it is this command's turn: while it
    waited for another one, the device may have changed, or gone, or its account may have been loaded anew.
    """
    run = partial(_async_run, target, request, context)
    return await async_run_in_turn(
        target.coordinator.hass, target.device_id, run, name=target.name, replaceable=replaceable
    )


async def _async_run(target: Target, request: CommandRequest, context: Context | None) -> Action:
    """Check and send a command while no other one to its device is in flight."""
    name = target.name
    if (current := target.current()) is None:
        raise _validation_error(key="account_not_loaded", device=name)
    if (device := current.device) is None:
        raise _validation_error(key="device_gone", device=name)
    if objections := find_objections(device, request):
        raise _objection_error(objections[0], name)
    payload, coordinator = build_payload(device, request), current.coordinator
    sent = SentCommand(
        target=current,
        payload=payload,
        sent_at=coordinator.state.service_time(),
        known=frozenset(coordinator.state.devices[device.id].actions),
    )
    try:
        action = await _async_send(current, device, payload)
    except (AmpsPausedError, AmpsNotSentError) as err:
        raise command_error(err, name, request) from err
    except _UNANSWERED as err:
        action = await sent.async_find_action(command_error(err, name, request))
    except AmpsError as err:
        await coordinator.error_handler.async_handle(err)
        raise command_error(err, name, request) from err
    coordinator = (target.current() or current).coordinator
    if context is not None:
        coordinator.action_events.set_context(action.id, context)
    coordinator.state.apply_action(target.device_id, action)
    return action


async def _async_send(target: Target, device: AnyDevice, payload: CommandPayload, *, again: bool = True) -> Action:
    """Send a command; once more if what was in its way is over by the time that this is known (design §6)."""
    coordinator = target.coordinator
    try:
        return await coordinator.state.client_for(Purpose.COMMAND).send_command(device, payload)
    except AmpsConflictError as err:
        conflict = await async_find_conflict(coordinator, device.id, err)
        if not (again and conflict.is_over):
            raise conflict.as_error(target.name, slug(payload.command)) from err
    return await _async_send(target, device, payload, again=False)


def _validation_error(*, key: str, **placeholders: str) -> ServiceValidationError:
    return ServiceValidationError(translation_domain=DOMAIN, translation_key=key, translation_placeholders=placeholders)


def _objection_error(objection: Objection, device: str) -> ServiceValidationError:
    """Return an objection as the error that is shown; texts of the service or the caller are shown as text."""
    return _validation_error(
        key=objection.key,
        device=device,
        **{name: display_text(text) for name, text in objection.placeholders.items()},
        supported=display_texts(objection.supported),
    )
