"""Settings (api §7): checked as a whole, then written as a whole."""

from collections.abc import Mapping
from datetime import datetime

from .devices.base import SettingSpec
from .errors import ApiError, Code, out_of_range, unsupported_unit
from .home import Home, Twin
from .validation import Quantity, Shape


def read_settings(body: object) -> dict[str, Quantity]:
    """Return the map of a settings write."""
    shape = Shape()
    quantities = shape.quantities(body)
    if body == {}:
        shape.object_to("", "must name at least one setting")
    shape.check()
    return quantities


def write_settings(home: Home, twin: Twin, quantities: Mapping[str, Quantity], *, at: datetime) -> list[str]:
    """Write settings as of an instant, all or none, and return what was written."""
    declared = twin.device.model.settings
    for name in quantities:
        if name not in declared:
            raise ApiError(Code.UNSUPPORTED_SETTING, {"parameter": name})
    for name, quantity in quantities.items():
        _check(name, quantity, declared[name])
    home.tune(twin, {name: quantity.value for name, quantity in quantities.items()}, at)
    return list(quantities)


def _check(name: str, quantity: Quantity, spec: SettingSpec) -> None:
    if spec.unit is None:
        raise ApiError(Code.READ_ONLY_SETTING, {"parameter": name})
    if quantity.unit != spec.unit:
        raise unsupported_unit(name, quantity.unit, spec.unit)
    if not spec.low <= quantity.value <= spec.high:
        raise out_of_range(Code.SETTING_OUT_OF_RANGE, name, quantity.value, (spec.low, spec.high), spec.unit)
