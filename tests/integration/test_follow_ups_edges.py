"""What follows a window after a sleep of the host, refused by Amps, and while Home Assistant starts (design §6)."""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import EVENT_HOMEASSISTANT_STARTED
from homeassistant.core import CoreState
from homeassistant.util import dt as dt_util
import pytest

from .commanding import HEAT_WINDOW, Home
from .conftest import HOUR, MINUTE, Advance, Skip
from .interception import error
from .restart import end, started_anew
from .service import HostClock
from .test_plant_clock import is_push

BOTH = pytest.mark.parametrize("environment", ["sandbox", "live"])


@BOTH
@pytest.mark.parametrize("settle", [True, False], ids=["completed as it opens", "completed at its end"])
async def test_what_follows_is_sent_in_time_though_the_host_slept(
    home: Home, monkeypatch: pytest.MonkeyPatch, pass_time: Advance, skip: Skip, settle: bool
) -> None:
    home.service.control("POST", "timing", {"windowsSettle": settle})
    await home.call("set_temperature", home.thermostat, then="follow_schedule", **HEAT_WINDOW)
    await skip(HOUR + 10 * MINUTE)
    monkeypatch.setattr(HostClock, "now", lambda _: dt_util.utcnow() + 40 * MINUTE)
    await pass_time(35 * MINUTE)  # two polls in live; 25 minutes after the window, by the service's time
    assert home.commands(home.thermostat) == [("heat", "completed"), ("follow_schedule", "completed")]


@BOTH
async def test_what_amps_refuses_is_sent_once_and_has_failed(home: Home, skip: Skip) -> None:
    await home.call("set_temperature", home.thermostat, then="follow_schedule", **HEAT_WINDOW)
    home.between.answer = lambda request: error("EXECUTION_NOT_SUPPORTED", 422) if is_push(request, "hvac") else None
    home.forget()
    await skip(2 * HOUR + 2 * MINUTE)
    await skip(HOUR)
    assert home.posts == 1
    assert [each for each in home.reasons() if each[2]] == [("follow_schedule", "failed", "EXECUTION_NOT_SUPPORTED")]


async def test_what_was_given_up_is_told_once_home_assistant_has_started(
    home: Home, hass_storage: dict[str, Any], freezer: FrozenDateTimeFactory, skip: Skip
) -> None:
    await home.call("set_temperature", home.thermostat, then="follow_schedule", **HEAT_WINDOW)
    await end(home, hass_storage, in_order=True)
    freezer.move_to("2026-06-14T14:40:00Z")
    async with started_anew(home, state=CoreState.starting) as again:
        assert not [each for each in again.reasons() if each[2]]
        again.hass.set_state(CoreState.running)
        again.hass.bus.async_fire(EVENT_HOMEASSISTANT_STARTED)
        await again.hass.async_block_till_done()
        assert [each[2] for each in again.reasons() if each[2]] == ["then_late"]
