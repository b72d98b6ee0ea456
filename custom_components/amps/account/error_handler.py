"""What an error of a request means for its whole account (design §4, errors of the service; api §8.2).

Lists handle their own errors (`lists.py`), since these are what proves the key; everything else asks here.
"""

from collections.abc import Callable
from contextlib import suppress
import math

from homeassistant.core import callback

from ..api import AmpsError, AmpsInvalidKeyError, AmpsRateLimitedError
from ..rules.schedule import MINUTE
from .lists import WAKE_MARGIN, ListReader
from .state import AccountState
from .timer import Timer


class ErrorHandler:
    """Handles errors of requests that are no lists: checks the key, and has a list read after a pause."""

    def __init__(self, state: AccountState, lists: ListReader, poll: Callable[[], None]) -> None:
        """Set nothing yet; `poll` starts a poll of the lists that are due."""
        self._state = state
        self._lists = lists
        self._checked_monotonic = -math.inf
        self._timer = Timer(state.hass, f"{state.name} lists after a pause", poll)
        state.set_back_listeners.add(self._poll_soon)

    async def async_handle(self, err: AmpsError, sent_monotonic: float = math.inf) -> None:
        """Handle an error of a request that was sent at a time."""
        if isinstance(err, AmpsRateLimitedError):
            self._state.limits.rate_limited(err)
            self.schedule_poll()
        elif isinstance(err, AmpsInvalidKeyError):
            with suppress(AmpsError):
                await self.async_check_key(sent_monotonic)

    async def async_check_key(self, sent_monotonic: float = math.inf) -> None:
        """Find out whether the key itself was refused by a request sent at a time, by asking for a list.

        Any list that was answered since then is proof, and many refusals at once lead to one request. Raises AmpsError
        when no list is answered.
        """
        now = self._state.now()
        if self._lists.is_any_read_since(sent_monotonic) or now - self._checked_monotonic < MINUTE:
            return
        self._checked_monotonic = now
        try:
            await self._lists.async_probe(now)
        finally:
            self.schedule_poll()

    @callback
    def schedule_poll(self) -> None:
        """Poll after the pause, long before the next poll may be due, unless polling is switched off.

        The poll with a key that is given up sends nothing, but asks for a new key.
        """
        limits, now = self._state.limits, self._state.now()
        if limits.key_invalid:
            self._timer.set(now)
        elif not limits.verified and not self._state.entry.pref_disable_polling:
            self._timer.set(now + limits.retry_in + WAKE_MARGIN)

    @callback
    def _poll_soon(self) -> None:
        if not self._state.entry.pref_disable_polling:
            self._timer.set(self._state.now() + WAKE_MARGIN)

    @callback
    def shutdown(self) -> None:
        """Stop the timer."""
        self._timer.stop()
