"""What a user can hand to somebody who helps; by allow-list."""

from homeassistant.const import CONF_URL
from homeassistant.core import HomeAssistant
from homeassistant.helpers.device_registry import AnyDeviceEntry

from .account.gate import is_monitor_only
from .api.json import JsonObject
from .api.report import report
from .const import CONF_PROFILE, CONF_SEED, CONF_USER_ID, DEFAULT_URL, DOMAIN
from .runtime import AmpsConfigEntry


async def async_get_config_entry_diagnostics(hass: HomeAssistant, entry: AmpsConfigEntry) -> JsonObject:
    """Return diagnostics of an account."""
    return _account(entry) | {
        "devices": [report(record.reading) for record in entry.runtime_data.coordinator.state.devices.values()]
    }


async def async_get_device_diagnostics(
    hass: HomeAssistant, entry: AmpsConfigEntry, device: AnyDeviceEntry
) -> JsonObject:
    """Return diagnostics of a device; of one that is in no list any more, only those of its account."""
    devices = entry.runtime_data.coordinator.state.devices
    ids = [device_id for domain, device_id in device.identifiers if domain == DOMAIN and device_id in devices]
    return _account(entry) | {"devices": [report(devices[device_id].reading) for device_id in ids]}


def _account(entry: AmpsConfigEntry) -> JsonObject:
    coordinator = entry.runtime_data.coordinator
    interval = coordinator.update_interval
    deliveries, last_delivery_at = coordinator.deliveries, coordinator.deliveries.last_delivery_at
    return {
        "account": {
            "simulated": CONF_SEED in entry.data,
            "profile": entry.data.get(CONF_PROFILE),
            "public_service": entry.data.get(CONF_URL) == DEFAULT_URL,
            "one_end_user": bool(entry.data.get(CONF_USER_ID)),
            "environment": coordinator.state.environment,
            "monitor_only": is_monitor_only(entry),
        },
        "retrieval": {
            "last_update_success": coordinator.last_update_success,
            "last_exception": type(coordinator.last_exception).__name__ if coordinator.last_exception else None,
            "update_interval_seconds": interval.total_seconds() if interval else None,
            "devices": len(coordinator.state.devices),
            "unreadable": coordinator.lists.unreadable,
        },
        "push": {
            "configured": deliveries.is_expected,
            "proven": deliveries.is_proven,
            "silent": deliveries.is_silent,
            "last_delivery": last_delivery_at.isoformat() if last_delivery_at else None,
            "deliveries": dict(deliveries.results),
        },
        "requests": [*coordinator.state.request_log.report()],
    }
