"""Hypothesis strategies: histories of a battery, and of a whole home."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
import json
from typing import Any, override

from hypothesis import strategies as st

from custom_components.amps.simulator import DEFAULT_ZONE, Request, Simulator
from custom_components.amps.simulator.devices.base import IDLE, ActiveCommand
from custom_components.amps.simulator.devices.battery import FOXESS_H1
from custom_components.amps.simulator.devices.battery_behaviour import (
    AUTO_BALANCED,
    AUTO_EXPORT,
    AUTO_RESERVE,
    CHARGE,
    CHARGE_CEILING,
    DISCHARGE,
    DISCHARGE_FLOOR,
    EXPORT_LIMIT,
    MAX_CHARGE_RATE,
    MAX_DISCHARGE_RATE,
    SAFETY_RESERVE,
)
from custom_components.amps.simulator.home.timeline import Change, Command, SettingsChange, Stage, Timeline, WindowEnd

BEGIN = 494_856.0
"""Midnight of 15 June 2026 UTC, hours since the epoch."""

BATTERY = FOXESS_H1


def _numbers(low: float, high: float) -> st.SearchStrategy[float]:
    return st.one_of(st.integers(int(low), int(high)), st.floats(low, high, allow_nan=False))


_PERCENT = _numbers(0, 100)
_MOVEMENT = st.fixed_dictionaries(
    {}, optional={"target": _numbers(10, 100), "power": _numbers(0, 5), "reserve": _PERCENT}
)
ACTIVE_COMMANDS = st.one_of(
    st.builds(ActiveCommand, st.sampled_from([CHARGE, DISCHARGE]), _MOVEMENT),
    st.builds(ActiveCommand, st.sampled_from([IDLE, AUTO_BALANCED, AUTO_RESERVE, AUTO_EXPORT])),
)
SETTINGS: st.SearchStrategy[Mapping[str, float]] = st.fixed_dictionaries(
    {},
    optional={
        DISCHARGE_FLOOR: _PERCENT,
        CHARGE_CEILING: _PERCENT,
        SAFETY_RESERVE: _PERCENT,
        EXPORT_LIMIT: _numbers(0, 10_000),
        MAX_CHARGE_RATE: _numbers(0, 110),
        MAX_DISCHARGE_RATE: _numbers(0, 110),
    },
)
GAPS = st.one_of(st.floats(0, 30, allow_nan=False), st.sampled_from([0.0, 24.0, 24.0 * 365]))


@dataclass(frozen=True, slots=True)
class Event:
    """A change some time after the event before."""

    gap: float
    make: Callable[[float, str], list[Change]]

    @override
    def __repr__(self) -> str:
        """Show the changes, as if they were immediate."""
        return f"Event({self.gap}, {self.make(0, '')})"


def _command(active_command: ActiveCommand) -> Callable[[float, str], list[Change]]:
    return lambda time, name: [Command(at=time, action=name, active_command=active_command)]


def _window(active_command: ActiveCommand, length: float) -> Callable[[float, str], list[Change]]:
    return lambda time, name: [
        Command(at=time, action=name, active_command=active_command),
        WindowEnd(at=time + length, action=name),
    ]


def _settings_written(settings: Mapping[str, float]) -> Callable[[float, str], list[Change]]:
    return lambda time, _: [SettingsChange(at=time, values=settings)]


EVENTS = st.lists(
    st.builds(
        Event,
        GAPS,
        st.one_of(
            st.builds(_command, ACTIVE_COMMANDS),
            st.builds(_window, ACTIVE_COMMANDS, st.floats(0.01, 48)),
            st.builds(_settings_written, SETTINGS),
        ),
    ),
    max_size=6,
)


def timeline_of(events: list[Event]) -> tuple[Timeline, list[float]]:
    """Return the timeline of a battery, and the instants of its changes, with the start."""
    timeline = Timeline(
        lambda: Stage(since=float("-inf"), behaviour=BATTERY.default_behaviour(0.5), settings=BATTERY.default_settings)
    )
    time, instants = BEGIN, [BEGIN]
    for index, event in enumerate(events):
        time += event.gap
        for change in event.make(time, str(index)):
            timeline.add(change)
            instants.append(change.at)
    return timeline, sorted(set(instants))


# Requests to a simulator through its API.

_HEADERS = {"x-api-key": "sk_test_strategies", "content-type": "application/json"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A push or a settings write to one device of a home, or none, some seconds after the previous step.

    The device is the one at an index of the list of its type. A push with `hours` has a window that ends so much later.
    """

    seconds: float
    segment: str = ""
    index: int = 0
    suffix: str = ""
    body: Mapping[str, Any] | None = None
    hours: float | None = None

    def write(self, simulator: Simulator) -> bytes:
        """Send it to a simulator whose clock shows the instant, and return the answer."""
        if self.body is None:
            return b""
        page = _asked(simulator, "GET", f"/{self.segment}")
        device = json.loads(page)["data"]["items"][self.index]["id"]
        body = dict(self.body)
        if self.hours is not None:
            end = simulator.clock.now().astimezone(DEFAULT_ZONE) + timedelta(hours=self.hours)
            body["action"] = {**body["action"], "end": end.strftime("%Y-%m-%dT%H:%M:%S")}
        return _asked(simulator, "POST", f"/{self.segment}/{device}{self.suffix}", json.dumps(body).encode())


