"""What the simulator costs."""

from collections.abc import AsyncIterator, Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
import json
from statistics import median
from time import perf_counter_ns
from typing import Final

import orjson

from custom_components.amps import simulator
from custom_components.amps.api.models import DEVICE_CLASSES

from .result import Result, measure

INSTANT: Final = datetime(2026, 6, 14, 12, tzinfo=UTC)
PAGE: Final = 50
FLEET: Final = 1_000
EVENTS: Final = 20
LEAPS: Final = 40
_HEADERS: Final = {"x-api-key": "sk_test_benchmark"}


def _ask(home: simulator.Simulator, path: str, *, offset: int = 0) -> bytes:
    query = {"limit": str(PAGE), "offset": str(offset)} if path.count("/") == 1 else {}
    response = home.handle(simulator.Request(method="GET", path=path, query=query, headers=_HEADERS))
    if response.status != 200:
        msg = f"{path} answered {response.status}"
        raise RuntimeError(msg)
    return response.body


def _builder(document: object) -> Callable[[], object]:
    """Return a function that makes a document of numbers and words that it knows, as code written out would."""
    names: dict[str, object] = {}
    built = eval(f"lambda: {document!r}", names)  # noqa: S307  the document is the simulator's own
    if built() != document:
        msg = "the floor does not build the page"
        raise RuntimeError(msg)
    return built  # type: ignore[no-any-return]  # what eval returns is known only here


async def pages() -> AsyncIterator[Result]:
    """B8: a page of 50 of each type, the clock moving; the worst type counts."""
    clock = simulator.frozen_clock(INSTANT)
    home = simulator.create_simulator("fleet", seed="benchmark", clock=clock, device_count=PAGE * len(DEVICE_CLASSES))
    for device_class in DEVICE_CLASSES:
        path = f"/{device_class.path}"
        build = _builder(orjson.loads(_ask(home, path)))

        async def page(path: str = path) -> None:
            clock.advance(30)
            _ask(home, path)

        def floor(build: Callable[[], object] = build) -> str:
            return json.dumps(build())

        value_us, floor_us = await measure(page, floor)
        yield Result(
            what=f"simulator: a page of {PAGE} ({device_class.device_type}) against its plain dicts and json.dumps",
            value=value_us,
            unit="µs",
            floor=floor_us,
            goal=3,
        )


def _busy_home() -> tuple[simulator.Simulator, simulator.SimulatedClock, list[str]]:
    """Return a home with a log of commands behind it and one scheduled on each device, none due within the hour."""
    clock = simulator.frozen_clock(INSTANT)
    home = simulator.create_simulator(
        "showcase", seed="benchmark", clock=clock, timing=simulator.Timing(settle=timedelta())
    )
    paths = [
        f"/{device_class.path}/{item['id']}"
        for device_class in DEVICE_CLASSES
        for item in orjson.loads(_ask(home, f"/{device_class.path}"))["data"]["items"]
    ]
    commands: dict[str, list[dict[str, object]]] = {
        "/battery": [{"command": "charge"}, {"command": "auto.balanced"}],
        "/ev-charger": [{"command": "charge"}, {"command": "idle"}],
        "/hvac": [{"command": "follow_schedule"}, {"command": "heat", "parameters": _celsius(24)}],
    }
    for number in range(EVENTS):
        for path in paths:
            choice = commands.get(path[: path.rindex("/")])
            if choice is not None:
                last = number == EVENTS - 1
                _push(home, path, {**choice[number % 2], **({"start": "12h"} if last else {})})
        clock.advance(600)
    return home, clock, paths


def _celsius(value: float) -> dict[str, object]:
    return {"target": {"value": value, "unit": "celsius"}}


def _push(home: simulator.Simulator, path: str, action: dict[str, object]) -> None:
    body = orjson.dumps({"action": action})
    headers = {**_HEADERS, "content-type": "application/json"}
    home.handle(simulator.Request(method="POST", path=path, query={}, headers=headers, body=body))


