"""What stands against a command before it is sent (design §6)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Self

_KEYS_WITHOUT_ALTERNATIVES: Final[Mapping[str, str]] = {
    "command_not_supported": "no_commands",
    "execution_not_supported": "no_execution",
    "parameter_not_supported": "no_parameters",
    "setting_not_supported": "no_writable_settings",
    "setting_read_only": "no_writable_settings",
}
"""The keys of messages that say what would work instead, and of those that say that nothing would."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection:
    """Why a device would refuse a command."""

    key: str
    """The key of its message."""
    placeholders: Mapping[str, str]
    supported: tuple[str, ...] = ()
    """What would work instead."""

    @classmethod
    def of(cls, key: str, supported: Iterable[str] = (), **placeholders: str) -> Self:
        """Return an objection with the placeholders of its message, which does not list what works if nothing does."""
        alternatives = tuple(sorted(supported))
        key = key if alternatives else _KEYS_WITHOUT_ALTERNATIVES.get(key, key)
        return cls(key=key, placeholders=placeholders, supported=alternatives)
