"""The simulator: it turns a request into a response, without I/O."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from .auth import Environment
from .clock import Clock
from .control import CONTROL_ROUTES, PREFIX
from .devices import Device
from .envelope import Envelope
from .errors import ApiError, ErrorCode
from .faults.kinds import WELL_KNOWN, Phase
from .faults.registry import Target
from .faults.trace import Trace
from .faults.transport_faults import apply_transport_faults, is_lost
from .home.actions import Timing
from .messages import Request, Response
from .public.routes import PUBLIC_ROUTES
from .routing import Reply, call_route
from .saving.state import capture, is_of_another_home, restore
from .webhooks.outbox import Delivery
from .webhooks.webhook import Webhook
from .wire import EPOCH, JSON, whole_milliseconds
from .world import World


class StateError(Exception):
    """A saved state that cannot be restored: it is broken, of another version, or of another home."""


class AnotherHomeError(StateError):
    """A saved state of another home: of another profile, seed or number of devices."""


class Simulator:
    """The Amps service as its API shows it.

    `home` returns new devices at every reset. `handle` neither blocks nor waits, and can be called from any thread, by
    one at a time. Should the clock go back, the simulator's time stands still until the clock has caught up.
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
        """Create an account in its initial state."""
        self._world = World(seed=str(seed), clock=clock, timing=timing or Timing(), devices=home, webhooks=webhooks)
        self._now = EPOCH

    @property
    def clock(self) -> Clock:
        """Return the clock of the simulator."""
        return self._world.clock

    def handle(self, request: Request) -> Response:
        """Return the response to a request; an error is a response too."""
        request = replace(request, method=request.method.upper(), path=_as_unicode(request.path))
        now = self._advance()
        envelope = Envelope(self._world.seed, request, now)
        if request.path.startswith(f"{PREFIX}/"):
            within = replace(request, path=request.path.removeprefix(PREFIX))
            return self._respond(envelope, Trace(within, now), self._control)[0]
        trace = Trace(request, now)
        response, code = self._respond(envelope, trace, self._serve)
        self._world.log.add(trace, status=response.status, code=code)
        return apply_transport_faults(response, trace.transport_faults)

    def save(self) -> JSON:
        """Return the present state, as plain data that JSON can hold."""
        return self.capture()()

    def capture(self) -> Callable[[], JSON]:
        """Return a function that returns the present state, and can be called later and in any thread."""
        return capture(self._world, self._advance())

    def restore(self, document: object) -> datetime:
        """Continue from a saved state, and return its instant.

        Raises StateError, and changes nothing, when the state cannot be restored.
        """
        try:
            saved_at = restore(self._world, document)
        except ApiError as error:
            kind = AnotherHomeError if is_of_another_home(self._world.home, document) else StateError
            raise kind(error.details) from None
        self._now = max(self._now, saved_at)
        return saved_at

    def reset(self) -> None:
        """Return to the initial state; the clock stays."""
        self._world.reset()

    def inject(
        self, fault: str, *, device_id: str | None = None, count: int | None = None, duration: timedelta | None = None
    ) -> None:
        """Put the fault of a well-known device in force for one device or for all, limited by count and duration."""
        now = self._advance()
        self._world.faults.add(
            Target(device_id=device_id),
            WELL_KNOWN[f"device_{fault}"],
            now=now,
            until=None if duration is None else now + duration,
            count=count,
        )

    def set_webhook(self, webhook: Webhook) -> None:
        """Add a webhook, or replace the one with its id; its messages that are not delivered yet stay."""
        self._advance()
        self._world.outbox.put(webhook)

    def remove_webhook(self, webhook_id: str) -> None:
        """Remove a webhook with its messages, if there is one."""
        self._world.outbox.remove(webhook_id)

    def deliveries(self) -> list[Delivery]:
        """Return the deliveries to webhooks that are due, each once; `record_result` takes their results."""
        return self._world.outbox.deliveries_due(self._advance())

    def record_result(self, delivery: Delivery, status: int | None) -> None:
        """Record the status of the answer to a delivery, None when there was no answer."""
        self._world.outbox.record_result(delivery, self._advance(), status)

    def next_delivery(self) -> datetime | None:
        """Return when the next delivery is due as far as is known now, None when none is."""
        return self._world.outbox.next_due_at()

    def _advance(self) -> datetime:
        """Return the present instant, after messages are written and faults removed as of it."""
        self._now = max(self._now, whole_milliseconds(self._world.clock.now().astimezone(UTC)))
        self._world.outbox.collect(self._world.home, self._now)
        self._world.faults.expire(self._now)
        return self._now

    @staticmethod
    def _respond(envelope: Envelope, trace: Trace, answer: Callable[[Trace], Reply]) -> tuple[Response, str | None]:
        """Return the response to a request, and its error code, if any."""
        try:
            reply = answer(trace)
        except ApiError as error:
            return envelope.failure(error), error.code.name
        return envelope.success(reply, trace.environment), None

    def _serve(self, trace: Trace) -> Reply:
        """Return the reply of the API."""
        access = self._world.keys.authenticate(trace.request)
        trace.environment = access.environment
        if access.environment is Environment.LIVE and not self._world.live.enabled:
            raise ApiError(ErrorCode.LIVE_ACCESS_DISABLED)
        trace.transport_faults = [fault.effect for fault in self._world.faults.take(Phase.TRANSPORT, trace)]
        if is_lost(trace.transport_faults):
            raise ApiError(ErrorCode.SERVICE_UNAVAILABLE)
        for fault in self._world.faults.take(Phase.REQUEST, trace):
            raise fault.effect.error()
        if trace.request.method == "POST" and access.read_only:
            raise ApiError(ErrorCode.INSUFFICIENT_PERMISSIONS)
        return call_route(PUBLIC_ROUTES, self._world, trace)

    def _control(self, trace: Trace) -> Reply:
        """Return the reply of the control surface."""
        return call_route(CONTROL_ROUTES, self._world, trace)


def _as_unicode(path: str) -> str:
    """Return a path with valid Unicode, so that JSON can contain it."""
    return path.encode("utf-8", "replace").decode("utf-8", "replace")
