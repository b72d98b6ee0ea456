"""A home whose devices are commanded: the calls of automations, what goes over the wire, and what becomes of it."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr
import orjson
import pytest

from custom_components.amps.const import DOMAIN
from custom_components.amps.simulator import create_simulator
from custom_components.amps.simulator.server import serve

from .accounts import KEY, LIVE_KEY, add_account, add_live_account
from .actions import ActionEvents, ask
from .interception import Interception, intercept
from .service import HostClock, Service


def amps_id(device: dr.DeviceEntry) -> str:
    """Return the id that Amps knows a device by."""
    ((_, device_id),) = device.identifiers
    return device_id


HEAT_WINDOW: dict[str, object] = {"mode": "heat", "temperature": 23, "start": "14:00", "end": "15:00"}
"""From an hour after the home begins: noon in UTC is one o'clock there."""

_PATHS = {"battery": "battery", "ev_charger": "ev-charger", "hvac": "hvac"}


@dataclass(kw_only=True)
class Home:
    """An account in the sandbox or in live, at a service over HTTP whose plants are in one zone."""

    hass: HomeAssistant
    service: Service
    between: Interception
    account: ConfigEntry
    key: str
    events: ActionEvents
    context: Context | None = None
    """The context of calls."""

    def device(self, model: str) -> dr.DeviceEntry:
        """Return the first device of a model."""
        return next(device for device in self.devices if device.model == model)

    @property
    def battery(self) -> dr.DeviceEntry:
        """The battery that takes every command in every shape."""
        return self.device("H1-5.0-E")

    @property
    def thermostat(self) -> dr.DeviceEntry:
        """The first thermostat."""
        return self.first("hvac")

    @property
    def charger(self) -> dr.DeviceEntry:
        """The charger whose vehicle is away by day and plugged in at night."""
        return self.device("Home Flex")

    def first(self, device_type: str) -> dr.DeviceEntry:
        """Return the first device of a type."""
        items = self.service.control("GET", "devices")["items"]
        id_ = next(each["id"] for each in items if each["deviceType"] == device_type)
        return next(device for device in self.devices if amps_id(device) == id_)

    @property
    def devices(self) -> list[dr.DeviceEntry]:
        """All devices of the account."""
        found = dr.async_entries_for_config_entry(dr.async_get(self.hass), self.account.entry_id)
        return [device for device in found if device.entry_type is None]

    async def call(self, action: str, device: dr.DeviceEntry, **data: object) -> dict[str, Any]:
        """Call an action for a device and return what it answers; raises what it raises."""
        answer = await self.hass.services.async_call(
            DOMAIN, action, {"device_id": device.id, **data}, blocking=True, return_response=True, context=self.context
        )
        assert answer is not None
        found: Any = answer["devices"]
        shown: dict[str, Any] = found[device.id]
        return shown

    async def refusal(self, action: str, device: dr.DeviceEntry, **data: object) -> HomeAssistantError:
        """Return the error of an action, which has to be one that a person understands."""
        with pytest.raises(HomeAssistantError) as raised:
            await self.call(action, device, **data)
        assert (device.name_by_user or device.name or "") in str(raised.value)
        assert not {"–", "None", "{"} & set(str(raised.value).replace(".", "").split())
        return raised.value

    @property
    def pushed(self) -> list[dict[str, Any]]:
        """The bodies of all pushes and settings until now."""
        return [
            orjson.loads(request.body)
            for request in self.between.requests
            if request.method == "POST" and request.path.split("/")[1] in _PATHS.values()
        ]

    @property
    def posts(self) -> int:
        """How many requests changed something until now."""
        return sum(request.method == "POST" for request in self.between.requests)

    def forget(self) -> None:
        """Forget all requests until now."""
        self.between.requests.clear()

    def ask(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        """Do what somebody else with the same key does; that is not among the requests of Home Assistant."""
        known = len(self.between.requests)
        try:
            return ask(self.service, method, path, body, key=self.key)
        finally:
            del self.between.requests[known:]

    def push(self, device: dr.DeviceEntry, command: str, on_conflict: str | None = None, **more: object) -> str:
        """Command a device as somebody else, and return the id of the action."""
        body: dict[str, object] = {"action": {"command": command, **more}}
        if on_conflict:
            body["onConflict"] = on_conflict
        items = self.service.control("GET", "devices")["items"]
        kind = next(each["deviceType"] for each in items if each["id"] == amps_id(device))
        action_id: str = self.ask("POST", f"/{_PATHS[kind]}/{amps_id(device)}", body)["id"]
        return action_id

    def cancel(self, action_id: str) -> None:
        """Cancel an action as somebody else."""
        self.ask("POST", f"/actions/{action_id}/cancel")

    def actions(self, device: dr.DeviceEntry) -> list[dict[str, Any]]:
        """Return all actions of a device at Amps, the newest first."""
        return [each for each in self.ask("GET", "/actions")["items"] if each["deviceId"] == amps_id(device)]

    def commands(self, device: dr.DeviceEntry) -> list[tuple[str, str]]:
        """Return the commands of a device at Amps with their states, the oldest first."""
        return [(each["command"], each["state"]) for each in reversed(self.actions(device))]

    def state(self, device: dr.DeviceEntry) -> dict[str, Any]:
        """Return what the device really does now."""
        items = self.service.control("GET", "devices")["items"]
        kind = next(each["deviceType"] for each in items if each["id"] == amps_id(device))
        path = _PATHS.get(kind, kind.replace("_", "-"))
        state: dict[str, Any] = ask(self.service, "GET", f"/{path}/{amps_id(device)}", key=KEY)["state"]
        return state

    def reasons(self) -> list[tuple[str, str, str | None]]:
        """Return the command, state and reason of each event until now."""
        return [(each.data["command"], each.data["state"], each.data["reason"]) for each in self.events.events]


@pytest.fixture
def environment() -> str:
    """Return the behaviour of the service: sandbox, unless a test says live."""
    return "sandbox"


@pytest.fixture
def plant_zone() -> str:
    """Return the zone of the plants."""
    return "Europe/London"


@pytest.fixture
def home_zone() -> str:
    """Return the zone of Home Assistant."""
    return "Europe/London"


@pytest.fixture
def profile() -> str:
    """Return which devices the home has."""
    return "showcase"


@pytest.fixture
def begins_at() -> str:
    """Return when the account is added."""
    return "2026-06-14T12:00:00Z"


@pytest.fixture
async def home(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    socket_enabled: None,
    environment: str,
    plant_zone: str,
    home_zone: str,
    profile: str,
    begins_at: str,
) -> AsyncGenerator[Home]:
    """Return a home with nothing left to do; all requests from then on are known."""
    freezer.move_to(begins_at)
    await hass.config.async_set_time_zone(home_zone)
    simulator = create_simulator(profile, seed="service", clock=HostClock(), zone=ZoneInfo(plant_zone))
    async with serve(simulator) as url:
        service = Service(simulator, url)
        service.control("POST", "live", {"allTypesPushable": True})
        between = intercept(service)
        add = add_account if environment == "sandbox" else add_live_account
        account = await add(hass, url)
        await hass.async_block_till_done(wait_background_tasks=True)
        between.requests.clear()
        key = KEY if environment == "sandbox" else LIVE_KEY
        yield Home(
            hass=hass, service=service, between=between, account=account, key=key, events=ActionEvents.listen(hass)
        )
