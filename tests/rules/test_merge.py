"""How answers are put together: one example for each sentence of design §4."""

import pytest

from custom_components.amps.api.json import JsonObject
from custom_components.amps.api.models import Source
from custom_components.amps.rules import DeviceHealth, DeviceRecord
from custom_components.amps.rules.merge import (
    MIN_MISS_INTERVAL,
    apply_action,
    apply_written,
    mark_failed,
    mark_missing,
    merge,
)
from custom_components.amps.rules.record import Written

from .strategies import action, at, received

FLOOR: JsonObject = {"floor": {"value": 10, "unit": "percent", "min": 0, "max": 50}}


# Time.


def test_a_live_reading_is_of_the_instant_of_its_pull_and_as_old_as_that_when_it_arrives() -> None:
    record = merge(None, received(100, 90, monotonic=5000))
    assert (record.state_at, record.state_monotonic) == (at(90), 4990)


def test_a_sandbox_reading_is_of_the_instant_of_the_answer() -> None:
    record = merge(None, received(100, 90, monotonic=5000, sandbox=True))
    assert (record.state_at, record.state_monotonic) == (at(100), 5000)


def test_a_pull_is_never_after_the_answer_that_tells_of_it() -> None:
    assert merge(None, received(100, 200, monotonic=5000)).state_monotonic == 5000


def test_of_a_pull_nobody_knows_of_the_age_is_not_known() -> None:
    assert merge(None, received(100, None)).state_monotonic is None


def test_a_pull_nobody_knows_of_is_the_oldest() -> None:
    record = merge(None, received(100, None, level=1))
    assert merge(record, received(101, None, level=2)).device.state.level == 1
    assert merge(record, received(99, -5000, level=2)).device.state.level == 2


def test_an_answer_that_does_not_say_when_it_was_built_is_as_old_as_its_reading() -> None:
    assert merge(None, received(None, 90, monotonic=5000)).capabilities_at == at(90)


def test_an_answer_without_any_time_is_shown_until_there_is_a_better_one() -> None:
    record = merge(None, received(None, None, level=1, settings=FLOOR))
    assert (record.device.state.level, record.state_at, record.state_monotonic) == (1, None, None)
    assert record.settings is not None
    assert merge(record, received(100, 90, level=2)).device.state.level == 2


# State.


def test_a_newer_state_replaces_the_state_and_an_older_one_does_not() -> None:
    record = merge(None, received(100, 90, level=1))
    assert merge(record, received(110, 105, level=2)).device.state.level == 2
    assert merge(record, received(120, 80, level=2)).device.state.level == 1


def test_an_equal_instant_changes_nothing_whatever_the_answer_calls_its_source() -> None:
    record = merge(None, received(100, 90, source="live"))
    assert merge(record, received(100, 90, source="cache")) is record
    assert merge(record, received(101, 90, source="cache")).reading is record.reading


def test_the_age_of_a_state_is_that_of_its_first_arrival() -> None:
    record = merge(None, received(100, 90, monotonic=5000))
    assert merge(record, received(200, 90, monotonic=6000)).state_monotonic == 4990


def test_in_the_sandbox_devices_go_on_while_the_clock_stands_still() -> None:
    record = merge(None, received(100, 90, sandbox=True, level=1, commands={"idle": {}}))
    moved = received(100, 90, sandbox=True, level=2, commands={"charge": {}}, settings=FLOOR)
    after = merge(record, moved)
    assert (after.device.state.level, list(after.device.commands)) == (2, ["charge"])
    again = received(100, 90, sandbox=True, level=2, commands={"charge": {}}, settings=FLOOR)
    assert merge(after, again) is after
    with_settings = merge(after, received(100, 90, sandbox=True, level=2, settings={"floor": {"value": 20}}))
    assert with_settings.settings is not None
    assert with_settings.settings["floor"].value == 20


# Capabilities.


def test_capabilities_are_those_of_the_newest_answer_even_when_its_state_is_older() -> None:
    record = merge(None, received(100, 90, level=1, commands={"idle": {}}, conflictStrategies=["queue_after"]))
    after = merge(record, received(110, 80, level=2, commands={"charge": {}}))
    assert (after.device.state.level, list(after.device.commands), after.device.conflict_strategies) == (
        1,
        ["charge"],
        (),
    )


