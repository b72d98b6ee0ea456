"""What to ask next, and when: one example for each rule of design §4."""

from dataclasses import replace
from itertools import pairwise
import math

import pytest

from custom_components.amps.rules import DeviceRecord
from custom_components.amps.rules.merge import mark_failed, mark_missing, merge
from custom_components.amps.rules.schedule import (
    HOUR,
    MINUTE,
    PendingEffect,
    PollPolicy,
    ReadHistory,
    Reason,
    ScheduledRead,
    action_poll_interval,
    after_attempt,
    backoff,
    min_interval,
    next_list,
    next_read,
)

from .cloud import Day, follow
from .strategies import at, received

LIVE = PollPolicy()
SANDBOX = PollPolicy(sandbox=True)


def _known(state_monotonic: float = 1000.0) -> DeviceRecord:
    """Return a device pulled at a moment, with a service whose clock shows the same."""
    return merge(None, received(state_monotonic + 10, state_monotonic, monotonic=state_monotonic + 10))


def _due(record: DeviceRecord, history: ReadHistory, policy: PollPolicy = LIVE) -> ScheduledRead:
    due = next_read(record, history, policy)
    assert due is not None
    return due


def _absent(times: int) -> DeviceRecord:
    record = _known()
    for count in range(times):
        record = mark_missing(record, 1100.0 + 600 * count)
    return record


# Tempo.


@pytest.mark.parametrize("minutes", [15, 30, 240])
def test_a_live_device_is_due_at_its_pull_plus_tempo_plus_15_seconds(minutes: float) -> None:
    due = next_read(_known(1000), ReadHistory(), PollPolicy(refresh_interval=minutes * MINUTE))
    assert due == ScheduledRead(due_monotonic=1015 + minutes * 60, reason=Reason.AGE, expedite=False)


def test_an_expedited_device_is_due_63_seconds_after_its_pull() -> None:
    assert next_read(_known(1000), ReadHistory(expedited=True), LIVE) == ScheduledRead(
        due_monotonic=1063, reason=Reason.EXPEDITED, expedite=True
    )


def test_a_device_nobody_knows_the_age_of_is_due_at_once() -> None:
    assert _due(merge(None, received(100, None)), ReadHistory()).due_monotonic == -math.inf


def test_in_trouble_a_device_does_not_wait_for_a_long_tempo() -> None:
    record = merge(_known(1000), received(3000, 2000, monotonic=3000, source="fallback"))
    assert _due(record, ReadHistory(), PollPolicy(refresh_interval=4 * HOUR)).due_monotonic == 2000 + 15 * MINUTE + 15


def test_a_sandbox_device_is_read_by_itself_for_nothing_but_settings() -> None:
    effect = PendingEffect(action_at=at(5000), action_monotonic=5000)
    assert next_read(_known(), ReadHistory(expedited=True, effect=effect), SANDBOX) is None


# Settings.


@pytest.mark.parametrize("policy", [LIVE, SANDBOX])
def test_settings_not_known_are_due_at_once(policy: PollPolicy) -> None:
    due = _due(_known(), ReadHistory(has_settings=True), policy)
    assert (due.due_monotonic, due.reason, due.expedite) == (-math.inf, Reason.SETTINGS, False)


def test_settings_of_an_expedited_device_come_with_an_expedited_read() -> None:
    assert _due(_known(), ReadHistory(has_settings=True, expedited=True)).expedite


def test_settings_are_read_hourly_in_the_sandbox_and_with_every_normal_read_in_live() -> None:
    history = ReadHistory(has_settings=True, answered_monotonic=500.0)
    assert _due(_known(), history, SANDBOX) == ScheduledRead(due_monotonic=500 + HOUR, reason=Reason.SETTINGS)
    assert _due(_known(), history, LIVE).reason is Reason.AGE


# Absence.


def test_a_device_missing_from_three_lists_is_read_once_for_each_that_is_counted() -> None:
    assert next_read(_absent(2), ReadHistory(), SANDBOX) is None
    absent = _absent(3)
    assert next_read(absent, ReadHistory(), SANDBOX) == ScheduledRead(due_monotonic=2300.0, reason=Reason.MISSING)
    history = after_attempt(ReadHistory(), 2301.0, Reason.MISSING, before=absent, after=absent, answered=True)
    assert next_read(absent, history, SANDBOX) is None
    assert _due(_absent(4), history, SANDBOX).due_monotonic == 2900.0


