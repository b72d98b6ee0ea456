"""The suite against a hosted service, which here is a simulator in real time without its control surface."""

import asyncio
from datetime import timedelta
import os
from pathlib import Path
import re
import sys

import pytest

from custom_components.amps.simulator import Timing, create_simulator, real_clock
from custom_components.amps.simulator.server import serve

from .manifest import FOLDER, WHY_NOT_HOSTED

_MODULES = ("test_conflicts.py", "test_errors.py")
"""A selection: all of them would take too long."""


async def _pytest(*modules: str, **environment: str) -> tuple[int | None, str]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "pytest", "-q", "-rs", "-p", "no:cacheprovider", "-k", "hosted"),
        *(str(FOLDER / module) for module in modules),
        cwd=Path(__file__).parents[2],
        env={name: value for name, value in os.environ.items() if name != "AMPS_API_KEY"} | environment,
        stdout=asyncio.subprocess.PIPE,
    )
    output, _ = await process.communicate()
    return process.returncode, output.decode()


async def test_suite_runs_against_a_service_elsewhere(socket_enabled: None) -> None:
    timing = Timing(settle=timedelta(seconds=0.1))
    async with serve(create_simulator("showcase", seed="elsewhere", clock=real_clock(), timing=timing)) as url:
        code, output = await _pytest(*_MODULES, AMPS_API_KEY="sk_test_elsewhere", AMPS_API_URL=url)
    assert code == 0, output
    passed, skipped = (re.search(rf"(\d+) {word}", output) for word in ("passed", "skipped"))
    assert passed is not None
    assert skipped is not None
    assert int(passed[1]) >= 20
    reasons = re.findall(r"^SKIPPED .*?: (.*)$", output, re.MULTILINE)
    assert set(reasons) == set(WHY_NOT_HOSTED.values())


async def test_without_a_key_nothing_is_collected_for_it() -> None:
    code, output = await _pytest(_MODULES[0])
    assert code == pytest.ExitCode.NO_TESTS_COLLECTED, output
