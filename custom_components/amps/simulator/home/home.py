"""The devices of one account, and everything that was done to them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property

from ..devices import Device
from ..devices.base import Directive
from ..identifiers import fingerprint, token
from ..wire import hours
from .actions import Action
from .history import Deed, Overridden, Tuned
from .timeline import Command, Release, Stage, Timeline, Tuning

_SIGNATURE_LENGTH = 12


class Twin:
    """One device with its history; that of a vehicle with a charger is the charger's."""

    def __init__(self, device: Device, charger: Twin | None = None) -> None:
        """Begin without a history."""
        self.device = device
        self._charger = charger
        self._charging: Stage | None = None
        self._charged: Stage
        self.present = True
        self.actions: list[str] = []
        self.timeline = Timeline(self._begin)

    def stage(self, now: datetime) -> Stage:
        """Return what the device does at an instant."""
        if self._charger is None:
            return self.timeline.at(hours(now))
        stage = self._charger.stage(now)
        # Made once for each stage of the charger, since every page of a list asks for it.
        if stage is not self._charging:
            settings = self.device.model.default_settings
            self._charging = stage
            self._charged = Stage(since=stage.since, course=stage.course.vehicle_course(), settings=settings)
        return self._charged

    def _begin(self) -> Stage:
        model = self.device.model
        return Stage(
            since=float("-inf"),
            course=model.undisturbed(self.device.variety),
            settings=model.default_settings,
        )


class Home:
    """The devices and the actions of an account."""

    def __init__(self, devices: Iterable[Device]) -> None:
        """Take the devices in the order in which lists show them; chargers come before their vehicles."""
        self._twins: dict[str, Twin] = {}
        for device in devices:
            charger = None if device.charger is None else self._twins[device.charger]
            self._twins[device.id] = Twin(device, charger)
        self._present: dict[str, list[Twin]] = {}
        self._actions: dict[str, Action] = {}
        self._log: list[Action | Tuned | Overridden] = []
        self._note_presence()

    @cached_property
    def signature(self) -> str:
        """Return what tells this home from others: a token of its devices, their ids and models."""
        parts = (part for twin in self._twins.values() for part in (twin.device.id, twin.device.model.name))
        return token(fingerprint("home", *parts), _SIGNATURE_LENGTH)

    @property
    def action_count(self) -> int:
        """Return how many actions there ever were."""
        return len(self._actions)

    def twins(self) -> Iterator[Twin]:
        """Yield all devices, also those taken away."""
        yield from self._twins.values()

    def twin(self, device_id: str) -> Twin | None:
        """Return a device unless there is none or it was taken away."""
        twin = self._twins.get(device_id)
        return twin if twin is not None and twin.present else None

    def of_type(self, name: str, user_id: str | None) -> Sequence[Twin]:
        """Return the devices of a type, all or those of an end user."""
        twins = self._present.get(name, [])
        return twins if user_id is None else [twin for twin in twins if twin.device.user_id == user_id]

    def any_twin(self, device_id: str) -> Twin | None:
        """Return a device, also one taken away."""
        return self._twins.get(device_id)

    def set_present(self, twin: Twin, *, present: bool) -> None:
        """Take a device away or bring it back (api §15.2 #25); its history stays."""
        twin.present = present
        self._note_presence()

    def _note_presence(self) -> None:
        """List what is there anew, so that a page of a large fleet costs no more than one of a small home."""
        self._present = {}
        for twin in self._twins.values():
            if twin.present:
                self._present.setdefault(twin.device.kind.name, []).append(twin)

    def action(self, action_id: str) -> Action | None:
        """Return an action unless there is none or its device was taken away."""
        action = self._actions.get(action_id)
        return action if action is not None and self.twin(action.device_id) is not None else None

    def actions(self) -> Iterator[tuple[Action, Device]]:
        """Yield the actions with their devices, the newest first."""
        for action in reversed(self._actions.values()):
            twin = self.twin(action.device_id)
            if twin is not None:
                yield action, twin.device

    def last_action(self, twin: Twin, now: datetime) -> Action | None:
        """Return the newest action of a device that there was at an instant."""
        for action_id in reversed(twin.actions):
            action = self._actions[action_id]
            if action.created <= now:
                return action
        return None

    def open_actions(self, twin: Twin, now: datetime) -> list[Action]:
        """Return the actions that stand in the way of another, the newest first (api §6.7)."""
        actions = (self._actions[action_id] for action_id in reversed(twin.actions))
        return [action for action in actions if action.is_open(now)]

    def accept(self, twin: Twin, action: Action) -> None:
        """Take an action in, whether the device follows it or not."""
        self._log.append(action)
        self._actions[action.id] = action
        twin.actions.append(action.id)
        if action.followed is None or action.cancelled is not None:
            return
        twin.timeline.add(Command(at=hours(action.followed), action=action.id, directive=action.directive))
        if action.end is not None:
            twin.timeline.add(Release(at=hours(action.end), action=action.id))

    def cancel(self, action: Action, now: datetime) -> Action:
        """Cancel an action that has not been dispatched."""
        cancelled = action.cancel(now)
        self._actions[action.id] = cancelled
        self._twins[action.device_id].timeline.withdraw(action.id)
        return cancelled

    def tune(self, twin: Twin, values: Mapping[str, float], now: datetime) -> None:
        """Write settings."""
        self._log.append(Tuned(device_id=twin.device.id, at=now, values=values))
        twin.timeline.add(Tuning(at=hours(now), values=values))

    def override(self, twin: Twin, directive: Directive, at: datetime) -> None:
        """Let somebody other than Amps command a device: it follows from an instant on, and no action tells of it."""
        self._log.append(Overridden(device_id=twin.device.id, at=at, directive=directive))
        twin.timeline.add(Command(at=hours(at), directive=directive))

    def log(self) -> Iterator[Deed]:
        """Yield what was done, in its order, the actions as they are now."""
        for entry in self._log:
            match entry:
                case Action():
                    yield Deed(action=self._actions[entry.id])
                case Tuned():
                    yield Deed(tuned=entry)
                case Overridden():
                    yield Deed(overridden=entry)

    def replay(self, deeds: Iterable[Deed]) -> None:
        """Do what was done to another home of the same devices, which makes this one its equal."""
        for deed in deeds:
            if action := deed.action:
                self.accept(self._twins[action.device_id], action)
            if tuned := deed.tuned:
                self.tune(self._twins[tuned.device_id], tuned.values, tuned.at)
            if overridden := deed.overridden:
                self.override(self._twins[overridden.device_id], overridden.directive, overridden.at)


def latest_end(actions: Iterable[Action]) -> datetime | None:
    """Return when the last of the actions is over, or nothing when one of them has no end.

    One that is acknowledged slowly is in the way beyond the end of its window.
    """
    ends = [None if action.end is None else max(action.end, action.finishes) for action in actions]
    return None if None in ends else max((end for end in ends if end is not None), default=None)
