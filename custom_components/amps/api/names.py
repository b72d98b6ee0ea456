"""Names and ids: the wire's spelling and ours.

The wire spells commands with dots (`auto.balanced`), parameters in camel case (`heatSetpoint`) and paths with hyphens.
Everything outside this package uses slugs (`auto_balanced`, `heat_setpoint`), as Home Assistant's translation keys do.
"""

from functools import lru_cache
import re
from typing import Final

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_SEPARATORS = re.compile(r"[^a-z0-9]+")
_CODE = re.compile(r"[A-Z][A-Z0-9_]{0,63}")
_MAX_LENGTH: Final = 100
"""Characters of a name."""
_NO_IDS: Final = ("", ".", "..")
"""What would be another path."""


def slug(name: str) -> str:
    """Return a wire name as a slug: `auto.balanced` → `auto_balanced`, `heatSetpoint` → `heat_setpoint`.

    What is too long to be a name, or has no letter or digit of a slug, has an empty one.
    """
    return _slug(name) if len(name) <= _MAX_LENGTH else ""


@lru_cache(maxsize=1024)
def _slug(name: str) -> str:
    return _SEPARATORS.sub("_", _HUMP.sub("_", name).lower()).strip("_")


def read_id(value: object) -> str | None:
    """Return an id as text, of a number its digits; None for what is no id (design §3, §4)."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) and value not in _NO_IDS else None


def read_code(value: object) -> str | None:
    """Return the code of an error, None for anything else: a text that is no code may name a person (api §8)."""
    return value if isinstance(value, str) and _CODE.fullmatch(value) else None
