"""The endpoint of an account's webhook, to which a simulator delivers without a network."""

from collections.abc import Mapping
from http import HTTPStatus
import math
from typing import Final

from homeassistant.components import webhook
from homeassistant.core import HomeAssistant
from homeassistant.util.aiohttp import MockRequest

from custom_components.amps import simulator
from custom_components.amps.runtime import AmpsConfigEntry

SECRET: Final = "whsec_YSBzZWNyZXQgb2YgdGhlIGJlbmNobWFyaw=="


class Endpoint:
    """Delivers what a simulator has for an account, if that has a webhook."""

    def __init__(self, hass: HomeAssistant, entry: AmpsConfigEntry, home: simulator.Simulator) -> None:
        """Subscribe to all events."""
        self._hass = hass
        self._home = home
        self._webhook_id = entry.data.get("webhook_id")
        self.statuses: list[int] = []
        """What deliveries were answered with."""
        if self._webhook_id is not None:
            home.set_webhook(simulator.Webhook(id="webhook_1", url="http://localhost/", secret=SECRET))

    @property
    def next_delivery(self) -> float:
        """How many seconds it takes until the next delivery, infinity if none is due."""
        due = self._home.next_delivery()
        return math.inf if due is None else (due - self._home.clock.now()).total_seconds()

    async def deliver(self) -> None:
        """Deliver what is due."""
        for delivery in self._home.deliveries():
            status = await self.send(delivery.body, delivery.headers)
            self._home.record_result(delivery, status)
            self.statuses.append(status)

    async def send(self, body: bytes, headers: Mapping[str, str]) -> int:
        """Send anything to the webhook and return the status of the answer."""
        if self._webhook_id is None:
            return HTTPStatus.NOT_FOUND
        request = MockRequest(content=body, headers=dict(headers), method="POST", mock_source="benchmark")
        return (await webhook.async_handle_webhook(self._hass, self._webhook_id, request)).status
