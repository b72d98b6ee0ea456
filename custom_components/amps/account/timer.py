"""A timer that is set anew whenever what it waits for changes."""

from collections.abc import Callable
from datetime import datetime
import math

from homeassistant.core import CALLBACK_TYPE, HassJob, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later


class Timer:
    """Goes off once at a moment of the event loop's clock; cancelled when Home Assistant stops."""

    def __init__(self, hass: HomeAssistant, name: str, action: Callable[[], None]) -> None:
        """Stand still."""
        self._hass = hass
        self._action = action
        self._job = HassJob(self._fire, name, cancel_on_shutdown=True)
        self._cancel: CALLBACK_TYPE | None = None
        self._stopped = False
        self.moment = math.inf
        """When it goes off; infinity is never."""

    @callback
    def set(self, moment: float) -> bool:
        """Go off at a moment and at no other, and return whether that is news; a past one is now, infinity is never."""
        if moment == self.moment or (self._stopped and moment < math.inf):
            return False
        if self._cancel is not None:
            self._cancel()
            self._cancel = None
        self.moment = moment
        if moment < math.inf:
            self._cancel = async_call_later(self._hass, max(moment - self._hass.loop.time(), 0.0), self._job)
        return True

    @callback
    def stop(self) -> None:
        """Never go off again, whatever it is set to."""
        self._stopped = True
        self.set(math.inf)

    @callback
    def _fire(self, _now: datetime) -> None:
        self._cancel = None
        self.moment = math.inf
        self._action()
