"""Whether a device takes settings, by what it declares (api §7)."""

from collections.abc import Iterator, Mapping
import math

from ..api.models import Quantity, Setting
from .capability import bounds
from .objection import Objection


def is_writable(setting: Setting) -> bool:
    """Return whether a setting can be written: one without a unit, or that is no number, is not (api §15.2 #21)."""
    return setting.unit is not None and not isinstance(setting.value, bool | str)


def find_setting_objections(settings: Mapping[str, Setting], values: Mapping[str, float]) -> list[Objection]:
    """Return all that stands against writing values, by slug; nothing if the device takes them."""
    return list(_objections(settings, values))


def build_quantities(settings: Mapping[str, Setting], values: Mapping[str, float]) -> dict[str, Quantity]:
    """Return values, to which there are no objections, as they go over the wire."""
    return {
        (setting := settings[name]).name: Quantity(value=value, unit=str(setting.unit))
        for name, value in values.items()
    }


def find_differing(settings: Mapping[str, Setting], values: Mapping[str, float]) -> list[str]:
    """Return the settings that do not have these values."""
    return [name for name, value in values.items() if not _has_value(settings.get(name), value)]


def _objections(settings: Mapping[str, Setting], values: Mapping[str, float]) -> Iterator[Objection]:
    writable = [name for name, setting in settings.items() if is_writable(setting)]
    for name, value in values.items():
        if (setting := settings.get(name)) is None:
            yield Objection.of("setting_not_supported", writable, setting=name)
            continue
        if not is_writable(setting):
            yield Objection.of("setting_read_only", writable, setting=name)
            continue
        low, high = bounds(setting)
        if not (math.isfinite(value) and low <= value <= high):
            yield Objection.of(
                "setting_out_of_range",
                setting=name,
                value=f"{value:g}",
                min=f"{low:g}",
                max=f"{high:g}",
                unit=str(setting.unit),
            )


def _has_value(setting: Setting | None, value: float) -> bool:
    shown = None if setting is None else setting.value
    return isinstance(shown, float) and math.isclose(shown, value)
