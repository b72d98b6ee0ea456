"""The actions that read devices (design §6). They change nothing, so whoever may see a device may use them."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from functools import partial
import math
from typing import Final

from homeassistant.auth.permissions.const import POLICY_READ
from homeassistant.core import ServiceCall, ServiceResponse, SupportsResponse
from homeassistant.helpers import config_validation as cv
from homeassistant.util.json import JsonObjectType, JsonValueType
import voluptuous as vol

from ..api.models import Action, ActionState, Command, Setting
from ..control.refresh import async_get, async_refresh
from ..control.targets import Target
from ..coordinator import AmpsCoordinator
from ..rules import DeviceRecord
from ..rules.effective import effective_action, is_over
from ..rules.expected_levels import expected_levels
from ..rules.merge import is_open
from .each_device import async_for_each_device
from .service_action import ServiceAction

ATTR_MAX_AGE: Final = "max_age"

SCHEMA: Final = cv.make_entity_service_schema(
    {vol.Optional(ATTR_MAX_AGE): vol.All(vol.Coerce(float), vol.Range(min=0, max=86_400))}
)
"""`max_age` is in seconds."""


async def _async_read(
    read: Callable[[Target, float | None], Awaitable[DeviceRecord]],
    key: str,
    show: Callable[[AmpsCoordinator, DeviceRecord], JsonValueType],
    call: ServiceCall,
) -> ServiceResponse:
    """Read each target, all at once, and return what became of it, device by device."""

    async def read_one(target: Target) -> JsonValueType:
        return show(target.coordinator, await read(target, call.data.get(ATTR_MAX_AGE)))

    return await async_for_each_device(call, key, read_one, policy=POLICY_READ)


def _age(coordinator: AmpsCoordinator, record: DeviceRecord) -> float | None:
    age = coordinator.availability.age(record)
    return None if math.isinf(age) else round(age, 1)


def _reading(coordinator: AmpsCoordinator, record: DeviceRecord) -> JsonObjectType:
    """Return the record of a device in canonical names: percent, kW, kWh, A, °C and times in UTC."""
    device, now = record.device, coordinator.state.service_time()
    return {
        "id": device.id,
        "type": device.device_type,
        "vendor": device.vendor,
        "model": device.metadata.model,
        "available": device.id in coordinator.availability,
        "health": record.health,
        "error_code": record.error_code or record.relink_code,
        "data_source": record.source,
        "last_pulled": record.pulled_at.isoformat() if record.pulled_at else None,
        "age_seconds": _age(coordinator, record),
        "state": device.state.model_dump(mode="json", include=device.state.model_fields_set),
        "commands": {name: _command(command) for name, command in device.commands.items()},
        "conflict_strategies": [*device.conflict_strategies],
        "settings": None
        if record.settings is None
        else {name: _setting(each) for name, each in record.settings.items()},
        "last_action": _action(record.action),
        "effective_action": _action(effective_action(record.actions, now)),
        "open_actions": [_action(each) for each in record.actions.values() if is_open(each) or _is_running(each, now)],
        "expected_levels": [{"at": at.isoformat(), "level": level} for at, level in expected_levels(record, now)],
    }


def _action(action: Action | None) -> JsonValueType:
    return None if action is None else action.model_dump(mode="json")


def _is_running(action: Action, now: datetime) -> bool:
    """Return whether an action has been accepted and its window has not ended."""
    return action.state is ActionState.COMPLETED and action.end is not None and not is_over(action, now)


def _command(command: Command) -> JsonObjectType:
    parameters: JsonObjectType = {
        name: each.model_dump(mode="json", exclude={"name"}) for name, each in command.parameters.items()
    }
    return {"execution": [*sorted(command.execution)], "parameters": parameters}


def _setting(setting: Setting) -> JsonObjectType:
    return setting.model_dump(mode="json", exclude={"name"})


ACTIONS: Final[Mapping[str, ServiceAction]] = {
    "refresh": ServiceAction(
        handler=partial(_async_read, async_refresh, "age_seconds", _age),
        schema=SCHEMA,
        supports_response=SupportsResponse.OPTIONAL,
    ),
    "get_device": ServiceAction(
        handler=partial(_async_read, async_get, "reading", _reading),
        schema=SCHEMA,
        supports_response=SupportsResponse.ONLY,
    ),
}