def test_a_read_of_an_absent_device_that_failed_is_repeated() -> None:
    absent = _absent(3)
    history = after_attempt(ReadHistory(), 2301.0, Reason.MISSING, before=absent, after=absent, answered=False)
    assert next_read(absent, history, SANDBOX) == ScheduledRead(due_monotonic=2361.0, reason=Reason.MISSING)


# Repeats.


def _failing(
    history: ReadHistory, record: DeviceRecord, times: int, policy: PollPolicy = LIVE, *, answered: bool = True
) -> list[float]:
    """Return how long after each other attempts are made that bring nothing."""
    monotonic, waits = 100_000.0, []
    due = _due(record, history, policy)
    for _ in range(times):
        history = after_attempt(history, monotonic, due.reason, before=record, after=record, answered=answered)
        due = _due(record, history, policy)
        waits.append(due.due_monotonic - monotonic)
        monotonic = due.due_monotonic
    return waits


@pytest.mark.parametrize("answered", [True, False])
@pytest.mark.parametrize("expedited", [True, False])
def test_an_attempt_in_vain_is_repeated_after_1_2_4_8_15_minutes(expedited: bool, answered: bool) -> None:
    waits = _failing(ReadHistory(expedited=expedited), _known(), 7, answered=answered)
    assert waits == [60, 120, 240, 480, 900, 900, 900]


def test_a_first_read_of_settings_that_fails_is_repeated_just_so() -> None:
    history = ReadHistory(has_settings=True)
    assert _failing(history, _known(), 6, SANDBOX, answered=False) == [60, 120, 240, 480, 900, 900]


def test_lists_do_not_make_a_failing_read_of_settings_more_frequent() -> None:
    history = ReadHistory(has_settings=True)
    before = merge(None, received(100, 100, monotonic=1000, sandbox=True))
    for monotonic, wait in ((1000.0, 60), (1060.0, 120), (1180.0, 240)):
        history = after_attempt(history, monotonic, Reason.SETTINGS, before=before, after=before, answered=False)
        listed = received(monotonic, monotonic, monotonic=monotonic + 30, sandbox=True, single=False)
        before = merge(before, listed)
        assert _due(before, history, SANDBOX).due_monotonic == monotonic + wait


def test_a_newer_pull_ends_the_repeats() -> None:
    before, after = _known(1000), _known(2000)
    history = after_attempt(ReadHistory(failed_reads=4), 2005, Reason.AGE, before=before, after=after, answered=True)
    assert (history.failed_reads, _due(after, history).due_monotonic) == (0, 2000 + 915)


def test_a_newer_pull_that_a_list_shows_ends_them_too() -> None:
    before, shown = _known(1000), _known(3000)
    history = ReadHistory(expedited=True)
    for monotonic in (2000.0, 2060.0, 2180.0):
        history = after_attempt(history, monotonic, Reason.AGE, before=before, after=before, answered=True)
    assert _due(before, history).due_monotonic == 2180 + 240
    assert _due(shown, history).due_monotonic == 3063
    again = after_attempt(history, 3063, Reason.AGE, before=shown, after=shown, answered=True)
    assert _due(shown, again).due_monotonic == 3063 + 60


def test_a_fallback_with_a_newer_pull_is_an_attempt_in_vain() -> None:
    before = _known(1000)
    after = merge(before, received(5000, 4000, monotonic=5000, source="fallback"))
    history = after_attempt(ReadHistory(), 5000, Reason.AGE, before=before, after=after, answered=True)
    assert _due(after, history).due_monotonic == 5060


def test_a_permanent_error_is_repeated_as_well() -> None:
    before = _known(1000)
    after = mark_failed(before, "DEVICE_OFFLINE", at(5000))
    history = after_attempt(ReadHistory(), 5000, Reason.AGE, before=before, after=after, answered=False)
    assert _due(after, history) == ScheduledRead(due_monotonic=5060, reason=Reason.AGE)


