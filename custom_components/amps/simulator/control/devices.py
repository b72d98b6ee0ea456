"""Looking at the devices and changing what the API itself cannot."""

from ..devices.base import ActiveCommand
from ..errors import ApiError, Code, unsupported_mode
from ..home.home import SimulatedDevice
from ..live import DEVICE_DELAY
from ..public.push import check_parameters
from ..routing import Call, Reply, Route, RouteTable, route_key
from ..validation import Validator, json_body, no_body
from ..wire import JSONObject, optional_iso
from ..world import World


def _list(world: World, _call: Call) -> Reply:
    return Reply({"items": [_document(world, simulated) for simulated in world.home.devices()]})


def _change(world: World, call: Call) -> Reply:
    """Take a device away or bring it back (api §15.2 #25), let it have been pulled in live just now or never."""
    validator = Validator()
    body = validator.members(json_body(call.request), "", optional=("present", "pulled"))
    values = {name: validator.flag(value, name) for name, value in body.items()}
    if not body:
        validator.add_error("", "must say what to change")
    validator.check()
    simulated = _twin(world, call)
    if "present" in values:
        world.home.set_present(simulated, present=values["present"])
    if "pulled" in values:
        world.live.mark(simulated.device.id, call.now if values["pulled"] else None)
    return Reply(_document(world, simulated))


def _document(world: World, simulated: SimulatedDevice) -> JSONObject:
    device, record = simulated.device, world.live.record(simulated.device.id)
    return {
        "id": device.id,
        "deviceType": device.kind.name,
        "vendor": device.model.vendor,
        "model": device.model.name,
        "userId": device.user_id,
        "zone": str(device.zone),
        "present": simulated.present,
        "lastPulledAt": optional_iso(record.pulled),
        "pulls": record.pulls,
    }


def _override(world: World, call: Call) -> Reply:
    """Let somebody other than Amps command a device: it follows, and no action tells of it (api §4.8)."""
    validator = Validator()
    body = validator.members(json_body(call.request), "", required=("command",), optional=("parameters",))
    name = validator.text(body.get("command", ""), "command")
    parameters = validator.quantities(body.get("parameters", {}), "parameters")
    validator.check()
    simulated = _twin(world, call)
    if not simulated.device.kind.pushable:
        raise ApiError(Code.DIRECT_ACTION_UNSUPPORTED)
    command = simulated.device.model.commands.get(name)
    if command is None:
        raise unsupported_mode(simulated.device.model.commands)
    check_parameters(command, parameters)
    active_command = ActiveCommand(name, {name: quantity.value for name, quantity in parameters.items()})
    world.home.add_external_command(simulated, active_command, call.now + DEVICE_DELAY)
    world.fold(simulated, call.now)
    return Reply(_document(world, simulated))


def _fall_back(world: World, call: Call) -> Reply:
    """Let a device fall back to its own settings, as a charger may (api §7): only its next reading tells."""
    no_body(call.request)
    simulated = _twin(world, call)
    if not simulated.device.kind.configurable:
        raise ApiError(Code.NOT_FOUND)
    world.home.write_settings(simulated, simulated.device.model.writable_defaults, call.now + DEVICE_DELAY)
    world.fold(simulated, call.now)
    return Reply(_document(world, simulated))


def _twin(world: World, call: Call) -> SimulatedDevice:
    """Return the device of a path, also one taken away."""
    simulated = world.home.any_device(call.identifier)
    if simulated is None:
        raise ApiError(Code.DEVICE_NOT_FOUND)
    return simulated


DEVICE_ROUTES: RouteTable = {
    route_key("GET", "/devices"): Route(handler=_list),
    route_key("POST", "/devices/id"): Route(handler=_change),
    route_key("POST", "/devices/id/defaults"): Route(handler=_fall_back),
    route_key("POST", "/devices/id/override"): Route(handler=_override),
}
