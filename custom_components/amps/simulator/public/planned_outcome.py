"""What becomes of a push that was accepted: as the device has it, as the push asks for, as faults will have it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
import math

from ..devices.base import CANCEL_AND_REPLACE
from ..errors import Code
from ..faults.kinds import Effect, FailedAction, Phase, SchedulerActive, SilentRefusal, SlowAcknowledgement
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
    """How an action fails, how long it takes to settle, how much later it ends, and whether the device obeys.

    A `settle` of None is what is usual.
    """

    failure: str | None = None
    settle: timedelta | None = None
    late: timedelta = timedelta(0)
    obeyed: bool = True

    def finishes(self, window: Window, begins: datetime, timing: Timing, *, live: bool) -> datetime:
        """Return when the action comes to its end (api §6.4, §15.3 #26, #27)."""
        usual = timing.settle
        if live:
            usual = timing.live_settle if self.failure is None else timing.live_failure
        end = begins + (usual if self.settle is None else self.settle)
        if window.end is not None:
            early = timing.windows_settle or self.failure is not None
            end = min(end, window.end) if early else window.end
        return whole_milliseconds(end + self.late)

    def followed(self, window: Window, begins: datetime, *, live: bool) -> datetime | None:
        """Return when the device follows the command, if ever; a real one needs longer than a window may last."""
        if self.failure is not None or not self.obeyed:
            return None
        followed = begins + DEVICE_DELAY if live else begins
        return None if window.end is not None and followed >= window.end else followed


def plan_outcome(
    world: World, simulated: SimulatedDevice, body: CommandBody, call: Call, begins: datetime
) -> PlannedOutcome:
    """Return what becomes of a push that is dispatched at an instant."""
    found = PlannedOutcome() if call.live else _sandbox_outcome(body.sandbox)
    device_id = simulated.device.id
    for fault in world.faults.strike(Phase.PUSH, call.trace, device_id, at=begins):
        if isinstance(fault.effect, SchedulerActive) and body.on_conflict == CANCEL_AND_REPLACE:
            # It stops the device's own scheduler for good (api §6.7), and no other device's.
            world.faults.spare(fault.id, device_id)
        else:
            found = _changed(found, fault.effect)
    for fault in world.faults.strike(Phase.MANUFACTURER, call.trace, device_id, at=begins):
        return replace(found, failure=fault.effect.refusal().code.name)
    return found


def _changed(found: PlannedOutcome, effect: Effect) -> PlannedOutcome:
    match effect:
        case FailedAction():
            return replace(found, failure=effect.error_code)
        case SlowAcknowledgement():
            return replace(found, late=found.late + timedelta(seconds=effect.seconds))
        case SchedulerActive():
            return replace(found, failure=Code.SCHEDULER_ACTIVE.name)
        case SilentRefusal():
            return replace(found, obeyed=False)
        case _:
            raise NotImplementedError(effect.kind)


def _sandbox_outcome(sandbox: Mapping[str, object]) -> PlannedOutcome:
    """Understand what is ours in the `sandbox` member (api §15.3 #48) and leave the rest alone."""
    failure = None
    if sandbox.get("outcome") == "failed":
        code = sandbox.get("errorCode")
        failure = code if isinstance(code, str) and code else Code.UNKNOWN_ERROR.name
    delay = sandbox.get("delaySeconds")
    if isinstance(delay, bool) or not isinstance(delay, int | float) or not math.isfinite(delay) or delay < 0:
        return PlannedOutcome(failure=failure)
    return PlannedOutcome(failure=failure, settle=min(timedelta(seconds=min(delay, 1e9)), _LONGEST_DELAY))
