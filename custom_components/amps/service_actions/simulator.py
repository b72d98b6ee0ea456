"""The actions that steer a simulated home, for administrators only (design §6)."""

from collections.abc import Callable, Coroutine, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from homeassistant.const import ATTR_CONFIG_ENTRY_ID, ATTR_DEVICE_ID
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv, device_registry as dr
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.helpers.service import async_get_config_entry
from homeassistant.helpers.typing import VolSchemaType
from homeassistant.util import dt as dt_util
import voluptuous as vol

from ..account.simulated_home import SimulatedHome, opened_home, opened_homes
from ..const import DOMAIN, signal_time_jumped
from ..runtime import AmpsConfigEntry
from ..simulator import ClockError
from .service_action import ServiceAction

ATTR_ADVANCE: Final = "advance"
ATTR_COUNT: Final = "count"
ATTR_DURATION: Final = "duration"
ATTR_FAULT: Final = "fault"
ATTR_TIME: Final = "time"

FAULTS: Final = (
    "fallback",
    "offline",
    "invalid_credentials",
    "rate_limited",
    "unavailable",
    "internal_error",
    "latency",
    "timeout",
    "disconnect",
    "truncated",
    "invalid_json",
    "null_fields",
    "unknown_values",
    "failed_action",
    "slow_acknowledgement",
    "scheduler_active",
    "silent_refusal",
)
"""What can go wrong in a home that has no account; a refused key would have nobody who could renew it."""

_ENTRY: Final = {vol.Optional(ATTR_CONFIG_ENTRY_ID): cv.string}
_LONGEST_FAULT: Final = timedelta(days=365)


async def _async_set_clock(entry: AmpsConfigEntry, home: SimulatedHome, call: ServiceCall) -> None:
    """Move the clock of a home forward; nobody counts the energy of the time between."""
    coordinator = entry.runtime_data.coordinator
    # What flowed up to now is counted first.
    await coordinator.async_refresh()
    try:
        home.clock.set(_wanted_time(home, call.data))
    except (ClockError, OverflowError) as err:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="clock_moves_forward_only",
            translation_placeholders={"now": dt_util.as_local(home.clock.now()).isoformat(" ", "seconds")},
        ) from err
    home.changed()
    async_dispatcher_send(call.hass, signal_time_jumped(entry.entry_id), home.clock.now())
    await coordinator.async_refresh()


def _wanted_time(home: SimulatedHome, data: Mapping[str, Any]) -> datetime:
    if ATTR_ADVANCE in data:
        span: timedelta = data[ATTR_ADVANCE]
        return home.clock.now() + span
    time: datetime = data[ATTR_TIME]
    return dt_util.as_utc(time)


async def _async_inject_fault(entry: AmpsConfigEntry, home: SimulatedHome, call: ServiceCall) -> None:
    """Inject a fault from now on."""
    home.simulator.inject(
        call.data[ATTR_FAULT],
        device_id=_device_id(call.hass, entry, call.data.get(ATTR_DEVICE_ID)),
        count=call.data.get(ATTR_COUNT),
        duration=call.data.get(ATTR_DURATION),
    )
    home.changed()
    await entry.runtime_data.coordinator.async_refresh()


async def _async_reset(entry: AmpsConfigEntry, home: SimulatedHome, call: ServiceCall) -> None:
    """Forget all that was done to a home, here as well: nothing that is known of it holds any more."""
    home.simulator.reset()
    entry.runtime_data.coordinator.store.clear()
    await call.hass.config_entries.async_reload(entry.entry_id)


def _device_id(hass: HomeAssistant, entry: AmpsConfigEntry, registry_id: str | None) -> str | None:
    """Return the id that a home knows a device by."""
    if registry_id is None:
        return None
    device = dr.async_get(hass).async_get(registry_id)
    known = entry.runtime_data.coordinator.state.devices
    for domain, device_id in device.identifiers if device else ():
        if domain == DOMAIN and device_id in known:
            return device_id
    raise ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key="not_in_simulated_home",
        translation_placeholders={
            "device": (device.name_by_user or device.name or registry_id) if device else registry_id,
            "account": entry.title,
        },
    )


type _Handler = Callable[[AmpsConfigEntry, SimulatedHome, ServiceCall], Coroutine[Any, Any, None]]

_STEERING: Final[Mapping[str, tuple[_Handler, VolSchemaType]]] = {
    "simulator_set_clock": (
        _async_set_clock,
        vol.All(
            vol.Schema(
                {
                    **_ENTRY,
                    vol.Exclusive(ATTR_ADVANCE, "clock"): cv.positive_time_period,
                    vol.Exclusive(ATTR_TIME, "clock"): cv.datetime,
                }
            ),
            cv.has_at_least_one_key(ATTR_ADVANCE, ATTR_TIME),
        ),
    ),
    "simulator_inject_fault": (
        _async_inject_fault,
        vol.Schema(
            {
                **_ENTRY,
                vol.Required(ATTR_FAULT): vol.In(FAULTS),
                vol.Optional(ATTR_DEVICE_ID): cv.string,
                vol.Optional(ATTR_COUNT): vol.All(vol.Coerce(int), vol.Range(min=1, max=1_000_000)),
                vol.Optional(ATTR_DURATION): vol.All(cv.positive_time_period, vol.Range(max=_LONGEST_FAULT)),
            }
        ),
    ),
    "simulator_reset": (_async_reset, vol.Schema(_ENTRY)),
}


async def _async_steer(handler: _Handler, call: ServiceCall) -> None:
    entry, home = _home(call.hass, call.data.get(ATTR_CONFIG_ENTRY_ID))
    await handler(entry, home, call)


def _home(hass: HomeAssistant, entry_id: str | None) -> tuple[AmpsConfigEntry, SimulatedHome]:
    """Return a simulated home and its entry, the only one when none is named."""
    if entry_id is None:
        homes = opened_homes(hass)
        if len(homes) != 1:
            raise ServiceValidationError(
                translation_domain=DOMAIN, translation_key="several_simulated_homes" if homes else "no_simulated_home"
            )
        (entry_id,) = homes
    entry: AmpsConfigEntry = async_get_config_entry(hass, DOMAIN, entry_id)
    home = opened_home(hass, entry_id)
    if home is None:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="not_simulated",
            translation_placeholders={"account": entry.title},
        )
    return entry, home


ACTIONS: Final[Mapping[str, ServiceAction]] = {
    name: ServiceAction(handler=partial(_async_steer, handler), schema=schema, admin_only=True)
    for name, (handler, schema) in _STEERING.items()
}
