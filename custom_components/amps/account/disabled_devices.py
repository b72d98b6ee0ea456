"""Which devices are disabled in Home Assistant: these are never read by themselves (design §4)."""

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr

from ..const import DOMAIN
from .listeners import Listeners


class DisabledDevices:
    """The ids of an account's devices that are disabled in Home Assistant now."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry) -> None:
        """Look them up, and again at each change of the device registry until the account is unloaded."""
        self._hass = hass
        self._entry = entry
        self._ids = self._look_up()
        self.listeners = Listeners[[]]()
        """Called whenever other devices are disabled."""
        entry.async_on_unload(
            hass.bus.async_listen(dr.EVENT_DEVICE_REGISTRY_UPDATED, self._on_update, event_filter=_disables_or_enables)
        )

    def __contains__(self, device_id: str) -> bool:
        """Return whether a device is disabled."""
        return device_id in self._ids

    def _look_up(self) -> frozenset[str]:
        return frozenset(
            device_id
            for device in dr.async_entries_for_config_entry(dr.async_get(self._hass), self._entry.entry_id)
            if device.disabled
            for domain, device_id in device.identifiers
            if domain == DOMAIN
        )

    @callback
    def _on_update(self, event: Event[dr.EventDeviceRegistryUpdatedData]) -> None:
        device = dr.async_get(self._hass).async_get(event.data["device_id"])
        if event.data["action"] == "create" and (device is None or not device.disabled):
            return
        before, self._ids = self._ids, self._look_up()
        if self._ids != before:
            self.listeners.notify()


@callback
def _disables_or_enables(data: dr.EventDeviceRegistryUpdatedData) -> bool:
    """Return whether a device may have come to be disabled: one that comes back, or of another account, still is."""
    if data["action"] == "update":
        return not data["changes"].keys().isdisjoint(("disabled_by", "config_entry_id"))
    return data["action"] == "create"
