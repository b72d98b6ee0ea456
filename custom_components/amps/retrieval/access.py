"""When not to ask at all (design §4, api §1.3, §15.1 #1, #2): limits on requests, and keys that are refused.

A burst of requests may be refused as if the key were wrong. So a key that once worked is given up only after it was
refused again and again over a time in which no burst lasts.
"""

from collections import deque
from collections.abc import Callable, Mapping
import math
from typing import Final, override

from ..api import AmpsConnectionError, AmpsInvalidKeyError, AmpsRateLimitedError, Request, Response, Transport
from .due import HOUR, back_off

BARE_REFUSAL: Final = "UNAUTHORIZED"
"""The code of a refusal that may mean the key as well as a burst of requests."""
_PROBES: Final[Mapping[bool, tuple[float, ...]]] = {True: (60.0, 300.0, 900.0), False: (5.0,)}
"""Seconds to wait before each probe of a refused key, by whether the refusal is bare; refused after the last, it is."""


class AmpsPausedError(AmpsConnectionError):
    """The request was not sent, since Amps asked for a pause."""

    def __init__(self, seconds: float) -> None:
        """Say how long the pause still lasts."""
        super().__init__(f"no requests for another {seconds:.0f} s")
        self.seconds = seconds


class AmpsRejectedKeyError(AmpsPausedError):
    """The request was not sent, since the key is given up."""

    def __init__(self) -> None:
        """Say that it is the key."""
        super().__init__(math.inf)
        self.args = ("no requests with this key",)


class Access:
    """Whether and since when an account may be asked, over all requests with one key."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """Begin with a key that is good until proven otherwise."""
        self._clock = clock
        self._paused_until = 0.0
        self._limited = 0
        self._refusals = {True: 0, False: 0}
        self._asked: deque[float] = deque()
        self.rejected = False
        """Whether the key is given up: a person has to say that it is good again, or give a new one."""

    @property
    def pause(self) -> float:
        """How many seconds nothing may be asked, 0 for none; for ever once the key is given up."""
        return math.inf if self.rejected else max(self._paused_until - self._clock(), 0.0)

    @property
    def doubtful(self) -> bool:
        """Whether the key was refused and not accepted since."""
        return any(self._refusals.values())

    @property
    def requests_last_hour(self) -> int:
        """How many requests went out within the last hour."""
        self._forget_before(self._clock() - HOUR)
        return len(self._asked)

    def admit(self) -> None:
        """Count a request that goes out; raise AmpsPausedError when none may."""
        now = self._clock()
        if self.rejected or now < self._paused_until:
            raise paused(self)
        self._forget_before(now - HOUR)
        self._asked.append(now)

    def granted(self) -> None:
        """Note that the key was accepted."""
        self.rejected = False
        self._limited = 0
        if self.doubtful:
            self._refusals = {True: 0, False: 0}

    def limited(self, error: AmpsRateLimitedError) -> None:
        """Note that there were too many requests; the service's own word on how long to wait counts."""
        if self.pause == 0 or not self._limited:
            self._limited += 1
        self._wait(back_off(self._limited) if error.retry_after is None else error.retry_after)

    def refused(self, error: AmpsInvalidKeyError) -> None:
        """Note that a list was refused for the key: nobody but Amps itself is asked there.

        Of several refused at once one counts, since they were asked before the first was answered.
        """
        if self.pause > 0:
            return
        bare = error.code == BARE_REFUSAL
        probes = _PROBES[bare]
        if self._refusals[bare] >= len(probes):
            self.rejected = True
            return
        self._wait(probes[self._refusals[bare]])
        self._refusals[bare] += 1

    def _forget_before(self, moment: float) -> None:
        while self._asked and self._asked[0] <= moment:
            self._asked.popleft()

    def _wait(self, seconds: float) -> None:
        self._paused_until = max(self._paused_until, self._clock() + seconds)


def paused(access: Access) -> AmpsPausedError:
    """Return why nothing may be asked."""
    return AmpsRejectedKeyError() if access.rejected else AmpsPausedError(access.pause)


class Gate(Transport):
    """The one way out for all requests of an account: counts them, and lets none pass during a pause."""

    def __init__(self, transport: Transport, access: Access) -> None:
        """Stand before a transport."""
        self._transport = transport
        self._access = access

    @override
    async def send(self, request: Request) -> Response:
        self._access.admit()
        return await self._transport.send(request)
