"""Faults on purpose, kept as data (api §15.3 #49).

A fault says what it strikes, how often and for how long, and what happens then. Whoever answers a request asks at each
phase for the faults that strike there; that uses them up and writes them into the request's trace.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from fnmatch import fnmatchcase

from ..fields import Count, Instant
from ..requestlog import Trace
from ..wire import JSONObject, iso, optional_iso
from .kinds import WELL_KNOWN, Effect, Phase, SavedEffect


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What a fault strikes; what is left out matches all. `path` may hold `*`."""

    method: str | None = None
    path: str | None = None
    device_id: str | None = None

    def matches(self, method: str, path: str, device_id: str | None) -> bool:
        """Return whether a request, or what it does to a device, is struck."""
        return (
            (self.method is None or self.method == method)
            and (self.path is None or fnmatchcase(path, self.path))
            and (self.device_id is None or self.device_id == device_id or self.device_id in path.split("/"))
        )

    def document(self) -> JSONObject:
        """Return it as the control surface shows it."""
        return {"method": self.method, "path": self.path, "deviceId": self.device_id}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What happens to whom, and how often so far; `until` and `remaining`, where not None, are when that ends.

    `spared` are the devices for which it has ended already.
    """

    id: str
    target: Target
    effect: SavedEffect
    made: Instant
    until: Instant | None = None
    remaining: Count | None = None
    struck: Count = 0
    spared: tuple[str, ...] = ()

    def lasts(self, at: datetime) -> bool:
        """Return whether its time is not over by an instant."""
        return self.until is None or at < self.until

    def strikes(self, phase: Phase, trace: Trace, device_id: str | None, at: datetime) -> bool:
        """Return whether it gets in the way at a phase, as of an instant."""
        return (
            self.effect.phase is phase
            and self.lasts(at)
            and device_id not in self.spared
            and self.target.matches(trace.request.method, trace.request.path, device_id)
        )

    def document(self) -> JSONObject:
        """Return it as the control surface shows it."""
        return {
            "id": self.id,
            **self.effect.document(),
            "match": self.target.document(),
            "remaining": self.remaining,
            "struck": self.struck,
            "madeAt": iso(self.made),
            "until": optional_iso(self.until),
        }


@dataclass(slots=True, kw_only=True)
class Faults:
    """The faults in force, in the order in which they were made; those of well-known devices are as old as the home."""

    begun: Instant
    faults: dict[str, Fault] = field(default_factory=dict)
    made: Count = 0

    def add(
        self, target: Target, effect: Effect, *, now: datetime, until: datetime | None = None, count: int | None = None
    ) -> Fault:
        """Put a fault in force."""
        self.made += 1
        fault = Fault(id=f"fault_{self.made}", target=target, effect=effect, made=now, until=until, remaining=count)
        self.faults[fault.id] = fault
        return fault

    def strike(
        self, phase: Phase, trace: Trace, device_id: str | None = None, *, at: datetime | None = None
    ) -> Iterator[Fault]:
        """Return the faults that strike at a phase; each is used up once it is taken.

        `device_id` is the device concerned, which the path of a list does not name. `at` is when it happens if that is
        not now: a fault that is over by then does not strike.
        """
        # Most requests have nothing to fear, and a page of a list asks for each of its devices.
        if not self.faults and trace.well_known is None:
            return iter(())
        return self._striking(phase, trace, device_id, at or trace.now)

    def remove(self, fault_id: str) -> bool:
        """Take a fault out of force; return whether it was there."""
        return self.faults.pop(fault_id, None) is not None

    def spare(self, fault_id: str, device_id: str) -> None:
        """Let a fault that is still in force strike a device no more."""
        fault = self.faults.get(fault_id)
        if fault is None:
            return
        if fault.target.device_id == device_id:
            del self.faults[fault_id]
            return
        self.faults[fault_id] = replace(fault, spared=(*fault.spared, device_id))

    def clear(self) -> None:
        """Take all faults out of force."""
        self.faults.clear()

    def expire(self, now: datetime) -> None:
        """Forget the faults whose time is over."""
        for fault in list(self.faults.values()):
            if not fault.lasts(now):
                del self.faults[fault.id]

    def items(self) -> list[JSONObject]:
        """Return the faults in force as the control surface shows them."""
        return [fault.document() for fault in self.faults.values()]

    def _striking(self, phase: Phase, trace: Trace, device_id: str | None, at: datetime) -> Iterator[Fault]:
        candidates = list(self.faults.values())
        if known := trace.well_known:
            candidates.append(Fault(id=known, target=Target(), effect=WELL_KNOWN[known], made=self.begun))
        for fault in candidates:
            if fault.strikes(phase, trace, device_id, at):
                self._use_up(fault)
                trace.faults.append(fault.id)
                yield fault

    def _use_up(self, fault: Fault) -> None:
        if fault.id not in self.faults:
            return
        if fault.remaining == 1:
            del self.faults[fault.id]
            return
        remaining = None if fault.remaining is None else fault.remaining - 1
        self.faults[fault.id] = replace(fault, remaining=remaining, struck=fault.struck + 1)