def test_an_older_answer_with_a_newer_state_brings_the_state_alone() -> None:
    record = merge(None, received(110, 80, level=1, commands={"charge": {}}))
    after = merge(record, received(100, 90, level=2, commands={"idle": {}}))
    assert (after.device.state.level, list(after.device.commands)) == (2, ["charge"])


# Settings.


def test_settings_missing_in_a_list_say_nothing() -> None:
    record = merge(None, received(100, 90, settings=FLOOR))
    assert merge(record, received(110, 105, single=False)).settings == record.settings


def test_settings_missing_in_a_single_read_are_gone() -> None:
    record = merge(None, received(100, 90, settings=FLOOR))
    gone = merge(record, received(110, 105))
    assert gone.settings is None
    assert merge(gone, received(105, 95, settings=FLOOR)).settings is None
    assert merge(gone, received(120, 115, settings=FLOOR)).settings == record.settings


def test_values_of_settings_go_by_the_pull_and_bounds_by_the_answer() -> None:
    record = merge(None, received(100, 90, settings=FLOOR))
    after = merge(record, received(110, 80, settings={"floor": {"value": 20, "max": 60}, "new": {"value": 5}}))
    assert after.settings is not None
    assert {name: (each.value, each.max) for name, each in after.settings.items()} == {
        "floor": (10, 60),
        "new": (5, None),
    }


def test_a_list_between_does_not_make_a_late_single_read_an_old_one() -> None:
    record = merge(None, received(100, 90, settings=FLOOR))
    record = merge(record, received(120, 115, single=False))
    record = merge(record, received(110, 105, settings={"floor": {"value": 20, "max": 60}}))
    assert record.settings is not None
    assert (record.settings["floor"].value, record.settings["floor"].max) == (20, 60)


def test_a_setting_just_written_shows_the_written_value_until_a_single_read_of_a_newer_pull() -> None:
    record = apply_written(merge(None, received(100, 90, settings=FLOOR)), {"floor": 30}, at(101))

    def shown(record: DeviceRecord) -> object:
        return record.settings and record.settings["floor"].value

    assert shown(record) == 30
    record = merge(record, received(110, 105, single=False))
    assert shown(record) == 30
    record = merge(record, received(111, 100, settings={"floor": {"value": 11}}))
    assert shown(record) == 30
    record = merge(record, received(120, 115, settings={"floor": {"value": 29}}))
    assert (shown(record), record.written) == (29, {})


def test_of_two_writes_the_newer_counts_and_what_was_read_since_counts_more() -> None:
    record = merge(None, received(100, 90, settings=FLOOR))
    record = apply_written(apply_written(record, {"floor": 30}, at(102)), {"floor": 20}, at(101))
    assert record.written == {"floor": Written(value=30, written_at=at(102))}
    assert apply_written(record, {"floor": 30}, at(102)) is record
    read = merge(record, received(120, 115, settings=FLOOR))
    assert apply_written(read, {"floor": 20}, at(103)) is read


def test_what_was_written_before_any_settings_were_read_shows_once_they_are() -> None:
    record = apply_written(merge(None, received(100, 90, single=False)), {"floor": 30}, at(101))
    assert record.settings is None
    record = merge(record, received(110, 95, settings=FLOOR))
    assert record.settings is not None
    assert record.settings["floor"].value == 30


@pytest.mark.parametrize(("source", "available"), [("fallback", False), ("fallback", True), ("cache", False)])
def test_a_fallback_is_told_apart_from_the_state_which_stays(source: str, available: bool) -> None:
    record = merge(None, received(100, 90, level=1))
    sync: JsonObject = {"available": available, "lastPulledAt": at(90).isoformat()}
    record = merge(record, received(1100, 90, level=1, source=source, sync=sync))
    assert (record.health, record.error_code, record.authoritative) == (DeviceHealth.FALLBACK, None, False)
    assert (record.source, record.device.state.level) == (Source.FALLBACK, 1)


