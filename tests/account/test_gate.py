"""What the gate of an account lets through (design §4, api §1.3)."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import override

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.amps.account.gate import GatedTransport
from custom_components.amps.account.request_log import RequestLog
from custom_components.amps.api import AmpsConnectionError, Request, Response, Transport
from custom_components.amps.rules.request_limits import AmpsPausedError, RequestLimits
from tests.rules.limits import BARE, INVALID, Clock, pauses_of, rate_limited_error


class Wire(Transport):
    """Keeps what is sent; answers until it is cut."""

    def __init__(self, response: Response | None = None) -> None:
        """Begin with nothing sent."""
        self.sent: list[Request] = []
        self.response = response or Response(status=200)
        self.cut = False

    @override
    async def send(self, request: Request) -> Response:
        self.sent.append(request)
        if self.cut:
            msg = "no answer"
            raise AmpsConnectionError(msg)
        return self.response


def _host_time() -> datetime:
    return datetime(2026, 6, 14, 12, tzinfo=UTC)


def _gate(wire: Wire, limits: RequestLimits, *, polling: bool) -> GatedTransport:
    return GatedTransport(
        transport=wire,
        entry=MockConfigEntry(),
        limits=limits,
        log=RequestLog(lambda: 0.0),
        host_time=_host_time,
        reason="test",
        polling=polling,
    )


async def test_during_a_pause_nothing_goes_out(limits: RequestLimits, clock: Clock) -> None:
    wire = Wire()
    gate = _gate(wire, limits, polling=True)
    request = Request(method="GET", path="/battery")
    assert (await gate.send(request)).status == 200
    limits.rate_limited(rate_limited_error(40))
    with pytest.raises(AmpsPausedError, match="another 40 s") as raised:
        await gate.send(request)
    assert isinstance(raised.value, AmpsConnectionError)
    assert (raised.value.retry_after, wire.sent, limits.requests_last_hour) == (40, [request], 1)
    clock.now += 40
    await gate.send(request)
    assert wire.sent == [request, request]


@pytest.mark.parametrize("polling", [True, False])
async def test_with_a_key_that_is_given_up_nothing_goes_out(limits: RequestLimits, clock: Clock, polling: bool) -> None:
    pauses_of(limits, clock, lambda: limits.key_refused(INVALID), 1)
    limits.key_refused(INVALID)
    clock.now += 1_000_000
    with pytest.raises(AmpsPausedError, match="no requests with this key"):
        await _gate(Wire(), limits, polling=polling).send(Request(method="GET", path="/battery"))


async def test_requests_are_counted_for_an_hour_whatever_comes_of_them(limits: RequestLimits, clock: Clock) -> None:
    wire = Wire()
    wire.cut = True
    gate = _gate(wire, limits, polling=True)
    for _ in range(3):
        with pytest.raises(AmpsConnectionError, match="no answer"):
            await gate.send(Request(method="GET", path="/battery"))
        clock.now += 1000
    assert limits.requests_last_hour == 3
    clock.now += 600
    assert limits.requests_last_hour == 2
    clock.now += 10_000
    assert limits.requests_last_hour == 0


async def test_only_a_wait_that_the_service_asked_for_holds_back_what_somebody_asks_for(
    limits: RequestLimits, clock: Clock
) -> None:
    wire = Wire()
    gate = _gate(wire, limits, polling=False)
    request = Request(method="GET", path="/battery")
    backoffs: list[Callable[[], None]] = [
        lambda: limits.rate_limited(rate_limited_error()),
        lambda: limits.key_refused(BARE),
        lambda: limits.lists_failed(900),
    ]
    for backoff in backoffs:
        backoff()
        assert limits.retry_in > 0
        await gate.send(request)
        limits.key_accepted()
        clock.now += limits.retry_in
    limits.rate_limited(rate_limited_error(40))
    with pytest.raises(AmpsPausedError, match="another 40 s"):
        await gate.send(request)
    assert len(wire.sent) == 3


@pytest.mark.parametrize("polling", [True, False])
@pytest.mark.parametrize(("asked", "wait"), [("7.5", 7.5), ("0.2", 1), ("Sun, 14 Jun 2026 12:20:00 GMT", 1200)])
async def test_a_wait_that_is_asked_for_at_one_path_holds_back_that_path_alone(
    limits: RequestLimits, clock: Clock, polling: bool, asked: str, wait: float
) -> None:
    wire = Wire(Response(status=503, headers={"Retry-After": asked}))
    gate = _gate(wire, limits, polling=polling)
    await gate.send(Request(method="GET", path="/battery"))
    await gate.send(Request(method="GET", path="/vehicle"))
    with pytest.raises(AmpsPausedError) as raised:
        await gate.send(Request(method="GET", path="/battery"))
    assert (raised.value.retry_after, limits.retry_in) == (wait, 0)
    clock.now += wait
    await gate.send(Request(method="GET", path="/battery"))


@pytest.mark.parametrize("nonsense", ["0", "-5", "soon", "nan", "inf", "", "Sun, 14 Jun 2026 11:59:00 GMT"])
async def test_a_wait_of_nothing_holds_back_nothing(limits: RequestLimits, nonsense: str) -> None:
    gate = _gate(Wire(Response(status=503, headers={"Retry-After": nonsense})), limits, polling=True)
    for _ in range(2):
        await gate.send(Request(method="GET", path="/battery"))
