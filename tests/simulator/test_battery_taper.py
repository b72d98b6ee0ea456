"""The taper of a battery close to full (api §15.2 #57)."""

import math

from hypothesis import given, strategies as st
import pytest

from custom_components.amps.simulator.devices.battery_taper import ChargeAcceptance, Taper
from custom_components.amps.simulator.physics.paths import Hold

_LEVELS = st.floats(0, 100)


@given(_LEVELS, _LEVELS, st.floats(0.01, 50), st.lists(st.floats(0, 50), max_size=10))
def test_rise_is_never_faster_than_asked_for_nor_than_accepted(
    value: float, stop: float, speed: float, delays: list[float]
) -> None:
    path = ChargeAcceptance(limit=102, hours=0.2).rise(7, value, stop, speed)
    assert path.at(7).value == pytest.approx(value)
    for delay in delays:
        level, rate = path.at(7 + delay)
        assert level <= max(value, stop) + 1e-9
        assert rate == 0 or rate == pytest.approx(min(speed, (102 - level) / 0.2))
        assert (rate == 0) is (level >= stop - 1e-9)
        later = path.at(7 + delay + 1e-6)
        assert later.rate * 1e-6 - 1e-8 <= later.value - level <= rate * 1e-6 + 1e-8
    assert path.at(1e5).value == pytest.approx(max(value, stop))


def test_taper_approaches_its_limit_with_its_time_constant() -> None:
    path = Taper(start=10, value=92, limit=102, hours=0.5, stop=100)
    assert path.at(10) == pytest.approx((92, 20))
    assert path.at(10.5) == pytest.approx((102 - 10 / math.e, 20 / math.e))
    assert path.at(10 + 0.5 * math.log(5) + 1e-9) == path.at(1e6) == (100, 0)


@pytest.mark.parametrize(("value", "stop", "speed"), [(60, 50, 5), (50, 50, 5), (50, 60, 0)])
def test_rise_to_a_lower_level_or_without_speed_holds_the_level(value: float, stop: float, speed: float) -> None:
    assert ChargeAcceptance(limit=102, hours=0.2).rise(0, value, stop, speed) == Hold(value)
