"""Over any day: no request whose answer could not differ, and no reading older than it has to be (design §4)."""

from collections import Counter

from hypothesis import given, settings

from custom_components.amps.rules.schedule import HOUR, MINUTE, Reason

from .cloud import DAYS, Day, follow


@settings(max_examples=100)
@given(DAYS)
def test_over_any_day_nothing_is_asked_in_vain_and_nothing_is_old(day: Day) -> None:
    action_tracker = follow(day)
    needless = [each for each in action_tracker.reads if each.answered and not each.reached and not each.taught]
    # Settings come with single reads alone, so the first one may find a pull that is known already (api §15.2 #24).
    assert [each.reason for each in needless] in ([], [Reason.SETTINGS])
    assert action_tracker.late == []
    tries = Counter(
        max(moved for moved in day.commands if moved <= each.monotonic)
        for each in action_tracker.reads
        if each.reason is Reason.EFFECT
    )
    assert all(count <= 3 for count in tries.values())


def test_on_a_quiet_day_a_device_is_read_once_in_each_tempo() -> None:
    action_tracker = follow(Day(length=24 * HOUR, first_pull=-1.0))
    assert [each.reason for each in action_tracker.reads[:2]] == [Reason.SETTINGS, Reason.AGE]
    assert len(action_tracker.reads) == 1 + 24 * HOUR // (15 * MINUTE + 15)
    assert len(action_tracker.lists) == 24 * 4


def test_what_others_have_read_need_not_be_read_again() -> None:
    others = [float(monotonic) for monotonic in range(0, int(12 * HOUR), 300)]
    action_tracker = follow(Day(others=others))
    assert [each.reason for each in action_tracker.reads] == [Reason.SETTINGS]


def test_an_effect_shows_within_five_seconds_or_as_soon_as_amps_reads_again() -> None:
    action_tracker = follow(Day(commands=[1000.0, 5000.0, 5010.0]))
    pulls = [each.monotonic for each in action_tracker.reads]
    assert {moved: seen - moved for moved, seen in action_tracker.effects.items()} == {
        1000.0: 5.0,
        5000.0: 5.0,
        5010.0: 58.0,
    }
    assert 5005.0 in pulls
    assert 5068.0 in pulls
