"""Whether an account has a webhook, and what receives its deliveries (design §7)."""

from homeassistant.components import webhook
from homeassistant.core import callback

from ..account.simulated_home import opened_home
from ..api.webhook import read_secret
from ..const import CONF_SEND_WEBHOOKS, CONF_WEBHOOK_SECRET, DOMAIN, LOGGER
from ..coordinator import AmpsCoordinator
from .address import webhook_id
from .home_deliveries import start_home_deliveries, stop_home_deliveries
from .receiver import WebhookReceiver


@callback
def start_webhook(coordinator: AmpsCoordinator) -> None:
    """Receive deliveries from now on, if the options say so; whatever goes wrong, the account works without them."""
    hass, entry = coordinator.hass, coordinator.config_entry
    secret: str = entry.options.get(CONF_WEBHOOK_SECRET, "")
    if (home := opened_home(hass, entry.entry_id)) is not None:
        secret = ""
        if entry.options.get(CONF_SEND_WEBHOOKS, False):
            secret = start_home_deliveries(hass, entry, home, webhook_id(hass, entry))
        else:
            stop_home_deliveries(home)
    if (key := read_secret(secret)) is None:
        coordinator.deliveries.forget()
        return
    id_ = webhook_id(hass, entry)
    receiver = WebhookReceiver(coordinator, key)
    try:
        webhook.async_register(hass, DOMAIN, entry.title, id_, receiver.async_receive, allowed_methods=["POST"])
    except ValueError as err:
        LOGGER.warning("%s: its webhook cannot be used: %s", entry.title, err)
        return

    @callback
    def stop() -> None:
        webhook.async_unregister(hass, id_)
        receiver.stop()

    entry.async_on_unload(stop)
    coordinator.deliveries.start()
