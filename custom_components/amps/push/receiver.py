"""Receives the deliveries to the webhook of an account (design §7, api §12)."""

import asyncio
from collections import deque
from collections.abc import Hashable, Mapping
from http import HTTPStatus
from typing import Final

from aiohttp import ClientPayloadError, StreamReader
from aiohttp.web import Request, RequestPayloadError, Response
from homeassistant.core import HomeAssistant, callback
from homeassistant.util.aiohttp import MockRequest, MockStreamReader

from ..api.webhook import ActionEvent, Delivery, read_delivery, read_event
from ..const import LOGGER
from ..coordinator import AmpsCoordinator
from ..rules.webhook import MAX_BODY, find_refusal

_READ_TIMEOUT: Final = 30.0
"""Seconds; by then Amps does not wait for an answer any more (api §12)."""
_MAX_CAUSES: Final = 200
"""How many causes for which the lists were read are remembered."""


class _RefusedError(Exception):
    """A delivery is refused."""

    def __init__(self, status: HTTPStatus, reason: str) -> None:
        """Refuse it with a status; the reason is for the diagnostics."""
        super().__init__(reason)
        self.status = status
        self.reason = reason


class WebhookReceiver:
    """Receives deliveries; what follows from them is done after the answer."""

    def __init__(self, coordinator: AmpsCoordinator, key: bytes) -> None:
        """Receive what is signed with a key."""
        self._coordinator = coordinator
        self._key = key
        self._is_running = True
        self._causes = deque[Hashable](maxlen=_MAX_CAUSES)
        """What the lists were read for."""

    @callback
    def stop(self) -> None:
        """Accept nothing any more, not even what has begun to arrive: the next set-up is to receive it."""
        self._is_running = False

    async def async_receive(self, hass: HomeAssistant, _webhook_id: str, request: Request | MockRequest) -> Response:
        """Answer a delivery; Amps repeats one that is refused, up to a day (api §12)."""
        try:
            body = await _async_read(request.content)
            status, result = HTTPStatus.OK, self._receive(self._verified(request.headers, body))
        except _RefusedError as err:
            status, result = err.status, err.reason
        LOGGER.debug("%s: a delivery was answered with %s: %s", self._coordinator.name, status.value, result)
        self._coordinator.deliveries.results[result] += 1
        return Response(status=status)

    def _verified(self, headers: Mapping[str, str], body: bytes) -> Delivery:
        """Return a delivery that is one of Amps, and was sent just now."""
        state = self._coordinator.state
        # What follows might not be saved any more, or not reach entities.
        if state.hass.is_stopping or state.is_unloading or not self._is_running:
            raise _RefusedError(HTTPStatus.SERVICE_UNAVAILABLE, "stopping")
        if (delivery := read_delivery(headers, body)) is None:
            raise _RefusedError(HTTPStatus.UNAUTHORIZED, "unsigned")
        if refusal := find_refusal(delivery, self._key, state.service_time()):
            raise _RefusedError(HTTPStatus.UNAUTHORIZED, refusal.value)
        return delivery

    def _receive(self, delivery: Delivery) -> str:
        """Apply a genuine delivery, unless that was done before; return what it was."""
        deliveries = self._coordinator.deliveries
        return self._apply(delivery.body) if deliveries.add_message(delivery.message_id) else "repeated"

    def _apply(self, body: bytes) -> str:
        """Apply the body of a genuine delivery; return what it was."""
        coordinator = self._coordinator
        event = read_event(body)
        if event is None:
            coordinator.refresh_after_webhook()
            return "unknown_shape"
        if (record := coordinator.state.devices.get(event.device_id)) is None:
            self._refresh_once(event.device_id)
            return "unknown_device" if isinstance(event, ActionEvent) else "device"
        if not isinstance(event, ActionEvent):
            coordinator.refresh_after_webhook()
            return "device"
        if not coordinator.deliveries.add_outcome(event.action):
            return "repeated"
        known = record.actions.get(event.action.id)
        coordinator.state.apply_action(event.device_id, event.action)
        if coordinator.state.policy.sandbox and (known is None or known.end is not None):
            # There, only lists show an effect (design §4); that of an immediate command of ours they have shown.
            coordinator.refresh_after_webhook()
        return "action"

    def _refresh_once(self, cause: Hashable) -> None:
        """Have the lists read, unless they were for the very same cause: a device may be that of another end user."""
        if cause not in self._causes:
            self._causes.append(cause)
            self._coordinator.refresh_after_webhook()


async def _async_read(stream: StreamReader | MockStreamReader) -> bytes:
    """Return what a stream holds, as long as that is not too much.

    A cloud hook delivers a request whose body can only be read from its stream.
    """
    body = bytearray()
    try:
        async with asyncio.timeout(_READ_TIMEOUT):
            while chunk := await stream.read(MAX_BODY + 1 - len(body)):
                body += chunk
                if len(body) > MAX_BODY:
                    raise _RefusedError(HTTPStatus.CONTENT_TOO_LARGE, "oversized")
    except (TimeoutError, ClientPayloadError, RequestPayloadError, ConnectionError) as err:
        raise _RefusedError(HTTPStatus.BAD_REQUEST, "truncated") from err
    return bytes(body)
