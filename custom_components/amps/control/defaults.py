"""The defaults of the buttons of an account's devices, which numbers set (design §5)."""

from datetime import timedelta
from typing import Final

from ..api.models import AnyDevice
from ..rules.capability import ParameterValue, runs_in_windows_only
from ..rules.defaults import DEFAULTS, clamp, find_parameter, first_value
from ..rules.timing import IMMEDIATELY, Times

FIRST_WINDOW_DURATION: Final = 60.0
"""Minutes."""
KEY_WINDOW_DURATION: Final = "window_duration"


class LocalDefaults:
    """What people set for the buttons of devices, where they did."""

    def __init__(self) -> None:
        """Begin with nothing set."""
        self._values: dict[tuple[str, str], float] = {}
        """By device id and key."""

    def set(self, device_id: str, key: str, value: float) -> None:
        """Set a default of a device."""
        self._values[device_id, key] = value

    def parameters(self, device: AnyDevice, command: str) -> dict[str, ParameterValue]:
        """Return the parameters to send with a command, as far as the device declares them."""
        return {
            default.parameter: ParameterValue(
                value=clamp(self._values.get((device.id, key), first_value(device, key, parameter)), parameter)
            )
            for key, default in DEFAULTS.items()
            if default.command == command and (parameter := find_parameter(device.commands, key)) is not None
        }

    def times(self, device: AnyDevice, command: str) -> Times:
        """Return when to run a command: at once, or in the next window where the device takes only those."""
        if not runs_in_windows_only(device.commands, command):
            return IMMEDIATELY
        minutes = self._values.get((device.id, KEY_WINDOW_DURATION), FIRST_WINDOW_DURATION)
        return Times(duration=timedelta(minutes=minutes))
