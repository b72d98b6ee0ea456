"""When not to ask at all (design §4, api §1.3, §15.1 #1, #2)."""

from collections.abc import Callable
from datetime import UTC, datetime
import math
from typing import override

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.amps.account.gate import GatedTransport
from custom_components.amps.account.request_log import RequestLog
from custom_components.amps.api import (
    AmpsConnectionError,
    AmpsExpiredKeyError,
    AmpsInvalidKeyError,
    AmpsRateLimitedError,
    Request,
    Response,
    Transport,
)
from custom_components.amps.rules.request_limits import AmpsPausedError, RequestLimits

ENTRY = MockConfigEntry()

BARE = AmpsInvalidKeyError("UNAUTHORIZED", 401)
INVALID = AmpsInvalidKeyError("INVALID_API_KEY", 401)
EXPIRED = AmpsExpiredKeyError("EXPIRED_TOKEN", 401)


class Clock:
    """Shows what it is set to."""

    def __init__(self) -> None:
        """Begin late: a clock that only runs forward may have run for long."""
        self.now = 50_000.0

    def __call__(self) -> float:
        """Return the time in seconds."""
        return self.now


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


class RunningClock(Clock):
    """Runs on between two looks, as every clock does that no test holds."""

    @override
    def __call__(self) -> float:
        self.now += 1e-6
        return self.now


@pytest.fixture
def clock() -> Clock:
    """Return the time."""
    return Clock()


@pytest.fixture
def limits(clock: Clock) -> RequestLimits:
    """Return access with a key that works."""
    return RequestLimits(clock)


def _host_time() -> datetime:
    return datetime(2026, 6, 14, 12, tzinfo=UTC)


def _gate(wire: Wire, limits: RequestLimits, *, on_demand: bool) -> GatedTransport:
    log = RequestLog(lambda: 0.0)
    return GatedTransport(
        transport=wire,
        entry=ENTRY,
        limits=limits,
        log=log,
        host_time=_host_time,
        reason="test",
        on_demand=on_demand,
    )


def _rate_limits(retry_after: float | None = None) -> AmpsRateLimitedError:
    error = AmpsRateLimitedError("RATE_LIMIT_EXCEEDED", 429)
    error.retry_after = retry_after
    return error


def test_without_a_pause_there_is_none_however_the_clock_runs_on() -> None:
    """Whoever waits for the end of pauses would else wait for ever, and wake for it all the time."""
    limits = RequestLimits(RunningClock())
    assert limits.retry_in == 0
    assert limits.reads_retry_in == 0


def test_a_limit_is_over_after_its_pause_however_the_clock_runs_on() -> None:
    clock = RunningClock()
    limits = RequestLimits(clock)
    limits.rate_limited(_rate_limits(retry_after=60))
    assert limits.retry_in == pytest.approx(60, abs=0.001)
    clock.now += 61
    limits.key_accepted()
    assert limits.verified


def _pauses(limits: RequestLimits, clock: Clock, happen: Callable[[], None], times: int) -> list[float]:
    """Return the pauses that follow when something happens again right after each."""
    pauses = []
    for _ in range(times):
        happen()
        pauses.append(limits.retry_in)
        clock.now += limits.retry_in
    return pauses


def test_nothing_is_in_the_way_at_first(limits: RequestLimits) -> None:
    assert (limits.retry_in, limits.key_unverified, limits.key_invalid, limits.requests_last_hour) == (
        0,
        False,
        False,
        0,
    )


def test_a_bare_refusal_pauses_1_5_15_minutes_and_counts_after_three_probes(
    limits: RequestLimits, clock: Clock
) -> None:
    assert _pauses(limits, clock, lambda: limits.key_refused(BARE), 3) == [60, 300, 900]
    assert (limits.key_unverified, limits.key_invalid) == (True, False)
    limits.key_refused(BARE)
    assert (limits.retry_in, limits.key_invalid) == (math.inf, True)


@pytest.mark.parametrize("error", [INVALID, EXPIRED])
def test_a_plain_refusal_is_confirmed_once_after_5_seconds(
    limits: RequestLimits, clock: Clock, error: AmpsInvalidKeyError
) -> None:
    assert _pauses(limits, clock, lambda: limits.key_refused(error), 1) == [5]
    assert (limits.key_unverified, limits.key_invalid) == (True, False)
    limits.key_refused(error)
    assert limits.key_invalid


