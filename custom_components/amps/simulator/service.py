"""The simulator: a request in, a response out, nothing else."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from .auth import Environment
from .clock import Clock
from .control import CONTROL_ROUTES, PREFIX
from .devices import Device
from .envelope import Envelope
from .errors import ApiError, Code
from .faults.kinds import WELL_KNOWN, Phase
from .faults.registry import Target
from .faults.transport_faults import apply_transport_faults, is_lost
from .home.actions import Timing
from .messages import Request, Response
from .public.routes import PUBLIC_ROUTES
from .requestlog import Trace
from .routing import Reply, call_route
from .saving.state import capture, is_of_another_home, restore
from .webhooks.outbox import Delivery
from .webhooks.webhook import Webhook
from .wire import EPOCH, JSON, whole_milliseconds
from .world import World


class StateError(Exception):
    """A state that no home can go on from: it is broken, of another version, or of another home."""


class AnotherHomeError(StateError):
    """A state that another home can go on from, one of another profile, seed or number of devices."""


class Simulator:
    """The Amps service as it is seen through its API.

    `home` makes the devices, anew at every reset. `handle` neither blocks nor waits, and may be called from any
    thread as long as it is one at a time. A clock that goes back all the same stands still until it has caught up.
    """

    def __init__(
        self,
        home: Callable[[], Iterable[Device]],
        *,
        clock: Clock,
        seed: str | int,
        timing: Timing | None = None,
        webhooks: Iterable[Webhook] = (),
    ) -> None:
        """Set up an account in which nothing has happened yet."""
        self._world = World(seed=str(seed), clock=clock, timing=timing or Timing(), devices=home, webhooks=webhooks)
        self._now = EPOCH

    @property
    def clock(self) -> Clock:
        """Return the clock that everything here goes by."""
        return self._world.clock

    def handle(self, request: Request) -> Response:
        """Answer a request; whatever is wrong with it is an answer too."""
        request = replace(request, method=request.method.upper(), path=_readable(request.path))
        now = self._present()
        envelope = Envelope(self._world.seed, request, now)
        if request.path.startswith(f"{PREFIX}/"):
            within = replace(request, path=request.path.removeprefix(PREFIX))
            return self._answered(envelope, Trace(within, now), self._steer)[0]
        trace = Trace(request, now)
        response, code = self._answered(envelope, trace, self._serve)
        self._world.log.note(trace, status=response.status, code=code)
        return apply_transport_faults(response, trace.transport_faults)

    def save(self) -> JSON:
        """Return the present state, as plain data that JSON can hold."""
        return self.capture()()

    def capture(self) -> Callable[[], JSON]:
        """Return what `save` does with the present state, to be called later and in whichever thread."""
        return capture(self._world, self._present())

    def restore(self, document: object) -> datetime:
        """Go on from a state that was saved, and return the instant that it is of.

        Raises StateError, and leaves everything as it is, when it cannot be.
        """
        try:
            saved_at = restore(self._world, document)
        except ApiError as error:
            kind = AnotherHomeError if is_of_another_home(self._world.home, document) else StateError
            raise kind(error.details) from None
        self._now = max(self._now, saved_at)
        return saved_at

    def reset(self) -> None:
        """Forget everything that happened; the time stays what it is."""
        self._world.reset()

    def inject(
        self, fault: str, *, device_id: str | None = None, count: int | None = None, duration: timedelta | None = None
    ) -> None:
        """Put the fault of a well-known device in force for one device or for all, so often and for so long."""
        now = self._present()
        self._world.faults.add(
            Target(device_id=device_id),
            WELL_KNOWN[f"device_{fault}"],
            now=now,
            until=None if duration is None else now + duration,
            count=count,
        )

    def deliveries(self) -> list[Delivery]:
        """Hand out what has to be delivered to webhooks by now, each once; `settle` takes what became of it."""
        return self._world.outbox.due(self._present())

    def settle(self, delivery: Delivery, status: int | None) -> None:
        """Take note of the status that a delivery was answered with, None when there was no answer."""
        self._world.outbox.settle(delivery, self._present(), status)

    def next_delivery(self) -> datetime | None:
        """Return when there is something to deliver next, unless something happens before; None while nothing is."""
        return self._world.outbox.next_due()

    def _present(self) -> datetime:
        """Return the instant, and let happen what has happened up to it: messages are written, faults expire."""
        self._now = max(self._now, whole_milliseconds(self._world.clock.now().astimezone(UTC)))
        self._world.outbox.collect(self._world.home, self._now)
        self._world.faults.expire(self._now)
        return self._now

    @staticmethod
    def _answered(envelope: Envelope, trace: Trace, answer: Callable[[Trace], Reply]) -> tuple[Response, str | None]:
        """Return the answer to a request, and the code of a refusal."""
        try:
            reply = answer(trace)
        except ApiError as error:
            return envelope.failure(error), error.code.name
        return envelope.success(reply, trace.environment), None

    def _serve(self, trace: Trace) -> Reply:
        """Answer as the API does."""
        access = self._world.keys.authenticate(trace.request)
        trace.environment = access.environment
        if access.environment is Environment.LIVE and not self._world.live.enabled:
            raise ApiError(Code.LIVE_ACCESS_DISABLED)
        trace.transport_faults = [fault.effect for fault in self._world.faults.strike(Phase.TRANSPORT, trace)]
        if is_lost(trace.transport_faults):
            raise ApiError(Code.SERVICE_UNAVAILABLE)
        for fault in self._world.faults.strike(Phase.REQUEST, trace):
            raise fault.effect.refusal()
        if trace.request.method == "POST" and access.read_only:
            raise ApiError(Code.INSUFFICIENT_PERMISSIONS)
        return call_route(PUBLIC_ROUTES, self._world, trace)

    def _steer(self, trace: Trace) -> Reply:
        """Answer on the control surface."""
        return call_route(CONTROL_ROUTES, self._world, trace)


def _readable(path: str) -> str:
    """Return a path that can be shown in JSON, whatever bytes it was made of."""
    return path.encode("utf-8", "replace").decode("utf-8", "replace")
