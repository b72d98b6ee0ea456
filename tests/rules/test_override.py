"""Whether a device does what it was commanded, when somebody else can command it too."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from custom_components.amps.api import Reading
from custom_components.amps.api.models import Action, AnyDevice, Battery, EvCharger, Hvac
from custom_components.amps.rules import DeviceRecord, ReceivedReading
from custom_components.amps.rules.merge import apply_action, merge
from custom_components.amps.rules.override import OverrideDetector, contradicts_action

NOON = datetime(2026, 6, 14, 12, tzinfo=UTC)
BATTERY = {"status": "charging", "currentMode": "charge", "chargeRate": 3}


def at(minutes: float) -> str:
    """Return an instant, in minutes from noon, as the wire has it."""
    return (NOON + timedelta(minutes=minutes)).isoformat()


def device(kind: type[AnyDevice], state: dict[str, Any], *, pulled: float) -> AnyDevice:
    """Return a live reading of a device whose action was acknowledged at noon."""
    return kind.model_validate(
        {
            "id": "device_1",
            "sync": {"available": True, "lastPulledAt": at(pulled)},
            "metadata": {"source": "live"},
            "state": state,
            "lastAction": {"id": "act_1", "state": "completed", "createdAt": at(0), "updatedAt": at(0)},
        }
    )


def action(command: str, **more: object) -> Action:
    """Return an action in full that was acknowledged at noon."""
    return Action.model_validate(
        {
            "id": "act_1",
            "deviceId": "device_1",
            "command": command,
            "state": "completed",
            "createdAt": at(0),
            "updatedAt": at(0),
            **more,
        }
    )


def known(device: AnyDevice, action: Action | None = None, served: float = 1440) -> DeviceRecord:
    """Return what is known of a device after a reading and an answer about an action, served in minutes from noon."""
    received = ReceivedReading(
        reading=Reading(device=device, raw={}, served_at=NOON + timedelta(minutes=served)),
        received_monotonic=0,
        sandbox=False,
        single=True,
    )
    known = merge(None, received)
    return apply_action(known, action) if action else known


AN_HOUR = {"duration": {"value": 60, "unit": "minutes"}}
IN_FAHRENHEIT = {"target": {"value": 70, "unit": "fahrenheit"}}
HEAT_TO_21 = action("heat", parameters={"target": {"value": 21, "unit": "celsius"}})


@pytest.mark.parametrize(
    ("kind", "state", "commanded", "expected"),
    [
        (Battery, BATTERY, action("charge"), False),
        (Battery, BATTERY | {"status": "idle"}, action("charge"), False),
        (Battery, {"status": "discharging"}, action("charge"), True),
        (Battery, {"status": "charging"}, action("discharge"), True),
        (Battery, {"status": "charging"}, action("idle"), True),
        (Battery, {"status": "standby"}, action("idle"), False),
        (Battery, BATTERY | {"currentMode": "auto.balanced"}, action("charge"), True),
        (Battery, BATTERY | {"currentMode": "auto.balanced"}, action("auto.balanced"), False),
        (Battery, {"status": "charging", "currentMode": "auto.lunar"}, action("charge"), None),
        (Battery, {"status": "charging", "currentMode": "charge"}, action("auto.lunar"), None),
        (Hvac, {"mode": "eco"}, action("heat"), None),
        (Hvac, {"mode": "heat", "coolSetpoint": 26}, action("heat", parameters=AN_HOUR), False),
        (Hvac, {"mode": "heat", "heatSetpoint": 21}, action("heat", parameters=IN_FAHRENHEIT), False),
        (EvCharger, {"isCharging": True}, action("idle"), True),
        (EvCharger, {"isCharging": False}, action("charge"), False),
        (Hvac, {"mode": "heat", "heatSetpoint": 21}, HEAT_TO_21, False),
        (Hvac, {"mode": "heat", "heatSetpoint": 21.5}, HEAT_TO_21, False),
        (Hvac, {"mode": "heat", "heatSetpoint": 22}, HEAT_TO_21, True),
        (Hvac, {"mode": "cool", "heatSetpoint": 21}, HEAT_TO_21, True),
        (Hvac, {"mode": "off", "active": False}, action("idle"), False),
        (Hvac, {"mode": "off", "active": True}, action("idle"), True),
        (Hvac, {"mode": "heat", "active": False}, action("idle"), False),
        (Hvac, {"mode": "heat", "active": True}, action("idle"), True),
        (Hvac, {"mode": "heat"}, action("idle"), False),
        (Hvac, {"mode": "eco", "active": True}, action("idle"), True),
        (Hvac, {"mode": "heat", "holdType": "permanent"}, action("follow_schedule"), True),
        (Hvac, {"mode": "heat", "holdType": "follow_schedule"}, action("follow_schedule"), False),
    ],
)
def test_what_cannot_both_be_true_disagrees(
    kind: type[AnyDevice], state: dict[str, Any], commanded: Action, expected: bool | None
) -> None:
    assert contradicts_action(device(kind, state, pulled=1), commanded, NOON + timedelta(minutes=1)) is expected


@pytest.mark.parametrize(
    ("pulled", "more"),
    [
        (0, {}),
        (-5, {}),
        (1, {"state": "failed"}),
        (1, {"state": "scheduled"}),
        (1, {"start": at(2), "end": at(4)}),
        (4, {"start": at(2), "end": at(4)}),
        (1, {"acknowledgedAt": at(1), "updatedAt": at(0)}),
        (1, {"updatedAt": None, "createdAt": at(1)}),
        (1, {"updatedAt": None, "createdAt": None}),
    ],
)
def test_what_the_action_does_not_govern_is_not_compared(pulled: float, more: dict[str, str]) -> None:
    reading = device(Battery, {"status": "discharging"}, pulled=pulled)
    assert contradicts_action(reading, action("charge", **more), NOON + timedelta(minutes=pulled)) is None


@pytest.mark.parametrize(
    "more",
    [
        {"acknowledgedAt": at(1), "updatedAt": at(9)},
        {"acknowledgedAt": None, "updatedAt": at(1)},
        {"acknowledgedAt": None, "updatedAt": None, "createdAt": at(1)},
    ],
)
def test_a_reading_after_the_acknowledgement_is_compared(more: dict[str, str | None]) -> None:
    reading = device(Battery, {"status": "discharging"}, pulled=2)
    assert contradicts_action(reading, action("charge", **more), NOON + timedelta(minutes=2)) is True


def test_two_readings_two_minutes_apart_say_so_and_one_takes_it_back() -> None:
    watch, commanded = OverrideDetector(), action("charge")
    contrary, agreeing = {"status": "discharging"}, BATTERY
    seen = [
        watch.update(known(device(Battery, state, pulled=pulled), commanded))
        for pulled, state in (
            (1, contrary),
            (1, contrary),
            (2.5, contrary),
            (3, contrary),
            (9, contrary),
            (10, agreeing),
            (11, contrary),
            (13, contrary),
        )
    ]
    assert seen == [False, False, False, True, True, False, False, True]


def test_a_reading_older_than_what_was_known_before_a_restart_changes_nothing() -> None:
    watch, commanded = OverrideDetector(overridden=True, since=NOON + timedelta(minutes=15)), action("charge")
    contrary, agreeing = {"status": "discharging"}, BATTERY
    readings = ((0, contrary), (14, agreeing), (14, contrary), (30, contrary), (45, agreeing))
    seen = [watch.update(known(device(Battery, state, pulled=pulled), commanded)) for pulled, state in readings]
    assert seen == [True, True, True, True, False]


def test_a_clock_that_was_put_back_does_not_keep_an_override() -> None:
    watch = OverrideDetector(overridden=True, since=NOON + timedelta(days=2))
    contrary = known(device(Battery, {"status": "discharging"}, pulled=1), action("charge"))
    assert watch.update(contrary) is True
    assert watch.since == NOON + timedelta(minutes=1)
    assert watch.update(known(device(Battery, BATTERY, pulled=2), action("charge"))) is False


@pytest.mark.parametrize("state", ["scheduled", "failed", "cancelled"])
def test_an_action_that_moved_nothing_yet_leaves_the_last_one_in_force(state: str) -> None:
    watch, newer = OverrideDetector(), action("idle", id="act_2", state=state, createdAt=at(2), updatedAt=at(2))
    contrary, agreeing = {"status": "discharging"}, BATTERY
    readings = ((1, contrary), (5, contrary), (6, agreeing), (7, contrary), (11, contrary))
    seen = [
        watch.update(apply_action(known(device(Battery, state, pulled=pulled), action("charge")), newer))
        for pulled, state in readings
    ]
    assert seen == [False, True, False, False, True]


def test_an_action_that_nobody_here_knows_in_full_is_not_compared() -> None:
    watch = OverrideDetector()
    assert watch.update(known(device(Battery, {"status": "discharging"}, pulled=1))) is None
    newer = action("idle", id="act_2", deviceId=None, createdAt=at(1))
    assert watch.update(apply_action(known(device(Battery, BATTERY, pulled=5), action("charge")), newer)) is None


def test_readings_of_before_a_command_do_not_count_against_it() -> None:
    watch, window = OverrideDetector(), {"start": at(11), "end": at(60), "acknowledgedAt": at(11), "updatedAt": at(11)}
    contrary, idle = {"status": "discharging"}, action("idle", id="act_2", createdAt=at(1), updatedAt=at(1))
    planned, opened = (action("charge", id="act_3", state=state, **window) for state in ("scheduled", "completed"))
    seen = [
        watch.update(apply_action(known(device(Battery, contrary, pulled=pulled), charge, pulled), idle))
        for pulled, charge in ((4, planned), (10, planned), (13, opened), (15, opened))
    ]
    assert seen == [False, True, False, True]


def test_what_started_last_is_compared_whenever_it_was_created() -> None:
    watch = OverrideDetector()
    at_once = action("idle", id="act_2", createdAt=at(2), updatedAt=at(2))
    scheduled = action("charge", id="act_3", createdAt=at(0), acknowledgedAt=at(10), updatedAt=at(10), start=at(10))
    seen = [
        watch.update(apply_action(known(device(Battery, BATTERY, pulled=pulled), scheduled, pulled), at_once))
        for pulled in (3, 6, 11)
    ]
    assert seen == [False, True, False]
