"""Automations of the real engine, and what they are told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from homeassistant.core import HomeAssistant, ServiceCall, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util

FIELDS = ("id", "device_id", "entity_id", "action_id", "command", "parameters", "state", "reason", "description")
"""What templates use of `trigger`."""
_ASK = "ask"


@dataclass(frozen=True)
class Run:
    """A run of an automation."""

    trigger: Mapping[str, Any]
    at: datetime
    parent_id: str | None
    """The context of what triggered it."""


@dataclass
class Runs:
    """The runs of automations, the oldest first."""

    hass: HomeAssistant
    runs: list[Run] = field(default_factory=list)

    def ids(self) -> list[str]:
        """Return which triggers they were triggered by."""
        return [each.trigger["id"] for each in self.runs]

    def clear(self) -> None:
        """Forget the runs until now."""
        self.runs.clear()


def target(device: dr.DeviceEntry) -> dict[str, str]:
    """Return a device as a target."""
    return {"device_id": device.id}


def trigger(name: str, target: Mapping[str, Any], **options: object) -> dict[str, Any]:
    """Return a trigger of the integration whose id is its name."""
    return {"trigger": f"amps.{name}", "id": name, "target": dict(target)} | ({"options": options} if options else {})


def condition(name: str, target: Mapping[str, Any], **options: object) -> dict[str, Any]:
    """Return a condition of the integration."""
    return {"condition": f"amps.{name}", "target": dict(target)} | ({"options": options} if options else {})


async def automate(hass: HomeAssistant, *triggers: Mapping[str, Any]) -> Runs:
    """Set up an automation with these triggers, and return its runs from now on."""
    return await _automate(hass, [{"triggers": list(triggers)}])


@dataclass
class Conditions:
    """Conditions of automations by their names, each the only one of an automation."""

    runs: Runs

    async def met(self) -> set[str]:
        """Return those that let their automations run now."""
        self.runs.clear()
        self.runs.hass.bus.async_fire(_ASK)
        await self.runs.hass.async_block_till_done()
        return set(self.runs.ids())


async def automate_conditions(hass: HomeAssistant, conditions: Mapping[str, Mapping[str, Any]]) -> Conditions:
    """Set up an automation for each condition."""
    asked = {"trigger": "event", "event_type": _ASK}
    automations = [{"triggers": asked | {"id": name}, "conditions": [dict(each)]} for name, each in conditions.items()]
    return Conditions(await _automate(hass, automations))


async def _automate(hass: HomeAssistant, automations: Sequence[Mapping[str, Any]]) -> Runs:
    runs = Runs(hass)

    @callback
    def note(call: ServiceCall) -> None:
        runs.runs.append(Run(call.data, dt_util.utcnow(), call.context.parent_id))

    hass.services.async_register("test", "note", note)
    data = {name: f"{{{{ trigger.{name} | default(none) }}}}" for name in FIELDS}
    common = {"actions": [{"action": "test.note", "data": data}], "mode": "queued"}
    assert await async_setup_component(hass, "automation", {"automation": [{**each, **common} for each in automations]})
    await hass.async_block_till_done()
    assert [state.state for state in hass.states.async_all("automation")] == ["on"] * len(automations)
    return runs
