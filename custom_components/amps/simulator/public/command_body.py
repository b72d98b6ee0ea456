"""What a push asks for (api §6.1)."""

from collections.abc import Mapping
from dataclasses import dataclass

from ..validation import Quantity, Validator


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandBody:
    """The body of a push."""

    command: str
    parameters: Mapping[str, Quantity]
    start: str | None
    end: str | None
    on_conflict: str | None
    sandbox: Mapping[str, object]


def read_command_body(body: object) -> CommandBody:
    """Return the body of a push; anything that the API does not know is refused."""
    found = Validator()
    members = found.members(body, "", required=("action",), optional=("onConflict", "sandbox"))
    action = found.members(
        members.get("action", {"command": ""}),
        "action",
        required=("command",),
        optional=("parameters", "start", "end"),
    )
    body = CommandBody(
        command=found.text(action.get("command", ""), "action.command"),
        parameters=found.quantities(action.get("parameters", {}), "action.parameters"),
        start=found.text(action["start"], "action.start") if "start" in action else None,
        end=found.text(action["end"], "action.end") if "end" in action else None,
        on_conflict=found.text(members["onConflict"], "onConflict") if "onConflict" in members else None,
        sandbox=found.mapping(members.get("sandbox", {}), "sandbox"),
    )
    found.check()
    return body
