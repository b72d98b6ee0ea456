"""How devices are called (design §3): Amps itself has no names for them (api §15.2 #19)."""

from collections.abc import Iterable, Mapping

from .api.models import AnyDevice


class DeviceNames:
    """Vendor and model, else the type; of equal names all but the first get the end of the id.

    The first is the one with the lowest id, unless another one is called so already.
    """

    def __init__(self) -> None:
        """Begin without devices."""
        self._names: dict[str, str] = {}
        self._taken: set[str] = set()

    @property
    def by_id(self) -> Mapping[str, str]:
        """The names by device id."""
        return self._names

    def add(self, devices: Iterable[AnyDevice]) -> None:
        """Name devices that have no name yet."""
        for device in sorted(devices, key=lambda device: device.id):
            if device.id in self._names:
                continue
            name = " ".join(filter(None, (device.vendor, device.metadata.model))) or device.label
            name = f"{name} {device.id[-4:]}" if name in self._taken else name
            self._names[device.id] = name
            self._taken.add(name)

    def remove(self, device_id: str) -> None:
        """Forget the name of a device that is gone."""
        self._taken.discard(self._names.pop(device_id, ""))
