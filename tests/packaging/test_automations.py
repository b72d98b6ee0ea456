"""triggers.yaml and conditions.yaml describe the triggers and conditions that the code has."""

from importlib import import_module
from typing import Final

from homeassistant.core import HomeAssistant
import pytest

from .files import INTEGRATION, described
from .source import PACKAGE

FOUND_BY: Final = {"triggers": ("trigger", "async_get_triggers"), "conditions": ("condition", "async_get_conditions")}
"""The module in which Home Assistant looks for them, and the function that it asks."""


@pytest.mark.parametrize("kind", FOUND_BY)
async def test_what_is_described_is_what_there_is(hass: HomeAssistant, kind: str) -> None:
    module, function = FOUND_BY[kind]
    there_are = {}
    if (INTEGRATION / f"{module}.py").exists() or (INTEGRATION / module).exists():
        there_are = await getattr(import_module(f"{PACKAGE}.{module}"), function)(hass)
    assert described(kind).keys() == there_are.keys()
