"""What becomes of actions, as automations and the service's own log see it."""

from dataclasses import dataclass, field
from typing import Any

from homeassistant.core import Context, Event, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
import orjson

from custom_components.amps.const import DOMAIN
from custom_components.amps.simulator import Request

from .accounts import LIVE_KEY
from .service import JSON, Service


@dataclass
class ActionEvents:
    """The events on the bus, the oldest first."""

    events: list[Event[dict[str, Any]]] = field(default_factory=list)

    @classmethod
    def listen(cls, hass: HomeAssistant) -> ActionEvents:
        """Record the events from now on."""
        recorded = cls()

        @callback
        def record(event: Event[dict[str, Any]]) -> None:
            recorded.events.append(event)

        hass.bus.async_listen("amps_action", record)
        return recorded

    def stages(self, action_id: str | None = None) -> list[str]:
        """Return the stages, of one action or of all."""
        return [event.data["state"] for event in self.events if action_id in {None, event.data["action_id"]}]


def ask(service: Service, method: str, path: str, body: object = None) -> dict[str, Any]:
    """Do with the account what somebody else does: another program with the same key."""
    headers = {"x-api-key": LIVE_KEY} | (JSON if body is not None else {})
    raw = b"" if body is None else orjson.dumps(body)
    answer = service.simulator.handle(Request(method=method, path=path, query={}, headers=headers, body=raw))
    assert answer.status < 300, answer.body
    data: dict[str, Any] = orjson.loads(answer.body)["data"]
    return data


def push(service: Service, device_id: str, command: str, **more: object) -> str:
    """Push a command to a battery as somebody else, and return the id of the action."""
    action_id: str = ask(service, "POST", f"/battery/{device_id}", {"action": {"command": command, **more}})["id"]
    service.control("DELETE", "requests")
    return action_id


def asked(service: Service) -> dict[str, list[dict[str, Any]]]:
    """Return what was asked, by kind: pushes, reads of actions, reads of devices, and lists."""
    kinds: dict[str, list[dict[str, Any]]] = {"push": [], "history": [], "action": [], "device": [], "list": []}
    for entry in service.control("GET", "requests")["items"]:
        first, *rest = entry["path"].strip("/").split("/")
        if entry["method"] == "POST":
            kind = "push"
        elif first == "actions":
            kind = "action" if rest else "history"
        else:
            kind = "device" if rest else "list"
        kinds[kind].append(entry)
    return kinds


def counts(service: Service) -> dict[str, int]:
    """Return how often each kind was asked for, if at all."""
    return {kind: len(entries) for kind, entries in asked(service).items() if entries}


async def charge(hass: HomeAssistant, *batteries: dr.DeviceEntry, context: Context | None = None) -> list[str]:
    """Charge batteries at 2 kW and return the ids of the actions."""
    data = {"device_id": [battery.id for battery in batteries], "power": 2}
    answer = await hass.services.async_call(
        DOMAIN, "charge", data, blocking=True, return_response=True, context=context
    )
    assert isinstance(answer, dict)
    found: Any = answer["devices"]
    return [found[battery.id]["action"]["id"] for battery in batteries]
