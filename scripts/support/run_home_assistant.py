"""Home Assistant as scripts/develop runs it: without what cannot work on every machine.

Home Assistant sets up some integrations whether or not anything uses them. Those left out here ask hosts on the
internet (analytics, marketplace), or they need FFmpeg, libjpeg-turbo, packages that have to be compiled, or another
integration of this list. On a machine that lacks one of these the log would be full of errors about what no energy
device has a use for. An integration that somebody adds still gets whatever it depends on.
"""

from functools import cache
from importlib import import_module
import sys
from types import ModuleType

from homeassistant import __main__ as home_assistant, bootstrap
from homeassistant.const import BASE_PLATFORMS
from homeassistant.helpers import service

LEFT_OUT = {
    "ai_task",
    "analytics",
    "assist_satellite",
    "camera",
    "image_processing",
    "infrared",
    "marketplace",
    "radio_frequency",
    "tts",
}


def main() -> int:
    """Run Home Assistant with its own command line."""
    bootstrap.DEFAULT_INTEGRATIONS.difference_update(LEFT_OUT)
    # It would import every one of them to make sense of the descriptions of actions, in use or not.
    service._base_components = _base_components  # noqa: SLF001  there is no other way to it
    return home_assistant.main()


@cache
def _base_components() -> dict[str, ModuleType]:
    """Return the integrations whose features the description of an action may name."""
    return {domain: import_module(f"homeassistant.components.{domain}") for domain in BASE_PLATFORMS - LEFT_OUT}


if __name__ == "__main__":
    sys.exit(main())