def _leap(seconds: float) -> float:
    """Return what it takes to let time pass and read everything once, in µs: the median of several homes."""
    times = []
    for _ in range(LEAPS):
        home, clock, paths = _busy_home()
        for path in paths:
            _ask(home, path)
        begin = perf_counter_ns()
        clock.advance(seconds)
        for path in paths:
            _ask(home, path)
        times.append((perf_counter_ns() - begin) / 1000)
    return median(times)


async def leaps() -> AsyncIterator[Result]:
    """B8 as well: a year against an hour, with commands behind and, in the year, one coming up on most devices."""
    yield Result(
        what=f"simulator: a year passed and 11 devices read, against an hour, up to {EVENTS} commands a device",
        value=_leap(timedelta(days=365).total_seconds()),
        unit="µs",
        floor=_leap(timedelta(hours=1).total_seconds()),
        goal=2,
    )


class _History:
    """A home of whose first battery so many commands are history, spread evenly over a span."""

    def __init__(self, commands: int, span: timedelta) -> None:
        """Push them."""
        self.clock = simulator.frozen_clock(INSTANT)
        self.home = self.another()
        (item, *_) = orjson.loads(_ask(self.home, "/battery"))["data"]["items"]
        self._path = f"/battery/{item['id']}"
        self._number = 0
        for _ in range(commands):
            self.push()
            self.clock.advance(span / commands)
        self.saved = self.save()

    def another(self) -> simulator.Simulator:
        """Return the same home as it was before anything happened."""
        return simulator.create_simulator("showcase", seed="benchmark", clock=self.clock)

    def push(self) -> None:
        """Push a command more."""
        self._number += 1
        _push(self.home, self._path, {"command": "charge" if self._number % 2 else "auto.balanced"})

    def push_later(self) -> None:
        """Push a command more, once the last one has ended."""
        self.clock.advance(30)
        self.push()

    def save(self) -> bytes:
        """Return what is kept."""
        return orjson.dumps(self.home.save())

    def restore(self) -> None:
        """Go on from it in a home that is new."""
        self.another().restore(orjson.loads(self.saved))


async def histories() -> AsyncIterator[Result]:
    """B8 as well: what a year of commands costs against a busy hour of them."""
    year, hour = _History(20_000, timedelta(days=365)), _History(120, timedelta(hours=1))
    about = "20,000 commands to a battery in a year, against 120 in an hour"
    yield Result(what=f"simulator: {about}: kept", value=len(year.saved), unit="B", floor=len(hour.saved), goal=3)
    steps: Mapping[str, Callable[[_History], object]] = {
        "saved": _History.save,
        "captured, which is all that is done in the event loop": lambda history: history.home.capture(),
        "restored": _History.restore,
        "one more pushed": _History.push_later,
    }
    for name, step in steps.items():

        async def value(step: Callable[[_History], object] = step) -> None:
            step(year)

        value_us, floor_us = await measure(value, partial(step, hour))
        yield Result(what=f"simulator: {about}: {name}", value=value_us, unit="µs", floor=floor_us, goal=3)


async def fleet() -> AsyncIterator[Result]:
    """B8 as well: all pages of one type of a fleet; held to 200 ms."""
    home = simulator.create_simulator(
        "fleet", seed="benchmark", clock=simulator.frozen_clock(INSTANT), device_count=FLEET
    )
    paths = [f"/{device_class.path}" for device_class in DEVICE_CLASSES]
    per_type = FLEET // len(paths)
    slowest = 0.0
    for path in paths:
        begin = perf_counter_ns()
        for offset in range(0, per_type, PAGE):
            _ask(home, path, offset=offset)
        slowest = max(slowest, (perf_counter_ns() - begin) / 1e6)
    yield Result(
        what=f"simulator: the {per_type} devices of one type of a fleet of {FLEET}, the slowest, against 200 ms",
        value=slowest,
        unit="ms",
        floor=200,
        goal=1,
    )
