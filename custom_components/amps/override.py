"""Whether somebody else overrode a command (design §5, api §4.8).

Amps tells what was commanded last and what the device does now; where the two cannot both be true, the manufacturer's
app, a person at the device or its own programme has the last word.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from .api.models import (
    Action,
    ActionState,
    AnyDevice,
    Battery,
    BatteryStatus,
    EvCharger,
    HoldType,
    Hvac,
    HvacMode,
    Source,
)

CONFIRMED_AFTER: Final = timedelta(minutes=2)
"""Two readings this far apart have to disagree: one may show a device on its way."""
SETPOINT_TOLERANCE: Final = 0.5
"""°C; thermostats round."""

_EFFECTIVE: Final = (ActionState.ACKNOWLEDGED, ActionState.COMPLETED)
_MOVING: Final = (BatteryStatus.CHARGING, BatteryStatus.DISCHARGING)


def disagrees(device: AnyDevice, action: Action | None) -> bool | None:
    """Return whether a reading contradicts an action; None when there is nothing to compare.

    That is when the action is not the newest one, not in effect, its window is not open, or the reading is older.
    """
    newest, pulled = device.last_action, device.sync.last_pulled_at
    if action is None or newest is None or newest.id != action.id or newest.state not in _EFFECTIVE or pulled is None:
        return None
    if newest.updated_at is None or pulled <= newest.updated_at:
        return None
    if (action.start and pulled < action.start) or (action.end and pulled >= action.end):
        return None
    check = _CHECKS.get(type(device))
    return check(device, action) if check else None


def _battery(battery: Battery, action: Action) -> bool:
    status, mode = battery.state.status, battery.state.current_mode
    if mode is not None and mode != action.command:
        return True
    opposite = {"charge": (BatteryStatus.DISCHARGING,), "discharge": (BatteryStatus.CHARGING,), "idle": _MOVING}
    return status in opposite.get(action.command or "", ())


def _ev_charger(charger: EvCharger, action: Action) -> bool:
    return action.command == "idle" and charger.state.is_charging is True


def _hvac(hvac: Hvac, action: Action) -> bool:
    if action.command == "follow_schedule":
        return hvac.state.hold_type is HoldType.PERMANENT
    wanted = HvacMode.OFF if action.command == "idle" else action.command
    if hvac.state.mode is not None and hvac.state.mode != wanted:
        return True
    return any(
        abs(shown - quantity.value) > SETPOINT_TOLERANCE
        for name, quantity in (action.parameters or {}).items()
        if (shown := _setpoint(hvac, action, name)) is not None
    )


def _setpoint(hvac: Hvac, action: Action, parameter: str) -> float | None:
    """Return the setpoint that a parameter set: `target` is that of the command's own mode (api §4.5)."""
    heating = parameter == "heat_setpoint" or (parameter == "target" and action.command == "heat")
    return hvac.state.heat_setpoint if heating else hvac.state.cool_setpoint


_CHECKS: Final[Mapping[type[AnyDevice], Callable[[Any, Action], bool]]] = {
    Battery: _battery,
    EvCharger: _ev_charger,
    Hvac: _hvac,
}


@dataclass(slots=True)
class OverrideWatch:
    """Decides over several readings of one device."""

    overridden: bool = False
    _since: datetime | None = None

    def observe(self, device: AnyDevice, action: Action | None) -> bool:
        """Take a reading into account and return whether the device is overridden."""
        # In the sandbox commands are the device (api §11.1).
        verdict = None if device.metadata.source is Source.PROJECTION else disagrees(device, action)
        pulled = device.sync.last_pulled_at
        if not verdict or pulled is None:
            self.overridden, self._since = False, None
        elif self._since is None:
            self._since = pulled
        elif pulled - self._since >= CONFIRMED_AFTER:
            self.overridden = True
        return self.overridden
