"""A service in small, and what may happen to it and to its answers, as hypothesis makes it up."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
import math
from typing import Final

from hypothesis import strategies as st
import orjson

from custom_components.amps.api import Reading
from custom_components.amps.api.json import JsonObject, JsonValue
from custom_components.amps.api.models import Action, Battery
from custom_components.amps.api.models.lenient import read_model
from custom_components.amps.api.webhook import ActionEvent, read_event
from custom_components.amps.rules import DeviceHealth, DeviceRecord, ReceivedReading
from custom_components.amps.rules.merge import apply_action, apply_written, mark_failed, merge

BEGIN: Final = datetime(2026, 6, 14, tzinfo=UTC)


def at(seconds: float) -> datetime:
    """Return an instant of the service's clock."""
    return BEGIN + timedelta(seconds=seconds)


def wire(seconds: float) -> str:
    """Return an instant as the API writes it."""
    return at(seconds).isoformat()


def reading(served_at: float | None, pulled_at: float | None, **parts: JsonValue) -> Reading:
    """Return a reading as the client makes it; parts by their wire names, `source` and `level` directly."""
    source = parts.pop("source", "cache")
    raw: JsonObject = {
        "id": "device_7f3k2m",
        "sync": {"available": source != "fallback", "lastPulledAt": None if pulled_at is None else wire(pulled_at)},
        "metadata": {"model": "H1", "source": source},
        "state": {"level": parts.pop("level", 0)},
        **parts,
    }
    return Reading(device=read_model(Battery, raw), raw=raw, served_at=None if served_at is None else at(served_at))


def received(
    served_at: float | None,
    pulled_at: float | None,
    *,
    monotonic: float = 1000.0,
    sandbox: bool = False,
    single: bool = True,
    **parts: JsonValue,
) -> ReceivedReading:
    """Return a reading as it arrived."""
    return ReceivedReading(
        reading=reading(served_at, pulled_at, **parts), received_monotonic=monotonic, sandbox=sandbox, single=single
    )


