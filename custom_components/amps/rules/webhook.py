"""Whether a delivery to the webhook is one of Amps, sent just now (api §12.1)."""

from datetime import datetime
from enum import StrEnum
from hashlib import sha256
import hmac
from typing import Final

from ..api.webhook import Delivery

MAX_BODY: Final = 65_536
"""Bytes of a delivery that are read (design §7); a real one has some hundreds."""
_TOLERANCE: Final = 300.0
"""Seconds by which the time of a delivery may differ from that of the service: an older one may be a replay."""


class Refusal(StrEnum):
    """Why a delivery is refused."""

    STALE = "stale"
    FORGED = "forged"


def find_refusal(delivery: Delivery, key: bytes, now: datetime) -> Refusal | None:
    """Return why a delivery is refused at a time of the service, None if it is genuine."""
    if abs(now.timestamp() - delivery.timestamp) > _TOLERANCE:
        return Refusal.STALE
    expected = hmac.digest(key, delivery.content, sha256)
    # All are compared, each in constant time.
    matches = [hmac.compare_digest(expected, signature) for signature in delivery.signatures]
    return None if any(matches) else Refusal.FORGED
