"""The devices of one account, with the log of what was done to them."""

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
    """One device with its history; a vehicle with a charger has the history of the charger.

    `actions` are the ids of the actions that are kept, in their order, `open` those that were not finished at the last
    check. `writes` has the log keys of everything else that was done, with the instants at which it takes effect.
    """

    def __init__(self, device: Device, charger: SimulatedDevice | None = None) -> None:
        """Create it without a history."""
        self.device = device
        self.vehicle: SimulatedDevice | None = None
        self._charger = charger
        if charger is not None:
            charger.vehicle = self
        self._charger_stage: Stage | None = None
        self._vehicle_stage: Stage
        self.present = True
        self.actions: list[str] = []
        self.open: list[str] = []
        self.writes: dict[int, datetime] = {}
        self.timeline = Timeline(self._first_stage)

    def stage(self, now: datetime) -> Stage:
        """Return the stage of the device at an instant."""
        if self._charger is None:
            return self.timeline.at(hours(now))
        stage = self._charger.stage(now)
        # Once for each stage of the charger: every page of a list needs it.
        if stage is not self._charger_stage:
            settings = self.device.model.default_settings
            self._charger_stage = stage
            self._vehicle_stage = Stage(
                since=stage.since, behaviour=stage.behaviour.vehicle_behaviour(), settings=settings
            )
        return self._vehicle_stage

    def default_behaviour(self) -> Behaviour:
        """Return the behaviour of the device before its first command."""
        return self.device.model.default_behaviour(self.device.spread)

    def _first_stage(self) -> Stage:
        return Stage(since=-math.inf, behaviour=self.default_behaviour(), settings=self.device.model.default_settings)


