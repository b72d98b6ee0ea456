"""What may happen to a battery, as hypothesis makes it up."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import override

from hypothesis import strategies as st

from custom_components.amps.simulator.devices.base import IDLE, Directive
from custom_components.amps.simulator.devices.battery import (
    AUTO_BALANCED,
    AUTO_EXPORT,
    AUTO_RESERVE,
    CHARGE,
    CHARGE_CEILING,
    DISCHARGE,
    DISCHARGE_FLOOR,
    EXPORT_LIMIT,
    FOXESS_H1,
    MAX_CHARGE_RATE,
    MAX_DISCHARGE_RATE,
    SAFETY_RESERVE,
)
from custom_components.amps.simulator.timeline import Change, Command, Release, Stage, Timeline, Tuning

BEGIN = 494_856.0
"""Midnight of 15 June 2026 UTC, hours since the epoch."""

BATTERY = FOXESS_H1


def _numbers(low: float, high: float) -> st.SearchStrategy[float]:
    return st.one_of(st.integers(int(low), int(high)), st.floats(low, high, allow_nan=False))


_PERCENT = _numbers(0, 100)
_MOVEMENT = st.fixed_dictionaries(
    {}, optional={"target": _numbers(10, 100), "power": _numbers(0, 5), "reserve": _PERCENT}
)
DIRECTIVES = st.one_of(
    st.builds(Directive, st.sampled_from([CHARGE, DISCHARGE]), _MOVEMENT),
    st.builds(Directive, st.sampled_from([IDLE, AUTO_BALANCED, AUTO_RESERVE, AUTO_EXPORT])),
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
    """Something that happens a while after the event before."""

    gap: float
    make: Callable[[float, str], list[Change]]

    @override
    def __repr__(self) -> str:
        """Show what it does, as if it happened at once."""
        return f"Event({self.gap}, {self.make(0, '')})"


def _command(directive: Directive) -> Callable[[float, str], list[Change]]:
    return lambda time, name: [Command(at=time, action=name, directive=directive)]


def _window(directive: Directive, length: float) -> Callable[[float, str], list[Change]]:
    return lambda time, name: [
        Command(at=time, action=name, directive=directive),
        Release(at=time + length, action=name),
    ]


def _tuning(settings: Mapping[str, float]) -> Callable[[float, str], list[Change]]:
    return lambda time, _: [Tuning(at=time, values=settings)]


EVENTS = st.lists(
    st.builds(
        Event,
        GAPS,
        st.one_of(
            st.builds(_command, DIRECTIVES),
            st.builds(_window, DIRECTIVES, st.floats(0.01, 48)),
            st.builds(_tuning, SETTINGS),
        ),
    ),
    max_size=6,
)


def timeline_of(events: list[Event]) -> tuple[Timeline, list[float]]:
    """Return the timeline of a battery, and when something happens to it, the beginning included."""
    timeline = Timeline(
        lambda: Stage(since=float("-inf"), course=BATTERY.undisturbed(0.5), settings=BATTERY.default_settings)
    )
    time, instants = BEGIN, [BEGIN]
    for index, event in enumerate(events):
        time += event.gap
        for change in event.make(time, str(index)):
            timeline.add(change)
            instants.append(change.at)
    return timeline, sorted(set(instants))
