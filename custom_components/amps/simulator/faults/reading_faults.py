"""What faults make a reading say (api §15.3 #49)."""

from collections.abc import Callable, Mapping

from ..devices import Model
from ..wire import JSONObject
from .kinds import Effect

UNKNOWN = "not_known_yet"
"""A word that no contract has; the next one might (api §0.2)."""


def apply_reading_fault(document: JSONObject, model: Model, effect: Effect) -> None:
    """Change a reading as an effect has it."""
    _READING_FAULTS[effect.kind](document, model, effect)


def _say_new_words(document: JSONObject, model: Model, _effect: Effect) -> None:
    """Put a new word wherever the contract has a fixed choice of them; what a device can do stays declared as well."""
    for part, words in (("state", None), ("metadata", ("source",)), ("lastAction", ("state",))):
        members = document.get(part)
        if isinstance(members, dict):
            document[part] = {
                name: UNKNOWN if isinstance(value, str) and (words is None or name in words) else value
                for name, value in members.items()
            }
    if "commands" in document:
        document["commands"] = {
            name: {**command.document(), "execution": (*command.execution, UNKNOWN)}
            for name, command in model.commands.items()
        }
        document["conflictStrategies"] = (*model.conflict_strategies, UNKNOWN)


def _leave_out(document: JSONObject, _model: Model, effect: Effect) -> None:
    """Report nothing in some fields of the state, or in all (api §4.3)."""
    state, fields = document["state"], effect.words("fields")
    if isinstance(state, dict):
        document["state"] = {name: None if fields is None or name in fields else value for name, value in state.items()}


_READING_FAULTS: Mapping[str, Callable[[JSONObject, Model, Effect], None]] = {
    "unknown_values": _say_new_words,
    "null_fields": _leave_out,
}
