"""Who is called when something of an account changes."""

from collections.abc import Callable

from homeassistant.core import CALLBACK_TYPE, callback

from ..const import LOGGER


class Listeners[**ArgsT]:
    """Callbacks of one kind of change, called in the order in which they were added."""

    def __init__(self) -> None:
        """Start without listeners."""
        self._callbacks: list[Callable[ArgsT, None]] = []

    @callback
    def add(self, listener: Callable[ArgsT, None]) -> CALLBACK_TYPE:
        """Add a listener and return what removes it."""
        self._callbacks.append(listener)
        return lambda: self._callbacks.remove(listener)

    @callback
    def notify(self, *args: ArgsT.args, **kwargs: ArgsT.kwargs) -> None:
        """Call all listeners; one that fails is logged and keeps none of the others from its call."""
        for listener in tuple(self._callbacks):
            try:
                listener(*args, **kwargs)
            except Exception:  # noqa: BLE001  as DataUpdateCoordinator does for its listeners
                LOGGER.exception("Unexpected error in a listener")
