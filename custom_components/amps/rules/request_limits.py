"""When not to ask at all (design §4, errors of the service; api §1.3, §15.1 #1, #2): limits, outages, refused keys.

A burst of requests may be refused as if the key were wrong. So a key that once worked is given up only after it was
refused again and again over a time in which no burst lasts.
"""

from collections import deque
from collections.abc import Callable, Mapping
import math
from typing import Final

from ..api import AmpsConnectionError, AmpsError, AmpsInvalidKeyError, AmpsRateLimitedError
from .schedule import HOUR, MINUTE, backoff

BARE_REFUSAL: Final = "UNAUTHORIZED"
"""The code of a refusal that may mean the key as well as a burst of requests."""
_PROBES: Final[Mapping[bool, tuple[float, ...]]] = {True: (60.0, 300.0, 900.0), False: (5.0,)}
"""Seconds to wait before each probe of a refused key, by whether the refusal is bare; refused after the last, it is."""
_LONGEST_SETUP_BACKOFF: Final = 5 * MINUTE
"""Before the first list was answered, somebody is likely to wait for the account."""
_LONGEST_READ_BACKOFF: Final = 5 * MINUTE
"""One of the devices that failed may work again: it has its turn before its reading is too old."""


class AmpsPausedError(AmpsConnectionError):
    """The request was not sent, since none may be for a while."""

    def __init__(self, seconds: float) -> None:
        """Say how long the pause still lasts."""
        super().__init__(f"no requests for another {seconds:.0f} s")
        self.retry_after: float = seconds


class AmpsKeyInvalidError(AmpsPausedError):
    """The request was not sent, since the key is given up."""

    def __init__(self) -> None:
        """Say that it is the key."""
        super().__init__(math.inf)
        self.args = ("no requests with this key",)


class AmpsMonitorOnlyError(AmpsError):
    """The request was not sent, since it would change something and the account is in monitor-only mode (design §6)."""

    def __init__(self, account: str) -> None:
        """Say which account it is."""
        super().__init__(f"{account} is in monitor-only mode")
        self.account = account


