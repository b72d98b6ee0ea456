"""A pytest plugin that is loaded before pytest-homeassistant-custom-component.

Version 0.13.375 of that plugin is made for Home Assistant 2026.10.4. On 2026.11 two things have to be done first:
`homeassistant` is imported before `httpx` (it aliases it to httpx2), and a helper of the logger integration stands
where it stood before. The plugin's own patches of Home Assistant have to come earlier still, as they do in it.
"""

import homeassistant  # noqa: F401, I001  must be the first: it aliases httpx

from pytest_homeassistant_custom_component import (  # noqa: F401  each patches Home Assistant when imported
    patch_json,
    patch_recorder,
    patch_time,
)
from homeassistant.components import logger
from homeassistant.components.logger import helpers

if not hasattr(logger, "_clear_logger_overwrites"):
    logger._clear_logger_overwrites = helpers._clear_logger_overwrites  # type: ignore[attr-defined]  # noqa: SLF001
