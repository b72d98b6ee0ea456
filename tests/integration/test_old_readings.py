"""What the recorder keeps of a device whose old readings go on arriving after a command, in live (design §4, §5).

Amps answers lists and normal reads from a cache of a quarter of an hour (api §10). No entity may go back to what such
an answer says, once it has shown something newer.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, Final

from homeassistant.components.recorder import Recorder, get_instance
from homeassistant.components.recorder.history import get_significant_states
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.entity import Entity
from homeassistant.util import dt as dt_util
import orjson
import pytest
from pytest_homeassistant_custom_component.components.recorder.common import async_wait_recording_done
from pytest_homeassistant_custom_component.typing import RecorderInstanceContextManager

from custom_components.amps.simulator import Request, Response

from .commanding import Home, amps_id
from .conftest import MINUTE, QUARTER, SECOND, Advance, PollNow
from .controls import control_of, shown, use
from .interception import error, is_list, is_read
from .service import JSON


@pytest.fixture
async def mock_recorder_before_hass(async_test_recorder: RecorderInstanceContextManager) -> None:
    """Prepare the recorder, which has to be before Home Assistant is."""


@pytest.fixture
def environment() -> str:
    """Return the behaviour of the service, which in the sandbox has no cache."""
    return "live"


@pytest.fixture
def profile() -> str:
    """Return a home with one device of each type."""
    return "home"


@pytest.fixture
def begins_at() -> str:
    """Return midnight: the vehicle is on the charger, and charges."""
    return "2026-06-14T23:00:00Z"


@pytest.fixture(autouse=True)
def _all_enabled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Enable every entity."""
    monkeypatch.setattr(Entity, "entity_registry_enabled_default", True)


@dataclass(kw_only=True)
class OldCache:
    """Answers lists and normal reads of a device by what was pulled before a command; the device itself is as it is."""

    device_id: str
    document: dict[str, Any]
    """The device as it was read before."""
    until: datetime
    failing: int
    """How many expedited reads still fail."""
    lists: int = 0
    """How many lists had the old reading after a newer one had come."""
    reads: int = 0
    """How many single reads had it then."""
    new: int = 0
    """How many expedited reads had a newer one."""

    def answer(self, request: Request) -> Response | None:
        """Fail the first expedited reads, and answer the normal ones."""
        if not (is_read(request) and self.device_id in request.path):
            return None
        if "expedite" in request.query:
            self.failing -= 1
            return error("SERVICE_UNAVAILABLE", 503) if self.failing >= 0 else None
        if dt_util.utcnow() >= self.until:
            return None
        self.reads += self.new > 0
        meta = {"requestId": "req_1", "environment": "live", "timestamp": dt_util.utcnow().isoformat()}
        body = {"success": True, "data": self.document, "meta": meta}
        return Response(status=200, headers=JSON, body=orjson.dumps(body))

    def rewrite(self, request: Request, body: dict[str, Any]) -> None:
        """Put the old reading into lists; the newest action is Amps' own, and so never old."""
        if is_read(request) and self.device_id in request.path:
            self.new += body["data"]["sync"]["lastPulledAt"] > self.document["sync"]["lastPulledAt"]
        if not is_list(request) or dt_util.utcnow() >= self.until:
            return
        for item in body["data"]["items"]:
            if item["id"] == self.device_id:
                item |= {name: self.document[name] for name in ("state", "sync", "metadata")}
                self.lists += self.new > 0


@dataclass(frozen=True, kw_only=True)
class Command:
    """A command by one of its controls."""

    device: Callable[[Home], dr.DeviceEntry]
    path: str
    """Of its type at Amps."""
    control: str
    service: str
    data: dict[str, Any]
    shows: dict[str, str]
    """What its entities show in the end, by `domain.key`; the first of them at once."""


BATTERY: Final[dict[str, Any]] = {"device": lambda home: home.first("battery"), "path": "battery"}
CHARGER: Final[dict[str, Any]] = {"device": lambda home: home.first("ev_charger"), "path": "ev-charger"}
THERMOSTAT: Final[dict[str, Any]] = {"device": lambda home: home.first("hvac"), "path": "hvac"}

