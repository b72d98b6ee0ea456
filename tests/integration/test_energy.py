"""Energy that is counted here, because no device reports it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
import threading
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.runner import MAX_EXECUTOR_WORKERS
import pytest
from pytest_homeassistant_custom_component.common import async_mock_restore_state_shutdown_restart

from custom_components.amps.api import Reading
from custom_components.amps.api.models import Action, Battery
from custom_components.amps.const import DOMAIN
from custom_components.amps.rules import DeviceRecord, ReceivedReading
from custom_components.amps.rules.energy import (
    EnergyCounter,
    LifetimeCounter,
    PowerSample,
    energy_between,
    steps_between,
)
from custom_components.amps.rules.merge import merge

from .conftest import NOON, Advance, battery_of, refresh, state_of

pytestmark = pytest.mark.usefixtures("simulated_home")

type Poll = Callable[[], Awaitable[None]]


@pytest.mark.parametrize(
    ("start", "end", "charged"),
    [(2, 2, 2), (0, 4, 2), (-2, -2, 0), (2, -2, 0.5), (-2, 2, 0.5), (3, -1, 1.125), (0, 0, 0)],
)
def test_only_what_lies_above_zero_counts(start: float, end: float, charged: float) -> None:
    before, after = PowerSample(at=NOON, power=start), PowerSample(at=NOON + timedelta(minutes=30), power=end)
    assert energy_between(before, after) == pytest.approx(charged / 2)
    middle = NOON + timedelta(minutes=15)
    assert energy_between(before, after, [middle]) == pytest.approx((max(start, 0) + max(end, 0)) / 4)
    # Between two steps nobody knows what flowed.
    steps = [NOON + timedelta(minutes=6), NOON + timedelta(minutes=24)]
    assert energy_between(before, after, steps) == pytest.approx((max(start, 0) + max(end, 0)) / 10)
    assert energy_between(after, before) == 0


@pytest.mark.parametrize(
    ("state", "created", "updated", "window", "steps"),
    [
        ("acknowledged", 1, 1, None, [1]),
        ("completed", 1, 2, None, [1]),
        ("acknowledged", -5, 1, None, [1]),
        ("completed", -5, 1, None, []),
        ("cancelled", 1, 2, None, []),
        ("scheduled", 1, 1, None, []),
        ("failed", 1, 2, None, []),
        ("acknowledged", -5, -5, None, []),
        ("acknowledged", -5, 2, (2, 20), [2]),
        ("completed", -5, 8, (2, 8), [2, 8]),
        ("completed", -5, 3, (2, 8), [2, 8]),
        ("completed", -50, 3, (-40, 8), [8]),
        ("scheduled", -5, -5, (2, 8), []),
    ],
)
def test_power_steps_where_a_command_sets_in_and_where_its_window_ends(
    state: str, created: int, updated: int, window: tuple[int, int] | None, steps: list[int]
) -> None:
    def at(minute: int) -> datetime:
        return NOON + timedelta(minutes=minute)

    start, end = (at(window[0]), at(window[1])) if window else (None, None)
    raw = {
        "id": "act_1",
        "state": state,
        "createdAt": at(created),
        "updatedAt": at(updated),
        "start": start,
        "end": end,
    }
    action = Action.model_validate(raw)
    assert steps_between(NOON, at(10), [action]) == [at(minute) for minute in steps]


@pytest.mark.parametrize(("minutes", "counted"), [(30, 1), (31, 0), (-1, 0)])
def test_a_gap_is_bridged_up_to_twice_the_tempo(minutes: float, counted: float) -> None:
    counter = EnergyCounter()
    for minute in (0, minutes):
        counter.add_sample(known_at(minute), 2.0, longest_gap=timedelta(minutes=30))
    assert counter.total == pytest.approx(counted)


def known_at(minute: float) -> DeviceRecord:
    """Return what is known after a battery was read so many minutes after noon."""
    at = (NOON + timedelta(minutes=minute)).isoformat()
    raw = {"id": "device_1", "sync": {"lastPulledAt": at}, "state": {}}
    reading = Reading(device=Battery.model_validate(raw), raw={}, served_at=NOON + timedelta(days=999))
    return merge(None, ReceivedReading(reading=reading, received_monotonic=0, sandbox=False, single=False))


AT = "2026-06-14T12:00:00+00:00"


@pytest.mark.parametrize(
    ("stored", "total", "sample"),
    [
        ({"total": 5.5, "at": AT, "power": 2}, 5.5, PowerSample(at=NOON, power=2)),
        ({"total": 5}, 5, None),
        ({"total": 5.5, "at": "yesterday", "power": 2}, 5.5, None),
        ({"total": 5.5, "at": "2026-06-14T12:00:00", "power": 2}, 5.5, None),
        ({"total": 5.5, "at": 1781438400, "power": 2}, 5.5, None),
        ({"total": 5.5, "at": AT}, 5.5, None),
        ({"total": 5.5, "at": AT, "power": None}, 5.5, None),
        ({"total": 5.5, "at": AT, "power": float("nan")}, 5.5, None),
        ({"total": 5.5, "at": None, "power": 2}, 5.5, None),
        ({}, 0, None),
        ({"total": None}, 0, None),
        ({"total": "5.5"}, 0, None),
        ({"total": True}, 0, None),
        ({"total": -1}, 0, None),
        ({"total": float("nan")}, 0, None),
        ({"total": float("inf")}, 0, None),
        (
            {"native_value": {"__type": "<class 'decimal.Decimal'>", "decimal_str": "7"}, "last_valid_state": "7"},
            0,
            None,
        ),
    ],
)
def test_what_was_stored_is_checked(stored: dict[str, Any], total: float, sample: PowerSample | None) -> None:
    assert EnergyCounter.from_dict(stored) == EnergyCounter(total=total, sample=sample)


@pytest.mark.parametrize("total", [None, -0.4, "8", True, float("nan"), float("inf")])
def test_a_lifetime_counter_checks_what_was_stored_too(total: object) -> None:
    assert LifetimeCounter.from_dict({"total": total}) == LifetimeCounter.from_dict({}) == LifetimeCounter()


def test_a_counter_comes_back_as_it_was_stored() -> None:
    counter = EnergyCounter(total=1.25, sample=PowerSample(at=NOON, power=-2))
    assert EnergyCounter.from_dict(counter.as_dict()) == counter
    assert EnergyCounter.from_dict(EnergyCounter().as_dict()) == EnergyCounter()
    assert LifetimeCounter.from_dict(LifetimeCounter(total=8413.8).as_dict()) == LifetimeCounter(total=8413.8)


@pytest.mark.parametrize(
    ("readings", "shown"),
    [
        ([8413.8, 8413.9], [8413.8, 8413.9]),
        ([8413.8, 0, 8413.9], [8413.8, 8413.8, 8413.9]),
        ([8413.8, 0, 0.3, 0.4], [8413.8, 8413.8, 0.3, 0.4]),
        ([8413.8, 0, 0], [8413.8, 8413.8, 0]),
        ([8413.8, 5000, 0, 0.3], [8413.8, 8413.8, 8413.8, 0.3]),
        ([8413.8, 0, 8413.8, 0, 8413.9], [8413.8, 8413.8, 8413.8, 8413.8, 8413.9]),
        ([8413.8, 8413.7, 8413.9], [8413.8, 8413.8, 8413.9]),
        ([8413.8, -0.4, -0.4, 8413.9], [8413.8, 8413.8, 8413.8, 8413.9]),
        ([-0.4, -0.4, 0.1], [None, None, 0.1]),
        ([8413.8, None, 0, None, 8413.9], [8413.8, None, 8413.8, None, 8413.9]),
        ([0, 0, 0.1], [0, 0, 0.1]),
    ],
)
def test_a_lifetime_counter_falls_when_a_second_reading_confirms_it(
    readings: list[float | None], shown: list[float | None]
) -> None:
    counter = LifetimeCounter()
    assert [counter.add_sample(NOON + timedelta(minutes=n), total) for n, total in enumerate(readings)] == shown


def test_one_reading_does_not_confirm_itself() -> None:
    counter = LifetimeCounter(total=8413.8)
    assert [counter.add_sample(NOON, total) for total in (0, 0, 0.1)] == [8413.8] * 3
    assert counter.add_sample(None, 0.1) == 8413.8


def test_a_clock_that_is_put_right_does_not_stop_the_count() -> None:
    counter = EnergyCounter()
    for minute in (60 * 24 * 365, 0, 30, 29, 60):
        counter.add_sample(known_at(minute), 2.0, longest_gap=timedelta(minutes=30))
    assert counter.total == pytest.approx(2)


async def _charge(hass: HomeAssistant, action: str, power: float) -> None:
    data = {"device_id": battery_of(hass).id, "power": power}
    await hass.services.async_call(DOMAIN, action, data, blocking=True)


async def test_an_hour_of_charging_counts_what_was_charged(hass: HomeAssistant, advance: Advance) -> None:
    battery = battery_of(hass)
    await _charge(hass, "charge", 2)
    start = float(state_of(hass, battery, "energy_charged"))
    level = float(state_of(hass, battery, "level"))
    for _ in range(12):
        await advance(timedelta(minutes=5))
    charged = float(state_of(hass, battery, "energy_charged")) - start
    assert charged == pytest.approx(2, abs=1e-3)
    assert float(state_of(hass, battery, "energy_discharged")) == 0
    capacity = 10.4
    # What the battery holds is what was charged, less what is lost on the way.
    stored = (float(state_of(hass, battery, "level")) - level) / 100 * capacity
    assert 0.9 * charged < stored < charged


async def test_a_command_between_two_readings_splits_the_count(hass: HomeAssistant, advance: Advance) -> None:
    battery = battery_of(hass)
    await _charge(hass, "charge", 2)
    await advance(timedelta(minutes=10))
    charged = float(state_of(hass, battery, "energy_charged"))
    await _charge(hass, "discharge", 2)
    await advance(timedelta(minutes=10))
    # Without the split, a straight line from +2 to -2 kW would have charged for another while.
    assert float(state_of(hass, battery, "energy_charged")) == pytest.approx(charged, abs=1e-3)
    assert float(state_of(hass, battery, "energy_discharged")) == pytest.approx(2 / 6, abs=1e-3)


async def test_what_happened_in_a_long_silence_is_not_made_up(
    hass: HomeAssistant, advance: Advance, poll: Poll
) -> None:
    battery = battery_of(hass)
    await _charge(hass, "charge", 1)
    await poll()
    before = float(state_of(hass, battery, "energy_charged"))
    await advance(timedelta(minutes=31))
    assert float(state_of(hass, battery, "energy_charged")) == before
    await advance(timedelta(minutes=6))
    assert float(state_of(hass, battery, "energy_charged")) == pytest.approx(before + 0.1, abs=1e-3)


async def test_a_clock_jump_counts_nothing_while_all_threads_are_busy(hass: HomeAssistant, advance: Advance) -> None:
    battery = battery_of(hass)
    await _charge(hass, "charge", 1)
    await advance(timedelta(minutes=3))
    before = state_of(hass, battery, "energy_charged")
    assert float(before) > 0
    done = threading.Event()
    busy = [hass.async_add_executor_job(done.wait) for _ in range(MAX_EXECUTOR_WORKERS)]
    try:
        await hass.services.async_call(DOMAIN, "simulator_set_clock", {"advance": {"minutes": 20}}, blocking=True)
        after = state_of(hass, battery, "energy_charged")
    finally:
        done.set()
        await asyncio.gather(*busy)
    assert after == before


@pytest.mark.usefixtures("simulated_home")
async def test_a_reading_is_counted_once(hass: HomeAssistant, poll: Poll) -> None:
    battery = battery_of(hass)
    await poll()
    before = float(state_of(hass, battery, "energy_charged"))
    for _ in range(3):
        await refresh(hass, battery)
    assert float(state_of(hass, battery, "energy_charged")) == before


@pytest.mark.usefixtures("hass_storage")
async def test_the_count_goes_on_after_a_restart(
    hass: HomeAssistant, simulated_home: ConfigEntry, advance: Advance
) -> None:
    battery = battery_of(hass)
    await _charge(hass, "charge", 2)
    await advance(timedelta(minutes=15))
    before = float(state_of(hass, battery, "energy_charged"))
    assert before == pytest.approx(0.5, abs=1e-3)

    assert await hass.config_entries.async_unload(simulated_home.entry_id)
    await async_mock_restore_state_shutdown_restart(hass)
    assert await hass.config_entries.async_setup(simulated_home.entry_id)
    await hass.async_block_till_done()

    assert float(state_of(hass, battery, "energy_charged")) == before
    await advance(timedelta(minutes=6))
    assert float(state_of(hass, battery, "energy_charged")) > before
