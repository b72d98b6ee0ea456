"""Clocks."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from custom_components.amps.simulator import ClockError, SimulatedClock, frozen_clock, real_clock

_START = datetime(2026, 6, 14, 8, 15, 30, tzinfo=UTC)


class Source:
    """A source of seconds that a test moves."""

    def __init__(self) -> None:
        """Start at any number of seconds."""
        self.seconds = 1000.0

    def __call__(self) -> float:
        """Return the seconds."""
        return self.seconds


def test_frozen_clock_moves_when_it_is_moved() -> None:
    clock = frozen_clock(_START)
    assert clock.now() == _START
    clock.advance(1.5)
    clock.advance(timedelta(minutes=1))
    assert clock.now() == _START + timedelta(seconds=61.5)
    clock.set(_START + timedelta(days=1))
    assert clock.now() == _START + timedelta(days=1)


def test_clock_shows_utc_wherever_it_was_started() -> None:
    clock = frozen_clock(_START.astimezone(timezone(timedelta(hours=5))))
    assert clock.now() == _START
    assert clock.now().tzinfo is UTC


def test_clock_follows_its_source_at_its_speed() -> None:
    source = Source()
    clock = SimulatedClock(_START, ticks=source, speed=60)
    source.seconds += 2
    assert clock.now() == _START + timedelta(minutes=2)
    clock.speed = 3600
    source.seconds += 1
    assert clock.now() == _START + timedelta(hours=1, minutes=2)


def test_frozen_clock_does_not_catch_up() -> None:
    source = Source()
    clock = SimulatedClock(_START, ticks=source)
    source.seconds += 5
    clock.freeze()
    source.seconds += 100
    assert clock.now() == _START + timedelta(seconds=5)
    assert clock.frozen
    clock.advance(10)
    clock.run()
    source.seconds += 1
    assert clock.now() == _START + timedelta(seconds=16)
    assert not clock.frozen


def test_clock_never_goes_back_with_its_source() -> None:
    source = Source()
    clock = SimulatedClock(_START, ticks=source)
    source.seconds += 10
    latest = clock.now()
    source.seconds -= 500
    assert clock.now() == latest
    source.seconds += 1
    assert clock.now() == latest + timedelta(seconds=1)


@pytest.mark.parametrize("seconds", [-1, float("nan"), float("inf"), 1e11])
def test_clock_refuses_to_go_back_or_too_far(seconds: float) -> None:
    clock = frozen_clock(_START)
    with pytest.raises(ClockError):
        clock.advance(seconds)
    assert clock.now() == _START


def test_clock_refuses_to_be_set_back() -> None:
    clock = frozen_clock(_START)
    with pytest.raises(ClockError):
        clock.set(_START - timedelta(milliseconds=1))


@pytest.mark.parametrize("speed", [0, -1, 1_000_000.1, float("nan"), float("inf")])
def test_clock_refuses_an_invalid_speed(speed: float) -> None:
    with pytest.raises(ClockError):
        frozen_clock(_START).speed = speed


def test_clock_is_changed_as_a_whole_or_not_at_all() -> None:
    def freeze_advance_and_go_back(changed: SimulatedClock) -> None:
        changed.freeze()
        changed.advance(60)
        changed.set(_START)

    def advance_and_freeze(changed: SimulatedClock) -> None:
        changed.advance(60)
        changed.freeze()

    source = Source()
    clock = SimulatedClock(_START, ticks=source)
    source.seconds += 5
    with pytest.raises(ClockError):
        clock.change(freeze_advance_and_go_back)
    source.seconds += 5
    assert (clock.now(), clock.frozen) == (_START + timedelta(seconds=10), False)
    clock.change(advance_and_freeze)
    source.seconds += 5
    assert (clock.now(), clock.frozen) == (_START + timedelta(seconds=70), True)


def test_clock_without_a_source_cannot_run() -> None:
    with pytest.raises(ClockError):
        frozen_clock(_START).run()


def test_clock_stops_at_the_end_of_its_time_however_fast_it_runs() -> None:
    source = Source()
    clock = SimulatedClock(_START, ticks=source, speed=1e6)
    source.seconds += 1e9
    assert clock.now().year == 2200
    source.seconds += 1e6
    assert clock.now().year == 2200


def test_real_clock_runs_and_starts_where_asked() -> None:
    before = datetime.now(UTC)
    assert before <= real_clock().now() <= datetime.now(UTC) + timedelta(seconds=1)
    clock = real_clock(start=_START, speed=1e6)
    assert clock.now() > _START
