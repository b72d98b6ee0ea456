"""What Home Assistant and hassfest expect of the modules themselves."""

import re

import pytest

from custom_components import amps

from .entities import platform_modules
from .files import INTEGRATION


def test_async_setup_comes_with_a_schema_for_yaml() -> None:
    """Without one, Home Assistant would take any YAML under the integration's name, and do nothing with it."""
    assert hasattr(amps, "async_setup")
    assert hasattr(amps, "CONFIG_SCHEMA")


def test_every_platform_is_set_up() -> None:
    assert {str(platform) for platform in amps.PLATFORMS} == set(platform_modules())


@pytest.mark.parametrize("platform", sorted(platform_modules()))
def test_a_platform_says_how_many_updates_it_can_do_at_once_and_why(platform: str) -> None:
    module = platform_modules()[platform].loaded
    assert callable(module.async_setup_entry)
    assert isinstance(module.PARALLEL_UPDATES, int)
    source = (INTEGRATION / f"{platform}.py").read_text(encoding="utf-8")
    assert re.search(r"^PARALLEL_UPDATES = \d+  # \w", source, flags=re.MULTILINE)