def test_an_invalid_key_that_turns_out_expired_is_refused_all_the_same(limits: RequestLimits, clock: Clock) -> None:
    limits.key_refused(INVALID)
    clock.now += 5
    limits.key_refused(EXPIRED)
    assert limits.key_invalid


@pytest.mark.parametrize("before", [0, 1, 2, 3])
def test_any_success_in_between_begins_anew(limits: RequestLimits, clock: Clock, before: int) -> None:
    _pauses(limits, clock, lambda: limits.key_refused(BARE), before)
    limits.key_accepted()
    assert not limits.key_unverified
    assert _pauses(limits, clock, lambda: limits.key_refused(BARE), 3) == [60, 300, 900]
    assert not limits.key_invalid


def test_of_five_refused_at_once_one_counts(limits: RequestLimits, clock: Clock) -> None:
    pauses = []
    for _ in range(3):
        for _ in range(5):
            limits.key_refused(BARE)
            clock.now += 0.25
        pauses.append(limits.retry_in)
        clock.now += limits.retry_in
    assert pauses == [58.75, 298.75, 898.75]
    assert not limits.key_invalid


def test_refusals_of_two_kinds_are_counted_apart(limits: RequestLimits, clock: Clock) -> None:
    pauses = []
    for error in (BARE, INVALID, BARE, BARE):
        limits.key_refused(error)
        pauses.append(limits.retry_in)
        clock.now += limits.retry_in
    assert (pauses, limits.key_invalid) == ([60, 5, 300, 900], False)
    limits.key_refused(INVALID)
    assert limits.key_invalid


@pytest.mark.parametrize("seconds", [1.0, 7.0, 3601.0])
def test_retry_after_is_kept_exactly(limits: RequestLimits, clock: Clock, seconds: float) -> None:
    limits.rate_limited(_rate_limits(seconds))
    clock.now += seconds - 0.25
    assert limits.retry_in == 0.25
    clock.now += 0.25
    assert limits.retry_in == 0


def test_without_retry_after_pauses_double_up_to_15_minutes(limits: RequestLimits, clock: Clock) -> None:
    assert _pauses(limits, clock, lambda: limits.rate_limited(_rate_limits()), 7) == [30, 60, 120, 240, 480, 900, 900]
    limits.key_accepted()
    assert _pauses(limits, clock, lambda: limits.rate_limited(_rate_limits()), 1) == [30]


def test_of_five_limits_at_once_one_counts(limits: RequestLimits, clock: Clock) -> None:
    def burst() -> None:
        for _ in range(5):
            limits.rate_limited(_rate_limits())

    assert _pauses(limits, clock, burst, 3) == [30, 60, 120]


def test_a_limit_never_asks_for_a_key_and_the_longer_pause_counts(limits: RequestLimits, clock: Clock) -> None:
    limits.key_refused(INVALID)
    limits.rate_limited(_rate_limits())
    assert limits.retry_in == 30
    limits.rate_limited(_rate_limits(20))
    assert limits.retry_in == 30
    limits.rate_limited(_rate_limits(40))
    assert limits.retry_in == 40
    _pauses(limits, clock, lambda: limits.rate_limited(_rate_limits()), 10)
    assert not limits.key_invalid


def test_a_pause_goes_on_though_a_request_from_before_it_succeeds(limits: RequestLimits) -> None:
    limits.rate_limited(_rate_limits(40))
    limits.key_accepted()
    assert limits.retry_in == 40


async def test_during_a_pause_nothing_goes_out(limits: RequestLimits, clock: Clock) -> None:
    wire = Wire()
    gate = _gate(wire, limits, on_demand=False)
    request = Request(method="GET", path="/battery")
    assert (await gate.send(request)).status == 200
    limits.rate_limited(_rate_limits(40))
    with pytest.raises(AmpsPausedError, match="another 40 s") as raised:
        await gate.send(request)
    assert isinstance(raised.value, AmpsConnectionError)
    assert (raised.value.retry_after, wire.sent, limits.requests_last_hour) == (40, [request], 1)
    clock.now += 40
    await gate.send(request)
    assert wire.sent == [request, request]


@pytest.mark.parametrize("on_demand", [True, False])
async def test_with_a_key_that_is_given_up_nothing_goes_out(
    limits: RequestLimits, clock: Clock, on_demand: bool
) -> None:
    _pauses(limits, clock, lambda: limits.key_refused(INVALID), 1)
    limits.key_refused(INVALID)
    clock.now += 1_000_000
    with pytest.raises(AmpsPausedError, match="no requests with this key"):
        await _gate(Wire(), limits, on_demand=on_demand).send(Request(method="GET", path="/battery"))


