"""Webhooks (api §12): where events are sent, and how deliveries are signed."""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256
import hmac
from typing import Self
from urllib.parse import urlsplit

from ..fields import Count, Instant, Seconds, saved_as
from ..identifiers import fingerprint
from ..wire import JSONObject, iso, optional_iso

RETRIES = (1.0, 5.0, 30.0)
"""Seconds from a failed attempt to the next (api §15.4 #55)."""
TIMEOUT = 30.0
"""Seconds within which a delivery must be answered (api §12)."""

_PREFIX = "whsec_"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryFaults:
    """Faults of the messages to a webhook, as a network or an attacker makes them.

    With each message so many `duplicates` of the same id are sent. It is sent `delay` seconds late, with a timestamp
    that is `stale` seconds old. With `reorder` it is sent after the next one. A `forged` one is signed with another
    secret.
    """

    duplicates: Count = 0
    delay: Seconds = 0.0
    stale: Seconds = 0.0
    reorder: bool = False
    forged: bool = False

    def document(self) -> JSONObject:
        """Return it as the control surface shows it."""
        return {
            "duplicates": self.duplicates,
            "delaySeconds": self.delay,
            "staleSeconds": self.stale,
            "reorder": self.reorder,
            "forged": self.forged,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """A receiver of events.

    The delivery faults concern all messages, or the next `delivery_faults_left` of them. Until `former_secret_until`
    the former secret signs as well.
    """

    id: str
    url: str
    secret: str
    retries: tuple[Seconds, ...] = RETRIES
    timeout: Seconds = TIMEOUT
    delivery_faults: DeliveryFaults = field(default_factory=DeliveryFaults, metadata=saved_as("mischief"))
    delivery_faults_left: Count | None = field(default=None, metadata=saved_as("mischief_left"))
    former_secret: str | None = field(default=None, metadata=saved_as("retired"))
    former_secret_until: Instant | None = field(default=None, metadata=saved_as("retires"))

    def rotated(self, secret: str, until: datetime) -> Self:
        """Return it with another secret; until an instant both sign (api §12.1)."""
        return replace(self, secret=secret, former_secret=self.secret, former_secret_until=until)

    def after_message(self) -> Self:
        """Return it after one more message."""
        if self.delivery_faults_left is None:
            return self
        if self.delivery_faults_left > 1:
            return replace(self, delivery_faults_left=self.delivery_faults_left - 1)
        return replace(self, delivery_faults=DeliveryFaults(), delivery_faults_left=None)

    def headers(self, message: str, body: bytes, now: datetime, *, stale: float, forged: bool) -> Mapping[str, str]:
        """Return the headers of a delivery (api §12.1)."""
        timestamp = int((now - timedelta(seconds=stale)).timestamp())
        secrets = [made_secret("forged", self.secret)] if forged else self._secrets(now)
        return {
            "Content-Type": "application/json",
            "svix-id": message,
            "svix-timestamp": str(timestamp),
            "svix-signature": " ".join(
                _signature(secret, f"{message}.{timestamp}.".encode() + body) for secret in secrets
            ),
        }

    def document(self) -> JSONObject:
        """Return it as the control surface shows it."""
        return {
            "id": self.id,
            "url": self.url,
            "secret": self.secret,
            "retrySeconds": self.retries,
            "timeoutSeconds": self.timeout,
            "mischief": self.delivery_faults.document(),
            "mischiefLeft": self.delivery_faults_left,
            "retiredSecret": self.former_secret,
            "retiresAt": optional_iso(self.former_secret_until),
        }

    def _secrets(self, now: datetime) -> list[str]:
        if self.former_secret is None or self.former_secret_until is None or now >= self.former_secret_until:
            return [self.secret]
        return [self.secret, self.former_secret]


def made_secret(*parts: str) -> str:
    """Return the secret that is derived from the parts."""
    halves = (fingerprint("secret", half, *parts).to_bytes(16) for half in ("first", "second"))
    return _PREFIX + b64encode(b"".join(halves)).decode()


def is_secret(text: str) -> bool:
    """Return whether a text is a secret: `whsec_` and the base64 of at least one byte."""
    try:
        return text.startswith(_PREFIX) and len(_key(text)) > 0
    except ValueError:
        return False


def is_url(text: str) -> bool:
    """Return whether deliveries can be sent to a URL."""
    try:
        url = urlsplit(text)
    except ValueError:
        return False
    return url.scheme in ("http", "https") and bool(url.hostname)


def device_event(device_id: str, device_type: str, now: datetime, reconnection: str | None) -> JSONObject:
    """Return the body of an event of a device (api §12.2)."""
    body: JSONObject = {"deviceId": device_id, "deviceType": device_type, "timestamp": iso(now)}
    return body if reconnection is None else {**body, "reconnectionUrl": reconnection}


def _key(secret: str) -> bytes:
    return b64decode(secret.removeprefix(_PREFIX), validate=True)


def _signature(secret: str, content: bytes) -> str:
    return f"v1,{b64encode(hmac.digest(_key(secret), content, sha256)).decode()}"
