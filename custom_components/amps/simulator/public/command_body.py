"""The body of a push (api §6.1)."""

from typing import Any

from pydantic import Field

from ..validation import Body, Maybe, Quantity


class PushedAction(Body):
    """The command and its times."""

    command: str
    parameters: dict[str, Quantity] = Field(default_factory=dict)
    start: Maybe[str] = None
    end: Maybe[str] = None


class CommandBody(Body):
    """The body of a push; what the `sandbox` member holds is free (api §15.3 #48)."""

    action: PushedAction
    on_conflict: Maybe[str] = None
    sandbox: dict[str, Any] = Field(default_factory=dict)
