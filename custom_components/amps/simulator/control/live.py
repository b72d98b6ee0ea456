"""What an account may do in live."""

from ..routing import Call, Reply, Route, RouteTable, route_key
from ..validation import Validator, json_body
from ..wire import JSONObject
from ..world import World


def _read(world: World, _call: Call) -> Reply:
    return Reply(_document(world))


def _set(world: World, call: Call) -> Reply:
    """Change what is allowed (api §1.2, §1.4)."""
    validator = Validator()
    said = validator.members(json_body(call.request), "", optional=_document(world))
    values = {name: validator.flag(value, name) for name, value in {**_document(world), **said}.items()}
    validator.check()
    world.live.enabled = values["enabled"]
    world.live.all_types_pushable = values["allTypesPushable"]
    world.live.lists_tell_fallback = values["listsTellFallback"]
    return Reply(_document(world))


def _document(world: World) -> JSONObject:
    return {
        "enabled": world.live.enabled,
        "allTypesPushable": world.live.all_types_pushable,
        "listsTellFallback": world.live.lists_tell_fallback,
    }


LIVE_ROUTES: RouteTable = {
    route_key("GET", "/live"): Route(handler=_read),
    route_key("POST", "/live"): Route(handler=_set),
}
