"""Settings (api §7): checked as a whole, then written as a whole."""

from collections.abc import Mapping

from ..devices.base import SettingSpec
from ..errors import ApiError, Code, out_of_range, unsupported_unit
from ..faults.kinds import Phase
from ..home.home import Twin
from ..live import REACH
from ..routing import Call
from ..validation import Quantity, Shape
from ..world import World


def read_settings(body: object) -> dict[str, Quantity]:
    """Return the map of a settings write."""
    shape = Shape()
    quantities = shape.quantities(body)
    if body == {}:
        shape.object_to("", "must name at least one setting")
    shape.check()
    return quantities


def write_settings(world: World, twin: Twin, quantities: Mapping[str, Quantity], call: Call) -> list[str]:
    """Write settings, all or none, and return what was written; a real device needs a moment to take them."""
    check_settings(twin.device.model.settings, quantities)
    for fault in world.faults.strike(Phase.MANUFACTURER, call.trace, twin.device.id):
        raise ApiError(fault.effect.code)
    at = call.now + REACH if call.live else call.now
    world.home.tune(twin, {name: quantity.value for name, quantity in quantities.items()}, at)
    world.fold(twin, call.now)
    return list(quantities)


def check_settings(declared: Mapping[str, SettingSpec], quantities: Mapping[str, Quantity]) -> None:
    """Refuse settings by the first rule that they break (api §7)."""
    for name in quantities:
        if name not in declared:
            raise ApiError(Code.UNSUPPORTED_SETTING, {"parameter": name})
    for name, quantity in quantities.items():
        _check(name, quantity, declared[name])


def _check(name: str, quantity: Quantity, spec: SettingSpec) -> None:
    if spec.unit is None:
        raise ApiError(Code.READ_ONLY_SETTING, {"parameter": name})
    if quantity.unit != spec.unit:
        raise unsupported_unit(name, quantity.unit, spec.unit)
    if not spec.low <= quantity.value <= spec.high:
        raise out_of_range(Code.SETTING_OUT_OF_RANGE, name, quantity.value, (spec.low, spec.high), spec.unit)