def _asked(simulator: Simulator, method: str, path: str, body: bytes = b"") -> bytes:
    request = Request(method=method, path=path, query={}, headers=_HEADERS, body=body)
    return simulator.handle(request).body


def _quantity(low: float, high: float, unit: str) -> st.SearchStrategy[Mapping[str, object]]:
    return st.builds(lambda value: {"value": value, "unit": unit}, st.floats(low, high))


def _celsius(command: str, *names: str) -> st.SearchStrategy[Mapping[str, object]]:
    values = st.lists(st.integers(20, 70), min_size=len(names), max_size=len(names), unique=True).map(sorted)
    return values.map(
        lambda halves: {
            "command": command,
            "parameters": {
                name: {"value": half / 2, "unit": "celsius"} for name, half in zip(names, halves, strict=True)
            },
        }
    )


_ACTIONS: Mapping[str, st.SearchStrategy[Mapping[str, object]]] = {
    "battery": st.one_of(
        st.builds(
            lambda command, parameters: {"command": command, "parameters": parameters},
            st.sampled_from([CHARGE, DISCHARGE]),
            st.fixed_dictionaries(
                {}, optional={"target": _quantity(10, 100, "percent"), "power": _quantity(0, 5, "kw")}
            ),
        ),
        st.sampled_from([{"command": name} for name in (IDLE, AUTO_BALANCED, AUTO_RESERVE, AUTO_EXPORT)]),
    ),
    "ev-charger": st.sampled_from([{"command": CHARGE}, {"command": IDLE}]),
    "hvac": st.one_of(
        _celsius("heat", "target"),
        _celsius("cool", "target"),
        _celsius("auto", "heatSetpoint", "coolSetpoint"),
        st.sampled_from([{"command": IDLE}, {"command": "follow_schedule"}]),
    ),
}
_SECONDS = st.one_of(st.floats(0, 1e5), st.just(3600.0 * 24 * 365))


def _pushes(segment: str, actions: st.SearchStrategy[Mapping[str, object]]) -> st.SearchStrategy[Step]:
    return st.builds(
        lambda seconds, index, action, start, hours, strategy: Step(
            seconds=seconds,
            segment=segment,
            index=index,
            body={"action": {**action, **({"start": start} if start else {})}, "onConflict": strategy},
            hours=hours if start else None,
        ),
        _SECONDS,
        st.integers(0, 1),
        actions,
        st.sampled_from([None, None, "10m", "1.5h", "20h"]),
        st.sampled_from([None, 2, 2.5, 21]),
        st.sampled_from(["cancel_and_replace", "queue_after"]),
    )


def _writes(segment: str, name: str, values: st.SearchStrategy[Mapping[str, object]]) -> st.SearchStrategy[Step]:
    return st.builds(
        lambda seconds, value: Step(seconds=seconds, segment=segment, suffix="/settings", body={name: value}),
        _SECONDS,
        values,
    )


STEPS = st.lists(
    st.one_of(
        *(_pushes(segment, actions) for segment, actions in _ACTIONS.items()),
        _writes("battery", DISCHARGE_FLOOR, _quantity(0, 100, "percent")),
        _writes("ev-charger", MAX_CHARGE_RATE, _quantity(0, 50, "kw")),
    ),
    max_size=6,
)
"""Random histories of a home; some steps are refused, as in real use."""
