"""Faults: listing, adding and removing them."""

from datetime import timedelta
from http import HTTPMethod
from typing import Annotated

from pydantic import AfterValidator, ConfigDict, Field

from ..errors import ApiError, ErrorCode
from ..faults.kinds import FAULT_KINDS, WELL_KNOWN
from ..faults.registry import Target
from ..fields import Number
from ..routing import Call, Reply, Route, RouteTable, route_key
from ..validation import Body, Maybe, no_body, one_of, read_body, read_document
from ..wire import JSONObject
from ..world import World

_LONGEST = 365 * 86_400
"""Seconds."""


class _MatchBody(Body):
    method: Maybe[Annotated[str, AfterValidator(str.upper), AfterValidator(one_of(*HTTPMethod))]] = None
    path: Maybe[Annotated[str, Field(pattern=r"^/")]] = None
    device_id: Maybe[str] = None


class _FaultBody(Body):
    """A fault; the members that are not named here are the options of its kind."""

    model_config = ConfigDict(extra="allow")

    kind: Annotated[str, AfterValidator(one_of(*FAULT_KINDS))]
    match: _MatchBody = _MatchBody()
    count: Maybe[Annotated[int, Field(ge=1, le=1_000_000)]] = None
    duration_seconds: Maybe[Annotated[Number, Field(ge=0, le=_LONGEST)]] = None


def _list(world: World, _call: Call) -> Reply:
    return Reply({"items": world.faults.items()})


def _add(world: World, call: Call) -> Reply:
    """Put a fault in force; an option that is null has its default."""
    body = read_body(_FaultBody, call.request)
    options = {name: value for name, value in (body.model_extra or {}).items() if value is not None}
    effect = read_document(FAULT_KINDS[body.kind], options)
    target = Target(method=body.match.method, path=body.match.path, device_id=body.match.device_id)
    until = None if body.duration_seconds is None else call.now + timedelta(seconds=body.duration_seconds)
    return Reply(world.faults.add(target, effect, now=call.now, until=until, count=body.count).document())


def _remove(world: World, call: Call) -> Reply:
    if not world.faults.remove(call.identifier):
        raise ApiError(ErrorCode.NOT_FOUND)
    return _list(world, call)


def _clear(world: World, call: Call) -> Reply:
    no_body(call.request)
    world.faults.clear()
    return _list(world, call)


def _describe(_world: World, _call: Call) -> Reply:
    """List the kinds, with the defaults of their options, and the ids that have a fault of their own."""
    kinds: JSONObject = {
        name: {
            "phase": kind.phase.value,
            "required": [field.alias for field in kind.model_fields.values() if field.is_required()],
            "optional": kind.model_construct().options(),
        }
        for name, kind in FAULT_KINDS.items()
    }
    return Reply({"kinds": kinds, "devices": {name: effect.document() for name, effect in WELL_KNOWN.items()}})


FAULT_ROUTES: RouteTable = {
    route_key("GET", "/faults"): Route(handler=_list),
    route_key("POST", "/faults"): Route(handler=_add),
    route_key("DELETE", "/faults"): Route(handler=_clear),
    route_key("DELETE", "/faults/id"): Route(handler=_remove),
    route_key("GET", "/fault-kinds"): Route(handler=_describe),
}
