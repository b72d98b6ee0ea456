"""What a person sees before, during and after each command that a device declares (design §5, §6).

That is what its controls, sensors and events show, and the calendar. In the sandbox a command is the device; in live
its control shows what was asked for at once, and the sensors follow with the next reading.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.entity import Entity
from homeassistant.util import dt as dt_util
import pytest

from custom_components.amps.api import slug

from .accounts import LIVE_KEY
from .command_effects import BATTERY, CHARGER, HVAC, Kind, States
from .commanding import Home, amps_id
from .conftest import MINUTE, SECOND, Advance
from .controls import shown
from .test_calendar import calendar_of, events_of

POLL = 31 * SECOND
SETTLE = 2 * MINUTE
"""How long an action stays acknowledged in the sandbox; in live it is seconds."""
CALENDAR: Final = {
    "scheduled": "Scheduled",
    "acknowledged": "Sent to the device",
    "completed": "Accepted by the device",
}
"""What the calendar says of an action in each state."""


BOTH = pytest.mark.parametrize("environment", ["sandbox", "live"])
EACH_KIND = pytest.mark.parametrize("kind", [BATTERY, CHARGER, HVAC], ids=["battery", "charger", "thermostat"])


def is_requested(key: str) -> bool:
    """Return whether a control shows what was asked for under this key, and not only what a reading has shown."""
    return key.startswith(("climate.", "select.", "switch.")) and not key.endswith("hvac_action")


@dataclass(frozen=True, kw_only=True)
class Watched:
    """The devices of one type that declare a command in one shape, and what they show."""

    home: Home
    kind: Kind
    command: str
    devices: list[dr.DeviceEntry]

    @property
    def effects(self) -> States:
        """What has to be shown of the command."""
        return self.kind.effects[self.command]

    async def call(self, **times: str) -> None:
        """Give all of them the command."""
        action, data = self.kind.calls[self.command]
        for device in self.devices:
            assert (await self.home.call(action, device, **data, **times))["ok"]

    def states(self) -> list[States]:
        """Return what each shows, having made sure that it is what Amps knows of the device."""
        known = {item["id"]: item["state"] for item in self.home.ask("GET", f"/{self.kind.path}")["items"]}
        states = self.displayed()
        for device, found in zip(self.devices, states, strict=True):
            really = self.kind.really(known[amps_id(device)])
            assert {key: found[key] for key in really} == pytest.approx(really, abs=0.01), device.model
        return states

    def shows(self, expected: States) -> bool:
        """Return whether each shows this, having compared it with what Amps knows of the device."""
        return all(found | expected == found for found in self.states())

    def shows_at_once(self) -> bool:
        """Return whether each shows the command before it is read: in live, only its control does."""
        if self.home.key != LIVE_KEY:
            return self.shows(self.effects)
        requested = {key: value for key, value in self.effects.items() if is_requested(key)}
        return bool(requested) and all(found | requested == found for found in self.displayed())

    async def stages(self, start: datetime | None = None) -> set[str]:
        """Return how far the command has come; sensor and event agree, and the calendar if there is a start."""
        stages = set()
        planned = await events_of(self.home.hass, self.home.account)
        for device in self.devices:
            stage = shown(self.home.hass, device, "sensor", "last_action").state
            event = shown(self.home.hass, device, "event", "action").attributes
            assert (event["event_type"], event["command"]) == (stage, slug(self.command))
            said = [
                each["description"].splitlines()[-1]
                for each in planned
                if each["summary"].startswith(f"{device.name}: ")
                and start in {None, datetime.fromisoformat(each["start"])}
            ]
            assert said == ([CALENDAR[stage]] if start else [])
            stages.add(stage)
        return stages

    @property
    def calendar(self) -> str:
        """Whether something goes on by the calendar."""
        return calendar_of(self.home.hass, self.home.account).state

    def displayed(self) -> list[States]:
        """Return what each shows."""
        return [self._states(device) for device in self.devices]

    def _states(self, device: dr.DeviceEntry) -> States:
        found: States = {}
        for name in self.kind.shown:
            domain, key, *attribute = name.split(".")
            state = shown(self.home.hass, device, domain, key)
            found[name] = state.attributes.get(*attribute) if attribute else _value(state.state)
        return found


def readings(states: States) -> States:
    """Return what sensors alone show."""
    return {key: value for key, value in states.items() if key.startswith(("sensor.", "binary_sensor."))}


def _value(text: str) -> str | float:
    try:
        return float(text)
    except ValueError:
        return text


def each_command(home: Home, kind: Kind, shape: str) -> Iterable[Watched]:
    """Yield each command that any device of a type declares in a shape, for the devices that do."""
    items = home.ask("GET", f"/{kind.path}")["items"]
    declared = {command for item in items for command, each in item["commands"].items() if shape in each["execution"]}
    assert declared <= kind.calls.keys()
    by_id = {amps_id(device): device for device in home.devices}
    for command in [each for each in kind.calls if each in declared]:
        able = [item["id"] for item in items if shape in item["commands"].get(command, {"execution": ()})["execution"]]
        yield Watched(home=home, kind=kind, command=command, devices=[by_id[id_] for id_ in able])


@pytest.fixture(autouse=True)
def _everything_enabled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Enable all entities, those too that are disabled at first."""
    monkeypatch.setattr(Entity, "entity_registry_enabled_default", True)


