"""Readings (api §4)."""

from ..errors import TRANSIENT, ApiError, Code
from ..faults.disguise import disguise
from ..faults.kinds import Phase
from ..faults.registry import Fault
from ..home.home import Twin
from ..home.timeline import Stage
from ..live import EXPEDITED, NORMAL, Sight, Source
from ..routing import Call
from ..wire import JSONObject, hours, optional_iso
from ..world import World


def reading(world: World, twin: Twin, call: Call, *, single: bool) -> JSONObject:
    """Return the reading of a device; lists leave the settings out (api §4.2, §15.2 #24)."""
    device, model = twin.device, twin.device.model
    sight = (_seen_live if call.live else _seen_in_sandbox)(world, twin, call, single=single)
    instant = sight.instant or call.now
    stage = twin.stage(instant)
    course = stage.course.keeping_mode() if world.options.idle_keeps_mode else stage.course
    state = model.state(course, hours(instant))
    metadata: JSONObject = {"model": model.name, "source": sight.source.value}
    if sight.cache_type is not None:
        metadata["cacheType"] = sight.cache_type
    document: JSONObject = {
        "id": device.id,
        "vendor": model.vendor,
        "sync": {"available": sight.source is not Source.FALLBACK, "lastPulledAt": optional_iso(sight.instant)},
        "metadata": metadata,
        "state": dict.fromkeys(state) if sight.instant is None else state,
    }
    if device.kind.pushable:
        document |= _commanded(world, twin, call, stage, single=single)
    for fault in world.faults.strike(Phase.READING, call.trace, device.id):
        disguise(document, model, fault.effect)
    return document


def _commanded(world: World, twin: Twin, call: Call, stage: Stage, *, single: bool) -> JSONObject:
    """Return what only readings of devices that take commands have."""
    device, model = twin.device, twin.device.model
    document: JSONObject = {
        "conflictStrategies": model.conflict_strategies,
        "commands": model.commands_document,
    }
    if single and device.kind.configurable:
        document["settings"] = model.settings_document(stage.settings)
    # In live the summary lags behind; the action itself tells the truth at once (api §4.8).
    known = call.now - world.timing.live_lag if call.live else call.now
    last_action = world.home.last_action(twin, known)
    document["lastAction"] = None if last_action is None else last_action.summary(known, with_error=single)
    document["currentSchedule"] = None
    return document


def _seen_live(world: World, twin: Twin, call: Call, *, single: bool) -> Sight:
    """Return how live sees a device (api §10)."""
    if not single:
        return world.live.listed(twin.device.id)

    def ask() -> Code | None:
        call.trace.pulled = True
        refusal = _refusal(world, twin, call)
        return None if refusal is None else refusal.effect.code

    if call.trace.well_known is not None:
        # Its fault is nothing that the device itself has: neither shows in the other's place.
        return world.live.read_apart(call.now, ask)
    return world.live.read(twin.device.id, call.now, EXPEDITED if call.word("expedite") == "true" else NORMAL, ask)


def _seen_in_sandbox(world: World, twin: Twin, call: Call, *, single: bool) -> Sight:
    """Return how the sandbox sees a device: as it is, unless a fault keeps it as it was when that was made."""
    refusal = _refusal(world, twin, call)
    if refusal is None:
        return Sight(instant=call.now, source=Source.PROJECTION)
    if refusal.effect.code in TRANSIENT:
        return Sight(instant=refusal.made, source=Source.FALLBACK)
    if single:
        raise ApiError(refusal.effect.code)
    return Sight(instant=refusal.made, source=Source.PROJECTION)


def _refusal(world: World, twin: Twin, call: Call) -> Fault | None:
    """Return what keeps the manufacturer from answering, if anything does."""
    return next(world.faults.strike(Phase.MANUFACTURER, call.trace, twin.device.id), None)
