"""Saving and restoring the whole state of a simulator (design §8).

The later part of the log is saved, and in the place of the earlier part the stages that the devices reached: readings
are computed from both, with the same bytes. The clock and the log of requests are not saved, only the instant.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from itertools import starmap

from ..clock import SimulatedClock
from ..errors import validation_error
from ..home.history import LogEntry, Reached
from ..home.home import Home, SimulatedDevice
from ..home.timeline import Stage
from ..webhooks.outbox import Outbox
from ..wire import JSON
from ..world import World
from .checks import quantities, state_errors
from .document import VERSION, SavedState, read_document, write_document


def capture(world: World, now: datetime) -> Callable[[], JSON]:
    """Return a function that makes the document of the state at an instant; making it takes longer than to capture it.

    It can be called in another thread while the simulator goes on: it holds nothing that changes.
    """
    for simulated in world.home.devices():
        world.fold(simulated, now)
    entries, reached = tuple(world.home.log(now)), tuple(world.home.reached(now))
    state = partial(
        SavedState,
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
    return lambda: write_document(
        state(log=tuple(map(LogEntry.of, entries)), reached=tuple(starmap(_reached, reached)))
    )


def restore(world: World, document: object) -> datetime:
    """Let a simulator continue from a state, completely or not at all, and return the instant of the state.

    A clock that can be moved is moved forward to that instant. Raises ApiError when the document is broken, of another
    version, or of another home.
    """
    home = world.new_home()
    saved = _read(document, home)
    stages = [stage for index, reached in enumerate(saved.reached) for stage in _stages(home, reached, index)]
    log = [_completed(home, log_entry) for log_entry in saved.log]
    home.replay(log, stages, saved.actions)
    for device_id in saved.absent:
        if simulated := home.any_device(device_id):
            home.set_present(simulated, present=False)
    outbox = Outbox(world.seed, saved.outbox)
    for log_entry in log:
        if log_entry.action and log_entry.action.finishes_at > saved.at:
            outbox.expect(log_entry.action)
    world.home, world.outbox, world.resets = home, outbox, saved.resets
    world.timing, world.keys, world.live, world.faults = saved.timing, saved.keys, saved.live, saved.faults
    world.options = saved.options
    for simulated in home.devices():
        world.fold(simulated, saved.at)
    if isinstance(world.clock, SimulatedClock) and world.clock.now() < saved.at:
        world.clock.set(saved.at)
    return saved.at


def is_of_another_home(home: Home, document: object) -> bool:
    """Return whether a document that was refused is the state of another home."""
    header = _header(document)
    return header.get("version") == VERSION and header.get("home") not in (None, home.signature)


def _header(document: object) -> Mapping[str, object]:
    return document if isinstance(document, dict) else {}


def _read(document: object, home: Home) -> SavedState:
    """Return the state of a document, or refuse it."""
    header = _header(document)
    if header.get("version") != VERSION:
        raise validation_error(("version", f"must be {VERSION}"))
    if header.get("home") != home.signature:
        raise validation_error(("home", "must be the signature of this home: other devices follow from another seed"))
    saved = read_document(SavedState, document)
    if errors := list(state_errors(home, saved)):
        raise validation_error(*errors)
    return saved


def _reached(simulated: SimulatedDevice, stage: Stage) -> Reached:
    return Reached(
        device_id=simulated.device.id,
        since=stage.since,
        initial=write_document(stage.behaviour.initial),
        settings={name: stage.settings[name] for name in simulated.device.model.writable_defaults},
        action_id=stage.action_id,
    )


def _stages(home: Home, reached: Reached, index: int) -> Iterator[tuple[SimulatedDevice, Stage]]:
    """Yield the stage that a device has reached, or refuse its initial state."""
    simulated = home.any_device(reached.device_id)
    if simulated is None:
        return
    model, path = simulated.device.model, ("reached", index, "initial")
    initial = read_document(model.initial_state(), reached.initial, *path)
    if error := model.state_error(initial):
        raise validation_error((".".join(map(str, path)), error))
    settings = {**model.default_settings, **reached.settings}
    behaviour = simulated.default_behaviour().restored(initial, settings, reached.since)
    yield simulated, Stage(since=reached.since, behaviour=behaviour, settings=settings, action_id=reached.action_id)


def _completed(home: Home, log_entry: LogEntry) -> LogEntry:
    """Return a log entry with what follows from its device, instead of what the document has there."""
    action = log_entry.action
    simulated = None if action is None else home.any_device(action.device_id)
    if action is None or simulated is None:
        return log_entry
    device = simulated.device
    parameters = {name: each.model_dump() for name, each in quantities(device.model, action.active_command).items()}
    return LogEntry(action=replace(action, device_type=device.kind.name, parameters=parameters or None))
