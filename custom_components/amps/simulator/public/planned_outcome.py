"""The outcome of an accepted push, as the device, the `sandbox` member of the push and the faults determine it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
import math

from ..devices.base import CANCEL_AND_REPLACE
from ..errors import ErrorCode
from ..faults.kinds import FailedAction, FaultEffect, Phase, SchedulerActive, SilentRefusal, SlowAcknowledgement
from ..home.actions import Timing
from ..home.home import SimulatedDevice
from ..live import DEVICE_DELAY
from ..routing import Call
from ..wire import whole_milliseconds
from ..world import World
from .command_body import CommandBody
from .timerules import Window

_LONGEST_DELAY = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedOutcome:
    """The error code of an action, the time from acknowledged to completed, its delay, and whether the device obeys.

    A `settle` of None is the usual time.
    """

    failure: str | None = None
    settle: timedelta | None = None
    delay: timedelta = timedelta(0)
    obeyed: bool = True

    def finishes_at(self, window: Window, dispatched_at: datetime, timing: Timing, *, live: bool) -> datetime:
        """Return when the action finishes (api §6.4, §15.3 #26, #27)."""
        usual = timing.settle
        if live:
            usual = timing.live_settle if self.failure is None else timing.live_failure
        finishes_at = dispatched_at + (usual if self.settle is None else self.settle)
        if window.end is not None:
            early = timing.windows_settle or self.failure is not None
            finishes_at = min(finishes_at, window.end) if early else window.end
        return whole_milliseconds(finishes_at + self.delay)

    def follows_at(self, window: Window, dispatched_at: datetime, *, live: bool) -> datetime | None:
        """Return when the device follows the command, if ever; a real device may need longer than a window lasts."""
        if self.failure is not None or not self.obeyed:
            return None
        follows_at = dispatched_at + DEVICE_DELAY if live else dispatched_at
        return None if window.end is not None and follows_at >= window.end else follows_at


def plan_outcome(
    world: World, simulated: SimulatedDevice, body: CommandBody, call: Call, dispatched_at: datetime
) -> PlannedOutcome:
    """Return the outcome of a push that is dispatched at an instant."""
    outcome = PlannedOutcome() if call.live else _sandbox_outcome(body.sandbox)
    device_id = simulated.device.id
    for fault in world.faults.take(Phase.PUSH, call.trace, device_id, at=dispatched_at):
        if isinstance(fault.effect, SchedulerActive) and body.on_conflict == CANCEL_AND_REPLACE:
            # The push stops the scheduler of this device, and of no other, for good (api §6.7).
            world.faults.exempt(fault.id, device_id)
        else:
            outcome = _changed(outcome, fault.effect)
    for fault in world.faults.take(Phase.MANUFACTURER, call.trace, device_id, at=dispatched_at):
        return replace(outcome, failure=fault.effect.error().code.name)
    return outcome


def _changed(outcome: PlannedOutcome, effect: FaultEffect) -> PlannedOutcome:
    match effect:
        case FailedAction():
            return replace(outcome, failure=effect.error_code)
        case SlowAcknowledgement():
            return replace(outcome, delay=outcome.delay + timedelta(seconds=effect.seconds))
        case SchedulerActive():
            return replace(outcome, failure=ErrorCode.SCHEDULER_ACTIVE.name)
        case SilentRefusal():
            return replace(outcome, obeyed=False)
        case _:
            raise NotImplementedError(effect.kind)


def _sandbox_outcome(sandbox: Mapping[str, object]) -> PlannedOutcome:
    """Return the outcome for the known keys of the `sandbox` member (api §15.3 #48); unknown ones are ignored."""
    failure = None
    if sandbox.get("outcome") == "failed":
        code = sandbox.get("errorCode")
        failure = code if isinstance(code, str) and code else ErrorCode.UNKNOWN_ERROR.name
    delay = sandbox.get("delaySeconds")
    if isinstance(delay, bool) or not isinstance(delay, int | float) or not math.isfinite(delay) or delay < 0:
        return PlannedOutcome(failure=failure)
    return PlannedOutcome(failure=failure, settle=min(timedelta(seconds=min(delay, 1e9)), _LONGEST_DELAY))
