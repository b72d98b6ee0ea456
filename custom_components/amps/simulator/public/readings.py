"""Readings (api §4)."""

from ..errors import TRANSIENT, Code
from ..faults.kinds import Phase
from ..faults.reading_faults import apply_reading_fault
from ..faults.registry import Fault
from ..home.home import SimulatedDevice
from ..home.timeline import Stage
from ..live import EXPEDITED, NORMAL, Source, TierView
from ..routing import Call
from ..wire import JSONObject, hours, optional_iso
from ..world import World


def reading(world: World, simulated: SimulatedDevice, call: Call, *, single: bool) -> JSONObject:
    """Return the reading of a device; lists leave the settings out (api §4.2, §15.2 #24)."""
    device, model = simulated.device, simulated.device.model
    view = (_seen_live if call.live else _seen_in_sandbox)(world, simulated, call, single=single)
    instant = view.instant or call.now
    stage = simulated.stage(instant)
    behaviour = stage.behaviour.keeping_mode() if world.options.idle_keeps_mode else stage.behaviour
    state = model.state(behaviour, hours(instant))
    metadata: JSONObject = {"model": model.name, "source": view.source.value}
    if view.cache_type is not None:
        metadata["cacheType"] = view.cache_type
    document: JSONObject = {
        "id": device.id,
        "vendor": model.vendor,
        "sync": {"available": view.source is not Source.FALLBACK, "lastPulledAt": optional_iso(view.instant)},
        "metadata": metadata,
        "state": dict.fromkeys(state) if view.instant is None else state,
    }
    if device.kind.pushable:
        document |= _commanded(world, simulated, call, stage, single=single)
    for fault in world.faults.strike(Phase.READING, call.trace, device.id):
        apply_reading_fault(document, model, fault.effect)
    return document


def _commanded(world: World, simulated: SimulatedDevice, call: Call, stage: Stage, *, single: bool) -> JSONObject:
    """Return what only readings of devices that take commands have."""
    device, model = simulated.device, simulated.device.model
    document: JSONObject = {
        "conflictStrategies": model.conflict_strategies,
        "commands": model.commands_document,
    }
    if single and device.kind.configurable:
        document["settings"] = model.settings_document(stage.settings)
    # In live the summary lags behind; the action itself tells the truth at once (api §4.8).
    known = call.now - world.timing.live_lag if call.live else call.now
    last_action = world.home.last_action(simulated, known)
    document["lastAction"] = None if last_action is None else last_action.summary(known, with_error=single)
    document["currentSchedule"] = None
    return document


def _seen_live(world: World, simulated: SimulatedDevice, call: Call, *, single: bool) -> TierView:
    """Return how live sees a device (api §10)."""
    if not single:
        return world.live.listed(simulated.device.id)

    def ask() -> Code | None:
        call.trace.pulled = True
        fault = _manufacturer_fault(world, simulated, call)
        return None if fault is None else fault.effect.refusal().code

    if call.trace.well_known is not None:
        # Its fault is nothing that the device itself has: neither shows in the other's place.
        return world.live.read_uncached(call.now, ask)
    return world.live.read(simulated.device.id, call.now, EXPEDITED if call.word("expedite") == "true" else NORMAL, ask)


def _seen_in_sandbox(world: World, simulated: SimulatedDevice, call: Call, *, single: bool) -> TierView:
    """Return how the sandbox sees a device: as it is, unless a fault keeps it as it was when that was made."""
    fault = _manufacturer_fault(world, simulated, call)
    if fault is None:
        return TierView(instant=call.now, source=Source.PROJECTION)
    error = fault.effect.refusal()
    if error.code in TRANSIENT:
        return TierView(instant=fault.made, source=Source.FALLBACK)
    if single:
        raise error
    return TierView(instant=fault.made, source=Source.PROJECTION)


def _manufacturer_fault(world: World, simulated: SimulatedDevice, call: Call) -> Fault | None:
    """Return the fault, if any, with which the manufacturer answers."""
    return next(world.faults.strike(Phase.MANUFACTURER, call.trace, simulated.device.id), None)
