"""When not to ask at all (design §4, api §1.3, §15.1 #1, #2)."""

from collections.abc import Callable
import math
from typing import override

import pytest

from custom_components.amps.api import (
    AmpsConnectionError,
    AmpsExpiredKeyError,
    AmpsInvalidKeyError,
    AmpsRateLimitedError,
    Request,
    Response,
    Transport,
)
from custom_components.amps.retrieval.access import Access, AmpsPausedError, Gate

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

    def __init__(self) -> None:
        """Begin with nothing sent."""
        self.sent: list[Request] = []
        self.cut = False

    @override
    async def send(self, request: Request) -> Response:
        self.sent.append(request)
        if self.cut:
            msg = "no answer"
            raise AmpsConnectionError(msg)
        return Response(status=200)


@pytest.fixture
def clock() -> Clock:
    """Return the time."""
    return Clock()


@pytest.fixture
def access(clock: Clock) -> Access:
    """Return access with a key that works."""
    return Access(clock)


def _limited(retry_after: float | None = None) -> AmpsRateLimitedError:
    error = AmpsRateLimitedError("RATE_LIMIT_EXCEEDED", 429)
    error.retry_after = retry_after
    return error


def _pauses(access: Access, clock: Clock, happen: Callable[[], None], times: int) -> list[float]:
    """Return the pauses that follow when something happens again right after each."""
    pauses = []
    for _ in range(times):
        happen()
        pauses.append(access.pause)
        clock.now += access.pause
    return pauses


def test_nothing_is_in_the_way_at_first(access: Access) -> None:
    assert (access.pause, access.doubtful, access.rejected, access.requests_last_hour) == (0, False, False, 0)


def test_a_bare_refusal_pauses_1_5_15_minutes_and_counts_after_three_probes(access: Access, clock: Clock) -> None:
    assert _pauses(access, clock, lambda: access.refused(BARE), 3) == [60, 300, 900]
    assert (access.doubtful, access.rejected) == (True, False)
    access.refused(BARE)
    assert (access.pause, access.rejected) == (math.inf, True)


@pytest.mark.parametrize("error", [INVALID, EXPIRED])
def test_a_plain_refusal_is_confirmed_once_after_5_seconds(
    access: Access, clock: Clock, error: AmpsInvalidKeyError
) -> None:
    assert _pauses(access, clock, lambda: access.refused(error), 1) == [5]
    assert (access.doubtful, access.rejected) == (True, False)
    access.refused(error)
    assert access.rejected


def test_an_invalid_key_that_turns_out_expired_is_refused_all_the_same(access: Access, clock: Clock) -> None:
    access.refused(INVALID)
    clock.now += 5
    access.refused(EXPIRED)
    assert access.rejected


@pytest.mark.parametrize("before", [0, 1, 2, 3])
def test_any_success_in_between_begins_anew(access: Access, clock: Clock, before: int) -> None:
    _pauses(access, clock, lambda: access.refused(BARE), before)
    access.granted()
    assert not access.doubtful
    assert _pauses(access, clock, lambda: access.refused(BARE), 3) == [60, 300, 900]
    assert not access.rejected


def test_of_five_refused_at_once_one_counts(access: Access, clock: Clock) -> None:
    pauses = []
    for _ in range(3):
        for _ in range(5):
            access.refused(BARE)
            clock.now += 0.25
        pauses.append(access.pause)
        clock.now += access.pause
    assert pauses == [58.75, 298.75, 898.75]
    assert not access.rejected


def test_refusals_of_two_kinds_are_counted_apart(access: Access, clock: Clock) -> None:
    pauses = []
    for error in (BARE, INVALID, BARE, BARE):
        access.refused(error)
        pauses.append(access.pause)
        clock.now += access.pause
    assert (pauses, access.rejected) == ([60, 5, 300, 900], False)
    access.refused(INVALID)
    assert access.rejected


@pytest.mark.parametrize("seconds", [1.0, 7.0, 3601.0])
def test_retry_after_is_kept_exactly(access: Access, clock: Clock, seconds: float) -> None:
    access.limited(_limited(seconds))
    clock.now += seconds - 0.25
    assert access.pause == 0.25
    clock.now += 0.25
    assert access.pause == 0


def test_without_retry_after_pauses_double_up_to_15_minutes(access: Access, clock: Clock) -> None:
    assert _pauses(access, clock, lambda: access.limited(_limited()), 7) == [30, 60, 120, 240, 480, 900, 900]
    access.granted()
    assert _pauses(access, clock, lambda: access.limited(_limited()), 1) == [30]


def test_of_five_limits_at_once_one_counts(access: Access, clock: Clock) -> None:
    def burst() -> None:
        for _ in range(5):
            access.limited(_limited())

    assert _pauses(access, clock, burst, 3) == [30, 60, 120]


def test_a_limit_never_asks_for_a_key_and_the_longer_pause_counts(access: Access, clock: Clock) -> None:
    access.refused(INVALID)
    access.limited(_limited())
    assert access.pause == 30
    access.limited(_limited(20))
    assert access.pause == 30
    access.limited(_limited(40))
    assert access.pause == 40
    _pauses(access, clock, lambda: access.limited(_limited()), 10)
    assert not access.rejected


def test_a_pause_goes_on_though_a_request_from_before_it_succeeds(access: Access) -> None:
    access.limited(_limited(40))
    access.granted()
    assert access.pause == 40


async def test_during_a_pause_nothing_goes_out(access: Access, clock: Clock) -> None:
    wire = Wire()
    gate = Gate(wire, access)
    request = Request(method="GET", path="/battery")
    assert (await gate.send(request)).status == 200
    access.limited(_limited(40))
    with pytest.raises(AmpsPausedError, match="another 40 s") as raised:
        await gate.send(request)
    assert isinstance(raised.value, AmpsConnectionError)
    assert (raised.value.seconds, wire.sent, access.requests_last_hour) == (40, [request], 1)
    clock.now += 40
    await gate.send(request)
    assert wire.sent == [request, request]


async def test_with_a_key_that_is_given_up_nothing_goes_out(access: Access, clock: Clock) -> None:
    _pauses(access, clock, lambda: access.refused(INVALID), 1)
    access.refused(INVALID)
    clock.now += 1_000_000
    with pytest.raises(AmpsPausedError, match="no requests with this key"):
        await Gate(Wire(), access).send(Request(method="GET", path="/battery"))


async def test_requests_are_counted_for_an_hour_whatever_comes_of_them(access: Access, clock: Clock) -> None:
    wire = Wire()
    wire.cut = True
    gate = Gate(wire, access)
    for _ in range(3):
        with pytest.raises(AmpsConnectionError, match="no answer"):
            await gate.send(Request(method="GET", path="/battery"))
        clock.now += 1000
    assert access.requests_last_hour == 3
    clock.now += 600
    assert access.requests_last_hour == 2
    clock.now += 10_000
    assert access.requests_last_hour == 0
