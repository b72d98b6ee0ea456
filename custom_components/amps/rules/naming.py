"""How devices are called (design §3): Amps itself has no names for them (api §15.2 #19)."""

from collections.abc import Iterable, Mapping
from typing import Final

from ..api import display_text
from ..api.models import AnyDevice

_SUFFIX: Final = 4
"""How many characters of an id tell devices of equal names apart, unless these are equal too."""


class DeviceNames:
    """Vendor and model, else the type; of equal names all but the first get the end of the id.

    The first is the one with the lowest id, unless another one is called so already: a name once given stays.
    """

    def __init__(self, registered: Mapping[str, str]) -> None:
        """Begin with the names that were given before the start, by device id."""
        self._names = dict(registered)
        self._taken = set(registered.values())

    @property
    def by_id(self) -> Mapping[str, str]:
        """The names by device id."""
        return self._names

    def add(self, devices: Iterable[AnyDevice]) -> None:
        """Name devices that have no name yet."""
        new = {device.id: device for device in devices if device.id not in self._names}
        for _, device in sorted(new.items()):
            name = self._new_name(device)
            self._names[device.id] = name
            self._taken.add(name)

    def remove(self, device_id: str) -> None:
        """Forget the name of a device that is gone."""
        name = self._names.pop(device_id, None)
        if name is not None and name not in self._names.values():
            self._taken.discard(name)

    def _new_name(self, device: AnyDevice) -> str:
        """Return a name that no other device has, with as little of the id as that takes."""
        plain = name = " ".join(filter(None, (device.vendor, device.metadata.model))) or device.label
        for length in range(_SUFFIX, len(device.id) + _SUFFIX):
            if name not in self._taken:
                break
            name = f"{plain} {display_text(device.id[-length:])}"
        return name
