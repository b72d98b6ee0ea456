"""A device that after a window goes back to what it did before (design §6)."""

from datetime import datetime
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest

from .commanding import HEAT_WINDOW, Home
from .conftest import HOUR, MINUTE, QUARTER, Advance, Skip, patiently
from .restart import stopped_until

BOTH = pytest.mark.parametrize("environment", ["sandbox", "live"])


@BOTH
@pytest.mark.parametrize("running", ["running", "reloaded", "restarted", "late by 20 minutes"])
async def test_a_thermostat_is_back_at_what_stood(
    hass: HomeAssistant,
    home: Home,
    hass_storage: dict[str, Any],
    freezer: FrozenDateTimeFactory,
    pass_time: Advance,
    skip: Skip,
    running: str,
) -> None:
    device = home.thermostat
    await patiently(home.call("set_temperature", device, mode="heat", temperature=19.5, wait="finished"), pass_time)
    await skip(20 * MINUTE)
    await home.call("set_temperature", device, then="previous", **HEAT_WINDOW)
    assert len(home.pushed) == 2

    async def follow_to_the_end(where: Home) -> None:
        await skip(datetime.fromisoformat("2026-06-14T14:22:00Z") - dt_util.utcnow(), where)
        assert where.commands(device) == [("heat", "completed")] * 3
        (last, *_) = where.actions(device)
        assert last["parameters"] == {"target": {"value": 19.5, "unit": "celsius"}}
        assert where.state(device)["heatSetpoint"] == 19.5
        await skip(QUARTER, where)
        assert len(where.commands(device)) == 3

    if running in {"running", "reloaded"}:
        if running == "reloaded":
            assert await hass.config_entries.async_reload(home.account.entry_id)
        await follow_to_the_end(home)
        return
    back_at = "2026-06-14T13:30:00Z" if running == "restarted" else "2026-06-14T14:20:00Z"
    async with stopped_until(back_at, home, hass_storage, freezer) as again:
        await follow_to_the_end(again)


@BOTH
@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ({"command": "idle"}, ("idle", {})),
        ({"command": "follow_schedule"}, ("follow_schedule", {})),
        (
            {"command": "auto", "heatSetpoint": 18, "coolSetpoint": 26},
            ("auto", {"heatSetpoint": 18, "coolSetpoint": 26}),
        ),
    ],
)
async def test_previous_of_a_thermostat(
    home: Home, pass_time: Advance, skip: Skip, before: dict[str, Any], expected: tuple[str, dict[str, float]]
) -> None:
    device = home.thermostat
    setpoints = {name: {"value": value, "unit": "celsius"} for name, value in before.items() if name != "command"}
    home.push(device, before["command"], None, parameters=setpoints)
    await pass_time(MINUTE)
    await home.call("set_temperature", device, then="previous", **HEAT_WINDOW)
    await skip(2 * HOUR + MINUTE)
    (last, *_) = home.actions(device)
    found = {name: each["value"] for name, each in (last["parameters"] or {}).items()}
    assert (last["command"], found) == expected
    assert len(home.actions(device)) == 3


@BOTH
@pytest.mark.parametrize("before", ["idle", "charge", None])
async def test_previous_of_a_charger(home: Home, pass_time: Advance, skip: Skip, before: str | None) -> None:
    device = home.charger
    if before is not None:
        home.push(device, before)
        await pass_time(MINUTE)
    await home.call("charge", device, start="14:00", end="15:00", then="previous")
    await skip(2 * HOUR + MINUTE)
    assert home.actions(device)[0]["command"] == (before or "idle")
    assert len(home.actions(device)) == (3 if before else 2)
