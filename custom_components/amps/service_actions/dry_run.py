"""What an action would send, and what to expect of it; nothing is sent (design §6, `dry_run`)."""

from collections.abc import Mapping
from datetime import datetime
import math

from homeassistant.core import ServiceCall, ServiceResponse
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util.json import JsonObjectType, JsonValueType

from ..control.errors import objection_error
from ..control.runner import plan_for
from ..control.targets import Target
from ..rules.capability import HOLD, CommandRequest, convert_parameters
from ..rules.merge import is_open
from ..rules.plan import Plan
from .responses import build_response, error_code


def dry_run(
    call: ServiceCall, targets: Mapping[str, Target], request: CommandRequest, errors: dict[str, HomeAssistantError]
) -> ServiceResponse:
    """Return for each device what would be sent, what is in its way, every objection, and what to expect."""
    results: dict[str, JsonObjectType] = {}
    for registry_id, target in targets.items():
        try:
            plan = plan_for(target, request)
        except HomeAssistantError as err:
            errors[registry_id] = err
            continue
        objections = [objection_error(each, target.name) for each in plan.objections]
        if objections and not call.return_response:
            errors[registry_id] = objections[0]
            continue
        results[registry_id] = {
            "ok": not objections,
            "request": _request(target, plan),
            "in_the_way": _in_the_way(target),
            "objections": [{"code": error_code(each), "message": str(each)} for each in objections],
            "expected": _expected(plan),
        }
    empty: JsonObjectType = {"request": None, "in_the_way": [], "objections": [], "expected": None}
    return build_response(call, results, errors, empty=empty)


def _request(target: Target, plan: Plan) -> JsonObjectType:
    """Return what would be sent: numbers in the declared units, times in UTC."""
    request, device = plan.request, target.device
    parameters = {} if device is None else convert_parameters(device, request)
    return {
        "command": request.command,
        "parameters": {name: {"value": each.value, "unit": each.unit} for name, each in parameters.items()},
        "start": _iso(plan.window.start),
        "end": _iso(plan.window.end),
        "on_conflict": str(request.on_conflict),
        "then": plan.follow_up.command if plan.follow_up else HOLD,
    }


def _in_the_way(target: Target) -> JsonValueType:
    """Return the ids of the device's actions that are not over."""
    record = target.record
    return [each.id for each in record.actions.values() if is_open(each)] if record else []


def _expected(plan: Plan) -> JsonObjectType:
    expected = plan.expected
    return {
        "level": expected.level,
        "reached_at": _iso(expected.reached_at),
        "energy": expected.energy if expected.energy is not None and math.isfinite(expected.energy) else None,
    }


def _iso(time: datetime | None) -> str | None:
    return time.isoformat() if time else None
