"""Names that several modules and the stored data share."""

import logging
from typing import Final

from homeassistant.const import UnitOfLength

DOMAIN: Final = "amps"
LOGGER: Final = logging.getLogger(__package__)

CONF_USER_ID: Final = "user_id"
CONF_SANDBOX_HOST: Final = "sandbox_host"
CONF_PROFILE: Final = "profile"
CONF_SEED: Final = "seed"

CONF_TEMPO: Final = "tempo"
CONF_REQUEST_CEILING: Final = "request_ceiling"
CONF_RANGE_UNIT: Final = "range_unit"
CONF_MONITOR_ONLY: Final = "monitor_only"
CONF_WEBHOOK_SECRET: Final = "webhook_secret"  # noqa: S105  the name of an option
CONF_SEND_WEBHOOKS: Final = "send_webhooks"

DEFAULT_URL: Final = "https://api.amps.ai"
DEFAULT_TEMPO: Final = 15
"""Minutes: Amps itself asks a manufacturer no more often, unless it is hurried (api §10)."""
DEFAULT_RANGE_UNIT: Final = UnitOfLength.KILOMETERS
"""Undocumented; every other unit of the API is metric (api §15.2 #14)."""


def signal_time_jumped(entry_id: str) -> str:
    """Return the dispatcher's signal that the clock of a simulated home jumped, with the time that it jumped to."""
    return f"{DOMAIN}_time_jumped_{entry_id}"


def signal_devices_released(entry_id: str) -> str:
    """Return the dispatcher's signal that an account may have devices that belonged to another one."""
    return f"{DOMAIN}_devices_released_{entry_id}"
