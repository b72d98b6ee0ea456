"""What stands against a command before it is sent (design §6)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self


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
        """Return an objection with the placeholders of its message."""
        return cls(key=key, placeholders=placeholders, supported=tuple(sorted(supported)))
