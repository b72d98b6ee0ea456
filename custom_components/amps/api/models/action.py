"""Actions: what was asked of a device and what became of it (api §6)."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import BeforeValidator, model_validator

from ..names import slug
from .base import ActionSummary, Id, Quantity, UtcDatetime, Word


def _quantities(value: object) -> object:
    """Key parameters by slug; what is no quantity, as the verb of older generations, is left out."""
    if not isinstance(value, dict):
        return value
    return {slug(name): entry for name, entry in value.items() if _is_quantity(entry)}


def _is_quantity(entry: object) -> bool:
    if not isinstance(entry, dict):
        return False
    value, unit = entry.get("value"), entry.get("unit")
    return isinstance(value, int | float) and not isinstance(value, bool) and isinstance(unit, str)


class Action(ActionSummary):
    """An action in full: the answer to a push, or what `GET /actions` returns (api §6.2, §6.5)."""

    device_id: Id | None = None
    device_type: Word | None = None
    parameters: Annotated[Mapping[str, Quantity] | None, BeforeValidator(_quantities)] = None
    """By slug; None when the command took none."""
    acknowledged_at: UtcDatetime | None = None
    completed_at: UtcDatetime | None = None
    start: UtcDatetime | None = None
    """None for immediate actions."""
    end: UtcDatetime | None = None
    """None for actions without a window."""

    @model_validator(mode="before")
    @classmethod
    def _verb_of_older_generations(cls, raw: object) -> object:
        """Take the command from where it stood before 2026: `parameters.mode` (api §6.5)."""
        if not isinstance(raw, dict) or raw.get("command") is not None or not isinstance(raw.get("parameters"), dict):
            return raw
        return {**raw, "command": raw["parameters"].get("mode")}
