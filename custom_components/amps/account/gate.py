"""The one way out for the requests of an account (design §4, errors of the service)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, override

from aiohttp import hdrs
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_API_KEY
from homeassistant.core import HomeAssistant, callback
from homeassistant.util.hass_dict import HassKey

from ..api import AmpsError, Request, Response, Transport
from ..api.envelope import parse_response
from ..const import CONF_MONITOR_ONLY, DOMAIN
from ..rules.request_limits import AmpsMonitorOnlyError, RequestLimits
from .request_log import RequestLog

_LIMITS: Final[HassKey[dict[str, tuple[str, RequestLimits]]]] = HassKey(f"{DOMAIN}_request_limits")
"""By entry id, the key and its limits: they outlive the set-ups that fail because of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GatedTransport(Transport):
    """Counts and logs the requests of an account, and sends none that its limits or its monitor-only mode forbid."""

    transport: Transport
    entry: ConfigEntry
    limits: RequestLimits
    log: RequestLog
    host_time: Callable[[], datetime]
    reason: str
    """Why these requests are made."""
    polling: bool
    """Whether they are polls, which a back-off holds back, and not what people and automations ask for."""

    @override
    async def send(self, request: Request) -> Response:
        if request.method != hdrs.METH_GET and is_monitor_only(self.entry):
            raise AmpsMonitorOnlyError(self.entry.title)
        self.limits.acquire(request.path, polling=self.polling)
        with self.log.record(request, self.reason) as answered:
            response = await self.transport.send(request)
            answered(response)
        if hdrs.RETRY_AFTER in response.headers and (wait := self._requested_wait(response)) is not None:
            self.limits.hold_path(request.path, wait)
        return response

    def _requested_wait(self, response: Response) -> float | None:
        """Return the seconds that an answer requests to wait, None for one that carries out what was requested."""
        try:
            parse_response(response, self.host_time)
        except AmpsError as err:
            return err.retry_after
        return None


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
