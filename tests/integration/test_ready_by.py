"""A level that is wanted by a time: reached within five minutes of it, as late as possible (design §6, `ready_by`)."""

from datetime import datetime, timedelta
from typing import Any

from homeassistant.util import dt as dt_util
import pytest

from .commanding import Home
from .conftest import MINUTE, Advance, patiently

BOTH = pytest.mark.parametrize("environment", ["sandbox", "live"])
NOON = datetime.fromisoformat("2026-06-14T12:00:00Z")


@pytest.fixture(autouse=True)
def _calm(home: Home) -> None:
    """Keep the event loop from checking everything that it does: it does much in a night."""
    home.hass.loop.set_debug(False)


async def reached_after(home: Home, advance: Advance, key: str, device: Any, level: float) -> datetime:  # noqa: ANN401
    """Return when a device reaches a level, to two minutes."""
    while home.state(device)[key] < level - 0.1:
        assert dt_util.utcnow() < NOON + timedelta(days=1)
        await advance(2 * MINUTE)
    return dt_util.utcnow()


@BOTH
@pytest.mark.parametrize(
    "data",
    [{"target_level": 85}, {"target_level": 100}, {"target_level": 98, "power": 3}],
    ids=str,
)
async def test_a_battery_is_ready_in_time(
    home: Home, advance: Advance, pass_time: Advance, data: dict[str, Any]
) -> None:
    await patiently(home.call("idle", home.battery, wait="finished"), pass_time)
    await pass_time(2 * MINUTE)
    ready_by = NOON + timedelta(hours=9)
    answer = await home.call("charge", home.battery, ready_by=ready_by.isoformat(), **data)
    start = datetime.fromisoformat(answer["action"]["start"])
    assert abs(datetime.fromisoformat(answer["ready_at"]) - ready_by) < timedelta(seconds=2)
    assert NOON < start < ready_by
    await advance(start - NOON - 5 * MINUTE)
    assert home.state(home.battery)["level"] < data["target_level"] - 1
    reached = await reached_after(home, advance, "level", home.battery, data["target_level"])
    assert abs(reached - ready_by) <= 5 * MINUTE


@BOTH
async def test_one_that_cannot_be_met_starts_at_once_and_says_when_it_is_ready(
    home: Home, advance: Advance, pass_time: Advance
) -> None:
    await patiently(home.call("idle", home.battery, wait="finished"), pass_time)
    answer = await home.call("charge", home.battery, target_level=100, ready_by=(NOON + 5 * MINUTE).isoformat())
    assert (answer["action"]["state"], answer["action"]["start"]) == ("acknowledged", None)
    ready_at = datetime.fromisoformat(answer["ready_at"])
    assert ready_at > NOON + 20 * MINUTE
    reached = await reached_after(home, advance, "level", home.battery, 100)
    assert abs(reached - ready_at) <= 5 * MINUTE


@BOTH
async def test_what_is_reached_already_needs_no_command(home: Home) -> None:
    answer = await home.call("charge", home.battery, target_level=20, ready_by="23:00")
    assert answer["ok"]
    assert answer["action"] is None
    assert answer["ready_at"] is not None
    assert home.posts == 0


@BOTH
async def test_a_battery_that_takes_windows_only_gets_one(home: Home, advance: Advance, pass_time: Advance) -> None:
    device = home.device("EP11")
    await patiently(home.call("idle", device, wait="finished"), pass_time)
    ready_by = NOON + timedelta(hours=9)
    answer = await home.call("charge", device, target_level=95, ready_by=ready_by.isoformat(), then="auto_balanced")
    assert datetime.fromisoformat(answer["action"]["end"]) >= ready_by - timedelta(seconds=2)
    await advance(ready_by - dt_util.utcnow() - 5 * MINUTE)
    assert home.state(device)["level"] < 94
    await advance(5 * MINUTE)
    # From now on it discharges, so that it has to be ready to the second.
    assert home.state(device)["level"] == pytest.approx(95, abs=0.2)
    await advance(MINUTE)
    assert home.state(device)["currentMode"] == "auto.balanced"


@BOTH
@pytest.mark.parametrize("begins_at", ["2026-06-14T23:00:00Z"])
@pytest.mark.parametrize("profile", ["home"])
async def test_the_vehicle_on_the_charger_is_ready_in_time(home: Home, advance: Advance, pass_time: Advance) -> None:
    begin = datetime.fromisoformat("2026-06-14T23:00:00Z")
    charger, vehicle = home.first("ev_charger"), home.first("vehicle")
    await patiently(home.call("idle", charger, wait="finished"), pass_time)
    await pass_time(2 * MINUTE)
    assert home.state(vehicle)["plugged"]
    ready_by = begin + timedelta(hours=6)
    answer = await home.call("charge", charger, ready_by=ready_by.isoformat())
    start = datetime.fromisoformat(answer["action"]["start"])
    await advance(start - begin - 5 * MINUTE)
    reached = await reached_after(home, advance, "batteryLevel", vehicle, home.state(vehicle)["chargeLimit"])
    assert abs(reached - ready_by) <= 5 * MINUTE
