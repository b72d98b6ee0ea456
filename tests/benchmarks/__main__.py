"""Run the benchmarks of design §11: one JSON object a line, exit status 1 when a goal is missed."""

import argparse
import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
import json
import logging
import sys
from typing import Final

from tests.benchmarks import cards, changes, day, fleet, latency, memory, poll, simulation, starting
from tests.benchmarks.result import Result

BENCHMARKS: Final[Mapping[str, Sequence[Callable[[], AsyncIterator[Result]]]]] = {
    "B1": (poll.unchanged, poll.moving),
    "B2": (changes.some,),
    "B3": (starting.set_up,),
    "B4": (memory.entities,),
    "B5": (day.live,),
    "B6": (latency.live, latency.sandbox),
    "B7": (cards.size, cards.browser),
    "B8": (simulation.pages, simulation.leaps, simulation.histories, simulation.fleet),
    "B9": (fleet.polls,),
}


async def run(only: list[str]) -> bool:
    """Run benchmarks and return whether all goals were met."""
    good = True
    for id_ in only:
        for benchmark in BENCHMARKS[id_]:
            async for result in benchmark():
                sys.stdout.write(json.dumps(result.as_line(id_), ensure_ascii=False) + "\n")
                sys.stdout.flush()
                good = good and result.ok
    return good


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="scripts/benchmark", description=__doc__)
    parser.add_argument(
        "--only",
        type=lambda text: text.upper().split(","),
        default=list(BENCHMARKS),
        help=f"which to run, separated by commas; there are {', '.join(BENCHMARKS)}",
    )
    only: list[str] = parser.parse_args().only
    if unknown := [id_ for id_ in only if id_ not in BENCHMARKS]:
        parser.error(f"there is no benchmark {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}")
    # What is measured is what runs at home: no debug log, no debug mode of asyncio.
    logging.disable(logging.WARNING)
    sys.exit(0 if asyncio.run(run(only)) else 1)


if __name__ == "__main__":
    main()
