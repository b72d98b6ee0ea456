"""The action that writes settings (design §6, api §7)."""

from collections.abc import Collection
from functools import partial
from typing import Final

from homeassistant.core import ServiceCall, ServiceResponse, SupportsResponse
from homeassistant.helpers import config_validation as cv
from homeassistant.util.json import JsonValueType
import voluptuous as vol

from ..api import slug
from ..control.settings import async_write_settings
from ..control.targets import Target
from .each_device import async_for_each_device
from .service_action import ServiceAction

ATTR_SETTINGS: Final = "settings"


def _number(value: object) -> float:
    """Return a number; raise vol.Invalid for anything else, true and false included."""
    if isinstance(value, bool):
        msg = "expected a number"
        raise vol.Invalid(msg)
    return float(vol.Coerce(float)(value))


async def _async_apply_settings(call: ServiceCall) -> ServiceResponse:
    """Write the settings of each target, all or none of a device."""
    values: dict[str, float] = call.data[ATTR_SETTINGS]

    async def write(target: Target) -> JsonValueType:
        record = await async_write_settings(target, values)
        known = record.settings or {}
        return {name: known[name].model_dump(mode="json", exclude={"name"}) for name in values if name in known}

    return await async_for_each_device(call, "settings", write, is_meant=partial(_may_take, values))


def _may_take(settings: Collection[str], target: Target) -> bool:
    """Return whether a device takes any of these settings; one that was not read by itself yet may (api §4.2)."""
    record = target.record
    if record is None or not record.device.has_settings:
        return False
    if record.settings is None:
        return record.settings_declared_at is None
    return not record.settings.keys().isdisjoint(settings)


ACTIONS: Final = {
    "apply_settings": ServiceAction(
        handler=_async_apply_settings,
        schema=cv.make_entity_service_schema(
            {vol.Required(ATTR_SETTINGS): vol.All({vol.All(cv.string, slug): _number}, vol.Length(min=1))}
        ),
        supports_response=SupportsResponse.OPTIONAL,
    ),
}
