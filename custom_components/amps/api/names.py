"""Names, ids and codes of the API.

The API writes commands with dots (`auto.balanced`), parameters in camel case (`heatSetpoint`) and paths with hyphens.
Everything outside this package uses slugs (`auto_balanced`, `heat_setpoint`), as Home Assistant's translation keys do.
"""

from functools import lru_cache
import re
from typing import Final

_WORD_BOUNDARY = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_SEPARATORS = re.compile(r"[^a-z0-9]+")
_CODE = re.compile(r"[A-Z][A-Z0-9_]{0,63}")
_MAX_LENGTH: Final = 100
"""The maximum number of characters of a name."""
_NO_IDS: Final = ("", ".", "..")
"""Segments that would lead to another path."""


def slug(name: str) -> str:
    """Return a wire name as a slug: `auto.balanced` → `auto_balanced`, `heatSetpoint` → `heat_setpoint`.

    The slug is empty if the name is too long, or has no ASCII letter or digit.
    """
    return _slug(name) if len(name) <= _MAX_LENGTH else ""


@lru_cache(maxsize=1024)
def _slug(name: str) -> str:
    return _SEPARATORS.sub("_", _WORD_BOUNDARY.sub("_", name).lower()).strip("_")


def read_id(value: object) -> str | None:
    """Return an id as text, a number as its digits; None for anything that is no id (design §3, §4)."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) and value not in _NO_IDS else None


def read_code(value: object) -> str | None:
    """Return the code of an error, None for anything else: a text that is no code may name a person (api §8)."""
    return value if isinstance(value, str) and _CODE.fullmatch(value) else None
