"""Saving and restoring the whole state."""

from ..routing import Call, Reply, Route, RouteTable, route_key
from ..saving.state import capture, restore
from ..validation import MAX_STATE, json_body
from ..wire import iso
from ..world import World


def _save(world: World, call: Call) -> Reply:
    return Reply(capture(world, call.now)())


def _restore(world: World, call: Call) -> Reply:
    """Restore a state; a clock that can be changed moves forward to its instant."""
    return Reply({"savedAt": iso(restore(world, json_body(call.request, MAX_STATE)))})


STATE_ROUTES: RouteTable = {
    route_key("GET", "/state"): Route(handler=_save),
    route_key("POST", "/state"): Route(handler=_restore),
}
