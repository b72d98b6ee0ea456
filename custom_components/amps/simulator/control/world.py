"""Looking at the simulated account and changing what the API itself cannot: devices, keys, timing."""

from datetime import timedelta

from ..actions import Timing
from ..auth import KeyState
from ..errors import ApiError, Code
from ..home import Twin
from ..routing import Call, Reply, Route, RouteTable, route_key
from ..validation import Shape, json_body, no_body
from ..wire import JSONObject
from ..world import World

_LONGEST_SETTLING = 86_400


def _list_devices(world: World, _call: Call) -> Reply:
    return Reply({"items": [_device_document(twin) for twin in world.home.twins()]})


def _set_presence(world: World, call: Call) -> Reply:
    """Take a device away or bring it back (api §15.2 #25)."""
    shape = Shape()
    body = shape.members(json_body(call.request), "", required=("present",))
    present = shape.flag(body.get("present"), "present")
    shape.check()
    twin = world.home.set_present(call.identifier, present=present)
    if twin is None:
        raise ApiError(Code.DEVICE_NOT_FOUND)
    return Reply(_device_document(twin))


def _device_document(twin: Twin) -> JSONObject:
    device = twin.device
    return {
        "id": device.id,
        "deviceType": device.kind.name,
        "vendor": device.model.vendor,
        "model": device.model.name,
        "userId": device.user_id,
        "zone": str(device.zone),
        "present": twin.present,
    }


def _count_keys(world: World, _call: Call) -> Reply:
    return Reply(world.keys.counts())


def _mark_key(world: World, call: Call) -> Reply:
    shape = Shape()
    body = shape.members(json_body(call.request), "", required=("key", "state"))
    key = shape.text(body.get("key"), "key")
    state = shape.choice(body.get("state"), "state", tuple(KeyState))
    shape.check()
    world.keys.mark(key, KeyState(state))
    return Reply(world.keys.counts())


def _read_timing(world: World, _call: Call) -> Reply:
    return Reply(_timing_document(world))


def _set_timing(world: World, call: Call) -> Reply:
    """Change when actions yet to come will finish (api §15.3 #26, #27)."""
    shape = Shape()
    body = shape.members(json_body(call.request), "", optional=("settleSeconds", "windowsSettle"))
    timing = world.timing
    seconds = shape.number(body.get("settleSeconds", timing.settle.total_seconds()), "settleSeconds")
    if not 0 <= seconds <= _LONGEST_SETTLING:
        shape.object_to("settleSeconds", f"must be from 0 to {_LONGEST_SETTLING}")
    windows_settle = shape.flag(body.get("windowsSettle", timing.windows_settle), "windowsSettle")
    shape.check()
    world.timing = Timing(settle=timedelta(seconds=seconds), windows_settle=windows_settle)
    return Reply(_timing_document(world))


def _timing_document(world: World) -> JSONObject:
    return {
        "settleSeconds": world.timing.settle.total_seconds(),
        "windowsSettle": world.timing.windows_settle,
    }


def _read_log(world: World, _call: Call) -> Reply:
    return Reply({"items": world.log.documents(), "total": world.log.total})


def _clear_log(world: World, call: Call) -> Reply:
    no_body(call.request)
    world.log.clear()
    return _read_log(world, call)


def _reset(world: World, call: Call) -> Reply:
    no_body(call.request)
    world.reset()
    return Reply({})


WORLD_ROUTES: RouteTable = {
    route_key("GET", "/devices"): Route(handler=_list_devices),
    route_key("POST", "/devices/id"): Route(handler=_set_presence),
    route_key("GET", "/keys"): Route(handler=_count_keys),
    route_key("POST", "/keys"): Route(handler=_mark_key),
    route_key("GET", "/timing"): Route(handler=_read_timing),
    route_key("POST", "/timing"): Route(handler=_set_timing),
    route_key("GET", "/requests"): Route(handler=_read_log),
    route_key("DELETE", "/requests"): Route(handler=_clear_log),
    route_key("POST", "/reset"): Route(handler=_reset),
}
