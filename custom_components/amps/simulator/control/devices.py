"""The devices, and changes of them that the API does not have."""

from typing import Self

from pydantic import Field, model_validator

from ..devices.base import ActiveCommand
from ..errors import ApiError, ErrorCode, unsupported_mode
from ..home.home import SimulatedDevice
from ..live import DEVICE_DELAY
from ..public.commands import check_parameters
from ..routing import Call, Reply, Route, RouteTable, route_key
from ..validation import Body, Maybe, Quantity, no_body, read_body
from ..wire import JSONObject, optional_iso
from ..world import World


def _list(world: World, _call: Call) -> Reply:
    return Reply({"items": [_document(world, simulated) for simulated in world.home.devices()]})


class _DeviceBody(Body):
    present: Maybe[bool] = None
    pulled: Maybe[bool] = None

    @model_validator(mode="after")
    def _check_that_something_changes(self) -> Self:
        if not self.model_fields_set:
            message = "must have something to change"
            raise ValueError(message)
        return self


def _change(world: World, call: Call) -> Reply:
    """Remove a device or bring it back (api §15.2 #25), and set when it was last pulled in live: now or never."""
    body = read_body(_DeviceBody, call.request)
    simulated = _device(world, call)
    if body.present is not None:
        world.home.set_present(simulated, present=body.present)
    if body.pulled is not None:
        world.live.set_pulled(simulated.device.id, call.now if body.pulled else None)
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
        "lastPulledAt": optional_iso(record.pulled_at),
        "pulls": record.pulls,
    }


class _OverrideBody(Body):
    command: str
    parameters: dict[str, Quantity] = Field(default_factory=dict)


def _override(world: World, call: Call) -> Reply:
    """Command a device as somebody other than Amps: it follows, without an action (api §4.8)."""
    body = read_body(_OverrideBody, call.request)
    simulated = _device(world, call)
    if not simulated.device.kind.pushable:
        raise ApiError(ErrorCode.DIRECT_ACTION_UNSUPPORTED)
    command = simulated.device.model.commands.get(body.command)
    if command is None:
        raise unsupported_mode(simulated.device.model.commands)
    check_parameters(command, body.parameters)
    values = {name: quantity.value for name, quantity in body.parameters.items()}
    world.home.add_external_command(simulated, ActiveCommand(body.command, values), call.now + DEVICE_DELAY)
    world.fold(simulated, call.now)
    return Reply(_document(world, simulated))


def _restore_defaults(world: World, call: Call) -> Reply:
    """Set a device back to its default settings, as a charger may do by itself (api §7); only readings show it."""
    no_body(call.request)
    simulated = _device(world, call)
    if not simulated.device.kind.configurable:
        raise ApiError(ErrorCode.NOT_FOUND)
    world.home.write_settings(simulated, simulated.device.model.writable_defaults, call.now + DEVICE_DELAY)
    world.fold(simulated, call.now)
    return Reply(_document(world, simulated))


def _device(world: World, call: Call) -> SimulatedDevice:
    """Return the device of a path, also one that was removed."""
    simulated = world.home.any_device(call.identifier)
    if simulated is None:
        raise ApiError(ErrorCode.DEVICE_NOT_FOUND)
    return simulated


DEVICE_ROUTES: RouteTable = {
    route_key("GET", "/devices"): Route(handler=_list),
    route_key("POST", "/devices/id"): Route(handler=_change),
    route_key("POST", "/devices/id/defaults"): Route(handler=_restore_defaults),
    route_key("POST", "/devices/id/override"): Route(handler=_override),
}