COMMANDS: Final = {
    "battery mode": Command(
        **BATTERY,
        control="select.mode",
        service="select_option",
        data={"option": "idle"},
        shows={"select.mode": "idle", "sensor.status": "idle", "sensor.power": "0.0"},
    ),
    "battery charge": Command(
        **BATTERY,
        control="button.charge",
        service="press",
        data={},
        shows={"select.mode": "charge", "sensor.status": "charging", "binary_sensor.charging": "on"},
    ),
    "battery setting": Command(
        **BATTERY,
        control="number.discharge_floor",
        service="set_value",
        data={"value": 25},
        shows={"number.discharge_floor": "25.0"},
    ),
    "charger": Command(
        **CHARGER,
        control="switch.charging_enabled",
        service="turn_off",
        data={},
        shows={"switch.charging_enabled": "off", "binary_sensor.charging": "off"},
    ),
    "charger setting": Command(
        **CHARGER,
        control="number.max_charge_rate",
        service="set_value",
        data={"value": 7.5},
        shows={"number.max_charge_rate": "7.5"},
    ),
    "thermostat": Command(
        **THERMOSTAT,
        control="climate.thermostat",
        service="set_temperature",
        data={"temperature": 25, "hvac_mode": "heat"},
        shows={"climate.thermostat": "heat"},
    ),
}


async def histories(hass: HomeAssistant, device: dr.DeviceEntry, since: datetime) -> dict[str, list[str]]:
    """Return what the recorder has of each entity of a device, and of each of its attributes."""
    entities = er.async_entries_for_device(er.async_get(hass), device.id, include_disabled_entities=True)
    assert not any(each.disabled for each in entities)
    await async_wait_recording_done(hass)
    ids = [each.entity_id for each in entities]
    rows = await get_instance(hass).async_add_executor_job(
        lambda: get_significant_states(hass, since, None, ids, significant_changes_only=False)
    )
    assert set(rows) == set(ids)
    found: dict[str, list[str]] = {}
    for entity_id, states in rows.items():
        known = [state for state in states if isinstance(state, State)]
        found[entity_id] = [state.state for state in known]
        for name in {name for state in known for name in state.attributes}:
            found[f"{entity_id} {name}"] = [str(state.attributes.get(name)) for state in known]
    return found


def goes_back(values: list[str]) -> bool:
    """Return whether a value comes again after another one."""
    changes = [value for value, _ in groupby(values)]
    return len(set(changes)) < len(changes)


@pytest.mark.parametrize(
    ("age", "failing"),
    [(5 * MINUTE, 0), (QUARTER + 5 * SECOND, 1)],
    ids=["", "as a normal read is due, and the read of the effect fails"],
)
@pytest.mark.parametrize("command", COMMANDS.values(), ids=list(COMMANDS))
async def test_no_entity_goes_back_to_an_old_reading(
    recorder_mock: Recorder,
    home: Home,
    pass_time: Advance,
    poll_now: PollNow,
    command: Command,
    age: timedelta,
    failing: int,
) -> None:
    """Of the read of the effect alone there is something new: an answer that is older changes nothing.

    In the second case even that fails at first, just as a normal read is due, whose answer is old.
    """
    hass, device = home.hass, command.device(home)
    hass.loop.set_debug(False)
    document = home.ask("GET", f"/{command.path}/{amps_id(device)}")
    await pass_time(age)
    since = dt_util.utcnow()
    cache = OldCache(device_id=amps_id(device), document=document, until=since + 19 * MINUTE, failing=failing)
    home.between.answer, home.between.rewrite = cache.answer, cache.rewrite
    await pass_time(SECOND)  # what is recorded at the very time from which it is asked for is left out
    await use(hass, device, command.control, command.service, **command.data)
    commanded, wanted = next(iter(command.shows.items()))
    assert shown(hass, device, *commanded.split(".")).state == wanted
    for _ in range(8):
        await pass_time(2 * MINUTE)
        await poll_now(home.account)
    await pass_time(since + 20 * MINUTE - dt_util.utcnow())
    assert cache.lists >= 7
    assert cache.reads >= 1
    assert cache.new >= 1
    assert cache.failing < 0

    found = await histories(hass, device, since)
    assert {name: values for name, values in found.items() if goes_back(values)} == {}
    ids = {key: control_of(hass, device, *key.split(".")) for key in command.shows}
    assert {key: found[entity_id][-1] for key, entity_id in ids.items()} == command.shows
    before, *after = found[ids[commanded]]
    assert before != wanted
    assert set(after) == {wanted}
