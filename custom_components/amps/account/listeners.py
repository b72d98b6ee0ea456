"""Who is told of what: nothing is done, let alone written, for what did not change (design §5).

A reading changes a few of the many things that are shown of a device. So whoever shows one says what they look at, and
is told when that is another.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from homeassistant.core import CALLBACK_TYPE, callback

from ..const import LOGGER
from ..rules import DeviceRecord


class Look(NamedTuple):
    """What somebody looks at, which they give as the context of their listening."""

    device_id: str
    at: Callable[[DeviceRecord], object]
    """Returns what they see of what is known; compared with what they saw the last time."""


@dataclass(slots=True)
class _Crowd:
    """Those who look at one device; each has the same place in all lists, so that looking touches none of them."""

    looks: list[Callable[[DeviceRecord], object]] = field(default_factory=list)
    views: list[object] = field(default_factory=list)
    """What each saw the last time."""
    callbacks: list[CALLBACK_TYPE] = field(default_factory=list)

    def told_apart(self, record: DeviceRecord) -> list[CALLBACK_TYPE]:
        """Return who sees something else now."""
        surprised: list[CALLBACK_TYPE] = []
        views = self.views
        for place, look in enumerate(self.looks):
            try:
                view = look(record)
            except Exception:  # noqa: BLE001  what one cannot see must not hide what others can
                LOGGER.exception("Unexpected error looking at a device")
                continue
            if view is not (before := views[place]) and view != before:
                views[place] = view
                surprised.append(self.callbacks[place])
        return surprised


class Audience:
    """Those who listen to an account, by what they want to hear of."""

    def __init__(self) -> None:
        """Begin with nobody."""
        self._crowds: defaultdict[str, _Crowd] = defaultdict(_Crowd)
        self._account: list[CALLBACK_TYPE] = []
        self._capabilities: list[Callable[[Collection[str]], None]] = []
        self._news: list[Callable[[Mapping[str, DeviceRecord]], None]] = []

    @callback
    def add(self, update_callback: CALLBACK_TYPE, look: Look | None, record: DeviceRecord | None) -> CALLBACK_TYPE:
        """Tell somebody when they see something else, or of the account as a whole; return how to tell them no more."""
        if look is None:
            self._account.append(update_callback)
            return lambda: self._account.remove(update_callback)
        crowd, view = self._crowds[look.device_id], look.at(record) if record else None
        crowd.looks.append(look.at)
        crowd.views.append(view)
        crowd.callbacks.append(update_callback)

        @callback
        def remove() -> None:
            each = zip(crowd.looks, crowd.callbacks, strict=True)
            place = next(place for place, those in enumerate(each) if those == (look.at, update_callback))
            del crowd.looks[place], crowd.views[place], crowd.callbacks[place]

        return remove

    @callback
    def add_for_capabilities(self, listener: Callable[[Collection[str]], None]) -> CALLBACK_TYPE:
        """Tell somebody the ids of devices that are new or declare something else; return how to tell them no more."""
        self._capabilities.append(listener)
        return lambda: self._capabilities.remove(listener)

    @callback
    def add_for_news(self, listener: Callable[[Mapping[str, DeviceRecord]], None]) -> CALLBACK_TYPE:
        """Tell somebody whatever is new of devices; return how to tell them no more."""
        self._news.append(listener)
        return lambda: self._news.remove(listener)

    @callback
    def tell(self, device_id: str, record: DeviceRecord | None, *, everybody: bool) -> None:
        """Tell those who look at a device and see something else than before, or everybody who looks at it."""
        if (crowd := self._crowds.get(device_id)) is None:
            return
        told = crowd.told_apart(record) if record else []
        _call(tuple(crowd.callbacks) if everybody else told)

    @callback
    def tell_account(self) -> None:
        """Tell those who listen to the account as a whole."""
        _call(tuple(self._account))

    @callback
    def tell_of_capabilities(self, device_ids: Collection[str]) -> None:
        """Tell of devices that are new or declare something else."""
        _call(tuple(self._capabilities), device_ids)

    @callback
    def tell_news(self, changed: Mapping[str, DeviceRecord]) -> None:
        """Tell what is known now of devices that changed."""
        _call(tuple(self._news), changed)


def _call[**ArgsT](callbacks: Iterable[Callable[ArgsT, None]], *args: ArgsT.args, **kwargs: ArgsT.kwargs) -> None:
    for each in callbacks:
        try:
            each(*args, **kwargs)
        except Exception:  # noqa: BLE001  as in the method of Home Assistant that this stands for: the others go on
            LOGGER.exception("Unexpected error telling of a change")
