"""The devices of one account, and everything that was done to them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from itertools import islice
import math

from ..devices import Device
from ..devices.base import ActiveCommand, Behaviour
from ..identifiers import fingerprint, token
from ..wire import hours
from .actions import Action
from .history import Entry, ExternalCommand, LogEntry, SettingsWritten
from .timeline import Change, Command, SettingsChange, Stage, Timeline, WindowEnd

KEPT_ACTIONS = 200
"""How many ended actions of a device are kept (design §8)."""
_SIGNATURE_LENGTH = 12


class SimulatedDevice:
    """One device with its history; that of a vehicle with a charger is the charger's.

    `actions` are the ids of the actions that are kept, in their order, `open` those of them that had not ended when it
    was last looked. `writes` is what else was done and had not taken effect by then: the keys, and when it does.
    """

    def __init__(self, device: Device, charger: SimulatedDevice | None = None) -> None:
        """Begin without a history."""
        self.device = device
        self.vehicle: SimulatedDevice | None = None
        self._charger = charger
        if charger is not None:
            charger.vehicle = self
        self._charging: Stage | None = None
        self._charged: Stage
        self.present = True
        self.actions: list[str] = []
        self.open: list[str] = []
        self.writes: dict[int, datetime] = {}
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
            self._charged = Stage(since=stage.since, behaviour=stage.behaviour.vehicle_behaviour(), settings=settings)
        return self._charged

    def default_behaviour(self) -> Behaviour:
        """Return the behaviour of the device while nobody has commanded it."""
        return self.device.model.default_behaviour(self.device.spread)

    def _begin(self) -> Stage:
        return Stage(since=-math.inf, behaviour=self.default_behaviour(), settings=self.device.model.default_settings)


class Home:
    """The devices and the actions of an account.

    What was done is kept in the order in which it was, an action by its id and anything else by a number, until it is
    folded into the stages that the devices have reached.
    """

    def __init__(self, devices: Iterable[Device]) -> None:
        """Take the devices in the order in which lists show them; chargers come before their vehicles."""
        self._devices: dict[str, SimulatedDevice] = {}
        for device in devices:
            charger = None if device.charger is None else self._devices[device.charger]
            self._devices[device.id] = SimulatedDevice(device, charger)
        self._present: dict[str, list[SimulatedDevice]] = {}
        self._log: dict[str | int, Entry] = {}
        self.action_count = 0
        """How many actions there ever were."""
        self._write_count = 0
        self._note_presence()

    @cached_property
    def signature(self) -> str:
        """Return what tells this home from others: a token of its devices, their ids and models."""
        parts = (
            part for simulated in self._devices.values() for part in (simulated.device.id, simulated.device.model.name)
        )
        return token(fingerprint("home", *parts), _SIGNATURE_LENGTH)

    def devices(self) -> Iterator[SimulatedDevice]:
        """Yield all devices, also those taken away."""
        yield from self._devices.values()

    def device(self, device_id: str) -> SimulatedDevice | None:
        """Return a device unless there is none or it was taken away."""
        simulated = self._devices.get(device_id)
        return simulated if simulated is not None and simulated.present else None

    def of_type(self, name: str, user_id: str | None) -> Sequence[SimulatedDevice]:
        """Return the devices of a type, all or those of an end user."""
        found = self._present.get(name, [])
        return found if user_id is None else [simulated for simulated in found if simulated.device.user_id == user_id]

    def any_device(self, device_id: str) -> SimulatedDevice | None:
        """Return a device, also one taken away."""
        return self._devices.get(device_id)

    def set_present(self, simulated: SimulatedDevice, *, present: bool) -> None:
        """Take a device away or bring it back (api §15.2 #25); its history stays."""
        simulated.present = present
        self._note_presence()

    def _note_presence(self) -> None:
        """List what is there anew, so that a page of a large fleet costs no more than one of a small home."""
        self._present = {}
        for simulated in self._devices.values():
            if simulated.present:
                self._present.setdefault(simulated.device.kind.name, []).append(simulated)

    def action(self, action_id: str) -> Action | None:
        """Return an action unless there is none, or none any more, or its device was taken away."""
        action = self._log.get(action_id)
        return action if isinstance(action, Action) and self.device(action.device_id) is not None else None

    def actions(self) -> Iterator[tuple[Action, Device]]:
        """Yield the actions with their devices, the newest first."""
        for entry in reversed(self._log.values()):
            simulated = self.device(entry.device_id)
            if isinstance(entry, Action) and simulated is not None:
                yield entry, simulated.device

    def last_action(self, simulated: SimulatedDevice, now: datetime) -> Action | None:
        """Return the newest action of a device that there was at an instant."""
        actions = self._actions(reversed(simulated.actions))
        return next((action for action in actions if action.created <= now), None)

    def open_actions(self, simulated: SimulatedDevice, now: datetime) -> list[Action]:
        """Return the actions that stand in the way of another, the newest first (api §6.7)."""
        simulated.open = [action.id for action in self._actions(simulated.open) if action.is_open(now)]
        return list(self._actions(reversed(simulated.open)))

    def accept(self, action: Action) -> None:
        """Take an action in, whether its device follows it or not."""
        self._note(action)

    def cancel(self, action: Action, now: datetime) -> Action:
        """Cancel an action that has not been dispatched."""
        cancelled = action.cancel(now)
        self._log[action.id] = cancelled
        self._devices[action.device_id].timeline.withdraw(action.id)
        return cancelled

    def write_settings(self, simulated: SimulatedDevice, values: Mapping[str, float], now: datetime) -> None:
        """Write settings."""
        self._note(SettingsWritten(device_id=simulated.device.id, at=now, values=values))

    def add_external_command(self, simulated: SimulatedDevice, active_command: ActiveCommand, at: datetime) -> None:
        """Let somebody other than Amps command a device: it follows from an instant on, and no action tells of it."""
        self._note(ExternalCommand(device_id=simulated.device.id, at=at, active_command=active_command))

    def fold(self, simulated: SimulatedDevice, now: datetime, shown: Iterable[datetime]) -> None:
        """Fold what was done to a device into the stage that it has reached (design §8).

        What stays are the open actions and the last of those that ended, what is yet to take effect, and the stages
        that the instants shown fall into: those that a reading of what is stored may ask for.
        """
        simulated.timeline.fold(hours(now), map(hours, shown))
        for key in [key for key, at in simulated.writes.items() if at <= now]:
            del simulated.writes[key], self._log[key]
        self.open_actions(simulated, now)
        surplus = len(simulated.actions) - len(simulated.open) - KEPT_ACTIONS
        if surplus > 0:
            over = (action.id for action in self._actions(simulated.actions) if action.is_over(now))
            for action_id in list(islice(over, surplus)):
                del self._log[action_id]
            simulated.actions = [action_id for action_id in simulated.actions if action_id in self._log]

    def log(self, now: datetime) -> Iterator[Entry]:
        """Yield what was done, in its order, save the writes that have taken effect: they are in the stages reached."""
        return (entry for entry in self._log.values() if isinstance(entry, Action) or entry.at > now)

    def reached(self, now: datetime) -> Iterator[tuple[SimulatedDevice, Stage]]:
        """Yield the stages that are kept of the devices that anything was done to, those of a device in their order."""
        for simulated in self._devices.values():
            for stage in simulated.timeline.passed(hours(now)):
                yield simulated, stage

    def replay(
        self, log_entries: Iterable[LogEntry], reached: Iterable[tuple[SimulatedDevice, Stage]], action_count: int
    ) -> None:
        """Go on where another home of the same devices was, which makes this one its equal."""
        stages: dict[SimulatedDevice, list[Stage]] = {}
        for simulated, stage in reached:
            stages.setdefault(simulated, []).append(stage)
        for simulated, passed in stages.items():
            simulated.timeline.resume(passed)
        since = {simulated.device.id: passed[-1].since for simulated, passed in stages.items()}
        for log_entry in log_entries:
            if (entry := log_entry.entry) is not None:
                self._note(entry, since=since.get(entry.device_id, -math.inf))
        self.action_count = max(action_count, self.action_count)

    def _note(self, entry: Entry, since: float = -math.inf) -> None:
        """Write down what was done, and let intervene what of it comes after the stage that the device has reached."""
        simulated = self._devices[entry.device_id]
        if isinstance(entry, Action):
            self.action_count += 1
            self._log[entry.id] = entry
            simulated.actions.append(entry.id)
            simulated.open.append(entry.id)
        else:
            self._write_count += 1
            self._log[self._write_count] = entry
            simulated.writes[self._write_count] = entry.at
        for change in _changes(entry):
            if change.at > since:
                simulated.timeline.add(change)

    def _actions(self, action_ids: Iterable[str]) -> Iterator[Action]:
        for action_id in action_ids:
            if isinstance(action := self._log[action_id], Action):
                yield action


def _changes(entry: Entry) -> Iterator[Change]:
    """Yield what intervenes with a device, and when."""
    match entry:
        case Action(followed=datetime() as followed, cancelled=None):
            yield Command(at=hours(followed), action=entry.id, active_command=entry.active_command)
            if entry.end is not None:
                yield WindowEnd(at=hours(entry.end), action=entry.id)
        case SettingsWritten():
            yield SettingsChange(at=hours(entry.at), values=entry.values)
        case ExternalCommand():
            yield Command(at=hours(entry.at), active_command=entry.active_command)


def latest_end(actions: Iterable[Action]) -> datetime | None:
    """Return when the last of the actions is over, or nothing when one of them has no end.

    One that is acknowledged slowly is in the way beyond the end of its window.
    """
    ends = [None if action.end is None else max(action.end, action.finishes) for action in actions]
    return None if None in ends else max((end for end in ends if end is not None), default=None)
