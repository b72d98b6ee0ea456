"""The physics of a battery under random changes."""

from datetime import UTC, datetime
from itertools import pairwise
import math

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.amps.simulator.devices.base import HOLD, IDLE, ActiveCommand
from custom_components.amps.simulator.devices.baselines import battery_level
from custom_components.amps.simulator.devices.battery_auto_modes import balanced_day, export_day
from custom_components.amps.simulator.devices.battery_behaviour import (
    AUTO_BALANCED,
    AUTO_EXPORT,
    AUTO_RESERVE,
    CHARGE,
    DISCHARGE,
    BatteryBehaviour,
)
from custom_components.amps.simulator.devices.battery_taper import Taper
from custom_components.amps.simulator.home.timeline import Command, SettingsChange, Timeline, WindowEnd
from custom_components.amps.simulator.physics.paths import DAY, Curve, Motion, Path, Ramp, Sequence
from custom_components.amps.simulator.wire import hours

from .strategies import ACTIVE_COMMANDS, BATTERY, BEGIN, EVENTS, SETTINGS, Event, timeline_of

_TOLERANCE = 1e-6
"""A millionth of a kWh."""


_RATED = 5 * 0.95 / 10.4 * 100
"""How fast the level rises at full power, percent per hour."""


def _behaviour(timeline: Timeline, time: float) -> BatteryBehaviour:
    behaviour = timeline.at(time).behaviour
    assert isinstance(behaviour, BatteryBehaviour)
    return behaviour


def _motion(timeline: Timeline, time: float) -> Motion:
    return _behaviour(timeline, time).path.at(time)


