"""Quantities that carry over from day to day."""

from functools import reduce
from typing import override

from hypothesis import given, strategies as st
import pytest

from custom_components.amps.simulator.physics.daily import Clamp, DailyModel, daily_path
from custom_components.amps.simulator.physics.paths import DAY, Motion

_BOUNDS = st.tuples(st.floats(-50, 50), st.floats(-50, 50)).map(sorted)
_CLAMPS = st.builds(
    lambda scale, shift, bounds: Clamp(scale, shift, *bounds),
    st.one_of(st.just(1.0), st.floats(0.01, 0.99)),
    st.floats(-20, 20),
    _BOUNDS,
)
_VALUES = st.floats(-60, 60)


@given(_CLAMPS, _CLAMPS, _VALUES)
def test_two_maps_in_sequence_are_one_map(first: Clamp, second: Clamp, value: float) -> None:
    assert first.then(second)(value) == pytest.approx(second(first(value)), abs=1e-9)


@given(_CLAMPS, st.integers(1, 40), _VALUES)
def test_many_days_are_one_map(day: Clamp, times: int, value: float) -> None:
    expected = reduce(lambda reached, _: day(reached), range(times), value)
    assert day.repeated(times)(value) == pytest.approx(expected, abs=1e-6)


@given(_CLAMPS, _VALUES)
def test_many_years_cost_no_more_than_one(day: Clamp, value: float) -> None:
    rest = day.repeated(1_000_000)(value)
    assert day(rest) == pytest.approx(rest, abs=2e-6)


class _DailyExample(DailyModel):
    """Up at the speed of the season in the morning, down a little faster in the afternoon, with a floor of ten."""

    def __init__(self) -> None:
        super().__init__((0.0, 12.0), seasons=2)

    @override
    def season(self, day: int) -> tuple[int, float]:
        return day // 10 % 2, day // 10 * 10 + 10

    @override
    def interval_map(self, season: int, begin: float, end: float) -> Clamp:
        return Clamp(1.0, (end - begin) * self._speed(season, begin), 10.0, 1000.0)

    @override
    def rate(self, time: float, value: float) -> float:
        return self._speed(self.season(int(time // DAY))[0], time % DAY)

    @staticmethod
    def _speed(season: int, hour: float) -> float:
        speed = 2.0 + season
        return speed if hour < 12 else -speed - 0.1


def _stepped(daily_model: DailyModel, start: float, value: float, end: float) -> float:
    """Return the value at the end, in steps of a quarter of an hour at most."""
    time = start
    while time < end:
        until = min((time * 4 // 1 + 1) / 4, end)
        season, _ = daily_model.season(int(time // DAY))
        value = daily_model.interval_map(season, time % DAY, time % DAY + until - time)(value)
        time = until
    return value


@given(st.floats(0, 100), st.floats(10, 200), st.floats(0, 1000))
def test_leap_over_days_and_seasons_ends_where_steps_do(start: float, value: float, length: float) -> None:
    daily_model = _DailyExample()
    assert daily_path(start, value, daily_model).at(start + length).value == pytest.approx(
        _stepped(daily_model, start, value, start + length), abs=1e-6
    )


def test_rate_is_that_of_the_hour() -> None:
    path = daily_path(6.0, 50.0, _DailyExample())
    assert path.at(7) == Motion(52, 2)
    assert path.at(13) == pytest.approx((50 + 12 - 2.1, -2.1))
    assert path.at(10 * DAY + 1).rate == 3


def test_value_before_the_memory_of_the_model_has_no_influence() -> None:
    class Forgetful(_DailyExample):
        """A model with a memory of two days."""

        def __init__(self) -> None:
            super().__init__()
            self.memory = 2

    daily_model = Forgetful()
    assert daily_path(0.5, 500.0, daily_model).at(6 * DAY).value == pytest.approx(500.0 + 23.0 - 12 * 2.1 - 2 * 1.2)