def action(name: str, state: str | None, created: float | None, updated: float | None, **parts: JsonValue) -> Action:
    """Return an action as some answer has it."""
    instants = {"createdAt": created, "updatedAt": updated}
    given = {key: wire(time_at) for key, time_at in instants.items() if time_at is not None}
    return Action.model_validate({"id": name, "state": state, **given, **parts})


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens at the service, a while after the event before."""

    gap: int
    """Seconds."""
    what: str
    skew: int = 0
    """How much the clock of the node is ahead that has to do with it, in seconds."""


ATTEMPTS: Final = ("pull", "fallback", "offline")
"""What may become of asking the manufacturer."""

EVENTS: Final = st.builds(
    Event,
    st.integers(1, 3000),
    st.sampled_from([*ATTEMPTS, "pull", "list", "cached", "push", "move", "write", "tune", "declare"]),
)


def _skewed(event: Event) -> Event:
    """Amps asks a manufacturer no two times within a minute (api §10)."""
    return Event(event.gap + 60, event.what, event.skew) if event.what in ATTEMPTS else event


HISTORIES: Final = st.lists(EVENTS, max_size=14)
SKEWED_HISTORIES: Final = st.lists(
    st.builds(Event, st.integers(1, 30), st.sampled_from([*ATTEMPTS, "list", "cached"]), st.integers(-4, 4)).map(
        _skewed
    ),
    max_size=14,
)

type ApiResponse = Callable[[DeviceRecord | None, float], DeviceRecord | None]
"""What is known after an answer came at a moment; what is no reading says nothing of a device not known."""

_STAGES: Final = {"acknowledged": "completed", "scheduled": "acknowledged"}


def _given(change: Callable[[DeviceRecord], DeviceRecord]) -> ApiResponse:
    return lambda record, _: None if record is None else change(record)


@dataclass
class Service:
    """One live device at Amps, sane: what it tells is what it knows."""

    answers: list[ApiResponse] = field(default_factory=list)
    """In the order in which they were built."""
    verdicts: list[tuple[DeviceHealth, str | None]] = field(default_factory=lambda: [(DeviceHealth.OK, None)])
    """What became of each attempt to reach the manufacturer."""
    now: float = 0.0
    skew: float = 0.0
    """How much the clock of the node is ahead that is asked."""
    pulled_at: float = -100.0
    level: int = 0
    version: int = 0
    """Of the capabilities."""
    values: dict[str, float] = field(default_factory=lambda: {"floor": 1.0, "ceiling": 2.0})
    """Of the settings, as they are at the device."""
    stored: dict[str, float] = field(default_factory=lambda: {"floor": 1.0, "ceiling": 2.0})
    """Of the settings, as they were when last pulled."""
    written: dict[str, tuple[float, float]] = field(default_factory=dict)
    """Value and time of what was written last, by setting."""
    shown: dict[str, float] | None = None
    """The settings as they should be shown after every answer."""
    actions: list[JsonObject] = field(default_factory=list)

    @property
    def stamp(self) -> float:
        """The time by the clock of the node that is asked."""
        return self.now + self.skew

    def happen(self, event: Event) -> None:
        """Let something happen, and build the answer that tells of it, if one does."""
        self.now += event.gap + 0.001  # so that no two clocks, askew by seconds, show the same
        self.skew = event.skew
        getattr(self, event.what)()

    def pull(self) -> None:
        """Reach the manufacturer."""
        self.pulled_at, self.level, self.stored = self.stamp, self.level + 1, dict(self.values)
        self.verdicts.append((DeviceHealth.OK, None))
        self._read("live", single=True)

    def fallback(self) -> None:
        """Fail to reach the manufacturer."""
        self.verdicts.append((DeviceHealth.FALLBACK, None))
        self._read("fallback", single=True)

    def offline(self) -> None:
        """Report that the manufacturer does not reach the device."""
        served_at = at(self.stamp)
        self.verdicts.append((DeviceHealth.PERMANENT, "DEVICE_OFFLINE"))
        self.answers.append(_given(lambda record: mark_failed(record, "DEVICE_OFFLINE", served_at)))

    def list(self) -> None:
        """Answer from what is stored."""
        self._read("cache", single=False)

    def cached(self) -> None:
        """Answer a single read from the cache."""
        self._read("cache", single=True)

    def push(self) -> None:
        """Accept a command."""
        state = "scheduled" if self.level % 2 else "acknowledged"
        name = f"action_{len(self.actions)}"
        self.actions.append({"id": name, "command": "idle", "state": state, "createdAt": wire(self.stamp)})
        self._tell_of_action()

    def move(self) -> None:
        """Bring the newest action to its next stage."""
        if self.actions and (stage := _STAGES.get(str(self.actions[-1]["state"]))):
            self.actions[-1] = {**self.actions[-1], "state": stage, "updatedAt": wire(self.stamp)}
            self._tell_of_action()
            if stage == "completed":
                self._deliver()

    def write(self) -> None:
        """Carry out what is written to a setting."""
        name, value, time_at = "floor", 100.0 + len(self.answers), at(self.stamp)
        self.values[name] = value
        self.written[name] = value, self.stamp
        if self.shown is not None and name in self.shown:
            self.shown[name] = value
        self.answers.append(_given(lambda record: apply_written(record, {name: value}, time_at)))

    def tune(self) -> None:
        """Let the owner change a setting, of which only the next pull tells."""
        self.values["floor"] += 1000

    def declare(self) -> None:
        """Let the device gain and lose capabilities."""
        self.version += 1

    def _tell_of_action(self) -> None:
        given = Action.model_validate(self.actions[-1])
        self.answers.append(_given(lambda record: apply_action(record, given)))

    def _deliver(self) -> None:
        """Send a webhook about the newest action, which says when it ended but neither when it was created nor more."""
        ended = self.actions[-1]
        body = {"actionId": ended["id"], "deviceId": "device_7f3k2m", "command": ended["command"]}
        event = read_event(orjson.dumps({**body, "completedAt": ended["updatedAt"]}))
        assert isinstance(event, ActionEvent)
        self.answers.append(_given(lambda record: apply_action(record, event.action)))

    def _read(self, source: str, *, single: bool) -> None:
        parts: JsonObject = {
            "level": self.level,
            "commands": {f"version_{self.version}": {}},
            "conflictStrategies": ["queue_after"] if self.version % 2 else [],
            "lastAction": self.actions[-1] if self.actions else None,
        }
        names = (("floor", "ceiling"), ("floor",), None)[self.version % 3] if single else None
        if names is not None:
            bounds: JsonObject = {"unit": "percent", "min": 0, "max": 100 + self.version}
            parts["settings"] = {name: {"value": self.stored[name], **bounds} for name in names}
        if single:
            self.shown = None if names is None else {name: self._shown(name) for name in names}
        given = reading(self.stamp, self.pulled_at, source=source, **parts)

        def answer(record: DeviceRecord | None, monotonic: float) -> DeviceRecord:
            return merge(
                record, ReceivedReading(reading=given, received_monotonic=monotonic, sandbox=False, single=single)
            )

        self.answers.append(answer)

    def _shown(self, name: str) -> float:
        value, time_at = self.written.get(name, (0.0, -math.inf))
        return value if time_at > self.pulled_at else self.stored[name]


def serve(history: Sequence[Event]) -> Service:
    """Return the service after a history, which begins with a list and ends with a list and a read from the cache."""
    service = Service()
    for event in (Event(0, "list"), *history, Event(60, "list"), Event(60, "cached")):
        service.happen(event)
    return service