async def test_requests_are_counted_for_an_hour_whatever_comes_of_them(limits: RequestLimits, clock: Clock) -> None:
    wire = Wire()
    wire.cut = True
    gate = _gate(wire, limits, on_demand=False)
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
    gate = _gate(wire, limits, on_demand=True)
    request = Request(method="GET", path="/battery")
    backoffs: list[Callable[[], None]] = [
        lambda: limits.rate_limited(_rate_limits()),
        lambda: limits.key_refused(BARE),
        lambda: limits.lists_failed(900),
    ]
    for backoff in backoffs:
        backoff()
        assert limits.retry_in > 0
        await gate.send(request)
        limits.key_accepted()
        clock.now += limits.retry_in
    limits.rate_limited(_rate_limits(40))
    with pytest.raises(AmpsPausedError, match="another 40 s"):
        await gate.send(request)
    assert len(wire.sent) == 3


@pytest.mark.parametrize("on_demand", [True, False])
@pytest.mark.parametrize(("asked", "wait"), [("7.5", 7.5), ("0.2", 1), ("Sun, 14 Jun 2026 12:20:00 GMT", 1200)])
async def test_a_wait_that_is_asked_for_at_one_path_holds_back_that_path_alone(
    limits: RequestLimits, clock: Clock, on_demand: bool, asked: str, wait: float
) -> None:
    wire = Wire(Response(status=503, headers={"Retry-After": asked}))
    gate = _gate(wire, limits, on_demand=on_demand)
    await gate.send(Request(method="GET", path="/battery"))
    await gate.send(Request(method="GET", path="/vehicle"))
    with pytest.raises(AmpsPausedError) as raised:
        await gate.send(Request(method="GET", path="/battery"))
    assert (raised.value.retry_after, limits.retry_in) == (wait, 0)
    clock.now += wait
    await gate.send(Request(method="GET", path="/battery"))


@pytest.mark.parametrize("nonsense", ["0", "-5", "soon", "nan", "inf", "", "Sun, 14 Jun 2026 11:59:00 GMT"])
async def test_a_wait_of_nothing_holds_back_nothing(limits: RequestLimits, nonsense: str) -> None:
    wire = Wire(Response(status=503, headers={"Retry-After": nonsense}))
    gate = _gate(wire, limits, on_demand=False)
    for _ in range(2):
        await gate.send(Request(method="GET", path="/battery"))


def test_a_short_wait_that_is_asked_for_again_and_again_grows(limits: RequestLimits, clock: Clock) -> None:
    assert _pauses(limits, clock, lambda: limits.rate_limited(_rate_limits(1)), 4) == [1, 30, 60, 120]


@pytest.mark.parametrize(("longest", "waits"), [(30, [30, 30, 30]), (900, [30, 60, 120]), (None, [30, 60, 120])])
def test_lists_that_all_fail_back_off(
    limits: RequestLimits, clock: Clock, longest: float | None, waits: list[float]
) -> None:
    assert _pauses(limits, clock, lambda: limits.lists_failed(longest), 3) == waits
    assert not limits.verified
    limits.key_accepted()
    assert limits.verified


def test_a_service_away_at_the_start_is_asked_every_five_minutes_at_least(limits: RequestLimits, clock: Clock) -> None:
    assert _pauses(limits, clock, lambda: limits.lists_failed(None), 7)[4:] == [300, 300, 300]


def test_single_reads_that_fail_back_off_together(limits: RequestLimits, clock: Clock) -> None:
    limits.read_failed()
    limits.read_failed()
    assert (limits.reads_retry_in, limits.retry_in) == (30, 0)
    clock.now += 30
    limits.read_failed()
    assert limits.reads_retry_in == 60
    limits.read_succeeded()
    assert limits.reads_retry_in == 0


def test_a_list_that_is_answered_ends_doubt_and_back_off(limits: RequestLimits) -> None:
    limits.key_refused(BARE)
    limits.key_accepted()
    assert (limits.retry_in, limits.verified) == (0, True)


def test_after_a_limit_a_list_has_to_be_answered(limits: RequestLimits, clock: Clock) -> None:
    limits.rate_limited(_rate_limits(40))
    limits.key_accepted()
    clock.now += 40
    assert not limits.verified
    limits.key_accepted()
    assert limits.verified
