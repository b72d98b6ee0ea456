"""What the API itself can neither show nor change of the simulated account: keys, timing, options, requests."""

from datetime import timedelta
from typing import Annotated

from pydantic import Field

from ..auth import KeyState
from ..fields import Span
from ..home.actions import Timing
from ..routing import Call, Reply, Route, RouteTable, route_key
from ..validation import Body, no_body, read_body, read_update
from ..wire import JSONObject
from ..world import Options, World


def _count_keys(world: World, _call: Call) -> Reply:
    return Reply(world.keys.counts())


class _KeyBody(Body):
    key: str
    state: Annotated[KeyState, Field(strict=False)]


def _set_key_state(world: World, call: Call) -> Reply:
    body = read_body(_KeyBody, call.request)
    world.keys.set_state(body.key, body.state)
    return Reply(world.keys.counts())


type _Settling = Annotated[Span, Field(le=timedelta(days=1))]


class _TimingBody(Body):
    settle_seconds: _Settling
    windows_settle: bool
    live_acceptance_seconds: _Settling
    live_settle_seconds: _Settling
    live_failure_seconds: _Settling
    live_lag_seconds: _Settling


def _read_timing(world: World, _call: Call) -> Reply:
    return Reply(_timing_document(world))


def _set_timing(world: World, call: Call) -> Reply:
    """Change when actions yet to come will finish (api §15.3 #26, #27); what is left out stays."""
    body = read_update(_TimingBody, _timing_document(world), call.request)
    world.timing = Timing(**{name.removesuffix("_seconds"): value for name, value in body})
    return Reply(_timing_document(world))


def _timing_document(world: World) -> JSONObject:
    return {
        "settleSeconds": world.timing.settle.total_seconds(),
        "windowsSettle": world.timing.windows_settle,
        "liveAcceptanceSeconds": world.timing.live_acceptance.total_seconds(),
        "liveSettleSeconds": world.timing.live_settle.total_seconds(),
        "liveFailureSeconds": world.timing.live_failure.total_seconds(),
        "liveLagSeconds": world.timing.live_lag.total_seconds(),
    }


class _OptionsBody(Body):
    idle_keeps_mode: bool


def _read_options(world: World, _call: Call) -> Reply:
    return Reply(_options_document(world))


def _set_options(world: World, call: Call) -> Reply:
    """Choose between what the documentation leaves open (api §4.5)."""
    body = read_update(_OptionsBody, _options_document(world), call.request)
    world.options = Options(idle_keeps_mode=body.idle_keeps_mode)
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
    route_key("POST", "/keys"): Route(handler=_set_key_state),
    route_key("GET", "/timing"): Route(handler=_read_timing),
    route_key("POST", "/timing"): Route(handler=_set_timing),
    route_key("GET", "/options"): Route(handler=_read_options),
    route_key("POST", "/options"): Route(handler=_set_options),
    route_key("GET", "/requests"): Route(handler=_read_log),
    route_key("DELETE", "/requests"): Route(handler=_clear_log),
    route_key("POST", "/reset"): Route(handler=_reset),
}
