"""Settings (api §7): all are checked, then all are written."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field, RootModel

from ..devices.base import SettingSpec
from ..errors import ApiError, ErrorCode, out_of_range, unsupported_unit
from ..faults.kinds import Phase
from ..home.home import SimulatedDevice
from ..live import DEVICE_DELAY
from ..routing import Call
from ..validation import Quantity
from ..world import World


class SettingsBody(RootModel[Annotated[dict[str, Quantity], Field(min_length=1)]]):
    """The body of a settings write: at least one setting, by name."""


def write_settings(
    world: World, simulated: SimulatedDevice, quantities: Mapping[str, Quantity], call: Call
) -> list[str]:
    """Write settings, all or none, and return their names; in live they take effect after the device's delay."""
    check_settings(simulated.device.model.settings, quantities)
    for fault in world.faults.take(Phase.MANUFACTURER, call.trace, simulated.device.id):
        raise fault.effect.error()
    at = call.now + DEVICE_DELAY if call.live else call.now
    world.home.write_settings(simulated, {name: quantity.value for name, quantity in quantities.items()}, at)
    world.fold(simulated, call.now)
    return list(quantities)


def check_settings(declared: Mapping[str, SettingSpec], quantities: Mapping[str, Quantity]) -> None:
    """Raise the error of the first rule that settings break (api §7)."""
    for name in quantities:
        if name not in declared:
            raise ApiError(ErrorCode.UNSUPPORTED_SETTING, {"parameter": name})
    for name, quantity in quantities.items():
        _check(name, quantity, declared[name])


def _check(name: str, quantity: Quantity, spec: SettingSpec) -> None:
    if spec.unit is None:
        raise ApiError(ErrorCode.READ_ONLY_SETTING, {"parameter": name})
    if quantity.unit != spec.unit:
        raise unsupported_unit(name, quantity.unit, spec.unit)
    if not spec.low <= quantity.value <= spec.high:
        raise out_of_range(ErrorCode.SETTING_OUT_OF_RANGE, name, quantity.value, (spec.low, spec.high), spec.unit)