@pytest.mark.parametrize("code", ["DEVICE_NOT_FOUND", "DEVICE_OFFLINE"])
def test_a_permanent_error_is_told_with_its_code(code: str) -> None:
    record = mark_failed(merge(None, received(100, 90)), code, at(1100))
    assert (record.health, record.error_code, record.authoritative) == (DeviceHealth.PERMANENT, code, False)
    assert mark_failed(record, code, at(1100)) is record
    assert mark_failed(record, "OLDER", at(1000)) is record


def test_only_a_later_answer_changes_the_verdict() -> None:
    record = merge(None, received(1100, 1095))
    assert merge(record, received(1090, 90, source="fallback")).health is DeviceHealth.OK
    assert mark_failed(record, "DEVICE_OFFLINE", at(1090)).health is DeviceHealth.OK


def test_no_cached_answer_revives_a_device() -> None:
    record = merge(merge(None, received(100, 90)), received(1100, 90, source="fallback"))
    for single in (True, False):
        record = merge(record, received(1200, 90, source="cache", single=single))
        assert record.health is DeviceHealth.FALLBACK
    record = mark_failed(record, "DEVICE_OFFLINE", at(1300))
    assert merge(record, received(1400, 1250, source="cache")).health is DeviceHealth.PERMANENT


@pytest.mark.parametrize("source", ["live", "cache"])
def test_a_pull_newer_than_that_of_the_fallback_revives_a_device(source: str) -> None:
    record = merge(merge(None, received(100, 90)), received(1100, 90, source="fallback"))
    record = merge(record, received(1201, 1200, source=source))
    assert (record.health, record.authoritative, record.source) == (DeviceHealth.OK, True, Source(source))


def test_a_pull_after_the_permanent_error_revives_a_device() -> None:
    record = mark_failed(merge(None, received(100, 90)), "DEVICE_OFFLINE", at(1100))
    record = merge(record, received(1201, 1200, single=False))
    assert (record.health, record.error_code) == (DeviceHealth.OK, None)


def test_a_fallback_that_does_not_tell_its_pull_is_over_when_a_pull_follows_it() -> None:
    record = merge(None, received(1100, None, source="fallback"))
    assert merge(record, received(1200, 1000)).health is DeviceHealth.FALLBACK
    assert merge(record, received(1200, 1150)).health is DeviceHealth.OK


def test_a_fallback_that_comes_again_late_does_not_undo_a_recovery_by_a_clock_behind() -> None:
    fallback = received(1100, 90, source="fallback")
    record = merge(merge(None, received(100, 90)), fallback)
    record = merge(merge(record, received(1099, 1098)), received(1110, 1098, single=False))
    assert record.health is DeviceHealth.OK
    assert merge(record, fallback) is record


def test_in_the_sandbox_the_next_good_answer_revives_a_device() -> None:
    record = merge(None, received(100, 100, sandbox=True))
    record = merge(record, received(130, 100, sandbox=True, source="fallback"))
    assert record.health is DeviceHealth.FALLBACK
    assert merge(record, received(160, 100, sandbox=True, source="projection")).health is DeviceHealth.OK


# Absence.


def test_missing_counts_once_in_ten_minutes_and_ends_with_a_list() -> None:
    record = mark_missing(merge(None, received(100, 90)), 1000.0)
    assert not record.authoritative
    assert mark_missing(record, 1000.0 + MIN_MISS_INTERVAL - 1) is record
    record = mark_missing(record, 1000.0 + MIN_MISS_INTERVAL)
    assert record.missing is not None
    assert (record.missing.times, record.missing.counted_monotonic) == (2, 1600.0)
    assert merge(record, received(200, 150)).missing is record.missing
    assert merge(record, received(200, 150, single=False)).authoritative


# Identity.


def test_the_same_answer_twice_is_the_very_same_object() -> None:
    answer = received(100, 90, lastAction={"id": "a", "state": "failed"}, commands={"idle": {}}, settings=FLOOR)
    record = merge(None, answer)
    assert merge(record, answer) is record
    assert apply_action(record, action("a", "scheduled", None, None)) is record
    assert apply_written(record, {}, at(200)) is record
