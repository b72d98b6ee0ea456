"""What a poll costs that brings something new."""

from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import cycle, islice
from typing import Any, Final

import orjson

from custom_components.amps import simulator
from custom_components.amps.entity import AmpsEntity

from .account import Answering, Writes, account, ask, home_assistant, note_writes, pages
from .plain import Plain, entities_of, plain_entry
from .poll import DEVICES, large_home, parse_and_compare, poll
from .result import ROUNDS, Result, measure

CHANGED: Final = (1, 10, DEVICES)
TEMPO: Final = 16 * 60
"""Seconds between two polls, after which the service asks manufacturers again."""


@dataclass(slots=True, kw_only=True)
class Rounds:
    """Rounds of polls, before each of which the service reads some devices anew."""

    home: simulator.Simulator
    clock: simulator.SimulatedClock
    transport: Answering
    ours: Mapping[str, AmpsEntity[Any]]
    plain: Mapping[str, Plain]
    """For each of our entities, by its id, a plain one to write the like."""
    writes: Writes
    count: int
    """How many devices are read before each poll."""
    paths: Iterator[str]
    """Of the devices, in turn."""
    bodies: dict[str, bytes]
    known: list[list[object]] = field(default_factory=list)
    written: int = 0
    exact: bool = True
    """Whether nothing but changes of the devices read was written, and each once."""
    read: set[str] = field(default_factory=set)

    def read_some(self) -> None:
        """Let time pass and have the service read some devices."""
        self.writes.clear()
        self.clock.advance(TEMPO)
        paths = set(islice(self.paths, self.count))
        for path in paths:
            ask(self.home, path)
        self.read = {path.rpartition("/")[2] for path in paths}
        self.known = [orjson.loads(body)["data"]["items"] for body in self.bodies.values()]
        self.bodies = pages(self.home)
        self.transport.prepare(self.bodies)

    def do_the_like(self) -> None:
        """Parse, compare and write what the poll wrote, with nothing of ours."""
        changed = tuple(self.writes.changed)
        parse_and_compare(self.bodies, self.known)
        for entity_id in changed:
            self.plain[entity_id].show(self.ours[entity_id])
            self.plain[entity_id].async_write_ha_state()
        self.written += len(changed)
        self.exact &= not self.writes.in_vain and len(set(changed)) == len(changed)
        self.exact &= {self.ours[entity_id].device_id for entity_id in changed} <= self.read

    def is_complete(self) -> bool:
        """Return whether all entities show what they would show if everybody were told now."""
        self.writes.clear()
        for entity in self.ours.values():
            entity.coordinator.tell_all(entity.device_id)
        return self.writes == Writes()


async def some() -> AsyncIterator[Result]:
    """B2: some devices were read anew since the last poll."""
    home, clock = large_home()
    bodies = pages(home)
    transport = Answering(home, bodies)
    async with home_assistant() as hass, account(transport, hass) as entry:
        coordinator = entry.runtime_data
        paths = [f"/{known.device.path}/{device_id}" for device_id, known in coordinator.data.devices.items()]
        ours = {entity.entity_id: entity for entity in entities_of(hass)}
        plain_account, plain = plain_entry(hass)
        await hass.config_entries.async_setup(plain_account.entry_id)
        await hass.async_block_till_done()
        writes = note_writes(hass)
        for count in CHANGED:
            rounds = Rounds(
                home=home,
                clock=clock,
                transport=transport,
                ours=ours,
                plain=plain,
                writes=writes,
                count=count,
                paths=cycle(paths),
                bodies=bodies,
            )
            value_us, floor_us = await measure(lambda: poll(coordinator), rounds.do_the_like, rounds.read_some)
            bodies = rounds.bodies
            yield Result(
                what=f"live poll of {len(paths)} devices and {len(ours)} entities, {count} of the devices changed, "
                f"{rounds.written / ROUNDS:.1f} state writes a poll, "
                f"{'exactly' if rounds.exact else 'not just'} the changed ones",
                value=value_us,
                unit="µs",
                floor=floor_us,
                goal=1.3,
                ok_besides=rounds.written > 0 and rounds.exact and rounds.is_complete(),
            )
