"""The one path of every command: check it against what the device declares, then send it (design §6)."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from homeassistant.core import Context
from homeassistant.util import dt as dt_util

from ..api import AmpsError
from ..api.models import Action, ActionState, AnyDevice, EvCharger, Vehicle
from ..rules import DeviceRecord
from ..rules.capability import CommandRequest, OnConflict
from ..rules.native_scheduler import refused_command
from ..rules.plan import Plan, plan_command
from ..rules.timing import Present
from .errors import objection_error, validation_error
from .follow_up import async_add_follow_up, async_keep_follow_up
from .outcome import SchedulerActiveError
from .plant_clock import async_send_at
from .queue import async_run_in_turn
from .sending import DeviceFreedError, max_wait
from .targets import Target, find_device


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandResult:
    """What became of a command."""

    action: Action | None
    """The action that Amps made of it; None where there was nothing to send."""
    plan: Plan
    """What was sent, or why there was nothing to send."""
    ready_at: datetime | None = None
    """When the wanted level will be reached, where that was asked for."""


async def async_run_command(
    target: Target,
    request: CommandRequest,
    context: Context | None = None,
    *,
    replaceable: bool = False,
    check: Callable[[], Awaitable[None]] | None = None,
) -> CommandResult:
    """Check a command, send it and return the action that Amps made of it; its events have this context.

    Controls send `replaceable` commands: of those only the newest waits for its turn (design §6). `check` is called
    each time before the command is sent, and raises where it must not be any more.
    A command whose answer is lost is looked up, and never sent again.
    Raises ServiceValidationError for what the device would refuse, before anything is sent, and HomeAssistantError for
    what Amps refused or left unanswered. The declared capabilities are checked when it is this command's turn: while it
    waited for another one, the device may have changed, or gone, or its account may have been loaded anew.
    """
    current, _ = find_commandable(target)  # what can never be sent need not wait for its turn
    asked_at = current.coordinator.state.service_time()
    run = partial(_async_run, target, request, context, asked_at=asked_at, check=check)
    result = await async_run_in_turn(
        target.coordinator.hass, target.device_id, run, name=target.name, replaceable=replaceable
    )
    coordinator = target.latest.coordinator
    if coordinator.state.policy.sandbox and result.action and result.action.state is not ActionState.SCHEDULED:
        with suppress(AmpsError):  # unloaded meanwhile: whoever loads it reads its lists
            await coordinator.async_show_effect()
    return result


def plan_for(target: Target, request: CommandRequest, asked_at: datetime | None = None) -> Plan:
    """Return what a command comes to now, without sending anything; `asked_at` is when it was asked for, if not now.

    Raises ServiceValidationError when the device cannot be commanded at all.
    """
    current, record = find_commandable(target)
    state, store = current.coordinator.state, current.coordinator.store
    now = state.service_time()
    return plan_command(
        record,
        request,
        Present(
            now=now,
            asked_at=asked_at or now,
            zone=dt_util.get_default_time_zone(),
            plant_zone=store.plant_zone(target.device_id),
        ),
        _vehicle_on(current, record),
        sandbox=state.policy.sandbox,
    )


def find_commandable(target: Target) -> tuple[Target, DeviceRecord]:
    """Return a device by its account as it is loaded now, and its record.

    Raises ServiceValidationError when it cannot be changed, or when Amps takes no commands for its type.
    """
    current, record = find_device(target)
    if (reason := current.coordinator.state.command_refusal(type(record.device))) is not None:
        raise validation_error(key=reason, device=target.name, type=record.device.label)
    return current, record


async def _async_run(
    target: Target,
    request: CommandRequest,
    context: Context | None,
    *,
    asked_at: datetime,
    check: Callable[[], Awaitable[None]] | None,
) -> CommandResult:
    """Check and send a command while no other one to its device is in flight."""
    deadline = target.coordinator.hass.loop.time() + max_wait(target)
    while True:
        if check is not None:
            await check()
        current, record = find_commandable(target)
        plan = plan_for(current, request, asked_at)
        if plan.objections:  # the others follow when the first one is out of the way
            raise objection_error(plan.objections[0], target.name)
        if plan.is_reached:
            return CommandResult(action=None, plan=plan, ready_at=plan.present.now)
        try:
            async with async_keep_follow_up(current, record.device, plan):
                action = await async_send_at(current, record.device, plan, context, deadline=deadline)
                if plan.follow_up is not None:
                    await async_add_follow_up(current, record.device, action, plan.follow_up, context)
        except DeviceFreedError:
            continue
        except SchedulerActiveError:
            _report_refused(current, record, plan, context)
            raise
        return CommandResult(action=action, plan=plan, ready_at=plan.window.ready_at)


def _report_refused(target: Target, record: DeviceRecord, plan: Plan, context: Context | None) -> None:
    """Report that the device's own scheduler is in the way, unless even what deletes its schedule was refused."""
    if plan.request.on_conflict is OnConflict.CANCEL_AND_REPLACE:
        return
    coordinator = target.latest.coordinator
    now = coordinator.state.service_time()
    refused = refused_command(record.device, plan.request, plan.window, plan.follow_up, now)
    if context is not None:
        coordinator.action_events.set_context(refused.action.id, context)
    coordinator.issues.report_refused(target.device_id, refused)


def _vehicle_on(target: Target, record: DeviceRecord) -> Vehicle | None:
    """Return the vehicle that is on a charger, None if it is not known which one is on which."""
    if not isinstance(record.device, EvCharger) or not record.device.state.is_connected:
        return None
    devices: list[AnyDevice] = [each.device for each in target.coordinator.state.devices.values()]
    connected = [each for each in devices if isinstance(each, EvCharger) and each.state.is_connected]
    plugged = [each for each in devices if isinstance(each, Vehicle) and each.state.plugged]
    return plugged[0] if len(connected) == len(plugged) == 1 else None
