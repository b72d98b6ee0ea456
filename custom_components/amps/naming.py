"""How devices are called (design §3): Amps itself has no names for them (api §15.2 #19)."""

from collections.abc import Iterable, Mapping

from .api.models import AnyDevice


def device_names(devices: Iterable[AnyDevice], known: Mapping[str, str]) -> dict[str, str]:
    """Return names by device id: vendor and model, else the type; of equal ones all but the first get the id's end.

    The first is the one with the lowest id, unless another one is called so already.
    """
    present = {device.id: device for device in devices}
    names = {device_id: known[device_id] for device_id in present if device_id in known}
    taken = set(names.values())
    for device_id, device in sorted(present.items()):
        if device_id in names:
            continue
        name = " ".join(part for part in (device.vendor, device.metadata.model) if part) or device.label
        names[device_id] = f"{name} {device_id[-4:]}" if name in taken else name
        taken.add(name)
    return names
