"""A timer that can be set anew whenever what it waits for changes."""

from collections.abc import Callable
from datetime import datetime
import math

from homeassistant.core import CALLBACK_TYPE, HassJob, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later


class Timer:
    """Fires once at a time of the event loop's clock; cancelled when Home Assistant stops."""

    def __init__(self, hass: HomeAssistant, name: str, action: Callable[[], None]) -> None:
        """Create a timer that is not set; it calls the action when it fires."""
        self._hass = hass
        self._action = action
        self._job = HassJob(self._fire, name, cancel_on_shutdown=True)
        self._cancel: CALLBACK_TYPE | None = None
        self._stopped = False
        self.due = math.inf
        """When it fires, in seconds of the event loop's clock; infinity while it is not set."""

    @property
    def is_set(self) -> bool:
        """Whether it will fire."""
        return self.due < math.inf

    @callback
    def set(self, due: float) -> bool:
        """Fire at this time instead of any other, infinity for never; return whether that is a change."""
        if due == self.due or (self._stopped and due < math.inf):
            return False
        if self._cancel is not None:
            self._cancel()
            self._cancel = None
        self.due = due
        if due < math.inf:
            self._cancel = async_call_later(self._hass, max(due - self._hass.loop.time(), 0.0), self._job)
        return True

    @callback
    def stop(self) -> None:
        """Never fire again, whatever it is set to."""
        self._stopped = True
        self.set(math.inf)

    @callback
    def _fire(self, _now: datetime) -> None:
        self._cancel = None
        self.due = math.inf
        self._action()
