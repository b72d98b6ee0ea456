"""The one path of every command: check against what the device declares, then push (design §6)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from homeassistant.exceptions import HomeAssistantError, ServiceValidationError

from .api import AmpsApiError, AmpsConflictError, AmpsConnectionError, AmpsError, Push
from .api.models import Action, AnyDevice, Command, Execution, Parameter, Quantity
from .const import DOMAIN
from .coordinator import AmpsCoordinator
from .errors import translation_key


class OnConflict(StrEnum):
    """What to do about an action that is in the way (api §6.7)."""

    FAIL = "fail"
    CANCEL_AND_REPLACE = "cancel_and_replace"
    QUEUE_AFTER = "queue_after"


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """A number that a caller gave; without a unit it is in the one that the device declares."""

    value: float
    unit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandRequest:
    """What a caller wants of a device; all names are slugs."""

    command: str
    parameters: Mapping[str, Amount] = field(default_factory=dict)
    on_conflict: OnConflict = OnConflict.FAIL


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


async def async_push(coordinator: AmpsCoordinator, device_id: str, request: CommandRequest) -> Action:
    """Check a command, send it and return the action that Amps made of it.

    Raises ServiceValidationError for what the device would refuse, before anything is sent, and HomeAssistantError for
    what Amps refused or left unanswered.
    """
    name = coordinator.device_names[device_id]
    push = build_push(coordinator.data.devices[device_id].device, name, request)
    async with coordinator.push_locks[device_id]:
        try:
            action = await coordinator.client.push(coordinator.data.devices[device_id].device, push)
        except AmpsError as err:
            raise _refusal(err, name, request) from err
        coordinator.actions[device_id] = action
    await coordinator.async_refresh()
    return action


def build_push(device: AnyDevice, name: str, request: CommandRequest) -> Push:
    """Return the command as it goes over the wire; raise what stands against it, naming what would work."""
    if (command := device.commands.get(request.command)) is None:
        raise _objection(key="command_not_supported", device=name, command=request.command, supported=device.commands)
    if Execution.IMMEDIATE not in command.execution:
        raise _objection(
            key="execution_not_supported", device=name, command=request.command, supported=command.execution
        )
    if request.on_conflict is not OnConflict.FAIL and request.on_conflict not in device.conflict_strategies:
        raise _objection(
            key="on_conflict_not_supported",
            device=name,
            strategy=request.on_conflict,
            supported=(OnConflict.FAIL, *device.conflict_strategies),
        )
    return Push(
        command=command.name,
        parameters=dict(_quantity(command, name, slug, amount) for slug, amount in request.parameters.items()),
        on_conflict=None if request.on_conflict is OnConflict.FAIL else request.on_conflict,
    )


def _quantity(command: Command, device_name: str, slug: str, amount: Amount) -> tuple[str, Quantity]:
    if (parameter := command.parameters.get(slug)) is None or parameter.unit is None:
        raise _objection(
            key="parameter_not_supported",
            device=device_name,
            command=command.name,
            parameter=slug,
            supported=command.parameters,
        )
    value = amount.value * _factor(amount, parameter, device_name, slug)
    low, high = _bounds(parameter)
    if not low <= value <= high:
        raise _objection(
            key="parameter_out_of_range",
            device=device_name,
            parameter=slug,
            value=f"{value:g}",
            min=f"{low:g}",
            max=f"{high:g}",
            unit=parameter.unit,
        )
    return parameter.name, Quantity(value=value, unit=parameter.unit)


def _factor(amount: Amount, parameter: Parameter, device_name: str, slug: str) -> float:
    if amount.unit is None or amount.unit == parameter.unit:
        return 1
    if factor := _FACTORS.get((amount.unit, str(parameter.unit))):
        return factor
    raise _objection(
        key="unit_not_supported", device=device_name, parameter=slug, unit=amount.unit, supported=[str(parameter.unit)]
    )


def _bounds(parameter: Parameter) -> tuple[float, float]:
    low, high = _BOUNDS.get(str(parameter.unit), (float("-inf"), float("inf")))
    return low if parameter.min is None else parameter.min, high if parameter.max is None else parameter.max


def _objection(*, key: str, supported: object = (), **placeholders: str) -> ServiceValidationError:
    names = sorted(str(name) for name in supported) if isinstance(supported, (Mapping, tuple, list, frozenset)) else []
    return ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key=key,
        translation_placeholders={**placeholders, "supported": ", ".join(names) or "–"},
    )


def _refusal(err: AmpsError, name: str, request: CommandRequest) -> HomeAssistantError:
    placeholders = {"device": name, "command": request.command, "error": str(err)}
    match err:
        case AmpsConnectionError():
            key = "outcome_unknown"
        case AmpsConflictError():
            key = "action_in_the_way"
            placeholders["actions"] = ", ".join(err.names("conflictingActionIds")) or "–"
        case AmpsApiError() if (own := translation_key(err)) != "unexpected_answer":
            key = own
        case AmpsApiError():
            key = "command_refused"
            placeholders["code"] = err.code
        case _:
            key = "outcome_unknown"
    return HomeAssistantError(translation_domain=DOMAIN, translation_key=key, translation_placeholders=placeholders)