class RequestLimits:
    """Which requests with one key may be sent now, and how long the others have to wait.

    A wait that the service asked for holds back every request. A back-off of our own holds back only what nobody asked
    for in person. After either, one list has to be answered before anything else is asked on our own.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        """Begin with a key that is good until proven otherwise."""
        self._clock = clock
        self._wait_until = -math.inf
        """The end of the wait that the service asked for."""
        self._backoff_until = -math.inf
        """The end of our own back-off."""
        self._reads_backoff_until = -math.inf
        self._path_wait_until: dict[str, float] = {}
        """The ends of the waits that the service asked for at single paths."""
        self._rate_limits = 0
        self._failures = 0
        self._failed_reads = 0
        self._refusals = {True: 0, False: 0}
        self._asked: deque[float] = deque()
        self.key_invalid = False
        """Whether the key is given up: a person has to say that it is good again, or give a new one."""

    @property
    def retry_in(self) -> float:
        """How many seconds nothing may be asked on our own, 0 for none; for ever once the key is given up."""
        return math.inf if self.key_invalid else max(max(self._wait_until, self._backoff_until) - self._now, 0.0)

    @property
    def reads_retry_in(self) -> float:
        """How many seconds no device whose reads keep failing may be read on our own, 0 for none."""
        return max(self.retry_in, self._reads_backoff_until - self._now)

    @property
    def verified(self) -> bool:
        """Whether the last word of the service was that requests with this key are answered."""
        return not (self._rate_limits or self._failures or self.key_unverified)

    @property
    def key_unverified(self) -> bool:
        """Whether the key was refused and not accepted since."""
        return any(self._refusals.values())

    @property
    def requests_last_hour(self) -> int:
        """How many requests went out within the last hour."""
        self._forget_before(self._now - HOUR)
        return len(self._asked)

    @property
    def _now(self) -> float:
        return self._clock()

    def acquire(self, path: str, *, polling: bool) -> None:
        """Count a request that goes out; raise AmpsPausedError when it may not: a back-off holds back polls only."""
        now = self._now
        if self.key_invalid:
            raise AmpsKeyInvalidError
        held_until = max(self._wait_until, self._path_wait_until.get(path, -math.inf))
        if polling:
            held_until = max(held_until, self._backoff_until)
        if now < held_until:
            raise AmpsPausedError(held_until - now)
        self._forget_before(now - HOUR)
        self._asked.append(now)

    def hold_path(self, path: str, seconds: float) -> None:
        """Let no request go to a path for as long as the service asked there."""
        now = self._now
        self._path_wait_until = {each: until for each, until in self._path_wait_until.items() if until > now}
        self._path_wait_until[path] = now + seconds

    def key_accepted(self) -> bool:
        """Note that a list was answered: the key is good, and the service there; return whether others may be sent."""
        self.key_invalid = False
        self._failures = 0
        if self.key_unverified:
            self._refusals = {True: 0, False: 0}
        if self.retry_in == 0:
            self._rate_limits = 0
        elif not self._rate_limits:
            self._backoff_until = -math.inf
        return self.verified

    def rate_limited(self, error: AmpsRateLimitedError) -> None:
        """Note that there were too many requests; the service's own word on how long to wait counts.

        Said again and again, it is doubled like our own back-off: a service that asks for seconds at a time and means
        minutes would otherwise be asked all the time.
        """
        self._end_bare_refusals()
        if self.retry_in == 0 or not self._rate_limits:
            self._rate_limits += 1
        if error.retry_after is None:
            self._wait_backoff(backoff(self._rate_limits))
            return
        self._wait_until = max(self._wait_until, self._now + error.retry_after)
        if self._rate_limits > 1:
            self._wait_backoff(backoff(self._rate_limits - 1))

    def key_refused(self, error: AmpsInvalidKeyError) -> None:
        """Note that a list was refused for the key: nobody but Amps itself is asked there.

        Of several refused at once one counts, since they were asked before the first was answered.
        """
        if self.retry_in > 0:
            return
        bare = error.code == BARE_REFUSAL
        probes = _PROBES[bare]
        if self._refusals[bare] >= len(probes):
            self.key_invalid = True
            return
        self._wait_backoff(probes[self._refusals[bare]])
        self._refusals[bare] += 1

    def lists_failed(self, longest: float | None) -> None:
        """Note that no list can be read; `longest` is how long to wait at most, None before any list was read."""
        if self.retry_in > 0:
            return
        self._end_bare_refusals()
        self._failures += 1
        self._wait_backoff(min(backoff(self._failures), _LONGEST_SETUP_BACKOFF if longest is None else longest))

    def read_failed(self) -> None:
        """Note that a single read failed in a way that is not its device's alone."""
        if self.reads_retry_in > 0:
            return
        self._failed_reads += 1
        self._reads_backoff_until = self._now + min(backoff(self._failed_reads), _LONGEST_READ_BACKOFF)

    def read_succeeded(self) -> None:
        """Note that a single read was answered."""
        self._failed_reads = 0
        self._reads_backoff_until = -math.inf

    def _end_bare_refusals(self) -> None:
        """Count bare refusals anew: a service that fails in other ways as well is in trouble and means no key."""
        self._refusals[True] = 0

    def _forget_before(self, monotonic: float) -> None:
        while self._asked and self._asked[0] <= monotonic:
            self._asked.popleft()

    def _wait_backoff(self, seconds: float) -> None:
        self._backoff_until = max(self._backoff_until, self._now + seconds)


def paused_error(limits: RequestLimits) -> AmpsPausedError:
    """Return why nothing may be asked on our own."""
    return AmpsKeyInvalidError() if limits.key_invalid else AmpsPausedError(limits.retry_in)