# Effect.


@pytest.mark.parametrize(("pulled_at", "moved", "due"), [(1000.0, 1200.0, 1205.0), (1000.0, 1010.0, 1063.0)])
def test_an_effect_is_due_5_seconds_after_the_action_moved_and_63_after_the_pull(
    pulled_at: float, moved: float, due: float
) -> None:
    history = ReadHistory(effect=PendingEffect(action_at=at(moved), action_monotonic=moved))
    assert next_read(_known(pulled_at), history, LIVE) == ScheduledRead(
        due_monotonic=due, reason=Reason.EFFECT, expedite=True
    )


@pytest.mark.parametrize("pulled_at", [1200.0, 1199.0])
def test_only_a_pull_newer_than_the_action_shows_the_effect(pulled_at: float) -> None:
    history = ReadHistory(effect=PendingEffect(action_at=at(1200), action_monotonic=1200))
    assert _due(_known(pulled_at), history).reason is Reason.EFFECT
    assert _due(_known(1201), history).reason is Reason.AGE


def test_whether_a_pull_is_newer_is_told_by_the_service_however_long_the_answer_took() -> None:
    slow = merge(None, received(1195, 1190, monotonic=1225))
    assert slow.state_monotonic == 1220
    assert (
        _due(slow, ReadHistory(effect=PendingEffect(action_at=at(1200), action_monotonic=1200))).reason is Reason.EFFECT
    )


def test_an_effect_is_tried_three_times_at_most() -> None:
    record = _known(1000)
    history = ReadHistory(effect=PendingEffect(action_at=at(1200), action_monotonic=1200))
    attempts = []
    while (due := _due(record, history)).reason is Reason.EFFECT:
        attempts.append(due.due_monotonic)
        history = after_attempt(history, due.due_monotonic, Reason.AGE, before=record, after=record, answered=True)
    assert attempts == [1205, 1265, 1385]
    assert history.effect is None


def test_a_read_that_was_on_its_way_is_no_try() -> None:
    record, effect = _known(1000), PendingEffect(action_at=at(1200), action_monotonic=1200)
    history = after_attempt(ReadHistory(effect=effect), 1204, Reason.AGE, before=record, after=record, answered=True)
    assert history.effect == effect


def test_an_effect_is_not_left_to_normal_reads_that_are_repeated() -> None:
    """A cache may go on answering these, and the expedited read is due at the same time."""
    effect = PendingEffect(action_at=at(1910), action_monotonic=1910)
    history = ReadHistory(attempted_monotonic=1915, failed_reads=1, effect=effect)
    assert _due(_known(1000), history) == ScheduledRead(due_monotonic=1975, reason=Reason.EFFECT, expedite=True)


def test_an_effect_that_showed_is_over() -> None:
    history = ReadHistory(effect=PendingEffect(action_at=at(1200), action_monotonic=1200))
    history = after_attempt(history, 1210, Reason.AGE, before=_known(1000), after=_known(1208), answered=True)
    assert history.effect is None


def test_of_two_reads_due_at_once_the_expedited_one_serves_both() -> None:
    record = _known(1000)
    history = ReadHistory(effect=PendingEffect(action_at=at(1910), action_monotonic=1910))
    assert _due(record, history) == ScheduledRead(due_monotonic=1915, reason=Reason.EFFECT, expedite=True)
    assert (
        _due(record, replace(history, effect=PendingEffect(action_at=at(1911), action_monotonic=1911))).reason
        is Reason.AGE
    )


# Lists.


def test_lists_are_read_every_tempo_in_live_and_every_30_seconds_in_the_sandbox() -> None:
    assert next_list(100, 0, PollPolicy(refresh_interval=HOUR / 2), empty=False) == 1900
    assert next_list(100, 0, SANDBOX, empty=False) == 130


def test_types_without_devices_are_read_hourly_in_live() -> None:
    assert next_list(100, 0, LIVE, empty=True) == 3700
    assert next_list(100, 0, SANDBOX, empty=True) == 130