def _kinks(path: Path, begin: float, end: float) -> list[float]:
    """Return where the rate of a path may change."""
    match path:
        case Ramp():
            return [path.start + (path.stop - path.value) / path.rate]
        case Taper():
            return [path.start + path.hours * math.log((path.limit - path.value) / (path.limit - path.stop))]
        case Sequence():
            return [path.until, *_kinks(path.first, begin, end), *_kinks(path.then, begin, end)]
        case Curve():
            midnights = range(int(begin // DAY), int(end // DAY) + 1)
            return [midnight * DAY + hour for midnight in midnights for hour in path.hours]
        case _:
            return []


_GAUSS = (
    (0.0, 0.5688888888888889),
    (0.5384693101056831, 0.47862867049936647),
    (0.906179845938664, 0.23692688505618908),
)
"""Nodes and weights of the numerical integral over a piece: far more exact than a taper needs."""


def _stored(power: float) -> float:
    """Return the power inside the battery of a power at the terminals."""
    return power * 0.95 if power > 0 else power / 0.95


def _charged(timeline: Timeline, begin: float, end: float) -> float:
    """Return the integral of the power inside the battery over a span without changes, kWh."""
    kinks = _kinks(_behaviour(timeline, begin).path, begin, end)
    bounds = sorted({begin, end, *(kink for kink in kinks if begin < kink < end)})
    return sum(
        (b - a) / 2 * weight * _stored(BATTERY.power(_motion(timeline, (a + b) / 2 + side * (b - a) / 2).rate))
        for a, b in pairwise(bounds)
        for place, weight in _GAUSS
        for side in {place, -place}
    )


def test_beginning_of_the_tests_is_a_midnight() -> None:
    assert hours(datetime(2026, 6, 15, tzinfo=UTC)) == BEGIN


@given(EVENTS, st.lists(st.floats(0, 500), max_size=10))
@settings(max_examples=200)
def test_energy_is_conserved(events: list[Event], delays: list[float]) -> None:
    """The integral of the power is the change of the level, to a millionth of a kWh, through every change."""
    timeline, instants = timeline_of(events)
    bounds = sorted({*instants, *(BEGIN + delay for delay in delays), instants[-1] + 100})
    for begin, end in pairwise(bounds):
        gained = (_motion(timeline, end).value - _motion(timeline, begin).value) * BATTERY.capacity / 100
        assert gained == pytest.approx(_charged(timeline, begin, end), abs=_TOLERANCE)


@given(EVENTS, st.lists(st.floats(0, 100), min_size=5, max_size=5))
@settings(max_examples=200)
def test_level_and_power_keep_within_their_limits(events: list[Event], offsets: list[float]) -> None:
    timeline, instants = timeline_of(events)
    for instant in instants:
        for offset in (0.0, *offsets):
            behaviour, (level, rate) = _behaviour(timeline, instant + offset), _motion(timeline, instant + offset)
            limits = behaviour.limits
            assert -1e-9 <= level <= 100 + 1e-9
            assert -limits.down - 1e-6 <= rate <= limits.up + 1e-6
            if rate < 0:
                assert level > limits.floor - 1e-6
            if rate > 0:
                assert level < max(limits.ceiling, limits.floor) + 1e-6
                assert rate <= _RATED * (102 - level) / 10 + 1e-4, "a battery that is nearly full takes less"


@given(EVENTS, st.lists(st.floats(0, 100), min_size=3, max_size=3))
@settings(max_examples=200)
def test_commands_stop_at_their_limits(events: list[Event], offsets: list[float]) -> None:
    timeline, instants = timeline_of(events)
    for instant in instants:
        for offset in (0.0, *offsets):
            behaviour, (level, rate) = _behaviour(timeline, instant + offset), _motion(timeline, instant + offset)
            command, values = behaviour.active_command.command, behaviour.active_command.values
            power = BATTERY.power(rate)
            if behaviour.uncommanded:
                continue
            if command == CHARGE:
                assert 0 <= power <= values.get("power", BATTERY.max_power) + 1e-9
                assert rate == 0 or level <= min(values.get("target", 100), behaviour.limits.ceiling)
            if command == DISCHARGE:
                assert 0 >= power >= -values.get("power", BATTERY.max_power) - 1e-9
                floor = max(values.get("target", 0), values.get("reserve", 0), behaviour.limits.floor)
                assert rate == 0 or level >= floor
            if command == AUTO_RESERVE:
                assert 0 <= rate <= 10
            if command == IDLE:
                assert rate == 0


@given(EVENTS, ACTIVE_COMMANDS, st.floats(0.01, 100), st.floats(0, 1000))
def test_window_ends_in_a_hold(events: list[Event], active_command: ActiveCommand, length: float, later: float) -> None:
    timeline, instants = timeline_of(events)
    opens = instants[-1] + 50
    timeline.add(Command(at=opens, action="window", active_command=active_command))
    timeline.add(WindowEnd(at=opens + length, action="window"))
    just_before = _motion(timeline, opens + length - 1e-9).value
    held = _motion(timeline, opens + length)
    assert held.value == pytest.approx(just_before, abs=1e-6)
    assert held.rate == 0
    assert _behaviour(timeline, opens + length).active_command == HOLD
    assert _motion(timeline, opens + length + later) == held


@given(EVENTS, st.lists(st.floats(0, 200), max_size=20))
def test_reading_in_between_changes_nothing(events: list[Event], delays: list[float]) -> None:
    watched, instants = timeline_of(events)
    unwatched, _ = timeline_of(events)
    for delay in sorted(delays):
        watched.at(BEGIN + delay)
    for instant in instants:
        assert watched.at(instant) == unwatched.at(instant)
        assert _motion(watched, instant + 5) == _motion(unwatched, instant + 5)


@given(EVENTS, st.lists(st.floats(0, 200), min_size=1, max_size=20))
def test_past_reads_as_it_did_then(events: list[Event], delays: list[float]) -> None:
    timeline, instants = timeline_of(events)
    seen = [(BEGIN + delay, _motion(timeline, BEGIN + delay)) for delay in sorted(delays)]
    timeline.at(instants[-1] + 10_000)
    assert [_motion(timeline, time) for time, _ in seen] == [motion for _, motion in seen]


@given(SETTINGS)
@settings(max_examples=200)
def test_days_of_the_automatic_modes_keep_within_their_limits(values: dict[str, float]) -> None:
    limits = BATTERY.limits({**BATTERY.default_settings, **values})
    for curve in (balanced_day(battery_level(0), limits), export_day(battery_level(0), limits)):
        assert min(curve.values) >= limits.floor - 1e-6
        assert max(curve.values) <= max(limits.ceiling, limits.floor) + 1e-6
        assert max(curve.rates) <= limits.up + 1e-6
        assert -min(curve.rates) <= limits.down + 1e-6


def test_export_day_exports_from_sixteen_to_nineteen_and_is_the_usual_day_otherwise() -> None:
    limits = BATTERY.limits(BATTERY.default_settings)
    usual, exporting = balanced_day(battery_level(0), limits), export_day(battery_level(0), limits)
    for quarter in range(96):
        hour = quarter / 4
        if 16 < hour < 19.5:
            assert exporting.at(hour).value < usual.at(hour).value
        if 18 <= hour <= 19:
            assert exporting.at(hour).value == pytest.approx(limits.floor)
        if hour >= 20 or hour <= 16:
            assert exporting.at(hour).value == pytest.approx(usual.at(hour).value)


@pytest.mark.parametrize("values", [{"max_charge_rate": 1}, {"max_charge_rate": 0}, {"max_discharge_rate": 0}])
def test_battery_too_weak_to_recover_in_a_day_does_not_export(values: dict[str, float]) -> None:
    limits = BATTERY.limits({**BATTERY.default_settings, **values})
    assert export_day(battery_level(0), limits) == balanced_day(battery_level(0), limits)


def test_battery_without_export_discharges_for_its_home_only() -> None:
    limits = BATTERY.limits({**BATTERY.default_settings, "export_limit": 0, "charge_ceiling": 78})
    usual, exporting = balanced_day(battery_level(0), limits), export_day(battery_level(0), limits)
    for quarter in range(96):
        assert exporting.at(quarter / 4) == pytest.approx(usual.at(quarter / 4))


def test_setting_without_effect_keeps_the_battery_on_its_day() -> None:
    default_behaviour, _ = timeline_of([])
    adjusted, _ = timeline_of([])
    adjusted.add(SettingsChange(at=BEGIN + 5, values={"discharge_floor": 20, "charge_ceiling": 95}))
    for hour in range(100):
        assert _motion(adjusted, BEGIN + hour) == _motion(default_behaviour, BEGIN + hour)


@pytest.mark.parametrize("command", [CHARGE, DISCHARGE, IDLE, AUTO_RESERVE, AUTO_EXPORT])
def test_balanced_mode_returns_to_the_usual_day_after_any_command(command: str) -> None:
    usual = balanced_day(battery_level(0), BATTERY.limits(BATTERY.default_settings))
    for start in range(24):
        time = BEGIN + start
        commanded = (
            BATTERY.default_behaviour(0)
            .with_command(ActiveCommand(command), time)
            .with_command(ActiveCommand(AUTO_BALANCED), time + 3)
        )
        assert all(commanded.path.at(time + 6 + hour) == usual.at(time + 6 + hour) for hour in range(30))


@pytest.mark.parametrize(("power", "stored"), [(4.0, 3.8), (-3.8, -4.0), (0.0, 0.0)])
def test_efficiency_is_lost_both_ways(power: float, stored: float) -> None:
    speed = stored / BATTERY.capacity * 100
    assert BATTERY.power(speed) == pytest.approx(power)
    assert BATTERY.rise(4.0) == pytest.approx(3.8 / BATTERY.capacity * 100)
    assert BATTERY.fall(3.8) == pytest.approx(4.0 / BATTERY.capacity * 100)


def _charging(power: float) -> BatteryBehaviour:
    """Return a battery of 48 % that charges from nine on."""
    return BATTERY.default_behaviour(0).with_command(ActiveCommand(CHARGE, {"power": power}), BEGIN + 9)


def test_nearly_full_battery_tapers_and_becomes_full() -> None:
    behaviour = _charging(5)
    powers = [BATTERY.power(behaviour.path.at(BEGIN + 9 + minute / 60).rate) for minute in range(24 * 60)]
    levels = [behaviour.path.at(BEGIN + 9 + minute / 60).value for minute in range(24 * 60)]
    for power, level in zip(powers, levels, strict=True):
        assert power == pytest.approx(0 if level == 100 else 5 if level <= 92 else 5 * (102 - level) / 10)
    assert levels.index(100) == 79, "58 minutes to 92 %, and 21 instead of 11 from there"


def test_slow_charge_tapers_only_where_less_than_its_power_is_accepted() -> None:
    behaviour = _charging(1)
    full = next(minute for minute in range(24 * 60) if behaviour.path.at(BEGIN + 9 + minute / 60).value == 100)
    assert full == pytest.approx(0.52 * 10.4 / 0.95 * 60, abs=4)
    assert BATTERY.power(behaviour.path.at(BEGIN + 9 + full / 60 - 0.2).rate) == pytest.approx(1)


def test_charge_to_a_target_within_the_taper_stops_there() -> None:
    behaviour = BATTERY.default_behaviour(0).with_command(ActiveCommand(CHARGE, {"target": 97}), BEGIN + 9)
    again = behaviour.with_command(ActiveCommand(CHARGE), BEGIN + 12)
    assert behaviour.path.at(BEGIN + 12) == (97, 0)
    assert BATTERY.power(again.path.at(BEGIN + 12).rate) == pytest.approx(2.5)
    assert again.path.at(BEGIN + 13) == (100, 0)


@pytest.mark.parametrize("floor", [92.5, 100])
def test_floor_within_the_taper_is_reached_by_the_balanced_mode_too(floor: float) -> None:
    behaviour = BATTERY.default_behaviour(0).with_settings(
        {**BATTERY.default_settings, "discharge_floor": floor}, BEGIN + 9
    )
    assert behaviour.path.at(BEGIN + 12) == behaviour.path.at(BEGIN + 1000) == (floor, 0)
    for minute in range(180):
        level, rate = behaviour.path.at(BEGIN + 9 + minute / 60)
        assert BATTERY.power(rate) <= min(5, 5 * (102 - level) / 10) + 1e-9


_RESTS = [
    (ActiveCommand(DISCHARGE), "standby"),
    (ActiveCommand(DISCHARGE, {"target": 9}), "standby"),
    (ActiveCommand(DISCHARGE, {"target": 10}), "idle"),
    (ActiveCommand(DISCHARGE, {"reserve": 30}), "idle"),
    (ActiveCommand(DISCHARGE, {"power": 0}), "idle"),
    (ActiveCommand(IDLE), "idle"),
    (ActiveCommand(CHARGE), "idle"),
]


@pytest.mark.parametrize(("active_command", "status"), _RESTS)
def test_battery_is_on_standby_where_only_its_floor_stops_the_discharge(
    active_command: ActiveCommand, status: str
) -> None:
    behaviour = BATTERY.default_behaviour(0).with_command(active_command, BEGIN)
    assert behaviour.report(BEGIN + 50)["status"] == status


@pytest.mark.parametrize(("command", "status"), [(AUTO_BALANCED, "standby"), (AUTO_EXPORT, "standby"), (IDLE, "idle")])
def test_battery_at_its_floor_is_on_standby_in_the_modes_that_discharge(command: str, status: str) -> None:
    """A floor of 60 % limits the documented day at night; a battery commanded to idle is idle."""
    settings = {**BATTERY.default_settings, "discharge_floor": 60}
    behaviour = (
        BATTERY.default_behaviour(0).with_settings(settings, BEGIN).with_command(ActiveCommand(command), BEGIN + 20)
    )
    state = behaviour.report(BEGIN + 24)
    assert (state["level"], state["chargeRate"]) == (60, 0)
    assert state["status"] == status


def test_end_of_a_window_at_the_floor_reads_idle() -> None:
    timeline, _ = timeline_of([])
    timeline.add(Command(at=BEGIN, action="window", active_command=ActiveCommand(DISCHARGE)))
    timeline.add(WindowEnd(at=BEGIN + 50, action="window"))
    assert timeline.at(BEGIN + 49).behaviour.report(BEGIN + 49)["status"] == "standby"
    assert timeline.at(BEGIN + 50).behaviour.report(BEGIN + 50)["status"] == "idle"
