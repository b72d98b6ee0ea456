"""What all tests share."""

import asyncio
from contextlib import suppress
import logging
import os

from homeassistant.util import executor
import pytest

# First of all: pytest-homeassistant-custom-component has a folder custom_components of its own, and the first one
# imported is the one that counts.
import custom_components.amps  # noqa: F401  only to be the first

# pytest-homeassistant-custom-component logs from INFO on: a line for each entity that is registered, and for each
# statement of the recorder. A test that is given `caplog` has everything that is logged, whatever this says.
logging.getLogger().setLevel(logging.WARNING)
logging.getLogger("sqlalchemy.engine").setLevel(logging.WARNING)

# Home Assistant gives the threads of its executor a tenth of these seconds, shared by all of them, and then interrupts
# them. One that is interrupted between two jobs does not wake the next, which then stays. A busy machine is just slow.
executor.EXECUTOR_SHUTDOWN_TIMEOUT = 100

with suppress(ImportError):  # no property is tested on the oldest Home Assistant, so that Hypothesis is not there
    from hypothesis import HealthCheck, settings

    # How long an example takes says more of what else a machine does than of what is tested.
    # What has to pass before a change lands tries the same examples each time: no change waits for another's fault.
    settings.register_profile(
        "without_clock",
        deadline=None,
        derandomize="CI" in os.environ,
        suppress_health_check=[HealthCheck.too_slow],
    )
    settings.load_profile("without_clock")


@pytest.fixture(autouse=True)
def enable_event_loop_debug() -> None:
    """Leave the debug mode of asyncio off, which pytest-homeassistant-custom-component turns on for each test.

    It notes the stack of each callback, task and future, which takes more than half of the time of the tests that move
    it. What it could find is code that calls the loop from another thread: see `loop_debug`. Home Assistant's own check
    of that and the warnings of coroutines that are never awaited do without.
    """


@pytest.fixture
async def loop_debug() -> None:
    """Turn the debug mode of asyncio on, for the tests of what uses threads."""
    asyncio.get_running_loop().set_debug(True)
