"""The one way out for the requests of an account (design §4, errors of the service)."""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Final, override

from aiohttp import hdrs
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_API_KEY
from homeassistant.core import HomeAssistant, callback
from homeassistant.util.hass_dict import HassKey

from ..api import Request, Response, Transport
from ..api.envelope import parse_retry_after
from ..const import CONF_MONITOR_ONLY, DOMAIN
from ..rules.request_limits import AmpsMonitorOnlyError, RequestLimits

_LIMITS: Final[HassKey[dict[str, tuple[str, RequestLimits]]]] = HassKey(f"{DOMAIN}_request_limits")
"""By entry id, the key and its limits: they outlive the set-ups that fail because of them."""


class GatedTransport(Transport):
    """Counts the requests of an account and sends none while its limits, or its monitor-only mode, forbid it."""

    def __init__(
        self,
        transport: Transport,
        entry: ConfigEntry,
        limits: RequestLimits,
        host_time: Callable[[], datetime],
        *,
        on_demand: bool,
    ) -> None:
        """Wrap a transport; `on_demand` is for what people and automations ask for."""
        self._transport = transport
        self._entry = entry
        self._limits = limits
        self._host_time = host_time
        self._on_demand = on_demand

    @override
    async def send(self, request: Request) -> Response:
        if request.method != hdrs.METH_GET and is_monitor_only(self._entry):
            raise AmpsMonitorOnlyError(self._entry.title)
        self._limits.acquire(request.path, on_demand=self._on_demand)
        response = await self._transport.send(request)
        if response.status >= HTTPStatus.BAD_REQUEST:
            wait = parse_retry_after(response.headers, self._host_time())
            if wait is not None:
                self._limits.hold_path(request.path, wait)
        return response


def is_monitor_only(entry: ConfigEntry) -> bool:
    """Return whether nothing may be changed through an account, as its options say."""
    return bool(entry.options.get(CONF_MONITOR_ONLY, False))


@callback
def request_limits(hass: HomeAssistant, entry: ConfigEntry) -> RequestLimits:
    """Return the limits of the entry's key: those of the last set-up, unless the key is new or was given up since."""
    by_entry = hass.data.setdefault(_LIMITS, {})
    key = entry.data.get(CONF_API_KEY, "")
    before, limits = by_entry.get(entry.entry_id, (None, None))
    if limits is None or before != key or limits.key_invalid:
        limits = RequestLimits(hass.loop.time)
        by_entry[entry.entry_id] = key, limits
    return limits


@callback
def forget_limits(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Forget the limits of an entry that is removed."""
    hass.data.get(_LIMITS, {}).pop(entry.entry_id, None)