@pytest.fixture(autouse=True)
def _calm(_everything_enabled: None, home: Home) -> None:
    """Let actions take a while, and the event loop not check everything that it does."""
    home.service.control("POST", "timing", {"settleSeconds": SETTLE.total_seconds()})
    home.hass.loop.set_debug(False)


@pytest.fixture
def wait(environment: str, advance: Advance, pass_time: Advance) -> Advance:
    """Return what lets time pass: at once in the sandbox, where nothing but polls depends on when exactly."""
    return advance if environment == "sandbox" else pass_time


@pytest.fixture
def until_known(environment: str) -> timedelta:
    """Return after how long it is known that a command has begun: in live its action is read a few seconds later."""
    return POLL if environment == "sandbox" else 5 * SECOND


@pytest.fixture
def until_read(environment: str) -> timedelta:
    """Return after how long the effect of a command has been read: in live a minute after the last reading."""
    return POLL if environment == "sandbox" else 80 * SECOND


@EACH_KIND
@BOTH
async def test_at_once(home: Home, wait: Advance, until_read: timedelta, kind: Kind) -> None:
    for watched in each_command(home, kind, "immediate"):
        before = watched.states()
        await watched.call()
        assert await watched.stages() == {"acknowledged"}
        assert watched.shows_at_once(), watched.command
        assert watched.displayed() != before, watched.command
        if home.key == LIVE_KEY:
            assert [readings(each) for each in watched.displayed()] == [readings(each) for each in before]
        await wait(until_read)
        assert watched.shows(watched.effects), watched.command
        await wait(SETTLE)
        assert await watched.stages() == {"completed"}
        assert watched.shows(watched.effects), watched.command
        assert watched.calendar == "off"


@EACH_KIND
@BOTH
async def test_with_a_start(home: Home, wait: Advance, until_known: timedelta, kind: Kind) -> None:
    for watched in each_command(home, kind, "scheduled"):
        before, start = watched.states(), dt_util.utcnow() + 5 * MINUTE
        await watched.call(start=start.isoformat())
        assert await watched.stages(start) == {"scheduled"}
        assert watched.states() == before, watched.command
        await wait(4 * MINUTE)
        assert await watched.stages(start) == {"scheduled"}
        assert not watched.shows(watched.effects), watched.command
        assert watched.calendar == "off"
        await wait(MINUTE + until_known)
        assert await watched.stages(start) == {"acknowledged"}
        assert watched.shows_at_once(), watched.command
        assert watched.calendar == "on"
        await wait(SETTLE)
        assert await watched.stages(start) == {"completed"}
        assert watched.shows(watched.effects), watched.command
        assert watched.calendar == "off"


@EACH_KIND
@BOTH
async def test_with_a_window(
    home: Home, wait: Advance, until_known: timedelta, until_read: timedelta, kind: Kind
) -> None:
    for watched in each_command(home, kind, "windowed"):
        before, start = watched.states(), dt_util.utcnow() + 5 * MINUTE
        await watched.call(start=start.isoformat(), end=(start + 10 * MINUTE).isoformat())
        assert await watched.stages(start) == {"scheduled"}
        assert watched.states() == before, watched.command
        await wait(4 * MINUTE)
        assert not watched.shows(watched.effects), watched.command
        assert watched.calendar == "off"
        await wait(MINUTE + until_known)
        assert watched.shows_at_once(), watched.command
        for span in (until_read, 9 * MINUTE - until_read):
            assert await watched.stages(start) == {"acknowledged"}
            assert watched.calendar == "on"
            await wait(span)
            assert watched.shows(watched.effects), watched.command
        await wait(until_read)
        assert await watched.stages(start) == {"completed"}
        assert watched.shows(kind.held), watched.command
        assert watched.calendar == "off"
