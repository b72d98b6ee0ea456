"""The deliveries of a simulated home to its own entry, so that push can be tried without an account (design §7)."""

from base64 import b64encode
import math
import secrets
from typing import Final

from homeassistant.components import webhook
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.util.aiohttp import MockRequest

from ..account.simulated_home import SimulatedHome
from ..account.timer import Timer
from ..const import DOMAIN
from ..simulator import Webhook

_WEBHOOK: Final = "webhook_home_assistant"
"""The id that the simulator knows the webhook by."""
_KEY_SIZE: Final = 24
"""Bytes, as those of Amps have."""


@callback
def start_home_deliveries(hass: HomeAssistant, entry: ConfigEntry, home: SimulatedHome, webhook_id: str) -> str:
    """Have a home deliver to a webhook until the entry is unloaded; return the secret, which nobody has to type in."""
    secret = f"whsec_{b64encode(secrets.token_bytes(_KEY_SIZE)).decode()}"
    url = f"http://localhost{webhook.async_generate_path(webhook_id)}"
    home.simulator.set_webhook(Webhook(id=_WEBHOOK, url=url, secret=secret))
    deliveries = _HomeDeliveries(hass, entry, home, webhook_id)
    entry.async_on_unload(home.change_listeners.add(deliveries.schedule))
    entry.async_on_unload(deliveries.stop)
    deliveries.schedule()
    return secret


@callback
def stop_home_deliveries(home: SimulatedHome) -> None:
    """Have a home deliver nothing any more."""
    home.simulator.remove_webhook(_WEBHOOK)


class _HomeDeliveries:
    """Delivers the messages of a home when they are due, by the way that cloud hooks take."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry, home: SimulatedHome, webhook_id: str) -> None:
        """Deliver nothing yet."""
        self._hass = hass
        self._entry = entry
        self._home = home
        self._webhook_id = webhook_id
        self._timer = Timer(hass, f"{entry.title} deliveries of the simulated home", self._start)

    @callback
    def schedule(self) -> None:
        """Set the timer for the next delivery; what was done to the home may have changed when that is due."""
        due = self._home.simulator.next_delivery()
        wait = math.inf if due is None else (due - self._home.clock.now()).total_seconds()
        self._timer.set(self._hass.loop.time() + wait)

    @callback
    def stop(self) -> None:
        """Deliver nothing any more; what is due is delivered after the next start."""
        self._timer.stop()

    @callback
    def _start(self) -> None:
        _ = self._entry.async_create_background_task(
            self._hass, self._async_deliver(), f"{self._entry.title} deliveries of the simulated home"
        )

    async def _async_deliver(self) -> None:
        for delivery in self._home.simulator.deliveries():
            request = MockRequest(
                content=delivery.body, headers=dict(delivery.headers), method="POST", mock_source=DOMAIN
            )
            answer = await webhook.async_handle_webhook(self._hass, self._webhook_id, request)
            self._home.simulator.record_result(delivery, answer.status)
        self._home.changed()