class Home:
    """The devices and the actions of an account.

    The log has its entries in the order in which they were made, actions by their ids and anything else by a number,
    until they are folded into the stages that the devices have reached.
    """

    def __init__(self, devices: Iterable[Device]) -> None:
        """Create the home of devices in the order of lists; chargers come before their vehicles."""
        self._devices: dict[str, SimulatedDevice] = {}
        for device in devices:
            charger = None if device.charger is None else self._devices[device.charger]
            self._devices[device.id] = SimulatedDevice(device, charger)
        self._by_type: dict[str, list[SimulatedDevice]] = {}
        self._log: dict[str | int, Entry] = {}
        self.action_count = 0
        """How many actions were ever accepted."""
        self._write_count = 0
        self._group_by_type()

    @cached_property
    def signature(self) -> str:
        """Return a token of the ids and models of the devices, which differs from that of any other home."""
        parts = (
            part for simulated in self._devices.values() for part in (simulated.device.id, simulated.device.model.name)
        )
        return token(fingerprint("home", *parts), _SIGNATURE_LENGTH)

    def devices(self) -> Iterator[SimulatedDevice]:
        """Yield all devices, also those that were removed."""
        yield from self._devices.values()

    def device(self, device_id: str) -> SimulatedDevice | None:
        """Return a device unless there is none or it was removed."""
        simulated = self._devices.get(device_id)
        return simulated if simulated is not None and simulated.present else None

    def of_type(self, name: str, user_id: str | None) -> Sequence[SimulatedDevice]:
        """Return the devices of a type, all or those of an end user."""
        found = self._by_type.get(name, [])
        return found if user_id is None else [simulated for simulated in found if simulated.device.user_id == user_id]

    def any_device(self, device_id: str) -> SimulatedDevice | None:
        """Return a device, also one that was removed."""
        return self._devices.get(device_id)

    def set_present(self, simulated: SimulatedDevice, *, present: bool) -> None:
        """Remove a device or bring it back (api §15.2 #25); its history stays."""
        simulated.present = present
        self._group_by_type()

    def _group_by_type(self) -> None:
        """Group the present devices by type, so that a page of a large fleet costs no more than one of a small home."""
        self._by_type = {}
        for simulated in self._devices.values():
            if simulated.present:
                self._by_type.setdefault(simulated.device.kind.name, []).append(simulated)

    def action(self, action_id: str) -> Action | None:
        """Return an action unless there is none, or it is no longer kept, or its device was removed."""
        action = self._log.get(action_id)
        return action if isinstance(action, Action) and self.device(action.device_id) is not None else None

    def actions(self) -> Iterator[tuple[Action, Device]]:
        """Yield the actions with their devices, newest first."""
        for entry in reversed(self._log.values()):
            simulated = self.device(entry.device_id)
            if isinstance(entry, Action) and simulated is not None:
                yield entry, simulated.device

    def last_action(self, simulated: SimulatedDevice, now: datetime) -> Action | None:
        """Return the newest action of a device as of an instant."""
        actions = self._actions(reversed(simulated.actions))
        return next((action for action in actions if action.created_at <= now), None)

    def open_actions(self, simulated: SimulatedDevice, now: datetime) -> list[Action]:
        """Return the actions that conflict with a new one, newest first (api §6.7)."""
        simulated.open = [action.id for action in self._actions(simulated.open) if action.is_open(now)]
        return list(self._actions(reversed(simulated.open)))

    def accept(self, action: Action) -> None:
        """Add an action, whether its device follows it or not."""
        self._add(action)

    def cancel(self, action: Action, now: datetime) -> Action:
        """Cancel an action that has not been dispatched."""
        cancelled = action.cancel(now)
        self._log[action.id] = cancelled
        self._devices[action.device_id].timeline.withdraw(action.id)
        return cancelled

    def write_settings(self, simulated: SimulatedDevice, values: Mapping[str, float], now: datetime) -> None:
        """Write settings that hold from an instant on."""
        self._add(SettingsWritten(device_id=simulated.device.id, at=now, values=values))

    def add_external_command(self, simulated: SimulatedDevice, active_command: ActiveCommand, at: datetime) -> None:
        """Command a device as somebody other than Amps: it follows from an instant on, and there is no action."""
        self._add(ExternalCommand(device_id=simulated.device.id, at=at, active_command=active_command))

    def fold(self, simulated: SimulatedDevice, now: datetime, shown: Iterable[datetime]) -> None:
        """Fold what was done to a device into the stage that it has reached (design §8).

        What stays: the open actions and the last finished ones, log entries that take effect later, and the stages at
        the `shown` instants, which readings of stored data may still need.
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
        """Yield the log, without the writes that have taken effect: they are in the stages reached."""
        return (entry for entry in self._log.values() if isinstance(entry, Action) or entry.at > now)

    def reached(self, now: datetime) -> Iterator[tuple[SimulatedDevice, Stage]]:
        """Yield the kept stages of all devices to which anything was done, those of a device in their order."""
        for simulated in self._devices.values():
            for stage in simulated.timeline.passed(hours(now)):
                yield simulated, stage

    def replay(
        self, log_entries: Iterable[LogEntry], reached: Iterable[tuple[SimulatedDevice, Stage]], action_count: int
    ) -> None:
        """Continue from the log and stages of another home with the same devices; this one is then equal to it."""
        stages: dict[SimulatedDevice, list[Stage]] = {}
        for simulated, stage in reached:
            stages.setdefault(simulated, []).append(stage)
        for simulated, passed in stages.items():
            simulated.timeline.resume(passed)
        since = {simulated.device.id: passed[-1].since for simulated, passed in stages.items()}
        for log_entry in log_entries:
            if (entry := log_entry.entry) is not None:
                self._add(entry, since=since.get(entry.device_id, -math.inf))
        self.action_count = max(action_count, self.action_count)

    def _add(self, entry: Entry, since: float = -math.inf) -> None:
        """Add an entry to the log, and to the timeline its changes after the stage that the device has reached."""
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
    """Yield the changes that a log entry makes to a device."""
    match entry:
        case Action(follows_at=datetime() as follows_at, cancelled_at=None):
            yield Command(at=hours(follows_at), action=entry.id, active_command=entry.active_command)
            if entry.end is not None:
                yield WindowEnd(at=hours(entry.end), action=entry.id)
        case SettingsWritten():
            yield SettingsChange(at=hours(entry.at), values=entry.values)
        case ExternalCommand():
            yield Command(at=hours(entry.at), active_command=entry.active_command)


def latest_end(actions: Iterable[Action]) -> datetime | None:
    """Return when the last of the actions is over, None when one of them has no end.

    A slow acknowledgement conflicts with other actions beyond the end of its window.
    """
    ends = [None if action.end is None else max(action.end, action.finishes_at) for action in actions]
    return None if None in ends else max((end for end in ends if end is not None), default=None)
