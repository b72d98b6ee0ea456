"""Moving the time."""

from collections.abc import Callable, Mapping

from ..clock import ClockError, SimulatedClock
from ..errors import validation_error
from ..routing import Call, Reply, Route, RouteTable, route_key
from ..validation import Validator, json_body
from ..wire import JSONObject, iso
from ..world import World


def _read(world: World, _call: Call) -> Reply:
    return Reply(_document(world))


def _steer(world: World, call: Call) -> Reply:
    """Do all that the body says, in the order of `_STEPS`, or nothing."""
    validator = Validator()
    values = validator.members(json_body(call.request), "", optional=tuple(_STEPS))
    steps = [_STEPS[name](validator, values[name]) for name in _STEPS if name in values]
    validator.check()
    if not isinstance(world.clock, SimulatedClock):
        raise validation_error(("", "this clock cannot be steered"))
    try:
        world.clock.steer(steps)
    except ClockError as error:
        raise validation_error(("", str(error))) from None
    return Reply(_document(world))


def _document(world: World) -> JSONObject:
    clock = world.clock
    document: JSONObject = {"now": iso(clock.now())}
    if isinstance(clock, SimulatedClock):
        document |= {"frozen": clock.frozen, "speed": clock.speed}
    return document


type _Step = Callable[[SimulatedClock], None]


def _freeze(validator: Validator, value: object) -> _Step:
    return SimulatedClock.freeze if validator.flag(value, "frozen") else SimulatedClock.run


def _speed(validator: Validator, value: object) -> _Step:
    speed = validator.number(value, "speed")

    def step(clock: SimulatedClock) -> None:
        clock.speed = speed

    return step


def _set(validator: Validator, value: object) -> _Step:
    instant = validator.instant(value, "set")
    return lambda clock: clock.set(instant)


def _advance(validator: Validator, value: object) -> _Step:
    seconds = validator.number(value, "advance")
    return lambda clock: clock.advance(seconds)


_STEPS: Mapping[str, Callable[[Validator, object], _Step]] = {
    "frozen": _freeze,
    "speed": _speed,
    "set": _set,
    "advance": _advance,
}

CLOCK_ROUTES: RouteTable = {
    route_key("GET", "/clock"): Route(handler=_read),
    route_key("POST", "/clock"): Route(handler=_steer),
}
