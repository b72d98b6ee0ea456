"""Readings (api §4)."""

from ..errors import TRANSIENT, ErrorCode
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
    view = (_live_view if call.live else _sandbox_view)(world, simulated, call, single=single)
    state_at = view.state_at or call.now
    stage = simulated.stage(state_at)
    behaviour = stage.behaviour.keeping_mode() if world.options.idle_keeps_mode else stage.behaviour
    state = model.state(behaviour, hours(state_at))
    metadata: JSONObject = {"model": model.name, "source": view.source.value}
    if view.cache_type is not None:
        metadata["cacheType"] = view.cache_type
    document: JSONObject = {
        "id": device.id,
        "vendor": model.vendor,
        "sync": {"available": view.source is not Source.FALLBACK, "lastPulledAt": optional_iso(view.state_at)},
        "metadata": metadata,
        "state": dict.fromkeys(state) if view.state_at is None else state,
    }
    if device.kind.pushable:
        document |= _command_members(world, simulated, call, stage, single=single)
    for fault in world.faults.take(Phase.READING, call.trace, device.id):
        apply_reading_fault(document, model, fault.effect)
    return document


def _command_members(world: World, simulated: SimulatedDevice, call: Call, stage: Stage, *, single: bool) -> JSONObject:
    """Return the members that only readings of devices with commands have."""
    device, model = simulated.device, simulated.device.model
    document: JSONObject = {
        "conflictStrategies": model.conflict_strategies,
        "commands": model.commands_document,
    }
    if single and device.kind.configurable:
        document["settings"] = model.settings_document(stage.settings)
    # In live the summary lags behind, the action itself does not (api §4.8).
    summary_at = call.now - world.timing.live_lag if call.live else call.now
    last_action = world.home.last_action(simulated, summary_at)
    document["lastAction"] = None if last_action is None else last_action.summary(summary_at, with_error=single)
    document["currentSchedule"] = None
    return document


def _live_view(world: World, simulated: SimulatedDevice, call: Call, *, single: bool) -> TierView:
    """Return what live shows of a device (api §10)."""
    if not single:
        return world.live.listed(simulated.device.id)

    def ask() -> ErrorCode | None:
        call.trace.manufacturer_asked = True
        fault = _manufacturer_fault(world, simulated, call)
        return None if fault is None else fault.effect.error().code

    if call.trace.well_known is not None:
        # The fault belongs to the id alone: it must not show on the device, nor the device's stored data on the id.
        return world.live.read_uncached(call.now, ask)
    return world.live.read(simulated.device.id, call.now, EXPEDITED if call.text("expedite") == "true" else NORMAL, ask)


def _sandbox_view(world: World, simulated: SimulatedDevice, call: Call, *, single: bool) -> TierView:
    """Return what the sandbox shows of a device: the present state, or that of when a fault was made."""
    fault = _manufacturer_fault(world, simulated, call)
    if fault is None:
        return TierView(state_at=call.now, source=Source.PROJECTION)
    error = fault.effect.error()
    if error.code in TRANSIENT:
        return TierView(state_at=fault.made_at, source=Source.FALLBACK)
    if single:
        raise error
    return TierView(state_at=fault.made_at, source=Source.PROJECTION)


def _manufacturer_fault(world: World, simulated: SimulatedDevice, call: Call) -> Fault | None:
    """Return the fault, if any, with which the manufacturer answers."""
    return next(world.faults.take(Phase.MANUFACTURER, call.trace, simulated.device.id), None)