@pytest.mark.parametrize("empty", [True, False])
def test_a_list_that_failed_is_read_again_sooner_and_ever_later(empty: bool) -> None:
    waits = [next_list(0, failures, LIVE, empty=empty) for failures in range(1, 8)]
    assert waits == [30, 60, 120, 240, 480, 900, 900]
    assert next_list(0, 5, SANDBOX, empty=empty) == 30


def test_back_off_has_an_end() -> None:
    assert [backoff(failures) for failures in (1, 2, 6, 100_000)] == [30, 60, 900, 900]


@pytest.mark.parametrize(
    ("policy", "limit"),
    [(LIVE, 35 * MINUTE), (PollPolicy(refresh_interval=4 * HOUR), 8 * HOUR + 5 * MINUTE), (SANDBOX, 65)],
)
def test_a_reading_may_be_as_old_as_two_tempos_and_a_bit(policy: PollPolicy, limit: float) -> None:
    assert policy.age_limit == limit


# Actions, and the ceiling.


def test_open_actions_are_read_often_at_first_and_then_every_minute() -> None:
    assert [action_poll_interval(reads, 0, push_proven=False) for reads in range(8)] == [3, 5, 10, 20, 40, 60, 60, 60]
    assert [action_poll_interval(reads, 0, push_proven=True) for reads in range(3)] == [300, 300, 300]


def test_reads_of_an_action_that_go_on_to_fail_back_off() -> None:
    waits = [action_poll_interval(failures, failures, push_proven=False) for failures in range(1, 12)]
    assert waits == [5, 10, 20, 40, 60, 60, 120, 240, 480, 900, 900]
    assert [action_poll_interval(9, failures, push_proven=True) for failures in (1, 7, 9)] == [300, 300, 480]


def test_a_read_for_settings_alone_is_no_attempt() -> None:
    record, effect = _known(1000), PendingEffect(action_at=at(1200), action_monotonic=1200)
    history = ReadHistory(has_settings=True, effect=effect)
    after = after_attempt(history, 1206, Reason.SETTINGS, before=record, after=record, answered=True)
    assert _due(record, after) == ScheduledRead(due_monotonic=1205, reason=Reason.EFFECT, expedite=True)


def test_a_wait_that_the_service_asked_for_is_kept() -> None:
    assert _due(_known(1000), ReadHistory(not_before_monotonic=7000)).due_monotonic == 7000
    assert _due(_known(8000), ReadHistory(not_before_monotonic=7000)).due_monotonic == 8915


@pytest.mark.parametrize(
    ("sandbox", "stretched_interval", "age_limit", "longest_gap"),
    [
        (False, HOUR, 2 * HOUR + 5 * MINUTE, 2 * HOUR),
        (False, MINUTE, 35 * MINUTE, 30 * MINUTE),
        (True, HOUR, 65, 30 * MINUTE),
    ],
)
def test_a_ceiling_that_stretches_the_tempo_stretches_what_goes_by_it(
    sandbox: bool, stretched_interval: float, age_limit: float, longest_gap: float
) -> None:
    policy = PollPolicy(sandbox=sandbox, stretched_interval=stretched_interval)
    assert (policy.age_limit, policy.longest_gap) == (age_limit, longest_gap)


@pytest.mark.parametrize(
    ("ceiling", "lists", "apart"), [(None, 20, 0), (80, 20, 60), (20, 20, HOUR), (5, 20, HOUR), (21.5, 20, 2400)]
)
def test_a_ceiling_spreads_single_reads_over_what_lists_leave_of_the_hour(
    ceiling: float | None, lists: float, apart: float
) -> None:
    assert min_interval(ceiling, lists) == apart


# All of it.


def test_two_hours_of_outage_are_over_15_minutes_after_the_manufacturer_is_back_at_the_latest() -> None:
    action_tracker = follow(Day(length=5 * HOUR, outages=[(HOUR, 3 * HOUR)]))
    tried = [each.monotonic for each in action_tracker.reads if not each.taught and each.monotonic > HOUR]
    waits = [after - before for before, after in pairwise(tried)]
    assert waits == [60, 120, 240, 480, *[900] * (len(waits) - 4)]
    back = next(each.monotonic for each in action_tracker.reads if each.taught and each.monotonic > HOUR)
    assert 3 * HOUR <= back <= 3 * HOUR + 15 * MINUTE
