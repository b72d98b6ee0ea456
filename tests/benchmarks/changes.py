"""What a poll costs that brings something new."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import cycle, islice
from time import monotonic
from typing import Any, Final

from homeassistant.core import HomeAssistant
import orjson

from custom_components.amps.api.models import DEVICE_CLASSES
from custom_components.amps.entity import AmpsEntity

from .account import INSTANT, Answering, Writes, account, home_assistant, note_writes, pages
from .peer import set_up_peer
from .plain import Plain, entities_of, plain_entry
from .poll import DEVICES, large_home, parse_and_compare, poll
from .result import ROUNDS, Result, measure, measure_alone

CHANGED: Final = (1, 10, DEVICES)
MODELS: Final = {f"/{device_class.path}": device_class for device_class in DEVICE_CLASSES}


def _other(state: Mapping[str, object]) -> dict[str, object]:
    """Return a state with other numbers."""
    return {name: round(value * 0.99, 3) if isinstance(value, float) else value for name, value in state.items()}


class ChangingService:
    """Has lists ready in which some devices were read anew; its time is that of the host, as a real one's is."""

    def __init__(self) -> None:
        """Begin with the lists of a large home."""
        home, _ = large_home()
        self._begun = monotonic()
        self.bodies = pages(home)
        self.transport = Answering(home, self.bodies)
        self._documents = {path: orjson.loads(body) for path, body in self.bodies.items()}
        self._devices = {
            item["id"]: item for document in self._documents.values() for item in document["data"]["items"]
        }
        self._in_turn = cycle(self._devices)
        self._others = {device_id: _other(device["state"]) for device_id, device in self._devices.items()}
        """By device id, the state that it does not show."""

    def read_some(self, count: int) -> set[str]:
        """Have some devices in turn read anew, and return their ids: each shows other numbers than before."""
        now = f"{INSTANT + timedelta(seconds=monotonic() - self._begun):%Y-%m-%dT%H:%M:%S.%fZ}"
        device_ids = set(islice(self._in_turn, count))
        for device_id in device_ids:
            device = self._devices[device_id]
            device["sync"]["lastPulledAt"] = now
            device["state"], self._others[device_id] = self._others[device_id], device["state"]
        for document in self._documents.values():
            document["meta"]["timestamp"] = now
        self.bodies = {path: orjson.dumps(document) for path, document in self._documents.items()}
        self.transport.prepare(self.bodies)
        return device_ids


@dataclass(slots=True, kw_only=True)
class Rounds:
    """Rounds of polls, before each of which the service reads some devices anew."""

    service: ChangingService
    ours: Mapping[str, AmpsEntity[Any]]
    plain: Mapping[str, Plain]
    """For each of our entities, by its id, a plain one to write the like."""
    writes: Writes
    count: int
    """How many devices are read before each poll."""
    record: Mapping[str, list[object]] = field(default_factory=dict)
    written: int = 0
    exact: bool = True
    """Whether nothing but changes of the devices read was written, and each once."""
    read: set[str] = field(default_factory=set)

    def read_some(self) -> None:
        """Have the service read some devices."""
        self.writes.clear()
        self.record = {path: orjson.loads(body)["data"]["items"] for path, body in self.service.bodies.items()}
        self.read = self.service.read_some(self.count)

    def do_the_like(self) -> None:
        """Parse, compare, have pydantic read what changed, and write what the poll wrote, with nothing of ours."""
        changed = tuple(self.writes.changed)
        for path, item in parse_and_compare(self.service.bodies, self.record):
            MODELS[path].model_validate(item)
        for entity_id in changed:
            self.plain[entity_id].show(self.ours[entity_id])
            self.plain[entity_id].async_write_ha_state()
        self.written += len(changed)
        self.exact &= not self.writes.in_vain and len(set(changed)) == len(changed)
        self.exact &= {self.ours[entity_id].device_id for entity_id in changed} == self.read

    def is_complete(self) -> bool:
        """Return whether all entities show what they would show if they were all notified now."""
        self.writes.clear()
        for entity in self.ours.values():
            entity.coordinator.state.notify_devices((entity.device_id,))
        return self.writes == Writes()


async def some() -> AsyncIterator[Result]:
    """B2: some devices were read anew since the last poll."""
    service = ChangingService()
    async with home_assistant() as hass, account(service.transport, hass) as entry:
        coordinator = entry.runtime_data.coordinator
        ours = {entity.entity_id: entity for entity in entities_of(hass)}
        plain_account, plain = plain_entry(hass)
        await hass.config_entries.async_setup(plain_account.entry_id)
        await hass.async_block_till_done()
        writes = note_writes(hass, ours.keys())
        found = []
        for count in CHANGED:
            rounds = Rounds(service=service, ours=ours, plain=plain, writes=writes, count=count)
            costs = await measure(lambda: poll(coordinator), rounds.do_the_like, rounds.read_some)
            found.append((rounds, rounds.is_complete(), *costs))
        peers = await _peer(hass)
        for (rounds, is_complete, value_us, floor_us), peer_us in zip(found, peers, strict=True):
            yield Result(
                what=f"live poll of {len(coordinator.data)} devices and {len(ours)} entities, "
                f"{rounds.count} of the devices changed, {rounds.written / ROUNDS:.1f} state writes a poll, "
                f"{'exactly' if rounds.exact else 'not just'} the changed ones",
                value=value_us,
                unit="µs",
                floor=floor_us,
                goal=2,
                peer=peer_us,
                ok_besides=rounds.written > 0 and rounds.exact and is_complete,
            )


async def _peer(hass: HomeAssistant) -> list[float]:
    """Return what the same polls cost the peer."""
    service = ChangingService()
    coordinator, _ = await set_up_peer(hass, service.transport)

    async def cost(count: int) -> float:
        return await measure_alone(lambda: poll(coordinator), lambda: service.read_some(count))

    return [await cost(count) for count in CHANGED]
