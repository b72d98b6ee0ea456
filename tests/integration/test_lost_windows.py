"""Windows whose answer never comes, and what is to follow them (design §6, api §15.1 #10)."""

from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Any

from homeassistant.helpers import device_registry as dr
import pytest

from .commanding import Home
from .conftest import MINUTE, SECOND, Advance, patiently
from .lost_answers import HISTORY, fault, settled_home

__all__ = ["settled_home"]

BOTH = pytest.mark.parametrize("environment", ["sandbox", "live"])


@dataclass(frozen=True, kw_only=True)
class Window:
    """A command for ten past to a quarter past one, and what is to follow it."""

    model: str
    action: str
    command: dict[str, object]
    made: list[tuple[str, str]]
    """What becomes of it, the oldest first."""

    @property
    def fields(self) -> dict[str, object]:
        """The fields of the action."""
        return {**self.command, "start": "13:05", "end": "13:10"}

    def device(self, home: Home) -> dr.DeviceEntry:
        """Return the device that is commanded."""
        return home.first(self.model)

    def call(self, home: Home) -> Awaitable[dict[str, Any]]:
        """Call the action."""
        return home.call(self.action, self.device(home), **self.fields)


WINDOWS = pytest.mark.parametrize(
    "window",
    [
        Window(
            model="battery",
            action="charge",
            command={"power": 2, "then": "auto_balanced"},
            made=[("charge", "completed"), ("auto.balanced", "completed")],
        ),
        Window(
            model="hvac",
            action="set_temperature",
            command={"mode": "heat", "temperature": 23, "then": "follow_schedule"},
            made=[("heat", "completed"), ("follow_schedule", "completed")],
        ),
    ],
    ids=["queued at Amps", "sent by Home Assistant"],
)


@BOTH
@WINDOWS
@pytest.mark.parametrize("kind", ["disconnect", "timeout"])
async def test_a_window_that_arrived_is_followed(
    settled_home: Home, pass_time: Advance, kind: str, window: Window
) -> None:
    home, device = settled_home, window.device(settled_home)
    fault(home.service, kind)
    answer = await patiently(window.call(home), pass_time, SECOND)
    await pass_time(10 * MINUTE)
    assert home.commands(device) == window.made
    assert answer["action"]["id"] == home.actions(device)[1]["id"]
    assert len(home.pushed) == 2


@BOTH
@WINDOWS
@pytest.mark.parametrize("kind", ["disconnect", "timeout"])
async def test_nothing_follows_a_window_that_never_arrived(
    settled_home: Home, pass_time: Advance, kind: str, window: Window
) -> None:
    home, device = settled_home, window.device(settled_home)
    fault(home.service, kind, processed=False)
    refusal = home.refusal(window.action, device, **window.fields)
    assert (await patiently(refusal, pass_time, SECOND)).translation_key == "command_lost"
    await pass_time(10 * MINUTE)
    assert home.actions(device) == []
    assert home.events.events == []
    assert len(home.pushed) == 1


@BOTH
@WINDOWS
@pytest.mark.parametrize("arrived", [True, False])
async def test_a_window_that_could_not_be_looked_up_is_followed_if_it_is_there(
    settled_home: Home, pass_time: Advance, window: Window, arrived: bool
) -> None:
    home, device = settled_home, window.device(settled_home)
    fault(home.service, "disconnect", processed=arrived)
    fault(home.service, "error", code="SERVICE_UNAVAILABLE", match=HISTORY, count=3)
    refusal = home.refusal(window.action, device, **window.fields)
    assert (await patiently(refusal, pass_time, SECOND)).translation_key == "outcome_unknown"
    await pass_time(10 * MINUTE)
    assert home.commands(device) == (window.made if arrived else [])
    assert len(home.pushed) == (2 if arrived else 1)


@BOTH
async def test_somebody_elses_window_is_not_followed(settled_home: Home, pass_time: Advance) -> None:
    """Theirs has the same command and times, and another power."""
    home = settled_home
    fault(home.service, "disconnect", processed=False)
    fault(home.service, "error", code="SERVICE_UNAVAILABLE", match=HISTORY, count=3)
    fields = {"start": "13:05", "end": "13:10", "then": "auto_balanced"}
    refusal = home.refusal("charge", home.battery, power=2, **fields)
    assert (await patiently(refusal, pass_time, SECOND)).translation_key == "outcome_unknown"
    power = {"power": {"value": 3, "unit": "kw"}}
    times = {"start": "2026-06-14T13:05:00", "end": "2026-06-14T13:10:00"}
    home.push(home.battery, "charge", parameters=power, **times)
    await pass_time(10 * MINUTE)
    assert home.commands(home.battery) == [("charge", "completed")]
    assert len(home.pushed) == 1
