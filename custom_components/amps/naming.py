"""How devices are called (design §3): Amps itself has no names for them (api §15.2 #19)."""

from collections.abc import Iterable

from .api.models import AnyDevice


def device_names(devices: Iterable[AnyDevice]) -> dict[str, str]:
    """Return names by device id: vendor and model, else the type; of equal ones all but the first get the id's end."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for device in sorted(devices, key=lambda device: device.id):
        name = " ".join(part for part in (device.vendor, device.metadata.model) if part) or device.label
        names[device.id] = f"{name} {device.id[-4:]}" if name in taken else name
        taken.add(name)
    return names
