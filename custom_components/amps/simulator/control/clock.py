"""Setting the clock."""

from ..clock import ClockError, SimulatedClock
from ..errors import validation_error
from ..fields import Instant, Number
from ..routing import Call, Reply, Route, RouteTable, route_key
from ..validation import Body, Maybe, read_body
from ..wire import JSONObject, iso
from ..world import World


class _ClockBody(Body):
    """How to change the clock; `advance` is in seconds, `speed` in seconds per second."""

    frozen: Maybe[bool] = None
    speed: Maybe[Number] = None
    set: Maybe[Instant] = None
    advance: Maybe[Number] = None

    def apply(self, clock: SimulatedClock) -> None:
        """Change a clock, in the order of the fields."""
        if self.frozen is not None:
            (clock.freeze if self.frozen else clock.run)()
        if self.speed is not None:
            clock.speed = self.speed
        if self.set is not None:
            clock.set(self.set)
        if self.advance is not None:
            clock.advance(self.advance)


def _read(world: World, _call: Call) -> Reply:
    return Reply(_document(world))


def _change(world: World, call: Call) -> Reply:
    """Do everything that the body asks for, or nothing."""
    body = read_body(_ClockBody, call.request)
    if not isinstance(world.clock, SimulatedClock):
        raise validation_error(("", "this clock cannot be changed"))
    try:
        world.clock.change(body.apply)
    except ClockError as error:
        raise validation_error(("", str(error))) from None
    return Reply(_document(world))


def _document(world: World) -> JSONObject:
    clock = world.clock
    document: JSONObject = {"now": iso(clock.now())}
    if isinstance(clock, SimulatedClock):
        document |= {"frozen": clock.frozen, "speed": clock.speed}
    return document


CLOCK_ROUTES: RouteTable = {
    route_key("GET", "/clock"): Route(handler=_read),
    route_key("POST", "/clock"): Route(handler=_change),
}
