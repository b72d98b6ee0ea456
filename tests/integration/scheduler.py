"""A battery that its own scheduler keeps from commands, at a service over HTTP."""

from datetime import datetime
from typing import Any

from homeassistant.helpers import device_registry as dr

from custom_components.amps.simulator import DEFAULT_ZONE

from .actions import ask
from .live import amps_id
from .service import Service


def activate_scheduler(service: Service, battery: dr.DeviceEntry) -> None:
    """Have the battery follow a schedule of its own until a command replaces that."""
    service.control("POST", "faults", {"kind": "scheduler_active", "match": {"deviceId": amps_id(battery)}})


def push(service: Service, key: str, battery: dr.DeviceEntry, command: str, **more: object) -> str:
    """Command the battery as another program does."""
    body = {"action": {"command": command, **more}}
    action_id: str = ask(service, "POST", f"/battery/{amps_id(battery)}", body, key=key)["id"]
    return action_id


def actions(service: Service, key: str) -> list[dict[str, Any]]:
    """Return all actions at Amps, the newest first."""
    found: list[dict[str, Any]] = ask(service, "GET", "/actions", key=key)["items"]
    return found


def wall(time: datetime) -> str:
    """Return a time as Amps wants it."""
    return f"{time.astimezone(DEFAULT_ZONE):%Y-%m-%dT%H:%M:%S}"
