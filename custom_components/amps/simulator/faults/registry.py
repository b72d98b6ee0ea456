"""The faults in force (api §15.3 #49).

A fault has a target, a limit in number or time, and an effect. In each phase of a request the faults that apply are
taken: that counts them and notes them in the trace of the request.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from fnmatch import fnmatchcase

from ..fields import Count, Instant, saved_as
from ..wire import JSONObject, iso, optional_iso
from .kinds import WELL_KNOWN, FaultEffect, Phase, SavedEffect
from .trace import Trace


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What a fault applies to; what is left out matches all. `path` may have `*`."""

    method: str | None = None
    path: str | None = None
    device_id: str | None = None

    def matches(self, method: str, path: str, device_id: str | None) -> bool:
        """Return whether a request, or what it does to a device, is matched."""
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
    """An effect on a target; it ends at `until` and after `remaining` times, where these are not None.

    `times_applied` is how often it has applied, `exempt` are the devices for which it has ended already.
    """

    id: str
    target: Target
    effect: SavedEffect
    made_at: Instant = field(metadata=saved_as("made"))
    until: Instant | None = None
    remaining: Count | None = None
    times_applied: Count = field(default=0, metadata=saved_as("struck"))
    exempt: tuple[str, ...] = field(default=(), metadata=saved_as("spared"))

    def lasts(self, at: datetime) -> bool:
        """Return whether it is still in force at an instant, as far as its time goes."""
        return self.until is None or at < self.until

    def applies(self, phase: Phase, trace: Trace, device_id: str | None, at: datetime) -> bool:
        """Return whether it applies in a phase at an instant."""
        return (
            self.effect.phase is phase
            and self.lasts(at)
            and device_id not in self.exempt
            and self.target.matches(trace.request.method, trace.request.path, device_id)
        )

    def document(self) -> JSONObject:
        """Return it as the control surface shows it."""
        return {
            "id": self.id,
            **self.effect.document(),
            "match": self.target.document(),
            "remaining": self.remaining,
            "struck": self.times_applied,
            "madeAt": iso(self.made_at),
            "until": optional_iso(self.until),
        }


@dataclass(slots=True, kw_only=True)
class Faults:
    """The faults in force, in the order in which they were made; those of well-known devices are as old as the home."""

    begun_at: Instant = field(metadata=saved_as("begun"))
    faults: dict[str, Fault] = field(default_factory=dict)
    made_count: Count = field(default=0, metadata=saved_as("made"))

    def add(
        self,
        target: Target,
        effect: FaultEffect,
        *,
        now: datetime,
        until: datetime | None = None,
        count: int | None = None,
    ) -> Fault:
        """Put a fault in force."""
        self.made_count += 1
        fault = Fault(
            id=f"fault_{self.made_count}", target=target, effect=effect, made_at=now, until=until, remaining=count
        )
        self.faults[fault.id] = fault
        return fault

    def take(
        self, phase: Phase, trace: Trace, device_id: str | None = None, *, at: datetime | None = None
    ) -> Iterator[Fault]:
        """Return the faults that apply in a phase; each counts as applied once the iterator yields it.

        `device_id` is the device concerned, which the path of a list does not name. `at` is the instant of the phase
        where that is not now: a fault that has ended by then does not apply.
        """
        # Without faults this must cost nothing: a page of a list calls it for each of its devices.
        if not self.faults and trace.well_known is None:
            return iter(())
        return self._applying(phase, trace, device_id, at or trace.now)

    def remove(self, fault_id: str) -> bool:
        """Remove a fault; return whether there was one."""
        return self.faults.pop(fault_id, None) is not None

    def exempt(self, fault_id: str, device_id: str) -> None:
        """End a fault, if it is still in force, for one device."""
        fault = self.faults.get(fault_id)
        if fault is None:
            return
        if fault.target.device_id == device_id:
            del self.faults[fault_id]
            return
        self.faults[fault_id] = replace(fault, exempt=(*fault.exempt, device_id))

    def clear(self) -> None:
        """Remove all faults."""
        self.faults.clear()

    def expire(self, now: datetime) -> None:
        """Remove the faults whose time is over."""
        for fault in list(self.faults.values()):
            if not fault.lasts(now):
                del self.faults[fault.id]

    def items(self) -> list[JSONObject]:
        """Return the faults in force as the control surface shows them."""
        return [fault.document() for fault in self.faults.values()]

    def _applying(self, phase: Phase, trace: Trace, device_id: str | None, at: datetime) -> Iterator[Fault]:
        candidates = list(self.faults.values())
        if known := trace.well_known:
            candidates.append(Fault(id=known, target=Target(), effect=WELL_KNOWN[known], made_at=self.begun_at))
        for fault in candidates:
            if fault.applies(phase, trace, device_id, at):
                self._count(fault)
                trace.faults.append(fault.id)
                yield fault

    def _count(self, fault: Fault) -> None:
        if fault.id not in self.faults:
            return
        if fault.remaining == 1:
            del self.faults[fault.id]
            return
        remaining = None if fault.remaining is None else fault.remaining - 1
        self.faults[fault.id] = replace(fault, remaining=remaining, times_applied=fault.times_applied + 1)
