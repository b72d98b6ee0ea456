"""The one path of every command: check against what the device declares, then push (design §6)."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
import math
from typing import Final
from weakref import WeakValueDictionary

from homeassistant.core import Context
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.util.async_ import create_eager_task
from homeassistant.util.hass_dict import HassKey

from ..account.connection import AmpsNotSentError
from ..api import (
    AmpsApiError,
    AmpsConflictError,
    AmpsConnectionError,
    AmpsError,
    AmpsRateLimitedError,
    AmpsRelinkError,
    AmpsTransientError,
    AmpsUnexpectedAnswerError,
    CommandPayload,
    display_text,
    display_texts,
    slug,
)
from ..api.models import Action, AnyDevice, Command, Execution, Parameter, Quantity
from ..const import DOMAIN, LOGGER
from ..rules.request_limits import AmpsKeyInvalidError, AmpsPausedError
from .conflicts import async_find_conflict
from .targets import Target


class OnConflict(StrEnum):
    """What to do about an action that is in the way (api §6.7)."""

    FAIL = "fail"
    CANCEL_AND_REPLACE = "cancel_and_replace"
    QUEUE_AFTER = "queue_after"


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterValue:
    """A number that a caller gave; without a unit it is in the one that the device declares."""

    value: float
    unit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandRequest:
    """What a caller wants of a device; all names are slugs."""

    command: str
    parameters: Mapping[str, ParameterValue] = field(default_factory=dict)
    on_conflict: OnConflict = OnConflict.FAIL


_LOCKS: Final[HassKey[WeakValueDictionary[str, asyncio.Lock]]] = HassKey(f"{DOMAIN}_command_locks")
"""By device, what its next command waits for, for as long as there is one: an account that is reloaded has the same."""

_TURNS: Final[HassKey[set[asyncio.Task[Action]]]] = HassKey(f"{DOMAIN}_command_turns")
"""The commands under way, so that each goes on when nobody waits for it: the event loop alone would let it go."""

_FACTORS: Final[Mapping[tuple[str, str], float]] = {("kw", "watts"): 1000.0}
"""What a number in one unit is multiplied with to be in another; Amps itself converts nothing (api §5.1)."""

_BOUNDS: Final[Mapping[str, tuple[float, float]]] = {
    "percent": (0, 100),
    "kw": (0, 50),
    "amps": (0, 1000),
    "watts": (0, 20_000),
    "celsius": (10, 35),
}
"""The bounds of a parameter that declares none (api §15.2 #23)."""


_UNANSWERED: Final = (AmpsConnectionError, AmpsTransientError, AmpsUnexpectedAnswerError)
"""What leaves open whether a command was carried out; a gateway that gave up may have passed it on (api §15.1 #10)."""
_SECOND_LOOK: Final = 5.0
"""Seconds; what is still on its way when the connection breaks has arrived by then."""
_USUAL_WAIT: Final = 60.0
"""Seconds after which to try again where Amps limits requests without saying for how long."""
_LOOKED_AT: Final = 5
"""How many of a device's newest actions to look at: somebody else's may have come after ours."""
_TOLERANCE: Final = timedelta(seconds=2)
"""By how much the service's clock, as it is known here, may be wrong."""


async def async_push(target: Target, request: CommandRequest, context: Context | None = None) -> Action:
    """Check a command, send it and return the action that Amps made of it; what becomes of it has this context.

    A command whose answer is lost is looked for, and never sent again.
    Raises ServiceValidationError for what the device would refuse, before anything is sent, and HomeAssistantError for
    what Amps refused or left unanswered. What the device declares is looked at when it is this command's turn: while it
    waited for another one, the device may have changed, or gone, or its account may have been loaded anew.
    """
    hass = target.coordinator.hass
    locks = hass.data.setdefault(_LOCKS, WeakValueDictionary())
    lock = locks.setdefault(target.device_id, asyncio.Lock())
    await lock.acquire()
    # What is on its way goes on to its end, even when nobody waits for it any more: no other command may overtake it.
    turn = create_eager_task(_async_take_turn(target, request, context), name=f"{DOMAIN} {request.command}")
    turns = hass.data.setdefault(_TURNS, set())
    turns.add(turn)

    def end(turn: asyncio.Task[Action]) -> None:
        turns.discard(turn)
        lock.release()
        if not turn.cancelled():
            turn.exception()  # nobody may be there any more to be told

    turn.add_done_callback(end)
    await asyncio.wait((turn,))
    return turn.result()


async def _async_take_turn(target: Target, request: CommandRequest, context: Context | None) -> Action:
    """Send a command while no other one to its device is under way."""
    name = target.name
    if (current := target.current()) is None:
        raise _validation_error(key="account_not_loaded", device=name)
    coordinator = current.coordinator
    if (device := current.device) is None:
        raise _validation_error(key="device_gone", device=name)
    push = build_payload(device, name, request)
    sent = _SentCommand(
        target=current,
        push=push,
        begun=coordinator.state.service_time(),
        record=frozenset(coordinator.state.devices[device.id].actions),
    )
    try:
        action = await _async_send(current, device, push)
    except (AmpsPausedError, AmpsNotSentError) as err:
        raise _command_error(err, name, request) from err
    except _UNANSWERED as err:
        action = await sent.async_find_action(_command_error(err, name, request))
    except AmpsError as err:
        await coordinator.error_handler.async_handle(err)
        raise _command_error(err, name, request) from err
    coordinator = (target.current() or current).coordinator
    if context is not None:
        coordinator.action_events.set_context(action.id, context)
    coordinator.state.apply_action(target.device_id, action)
    return action


async def _async_send(target: Target, device: AnyDevice, push: CommandPayload, *, again: bool = True) -> Action:
    """Send a command; once more if what was in its way is over by the time that this is known (design §6)."""
    coordinator = target.coordinator
    try:
        return await coordinator.state.client.push(device, push)
    except AmpsConflictError as err:
        conflict = await async_find_conflict(coordinator, device.id, err)
        if not (again and conflict.is_over):
            raise conflict.as_error(target.name, slug(push.command)) from err
    return await _async_send(target, device, push, again=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class _SentCommand:
    """A push as it went out: when, by the service's clock, and which actions were known before."""

    target: Target
    push: CommandPayload
    begun: datetime
    record: frozenset[str]

    async def async_find_action(self, unknown: HomeAssistantError) -> Action:
        """Return the action that it made though no answer came, looking twice.

        Raises that the outcome is unknown when Amps does not say, else that there is no such action.
        """
        actions = None
        for wait in (0.0, _SECOND_LOOK):
            await asyncio.sleep(wait)
            coordinator = (self.target.current() or self.target).coordinator
            try:
                actions = await coordinator.state.client.list_actions(device_id=self.target.device_id, limit=_LOOKED_AT)
            except AmpsError as err:
                LOGGER.debug("%s: what became of a command was not told: %s", coordinator.name, err)
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
        """Return whether an action is of this push: new, with the same command and parameters."""
        return (
            action.id not in self.record
            and action.command == slug(self.push.command)
            and (action.parameters or {}) == {slug(name): value for name, value in self.push.parameters.items()}
            and action.created_at is not None
            and action.created_at >= self.begun - _TOLERANCE
        )


def build_payload(device: AnyDevice, name: str, request: CommandRequest) -> CommandPayload:
    """Return the command as it goes over the wire; raise what stands against it, naming what would work."""
    if (command := device.commands.get(request.command)) is None:
        raise _validation_error(
            key="command_not_supported", device=name, command=request.command, supported=device.commands
        )
    if Execution.IMMEDIATE not in command.execution:
        raise _validation_error(
            key="execution_not_supported", device=name, command=request.command, supported=command.execution
        )
    if request.on_conflict is not OnConflict.FAIL and request.on_conflict not in device.conflict_strategies:
        raise _validation_error(
            key="on_conflict_not_supported",
            device=name,
            strategy=request.on_conflict,
            supported=(OnConflict.FAIL, *device.conflict_strategies),
        )
    return CommandPayload(
        command=command.name,
        parameters=dict(_quantity(command, name, request, slug) for slug in request.parameters),
        on_conflict=None if request.on_conflict is OnConflict.FAIL else request.on_conflict,
    )


def _quantity(command: Command, device_name: str, request: CommandRequest, slug: str) -> tuple[str, Quantity]:
    amount, declared = request.parameters[slug], _with_unit(command)
    if (parameter := declared.get(slug)) is None:
        raise _validation_error(
            key="parameter_not_supported",
            device=device_name,
            command=request.command,
            parameter=slug,
            supported=declared,
        )
    value = amount.value * _factor(amount, parameter, device_name, slug)
    low, high = _bounds(parameter)
    if not (math.isfinite(value) and low <= value <= high):
        raise _validation_error(
            key="parameter_out_of_range",
            device=device_name,
            parameter=slug,
            value=f"{value:g}",
            min=f"{low:g}",
            max=f"{high:g}",
            unit=str(parameter.unit),
        )
    return parameter.name, Quantity(value=value, unit=str(parameter.unit))


def _with_unit(command: Command) -> dict[str, Parameter]:
    """Return the parameters that can be sent: every number goes with a unit (api §5.1)."""
    return {slug: parameter for slug, parameter in command.parameters.items() if parameter.unit is not None}


def _factor(amount: ParameterValue, parameter: Parameter, device_name: str, slug: str) -> float:
    if amount.unit is None or amount.unit == parameter.unit:
        return 1
    if factor := _FACTORS.get((amount.unit, str(parameter.unit))):
        return factor
    raise _validation_error(
        key="unit_not_supported", device=device_name, parameter=slug, unit=amount.unit, supported=[str(parameter.unit)]
    )


def _bounds(parameter: Parameter) -> tuple[float, float]:
    low, high = _BOUNDS.get(str(parameter.unit), (float("-inf"), float("inf")))
    return low if parameter.min is None else parameter.min, high if parameter.max is None else parameter.max


def _validation_error(*, key: str, supported: Iterable[str] = (), **placeholders: str) -> ServiceValidationError:
    return ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key=key,
        translation_placeholders={
            **{name: display_text(text) for name, text in placeholders.items()},
            "supported": display_texts(sorted(supported)),
        },
    )


def _command_error(err: AmpsError, name: str, request: CommandRequest) -> HomeAssistantError:
    """Return what a push that failed means to the caller."""
    key = next((_REFUSALS[kind] for kind in type(err).mro() if kind in _REFUSALS), "outcome_unknown")
    placeholders = {"device": name, "command": request.command, "error": str(err)}
    if isinstance(err, AmpsApiError):
        placeholders["code"] = err.code
    placeholders["seconds"] = f"{_USUAL_WAIT if err.retry_after is None else err.retry_after:.0f}"
    return HomeAssistantError(translation_domain=DOMAIN, translation_key=key, translation_placeholders=placeholders)


_REFUSALS: Final[Mapping[type[AmpsError], str]] = {
    AmpsTransientError: "outcome_unknown",
    AmpsKeyInvalidError: "invalid_auth",
    AmpsPausedError: "command_rate_limited",
    AmpsNotSentError: "command_not_sent",
    AmpsRateLimitedError: "command_rate_limited",
    AmpsRelinkError: "relink_device",
    AmpsApiError: "command_refused",
}
"""What each refusal is told as; what was no answer of Amps leaves open whether the command was carried out."""
