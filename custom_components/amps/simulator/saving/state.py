"""Everything that a simulator knows as one JSON document, and back (design §8).

Of what was done to the home the later part is saved, and of the earlier part where that led to: readings are made anew
from both, to the same bytes. The clock and the requests asked for are not saved, only when it was.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from itertools import starmap

from ..auth import KeyRing
from ..clock import LATEST, SimulatedClock
from ..devices.base import ActiveCommand, Model
from ..errors import ApiError, validation_error
from ..faults.kinds import KINDS, Effect, read_effect
from ..faults.registry import Faults
from ..home.actions import Action, Timing
from ..home.history import ExternalCommand, LogEntry, Reached, SettingsWritten
from ..home.home import Home, SimulatedDevice
from ..home.timeline import Stage
from ..live import TierCache
from ..public.push import check_parameters
from ..public.settings import check_settings
from ..validation import Quantity, Validator
from ..webhooks.outbox import Outbox, OutboxState
from ..webhooks.webhook import is_secret, is_url
from ..wire import JSON, JSONObject, hours
from ..world import Options, World
from .plain import plain, read

VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """The state at an instant of the home that has this signature."""

    version: int
    home: str
    at: datetime
    timing: Timing
    keys: KeyRing
    live: TierCache
    faults: Faults
    outbox: OutboxState
    absent: tuple[str, ...]
    log: tuple[LogEntry, ...]
    reached: tuple[Reached, ...] = ()
    actions: int = 0
    resets: int = 0
    options: Options = field(default_factory=Options)


def capture(world: World, now: datetime) -> Callable[[], JSON]:
    """Return what makes the document of the state of a simulator at an instant, which takes longer than to capture it.

    It can be called in another thread, while the simulator goes on: nothing that changes is in it.
    """
    for simulated in world.home.devices():
        world.fold(simulated, now)
    entries, reached = tuple(world.home.log(now)), tuple(world.home.reached(now))
    part = partial(
        Saved,
        version=VERSION,
        home=world.home.signature,
        at=now,
        timing=world.timing,
        keys=replace(world.keys, states=dict(world.keys.states)),
        live=replace(world.live, records=dict(world.live.records)),
        faults=replace(world.faults, faults=dict(world.faults.faults)),
        outbox=world.outbox.state,
        absent=tuple(simulated.device.id for simulated in world.home.devices() if not simulated.present),
        resets=world.resets,
        options=world.options,
        actions=world.home.action_count,
    )
    return lambda: plain(part(log=tuple(map(_log_entry, entries)), reached=tuple(starmap(_reached, reached))))


def restore(world: World, document: object) -> datetime:
    """Let a simulator go on from a state, all or nothing, and return the instant that it is of.

    A clock that can be moved is moved forward to that instant. Raises ApiError when the document is broken, of another
    version, or of another home.
    """
    home = world.new_home()
    saved, reached = _read(document, home)
    home.replay(saved.log, reached, saved.actions)
    for device_id in saved.absent:
        if simulated := home.any_device(device_id):
            home.set_present(simulated, present=False)
    outbox = Outbox(world.seed, saved.outbox)
    for log_entry in saved.log:
        if log_entry.action and log_entry.action.finishes > saved.at:
            outbox.expect(log_entry.action)
    world.home, world.outbox, world.resets = home, outbox, saved.resets
    world.timing, world.keys, world.live, world.faults = saved.timing, saved.keys, saved.live, saved.faults
    world.options = saved.options
    for simulated in home.devices():
        world.fold(simulated, saved.at)
    if isinstance(world.clock, SimulatedClock) and world.clock.now() < saved.at:
        world.clock.set(saved.at)
    return saved.at


def _log_entry(entry: Action | SettingsWritten | ExternalCommand) -> LogEntry:
    match entry:
        case Action():
            return LogEntry(action=entry)
        case SettingsWritten():
            return LogEntry(settings_written=entry)
        case ExternalCommand():
            return LogEntry(external_command=entry)


def _reached(simulated: SimulatedDevice, stage: Stage) -> Reached:
    return Reached(
        device_id=simulated.device.id,
        since=stage.since,
        initial=plain(stage.behaviour.initial),
        settings={name: stage.settings[name] for name in simulated.device.model.writable_defaults},
        action_id=stage.action_id,
    )


def is_of_another(home: Home, document: object) -> bool:
    """Return whether a document that was refused is the state of another home."""
    header = _header(document)
    return header.get("version") == VERSION and header.get("home") not in (None, home.signature)


def _header(document: object) -> Mapping[str, object]:
    return document if isinstance(document, dict) else {}


def _read(document: object, home: Home) -> tuple[Saved, list[tuple[SimulatedDevice, Stage]]]:
    """Return the state that a document holds, with the stages that the devices have reached, or refuse it."""
    header = _header(document)
    if header.get("version") != VERSION:
        raise validation_error(("version", f"must be {VERSION}"))
    if header.get("home") != home.signature:
        raise validation_error(("home", "must be the signature of this home: other devices follow from another seed"))
    validator = Validator()
    saved = read(validator, Saved, document, "")
    validator.check()
    for path, problem in _problems(home, saved):
        validator.add_error(path, problem)
    validator.check()
    stages = [
        stage
        for place, reached in enumerate(saved.reached)
        for stage in _restored(home, reached, f"reached.{place}.initial")
    ]
    return replace(saved, log=tuple(_completed(home, log_entry) for log_entry in saved.log)), stages


def _problems(home: Home, saved: Saved) -> Iterator[tuple[str, str]]:
    """Yield what the types alone do not show: where and what."""
    if saved.at > LATEST:
        yield "at", f"must not be beyond {LATEST.year}"
    for device_id in saved.absent:
        if home.any_device(device_id) is None:
            yield "absent", f"there is no device {device_id}"
    for place, webhook in enumerate(saved.outbox.webhooks):
        if not (is_url(webhook.url) and is_secret(webhook.secret) and is_secret(webhook.retired or webhook.secret)):
            yield f"outbox.webhooks.{place}", "must have a URL and secrets"
    for name, fault in saved.faults.faults.items():
        if not _is_effect(fault.effect):
            yield f"faults.faults.{name}.effect", "must be of a kind, with its options"
    yield from _log_problems(home, saved)
    yield from _reached_problems(home, saved)


def _log_problems(home: Home, saved: Saved) -> Iterator[tuple[str, str]]:
    for place, log_entry in enumerate(saved.log):
        if problem := _problem(home, log_entry, saved.at):
            yield f"log.{place}", problem
    action_ids = [log_entry.action.id for log_entry in saved.log if log_entry.action]
    if len(set(action_ids)) < len(action_ids):
        yield "log", "every action must have an id of its own"


def _reached_problems(home: Home, saved: Saved) -> Iterator[tuple[str, str]]:
    since: dict[str, float] = {}
    for place, reached in enumerate(saved.reached):
        if problem := _reached_problem(home, reached, saved.at):
            yield f"reached.{place}", problem
        if reached.since < since.setdefault(reached.device_id, reached.since):
            yield f"reached.{place}", "must not come before another stage of its device"
        since[reached.device_id] = reached.since


def _problem(home: Home, log_entry: LogEntry, now: datetime) -> str | None:
    """Return why something cannot have been done to a home."""
    done = [
        each for each in (log_entry.action, log_entry.settings_written, log_entry.external_command) if each is not None
    ]
    simulated = home.any_device(done[0].device_id) if len(done) == 1 else None
    if simulated is None:
        return "must be one thing that was done to one device of the home"
    model = simulated.device.model
    try:
        if log_entry.settings_written is not None:
            _check_settings(model, log_entry.settings_written.values)
        for active_command in (
            each.active_command for each in (log_entry.action, log_entry.external_command) if each is not None
        ):
            if active_command.command not in model.commands:
                return "must be a command of the device"
            check_parameters(model.commands[active_command.command], _parameters(model, active_command))
    except ApiError as error:
        return error.code.message
    return "must not be of the future" if log_entry.action is not None and log_entry.action.created > now else None


def _reached_problem(home: Home, reached: Reached, now: datetime) -> str | None:
    """Return why a device cannot have reached a stage, of whose initial state nothing is known yet."""
    simulated = home.any_device(reached.device_id)
    if simulated is None or not simulated.device.kind.pushable:
        return "must be of a device of the home that takes commands"
    try:
        _check_settings(simulated.device.model, reached.settings)
    except ApiError as error:
        return error.code.message
    return None if 0 <= reached.since <= hours(now) else "must not be of the future"


def _restored(home: Home, reached: Reached, path: str) -> Iterator[tuple[SimulatedDevice, Stage]]:
    """Yield the stage that a device has reached, or refuse what it is said to have begun with."""
    simulated = home.any_device(reached.device_id)
    if simulated is None:
        return
    model, validator = simulated.device.model, Validator()
    initial = read(validator, model.initial_state(), reached.initial, path)
    validator.check()
    if error := model.state_error(initial):
        raise validation_error((path, error))
    settings = {**model.default_settings, **reached.settings}
    behaviour = simulated.default_behaviour().restored(initial, settings, reached.since)
    yield simulated, Stage(since=reached.since, behaviour=behaviour, settings=settings, action_id=reached.action_id)


def _check_settings(model: Model, values: Mapping[str, float]) -> None:
    units = {name: setting.unit or "" for name, setting in model.settings.items()}
    check_settings(model.settings, _quantities(values, units))


def _completed(home: Home, log_entry: LogEntry) -> LogEntry:
    """Return a log entry with what follows from its device, rather than with what a document says of that."""
    action = log_entry.action
    simulated = None if action is None else home.any_device(action.device_id)
    if action is None or simulated is None:
        return log_entry
    parameters: JSONObject = {
        name: {"value": quantity.value, "unit": quantity.unit}
        for name, quantity in _parameters(simulated.device.model, action.active_command).items()
    }
    return LogEntry(action=replace(action, device_type=simulated.device.kind.name, parameters=parameters or None))


def _parameters(model: Model, active_command: ActiveCommand) -> dict[str, Quantity]:
    declared = model.commands[active_command.command].parameters
    return _quantities(active_command.values, {name: parameter.unit for name, parameter in declared.items()})


def _quantities(values: Mapping[str, float], units: Mapping[str, str]) -> dict[str, Quantity]:
    return {name: Quantity(value, units.get(name, "")) for name, value in values.items()}


def _is_effect(effect: Effect) -> bool:
    """Return whether a fault could have been made like this."""
    if effect.kind not in KINDS or effect.options.keys() != KINDS[effect.kind].options.keys():
        return False
    validator = Validator()
    try:
        read = read_effect(validator, effect.kind, effect.options)
        validator.check()
    except ApiError:
        return False
    # Null is no code, although whoever leaves the code out need not say so.
    return read == effect
