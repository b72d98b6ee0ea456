"""What a benchmark found, and how it measures."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
import gc
from statistics import quantiles
from time import perf_counter_ns

ROUNDS = 200
"""How often each of the two is measured; they take turns, so that a slow moment of the machine hits both."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One line of the report; the ratio counts, not the time."""

    what: str
    value: float
    unit: str
    floor: float
    goal: float
    peer: float | None = None
    """What the same costs when it is done as most integrations do it, in the unit of the value."""
    ok_besides: bool = True
    """Whether what has to hold besides the ratio holds."""

    @property
    def ratio(self) -> float:
        """Value over floor."""
        return self.value / self.floor

    @property
    def ok(self) -> bool:
        """Whether the goal is met."""
        return self.ratio <= self.goal and self.ok_besides

    def as_line(self, id_: str) -> dict[str, str | float | bool]:
        """Return the line as design §10 has it."""
        line: dict[str, str | float | bool] = {
            "id": id_,
            "what": self.what,
            "value": round(self.value, 3),
            "unit": self.unit,
            "floor": round(self.floor, 3),
            "ratio": round(self.ratio, 3),
            "goal": self.goal,
            "ok": self.ok,
        }
        return line if self.peer is None else line | {"peer": round(self.peer, 3)}


async def measure(
    value: Callable[[], Awaitable[None]],
    floor: Callable[[], object],
    prepare: Callable[[], object] = lambda: None,
    *,
    rounds: int = ROUNDS,
) -> tuple[float, float]:
    """Return the lowest deciles of both in microseconds: what they cost when nobody else uses the machine.

    What prepares a round is not measured.
    """
    values: list[int] = []
    floors: list[int] = []
    gc.collect()
    gc.freeze()
    for _ in range(rounds):
        prepare()
        start = perf_counter_ns()
        await value()
        between = perf_counter_ns()
        floor()
        end = perf_counter_ns()
        values.append(between - start)
        floors.append(end - between)
    gc.unfreeze()
    return quantiles(values, n=10)[0] / 1000, quantiles(floors, n=10)[0] / 1000


async def measure_alone(value: Callable[[], Awaitable[None]], prepare: Callable[[], object] = lambda: None) -> float:
    """Return the like of something that takes turns with nothing."""
    return (await measure(value, lambda: None, prepare))[0]
