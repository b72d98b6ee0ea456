"""Names that several modules and the stored data share."""

import logging
from typing import Final

DOMAIN: Final = "amps"
LOGGER: Final = logging.getLogger(__package__)

CONF_USER_ID: Final = "user_id"
CONF_SANDBOX_HOST: Final = "sandbox_host"
CONF_PROFILE: Final = "profile"
CONF_SEED: Final = "seed"

DEFAULT_URL: Final = "https://api.amps.ai"
