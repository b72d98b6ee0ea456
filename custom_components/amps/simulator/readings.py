"""Readings (api §4)."""

from datetime import datetime

from .home import Home, Twin
from .wire import JSONObject, hours, iso


def reading(home: Home, twin: Twin, now: datetime, *, single: bool) -> JSONObject:
    """Return the reading of a device; lists leave the settings out (api §4.2, §15.2 #24)."""
    device, stage = twin.device, twin.stage(now)
    model = device.model
    document: JSONObject = {
        "id": device.id,
        "vendor": model.vendor,
        "sync": {"available": True, "lastPulledAt": iso(now)},
        "metadata": {"model": model.name, "source": "projection"},
        "state": model.state(stage.course, hours(now)),
    }
    if not device.kind.pushable:
        return document
    document["conflictStrategies"] = model.conflict_strategies
    document["commands"] = model.commands_document
    if single and device.kind.configurable:
        document["settings"] = model.settings_document(stage.settings)
    last_action = home.last_action(twin)
    document["lastAction"] = None if last_action is None else last_action.summary(now, with_error=single)
    document["currentSchedule"] = None
    return document
