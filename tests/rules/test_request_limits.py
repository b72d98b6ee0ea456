"""When not to ask at all (design §4, api §1.3, §15.1 #1, #2)."""

from collections.abc import Callable
import math
from typing import override

import pytest

from custom_components.amps.api import AmpsInvalidKeyError
from custom_components.amps.rules.request_limits import RequestLimits

from .limits import BARE, EXPIRED, INVALID, Clock, pauses_of, rate_limited_error


class RunningClock(Clock):
    """Runs on between two looks, as every clock does that no test holds."""

    @override
    def __call__(self) -> float:
        self.now += 1e-6
        return self.now


def test_without_a_pause_there_is_none_however_the_clock_runs_on() -> None:
    """Whoever waits for the end of pauses would else wait for ever, and wake for it all the time."""
    limits = RequestLimits(RunningClock())
    assert limits.retry_in == 0
    assert limits.reads_retry_in == 0


def test_a_limit_is_over_after_its_pause_however_the_clock_runs_on() -> None:
    clock = RunningClock()
    limits = RequestLimits(clock)
    limits.rate_limited(rate_limited_error(retry_after=60))
    assert limits.retry_in == pytest.approx(60, abs=0.001)
    clock.now += 61
    limits.key_accepted()
    assert limits.verified


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
    assert pauses_of(limits, clock, lambda: limits.key_refused(BARE), 3) == [60, 300, 900]
    assert (limits.key_unverified, limits.key_invalid) == (True, False)
    limits.key_refused(BARE)
    assert (limits.retry_in, limits.key_invalid) == (math.inf, True)


@pytest.mark.parametrize("error", [INVALID, EXPIRED])
def test_a_plain_refusal_is_confirmed_once_after_5_seconds(
    limits: RequestLimits, clock: Clock, error: AmpsInvalidKeyError
) -> None:
    assert pauses_of(limits, clock, lambda: limits.key_refused(error), 1) == [5]
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
    pauses_of(limits, clock, lambda: limits.key_refused(BARE), before)
    limits.key_accepted()
    assert not limits.key_unverified
    assert pauses_of(limits, clock, lambda: limits.key_refused(BARE), 3) == [60, 300, 900]
    assert not limits.key_invalid


@pytest.mark.parametrize("before", [1, 2, 3])
@pytest.mark.parametrize(
    "failure",
    [
        lambda limits: limits.lists_failed(900),
        lambda limits: limits.rate_limited(rate_limited_error(40)),
        lambda limits: limits.rate_limited(rate_limited_error(None)),
    ],
    ids=["failed", "limited for a time", "limited"],
)
def test_bare_refusals_between_other_failures_do_not_mean_the_key(
    limits: RequestLimits, clock: Clock, failure: Callable[[RequestLimits], None], before: int
) -> None:
    for _ in range(3):
        pauses_of(limits, clock, lambda: limits.key_refused(BARE), before)
        failure(limits)
        clock.now += limits.retry_in
    assert not limits.key_invalid
    assert pauses_of(limits, clock, lambda: limits.key_refused(BARE), 3) == [60, 300, 900]
    limits.key_refused(BARE)
    assert limits.key_invalid


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
    limits.rate_limited(rate_limited_error(seconds))
    clock.now += seconds - 0.25
    assert limits.retry_in == 0.25
    clock.now += 0.25
    assert limits.retry_in == 0


def test_without_retry_after_pauses_double_up_to_15_minutes(limits: RequestLimits, clock: Clock) -> None:
    assert pauses_of(limits, clock, lambda: limits.rate_limited(rate_limited_error()), 7) == [
        30,
        60,
        120,
        240,
        480,
        900,
        900,
    ]
    limits.key_accepted()
    assert pauses_of(limits, clock, lambda: limits.rate_limited(rate_limited_error()), 1) == [30]


def test_of_five_limits_at_once_one_counts(limits: RequestLimits, clock: Clock) -> None:
    def burst() -> None:
        for _ in range(5):
            limits.rate_limited(rate_limited_error())

    assert pauses_of(limits, clock, burst, 3) == [30, 60, 120]


def test_a_limit_never_asks_for_a_key_and_the_longer_pause_counts(limits: RequestLimits, clock: Clock) -> None:
    limits.key_refused(INVALID)
    limits.rate_limited(rate_limited_error())
    assert limits.retry_in == 30
    limits.rate_limited(rate_limited_error(20))
    assert limits.retry_in == 30
    limits.rate_limited(rate_limited_error(40))
    assert limits.retry_in == 40
    pauses_of(limits, clock, lambda: limits.rate_limited(rate_limited_error()), 10)
    assert not limits.key_invalid


def test_a_pause_goes_on_though_a_request_from_before_it_succeeds(limits: RequestLimits) -> None:
    limits.rate_limited(rate_limited_error(40))
    limits.key_accepted()
    assert limits.retry_in == 40


def test_a_short_wait_that_is_asked_for_again_and_again_grows(limits: RequestLimits, clock: Clock) -> None:
    assert pauses_of(limits, clock, lambda: limits.rate_limited(rate_limited_error(1)), 4) == [1, 30, 60, 120]


@pytest.mark.parametrize(("longest", "waits"), [(30, [30, 30, 30]), (900, [30, 60, 120]), (None, [30, 60, 120])])
def test_lists_that_all_fail_back_off(
    limits: RequestLimits, clock: Clock, longest: float | None, waits: list[float]
) -> None:
    assert pauses_of(limits, clock, lambda: limits.lists_failed(longest), 3) == waits
    assert not limits.verified
    limits.key_accepted()
    assert limits.verified


def test_a_service_away_at_the_start_is_asked_every_five_minutes_at_least(limits: RequestLimits, clock: Clock) -> None:
    assert pauses_of(limits, clock, lambda: limits.lists_failed(None), 7)[4:] == [300, 300, 300]


def test_single_reads_that_fail_back_off_together_for_five_minutes_at_most(limits: RequestLimits, clock: Clock) -> None:
    waits = []
    for _ in range(6):
        limits.read_failed()
        limits.read_failed()
        waits.append(limits.reads_retry_in)
        clock.now += limits.reads_retry_in
    assert (waits, limits.retry_in) == ([30, 60, 120, 240, 300, 300], 0)
    limits.read_failed()
    limits.read_succeeded()
    assert limits.reads_retry_in == 0


def test_a_list_that_is_answered_ends_doubt_and_back_off(limits: RequestLimits) -> None:
    limits.key_refused(BARE)
    limits.key_accepted()
    assert (limits.retry_in, limits.verified) == (0, True)


def test_after_a_limit_a_list_has_to_be_answered(limits: RequestLimits, clock: Clock) -> None:
    limits.rate_limited(rate_limited_error(40))
    limits.key_accepted()
    clock.now += 40
    assert not limits.verified
    limits.key_accepted()
    assert limits.verified
