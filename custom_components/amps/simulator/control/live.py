"""What an account may do in live: the switches of the account."""

from ..routing import Call, Reply, Route, RouteTable, route_key
from ..validation import Body, read_update
from ..wire import JSONObject
from ..world import World


class _LiveBody(Body):
    enabled: bool
    all_types_pushable: bool
    lists_tell_fallback: bool


def _read(world: World, _call: Call) -> Reply:
    return Reply(_document(world))


def _set(world: World, call: Call) -> Reply:
    """Change what is allowed (api §1.2, §1.4); what is left out stays."""
    body = read_update(_LiveBody, _document(world), call.request)
    world.live.enabled = body.enabled
    world.live.all_types_pushable = body.all_types_pushable
    world.live.lists_show_fallback = body.lists_tell_fallback
    return Reply(_document(world))


def _document(world: World) -> JSONObject:
    return {
        "enabled": world.live.enabled,
        "allTypesPushable": world.live.all_types_pushable,
        "listsTellFallback": world.live.lists_show_fallback,
    }


LIVE_ROUTES: RouteTable = {
    route_key("GET", "/live"): Route(handler=_read),
    route_key("POST", "/live"): Route(handler=_set),
}
