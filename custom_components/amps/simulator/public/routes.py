"""The routes of the API (api §3)."""

from collections.abc import Callable, Iterable, Sequence

from ..devices import DEVICE_TYPES, DeviceType
from ..errors import ApiError, ErrorCode
from ..home.actions import State
from ..home.home import SimulatedDevice
from ..routing import Call, Handler, Reply, Route, RouteKey, RouteTable, route_key
from ..validation import Reader, no_body, one_of, read_body, whole_number
from ..wire import JSONObject
from ..world import World
from .command_body import CommandBody
from .commands import push
from .readings import reading
from .settings import SettingsBody, write_settings

_PAGE = 10
_LARGEST_PAGE = 50
_PAGING: dict[str, Reader] = {"limit": whole_number(1, _LARGEST_PAGE), "offset": whole_number(0, 999_999_999)}


def _page[ItemT](call: Call, items: Sequence[ItemT], document: Callable[[ItemT], JSONObject]) -> Reply:
    """Return a page of a list (api §2.2); only the items of the page are made."""
    limit, offset = call.number("limit", _PAGE), call.number("offset", 0)
    return Reply(
        {
            "items": [document(item) for item in items[offset : offset + limit]],
            "pagination": {
                "limit": limit,
                "offset": offset,
                "total": len(items),
                "hasMore": offset + limit < len(items),
            },
        }
    )


def _device(world: World, kind: DeviceType, call: Call) -> SimulatedDevice:
    """Return the device of a path; under another type it does not exist (api §15.1 #6).

    A well-known id with a fault of its own is the first device of the type.
    """
    if call.trace.well_known is not None:
        simulated = next(iter(world.home.of_type(kind.name, None)), None)
    else:
        simulated = world.home.device(call.identifier)
    if simulated is None or simulated.device.kind is not kind:
        raise ApiError(ErrorCode.DEVICE_NOT_FOUND)
    return simulated


def _list_devices(kind: DeviceType) -> Handler:
    def handler(world: World, call: Call) -> Reply:
        simulated_devices = world.home.of_type(kind.name, call.text("userId"))
        return _page(call, simulated_devices, lambda simulated: reading(world, simulated, call, single=False))

    return handler


def _read_device(kind: DeviceType) -> Handler:
    def handler(world: World, call: Call) -> Reply:
        return Reply(reading(world, _device(world, kind, call), call, single=True))

    return handler


def _push(kind: DeviceType) -> Handler:
    def handler(world: World, call: Call) -> Reply:
        body = read_body(CommandBody, call.request)
        action = push(world, _device(world, kind, call), body, call)
        return Reply(action.accepted_document(call.now), status=202)

    return handler


def _write_settings(kind: DeviceType) -> Handler:
    def handler(world: World, call: Call) -> Reply:
        quantities = read_body(SettingsBody, call.request).root
        simulated = _device(world, kind, call)
        updated = write_settings(world, simulated, quantities, call)
        return Reply({"deviceId": simulated.device.id, "updated": updated})

    return handler


def _list_actions(world: World, call: Call) -> Reply:
    user, kind = call.text("userId"), call.text("deviceType")
    device, state = call.text("deviceId"), call.text("state")
    found = [
        action
        for action, owner in world.home.actions()
        if (user is None or owner.user_id == user)
        and (kind is None or action.device_type == kind)
        and (device is None or action.device_id == device)
        and (state is None or action.status(call.now).state == state)
    ]
    return _page(call, found, lambda action: action.document(call.now))


def _read_action(world: World, call: Call) -> Reply:
    action = world.home.action(call.identifier)
    if action is None:
        raise ApiError(ErrorCode.NOT_FOUND)
    return Reply(action.document(call.now))


def _cancel_action(world: World, call: Call) -> Reply:
    no_body(call.request)
    action = world.home.action(call.identifier)
    if action is None:
        raise ApiError(ErrorCode.NOT_FOUND)
    if action.status(call.now).state is not State.SCHEDULED:
        raise ApiError(ErrorCode.ACTION_NOT_CANCELLABLE)
    return Reply(world.home.cancel(action, call.now).document(call.now))


def _not_implemented(_world: World, _call: Call) -> Reply:
    """Refuse schedules, which are documented but not available yet (api §9)."""
    raise ApiError(ErrorCode.NOT_IMPLEMENTED)


def _device_routes(kind: DeviceType) -> Iterable[tuple[RouteKey, Route]]:
    one = f"/{kind.segment}/id"
    yield route_key("GET", f"/{kind.segment}"), Route(handler=_list_devices(kind), query={**_PAGING, "userId": str})
    yield route_key("GET", one), Route(handler=_read_device(kind), query={"expedite": one_of("true", "false")})
    yield route_key("POST", one), Route(handler=_push(kind))
    if kind.configurable:
        yield route_key("POST", f"{one}/settings"), Route(handler=_write_settings(kind))
    if kind.pushable:
        for method in ("GET", "PUT"):
            yield route_key(method, f"{one}/schedule"), Route(handler=_not_implemented, query=None)


PUBLIC_ROUTES: RouteTable = {
    **{key: route for kind in DEVICE_TYPES for key, route in _device_routes(kind)},
    route_key("GET", "/actions"): Route(
        handler=_list_actions,
        query={
            **_PAGING,
            "userId": str,
            "deviceId": str,
            "deviceType": one_of(*(kind.name for kind in DEVICE_TYPES)),
            "state": one_of(*State),
        },
    ),
    route_key("GET", "/actions/id"): Route(handler=_read_action),
    route_key("POST", "/actions/id/cancel"): Route(handler=_cancel_action),
    route_key("GET", "/schedules"): Route(handler=_not_implemented, query=None),
}
