"""Looking at the devices and changing what the API itself cannot."""

from ..devices.base import Directive
from ..errors import ApiError, Code, unsupported_mode
from ..home.home import Twin
from ..live import REACH
from ..public.push import check_parameters
from ..routing import Call, Reply, Route, RouteTable, route_key
from ..validation import Shape, json_body, no_body
from ..wire import JSONObject, optional_iso
from ..world import World


def _list(world: World, _call: Call) -> Reply:
    return Reply({"items": [_document(world, twin) for twin in world.home.twins()]})


def _change(world: World, call: Call) -> Reply:
    """Take a device away or bring it back (api §15.2 #25), let it have been pulled in live just now or never."""
    shape = Shape()
    body = shape.members(json_body(call.request), "", optional=("present", "pulled"))
    wishes = {name: shape.flag(value, name) for name, value in body.items()}
    if not body:
        shape.object_to("", "must say what to change")
    shape.check()
    twin = _twin(world, call)
    if "present" in wishes:
        world.home.set_present(twin, present=wishes["present"])
    if "pulled" in wishes:
        world.live.mark(twin.device.id, call.now if wishes["pulled"] else None)
    return Reply(_document(world, twin))


def _document(world: World, twin: Twin) -> JSONObject:
    device, record = twin.device, world.live.record(twin.device.id)
    return {
        "id": device.id,
        "deviceType": device.kind.name,
        "vendor": device.model.vendor,
        "model": device.model.name,
        "userId": device.user_id,
        "zone": str(device.zone),
        "present": twin.present,
        "lastPulledAt": optional_iso(record.pulled),
        "pulls": record.pulls,
    }


def _override(world: World, call: Call) -> Reply:
    """Let somebody other than Amps command a device: it follows, and no action tells of it (api §4.8)."""
    shape = Shape()
    body = shape.members(json_body(call.request), "", required=("command",), optional=("parameters",))
    name = shape.text(body.get("command", ""), "command")
    parameters = shape.quantities(body.get("parameters", {}), "parameters")
    shape.check()
    twin = _twin(world, call)
    if not twin.device.kind.pushable:
        raise ApiError(Code.DIRECT_ACTION_UNSUPPORTED)
    command = twin.device.model.commands.get(name)
    if command is None:
        raise unsupported_mode(twin.device.model.commands)
    check_parameters(command, parameters)
    directive = Directive(name, {name: quantity.value for name, quantity in parameters.items()})
    world.home.override(twin, directive, call.now + REACH)
    world.fold(twin, call.now)
    return Reply(_document(world, twin))


def _fall_back(world: World, call: Call) -> Reply:
    """Let a device fall back to its own settings, as a charger may (api §7): only its next reading tells."""
    no_body(call.request)
    twin = _twin(world, call)
    if not twin.device.kind.configurable:
        raise ApiError(Code.NOT_FOUND)
    world.home.tune(twin, twin.device.model.writable_defaults, call.now + REACH)
    world.fold(twin, call.now)
    return Reply(_document(world, twin))


def _twin(world: World, call: Call) -> Twin:
    """Return the device of a path, also one taken away."""
    twin = world.home.any_twin(call.identifier)
    if twin is None:
        raise ApiError(Code.DEVICE_NOT_FOUND)
    return twin


DEVICE_ROUTES: RouteTable = {
    route_key("GET", "/devices"): Route(handler=_list),
    route_key("POST", "/devices/id"): Route(handler=_change),
    route_key("POST", "/devices/id/defaults"): Route(handler=_fall_back),
    route_key("POST", "/devices/id/override"): Route(handler=_override),
}
