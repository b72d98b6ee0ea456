"""The levels to expect of a battery under its standing command and its windows (design §9, ribbon of the day)."""

from datetime import datetime, timedelta
import json

import pytest

from custom_components.amps.api.models import Action, AnyDevice
from custom_components.amps.rules import DeviceRecord
from custom_components.amps.rules.expected_levels import expected_levels
from custom_components.amps.rules.merge import apply_action

from .devices import NOW, battery, charger, record_of

HOUR = timedelta(hours=1)


def action(command: str, state: str, start: timedelta | None, end: timedelta | None, target: float) -> Action:
    """Return an action by its times from now on."""
    times = {
        name: None if after is None else (NOW + after).isoformat() for name, after in (("start", start), ("end", end))
    }
    raw = {
        "id": f"act_{command}_{start}",
        "command": command,
        "state": state,
        "createdAt": NOW.isoformat(),
        "parameters": {"target": {"value": target, "unit": "percent"}},
        **times,
    }
    return Action.model_validate_json(json.dumps(raw))


def record(device: AnyDevice, *actions: Action) -> DeviceRecord:
    """Return what is known of a device with these actions."""
    known: DeviceRecord = record_of(device)
    for each in actions:
        known = apply_action(known, each)
    return known


def level_at(known: DeviceRecord, after: timedelta) -> float | None:
    """Return the level to expect some time from now, None if none is."""
    found: dict[datetime, float] = dict(expected_levels(known, NOW))
    return found.get(NOW + after)


def test_what_is_commanded_goes_on_to_its_target_and_stays_there() -> None:
    known = record(battery(level=50, currentMode="charge"), action("charge", "completed", None, None, 80))
    levels = [level for _, level in expected_levels(known, NOW)]
    assert levels[0] == 50
    assert levels == sorted(levels)
    assert levels[-1] == 80
    assert expected_levels(known, NOW)[-1].at == NOW + 24 * HOUR


def test_a_window_begins_at_the_level_that_is_reached_by_then_and_is_held_after_it() -> None:
    known = record(
        battery(level=50, currentMode="discharge"),
        action("discharge", "completed", None, None, 20),
        action("charge", "scheduled", 12 * HOUR, 12.5 * HOUR, 100),
    )
    assert level_at(known, 12 * HOUR) == 20
    after_window = level_at(known, 12.5 * HOUR)
    assert after_window is not None
    assert 20 < after_window < 60
    assert level_at(known, 24 * HOUR) == after_window


def test_a_window_that_runs_ends_in_a_hold() -> None:
    known = record(battery(level=50, currentMode="charge"), action("charge", "completed", -HOUR, HOUR / 2, 100))
    held = level_at(known, HOUR / 2)
    assert held is not None
    assert 50 < held < 100
    assert level_at(known, 10 * HOUR) in {None, held}
    assert level_at(known, 24 * HOUR) == held


def test_a_command_counts_before_a_reading_shows_it() -> None:
    sent = action("discharge", "completed", None, None, 20).model_copy(
        update={"acknowledged_at": NOW + timedelta(seconds=1)}
    )
    known = record(battery(level=50, currentMode="charge"), sent)
    assert level_at(known, 24 * HOUR) == 20


@pytest.mark.parametrize(
    "device",
    [
        battery(level=50, currentMode="auto.balanced"),
        battery(level=None, currentMode="idle"),
        battery(level=50, capacity=None, currentMode="idle"),
        charger(),
    ],
)
def test_what_nobody_knows_is_not_guessed(device: AnyDevice) -> None:
    assert len(expected_levels(record(device), NOW)) <= 1


def test_an_automatic_mode_ends_what_can_be_known() -> None:
    known = record(battery(level=50, currentMode="idle"), action("auto.balanced", "scheduled", 2 * HOUR, None, 100))
    assert expected_levels(known, NOW)[-1] == (NOW + 2 * HOUR, 50)
