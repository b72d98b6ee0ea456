"""Who is called when something of an account changes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from homeassistant.core import CALLBACK_TYPE, callback

from ..const import LOGGER
from ..rules import DeviceRecord

_UNKNOWN: Final = object()


def _whole_record(record: DeviceRecord) -> DeviceRecord:
    return record


class DeviceContext(NamedTuple):
    """What a listener wants to know of."""

    device_id: str
    part_fn: Callable[[DeviceRecord], Any] = _whole_record
    """The part of the record that it shows."""
    show: Callable[[Any], None] | None = None
    """Called instead of the listener with another part, while all else that matters to it is the same."""


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


@dataclass(slots=True, eq=False)
class _DeviceListener:
    call: CALLBACK_TYPE
    part_fn: Callable[[DeviceRecord], Any]
    show: Callable[[Any], None] | None
    part: object = _UNKNOWN
    """The part of the record that it was last called for."""


class DeviceListeners:
    """Callbacks of those who show a device, called in the order in which they were added.

    Most show a small part of it. They are called when that is another one, or when all of them may have to show
    something else: at another availability, with other capabilities, and when the device is gone or there again.
    One that fails is logged and costs no other its call.
    """

    def __init__(self) -> None:
        """Start without listeners."""
        self._listeners: tuple[_DeviceListener, ...] = ()
        self._shared: object = _UNKNOWN
        """Whether the device was available and took commands, which matters to all of them; None when it was gone."""

    @callback
    def add[PartT](
        self,
        listener: CALLBACK_TYPE,
        part_fn: Callable[[DeviceRecord], PartT],
        show: Callable[[PartT], None] | None = None,
    ) -> CALLBACK_TYPE:
        """Add a listener (`DeviceContext`) and return what removes it."""
        added = _DeviceListener(listener, part_fn, show)
        self._listeners = (*self._listeners, added)

        @callback
        def remove() -> None:
            self._listeners = tuple(each for each in self._listeners if each is not added)

        return remove

    @callback
    def notify(
        self, record: DeviceRecord | None, *, available: bool, takes_commands: bool, declares_anew: bool
    ) -> None:
        """Call the listeners that a record concerns."""
        shared = None if record is None else (available, takes_commands)
        if record is None or declares_anew or shared != self._shared:
            self._shared = shared
            self._call_all(record)
            return
        for each in self._listeners:
            try:
                part = each.part_fn(record)
                if part is not each.part and part != each.part:
                    each.part = part
                    if each.show is None:
                        each.call()
                    else:
                        each.show(part)
            except Exception:  # noqa: BLE001  as DataUpdateCoordinator does for its listeners
                LOGGER.exception("Unexpected error in a listener")

    def _call_all(self, record: DeviceRecord | None) -> None:
        for each in self._listeners:
            try:
                if record is not None:
                    each.part = each.part_fn(record)
                each.call()
            except Exception:  # noqa: BLE001  as DataUpdateCoordinator does for its listeners
                LOGGER.exception("Unexpected error in a listener")
