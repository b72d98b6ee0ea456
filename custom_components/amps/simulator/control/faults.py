"""Making faults."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from http import HTTPMethod

from ..errors import ApiError, Code
from ..faults.kinds import KINDS, WELL_KNOWN, read_effect
from ..faults.registry import Target
from ..routing import Call, Reply, Route, RouteTable, route_key
from ..validation import Validator, json_body, no_body
from ..wire import JSONObject
from ..world import World

_MOST = 1_000_000
_LONGEST = 365 * 86_400
_ABOUT = ("match", "count", "durationSeconds")
"""What may be said about a fault of any kind."""


def _list(world: World, _call: Call) -> Reply:
    return Reply({"items": world.faults.items()})


def _add(world: World, call: Call) -> Reply:
    validator = Validator()
    body = validator.mapping(json_body(call.request), "")
    kind = validator.choice(body.get("kind"), "kind", KINDS)
    validator.check()
    validator.members(body, "", required=("kind",), optional=(*KINDS[kind].options, *_ABOUT))
    effect = read_effect(validator, kind, body)
    target = _read_target(validator, body.get("match", {}))
    count = validator.whole(body["count"], "count", 1, _MOST) if "count" in body else None
    until = None
    if "durationSeconds" in body:
        until = call.now + timedelta(seconds=validator.between(body["durationSeconds"], "durationSeconds", 0, _LONGEST))
    validator.check()
    return Reply(world.faults.add(target, effect, now=call.now, until=until, count=count).document())


def _read_target(validator: Validator, value: object) -> Target:
    match = validator.members(value, "match", optional=_MATCHED)
    named = {name: read(validator, match[name], f"match.{name}") for name, read in _MATCHED.items() if name in match}
    return Target(method=named.get("method"), path=named.get("path"), device_id=named.get("deviceId"))


def _method(validator: Validator, value: object, place: str) -> str:
    return validator.choice(value.upper() if isinstance(value, str) else value, place, tuple(HTTPMethod))


def _path(validator: Validator, value: object, place: str) -> str:
    path = validator.text(value, place)
    if isinstance(value, str) and not path.startswith("/"):
        validator.add_error(place, "must begin with /")
    return path


_MATCHED: Mapping[str, Callable[[Validator, object, str], str]] = {
    "method": _method,
    "path": _path,
    "deviceId": Validator.text,
}


def _remove(world: World, call: Call) -> Reply:
    if not world.faults.remove(call.identifier):
        raise ApiError(Code.NOT_FOUND)
    return _list(world, call)


def _clear(world: World, call: Call) -> Reply:
    no_body(call.request)
    world.faults.clear()
    return _list(world, call)


def _describe(_world: World, _call: Call) -> Reply:
    """Tell which kinds there are, with the defaults of their options, and which ids come with a fault of their own."""
    kinds: JSONObject = {
        name: {
            "phase": kind.phase.value,
            "required": [option for option, spec in kind.options.items() if spec.required],
            "optional": {option: spec.default for option, spec in kind.options.items() if not spec.required},
        }
        for name, kind in KINDS.items()
    }
    return Reply({"kinds": kinds, "devices": {name: effect.document() for name, effect in WELL_KNOWN.items()}})


FAULT_ROUTES: RouteTable = {
    route_key("GET", "/faults"): Route(handler=_list),
    route_key("POST", "/faults"): Route(handler=_add),
    route_key("DELETE", "/faults"): Route(handler=_clear),
    route_key("DELETE", "/faults/id"): Route(handler=_remove),
    route_key("GET", "/fault-kinds"): Route(handler=_describe),
}
