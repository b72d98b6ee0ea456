"""What an account may do in live, and what Amps has stored of its devices."""

from ..routing import Call, Reply, Route, RouteTable, route_key
from ..validation import Shape, json_body
from ..wire import JSONObject
from ..world import World


def _read(world: World, _call: Call) -> Reply:
    return Reply(_document(world))


def _set(world: World, call: Call) -> Reply:
    """Change what is allowed (api §1.2, §1.4)."""
    shape = Shape()
    body = shape.members(json_body(call.request), "", optional=("enabled", "allTypesPushable"))
    live = world.live
    enabled = shape.flag(body.get("enabled", live.enabled), "enabled")
    pushable = shape.flag(body.get("allTypesPushable", live.all_types_pushable), "allTypesPushable")
    shape.check()
    live.enabled, live.all_types_pushable = enabled, pushable
    return Reply(_document(world))


def _document(world: World) -> JSONObject:
    return {"enabled": world.live.enabled, "allTypesPushable": world.live.all_types_pushable}


LIVE_ROUTES: RouteTable = {
    route_key("GET", "/live"): Route(handler=_read),
    route_key("POST", "/live"): Route(handler=_set),
}
