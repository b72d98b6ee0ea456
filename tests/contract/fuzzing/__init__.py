"""Requests that are malformed by construction, made from a seed: each kind makes one change to a valid request.

The rest of the request is valid for the devices of the simulator, so that it is refused for that change alone.
"""

from random import Random

from .addresses import ADDRESSES
from .bodies import BODIES
from .control import CONTROL
from .craft import Inventory, Malformed

_REQUEST_KINDS = (*ADDRESSES, *BODIES, *CONTROL)


def malformed(seed: str, index: int, inventory: Inventory) -> Malformed:
    """Return the malformed request of an index; the same arguments make the same request, the kinds take turns."""
    random = Random(f"{seed}/{index}")  # noqa: S311  chance that can be repeated is what is wanted
    return _REQUEST_KINDS[index % len(_REQUEST_KINDS)](random, inventory)


__all__ = ["Inventory", "Malformed", "malformed"]
