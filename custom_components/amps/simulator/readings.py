"""Readings (api §4)."""

from .home import Twin
from .live import EXPEDITED, NORMAL, Sight, Source
from .routing import Call
from .wire import JSONObject, hours, optional_iso
from .world import World


def reading(world: World, twin: Twin, call: Call, *, single: bool) -> JSONObject:
    """Return the reading of a device; lists leave the settings out (api §4.2, §15.2 #24)."""
    sight = _sight(world, twin, call, single=single)
    device, stage = twin.device, twin.stage(sight.instant or call.now)
    model = device.model
    state = model.state(stage.course, hours(sight.instant or call.now))
    metadata: JSONObject = {"model": model.name, "source": sight.source.value}
    if sight.cache_type is not None:
        metadata["cacheType"] = sight.cache_type
    document: JSONObject = {
        "id": device.id,
        "vendor": model.vendor,
        "sync": {"available": True, "lastPulledAt": optional_iso(sight.instant)},
        "metadata": metadata,
        "state": dict.fromkeys(state) if sight.instant is None else state,
    }
    if not device.kind.pushable:
        return document
    document["conflictStrategies"] = model.conflict_strategies
    document["commands"] = model.commands_document
    if single and device.kind.configurable:
        document["settings"] = model.settings_document(stage.settings)
    # In live the summary lags behind; the action itself tells the truth at once (api §4.8).
    known = call.now - world.timing.live_lag if call.live else call.now
    last_action = world.home.last_action(twin, known)
    document["lastAction"] = None if last_action is None else last_action.summary(known, with_error=single)
    document["currentSchedule"] = None
    return document


def _sight(world: World, twin: Twin, call: Call, *, single: bool) -> Sight:
    """Return how the environment of a request sees a device."""
    if not call.live:
        return Sight(instant=call.now, source=Source.PROJECTION)
    if not single:
        return world.live.listed(twin.device.id)
    tempo = EXPEDITED if call.word("expedite") == "true" else NORMAL
    sight = world.live.read(twin.device.id, call.now, tempo)
    call.trace.pulled = sight.source is Source.LIVE
    return sight
