"""Actions: commands that Amps accepted, and their state (api §6)."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import BeforeValidator, model_validator

from ..names import slug
from .base import ActionSummary, Id, Quantity, UtcDatetime, WireName


def _quantities(value: object) -> object:
    """Return parameters by slug, without those that are no quantity, such as the command in older generations."""
    if not isinstance(value, dict):
        return value
    return {slug(name): entry for name, entry in value.items() if _is_quantity(entry)}


def _is_quantity(entry: object) -> bool:
    if not isinstance(entry, dict):
        return False
    value, unit = entry.get("value"), entry.get("unit")
    return isinstance(value, int | float) and not isinstance(value, bool) and isinstance(unit, str)


class Action(ActionSummary):
    """A complete action: the answer to a command, or to `GET /actions` (api §6.2, §6.5)."""

    device_id: Id | None = None
    device_type: WireName | None = None
    parameters: Annotated[Mapping[str, Quantity] | None, BeforeValidator(_quantities)] = None
    """By slug; None if the command has none."""
    acknowledged_at: UtcDatetime | None = None
    completed_at: UtcDatetime | None = None
    start: UtcDatetime | None = None
    """None for immediate actions."""
    end: UtcDatetime | None = None
    """None for actions without a window."""

    @model_validator(mode="before")
    @classmethod
    def _command_of_older_generations(cls, raw: object) -> object:
        """Take the command from `parameters.mode`, where it was before 2026 (api §6.5)."""
        if not isinstance(raw, dict) or raw.get("command") is not None or not isinstance(raw.get("parameters"), dict):
            return raw
        return {**raw, "command": raw["parameters"].get("mode")}
