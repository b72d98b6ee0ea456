"""Limits of requests by a clock that tests set, and the errors that lead to them."""

from collections.abc import Callable

from custom_components.amps.api import AmpsExpiredKeyError, AmpsInvalidKeyError, AmpsRateLimitedError
from custom_components.amps.rules.request_limits import RequestLimits

BARE = AmpsInvalidKeyError("UNAUTHORIZED", 401)
INVALID = AmpsInvalidKeyError("INVALID_API_KEY", 401)
EXPIRED = AmpsExpiredKeyError("EXPIRED_TOKEN", 401)


class Clock:
    """Shows what it is set to."""

    def __init__(self) -> None:
        """Begin late: a clock that only runs forward may have run for long."""
        self.now = 50_000.0

    def __call__(self) -> float:
        """Return the time in seconds."""
        return self.now


def rate_limited_error(retry_after: float | None = None) -> AmpsRateLimitedError:
    """Return the error of a limit, with the seconds to wait that the service asks for."""
    error = AmpsRateLimitedError("RATE_LIMIT_EXCEEDED", 429)
    error.retry_after = retry_after
    return error


def pauses_of(limits: RequestLimits, clock: Clock, happen: Callable[[], None], times: int) -> list[float]:
    """Return the pauses that follow when something happens again right after each."""
    pauses = []
    for _ in range(times):
        happen()
        pauses.append(limits.retry_in)
        clock.now += limits.retry_in
    return pauses
