"""Looking at the simulated account and changing what the API itself cannot: keys, timing, options."""

from collections.abc import Mapping
from datetime import timedelta

from ..auth import KeyState
from ..home.actions import Timing
from ..routing import Call, Reply, Route, RouteTable, route_key
from ..validation import Validator, json_body, no_body
from ..wire import JSONObject
from ..world import Options, World

_LONGEST_SETTLING = 86_400


def _count_keys(world: World, _call: Call) -> Reply:
    return Reply(world.keys.counts())


def _mark_key(world: World, call: Call) -> Reply:
    validator = Validator()
    body = validator.members(json_body(call.request), "", required=("key", "state"))
    key = validator.text(body.get("key"), "key")
    state = validator.choice(body.get("state"), "state", tuple(KeyState))
    validator.check()
    world.keys.mark(key, KeyState(state))
    return Reply(world.keys.counts())


def _read_timing(world: World, _call: Call) -> Reply:
    return Reply(_timing_document(world))


def _set_timing(world: World, call: Call) -> Reply:
    """Change when actions yet to come will finish (api §15.3 #26, #27)."""
    validator = Validator()
    values = {
        **_timing_document(world),
        **validator.members(json_body(call.request), "", optional=_timing_document(world)),
    }
    timing = Timing(
        settle=_span(validator, values, "settleSeconds"),
        windows_settle=validator.flag(values["windowsSettle"], "windowsSettle"),
        live_acceptance=_span(validator, values, "liveAcceptanceSeconds"),
        live_settle=_span(validator, values, "liveSettleSeconds"),
        live_failure=_span(validator, values, "liveFailureSeconds"),
        live_lag=_span(validator, values, "liveLagSeconds"),
    )
    validator.check()
    world.timing = timing
    return Reply(_timing_document(world))


def _span(validator: Validator, values: Mapping[str, object], name: str) -> timedelta:
    return timedelta(seconds=validator.between(values[name], name, 0, _LONGEST_SETTLING))


def _timing_document(world: World) -> JSONObject:
    timing = world.timing
    return {
        "settleSeconds": timing.settle.total_seconds(),
        "windowsSettle": timing.windows_settle,
        "liveAcceptanceSeconds": timing.live_acceptance.total_seconds(),
        "liveSettleSeconds": timing.live_settle.total_seconds(),
        "liveFailureSeconds": timing.live_failure.total_seconds(),
        "liveLagSeconds": timing.live_lag.total_seconds(),
    }


def _read_options(world: World, _call: Call) -> Reply:
    return Reply(_options_document(world))


def _set_options(world: World, call: Call) -> Reply:
    """Choose between what the documentation leaves open (api §4.5)."""
    validator = Validator()
    values = {
        **_options_document(world),
        **validator.members(json_body(call.request), "", optional=_options_document(world)),
    }
    options = Options(idle_keeps_mode=validator.flag(values["idleKeepsMode"], "idleKeepsMode"))
    validator.check()
    world.options = options
    return Reply(_options_document(world))


def _options_document(world: World) -> JSONObject:
    return {"idleKeepsMode": world.options.idle_keeps_mode}


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
    route_key("GET", "/keys"): Route(handler=_count_keys),
    route_key("POST", "/keys"): Route(handler=_mark_key),
    route_key("GET", "/timing"): Route(handler=_read_timing),
    route_key("POST", "/timing"): Route(handler=_set_timing),
    route_key("GET", "/options"): Route(handler=_read_options),
    route_key("POST", "/options"): Route(handler=_set_options),
    route_key("GET", "/requests"): Route(handler=_read_log),
    route_key("DELETE", "/requests"): Route(handler=_clear_log),
    route_key("POST", "/reset"): Route(handler=_reset),
}
