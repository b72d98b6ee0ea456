"""What a command comes to: all that stands against it at once, and what to expect (design §6)."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, strategies as st
import pytest

from custom_components.amps.rules.capability import CommandRequest, ParameterValue
from custom_components.amps.rules.plan import Plan, plan_command
from custom_components.amps.rules.timing import Present, Times, Window

from .devices import NOW, battery, charger, hvac, record_of, vehicle

BERLIN, LONDON = ZoneInfo("Europe/Berlin"), ZoneInfo("Europe/London")
HOUR = timedelta(hours=1)


def plan(request: CommandRequest, execution: list[str] | None = None, now: datetime = NOW) -> Plan:
    """Return what a command comes to for a battery in London whose owner lives in Berlin."""
    device = battery(["immediate", "scheduled", "windowed"] if execution is None else execution)
    return plan_command(record_of(device), request, present(now, LONDON))


def present(now: datetime = NOW, plant_zone: ZoneInfo = BERLIN) -> Present:
    """Return a time at which somebody in Berlin asks for something."""
    return Present(now=now, zone=BERLIN, plant_zone=plant_zone, asked_at=now)


def charge(level: float, times: Times, then: str = "hold") -> CommandRequest:
    """Return a charge."""
    return CommandRequest(
        command="charge", parameters={"target": ParameterValue(value=level, unit="percent")}, times=times, then=then
    )


def test_times_are_those_of_the_owner() -> None:
    found = plan(charge(90, Times(start=time(23, 30), end=time(5))))
    assert found.objections == ()
    assert found.window == Window(
        start=datetime(2026, 6, 14, 21, 30, tzinfo=UTC), end=datetime(2026, 6, 15, 3, tzinfo=UTC)
    )


def test_everything_is_said_at_once() -> None:
    wrong = charge(101, Times(start=NOW - HOUR, end=NOW - 2 * HOUR), then="auto_export")
    found = plan(wrong, ["immediate"])
    assert [each.key for each in found.objections] == [
        "start_in_past",
        "end_not_after_start",
        "execution_not_supported",
        "parameter_out_of_range",
        "command_not_supported",
    ]


def test_what_comes_after_needs_an_end() -> None:
    assert [each.key for each in plan(charge(90, Times(), then="auto_balanced")).objections] == ["then_needs_end"]
    assert [each.key for each in plan(charge(90, Times(start=time(23)), then="previous")).objections] == [
        "then_needs_end"
    ]
    found = plan(charge(90, Times(duration=HOUR), then="previous"))
    assert found.objections == ()
    assert found.follow_up == CommandRequest(command="auto_balanced")


def test_a_time_that_the_plant_shows_twice_is_refused_though_the_owners_clock_shows_it_once() -> None:
    now = datetime(2026, 10, 24, 12, tzinfo=UTC)
    # 02:30 UTC+1 in Berlin is after its change; London shows 01:30 twice, at 00:30 and 01:30 UTC.
    start = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    found = plan(charge(90, Times(start=start, end=start + 2 * HOUR)), now=now)
    assert [(each.key, each.placeholders) for each in found.objections] == [
        ("time_occurs_twice", {"time": "2026-10-25 01:30"})
    ]


@given(st.integers(11, 100), st.integers(0, 72 * 60))
def test_ready_by_and_what_is_expected_agree(level: int, minutes: int) -> None:
    deadline = NOW + minutes * timedelta(minutes=1)
    found = plan(charge(level, Times(ready_by=deadline)))
    assert found.objections == ()
    assert found.is_reached is (level <= 50)
    if found.is_reached:
        return
    assert found.window.ready_at is not None
    assert found.expected.reached_at is not None
    assert abs(found.expected.reached_at - found.window.ready_at) < timedelta(seconds=2)
    if found.window.start is not None:
        assert timedelta(0) <= deadline - found.window.ready_at < timedelta(seconds=2)


@pytest.mark.parametrize("execution", [["windowed"], ["immediate"], ["immediate", "windowed"]])
def test_where_the_level_is_reached_nothing_stands_against_it(execution: list[str]) -> None:
    found = plan(charge(40, Times(ready_by=time(18)), then="auto_balanced"), execution)
    assert found.is_reached
    assert found.objections == ()
    wrong = plan(charge(101, Times(ready_by=time(18))), execution)
    assert "parameter_out_of_range" in [each.key for each in wrong.objections]


@pytest.mark.parametrize("command", ["idle", "auto_balanced", "fly"])
def test_ready_by_needs_a_level_to_be_reached(command: str) -> None:
    keys = [each.key for each in plan(CommandRequest(command=command, times=Times(ready_by=time(5)))).objections]
    assert "ready_by_unknown" in keys


def test_a_vehicle_is_ready_when_its_charger_has_delivered_what_it_lacks() -> None:
    request = CommandRequest(command="charge", times=Times(ready_by=time(7)))
    found = plan_command(record_of(charger()), request, present(), vehicle())
    # 40 % of 75 kWh at 7.4 kW.
    assert found.window.start == datetime(2026, 6, 15, 0, 56, 45, tzinfo=UTC)
    assert found.expected.level == 80
    assert found.expected.energy == 30
    unknown = plan_command(record_of(charger()), request, present())
    assert [each.key for each in unknown.objections] == ["ready_by_unknown"]


def test_a_setpoint_has_no_level() -> None:
    request = CommandRequest(
        command="heat", parameters={"target": ParameterValue(value=21, unit="celsius")}, times=Times(duration=HOUR)
    )
    found = plan_command(record_of(hvac()), request, present())
    assert found.objections == ()
    assert (found.expected.level, found.expected.reached_at, found.expected.energy) == (None, None, None)
