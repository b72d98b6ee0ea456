"""What the tests of rules share."""

import pytest

from custom_components.amps.rules.request_limits import RequestLimits

from .limits import Clock


@pytest.fixture
def clock() -> Clock:
    """Return the time."""
    return Clock()


@pytest.fixture
def limits(clock: Clock) -> RequestLimits:
    """Return access with a key that works."""
    return RequestLimits(clock)
