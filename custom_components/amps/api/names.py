"""Names: the wire's spelling and ours.

The wire spells commands with dots (`auto.balanced`), parameters in camel case (`heatSetpoint`) and paths with hyphens.
Everything outside this package uses slugs (`auto_balanced`, `heat_setpoint`), as Home Assistant's translation keys do.
"""

from functools import lru_cache
import re

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_SEPARATORS = re.compile(r"[^a-z0-9]+")


@lru_cache(maxsize=1024)
def slug(name: str) -> str:
    """Return a wire name as a slug: `auto.balanced` → `auto_balanced`, `heatSetpoint` → `heat_setpoint`."""
    return _SEPARATORS.sub("_", _HUMP.sub("_", name).lower()).strip("_")
