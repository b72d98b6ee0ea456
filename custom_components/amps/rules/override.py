"""Whether somebody else overrode a command (design §5, api §4.8).

Amps reports what was commanded last and what the device does now; where the two cannot both be true, the manufacturer's
app, a person at the device or its own programme has the last word.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from ..api.models import (
    Action,
    AnyDevice,
    Battery,
    BatteryMode,
    BatteryStatus,
    EvCharger,
    HoldType,
    Hvac,
    HvacMode,
)
from .effective import EFFECTIVE, acknowledged_at, effective_action
from .record import DeviceRecord, is_newer

CONFIRMED_AFTER: Final = timedelta(minutes=2)
"""Two readings this far apart have to disagree: one may show a device on its way."""
SETPOINT_TOLERANCE: Final = 0.5
"""°C; thermostats round."""

_MOVING: Final = (BatteryStatus.CHARGING, BatteryStatus.DISCHARGING)


def contradicts_action(device: AnyDevice, action: Action, pulled_at: datetime | None) -> bool | None:
    """Return whether a reading contradicts an action; None when there is nothing to compare.

    That is when the action is not in effect, its window is not open, or the reading is older.
    """
    if action.state not in EFFECTIVE or pulled_at is None:
        return None
    acknowledged = acknowledged_at(action)
    if acknowledged is None or pulled_at <= acknowledged:
        return None
    if (action.start and pulled_at < action.start) or (action.end and pulled_at >= action.end):
        return None
    check = _CHECKS.get(type(device))
    return check(device, action) if check else None


def _battery(battery: Battery, action: Action) -> bool | None:
    status, mode = battery.state.status, battery.state.current_mode
    if action.command not in BatteryMode or mode is BatteryMode.UNKNOWN_VALUE:
        return None
    if mode is not None and mode != action.command:
        return True
    opposite = {"charge": (BatteryStatus.DISCHARGING,), "discharge": (BatteryStatus.CHARGING,), "idle": _MOVING}
    return status in opposite.get(action.command or "", ())


def _ev_charger(charger: EvCharger, action: Action) -> bool:
    return action.command == "idle" and charger.state.is_charging is True


def _hvac(hvac: Hvac, action: Action) -> bool | None:
    if action.command == "follow_schedule":
        return hvac.state.hold_type is HoldType.PERMANENT
    if action.command == "idle":  # what mode an idle thermostat shows is not documented (api §4.5)
        return hvac.state.active is True
    if action.command not in HvacMode or hvac.state.mode is HvacMode.UNKNOWN_VALUE:
        return None
    if hvac.state.mode is not None and hvac.state.mode != action.command:
        return True
    setpoints = {
        ("heat", "target"): hvac.state.heat_setpoint,
        ("cool", "target"): hvac.state.cool_setpoint,
        ("auto", "heat_setpoint"): hvac.state.heat_setpoint,
        ("auto", "cool_setpoint"): hvac.state.cool_setpoint,
    }
    return any(
        quantity.unit == "celsius" and abs(shown - quantity.value) > SETPOINT_TOLERANCE
        for name, quantity in (action.parameters or {}).items()
        if (shown := setpoints.get((action.command or "", name))) is not None
    )


_CHECKS: Final[Mapping[type[AnyDevice], Callable[[Any, Action], bool | None]]] = {
    Battery: _battery,
    EvCharger: _ev_charger,
    Hvac: _hvac,
}


@dataclass(slots=True)
class OverrideDetector:
    """Decides over several readings of one device."""

    overridden: bool = False
    since: datetime | None = None
    """The pull of the first reading in a row that contradicts the action."""

    def update(self, record: DeviceRecord) -> bool | None:
        """Apply a reading and return whether the device is overridden; None when that is unknown.

        Nobody can where the last effective action is one whose parameters and window are not known here.
        """
        device, pulled_at = record.device, record.pulled_at
        action = effective_action(record.actions, record.capabilities_at)
        if action is None:
            return False
        if action.device_id is None:
            self.overridden, self.since = False, None
            return None
        if pulled_at is None or self._is_outdated(record):
            return self.overridden
        if not is_newer(self.since, acknowledged_at(action)):
            self.overridden, self.since = False, None  # what was contradicted was another command
        if not contradicts_action(device, action, pulled_at):
            self.overridden, self.since = False, None
        elif self.since is None or pulled_at < self.since:
            self.since = pulled_at
        elif pulled_at - self.since >= CONFIRMED_AFTER:
            self.overridden = True
        return self.overridden

    def _is_outdated(self, record: DeviceRecord) -> bool:
        """Return whether a reading is older than others before a restart; unless it is that the clock was put back."""
        return is_newer(self.since, record.pulled_at) and not is_newer(self.since, record.capabilities_at)
