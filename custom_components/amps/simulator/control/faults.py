"""Making faults."""

from typing import cast

from ..errors import ApiError, Code
from ..faults import Refusal, Target
from ..routing import Call, Reply, Route, RouteTable, route_key
from ..validation import Shape, json_body, no_body
from ..wire import JSONObject, encode
from ..world import World

_KINDS = ("error",)
_OPTIONAL = ("status", "retryAfter", "details", "match", "count")
_ERRORS = (400, 599)
_LONGEST_WAIT = 86_400
_MOST = 1_000_000


def _list(world: World, _call: Call) -> Reply:
    return Reply({"items": world.faults.documents()})


def _add(world: World, call: Call) -> Reply:
    shape = Shape()
    body = shape.members(json_body(call.request), "", required=("kind", "code"), optional=_OPTIONAL)
    shape.choice(body.get("kind"), "kind", _KINDS)
    code = shape.choice(body.get("code"), "code", Code.__members__)
    shape.check()
    effect = Refusal(
        code=Code[code],
        status=shape.whole(body["status"], "status", *_ERRORS) if "status" in body else None,
        retry_after=shape.whole(body["retryAfter"], "retryAfter", 0, _LONGEST_WAIT) if "retryAfter" in body else None,
        details=_details(shape, body["details"]) if "details" in body else None,
    )
    match = shape.members(body.get("match", {}), "match", optional=("method", "path", "deviceId"))
    named = {name: shape.text(value, f"match.{name}") for name, value in match.items()}
    target = Target(method=named.get("method"), path=named.get("path"), device_id=named.get("deviceId"))
    count = shape.whole(body["count"], "count", 1, _MOST) if "count" in body else None
    shape.check()
    return Reply(world.faults.add(target, effect, count).document())


def _details(shape: Shape, value: object) -> JSONObject:
    """Return details to be told back; what can be read can be nested more deeply than what can be written."""
    details = cast("JSONObject", shape.mapping(value, "details"))
    try:
        encode(details)
    except TypeError:
        shape.object_to("details", "is nested too deeply")
    return details


def _remove(world: World, call: Call) -> Reply:
    if not world.faults.remove(call.identifier):
        raise ApiError(Code.NOT_FOUND)
    return _list(world, call)


def _clear(world: World, call: Call) -> Reply:
    no_body(call.request)
    world.faults.clear()
    return _list(world, call)


FAULT_ROUTES: RouteTable = {
    route_key("GET", "/faults"): Route(handler=_list),
    route_key("POST", "/faults"): Route(handler=_add),
    route_key("DELETE", "/faults"): Route(handler=_clear),
    route_key("DELETE", "/faults/id"): Route(handler=_remove),
}
