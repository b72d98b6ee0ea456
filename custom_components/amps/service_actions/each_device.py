"""Doing the same with each device that an action is for (design §6)."""

import asyncio
from collections.abc import Awaitable, Callable

from homeassistant.auth.permissions.const import POLICY_CONTROL, POLICY_READ
from homeassistant.core import ServiceCall, ServiceResponse
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.util.json import JsonObjectType, JsonValueType

from ..const import DOMAIN
from ..control.targets import Target, async_resolve_targets
from .responses import build_response


async def async_for_each_device(
    call: ServiceCall,
    key: str,
    do: Callable[[Target], Awaitable[JsonValueType]],
    *,
    is_meant: Callable[[Target], bool] = lambda _: True,
    policy: str = POLICY_CONTROL,
) -> ServiceResponse:
    """Do something with each target, all at once, and return what became of it under `key`, device by device.

    A target that was reached through an area, a floor or a label is left out where it is not meant. Raises what
    `build_response` raises, and ServiceValidationError when no target is left.
    """
    results: dict[str, JsonObjectType] = {}
    errors: dict[str, HomeAssistantError] = {}

    async def do_one(registry_id: str, target: Target) -> None:
        try:
            results[registry_id] = {key: await do(target)}
        except HomeAssistantError as err:
            errors[registry_id] = err

    runs = []
    for registry_id, target in (await async_resolve_targets(call, policy)).items():
        if isinstance(target, HomeAssistantError):
            errors[registry_id] = target
        elif target.named or is_meant(target):
            runs.append(do_one(registry_id, target))
    if not runs and not errors:
        key = "nothing_to_read" if policy == POLICY_READ else "no_target"
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key=key, translation_placeholders={"command": call.service}
        )
    await asyncio.gather(*runs)
    return build_response(call, results, errors, empty={key: None})
