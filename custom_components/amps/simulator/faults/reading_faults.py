"""The faults of a reading (api §15.3 #49)."""

from ..devices import Model
from ..wire import JSONObject
from .kinds import FaultEffect, NullFields, UnknownValues

UNKNOWN = "not_known_yet"
"""A value that the contract does not have; a later version may (api §0.2)."""


def apply_reading_fault(document: JSONObject, model: Model, effect: FaultEffect) -> None:
    """Change a reading by the effect of a fault."""
    match effect:
        case UnknownValues():
            _set_unknown_values(document, model)
        case NullFields():
            _set_null(document, effect.fields)
        case _:
            raise NotImplementedError(effect.kind)


def _set_unknown_values(document: JSONObject, model: Model) -> None:
    """Put an unknown value in the place of every enum value; what a device can do stays declared beside it."""
    for part, names in (("state", None), ("metadata", ("source",)), ("lastAction", ("state",))):
        members = document.get(part)
        if isinstance(members, dict):
            document[part] = {
                name: UNKNOWN if isinstance(value, str) and (names is None or name in names) else value
                for name, value in members.items()
            }
    if "commands" in document:
        document["commands"] = {
            name: {**command.document(), "execution": (*command.execution, UNKNOWN)}
            for name, command in model.commands.items()
        }
        document["conflictStrategies"] = (*model.conflict_strategies, UNKNOWN)


def _set_null(document: JSONObject, fields: list[str] | None) -> None:
    """Report null in some fields of the state, or in all (api §4.3)."""
    state = document["state"]
    if isinstance(state, dict):
        document["state"] = {name: None if fields is None or name in fields else value for name, value in state.items()}
