"""Requests that are malformed by construction, made from a seed: each kind breaks something that was whole.

Whatever a kind leaves whole is made of the devices that the simulator has, so that a request gets as far as the break.
"""

from random import Random

from .addresses import ADDRESSES
from .bodies import BODIES
from .control import CONTROL
from .craft import Known, Malformed

_KINDS = (*ADDRESSES, *BODIES, *CONTROL)


def malformed(seed: str, index: int, known: Known) -> Malformed:
    """Return the malformed request of an index; the same arguments make the same request, the kinds take turns."""
    random = Random(f"{seed}/{index}")  # noqa: S311  chance that can be repeated is what is wanted
    return _KINDS[index % len(_KINDS)](random, known)


__all__ = ["Known", "Malformed", "malformed"]
